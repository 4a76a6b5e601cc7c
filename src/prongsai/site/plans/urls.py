"""Addresses of plans and progress."""

from django.urls import path

from prongsai.site.plans import copy_views, import_views, measure_views, plan_views, point_views, progress_views

_PLAN = "agencies/<slug:code>/<slug:slug>/plan/"
_PROGRESS = "agencies/<slug:code>/<slug:slug>/progress/"

urlpatterns = [
    path(_PLAN, plan_views.plan, name="plan"),
    path(f"{_PLAN}draft/", plan_views.draft, name="plan_draft"),
    path(f"{_PLAN}kind/", plan_views.kind, name="plan_kind"),
    path(f"{_PLAN}accept/", plan_views.accept_all, name="plan_accept_all"),
    path(f"{_PLAN}plan.yaml", plan_views.plan_file, name="plan_file"),
    path(f"{_PLAN}comments/", plan_views.comment, name="plan_comment"),
    path(f"{_PLAN}copy/", copy_views.copy, name="plan_copy"),
    path(f"{_PLAN}import/", import_views.choose, name="plan_import"),
    path(f"{_PLAN}import/take/", import_views.take, name="plan_import_take"),
    path(f"{_PLAN}points/add/", point_views.add, name="point_add"),
    path(f"{_PLAN}points/<int:pk>/", point_views.edit, name="point_edit"),
    path(f"{_PLAN}points/<int:pk>/measures/add/", measure_views.add, name="measure_add"),
    path(f"{_PLAN}points/<int:pk>/<slug:verb>/", point_views.act, name="point_act"),
    path(f"{_PLAN}measures/<int:pk>/", measure_views.edit, name="measure_edit"),
    path(f"{_PLAN}measures/<int:pk>/<slug:verb>/", measure_views.act, name="measure_act"),
    path(_PROGRESS, progress_views.progress, name="progress"),
    path(f"{_PROGRESS}calendar.ics", progress_views.progress_calendar, name="progress_calendar"),
    path(f"{_PROGRESS}<int:months>/", progress_views.progress_report, name="progress_report"),
    path("tasks/", progress_views.tasks, name="tasks"),
    path("tasks/<int:pk>/<int:months>/", progress_views.task_report, name="task_report"),
]
