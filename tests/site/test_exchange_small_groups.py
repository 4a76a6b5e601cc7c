"""An agency's export is read by those before whom the survey is protected: it gives nobody's answer away."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.test import Client

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.framework import for_year
from prongsai.scoring.score import TOLERANCE
from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.actions import ExportAgency, ImportAgency
from prongsai.site.exchange.archive import opened
from prongsai.site.exchange.read_in import attempt
from prongsai.site.results.actions import set_columns
from prongsai.site.results.models import Result, Source
from prongsai.site.results.sheet import current, current_sheet
from prongsai.site.results.show import figure
from prongsai.site.results.stored import plain, sheet_of_data
from result_sample import options, tallies

YEAR = 2568
ASSUME = ["eit-mean-of-parts", "oit-2568-fit"]
THEN = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
TABLE = "data/results.result.jsonl"
MANY = {0: 20, 1: 10, 2: 3}
Data = dict[str, Any]


def counted(iit: dict[int, int], first: dict[int, int], second: dict[int, int]) -> Data:
    """Results as they are counted here: how many chose the best, the next … option of everything in each survey."""
    parts = [tallies(YEAR, "EIT", one) for one in (first, second)]
    eit = {code: {"EIT.1": parts[0][code]["EIT.1"], "EIT.2": parts[1][code]["EIT.2"]} for code in parts[0]}
    oit = {f"o{number}": "disclosed" for number in range(1, 29)}
    people = {"IIT": sum(iit.values()), "EIT.1": sum(first.values()), "EIT.2": sum(second.values())}
    found = {"agency": {"name": "หน่วยงาน"}, "fiscal_year": YEAR, "verdicts": oit, "respondents": people}
    return dict(plain(found | {"tallies": {**tallies(YEAR, "IIT", iit), **eit}, "population": {"IIT": 60}}))


def swapped(data: Data, one: str = "i1", other: str = "i2") -> Data:
    """The same scores from the indicator up, with the answers to two questions exchanged."""
    changed = copy.deepcopy(data)
    changed["tallies"][one], changed["tallies"][other] = data["tallies"][other], data["tallies"][one]
    return changed


def with_tally(data: Data, item: str, *counts: int) -> Data:
    """So many people at the best, the next … option of one question of the IIT."""
    changed = copy.deepcopy(data)
    keys = options(for_year(YEAR), item)
    changed["tallies"][item] = {key: str(count) for key, count in zip(keys, counts, strict=False) if count}
    return changed


LARGE = counted(MANY, MANY, MANY)
FEW = with_tally(counted({0: 1, 1: 1, 2: 1}, MANY, MANY), "i1", 3)
ALIKE = with_tally(LARGE, "i1", 33)
PINNED = with_tally(counted({0: 3}, MANY, MANY), "i1", 2, 1)
# What is stored, and whether anything of it must stay.
WORLDS = {
    "large": (LARGE, False),
    "few": (FEW, True),
    "few, and a total not exactly known": ({**FEW, "verdicts": {**FEW["verdicts"], "o6": "not_disclosed"}}, True),
    "pinned": (PINNED, True),
    "a small part": (counted(MANY, {0: 2, 1: 2}, MANY), True),
    "a small part, pinned": (counted(MANY, {0: 4}, MANY), True),
    "all alike in one question": (ALIKE, True),
    "one question answered by few": (with_tally(LARGE, "i1", 2, 1), True),
    "everything small": (counted({0: 2, 2: 1}, {1: 2}, {0: 1, 1: 3}), True),
}


def put_in(cast: Cast, *revisions: Data, source: str = Source.ASSESSED) -> None:
    """These revisions, the last in force."""
    cast.assessment.results.all().delete()
    for number, data in enumerate(revisions, start=1):
        Result.objects.create(
            assessment=cast.assessment, revision=number, source=source, data=data, assume=ASSUME, at=THEN
        )
    sheet = current_sheet(cast.assessment)
    assert sheet is not None
    set_columns(cast.assessment, sheet)


def exported(agency: Agency, target: Path) -> list[Data]:
    """What an export holds of results, by revision."""
    ExportAgency(by=None, of=agency, target=target).execute()
    return [row["data"] for row in sorted(opened(target).rows(TABLE), key=lambda row: row["revision"])]


def told(stored: Data, out: Data) -> list[str]:
    """What an exported results file tells, by itself or once it is scored, that may not be shown of the stored one."""
    sheet, after = sheet_of_data(stored, ASSUME), sheet_of_data(out, ASSUME)
    found = [f"{name}: tally" for name in after.results.tallies if not may_show_tally(sheet, name).shown]
    found += [
        f"{name}: given"
        for name, value in after.results.given.items()
        if not may_show_score(sheet, name).shown or value != round(value, 2)
    ]
    found += [
        f"{name}: follows"
        for name, value in after.values.items()
        if value.score is not None and not may_show_score(sheet, name).shown
    ]
    return found


@pytest.mark.parametrize("name", WORLDS)
def test_an_export_holds_only_what_may_be_shown(cast: Cast, tmp_path: Path, name: str) -> None:
    stored, kept_back = WORLDS[name]
    put_in(cast, stored)
    (out,) = exported(cast.agency, tmp_path / "a.zip")
    assert told(stored, out) == []
    assert bool(told(stored, stored)) == kept_back, "the control: a whole export is found"
    assert (out == stored) == (not kept_back), "and what may all be shown leaves whole"
    assert out["verdicts"] == stored["verdicts"]
    assert out["respondents"] == stored["respondents"]
    newest = current(cast.assessment)
    assert newest is not None
    assert newest.data == stored, "nothing here was changed"


def test_what_may_be_shown_of_a_partly_small_agency_leaves(cast: Cast, tmp_path: Path) -> None:
    put_in(cast, FEW)
    (out,) = exported(cast.agency, tmp_path / "a.zip")
    assert out["tallies"] == {code: tally for code, tally in FEW["tallies"].items() if code.startswith("e")}
    put_in(cast, ALIKE)
    (out,) = exported(cast.agency, tmp_path / "b.zip")
    assert out["tallies"] == {code: tally for code, tally in ALIKE["tallies"].items() if code != "i1"}
    assert out["scores"] == {"items": {"i1": "100.00"}}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (FEW, swapped(FEW), True),
        (PINNED, swapped(PINNED), True),
        (PINNED, with_tally(PINNED, "i1", 3), True),  # pinned with no choice left, or by one step
        (with_tally(LARGE, "i1", 2, 1), swapped(with_tally(LARGE, "i1", 2, 1)), True),
        (with_tally(LARGE, "i1", 20, 13), swapped(with_tally(LARGE, "i1", 20, 13)), False),  # the control
    ],
)
def test_worlds_that_differ_in_what_is_hidden_leave_the_same(
    cast: Cast, tmp_path: Path, one: Data, other: Data, same: bool
) -> None:
    assert one != other
    out = []
    for place, data in enumerate((one, other)):
        put_in(cast, data)
        exported(cast.agency, tmp_path / f"{place}.zip")
        out.append((tmp_path / f"{place}.zip").read_bytes())
    assert (out[0] == out[1]) == same


def test_an_earlier_revision_does_not_give_away_who_came(cast: Cast, tmp_path: Path) -> None:
    """One more sheet of the IIT between two revisions: their tallies together would be that sheet."""
    one_more = {0: 21, 1: 10, 2: 3}
    put_in(cast, LARGE, counted(one_more, MANY, MANY))
    earlier, newest = exported(cast.agency, tmp_path / "a.zip")
    assert newest == counted(one_more, MANY, MANY)
    assert set(earlier["tallies"]) == {code for code in LARGE["tallies"] if code.startswith("e")}
    assert set(earlier["scores"]) == {"overall", "instruments", "level"}
    put_in(cast, LARGE, LARGE)
    assert exported(cast.agency, tmp_path / "b.zip") == [LARGE, LARGE], "the control"


def test_what_the_agency_brought_in_leaves_whole(cast: Cast, tmp_path: Path) -> None:
    put_in(cast, FEW, source=Source.FILE)
    assert exported(cast.agency, tmp_path / "a.zip") == [FEW]


def test_without_its_framework_nothing_counted_leaves(cast: Cast, tmp_path: Path) -> None:
    put_in(cast, LARGE)
    data = {**LARGE, "framework": "gone"}
    cast.assessment.results.update(data=data)
    assert exported(cast.agency, tmp_path / "a.zip") == [{key: data[key] for key in data if key != "tallies"}]


@pytest.mark.parametrize("name", WORLDS)
def test_an_import_shows_what_the_old_installation_shows(
    cast: Cast, client_of: Callable[[str], Client], tmp_path: Path, name: str
) -> None:
    put_in(cast, WORLDS[name][0])
    first = exported(cast.agency, tmp_path / "a.zip")
    made = ImportAgency(by=None, trial=attempt(opened(tmp_path / "a.zip"), "again")).execute()
    year = made.assessments.get(round=cast.round)
    old, new = current_sheet(cast.assessment), current_sheet(year)
    assert old is not None
    assert new is not None
    assert new.level.names == old.level.names
    for node in old.values:
        before, after = figure(old, node), figure(new, node)
        assert after.score is None or after.text == before.text, (node, before, after)
        assert before.score is None or after.text == before.text, (node, before, after)
        if before.known and after.known and before.low is not None and after.low is not None:  # an interval's ends
            assert abs(after.low - before.low) <= TOLERANCE, (node, before, after)
    assert not [one for one in new.disagreements if one not in old.disagreements]
    columns = ("overall", "iit", "eit", "oit", "level")
    cast.assessment.refresh_from_db()
    assert [getattr(year, one) for one in columns] == [getattr(cast.assessment, one) for one in columns]
    pages = [client_of("assessor").get(f"/agencies/{code}/{YEAR}/results/") for code in ("muang", "again")]
    assert [page.status_code for page in pages] == [200, 200]
    shown = [text for one in columns if (text := str(getattr(year, one) or ""))]
    assert all(text in page.content.decode() for text in shown for page in pages)
    assert json.dumps(exported(made, tmp_path / "b.zip")) == json.dumps(first), "and leaves again the same"
