"""The surveyor's side: the offline page with its worker, manifest and icons; what it takes along and what it sends."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_POST

from prongsai import __version__
from prongsai.errors import InputError
from prongsai.json_text import read_json
from prongsai.site.base.views import signed_in
from prongsai.site.fieldwork import icon as drawing
from prongsai.site.fieldwork.access import surveyor_for
from prongsai.site.fieldwork.bundle import bundle
from prongsai.site.fieldwork.sync import LARGEST, receive
from prongsai.site.fieldwork.words import words

LANGUAGES = ("th", "en")
SCRIPTS = ("app", "clock", "draft", "interview", "list", "page", "seal", "store", "sync", "vault")
_FILES = (
    "/static/prongsai/tokens.css",
    "/static/prongsai/prongsai.css",
    "/static/prongsai/mark.svg",
    "/static/fieldwork/app.css",
    *(f"/static/fieldwork/{name}.js" for name in SCRIPTS),
)
_FACES = ("/static/fonts/sarabun-regular.woff2", "/static/fonts/sarabun-bold.woff2")  # where the installation has them


@require_GET
def app(request: HttpRequest, language: str) -> HttpResponse:
    """The page that works without signal, empty of anything personal; everything in it comes from the device."""
    with translation.override(language):
        response = render(request, "fieldwork/app.html", {"words": words()})
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest, language: str) -> HttpResponse:  # noqa: ARG001
    """By which a telephone installs the page."""
    with translation.override(language):
        name, short = str(words()["name"]), str(words()["short"])
    icons = [
        {"src": reverse("field_icon", args=(size,)), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in drawing.SIZES
        for purpose in ("any", "maskable")
    ]
    start = reverse("field_app", args=(language,))
    made = {
        "id": "/field/app/",
        "name": name,
        "short_name": short,
        "lang": language,
        "dir": "ltr",
        "start_url": start,
        "scope": "/field/app/",
        "display": "standalone",
        "background_color": drawing.GROUND,
        "theme_color": drawing.GROUND,
        "icons": icons,
    }
    return HttpResponse(json.dumps(made, ensure_ascii=False), content_type="application/manifest+json", headers=_FRESH)


@require_GET
def worker(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The service worker; its text changes whenever a file changes that it keeps, and so the browser fetches anew."""
    pages = [reverse("field_app", args=(language,)) for language in LANGUAGES]
    pages += [reverse("field_manifest", args=(language,)) for language in LANGUAGES]
    pages += [reverse("field_icon", args=(size,)) for size in drawing.SIZES]
    faces = [face for face in _FACES if finders.find(face.removeprefix("/static/"))]
    facts = json.dumps({"version": version(), "files": [*pages, *_FILES, *faces]})
    text = render_to_string("fieldwork/worker.js", {"facts": facts})
    return HttpResponse(text, content_type="text/javascript; charset=utf-8", headers=_FRESH)


@require_GET
def icon(request: HttpRequest, size: int) -> HttpResponse:  # noqa: ARG001
    """Our mark as a picture, with the margin that a telephone may cut off."""
    if size not in drawing.SIZES:
        raise Http404
    return HttpResponse(drawing.png(size), content_type="image/png", headers={"Cache-Control": "public, max-age=3600"})


@signed_in
@require_GET
def take(request: HttpRequest) -> HttpResponse:
    """What the device takes along, with a token for what it will send."""
    person = surveyor_for(request)
    return JsonResponse({**bundle(person), "token": get_token(request), "version": version()})


@signed_in
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Interviews from a device: a result for each. 400: nothing could be read; 413: too much at once."""
    person = surveyor_for(request)
    if len(request.body) > LARGEST:
        return _problem(413, "ข้อมูลที่ส่งครั้งเดียวมากเกินไป", "too much in one batch")
    try:
        data = read_json(request.body)
        results = receive(person, data)
    except (ValueError, RecursionError):
        return _problem(400, "อ่านข้อมูลที่เครื่องส่งมาไม่ได้", "what the device sent cannot be read")
    except InputError as error:
        return _problem(400, error.problems[0].th, error.problems[0].en)
    return JsonResponse({"now": round(timezone.now().timestamp() * 1000), "results": results})


_FRESH = {"Cache-Control": "no-cache"}


def _problem(status: int, th: str, en: str) -> HttpResponse:
    return JsonResponse({"th": th, "en": en}, status=status)


@lru_cache(maxsize=1)
def version() -> str:
    """Digest of everything the worker keeps: another one means another cache."""
    digest = hashlib.sha256(__version__.encode())
    for file in _FILES:
        found = finders.find(file.removeprefix("/static/"))
        digest.update(open(found, "rb").read() if isinstance(found, str) else b"")  # noqa: SIM115, PTH123
    for language in LANGUAGES:
        with translation.override(language):
            digest.update(render_to_string("fieldwork/app.html", _whole()).encode())
    digest.update(render_to_string("fieldwork/worker.js", {"facts": ""}).encode())
    return digest.hexdigest()[:12]


def _whole() -> dict[str, Any]:
    return {"words": words(), "language": translation.get_language()}
