"""Before its preliminary result is opened, an agency learns nothing of what inspectors do; never who did it.

What it knew it could tell a friend among the inspectors: which marks a second inspector repeats, in time to take the
first one back and mark it anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from cast import Cast
from django.test import Client, RequestFactory
from inspection_world import FAIL, PASS, inspector, locked, mark, window

from prongsai.site.api.write_links import links
from prongsai.site.exchange.write import write_agency
from prongsai.site.history.action import Refused
from prongsai.site.history.entries import told_to
from prongsai.site.history.models import Entry
from prongsai.site.inspection import judging
from prongsai.site.inspection.actions import mark as marking
from prongsai.site.inspection.actions.confirm import ConfirmEvidence, TakeBack
from prongsai.site.inspection.actions.mark import DeclareConflict, MarkItem, OpenPreliminary, UndoMark, WithdrawConflict
from prongsai.site.inspection.frozen import content_of, digest_of
from prongsai.site.inspection.models import Confirmation, Evidence, State
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import StageKind

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]


@pytest.fixture
def judges() -> list[Person]:
    return [inspector(number) for number in (1, 2, 3)]


@pytest.fixture
def judged(cast: Cast, judges: list[Person], monkeypatch: pytest.MonkeyPatch) -> list[Evidence]:
    """Four items: done with one mark; drawn and waiting for the second; disputed; not looked at yet."""
    rows = locked(cast)
    drawn = {row.pk for row in rows[1:]}
    monkeypatch.setattr(marking, "is_sampled", lambda one: one.pk in drawn)
    mark(rows[0], judges[0], FAIL)
    mark(rows[1], judges[0])
    mark(rows[2], judges[0])
    mark(rows[2], judges[1], FAIL)
    for row in rows:
        row.refresh_from_db()
    assert [row.state for row in rows] == [State.MARKED, *[State.LOCKED] * 3]
    return rows


def readers(client_of: ClientOf) -> dict[str, Client]:
    return {who: client_of(who) for who in ("officer", "unit_owner", "chief", "agency_admin")}


@pytest.mark.parametrize("page", ["", "{item}/"])
def test_items_that_are_marked_drawn_or_untouched_look_alike(
    cast: Cast, judged: list[Evidence], client_of: ClientOf, page: str
) -> None:
    address = f"/agencies/muang/{cast.round.slug}/evidence/"
    for who, client in readers(client_of).items():
        for row in judged:
            shown = client.get(address + page.format(item=row.item))
            assert shown.status_code == 200, who
            assert str(State.MARKED.label) not in shown.content.decode(), (who, row.item)
        assert str(State.LOCKED.label) in shown.content.decode()
    shown = client.get(f"{address}?state=marked").content.decode()
    assert not any(f'evidence/{row.item}/"' in shown for row in judged)


def test_the_api_tells_no_state_and_its_etag_does_not_change(
    cast: Cast, judges: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "SAMPLED", 0)  # else both are drawn once in a hundred runs, and neither is done
    rows = locked(cast)
    request = RequestFactory().get("/")
    request.user = cast.officer
    before = links(request, "muang", cast.round.slug)
    for row in rows[:2]:
        mark(row, judges[0])
    assert Evidence.objects.filter(state=State.MARKED).exists()
    assert links(request, "muang", cast.round.slug) == before


def archive(cast: Cast) -> dict[str, str]:
    packed = BytesIO()
    write_agency(cast.agency, packed)
    with zipfile.ZipFile(packed) as found:
        return {name: found.read(name).decode() for name in found.namelist() if name.startswith("data/")}


def test_the_export_tells_no_verdict_before_the_agency_is_told(
    cast: Cast, judges: list[Person], judged: list[Evidence]
) -> None:
    files = archive(cast)
    rows = [json.loads(line) for line in files["data/inspection.evidence.jsonl"].splitlines()]
    assert {(row["state"], row["verdict"], row["again"], row["points"]) for row in rows} == {("locked", "", "", None)}
    assert not any(judge.given_name in text for text in files.values() for judge in judges)
    mark(judged[1], judges[1])
    mark(judged[2], judges[2])
    for judge in judges[:2]:
        mark(judged[3], judge)
    OpenPreliminary(by=cast.assessor, assessment=cast.assessment).execute()
    files = archive(cast)
    told = [json.loads(line) for line in files["data/inspection.evidence.jsonl"].splitlines()]
    assert [row["verdict"] for row in told] == [FAIL, PASS, PASS, PASS]
    assert {row["state"] for row in told} == {"preliminary"}
    assert not any(judge.given_name in text for text in files.values() for judge in judges)


def test_the_history_of_an_agency_has_nothing_of_what_inspectors_do(
    cast: Cast, judges: list[Person], judged: list[Evidence], client_of: ClientOf
) -> None:
    UndoMark(by=judges[0], evidence=judged[0]).execute()
    conflict = DeclareConflict(by=judges[2], of=cast.agency, reason="ญาติ").execute()
    WithdrawConflict(by=judges[2], conflict=conflict).execute()
    done = Entry.objects.filter(agency=cast.agency, actor__in=judges)
    assert done.count() == 7  # it stands in the log all the same
    assert not told_to(cast.agency).filter(pk__in=done).exists()
    for who, client in readers(client_of).items():
        for page in ("/agencies/muang/history/", f"/agencies/muang/{cast.round.slug}/"):
            reply = client.get(page)
            assert reply.status_code == 200, (who, page)
            shown = reply.content.decode()
            assert not any(judge.full_name in shown or f'value="{judge.pk}"' in shown for judge in judges), (who, page)
            assert f"ข้อ {judged[0].item} ครั้งที่" not in shown


def test_what_is_kept_from_the_agency_is_known_before_any_page_was_asked_for() -> None:
    """The command that exports loads no addresses: what is not told must not hang on who was imported."""
    code = "import django; django.setup(); from prongsai.site.history.action import UNTOLD; print(*sorted(UNTOLD))"
    paths = os.pathsep.join(sys.path)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "site_settings", "PYTHONPATH": paths},
    )  # fmt: skip
    inspecting = [f"inspection.{act}" for act in ("conflict", "conflict_over", "decide", "mark", "undo")]
    interviewing = [f"field.{act}" for act in ("accept", "accept_rest", "assign", "move", "reassign", "return")]
    assert ran.stdout.split() == interviewing + inspecting


def test_what_was_marked_goes_not_back_to_the_units_when_there_is_more_time(
    cast: Cast, judges: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window was prolonged after inspectors had begun."""
    rows, chief = locked(cast, 2), cast.people["chief"]
    monkeypatch.setattr(judging, "SAMPLED", 1)
    MarkItem(by=judges[0], evidence=rows[0], verdict=PASS).execute()
    window(cast, StageKind.EVIDENCE, -40, 5)
    digest = digest_of(content_of(cast.assessment))
    confirming = ConfirmEvidence(
        by=chief, assessment=cast.assessment, signed_as="นายก", digest=digest, accepts_missing=True
    )
    Confirmation.objects.create(
        assessment=cast.assessment, number=1, content={"items": []}, digest="0" * 64, by=chief, signed_as="นายก"
    )
    taking_back = TakeBack(by=chief, assessment=cast.assessment, signed_as="นายก", reason="แก้ไข")
    with pytest.raises(Refused) as refused:
        taking_back.execute()
    assert refused.value.problems[0].code == "evidence.marked"
    Confirmation.objects.all().delete()
    with pytest.raises(Refused) as refused:
        confirming.execute()
    assert refused.value.problems[0].code == "evidence.marked"
    assert {row.state for row in Evidence.objects.filter(pk__in=[row.pk for row in rows])} == {State.LOCKED}
