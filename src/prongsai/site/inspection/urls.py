"""Addresses of OIT evidence: the agency's side, and the public table of links."""

from django.urls import path

from prongsai.site.inspection import (
    agreement_views,
    checklist_views,
    confirm_views,
    decide_views,
    item_views,
    judge_views,
    result_views,
    round_views,
    table_views,
    watch_views,
)

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
    path(f"{_EVIDENCE}result/", result_views.evidence_result, name="evidence_result"),
    path(f"{_EVIDENCE}<slug:item>/clarify/", result_views.evidence_clarify, name="evidence_clarify"),
    path(f"{_EVIDENCE}<slug:item>/clarify/back/", result_views.evidence_clarify_back, name="evidence_clarify_back"),
    path("agencies/<slug:code>/links/", watch_views.dead_links, name="dead_links"),
    path("inspection/", judge_views.inspect_queue, name="inspect_queue"),
    path("inspection/start/", judge_views.inspect_start, name="inspect_start"),
    path("inspection/conflicts/<int:pk>/over/", judge_views.inspect_conflict_over, name="inspect_conflict_over"),
    path("inspection/agreement/", agreement_views.inspect_agreement, name="inspect_agreement"),
    path("inspection/items/<int:pk>/", decide_views.inspect_item, name="inspect_item"),
    path("inspection/items/<int:pk>/undo/", decide_views.inspect_undo, name="inspect_undo"),
    path("inspection/clarifications/<int:pk>/", decide_views.inspect_clarification, name="inspect_clarification"),
    path("inspection/copies/<int:pk>/<slug:part>/", decide_views.inspect_copy, name="inspect_copy"),
    path("inspection/rounds/<slug:slug>/", round_views.inspection_round, name="inspection_round"),
    path("inspection/rounds/<slug:slug>/share/", round_views.inspection_share, name="inspection_share"),
    path("inspection/rounds/<slug:slug>/<slug:item>/", agreement_views.inspect_precedents, name="inspect_precedents"),
    path(f"{_EVIDENCE}<slug:item>/", item_views.evidence_item, name="evidence_item"),
    path(f"{_EVIDENCE}<slug:item>/<slug:verb>/", item_views.evidence_act, name="evidence_act"),
    path(_TABLE, table_views.oit_table, name="oit_table"),
    path(f"{_TABLE}fragment/", table_views.oit_fragment, name="oit_fragment"),
    path(f"{_TABLE}oit.<slug:form>", table_views.oit_file, name="oit_file"),
]
