"""Addresses of approval."""

from django.urls import path

from prongsai.site.approval import chain_views, circulation_views, views

_YEAR = "agencies/<slug:code>/<slug:slug>/"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("agencies/<slug:code>/chain/", chain_views.chain, name="chain"),
    path(f"{_YEAR}approval/", views.approval, name="approval"),
    path(f"{_YEAR}approval/<slug:subject>/submit/", views.submit, name="submit"),
    path(f"{_YEAR}published/", circulation_views.published, name="published"),
    path("bundles/<int:pk>/", views.bundle, name="bundle"),
    path("bundles/<int:pk>/act/", views.act, name="act"),
    path("bundles/<int:pk>/signed/", views.signed, name="signed"),
    path("bundles/<int:pk>/sheet.<slug:form>", views.sheet, name="sheet"),
    path("bundles/<int:pk>/circulate/", circulation_views.circulate, name="circulate"),
    path("bundles/<int:pk>/publish/", circulation_views.publish, name="publish"),
    path("bundle-files/<int:pk>/", views.file, name="bundle_file"),
    path("circulars/<int:pk>/acknowledge/", circulation_views.acknowledge, name="acknowledge"),
]
