"""A published round in a tenth of a second: two single sheets laid into files and rows, no nation gathered."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import zipfile
from dataclasses import replace
from typing import Any

from cast import Cast, give_results
from django.utils import timezone

from prongsai.framework import for_year
from prongsai.publishing.gather import Edition, of_sheets
from prongsai.publishing.opendata.release import release as write_release
from prongsai.publishing.read import SUMS
from prongsai.scoring.score import ScoreSheet, score
from prongsai.simulation.agency import Spec, simulate
from prongsai.site.files.keep import Received, keep
from prongsai.site.nation.models import NationResult
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.project import project
from prongsai.site.results.sheet import current_sheet
from prongsai.site.rounds.models import Round

DAY = dt.date(2026, 11, 21)
ODD = "<script>alert(1)</script> & “เทศบาล”"


def light(cast: Cast, of: Round | None = None, note: str = "", more: dict[str, ScoreSheet] | None = None) -> Release:
    """Publish the cast's agency, and one with an odd name, as the next revision of a round."""
    of = of or cast.round
    year = cast.assessment if of == cast.round else cast.agency.assessments.get(round=of)
    sheet = current_sheet(year) or give_results(year)
    odd = _odd(of.fiscal_year or 0)
    number = of.releases.count() + 1
    result = NationResult.objects.create(
        round=of, revision=number, framework_id=of.framework_id, framework_version=of.framework_version,
        file=keep(Received("nation.zip", "zip", f"{of.pk} {number}".encode()), None, None), agencies=2, scored=2,
    )  # fmt: skip
    made = Release(
        round=of, revision=number, result=result, framework_id=of.framework_id, agencies=2, note=note, dated=DAY,
        framework_version=of.framework_version,
    )  # fmt: skip
    if number == 1:
        shutil.rmtree(made.root, ignore_errors=True)
    sheets = {"muang": sheet, "odd": odd} | (more or {})
    written = write_release(of_sheets(sheets, Edition(DAY, number, note)), made.root, ("csv",))
    with zipfile.ZipFile(written.folder.with_suffix(".zip"), "w") as archive:
        archive.write(written.folder / SUMS, SUMS)
    made.digest = hashlib.sha256((written.folder / SUMS).read_bytes()).hexdigest()
    made.state, made.published_at = "done", timezone.now()
    made.save()
    project(made, written.published, {})
    return made


def withdraw(of: Round, reason: str = "พบข้อผิดพลาด") -> None:
    """Take a round back."""
    of.releases.update(withdrawn_at=timezone.now(), withdrawn_reason=reason)


_ODDS: dict[int, Any] = {}


def _odd(year: int) -> ScoreSheet:
    if year not in _ODDS:
        results = simulate(Spec(for_year(year), seed=7)).results
        about = {"name": ODD, "kind": "town_municipality", "province": "นครปฐม"}
        agency = results.agency.model_copy(update=about)
        _ODDS[year] = score(replace(results, agency=agency))
    return _ODDS[year]  # type: ignore[no-any-return]
