"""A round written as a nation's folder, so that what reads such folders reads the live site, too.

Only closed surveys: their answers are mixed and name nobody. The folder holds single answers; it lies in a private
place and is gone when the work is done. What a live site does not know is left out: interviews lose their answer when
it goes into the letterbox, so no sheet says who held it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Tally
from prongsai.scoring.wide import (
    ABSENT,
    AGENCIES_FILE,
    AGENCY,
    NATION_FILE,
    RESPONDENT,
    Layout,
    containers,
    layout,
    marks,
)
from prongsai.site.agencies.models import Agency
from prongsai.site.inspection.models import Link, State
from prongsai.site.plans.models import Measure
from prongsai.site.results.models import Result
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Answer, Day, Form, SurveyState
from prongsai.survey.answers import CHARACTERS
from prongsai.yaml_file import dump

_AT_ONCE = 300  # agencies whose sheets are held at once
_BYTES = np.full(128, -1, np.int8)
for _position, _character in enumerate(CHARACTERS):
    _BYTES[ord(_character)] = _position


def has_answers(of: Round) -> bool:
    """Whether there is any answer to look at."""
    return Answer.objects.filter(box__survey__assessment__round=of, box__survey__state=SurveyState.CLOSED).exists()


def write_folder(of: Round, folder: Path) -> None:
    """Write agencies, sheets, verdicts, and what lies beside them: arrivals, links, measures."""
    agencies = list(Agency.objects.filter(assessments__round=of).select_related("parent").order_by("pk"))
    about = {"framework": of.framework.id, "version": of.framework.version, "source": "live"}
    (folder / NATION_FILE).write_text(dump(about), encoding="utf-8")
    _agencies(agencies).write_parquet(folder / AGENCIES_FILE)
    for container in containers(of.framework, "survey"):
        _sheets(of, container, [one.pk for one in agencies], folder)
    for container in containers(of.framework, "checklist"):
        _verdicts(of, container, folder)
    _beside(of, folder)


def _agencies(agencies: list[Agency]) -> pl.DataFrame:
    texts: dict[str, list[str]] = {
        name: [getattr(one, name) for one in agencies] for name in ("code", "name", "kind", "province")
    }
    texts["ministry"] = [one.parent.name if one.parent else "" for one in agencies]
    return pl.DataFrame(
        {
            AGENCY: pl.Series([one.pk for one in agencies], dtype=pl.Int64),
            **{name: pl.Series(values, dtype=pl.String) for name, values in texts.items()},
            "staff": pl.Series([one.staff for one in agencies], dtype=pl.Int64),
        }
    )


def _sheets(of: Round, container: str, agencies: list[int], folder: Path) -> None:
    target = folder / "sheets" / container
    target.mkdir(parents=True)
    rows = layout(structure(of.framework), container)
    number = 0
    for part, start in enumerate(range(0, len(agencies), _AT_ONCE)):
        owners, positions = _positions(of, rows, agencies[start : start + _AT_ONCE])
        if not len(owners):
            continue
        columns = {row.code: pl.Series(positions[:, k]) for k, row in enumerate(rows.rows)}
        table = pl.DataFrame(
            {
                AGENCY: owners.astype(np.int64),
                RESPONDENT: np.arange(number, number + len(owners), dtype=np.int64),
                **columns,
            }
        )
        empty = [pl.when(pl.col(code) >= 0).then(pl.col(code)).alias(code) for code in columns]
        table = table.with_columns(empty)
        table.write_parquet(target / f"{part:05}.parquet", metadata=marks(of.framework, container))
        number += len(owners)
    if not number:
        target.rmdir()


def _positions(of: Round, rows: Layout, agencies: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """The agency of each answer, and the positions of its options in the framework's order; -1 for no answer."""
    given = Answer.objects.filter(
        box__survey__assessment__round=of,
        box__survey__assessment__agency__in=agencies,
        box__survey__container=rows.container,
        box__survey__state=SurveyState.CLOSED,
    )
    found = given.order_by("box__survey__assessment__agency_id", "pk")
    lines = list(found.values_list("box__survey__assessment__agency_id", "form_id", "packed"))
    owners = np.array([line[0] for line in lines], np.int64)
    positions = np.full((len(lines), len(rows.rows)), -1, np.int8)
    versions = np.array([line[1] for line in lines])
    for version in sorted(set(versions.tolist())):
        here = np.flatnonzero(versions == version)
        packed = "".join(lines[place][2] for place in here).encode("ascii")
        raw = _BYTES[np.frombuffer(packed, np.uint8).reshape(len(here), -1)]
        for k, (column, order) in enumerate(_places(version, rows)):
            if column >= 0:
                positions[here, k] = order[raw[:, column]]
    return owners, positions


def _places(version: str, rows: Layout) -> list[tuple[int, NDArray[np.int8]]]:
    """For each row its character in answers of a questionnaire, and where the questionnaire's options stand."""
    form = _form(version)
    lines = {line.code: (place, line.options) for place, line in enumerate(form.lines)}
    found = []
    for row in rows.rows:
        place, options = lines.get(row.code, (-1, ()))
        order = [row.options.index(option) if option in row.options else -1 for option in options]
        found.append((place, np.array([*order, -1], np.int8)))  # -1, no answer, looks at the last
    return found


@lru_cache(maxsize=64)
def _form(version: str) -> Any:
    """A questionnaire by its version, which is a digest of it."""
    return Form.objects.get(pk=version).asked


def _verdicts(of: Round, container: str, folder: Path) -> None:
    """The verdicts that each agency's newest results rest on."""
    from prongsai.scoring.results import from_yaml
    from prongsai.yaml_file import YamlFile

    rows = layout(structure(of.framework), container)
    lines = []
    for result in _newest(of):
        tallies = from_yaml(YamlFile(f"result-{result.pk}", result.data)).tallies
        line: dict[str, int | None] = {AGENCY: result.assessment.agency_id}
        line |= {row.code: _chosen(tallies.get(row.node), row.options) for row in rows.rows}
        if any(value is not None for code, value in line.items() if code != AGENCY):
            lines.append(line)
    if lines:
        (folder / "verdicts").mkdir(exist_ok=True)
        schema = {AGENCY: pl.Int64(), **{row.code: pl.Int8() for row in rows.rows}}
        table = pl.DataFrame(lines, schema=schema)
        table.write_parquet(folder / "verdicts" / f"{container}.parquet", metadata=marks(of.framework, container))


def _newest(of: Round) -> Iterator[Result]:
    last = 0
    rows = Result.objects.filter(assessment__round=of).select_related("assessment")
    for result in rows.order_by("assessment_id", "-revision").iterator(chunk_size=200):
        if result.assessment_id != last:
            last = result.assessment_id
            yield result


def _chosen(tally: Tally | None, options: tuple[str, ...]) -> int | None:
    if tally is None:
        return None
    return next((place for place, key in enumerate(options) if tally.counts.get(key)), ABSENT)


def _beside(of: Round, folder: Path) -> None:
    """Answers a day, links and whether they are dead, texts of measures; a table that would be empty is left out."""
    days = Day.objects.filter(survey__assessment__round=of, survey__state=SurveyState.CLOSED).order_by("day")
    arrivals = list(days.values_list("survey__assessment__agency_id", "survey__container", "day", "filed"))
    if arrivals:
        first = arrivals[0][2]
        lines = [(agency, container, (day - first).days, filed) for agency, container, day, filed in arrivals]
        schema = {AGENCY: pl.Int64(), "container": pl.String(), "day": pl.Int64(), "sheets": pl.Int64()}
        _table(lines, schema).write_parquet(folder / "arrivals.parquet")
    _links(of, folder)
    measures = Measure.objects.filter(point__plan__assessment__round=of).order_by("pk")
    texts = list(measures.values_list("point__plan__assessment__agency_id", "pk", "title"))
    if texts:
        told = {AGENCY: pl.Int64(), "measure": pl.Int64(), "text": pl.String()}
        _table(texts, told).write_parquet(folder / "texts.parquet")


def _links(of: Round, folder: Path) -> None:
    rows = Link.objects.filter(evidence__assessment__round=of, evidence__state=State.FINAL)
    checklist = next(iter(containers(of.framework, "checklist")), "")
    known = {row.code for row in layout(structure(of.framework), checklist).rows} if checklist else set()
    fields = ("evidence__assessment__agency_id", "evidence__item", "url", "latest__data")
    found = []
    for agency, item, url, seen in rows.values_list(*fields):
        if item in known:
            found.append((agency, checklist, item, urlsplit(url).hostname or "", _dead(seen)))
    if found:
        texts = dict.fromkeys(("container", "item", "host"), pl.String())
        _table(found, {AGENCY: pl.Int64(), **texts, "dead": pl.Boolean()}).write_parquet(folder / "links.parquet")


def _dead(seen: dict[str, Any] | None) -> bool | None:
    """Whether a link could not be opened when it was last looked at; None where nobody looked."""
    if seen is None:
        return None
    told = seen.get("findings", [])
    return any(one["severity"] == "error" and one["code"].startswith("reachable.") for one in told)


def _table(lines: list[Any], schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(lines, schema=schema, orient="row")
