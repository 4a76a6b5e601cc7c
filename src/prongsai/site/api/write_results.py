"""Results by program: a results file as JSON, tried and taken by the same reader and actions as on the page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils import translation
from ninja import Schema

from prongsai.analysis.disclosure import may_show_score
from prongsai.errors import InputError, Problem
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.site.api.envelope import stamp
from prongsai.site.api.write_once import expect, stale
from prongsai.site.files.keep import Received, receive
from prongsai.site.history.action import Refused
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.results.actions import AcceptImport, TryImport
from prongsai.site.results.import_preview import lines
from prongsai.site.results.imports import Tried, try_file
from prongsai.site.results.models import Source
from prongsai.site.results.sheet import current, current_sheet
from prongsai.site.results.stored import sheet_of_data
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment

_NAME = "body"


class Look(Schema):
    """Something to look at before it is taken; it stands in the way until the request says ``confirm=true``."""

    code: str
    where: str
    th: str
    en: str


class Difference(Schema):
    """A node whose score changes, as shown; null where there is none. ``level`` is a node here, too."""

    node: str
    before: str | None
    after: str | None


class ResultsNow(Schema):
    """The newest revision; 0 and nulls before any. ``data``: as it came in; null where it was assessed on this site."""

    revision: int
    source: str | None
    at: str | None
    overall: str | None
    level: str | None
    data: dict[str, Any] | None


class ResultsTaken(Schema):
    """What was taken, or (``dry_run``) would be: the revision in force and what changed."""

    dry_run: bool
    revision: int
    overall: str | None
    level: str | None
    changes: list[Difference]
    look: list[Look]


def etag_of(assessment: Assessment) -> str:
    """Of the newest revision."""
    return f'"results-{_revision(assessment)}"'


def _revision(assessment: Assessment) -> int:
    newest = current(assessment)
    return newest.revision if newest else 0


def results(request: HttpRequest, code: str, slug: str) -> tuple[dict[str, Any], str]:
    """``ResultsNow``. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    newest, sheet = current(assessment), current_sheet(assessment)
    own = newest is not None and newest.source != Source.ASSESSED  # what was assessed here never leaves as counts
    told = {
        "revision": newest.revision if newest else 0,
        "source": newest.source if newest else None,
        "at": stamp(newest.at) if newest else None,
        **_head(sheet),
        "data": newest.data if newest and own else None,
    }
    return told, etag_of(assessment)


def take_results(
    request: HttpRequest, code: str, slug: str, *, dry_run: bool, confirm: bool
) -> tuple[dict[str, Any], str]:
    """Try the body, then take it as a new revision (a dry run ends before). Raises what the page would show."""
    assessment = assessment_for(request, code, slug, May.IMPORT)
    expect(request, etag_of(assessment))
    person, base = request.user, _revision(assessment)
    assert isinstance(person, Person)
    received = receive(
        SimpleUploadedFile(f"{_NAME}.json", request.body or b"", "application/json"), frozenset({"json"})
    )
    try:
        tried = try_file(assessment, received)
    except InputError as error:
        raise InputError([in_body(one) for one in error.problems]) from error
    before = current_sheet(assessment)
    newest = current(assessment)
    after = sheet_of_data(tried.data, newest.assume if newest else [])
    told = {"dry_run": dry_run, **_head(after), "changes": _changes(before, after), "look": _look(tried)}
    if tried.problems and not confirm and not dry_run:
        raise _to_confirm(tried)
    if dry_run:
        return {**told, "revision": base}, ""
    named = Received(f"API {person.through}.json", received.kind, received.data)
    attempt = TryImport(by=person, assessment=assessment, received=named, tried=tried).execute()
    try:
        made = AcceptImport(by=person, attempt=attempt, base=base).execute()
    except Refused as error:
        if error.problems[0].code == "import.stale":
            raise stale(request.headers["If-Match"], etag_of(assessment)) from error
        raise
    return {**told, "revision": made.revision}, f'"results-{made.revision}"'


def _head(sheet: ScoreSheet | None) -> dict[str, Any]:
    overall = sheet.score("overall") if sheet and may_show_score(sheet, "overall").shown else None
    return {
        "overall": None if overall is None else str(shown(overall)),
        "level": (sheet.level.name or None) if sheet else None,
    }


def _changes(before: ScoreSheet | None, after: ScoreSheet) -> list[dict[str, Any]]:
    with translation.override("en"):
        return [
            {"node": line.node, "before": _known(line.old), "after": _known(line.new)}
            for line in lines(before, after, [])
            if line.changed
        ]


def _known(text: str) -> str | None:
    return None if text == "–" else text


def _look(tried: Tried) -> list[dict[str, str]]:
    found = [in_body(one) for one in tried.problems]
    return [{"code": one.code, "where": one.where, "th": one.th, "en": one.en} for one in found]


def _to_confirm(tried: Tried) -> Refused:
    then = ("หากถูกต้องแล้ว โปรดส่งอีกครั้งพร้อม ?confirm=true", "If it is right, send it again with ?confirm=true.")
    return Refused([replace(in_body(one), next_th=then[0], next_en=then[1]) for one in tried.problems])


_PLACE = re.compile(rf"^{_NAME}(?:\.json)?(?::\d+)?(?: (?P<key>.*))?$")


def in_body(one: Problem) -> Problem:
    """The same problem with its place as this API names places: ``body.scores.items.i1``."""
    found = _PLACE.match(one.where)
    if found is None:
        return one
    key = found["key"]
    return replace(one, where=f"{_NAME}.{key}" if key else _NAME)
