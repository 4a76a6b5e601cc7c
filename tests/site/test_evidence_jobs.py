"""Looks at links in the background, against a small web on this machine; the loopback exception lives here alone."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from inspection_evidence import confirm, fill, item, open_window

from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.visit import Keeping
from prongsai.site.env import Environment
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection import copies as store
from prongsai.site.inspection import jobs
from prongsai.site.inspection.actions.check import LOST, CheckLinks
from prongsai.site.inspection.copies import copies
from prongsai.site.inspection.models import Check, CheckRun, Evidence, Link, Preserved, State
from prongsai.site.notices.due import remind
from prongsai.site.rounds.models import Assessment

Of = Callable[[str], Client]
HOME = "/agencies/muang/2568/evidence/"
GOOD = (
    "<!doctype html><meta charset=utf-8><h1>โครงสร้างการแบ่งส่วนราชการ ปีงบประมาณ พ.ศ. ๒๕๖๘</h1>"
    + "ข้อมูลของเทศบาลเมืองตัวอย่าง " * 20
)


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The small web of the evidence tests, its names allowed to lead here."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "evidence"))
    import evidence_world as small

    with small.serving() as made:
        monkeypatch.setattr(jobs, "fetcher", lambda: Fetcher(small.QUICK, small.open_network()))
        monkeypatch.setattr(jobs, "keeping", lambda: Keeping(copies()))  # pictures are tested with the camera itself
        yield made


def work() -> None:
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


def file_links(cast: Cast, world: Any) -> Link:
    """o1 has a good page and a dead one; the same good page serves o4. Returns the good link of o1.

    A form refuses ports; the test's server has one, so the addresses are set below the form.
    """
    open_window(cast.round)
    good, dead = world.serve("/structure", GOOD.encode()), world.serve("/gone", b"gone", status=404)
    fill(cast, "o1", "https://a.example.go.th/1", "https://a.example.go.th/2")
    fill(cast, "o4", "https://a.example.go.th/1")
    Link.objects.filter(url__endswith="/1").update(url=good)
    Link.objects.filter(url__endswith="/2").update(url=dead)
    found = item(cast.assessment, "o1").links.first()
    assert found
    return found


@pytest.mark.django_db(transaction=True)
def test_all_links_are_looked_at_each_address_once(cast: Cast, client_of: Of, world: Any) -> None:
    good = file_links(cast, world)
    client = client_of("officer")
    assert client.post(f"{HOME}check/").status_code == 302
    run = CheckRun.objects.get()
    page = words(client.get(HOME))
    assert "รอเริ่มตรวจสอบ 3 ลิงก์" in page
    assert f'hx-get="{HOME}check/{run.pk}/"' in page
    assert "โหลดหน้านี้ใหม่" in page  # without JavaScript
    assert client.post(f"{HOME}check/").status_code == 409  # one look at a time
    work()
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("done", 3, 3)
    assert sorted(path for _, path in world.asked) == ["/gone", "/structure"]
    good.refresh_from_db()
    assert good.latest
    assert good.latest.severity != "error"
    assert any("ปีงบประมาณ" in one["th"] or "โครงสร้าง" in one["th"] for one in good.latest.findings)
    page = words(client.get(f"{HOME}o1/"))
    assert "404" in page
    assert "มีปัญหา" in page
    assert "มีปัญหา" in words(client.get(HOME))
    polled = words(client.get(f"{HOME}check/{run.pk}/"))
    assert "ตรวจสอบล่าสุด" in polled
    assert "hx-get" not in polled  # it asks no more
    assert "ทุกข้อ (3 ลิงก์)" in sentence(Entry.objects.get(action="evidence.check"))
    assert not Preserved.objects.exists()  # advice keeps nothing


@pytest.mark.django_db(transaction=True)
def test_a_unit_has_its_own_item_looked_at(cast: Cast, client_of: Of, world: Any) -> None:
    file_links(cast, world)
    Evidence.objects.filter(item="o1").update(unit=cast.units[1])
    client = client_of("unit_owner")
    assert client.post(f"{HOME}check/", {"item": "o4"}).status_code == 404
    assert client.post(f"{HOME}check/").status_code == 404  # all of them is the officer's
    assert client.post(f"{HOME}check/", {"item": "o1"}).status_code == 302
    work()
    assert Check.objects.count() == 2
    assert "ตรวจสอบล่าสุด" in words(client.get(f"{HOME}o1/"))


@pytest.mark.django_db(transaction=True)
def test_a_look_that_was_cut_off_goes_on_and_fetches_nothing_twice(cast: Cast, world: Any) -> None:
    good = file_links(cast, world)
    run = CheckLinks(by=cast.officer, assessment=cast.assessment).execute()
    Check.objects.create(link=good, run=run, url=good.url, at=timezone.now(), severity="fine")
    dead = item(cast.assessment, "o1").links.last()
    assert dead
    Check.objects.create(link=dead, run=run, url=dead.url, at=timezone.now(), severity="error")
    CheckRun.objects.filter(pk=run.pk).update(state="running", at=timezone.now() - LOST * 2)
    world.asked.clear()
    remind()  # finds the run whose worker was killed
    work()
    run.refresh_from_db()
    assert (run.state, run.done) == ("done", 3)
    assert [path for _, path in world.asked] == ["/structure"]  # for o4 alone
    work()
    assert Check.objects.filter(run=run).count() == 3


@pytest.mark.django_db(transaction=True)
def test_confirming_preserves_what_the_links_show(cast: Cast, world: Any) -> None:
    file_links(cast, world)
    confirm(cast)
    work()
    kept = Preserved.objects.filter(occasion="submission")
    assert kept.count() == 3
    good = kept.get(evidence__item="o4")
    manifest = copies().manifest(good.name)
    assert manifest.sha256 == good.sha256
    assert "โครงสร้าง" in copies().body(manifest).decode()
    dead = kept.get(url__endswith="/gone")
    assert dead.manifest["status"] == 404
    assert kept.get(evidence__item="o1", sha256=good.sha256).name == good.name  # kept once
    assert set(Evidence.objects.values_list("state", flat=True)) == {State.CONFIRMED}  # a dead link changes nothing


@pytest.mark.django_db(transaction=True)
def test_the_same_file_as_last_year_is_noticed(cast: Cast, world: Any) -> None:
    good = file_links(cast, world)
    CheckLinks(by=cast.officer, assessment=cast.assessment).execute()
    work()
    good.refresh_from_db()
    assert good.latest
    last = Assessment.objects.get(agency=cast.agency, round=cast.last_round)
    before = Link.objects.create(evidence=Evidence.objects.create(assessment=last, item="o1"), url=good.url)
    before.latest = Check.objects.create(
        link=before, url=good.url, at=timezone.now(), severity="fine", sha256=good.latest.sha256
    )
    before.save()
    CheckLinks(by=cast.officer, assessment=cast.assessment, evidence=item(cast.assessment, "o1")).execute()
    work()
    good.refresh_from_db()
    assert good.latest
    assert any(one["code"] == "same.as_last_year" for one in good.latest.findings), good.latest.findings


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_ends_the_look_and_can_be_tried_again(
    cast: Cast, client_of: Of, world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_links(cast, world)
    fetcher = jobs.fetcher

    def broken() -> Fetcher:
        raise RuntimeError("no sockets")

    monkeypatch.setattr(jobs, "fetcher", broken)
    client = client_of("officer")
    client.post(f"{HOME}check/")
    work()
    assert CheckRun.objects.get().state == "failed"
    assert "ตรวจสอบไม่สำเร็จ" in words(client.get(HOME))
    monkeypatch.setattr(jobs, "fetcher", fetcher)
    assert client.post(f"{HOME}check/").status_code == 302
    work()
    assert Check.objects.count() == 3


def test_a_time_stamp_is_asked_for_where_an_authority_is_configured(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert kept_with(monkeypatch, Environment()).authority is None
    one = "-----BEGIN CERTIFICATE-----\r\nQQ==\r\n-----END CERTIFICATE-----\r\n"
    (tmp_path / "roots.pem").write_text(one * 2, newline="")
    asked = Environment(timestamp_url="https://tsa.example.go.th/", timestamp_roots=tmp_path / "roots.pem")
    authority = kept_with(monkeypatch, asked).authority
    assert authority is not None
    assert (authority.url, len(authority.roots)) == ("https://tsa.example.go.th/", 2)


def kept_with(monkeypatch: pytest.MonkeyPatch, asked: Environment) -> Keeping:
    monkeypatch.setattr(store, "environment", lambda: asked)
    return store.keeping()
