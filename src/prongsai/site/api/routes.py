"""The addresses below /api/v1, for ``front`` alone: the site's own table of addresses does not know them."""

from __future__ import annotations

from django.urls import include, path

from prongsai.site.api.app import api, openapi
from prongsai.site.api.envelope import BASE

_HERE = BASE.removeprefix("/") + "/"
urlpatterns = [path(_HERE + "openapi.json", openapi), path(_HERE, include((api.urls[0], "api")))]
