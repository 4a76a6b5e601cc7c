"""Addresses of the API's pages. What is below /api/v1 is answered by ``front`` before any of these."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path

from prongsai.site.api.docs import docs

urlpatterns: list[URLPattern | URLResolver] = [path("api/docs/", docs, name="api_docs")]
if find_spec("prongsai.site.api.own_urls"):
    urlpatterns += import_module("prongsai.site.api.own_urls").urlpatterns
