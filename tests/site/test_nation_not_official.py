"""Numbers beside the official score: the assessor's alone, named for what they are, the same as the command's."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from nation_world import AGENCIES, book_bytes, gathered_nation, keep
from test_nation_pages import HOME, text_of

from prongsai.national import adjusted, book
from prongsai.national.small_area import shrink
from prongsai.national.uncertain import estimates
from prongsai.scoring.interval import shown
from prongsai.site.history.models import Entry
from prongsai.site.nation.beside import basis_of
from prongsai.site.nation.models import NationAdjustment
from prongsai.yaml_file import parse

PAGE, FILE = f"{HOME}beside/", f"{HOME}beside/file/"
TEXT = """\
title: คะแนนปรับสมมติ
decided_by: คณะทำงานสมมติ
perception: {weight: 60, of: {IIT: 25, EIT: 75}}
effort: {weight: 40, of: {OIT: 100}}
deductions: {agencies: {sim-00007: [{points: 2.5, reason: เหตุสมมติ, source: หนังสือสมมติ}]}}
"""
Clients = Callable[[str], Client]


@pytest.fixture
def kept(cast: Cast) -> Cast:
    keep(cast)
    return cast


def send(client: Client, text: str) -> Any:
    upload = SimpleUploadedFile("adjusted.yaml", text.encode())
    return client.post(FILE, {"file": upload}, follow=True)


def test_an_adjusted_score_is_shown_apart_with_what_it_is_not(kept: Cast, client_of: Clients) -> None:
    client = client_of("assessor")
    assert "ยังไม่มีคะแนนปรับ" in text_of(client.get(PAGE, {"what": "adjusted"}))
    page = text_of(send(client, TEXT))
    for said in ("มิใช่คะแนนทางการ", "คณะทำงานสมมติ", "คะแนนปรับสมมติ", "ระเบียบของไทยไม่มีคะแนนเช่นนี้"):
        assert said in page
    assert Entry.objects.get(action="nation.adjust").facts["title"] == "คะแนนปรับสมมติ"
    table = client.get(f"{HOME}beside.csv", {"what": "adjusted"}).content.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(table))
    assert "มิใช่คะแนนทางการ" in head[5]
    assert len(rows) == AGENCIES
    assert [row[4] for row in rows if "เหตุสมมติ" in row[6]] == ["2.5"]
    for other in ("", "league/", "agency/sim-00007/"):
        assert "คะแนนปรับสมมติ" not in text_of(client.get(f"{HOME}{other}"))
    assert "ยังไม่มีคะแนนปรับ" in text_of(client.post(FILE, {"drop": "1"}, follow=True))
    assert not NationAdjustment.objects.exists()


def test_it_is_the_command_s_number(kept: Cast) -> None:
    """Known scores come back from the file with all their digits; intervals as their two shown decimals."""
    gathered = gathered_nation(2568).done()
    found = book.read(book_bytes(2568))
    told = adjusted.adjustment_of(parse(TEXT, "x"), gathered.scores.nation.tree, found.agencies["code"])
    exact = adjusted.adjusted(told, adjusted.basis_of(gathered.scores, gathered.hidden))
    ours = adjusted.adjusted(told, basis_of(found))
    assert [one.score is None for one in ours] == [one.score is None for one in exact]
    some = [(one, other) for one, other in zip(ours, exact, strict=True) if one.score and other.score]
    assert len(some) > AGENCIES / 2
    assert all(abs(one.score.low - other.score.low) < 0.01 for one, other in some)
    simple = parse(TEXT.replace("IIT: 25, EIT: 75", "IIT: 100").replace("OIT: 100", "IIT: 100"), "x")
    told = adjusted.adjustment_of(simple, gathered.scores.nation.tree, found.agencies["code"])
    exact = adjusted.adjusted(told, adjusted.basis_of(gathered.scores, gathered.hidden))
    for one, other in zip(adjusted.adjusted(told, basis_of(found)), exact, strict=True):
        assert (one.score is None) == (other.score is None)
        if one.score and other.score:
            assert abs(one.score.low - other.score.low) < 1e-10
            assert shown(one.score.low) == shown(other.score.low)


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ("weight: 60", "weight: 70", "น้ำหนักรวมได้ 110"),
        ("sim-00007", "nobody", "ไม่มีหน่วยงานรหัสนี้"),
        ("OIT: 100", "XIT: 100", "ไม่มีเครื่องมือนี้"),
        ("title:", "titel:", "titel"),
        ("perception: {", "perception: [", "adjusted.yaml:"),
    ],
)
def test_a_slip_is_named_and_nothing_kept(change: str, to: str, says: str, kept: Cast, client_of: Clients) -> None:
    assert says in text_of(send(client_of("assessor"), TEXT.replace(change, to, 1)))
    assert not NationAdjustment.objects.exists()


def test_what_is_no_text_is_refused(kept: Cast, client_of: Clients) -> None:
    client = client_of("assessor")
    upload = SimpleUploadedFile("adjusted.yaml", b"\x89PNG\r\n\x1a\n")
    client.post(FILE, {"file": upload})
    client.post(FILE, {})
    assert client.post(FILE, {"drop": "1"}).status_code == 302
    assert not NationAdjustment.objects.exists()


def test_shrunk_estimates_are_those_of_the_model(kept: Cast, client_of: Clients) -> None:
    client = client_of("assessor")
    page = text_of(client.get(PAGE, {"score": "EIT.1"}))
    assert "มิใช่คะแนนของหน่วยงาน" in page
    gathered = gathered_nation(2568).done()
    sure = estimates(gathered.scores, gathered.summed)
    kinds = gathered.scores.nation.agencies["kind"].rank("dense").to_numpy().astype(np.int64)
    wanted = shrink(sure, "EIT.1", kinds)
    table = client.get(f"{HOME}beside.csv", {"score": "EIT.1"}).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))[1:]
    assert 0 < len(rows) <= AGENCIES
    # Agencies of fewer than k people have no error that may be shown, so kinds are fitted to fewer: nearly the same.
    assert abs(float(rows[0][3]) - float(np.nanmax(wanted.shrunk))) < 2


def test_neither_is_public(cast: Cast, client_of: Clients) -> None:
    keep(cast, public=True)
    send(client_of("assessor"), TEXT)
    nobody = client_of("nobody")
    for page in ("beside/", "beside.csv", "beside/file/"):
        assert nobody.get(f"/nation/2568/{page}").status_code == 404
    assert "มิใช่คะแนนทางการ" not in text_of(nobody.get("/nation/2568/"))


def test_the_page_needs_few_queries(kept: Cast, client_of: Clients, django_assert_max_num_queries: Any) -> None:
    client = client_of("assessor")
    send(client, TEXT)
    for what in ("shrunk", "adjusted", "nothing"):
        with django_assert_max_num_queries(20):
            assert client.get(PAGE, {"what": what}).status_code == 200
