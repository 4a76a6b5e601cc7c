"""Addresses of publishing, below the round for its assessor; and of published files, for everybody."""

from django.urls import path

from prongsai.site.opendata import downloads, views

_INSIDE = "rounds/<slug:slug>/nation/"

urlpatterns = [
    path(f"{_INSIDE}revisions/<int:revision>/", views.ask, name="release_ask"),
    path(f"{_INSIDE}releases/<int:revision>/", views.review, name="release_review"),
    path(f"{_INSIDE}releases/<int:revision>/confirm/", views.confirm, name="release_confirm"),
    path(f"{_INSIDE}releases/<int:revision>/changes.<slug:form>", views.changes_file, name="release_changes"),
    path(f"{_INSIDE}withdraw/", views.withdraw, name="release_withdraw"),
    path("data/<slug:slug>/revision-<int:revision>.zip", downloads.bundle, name="opendata_zip"),
    path("data/<slug:slug>/revision-<int:revision>/<path:path>", downloads.file, name="opendata_file"),
]
