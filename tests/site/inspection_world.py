"""A checklist of the cast's agency that is locked and waits for inspectors; used by the tests of inspection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cast import PASSWORD, Cast
from django.utils import timezone

from prongsai.evidence.content import content_of
from prongsai.evidence.fetch import Fetched, Hop
from prongsai.evidence.links import checklist_items
from prongsai.evidence.preserve.copies import NO_PICTURE, Picture
from prongsai.site.inspection.actions.mark import MarkItem, OpenPreliminary
from prongsai.site.inspection.copies import copies, remember
from prongsai.site.inspection.judging import is_sampled
from prongsai.site.inspection.models import Evidence, Link, Preserved, State
from prongsai.site.people.models import Person, Role, RoleKind
from prongsai.site.rounds.models import Stage, StageKind

ITEMS = 4
PASS, FAIL = "disclosed", "not_disclosed"


def window(cast: Cast, kind: StageKind, opens: int, closes: int) -> None:
    """A step of the cast's round, in days from today."""
    today = timezone.localdate()
    days = {"opens": today + dt.timedelta(days=opens), "closes": today + dt.timedelta(days=closes)}
    Stage.objects.update_or_create(round=cast.round, kind=kind, defaults=days)


def locked(cast: Cast, items: int = ITEMS) -> list[Evidence]:
    """The first items of the checklist with a link each, locked; the evidence window is over."""
    window(cast, StageKind.EVIDENCE, -40, -5)
    made = []
    for item in list(checklist_items(cast.round.framework))[:items]:
        evidence = Evidence.objects.create(assessment=cast.assessment, item=item, state=State.LOCKED)
        Link.objects.create(evidence=evidence, url=f"https://example.go.th/{item}", label=f"หลักฐาน {item}")
        made.append(evidence)
    return made


def inspector(number: int, **where: object) -> Person:
    """Another inspector."""
    person = Person.objects.create_user(
        f"inspector{number}", PASSWORD, given_name=f"ผู้ตรวจ{number}", family_name="ทดสอบ"
    )
    Role.objects.create(person=person, kind=RoleKind.INSPECTOR, **where)
    return person


def mark(evidence: Evidence, by: Person, verdict: str = PASS) -> None:
    """One mark, with reasons where they are needed."""
    reasons = {"missing": "องค์ประกอบที่ 1", "sentence": "ไม่พบข้อมูลในสำเนา"} if verdict == FAIL else {}
    MarkItem(by=by, evidence=evidence, verdict=verdict, **reasons).execute()


def mark_all(rows: Sequence[Evidence], judges: Sequence[Person], failing: Sequence[str] = ()) -> None:
    """All items marked until each is done; those whose item is in ``failing`` are rejected by everyone."""
    for row in rows:
        for judge in judges[: 2 if is_sampled(row) else 1]:
            mark(row, judge, FAIL if row.item in failing else PASS)


def preliminary(cast: Cast, judges: Sequence[Person], failing: Sequence[str] = ()) -> list[Evidence]:
    """Marked and opened to the agency; the window to clarify is open."""
    rows = locked(cast)
    mark_all(rows, judges, failing)
    OpenPreliminary(by=cast.assessor, assessment=cast.assessment).execute()
    window(cast, StageKind.CLARIFICATION, -1, 10)
    for row in rows:
        row.refresh_from_db()
    return rows


# --- preserved copies without a network

HOSTILE = (
    "<!doctype html><html lang=th><meta charset=utf-8><title>โครงสร้างหน่วยงาน</title>"
    "<h1>โครงสร้างการแบ่งส่วนราชการ ปีงบประมาณ พ.ศ. ๒๕๖๘</h1>"
    "<p>&lt;script&gt;document.title = 'taken'&lt;/script&gt; <b>ตำแหน่งสำคัญ</b> นายกเทศมนตรี ปลัดเทศบาล</p>"
    "<script>document.title = 'taken'; fetch('/')</script><img src=x onerror=\"document.title = 'taken'\">"
)


def preserve(
    evidence: Evidence, body: str = HOSTILE, png: bytes | None = None, occasion: str = "submission"
) -> Preserved:
    """A copy of the item's first link, made as the looks make it, of what no server has sent."""
    link = evidence.links.first()
    assert link
    at = timezone.now()
    headers = {"content-type": "text/html; charset=utf-8"}
    fetched = Fetched(link.url, at, (Hop(link.url, 200),), headers, body.encode(), whole=True)
    store = copies()
    kept = store.keep(fetched, content_of(fetched), Picture(png) if png else NO_PICTURE)
    return remember(link, occasion, store.finish(kept))
