"""The look at links in the background: fetched with care, told link by link, so that nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread

import httpx
from django.utils import timezone
from django_tasks import task

from prongsai.evidence import links as evidence_links
from prongsai.evidence.apart import Reader
from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.results import Result
from prongsai.evidence.run import Question, run
from prongsai.evidence.visit import Tools
from prongsai.site.base.jobs import alone
from prongsai.site.inspection.actions.check import links_of
from prongsai.site.inspection.copies import keeping, remember
from prongsai.site.inspection.models import Check, CheckRun, Link
from prongsai.site.rounds.models import Assessment

KEPT = {"confirmation": "submission", "inspection": "inspection"}  # looks that preserve what they see, and as what
_LOG = logging.getLogger(__name__)


def fetcher() -> Fetcher:
    """What opens links: the guarded fetcher."""
    return Fetcher()


@task()
def look(pk: int) -> None:
    """Look at the links of a run. Run again after a sudden end it goes on with those that were not looked at."""
    with alone("look", pk) as mine:
        if mine:
            _looked(pk)


def _looked(pk: int) -> None:
    found = CheckRun.objects.select_related("assessment__round", "assessment__agency", "evidence").get(pk=pk)
    if found.state in ("done", "failed"):
        return
    seen = found.checks.values_list("link_id", flat=True)
    links = list(links_of(found.assessment, found.evidence).exclude(pk__in=seen))
    found.state, found.total, found.done = "running", len(seen) + len(links), len(seen)
    found.save()
    try:
        _look(found, links)
    except Exception as error:
        _LOG.exception("check run %s", pk)
        found.state, found.error = "failed", type(error).__name__
    else:
        found.state = "done"
    found.ended_at = timezone.now()
    found.save()


def _look(found: CheckRun, links: Sequence[Link]) -> None:
    """Fetch in a thread of its own, since an event loop must not touch the database; keep results as they come."""
    told: SimpleQueue[Sequence[Result] | Exception | None] = SimpleQueue()
    # The line of a link in a table is here the number of its row.
    asked = [
        evidence_links.Link(link.pk, link.evidence.item, link.url, link.evidence.effective, link.evidence.note)
        for link in links
    ]
    question, kept = question_of(found.assessment), keeping() if found.occasion in KEPT else None

    def work() -> None:
        async def all_links() -> None:
            with Reader() as reader:
                async with fetcher() as opened:
                    await run(asked, question, Tools(opened, reader, kept), told.put, found.at if kept else None)

        try:
            asyncio.run(all_links())
        except Exception as error:
            told.put(error)
        finally:
            told.put(None)

    worker = Thread(target=work, name=f"check-run-{found.pk}", daemon=True)
    worker.start()
    while (results := told.get()) is not None:
        if isinstance(results, Exception):
            raise results
        _keep(found, results)
    worker.join()


def _keep(found: CheckRun, results: Sequence[Result]) -> None:
    for result in results:
        link = Link.objects.select_related("evidence").filter(pk=result.link.line).first()
        if link is not None:  # it may have been removed in the meantime
            if result.copy:
                remember(link, KEPT[found.occasion], result.copy)
            link.latest = Check.objects.create(
                link=link,
                run=found,
                url=result.link.url,
                at=result.at,
                severity=result.severity,
                sha256=result.sha256 or "",
                data=result.as_json(),
            )
            link.save(update_fields=["latest"])
    found.done += len(results)
    found.save(update_fields=["done"])


def question_of(assessment: Assessment) -> Question:
    """What the links are looked at for: the framework's elements, the agency's own site, last year's files."""
    return Question(assessment.round.framework, _host(assessment.agency.website), _hashes_before(assessment))


def _host(website: str) -> str | None:
    try:
        return httpx.URL(website).host or None
    except httpx.InvalidURL:
        return None


def _hashes_before(assessment: Assessment) -> dict[str, tuple[str, ...]] | None:
    """SHA-256 → items, of what the links of the year before showed; None where nothing was looked at."""
    year = assessment.round.fiscal_year
    if year is None:
        return None
    before = Link.objects.filter(
        evidence__assessment__agency=assessment.agency_id, evidence__assessment__round__fiscal_year=year - 1
    ).exclude(latest__sha256="")
    found: dict[str, tuple[str, ...]] = {}
    for sha256, item in before.exclude(latest=None).values_list("latest__sha256", "evidence__item"):
        found[sha256] = tuple(dict.fromkeys((*found.get(sha256, ()), item)))
    return found or None
