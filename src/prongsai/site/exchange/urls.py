"""Addresses of an agency's history, and of its export and import."""

from django.urls import path

from prongsai.site.exchange import history_views, views

urlpatterns = [
    path("agencies/<slug:code>/history/", history_views.history, name="history"),
    path("agencies/<slug:code>/exchange/", views.exchange, name="exchange"),
    path("agencies/<slug:code>/exchange/export/", views.export, name="exchange_export"),
    path("import-agency/", views.bring_in, name="exchange_import"),
]
