"""An agency's year as a folder, out of the site: what is published, and nothing that is not."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import html5lib
import pytest
from cast import Cast, give_plan, results_data
from django.test import Client
from django.utils import timezone
from light_release import light, withdraw

from prongsai.framework import for_year
from prongsai.publishing.agency.model import Figure
from prongsai.publishing.lines import Line
from prongsai.publishing.read import read_release
from prongsai.scoring.score import score
from prongsai.simulation.agency import Spec, simulate
from prongsai.site.approval.models import Bundle, BundleState, Turn, Verb
from prongsai.site.plans.models import PlanState
from prongsai.site.portal import folder
from prongsai.site.results.models import Result, Source
from prongsai.site.results.sheet import sheet_of

ADDRESS = "/results/muang/2568/folder.zip"


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    settings.OPENDATA = tmp_path / "opendata"
    return tmp_path


@pytest.fixture(autouse=True)
def _no_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents have tests of their own and take a second each."""
    real = folder.write
    monkeypatch.setattr(folder, "write", lambda book, target, *_: real(book, target, ()))


def fetched(address: str = ADDRESS) -> dict[str, bytes]:
    response = Client().get(address)
    assert response.status_code == 200, response
    assert not response.cookies
    packed = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    roots = {name.partition("/")[0] for name in packed.namelist()}
    assert roots == {"ita-2568-muang"}
    return {name.partition("/")[2]: packed.read(name) for name in packed.namelist()}


def test_the_folder_holds_pages_data_and_badge_as_published(place: Path, scored: Cast) -> None:
    release = light(scored)
    files = fetched()
    assert {"index.html", "en.html", "style.css", "badge.svg", "embed/table.html"} <= files.keys()
    page = files["index.html"].decode()
    html5lib.HTMLParser(strict=True).parse(page)
    line = release.lines.get(code="muang").line
    for node in ("overall", "IIT", "EIT", "OIT"):
        low, high, _ = line.scores[node]
        assert (low if low == high else f"{low}–{high}") in page
    assert "มาตรการและความก้าวหน้า" not in page
    assert "oit.html" not in files
    inside = place / "inside"
    for name, data in files.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(data)
    data = read_release(inside / "data" / "ita-2568" / "revision-1")
    own = {row["node"]: row["low"] for row in data.scores.to_dicts()}
    assert {node: None if value is None else str(value) for node, value in own.items()} == {
        node: told[0] for node, told in line.scores.items()
    }


def test_a_newer_result_that_is_not_published_stays_out(place: Path, scored: Cast) -> None:
    light(scored)
    other = score(simulate(Spec(for_year(2568), seed=99, quality=0.4)).results)
    data = results_data(other, scored.agency.name)
    newer = Result.objects.create(assessment=scored.assessment, revision=2, source=Source.FILE, data=data)
    files = fetched()
    secret = Figure(sheet_of(newer).values["IIT"]).ends[0]
    published = light_line(scored).scores["IIT"][0]
    assert published
    assert published in files["index.html"].decode()
    assert secret not in files["index.html"].decode()


def light_line(cast: Cast) -> Line:
    return cast.round.releases.first().lines.get(code="muang").line  # type: ignore[no-any-return]


def test_results_that_are_no_longer_those_published_give_no_folder(place: Path, scored: Cast) -> None:
    light(scored)
    other = score(simulate(Spec(for_year(2568), seed=99, quality=0.4)).results)
    Result.objects.update(data=results_data(other, scored.agency.name), at=timezone.now())
    assert Client().get(ADDRESS).status_code == 404


def test_what_the_release_withholds_the_folder_withholds(place: Path, scored: Cast) -> None:
    release = light(scored)
    row = release.lines.get(code="muang")
    line = row.line
    first = next(node for node, told in line.scores.items() if node.startswith("i") and told[0] and told[0] != "100.00")
    number = line.scores[first][0]
    line.scores[first] = (None, None, "withheld")
    row.detail = zlib.compress(line.as_json().encode())
    row.save()
    sheet, closed = folder.published_sheet(scored.assessment, line) or (None, frozenset())
    assert sheet is not None
    assert first in closed
    files = fetched()
    rows = [
        text for text in files["data/ita-2568/revision-1/csv/scores.csv"].decode().splitlines() if f'"{first}"' in text
    ]
    assert len(rows) == 1
    assert "withheld" in rows[0]
    assert str(number) not in rows[0]
    assert "ไม่แสดง" in files["index.html"].decode()


def approve(cast: Cast, state: str) -> Bundle:
    plan = cast.extra["plan"]
    plan.state = state
    plan.save()
    made = Bundle.objects.create(
        plan=plan, subject="plan", number=1, plan_revision=plan.revision, digest="d", state=BundleState.APPROVED
    )
    Turn.objects.create(
        bundle=made, order=1, position="นายกเทศมนตรี", act="decide", verb=Verb.APPROVE, at=timezone.now(),
        signed_as="นายบุญมี ตัวอย่าง นายกเทศมนตรี", text="ความเห็นภายใน",
    )  # fmt: skip
    return made


@pytest.mark.parametrize("state", [PlanState.DRAFT, PlanState.SUBMITTED, PlanState.APPROVED])
def test_a_plan_that_is_not_published_stays_out(place: Path, scored: Cast, state: str) -> None:
    scored.extra["plan"] = give_plan(scored.assessment)
    approve(scored, state)
    light(scored)
    page = fetched()["index.html"].decode()
    assert "ตารางมาตรการ" not in page
    assert "บุญมี" not in page


def test_a_published_plan_comes_with_who_approved_when(place: Path, scored: Cast) -> None:
    light(scored)
    before = fetched()["index.html"].decode()
    scored.extra["plan"] = give_plan(scored.assessment)
    approve(scored, PlanState.PUBLISHED)
    page = fetched()["index.html"].decode()  # made anew: its own state changed, though no release did
    assert "ตารางมาตรการ" in page
    assert "ตารางมาตรการ" not in before
    assert "นายบุญมี ตัวอย่าง" in page
    assert "ความเห็นภายใน" not in page


def test_the_folder_is_made_once_and_goes_with_its_round(
    place: Path, scored: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    light(scored)
    first = Client().get(ADDRESS)
    monkeypatch.setattr(folder, "_pack", lambda *_: pytest.fail("made twice"))
    again = Client().get(ADDRESS)
    assert b"".join(again.streaming_content) == b"".join(first.streaming_content)  # type: ignore[attr-defined]
    assert Client().get(ADDRESS, headers={"If-None-Match": first["ETag"]}).status_code == 304
    withdraw(scored.round)
    assert Client().get(ADDRESS).status_code == 410


def test_while_one_is_made_others_are_asked_to_come_back(place: Path, scored: Cast) -> None:
    light(scored)
    with folder._alone() as free:
        assert free
        waiting = Client().get(ADDRESS)
        assert waiting.status_code == 503
        assert waiting["Retry-After"] == "20"
    assert Client().get(ADDRESS).status_code == 200


def test_the_page_about_embedding_offers_the_folder_where_there_is_one(place: Path, scored: Cast) -> None:
    light(scored)
    assert ADDRESS in Client().get("/results/muang/2568/embedding/").content.decode()
    assert "folder.zip" not in Client().get("/results/odd/2568/embedding/").content.decode()
    assert Client().get("/results/odd/2568/folder.zip").status_code == 404


def test_the_officer_finds_the_way_from_the_year(place: Path, scored: Cast, client_of: Callable[[str], Client]) -> None:
    officer = client_of("officer")
    assert "/results/muang/2568/embedding/" not in officer.get("/agencies/muang/2568/").content.decode()
    light(scored)
    assert "/results/muang/2568/embedding/" in officer.get("/agencies/muang/2568/").content.decode()
