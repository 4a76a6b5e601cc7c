"""A small nation laid into the portal's tables without files: quick enough for every test that only reads pages."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from cast import Cast
from django.utils import timezone
from nation_world import AGENCIES, gathered_nation

from prongsai.national.book import write
from prongsai.publishing.gather import Edition, of_gathered
from prongsai.publishing.round import PublishedRound
from prongsai.site.files.keep import Received, keep
from prongsai.site.nation.models import NationResult
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.project import project
from prongsai.site.rounds.models import Round

CODE, OTHER = "sim-00007", "sim-00008"
XSS = '<script>alert(1)</script>เทศบาลตำบล & "อื่น"'
NAMED = {
    "sim-00001": "องค์การบริหารส่วนตำบลบางปลาสร้อย",
    "sim-00002": "เทศบาลตำบลบางปลาสร้อย",
    "sim-00003": "เทศบาลเมืองศรีราชา",
    "sim-00004": "มหาวิทยาลัยราชภัฏตัวอย่าง",
    "sim-00005": XSS,
}


@lru_cache(maxsize=2)
def small_round(year: int) -> tuple[PublishedRound, bytes]:
    """A year as it is published, and the figures over all agencies."""
    gathered = gathered_nation(year).done()
    head = {"round": f"ITA {year}", "agencies_in_round": AGENCIES, "revision": 1}
    return of_gathered(gathered, Edition(dt.date(2026, 1, 5))), write(gathered, head, public=True)


def lay(of: Round, revision: int = 1) -> Release:
    """A round that everybody can read."""
    published, book = small_round(of.fiscal_year or 0)
    about = {"framework_id": of.framework_id, "framework_version": of.framework_version}
    kept = keep(Received("book.zip", "zip", book), None, None)
    result = NationResult.objects.create(
        round=of, revision=revision, file=kept, public_file=kept, agencies=AGENCIES, scored=AGENCIES,
        published_at=timezone.now(), **about,
    )  # fmt: skip
    made = Release.objects.create(
        round=of, revision=revision, result=result, state="done", agencies=AGENCIES, digest="ab" * 32,
        published_at=timezone.now(), **about,
    )  # fmt: skip
    project(made, published, dict.fromkeys(NAMED, "กระทรวงตัวอย่าง"))
    for code, name in NAMED.items():
        made.lines.filter(code=code).update(name=name)
    return made


def laid(cast: Cast) -> list[Release]:
    """This year and the last, newest first."""
    return [lay(cast.round), lay(cast.last_round)]
