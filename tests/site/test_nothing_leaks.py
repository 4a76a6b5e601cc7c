"""What is not public is nowhere: every address is walked by somebody without an account.

Two ways to look. Planted values that nobody else has are searched in all that comes back. And two worlds that differ
only in what is hidden must look the same from outside, byte for byte: then nothing hidden has any way out at all.
"""

from __future__ import annotations

import os
import re
import shutil

import pytest
from cast import Cast, give_plan
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from published import ALIKE, GIVEN, SMALL, Published, agencies_of, fill, publish_all
from walking import opened, patterns, values, walk

from prongsai.framework import for_year
from prongsai.scoring.structure import structure
from prongsai.site.agencies.models import Agency
from prongsai.site.opendata.actions import PublishRelease, WithdrawRelease
from prongsai.site.plans.models import Measure
from prongsai.site.results.models import Result, Source
from prongsai.site.rounds.models import Assessment

FULL = "PRONGSAI_FULL" in os.environ
CODES = [GIVEN, SMALL, ALIKE, "sim-07", "hidden-agency"]
if not FULL:
    CODES = [SMALL, "hidden-agency"]
SECRET, GONE, DRAFT = "หน่วยงานลับเฉพาะกิจ", "หน่วยงานที่ถูกถอน", "มาตรการร่างที่ยังไม่เปิดเผย"
NUMBERS = ("91.37", "13.57", "24.68", "17.93", "31.79", "71.39")

_MOMENT = re.compile(
    rb"\d{4}-\d\d-\d\dT[\d:.]+\S*|\d\d:\d\d(:\d\d)?|ETag: (W/)?\"[0-9a-f]{1,40}\""
    rb"|Last-Modified: .*|RateLimit.*|Content-Length: .*"
)


def groups() -> list[str]:
    """Names of groups of agencies: all, or those of one agency and of the one that is not public yet."""
    some = Agency.objects.all() if FULL else Agency.objects.filter(code__in=CODES)
    found = some.values_list("province", "kind")
    return sorted({one for pair in found for one in pair if one} | {"กระทรวงตัวอย่าง"})


def where(found: dict[str, bytes], text: str) -> list[str]:
    """The addresses at which a text or number stands, not as a part of another number."""
    sign = re.compile(rb"(?<![\d.])" + re.escape(text.encode()) + rb"(?!\d)")
    return sorted(address for address, body in found.items() if sign.search(body) or sign.search(address.encode()))


def looked() -> dict[str, bytes]:
    caches["pages"].clear()
    return walk(CODES, groups(), deep=FULL)


def test_what_is_not_published_stands_nowhere_and_what_is_does(cast: Cast) -> None:
    gone = Agency.objects.create(code="sim-99", name=GONE, kind="province", province="นครปฐม")
    _results(cast.last_round, gone, "50.00")
    published = publish_all(cast)
    files = [
        f"/{place}" for year in (2567, 2568) for place in (f"data/{year}/revision-1.zip", f"nation/{year}/all.zip")
    ]
    before = looked() if FULL else {one: opened(Client().get(one).getvalue()) for one in files}
    number = next(one for one in NUMBERS if not where(before, one))
    assert where(before, GONE), "the control: what is public is found"

    # Not public: a round taken back, a plan that is drafted, a revision that is prepared.
    WithdrawRelease(by=cast.assessor, round=cast.last_round, reason="ทดสอบ").execute()
    Measure.objects.filter(point__plan=give_plan(cast.assessment)).update(title=DRAFT)
    secret = Agency.objects.create(code="hidden-agency", name=SECRET, kind="province", province="นครปฐม")
    _results(cast.round, secret, number)
    made = published.prepare(published.gather(cast.round), "ฉบับที่ยังไม่เผยแพร่")
    assert made.state == "ready"
    found = looked()
    for text in (SECRET, number, GONE, DRAFT, "ฉบับที่ยังไม่เผยแพร่", made.digest, made.result.file.sha256):
        assert not where(found, text), text
    assert len(found) > 100

    PublishRelease(by=cast.assessor, release=made).execute()
    after = looked()
    for text in (SECRET, number):
        at = where(after, text)
        assert any(one.startswith("/data/2568/revision-2/csv/") for one in at)
        assert any(one.startswith("/nation/2568/") for one in at)
        assert any(one.startswith("/results/hidden-agency/") for one in at)
        assert any(one.startswith("/api/v1/") for one in at)
    assert not where(after, GONE)
    assert not where(after, DRAFT)


def _results(of: object, agency: Agency, score: str) -> None:
    items = {"i1": score}
    year = Assessment.objects.create(round=of, agency=agency)  # type: ignore[misc]
    data = {"agency": {"name": agency.name}, "fiscal_year": of.fiscal_year, "scores": {"items": items}}  # type: ignore[attr-defined]
    Result.objects.create(assessment=year, revision=1, source=Source.FILE, data=data)


@pytest.mark.skipif(not FULL, reason="walks twice more")
def test_two_worlds_that_differ_in_what_is_hidden_look_the_same(cast: Cast) -> None:
    """The answers of six people to two questions change places: no score that may be shown moves, nor does anything."""
    seen = _both_worlds(cast, SMALL)
    assert seen[0].keys() == seen[1].keys()
    assert len(seen[0]) > 100
    differ = {address: _first(body, seen[1][address]) for address, body in seen[0].items() if body != seen[1][address]}
    assert not differ, list(differ.items())[:12]


@pytest.mark.skipif(not FULL, reason="walks twice more")
def test_the_same_change_among_many_people_is_seen(cast: Cast) -> None:
    """The control: in a group of k or more it shows."""
    seen = _both_worlds(cast, "sim-07")
    differ = [address for address, body in seen[0].items() if body != seen[1].get(address)]
    assert any(address.startswith("/data/2568/") for address in differ)
    assert any(address.startswith("/nation/2568/") for address in differ)


def _both_worlds(cast: Cast, code: str) -> list[dict[str, bytes]]:
    """The two answers one way round, then the other; at the same moment, in the same database."""
    one, other = _twins(for_year(2568))
    agencies_of(2568)  # their numbers stand in files; PostgreSQL counts on when a world is taken back
    seen = []
    for pair in ((one, other), (other, one)):
        point = transaction.savepoint()
        found = _world(cast, pair, code)
        seen.append({address: _same_for_all(body) for address, body in found.items()})
        transaction.savepoint_rollback(point)
    return seen


def _world(cast: Cast, pair: tuple[str, str], code: str) -> dict[str, bytes]:
    """One year published, in which ``code`` answered one of two questions well and the other badly; walked."""
    shutil.rmtree(settings.OPENDATA, ignore_errors=True)
    published = Published(cast)
    fill(cast, cast.round)
    row = Result.objects.get(assessment__round=cast.round, assessment__agency__code=code)
    best, worst, *_ = row.data["tallies"][pair[0]]
    people = int(row.data["respondents"]["IIT"])
    for item, few in zip(pair, (1, people - 1), strict=True):
        row.data["tallies"][item] = {best: str(few), worst: str(people - few)}
    row.save()
    published.releases[2568] = published.publish(cast.round, "")
    return looked()


def _twins(framework: object) -> tuple[str, str]:
    """Two items of IIT that weigh the same in the same score and have the same options."""
    tree = structure(framework)  # type: ignore[arg-type]
    for node in tree.nodes.values():
        if node.instrument != "IIT" or not node.ways:
            continue
        children = [tree.nodes[child] for child in node.ways[0].children]
        leaves = [child for child in children if child.leaf and child.leaf.scale and not child.ways]
        for one in leaves:
            for other in leaves:
                same = one.leaf.scale == other.leaf.scale and one.leaf.polarity == other.leaf.polarity  # type: ignore[union-attr]
                if one is not other and same and not node.ways[0].rule.weights:
                    return one.id, other.id
    raise AssertionError("no two items alike")


def _first(one: bytes, other: bytes) -> tuple[bytes, bytes]:
    """Where two answers part."""
    at = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return one[max(at - 60, 0) : at + 40], other[max(at - 60, 0) : at + 40]


def _same_for_all(body: bytes) -> bytes:
    """Without the moment of publication, which tags of pages are made of, too; tags of files are their hashes."""
    return _MOMENT.sub(b"", body)


@pytest.mark.usefixtures("db")
def test_the_walk_knows_every_parameter() -> None:
    """An address whose parameter the walk has no value for would be walked past."""
    known = set(values([], []))
    elsewhere = ("openid_connect_", "field_icon")  # the login library's; icons of the offline page
    missing = {name: set(parameters) - known for name, parameters in patterns() if not name.startswith(elsewhere)}
    assert not {name: parameters for name, parameters in missing.items() if parameters}
