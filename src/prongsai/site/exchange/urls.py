"""Addresses of an agency's history, and of its export and import."""

from django.urls import path

from prongsai.site.exchange import history_views

urlpatterns = [
    path("agencies/<slug:code>/history/", history_views.history, name="history"),
]
