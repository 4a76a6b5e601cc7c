"""Addresses of documents and templates."""

from django.urls import path

from prongsai.site.papers import order_views, template_views, views

_YEAR = "agencies/<slug:code>/<slug:slug>/documents/"
_EVIDENCE = "agencies/<slug:code>/<slug:slug>/evidence/"
urlpatterns = [
    path(_YEAR, views.documents, name="documents"),
    path(f"{_YEAR}download/", views.download, name="document_download"),
    path(f"{_YEAR}preview/", views.preview, name="document_preview"),
    path(f"{_YEAR}letter/<slug:kind>/", views.letter, name="document_letter"),
    path(f"{_EVIDENCE}order.<slug:form>", order_views.evidence_order, name="evidence_order"),
    path("agencies/<slug:code>/templates/", template_views.templates, name="templates"),
    path("templates/<int:pk>/use/", template_views.use, name="template_use"),
    path("templates/<int:pk>/file/", template_views.file, name="template_file"),
]
