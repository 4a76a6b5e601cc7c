"""All agencies of a round: gathering, revisions, publication, and what each reader sees."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from cast import Cast, give_results
from django.core.management import call_command
from django.test import Client
from nation_world import CODE, book_bytes, keep, make_public

from prongsai.national import book
from prongsai.national.book import WITHHELD
from prongsai.scoring.structure import structure
from prongsai.site.history.models import Entry
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.people.models import Role, RoleKind
from prongsai.site.results.models import Result, Source
from prongsai.site.results.show import name_of
from prongsai.site.rounds.models import Assessment

HOME = "/rounds/2568/nation/"
PAGES = ("", "spread/", "league/", "movers/", "heat/", "items/", f"agency/{CODE}/", "revisions/")
Clients = Callable[[str], Client]


@pytest.fixture
def at_most(django_assert_max_num_queries: Any) -> Any:
    return django_assert_max_num_queries


def text_of(response: Any) -> str:
    return re.sub(r"<[^>]+>", " ", response.content.decode())


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """Two years gathered, nothing published."""
    keep(cast, cast.last_round)
    keep(cast)
    return cast


# --- gathering


@pytest.mark.django_db(transaction=True)
def test_gathering_makes_a_revision_of_everything_that_has_results(scored: Cast, client_of: Clients) -> None:
    give_results(Assessment.objects.get(agency=scored.other), seed=9)
    assessor = client_of("assessor")
    assert "2 จาก 2" in text_of(assessor.get(HOME))
    started = assessor.post(f"{HOME}gather/", follow=True)
    assert "รอดำเนินการ" in text_of(started)
    work()
    job = NationJob.objects.get()
    assert (job.state, job.done, job.total, job.refused) == ("done", 2, 2, [])
    made = NationResult.objects.get()
    assert (made.revision, made.scored, made.agencies, made.published_at) == (1, 2, 2, None)
    page = text_of(assessor.get(HOME))
    assert "2 จาก 2" in page
    assert made.file.sha256[:12] in page
    assert Entry.objects.get(action="nation.keep").facts["scored"] == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_data_make_no_new_revision_and_new_data_do(scored: Cast, client_of: Clients) -> None:
    assessor = client_of("assessor")
    for _ in range(2):
        assessor.post(f"{HOME}gather/")
        work()
    assert NationResult.objects.count() == 1
    assert NationJob.objects.order_by("-pk")[0].result == NationResult.objects.get()
    first = scored.assessment.results.get()
    data = {**first.data, "scores": {**first.data["scores"], "overall": "71.00"}}
    Result.objects.create(assessment=scored.assessment, revision=2, source=Source.FILE, data=data)
    assessor.post(f"{HOME}gather/")
    work()
    newest, old = NationResult.objects.all()
    assert (newest.revision, old.revision) == (2, 1)
    code = scored.agency.code
    found = book.read(newest.file.read())
    assert found.low[found.line("overall"), found.places[code]] == 71
    assert book.read(old.file.read()).low[found.line("overall"), 0] != 71


@pytest.mark.django_db(transaction=True)
def test_results_of_another_framework_are_left_out_with_the_reason(scored: Cast, client_of: Clients) -> None:
    other = Assessment.objects.get(agency=scored.other)
    data = {"agency": {"name": "x"}, "fiscal_year": 2567, "scores": {"overall": "80.00"}}
    Result.objects.create(assessment=other, revision=1, source=Source.FILE, data=data)
    assessor = client_of("assessor")
    assessor.post(f"{HOME}gather/")
    work()
    job = NationJob.objects.get()
    assert [one["code"] for one in job.refused] == ["other"]
    assert "กรอบการประเมินอื่น" in text_of(assessor.get(f"{HOME}gather/{job.pk}/"))
    assert NationResult.objects.get().scored == 1


def test_gathering_needs_results_and_happens_once_at_a_time(cast: Cast, client_of: Clients) -> None:
    assessor = client_of("assessor")
    assert "ยังไม่มีหน่วยงานใด" in text_of(assessor.post(f"{HOME}gather/", follow=True))
    give_results(cast.assessment)
    assessor.post(f"{HOME}gather/")
    assert "กำลังประมวลผลอยู่แล้ว" in text_of(assessor.post(f"{HOME}gather/", follow=True))
    assert NationJob.objects.count() == 1


def test_who_assesses_one_province_does_not_run_the_nation(kept: Cast, client_of: Clients) -> None:
    Role.objects.filter(person=kept.assessor).update(province="นครปฐม")
    assert client_of("assessor").get(HOME).status_code == 404
    assert client_of("assessor").post(f"{HOME}gather/").status_code == 404
    assert Role.objects.get(person=kept.assessor).kind == RoleKind.ASSESSOR


# --- publication


def test_nothing_is_public_before_it_is_published(kept: Cast, client_of: Clients) -> None:
    nobody = client_of("nobody")
    for page in ("", "league/", f"agency/{CODE}/", "league.csv", "all.zip"):
        assert nobody.get(f"/nation/2568/{page}").status_code == 404, page
    assert "ยังไม่มีผลที่เผยแพร่" in text_of(nobody.get("/nation/"))


def test_public_pages_compare_with_published_years_alone(kept: Cast, client_of: Clients) -> None:
    make_public(NationResult.objects.get(round=kept.round))
    public = text_of(client_of("nobody").get("/nation/2568/movers/"))
    assert "ยังไม่มีผลของปีก่อนที่เผยแพร่" in public
    assert "แยกไม่ออก" in text_of(client_of("assessor").get(f"{HOME}movers/"))


def test_public_pages_have_no_way_inside(kept: Cast, client_of: Clients) -> None:
    make_public(NationResult.objects.get(round=kept.round))
    for page in PAGES[:-1]:
        body = client_of("nobody").get(f"/nation/2568/{page}").content.decode()
        assert 'href="/rounds/' not in body, page
        assert 'href="/agencies/' not in body, page


# --- what pages say


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_few_queries(
    page: str, kept: Cast, client_of: Clients, django_assert_max_num_queries: Any
) -> None:
    client = client_of("assessor")
    with django_assert_max_num_queries(20):
        assert client.get(f"{HOME}{page}").status_code == 200


def test_every_page_says_what_it_rests_on(kept: Cast, client_of: Clients) -> None:
    result = NationResult.objects.get(round=kept.round)
    for page in PAGES[:-1]:
        said = text_of(client_of("assessor").get(f"{HOME}{page}"))
        assert result.file.sha256[:12] in said, page
        assert "40 จาก 42" in said, page


def test_two_clicks_from_the_map_to_an_agency(kept: Cast, client_of: Clients) -> None:
    client = client_of("assessor")
    first = client.get(HOME).content.decode()
    tiles = re.findall(r'<a href="([^"]+)"><title>[^<]*ค่าเฉลี่ย (?!–)', first)
    assert tiles
    second = client.get(tiles[0].replace("&amp;", "&")).content.decode()
    agency = re.search(r'href="(/rounds/2568/nation/agency/[^"]+)"', second)
    assert agency
    assert "อันดับที่เป็นไปได้" in text_of(client.get(agency[1].replace("&amp;", "&")))


def test_withheld_scores_stand_on_no_page_and_in_no_file(cast: Cast, client_of: Clients) -> None:
    """Agencies of fewer than k respondents: words instead of numbers everywhere below the instrument."""
    found = book.read(book_bytes(2568))
    small = np.flatnonzero((found.state == WITHHELD).any(axis=0))
    assert len(small), "the sample needs a small agency"
    keep(cast, public=True)
    code = found.agencies["code"][int(small[0])]
    items = found.state[:, small[0]] == WITHHELD
    table = client_of("nobody").get(f"/nation/2568/agency/{code}.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert sum("กลุ่มเล็ก" in row[2] for row in rows) > 5
    numbers = [row for row in rows[1:] if row[2].replace(".", "").isdigit()]
    tree = [node for node, is_hidden in zip(found.nodes, items, strict=True) if is_hidden]
    assert not {row[0] for row in numbers} & {name_of(structure(found.framework).nodes[node]) for node in tree}
    page = text_of(client_of("nobody").get(f"/nation/2568/agency/{code}/"))
    assert "ไม่แสดง กลุ่มเล็ก" in page


def test_the_league_is_searched_filtered_and_taken_along(kept: Cast, client_of: Clients) -> None:
    client = client_of("assessor")
    found = book.read(book_bytes(2568))
    name = found.agencies["name"][3]
    one = text_of(client.get(f"{HOME}league/", {"q": name}))
    assert "พบ 1 หน่วยงาน" in one
    assert "ไม่พบหน่วยงาน" in text_of(client.get(f"{HOME}league/", {"q": "ไม่มีแน่นอน"}))
    kind = found.agencies["kind"][3]
    count = int((found.agencies["kind"] == kind).sum())
    assert f"พบ {count} หน่วยงาน" in text_of(client.get(f"{HOME}league/", {"kind": kind}))
    answer = client.get(f"{HOME}league.csv", {"kind": kind})
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(lines) == count + 1
    assert client.get(f"{HOME}league.xlsx").content[:2] == b"PK"


def test_formulas_in_names_are_plain_text_in_files(kept: Cast, client_of: Clients) -> None:
    from prongsai.site.nation.table import Cell, Column, Table, as_csv

    table = Table("x", (Column("a"), Column("b")), [(Cell("=1+1"), Cell("−3.00", -3.0))])
    assert as_csv(table).decode("utf-8-sig").splitlines()[1] == "'=1+1,-3.0"


ODD = [
    "score=nothing",
    "page=9999",
    "page=x",
    "by=moon",
    "kind=<b>",
    "province=%27",
    "sort=%00",
    "show=zz",
    "peers=me",
    "what=x",
    "of=IIT2",
    "q=%25",
]
MISSING = ["agency/nobody/", "league.pdf", "nothing.csv", "revisions/9/", "revisions/9.zip", "gather/99/"]


@pytest.mark.parametrize("query", ODD)
def test_odd_questions_get_the_usual_page(query: str, kept: Cast, client_of: Clients) -> None:
    for page in PAGES[:-1]:
        assert client_of("assessor").get(f"{HOME}{page}?{query}").status_code == 200, page


@pytest.mark.parametrize("page", MISSING)
def test_what_is_not_there_is_not_found(page: str, kept: Cast, client_of: Clients) -> None:
    assert client_of("assessor").get(f"{HOME}{page}").status_code == 404


def test_changes_are_said_plainly(kept: Cast, client_of: Clients) -> None:
    page = text_of(client_of("assessor").get(f"{HOME}movers/", {"score": "EIT.1"}))
    counts = [int(one) for one in re.findall(r"(?:สูงขึ้น|ต่ำลง|แยกไม่ออก|ทดสอบไม่ได้)\s+(\d+)", page)[:4]]
    assert sum(counts) == 40
    only = text_of(client_of("assessor").get(f"{HOME}movers/", {"score": "EIT.1", "show": "open"}))
    assert "▲" not in only.split("สรุป")[-1]
