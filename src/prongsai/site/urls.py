"""Addresses: the frame's own, then every app's ``urls.py``."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from prongsai.site.base import views

handler404 = "prongsai.site.base.views.not_found"
handler500 = "prongsai.site.base.views.failed"

urlpatterns = [
    path("language/", views.set_language, name="set_language"),
    path("accounts/", include("prongsai.site.people.account_urls")),
]
for _room in settings.ROOMS:
    if find_spec(f"prongsai.site.{_room}.urls"):
        urlpatterns += import_module(f"prongsai.site.{_room}.urls").urlpatterns
