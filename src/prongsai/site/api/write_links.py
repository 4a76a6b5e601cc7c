"""The links of the OIT checklist by program: filled into the form of the page, saved by its action."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, QueryDict
from ninja import Schema
from pydantic import ConfigDict, Field

from prongsai.evidence.links import checklist_items
from prongsai.improvement.model import Day
from prongsai.site.api.errors import ApiError, problem
from prongsai.site.api.write_forms import check, fault, put
from prongsai.site.api.write_once import expect, stale
from prongsai.site.inspection.actions.fill import MOST_LINKS, Changed, FillItem
from prongsai.site.inspection.checklist import Checklist, Line
from prongsai.site.inspection.filing import may_fill, shut, window
from prongsai.site.inspection.forms import ItemSheet
from prongsai.site.people.models import Person
from prongsai.site.people.permissions import May
from prongsai.site.rounds.access import assessment_for
from prongsai.site.rounds.models import Assessment


class Strict(Schema):
    """Refuses what it does not know: a slip of the pen is found and not lost."""

    model_config = ConfigDict(extra="forbid")


class LinkIn(Strict):
    """A public address. ``elements``: texts of the framework's elements that it is to prove."""

    url: str
    label: str = ""
    elements: list[str] = []


class ItemIn(Strict):
    """All that is filed for an item, in place of what was. ``ready``: hand it in as well."""

    links: list[LinkIn] = Field([], max_length=MOST_LINKS)
    not_applicable: bool = False
    reason: str = ""
    effective: Day | None = None
    note: str = ""
    ready: bool = False


class LinksIn(Strict):
    """Items by code; those that are not named stay as they are."""

    items: dict[str, ItemIn] = Field(min_length=1)


class ItemOut(Schema):
    """An item as filed. ``mine``: this token may fill it; ``elements``: what links of it may prove."""

    code: str
    title: str
    state: str
    links: list[LinkIn]
    not_applicable: bool
    reason: str
    effective: str | None
    note: str
    elements: list[str]
    mine: bool


class LinksNow(Schema):
    """The whole checklist. ``open``: whether anything can be changed now."""

    open: bool
    items: list[ItemOut]


class LinksSaved(Schema):
    """Which items were saved, or (``dry_run``) would be."""

    dry_run: bool
    saved: list[str]


def links(request: HttpRequest, code: str, slug: str) -> tuple[dict[str, Any], str]:
    """``LinksNow``. Raises ``Http404``."""
    assessment = assessment_for(request, code, slug, May.REPORT)
    person = request.user
    assert isinstance(person, Person)
    found = Checklist(assessment).lines
    told = {
        "open": shut(window(assessment)) is None,
        "items": [_item(line, may_fill(person, line.evidence)) for line in found],
    }
    return told, etag_of(assessment)


def etag_of(assessment: Assessment) -> str:
    """Of all items as they stand."""
    rows = [(one.item, one.version, str(one.told_state)) for one in assessment.evidence.order_by("item")]
    return f'"links-{hashlib.sha256(repr(rows).encode()).hexdigest()[:16]}"'


def _item(line: Line, mine: bool) -> dict[str, Any]:
    evidence = line.evidence
    return {
        "code": line.code,
        "title": line.item.text or line.item.short or line.code,
        "state": evidence.told_state,
        "links": [{"url": one.url, "label": one.label, "elements": one.elements} for one in line.links],
        "not_applicable": evidence.not_applicable,
        "reason": evidence.reason,
        "effective": evidence.effective.isoformat() if evidence.effective else None,
        "note": evidence.note,
        "elements": _elements(line),
        "mine": mine,
    }


def _elements(line: Line) -> list[str]:
    return [one.text for one in line.item.elements.known] if line.item.elements else []


def save_links(
    request: HttpRequest, code: str, slug: str, wanted: LinksIn, *, dry_run: bool
) -> tuple[dict[str, Any], str]:
    """Save every item that is named, or none. Raises ``ApiError`` (403, 412, 422, 428), and ``Refused`` as the page."""
    assessment = assessment_for(request, code, slug, May.REPORT)
    person = request.user
    assert isinstance(person, Person)
    before = etag_of(assessment)
    expect(request, before)
    if reason := shut(window(assessment)):
        raise reason
    _check_known(assessment, wanted)
    checklist = Checklist(assessment)
    sheets = {}
    for item, values in wanted.items.items():
        line = checklist.line(item)
        if not may_fill(person, line.evidence):
            raise _not_yours(item)
        sheets[item] = _filled(line, values)
    actions = [_action(person, sheets[item], values) for item, values in wanted.items.items()]
    try:
        for action in actions:
            action.execute()
    except Changed as error:
        raise stale(request.headers["If-Match"], etag_of(assessment)) from error
    return {"dry_run": dry_run, "saved": list(wanted.items)}, etag_of(assessment)


def _filled(line: Line, values: ItemIn) -> ItemSheet:
    """The page's form with these values, found in order. Raises ``ApiError`` 422."""
    data, where = _typed(line, values), f"body.items.{line.code}"
    known = _elements(line)
    for number, link in enumerate(values.links):
        if strange := [text for text in link.elements if text not in known]:
            raise fault(
                f"{where}.links.{number}.elements",
                ("ไม่มีองค์ประกอบนี้ในข้อนี้", "the item has no such element"),
                strange[0],
                ("ข้อความใน elements ของข้อนี้", "one of the texts in the item's “elements”"),
            )
        if not link.url.strip():
            raise fault(f"{where}.links.{number}.url", ("ลิงก์ว่าง", "the link is empty"))

    def fill() -> tuple[bool, Any]:
        sheet = ItemSheet(line, data)
        rows = [(f"{where}.links.{number}", form) for number, form in enumerate(sheet.links)]
        return sheet.valid(), [(where, sheet.main), *rows]

    check(fill)
    sheet = ItemSheet(line, data)
    sheet.valid()
    return sheet


def _typed(line: Line, values: ItemIn) -> QueryDict:
    """As the page's form would send it; a link that is there already keeps its row and what was seen of it."""
    data = QueryDict(mutable=True)
    put(data, "version", line.evidence.version)
    put(data, "links", len(values.links))
    for name in ("not_applicable", "reason", "effective", "note"):
        put(data, name, getattr(values, name))
    saved = {link.url: link.pk for link in line.links}
    for number, link in enumerate(values.links):
        for name in ("url", "label", "elements"):
            put(data, f"link-{number}-{name}", getattr(link, name))
        put(data, f"link-{number}-pk", saved.get(link.url.strip()))
    return data


def _action(person: Person, sheet: ItemSheet, values: ItemIn) -> FillItem:
    main = sheet.main.cleaned_data
    return FillItem(
        by=person,
        evidence=sheet.line.evidence,
        version=main["version"],
        links=sheet.data(),
        not_applicable=main["not_applicable"],
        reason=main["reason"],
        effective=main["effective"],
        note=main["note"],
        ready=values.ready,
    )


def _check_known(assessment: Assessment, wanted: LinksIn) -> None:
    known = checklist_items(assessment.round.framework)
    for item in wanted.items:
        if item not in known:
            codes = f"{next(iter(known))} … {list(known)[-1]}"
            words = ("ไม่มีข้อนี้ในกรอบของการประเมิน", "the round's framework has no such item")
            raise fault(f"body.items.{item[:20]}", words, item, (codes, codes))


def _not_yours(item: str) -> ApiError:
    words = ("ข้อนี้เป็นของส่วนราชการอื่น ผู้ออกโทเคนไม่มีสิทธิกรอก", "this item is another unit's, not of the token's maker")
    then = ("โปรดให้เจ้าหน้าที่ผู้รับผิดชอบ ITA มอบหมายข้อนี้ให้", "Ask the ITA officer to assign the item.")
    return ApiError(403, problem("evidence.other_unit", f"body.items.{item}", words, item, next=then))
