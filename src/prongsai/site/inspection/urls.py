"""Addresses of OIT evidence: the agency's side, and the public table of links."""

from django.urls import path

from prongsai.site.inspection import checklist_views, confirm_views, item_views, table_views

_EVIDENCE = "agencies/<slug:code>/<slug:slug>/evidence/"
_TABLE = "oit/<slug:code>/<slug:slug>/"

urlpatterns = [
    path(_EVIDENCE, checklist_views.evidence, name="evidence"),
    path(f"{_EVIDENCE}assign/", checklist_views.evidence_assign, name="evidence_assign"),
    path(f"{_EVIDENCE}check/", checklist_views.evidence_check, name="evidence_check"),
    path(f"{_EVIDENCE}check/<int:pk>/", checklist_views.evidence_run, name="evidence_run"),
    path(f"{_EVIDENCE}confirm/", confirm_views.evidence_confirm, name="evidence_confirm"),
    path(f"{_EVIDENCE}confirm/back/", confirm_views.evidence_take_back, name="evidence_take_back"),
    path(f"{_EVIDENCE}table/", table_views.evidence_publish, name="evidence_publish"),
    path(f"{_EVIDENCE}<slug:item>/", item_views.evidence_item, name="evidence_item"),
    path(f"{_EVIDENCE}<slug:item>/<slug:verb>/", item_views.evidence_act, name="evidence_act"),
    path(_TABLE, table_views.oit_table, name="oit_table"),
    path(f"{_TABLE}fragment/", table_views.oit_fragment, name="oit_fragment"),
    path(f"{_TABLE}oit.<slug:form>", table_views.oit_file, name="oit_file"),
]
