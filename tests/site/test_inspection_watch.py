"""The watch over published links: opened when due, told when dead, and never a score touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from cast import Cast
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from evidence.evidence_world import QUICK, World, open_network, serving
from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.watch import after
from prongsai.site.inspection import watching
from prongsai.site.inspection.models import Evidence, Link, WatchedAddress
from prongsai.site.notices.due import remind
from prongsai.site.notices.models import Notice

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
HOUR = dt.timedelta(hours=1)


def filed(cast: Cast, *urls: str) -> None:
    """A confirmed list with these links."""
    evidence = Evidence.objects.create(assessment=cast.assessment, item="o1", state="confirmed")
    for url in urls:
        Link.objects.create(evidence=evidence, url=url)
    cast.assessment.evidence_at = timezone.now()
    cast.assessment.save()


def quick() -> Fetcher:
    return Fetcher(QUICK, open_network())


@pytest.fixture
def world() -> Iterator[World]:
    with serving() as one:
        yield one


def fail_for_days(url: str, days: int = 5) -> None:
    """As if the watch had found it closed, day after day until now."""
    now, link = timezone.now(), watching.Watched(url)
    for day in range(days, -1, -1):
        link = after(link, now - dt.timedelta(days=day), opened=False)
    WatchedAddress.objects.create(
        digest=watching.digest(url), url=url, checked=link.checked, failures=link.failures,
        failing_since=link.failing_since, reason="เปิดลิงก์ไม่ได้",
    )  # fmt: skip


def test_what_is_due_is_opened_once(cast: Cast, world: World) -> None:
    good, gone = world.serve("/good", b"<p>ok"), world.serve("/gone", b"no", status=404)
    filed(cast, good, gone)
    assert watching.look(timezone.now(), HOUR, quick) == 2
    seen = {one.url: one.failures for one in WatchedAddress.objects.all()}
    assert seen == {good: 0, gone: 1}
    assert watching.look(timezone.now(), HOUR, quick) == 0  # nothing is due again within the hour
    cast.assessment.refresh_from_db()
    assert cast.assessment.oit is None


def test_a_dead_link_is_told_to_the_officer_once_a_month(cast: Cast, client_of: ClientOf) -> None:
    url = "https://example.go.th/gone.pdf"
    filed(cast, url, "https://example.go.th/fine.pdf")
    fail_for_days(url)
    assert [one.url for one in watching.dead_links(cast.agency)] == [url]
    assert watching.dead_links(cast.other) == []
    remind()
    remind()
    told = Notice.objects.get(key__startswith="dead-links:muang")
    assert told.to == cast.officer
    assert "ไม่มีผลต่อคะแนน" in told.text
    page = client_of("officer").get(told.link).content.decode()
    assert "เปิดไม่ได้ต่อเนื่อง 1 ลิงก์" in page
    assert page.index("gone.pdf") < page.index("fine.pdf")


def test_one_bad_day_makes_no_dead_link(cast: Cast) -> None:
    url = "https://example.go.th/gone.pdf"
    filed(cast, url)
    fail_for_days(url, days=1)
    assert watching.dead_links(cast.agency) == []


def test_the_watch_goes_on_hour_after_hour(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)
    with pytest.raises(KeyboardInterrupt):
        call_command("watch")
    assert slept == [3600.0] * 3
    assert capsys.readouterr().out.count("looked at 0 links") == 3
