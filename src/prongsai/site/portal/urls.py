"""Addresses of the portal. Readable and stable: an agency by its code, a group by its name."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import path

from prongsai.site.portal import views

urlpatterns = [
    path("results/", views.home, name="portal_home"),
    path("results/suggest/", views.suggest, name="portal_suggest"),
    path("results/compare/", views.compare, name="portal_compare"),
    path("results/groups/", views.groups, name="portal_groups"),
]
for _by in ("province", "ministry", "kind"):  # before agencies: their addresses begin alike
    urlpatterns += [
        path(f"results/{_by}/<path:name>/table.<slug:form>", views.group_file, {"by": _by}, name=f"portal_{_by}_file"),
        path(f"results/{_by}/<path:name>/", views.group, {"by": _by}, name=f"portal_{_by}"),
    ]
if find_spec("prongsai.site.portal.around_urls"):
    urlpatterns += import_module("prongsai.site.portal.around_urls").urlpatterns
urlpatterns += [
    path("results/<str:code>/<slug:slug>/documents/<int:pk>/", views.document, name="portal_document"),
    path("results/<str:code>/", views.agency, name="portal_agency"),
    path("results/<str:code>/<slug:slug>/", views.agency, name="portal_agency_year"),
]
