"""Three people whose score leaves them no choice: no page shows it, to nobody; all that thirty give is shown."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from cast import Cast
from django.apps import apps
from django.test import Client

from prongsai.site.results.actions import RestoreResult, set_columns
from prongsai.site.results.models import Result, Source
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import Assessment
from result_sample import tallies

FEW, MANY = 3, 30
RESULTS = "/agencies/muang/2568/results/"
PAGES = (
    RESULTS,
    *(
        f"{RESULTS}{name}"
        for name in ("indicators/", "items/", "aspects/", "trace/overall/", "trace/IIT/", "trace/level/")
    ),
    *(f"{RESULTS}{name}" for name in ("trace/1/", "trace/i1/", "trace/OIT/", "table.xlsx")),
    "/agencies/",
    "/agencies/muang/",
    "/agencies/muang/2568/",
    "/agencies/muang/2568/import/",
    "/agencies/muang/history/",
    "/agencies/muang/2568/documents/preview/?kind=analysis",
    "/agencies/muang/2568/documents/preview/?kind=memo",
)
SHOWN = (RESULTS, f"{RESULTS}trace/overall/", f"{RESULTS}table.xlsx", "/agencies/")


def give(cast: Cast, people: int) -> set[str]:
    """Results counted here: IIT by so many, nearly all of one mind; back is what may or may not be read of them."""
    counts = {**tallies(2568, "IIT", {0: people}), **tallies(2568, "EIT", {0: 30, 1: 10, 2: 3})}
    oit = {f"o{number}": "disclosed" for number in range(1, 29)} | {"o6": "not_disclosed"}
    data = {"agency": {"name": cast.agency.name}, "fiscal_year": 2568, "verdicts": oit}
    assume = ["eit-mean-of-parts", "oit-2568-fit"]
    for revision in (1, 2):  # so that there is one to go back to, and the history says so
        found = Result.objects.create(
            assessment=cast.assessment, revision=revision, source=Source.FILE, assume=assume,
            data={**data, "tallies": {**counts, "i1": {"5": people - 1, "4": 1}}},
        )  # fmt: skip
    sheet = sheet_of(found)
    set_columns(cast.assessment, sheet)
    RestoreResult(by=cast.assessor, result=cast.assessment.results.last()).execute()
    ends = {text for node in ("IIT", "overall") for text in sheet.values[node].interval.as_json().values()}
    return ends - {"0.00", "100.00"}


def text(response: Any) -> str:
    """All that a file or a page holds, drawings and tips too."""
    if response["Content-Type"].startswith("text/html"):
        return html.unescape(response.content.decode())
    data = b"".join(response) if response.streaming else response.content
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml"))


@pytest.mark.parametrize("people", [FEW, MANY])
@pytest.mark.parametrize("who", ["officer", "assessor"])
def test_no_page_has_the_number(cast: Cast, client_of: Callable[[str], Client], who: str, people: int) -> None:
    numbers = give(cast, people)
    client = client_of(who)
    opened = 0
    for language in ("th", "en"):
        client.cookies["language"] = language
        for page in PAGES:
            response = client.get(page)
            if response.status_code == 404 and page not in SHOWN:
                continue  # not everyone may open everything
            assert response.status_code == 200, page
            opened += 1
            seen = {number for number in numbers if re.search(rf"(?<![\d.]){number}(?!\d)", text(response))}
            assert not (seen and people == FEW), (page, seen)
            if page in SHOWN and people == MANY:
                assert seen, f"the control: {page}"
    assert opened > len(PAGES)


def test_the_summary_says_why_and_keeps_the_level(cast: Cast, client_of: Callable[[str], Client]) -> None:
    give(cast, FEW)
    cast.assessment.refresh_from_db()
    assert (cast.assessment.overall, cast.assessment.iit) == (None, None)
    assert cast.assessment.eit is not None
    assert cast.assessment.level
    page = text(client_of("officer").get(RESULTS))
    assert page.count("จึงไม่แสดงคะแนน") >= 2
    assert cast.assessment.level in page
    assert "หากข้อ o6" not in page, "what it would be, less the gain, is what it is"


def test_an_older_database_forgets_what_lists_showed(cast: Cast) -> None:
    """The columns of assessments, filled before the rule was everywhere."""
    forget = import_module("prongsai.site.results.migrations.0004_withheld_columns").withhold
    for people in (MANY, FEW):
        cast.assessment.results.all().delete()
        give(cast, people)
        Assessment.objects.filter(pk=cast.assessment.pk).update(overall="93.41", iit="99.56")
        forget(apps, None)
        cast.assessment.refresh_from_db()
        kept = (cast.assessment.overall, cast.assessment.iit)
        assert (kept == (None, None)) == (people == FEW)
        assert cast.assessment.eit is not None
