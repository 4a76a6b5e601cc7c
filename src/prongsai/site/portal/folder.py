"""An agency's year as a folder for its own website, made of what is published here and of nothing else."""

from __future__ import annotations

import fcntl
import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from prongsai import __version__
from prongsai.documents.notices.links import LinkTable
from prongsai.improvement.model import Plan, Progress
from prongsai.publishing.agency.model import Approval, Yearbook, figure
from prongsai.publishing.agency.write import write
from prongsai.publishing.gather import WITHHELD, Edition, of_sheets
from prongsai.publishing.lines import Line, lines
from prongsai.scoring.score import ScoreSheet
from prongsai.site.approval.models import Bundle, BundleState
from prongsai.site.inspection.models import Confirmation
from prongsai.site.inspection.table import table_of
from prongsai.site.opendata.reading import years_of
from prongsai.site.plans import models as plans
from prongsai.site.plans.convert import as_plan, as_progress
from prongsai.site.portal.caching import FRESH, missing
from prongsai.site.portal.found import published_agency
from prongsai.site.portal.published import Published
from prongsai.site.results.models import Result
from prongsai.site.results.sheet import sheet_of
from prongsai.site.rounds.models import Assessment

_KEPT = 200  # folders that stay made, the newest
_SECONDS = 20  # to come back after, while another is being made
_REPORTS = (("report_12", 12), ("report_6", 6))


def has_folder(code: str, slug: str) -> bool:
    """Whether the results of this year are kept here in full, so that the folder can be made. One query."""
    return Result.objects.filter(assessment__agency__code=code, assessment__round__slug=slug).exists()


@require_safe
def folder(request: HttpRequest, code: str, slug: str) -> HttpResponseBase:
    """The folder as ZIP, made once for what is published now. While another is made, asks to come back."""
    both = Assessment.objects.select_related("agency", "round")
    assessment = both.filter(agency__code=code, round__slug=slug).first()
    try:
        found = published_agency(code, slug)
        if assessment is None or not has_folder(code, slug):
            raise Http404(f"{code} {slug}")
        return _answer(request, found, _Own(assessment))
    except Http404:
        return missing(request, slug)


folder.public_page = True  # type: ignore[attr-defined]  # the same for everybody


def _answer(request: HttpRequest, found: Published, own: _Own) -> HttpResponseBase:
    tag = own.tag(found)
    early = get_conditional_response(request, etag=f'"{tag}"')
    response: HttpResponseBase = early or _sent(request, found, own, tag)
    if response.status_code in (200, 304):
        response.headers["ETag"] = f'"{tag}"'
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
    return response


def _sent(request: HttpRequest, found: Published, own: _Own, tag: str) -> HttpResponseBase:
    made = _place() / f"{tag}.zip"
    if not made.exists():
        with _alone() as free:
            if not free:
                wait = render(request, "portal/folder_wait.html", {"seconds": _SECONDS}, status=503)
                wait.headers["Retry-After"] = str(_SECONDS)
                return wait
            if not made.exists():
                _pack(own.book(found), made, f"ita-{found.slug}-{found.row.code}")
    name = f"ita-{found.slug}-{found.row.code}.zip"
    return FileResponse(made.open("rb"), as_attachment=True, filename=name, content_type="application/zip")


class _Own:
    """What an agency itself made public beside its results: approved plan and reports, its table of links."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        published = {"plan__assessment": assessment, "plan__state": plans.PlanState.PUBLISHED}
        self.bundles = list(
            Bundle.objects.filter(state=BundleState.APPROVED, **published)
            .select_related("plan")
            .prefetch_related("turns")
            .order_by("number")
        )
        standing = Confirmation.objects.filter(assessment=assessment, withdrawn_at=None)
        self.confirmation = standing.select_related("assessment__round").first()

    def tag(self, found: Published) -> str:
        """One word for all that the folder is made of."""
        told = (
            __version__,
            found.release.digest,
            found.row.pk,
            [(row.pk, row.release.digest) for row in years_of(found.row.code)],
            [(one.pk, one.digest, one.plan.revision) for one in self.bundles],
            self.confirmation and (self.confirmation.pk, self.confirmation.at.isoformat()),
        )
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]

    def book(self, found: Published) -> Yearbook:
        """The year, from the results that are published. Raises ``Http404`` where they are not kept here any more."""
        match = published_sheet(self.assessment, found.line)
        if match is None:
            raise Http404(found.row.code)
        sheet, closed = match
        plan, progress = self._plan()
        return Yearbook(
            sheet,
            timezone.localdate(found.release.published_at),
            found.row.code,
            tuple(_before(found)),
            plan,
            progress,
            self._links(),
            tuple(self._approvals()),
            closed=closed,
        )

    def _plan(self) -> tuple[Plan | None, Progress | None]:
        """The plan as approved, and the newest report that was approved, too."""
        approved = {bundle.subject: bundle for bundle in self.bundles if bundle.plan.kind == "measures"}
        for subject, months in _REPORTS:
            if subject in approved:
                found = as_progress(approved[subject].plan, months)  # type: ignore[arg-type]
                return found.plan, found
        return (as_plan(approved["plan"].plan), None) if "plan" in approved else (None, None)

    def _links(self) -> LinkTable | None:
        return table_of(self.confirmation) if self.confirmation else None

    def _approvals(self) -> Iterator[Approval]:
        for bundle in self.bundles:
            for turn in bundle.turns.all():
                if turn.verb and turn.at:
                    done = f"{turn.get_verb_display()} ({bundle.get_subject_display()})"
                    yield Approval(turn.position, turn.signed_as or None, done, timezone.localdate(turn.at))


def published_sheet(assessment: Assessment, line: Line) -> tuple[ScoreSheet, frozenset[str]] | None:
    """The revision of an assessment's results that was published, and what of it is not shown; None where none is.

    Found by its numbers, not by its day: every score that is published must be the sheet's own.
    """
    for result in assessment.results.order_by("-revision"):
        sheet = sheet_of(result)
        closed = _closed(sheet, line)
        if closed is not None:
            return sheet, closed
    return None


def _closed(sheet: ScoreSheet, line: Line) -> frozenset[str] | None:
    """What the published line does not show of a sheet; None where they are not the same numbers."""
    own = next(lines(of_sheets({line.code: sheet}, Edition(timezone.localdate()))))
    closed = {node for node, told in line.scores.items() if told[2] == WITHHELD}
    closed |= own.scores.keys() - line.scores.keys()
    closed |= own.counts.keys() - line.counts.keys()
    same = all(own.scores.get(node, told)[:2] == told[:2] for node, told in line.scores.items() if node not in closed)
    counts = all(own.counts.get(node) == told for node, told in line.counts.items() if node not in closed)
    levels = own.levels == line.levels
    return frozenset(closed) if same and counts and levels else None


def _before(found: Published) -> Iterator[ScoreSheet]:
    """Earlier years of which everything that a sheet shows is published."""
    rows = [row for row in years_of(found.row.code) if (row.release.round.fiscal_year or 0) < (found.year or 0)]
    of = {"agency__code": found.row.code, "round__in": [row.release.round for row in rows]}
    kept = {one.round_id: one for one in Assessment.objects.filter(**of).select_related("agency", "round")}
    for row in rows:
        match = published_sheet(kept[row.release.round_id], row.line) if row.release.round_id in kept else None
        if match and all(figure(match[0], node).hidden for node in match[1] if _tells(match[0], node)):
            yield match[0]


def _tells(sheet: ScoreSheet, node: str) -> bool:
    return node in sheet.values and sheet.values[node].informative


def _pack(book: Yearbook, target: Path, name: str) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as beside:
        # Documents in the agency's name only where it approved and published its own.
        made = write(book, Path(beside) / name, ("pdf",) if book.plan else ())
        whole = Path(beside) / "whole.zip"
        with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(made.rglob("*")):
                if path.is_file():
                    archive.write(path, f"{name}/{path.relative_to(made).as_posix()}")
        whole.replace(target)
    for old in sorted(target.parent.glob("*.zip"), key=lambda path: -path.stat().st_mtime)[_KEPT:]:
        old.unlink(missing_ok=True)


def _place() -> Path:
    place = Path(settings.OPENDATA).with_name("folders")  # may be lost: made again when asked for
    place.mkdir(parents=True, exist_ok=True)
    return place


@contextmanager
def _alone() -> Iterator[bool]:
    """Whether this is the only process that makes a folder now: strangers' wishes take one core at most."""
    with (_place() / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
