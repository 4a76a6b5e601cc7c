"""Addresses of field work. The offline page and its worker lie below ``field/app/``, the worker's whole scope."""

from django.urls import path, register_converter

from prongsai.site.fieldwork import app_views, views


class Language:
    """A language of the screens, in an address."""

    regex = "th|en"

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


register_converter(Language, "screen")

_SURVEY = "agencies/<slug:code>/<slug:slug>/surveys/<str:container>/interviews/"
urlpatterns = [
    path("field/", views.own, name="field"),
    path("field/bundle/", app_views.take, name="field_bundle"),
    path("field/sync/", app_views.send, name="field_sync"),
    path("field/app/worker.js", app_views.worker, name="field_worker"),
    path("field/app/icon-<int:size>.png", app_views.icon, name="field_icon"),
    path("field/app/<screen:language>/", app_views.app, name="field_app"),
    path("field/app/<screen:language>/manifest.webmanifest", app_views.manifest, name="field_manifest"),
    path("fieldwork/", views.overview, name="fieldwork"),
    path(_SURVEY, views.survey, name="fieldwork_survey"),
    path(f"{_SURVEY}assign/", views.assign, name="fieldwork_assign"),
    path(f"{_SURVEY}move/", views.move, name="fieldwork_move"),
    path(f"{_SURVEY}decide/", views.decide, name="fieldwork_decide"),
]
