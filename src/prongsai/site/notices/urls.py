"""Addresses of notices and jobs."""

from __future__ import annotations

from django.urls import path

from prongsai.site.notices import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/<int:pk>/", views.notice_open, name="notice_open"),
    path("system/jobs/", views.jobs, name="jobs"),
]
