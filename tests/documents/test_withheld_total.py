"""Three people whose score leaves them no choice: no official document has the number, each says the level."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from prongsai.analysis.findings import findings
from prongsai.analysis.pinned import pinned
from prongsai.documents.build import build
from prongsai.documents.registry import names
from prongsai.documents.request import Request
from prongsai.documents.required import required_elements
from prongsai.documents.writers import write
from prongsai.improvement.draft import DraftOptions, draft_plan
from prongsai.scoring.score import ScoreSheet
from result_sample import sheet, tallies

FEW, MANY = 3, 30
ASSUME = ("eit-mean-of-parts", "oit-2568-fit")
OIT = {f"o{number}": "disclosed" for number in range(1, 29)} | {"o6": "not_disclosed"}
KINDS = [(kind, layout) for kind in ("analysis", "measures") for layout in names("layouts")]
KINDS += [(kind, None) for kind in ("memo", "brief", "order", "announcement")]
NUMBERED = {"analysis", "measures", "memo", "brief"}  # the others have no scores at all


def results(people: int, assume: tuple[str, ...] = ASSUME) -> ScoreSheet:
    """IIT by so many, all of whom chose the best but for one answer; EIT by many; one item of OIT failed."""
    counts = {**tallies(2568, "IIT", {0: people}), **tallies(2568, "EIT", {0: 30, 1: 10, 2: 3})}
    return sheet(2568, assume, tallies={**counts, "i1": {"5": people - 1, "4": 1}}, verdicts=OIT)


def numbers(found: ScoreSheet) -> set[str]:
    """What may not be read: the score of the three, and the total, as they would be shown."""
    ends = {text for node in ("IIT", "overall") for text in found.values[node].interval.as_json().values()}
    return ends - {"0.00", "100.00"}


def has(text: str, number: str) -> bool:
    return re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9])", text) is not None


def words(data: bytes, form: str) -> str:
    """All text of a file, whatever it is kept in."""
    if form == "html":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize(("kind", "layout"), KINDS)
def test_no_document_has_the_number(kind: str, layout: str | None) -> None:
    for people in (FEW, MANY):
        found = results(people)
        assert bool(pinned(found)) == (people == FEW)
        before = sheet(2567, tallies=tallies(2567, "IIT", {0: 20, 1: 5}))
        plan = draft_plan(found, findings(found), DraftOptions())
        request = Request(kind, found, plan=plan, layout=layout, previous=before)
        document = build(request)
        wanted = numbers(found)
        assert len(wanted) >= 2
        for form in ("html", "xlsx", "docx"):
            seen = {number for number in wanted if has(words(write(document, form), form), number)}
            assert not (seen and people == FEW), (form, seen)
            if kind in NUMBERED and form == "html" and people == MANY:
                assert seen, "the control: the same of thirty people is shown"
        if kind in NUMBERED:
            text = words(write(document, "html"), "html")
            assert found.level.names[0] in text
            assert ("ไม่แสดง" in text) == (people == FEW)
        missing = {one.code for one in required_elements(request, document) if one.severity == "error"}
        assert "required.result" not in missing, "what may not be shown is not asked for"


def test_where_only_spans_are_known_the_spans_are_not_shown_either() -> None:
    found = results(FEW, ())
    assert not found.values["overall"].interval.exact
    for kind, layout in KINDS:
        plan = draft_plan(found, findings(found), DraftOptions())
        text = words(write(build(Request(kind, found, plan=plan, layout=layout)), "html"), "html")
        assert not [number for number in numbers(found) if has(text, number)], (kind, layout)
