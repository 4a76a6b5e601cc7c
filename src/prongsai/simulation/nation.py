"""A whole invented nation written as a folder: agencies, sheets and verdicts in wide Parquet, the truth beside them.

::

    nation.yaml                 framework, version, seed, what it is
    agencies.parquet            number, code, name, kind, size, province, staff
    sheets/IIT/00000.parquet    one row per respondent: agency, respondent, one column per item row (positions, null)
    verdicts/OIT.parquet        one row per agency: one column per item (positions, -1 not applicable, null not judged)
    arrivals.parquet            sheets per agency, survey and day; single self-answered sheets carry no time
    truth/agencies.parquet      latent level, fault, spoiled sheets, the score of every row in endless honest answers
    truth/sheets.parquet        the spoiled sheets

Interviews alone carry surveyor, start and length, as surveyors' devices do. Agencies are drawn one by one from seeds of
their own, so the same seed gives the same nation on every machine, and another year the same agencies a year on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prongsai.framework import Framework
from prongsai.scoring.wide import AGENCIES_FILE, AGENCY, NATION_FILE, RESPONDENT, marks
from prongsai.simulation import answers
from prongsai.simulation.answers import Form, Ranks
from prongsai.simulation.faults import KINDS, Mask
from prongsai.simulation.population import Place, made_of, population
from prongsai.yaml_file import dump

CHUNK = 500  # agencies whose sheets are held at once, and written as one file per survey
_DAYS, _SURVEYORS = 75, 4


@dataclass(frozen=True)
class NationSpec:
    """What to simulate. ``faults`` are the kinds to plant (none: an honest nation), in ``faulty`` of the agencies,
    spoiling ``spoiled`` of the sheets of one survey there.
    """

    framework: Framework
    agencies: int
    seed: int = 1
    faults: tuple[str, ...] = tuple(KINDS)
    faulty: float = field(default_factory=lambda: float(made_of()["faults"]["agencies"]))
    spoiled: float = field(default_factory=lambda: float(made_of()["faults"]["sheets"]))


@dataclass(frozen=True)
class _Drawn:
    """What one agency contributes to one survey's file."""

    place: Place
    positions: Ranks
    spoiled: Mask
    arrivals: NDArray[np.int64]
    interviews: dict[str, NDArray[Any]]


def write_nation(spec: NationSpec, folder: Path) -> int:
    """Draw a nation and write it below ``folder``, a chunk of agencies at a time; returns how many sheets it has."""
    places = population(spec.framework, spec.agencies, spec.seed)
    surveys, checklists = answers.forms(spec.framework, spec.seed)
    faults = _faults(spec, places, surveys)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    _write_agencies(places, folder)
    writer = _Writer(spec, folder, surveys)
    truth: list[dict[str, Any]] = []
    judged: dict[str, list[Ranks]] = {form.layout.container: [] for form in checklists}
    for first in range(0, len(places), CHUNK):
        chunk: dict[str, list[_Drawn]] = {form.layout.container: [] for form in surveys}
        for place in places[first : first + CHUNK]:
            level = _level(spec, place)
            true: dict[str, Any] = {AGENCY: place.number, "level": level, "fault": faults.get(place.number)}
            for form in checklists:
                dice = _dice(spec, place, 50 + form.order)
                levels = answers.agency_levels(form, level, dice)
                judged[form.layout.container].append(answers.verdicts(form, levels, dice))
            for form in surveys:
                drawn, levels = _survey(spec, place, form, len(surveys), (level, faults.get(place.number)))
                chunk[form.layout.container].append(drawn)
                rows = zip(form.layout.rows, answers.expected(form, levels), strict=True)
                true |= {row.node: round(float(score), 6) for row, score in rows}
                true[f"{form.layout.container} spoiled"] = int(drawn.spoiled.sum())
            truth.append(true)
        writer.write(chunk)
    for form in checklists:
        _write_verdicts(spec.framework, form, places, judged[form.layout.container], folder)
    pl.DataFrame(truth).write_parquet(folder / "truth" / "agencies.parquet")
    writer.close()
    about = {
        "framework": spec.framework.id,
        "version": spec.framework.version,
        "fiscal_year": spec.framework.fiscal_year,
        "agencies": len(places),
        "sheets": {form.layout.container: count for form, count in zip(surveys, writer.counts, strict=True)},
        "seed": spec.seed,
        "source": "ข้อมูลจำลอง มิใช่ผลการประเมินของหน่วยงานจริง (simulated; no real agency)",
    }
    (folder / NATION_FILE).write_text(
        dump({key: value for key, value in about.items() if value is not None}), encoding="utf-8"
    )
    return sum(writer.counts)


def _level(spec: NationSpec, place: Place) -> float:
    """The agency's latent level: its own, which lasts, and the year's."""
    sd = made_of()["latent"]
    own = np.random.default_rng([spec.seed, place.number, 2]).normal(0, float(sd["agency"]))
    return float(own + _dice(spec, place, 49).normal(0, float(sd["year"])))


def _dice(spec: NationSpec, place: Place, what: int) -> np.random.Generator:
    return np.random.default_rng([spec.seed, place.number, crc32(spec.framework.id.encode()), what])


def _faults(spec: NationSpec, places: list[Place], surveys: list[Form]) -> dict[int, str]:
    """Which agencies get which fault, the kinds in turn; kinds whose survey the framework lacks are left out."""
    kinds = [kind for kind in spec.faults if KINDS[kind][0] == "inside" or len(surveys) > 1]
    count = round(len(places) * spec.faulty) if kinds else 0
    dice = np.random.default_rng([spec.seed, crc32(spec.framework.id.encode()), 3])
    chosen = dice.permutation([place.number for place in places])[:count]
    return {int(number): kinds[turn % len(kinds)] for turn, number in enumerate(chosen)}


def _survey(
    spec: NationSpec, place: Place, form: Form, surveys: int, latent: tuple[float, str | None]
) -> tuple[_Drawn, answers.Floats]:
    level, fault = latent
    dice = _dice(spec, place, form.order)
    levels = answers.agency_levels(form, level, dice)
    second = float(made_of()["answers"]["second_part"])
    shares = {0: 0.0, 1: 1.0 if surveys > 2 else 1 + second}
    count = place.inside if form.order == 0 else max(1, round(place.outside * shares.get(form.order, second)))
    ranks = answers.sheets(form, levels, count, dice)
    spoiled = np.zeros(count, bool)
    if fault and {"inside": 0, "outside": 1, "interviews": surveys - 1}[KINDS[fault][0]] == form.order:
        ranks, spoiled = KINDS[fault][1](form, ranks, max(1, round(count * spec.spoiled)), dice)
    else:
        fault = None
    order = dice.permutation(len(ranks))  # spoiled sheets lie anywhere
    ranks, spoiled = ranks[order], spoiled[order]
    interviews = _interviews(spoiled, fault, dice) if form.order >= 2 else {}
    days = _days(spoiled, fault, dice) if not interviews else np.zeros(0, np.int64)
    return _Drawn(place, form.positions(ranks), spoiled, days, interviews), levels


def _days(spoiled: Mask, fault: str | None, dice: np.random.Generator) -> NDArray[np.int64]:
    """Sheets per day of a self-answered survey: more as the close comes near; stuffed sheets come in on one day."""
    weights = np.linspace(0.3, 1.7, _DAYS) * dice.gamma(1.5, 1, _DAYS)
    counts = dice.multinomial(int((~spoiled).sum()), weights / weights.sum())
    burst = fault in ("stuffed", "coached", "copied")
    counts[dice.integers(_DAYS)] += int(spoiled.sum()) if burst else 0
    if not burst:
        counts += dice.multinomial(int(spoiled.sum()), weights / weights.sum())
    return counts


def _interviews(spoiled: Mask, fault: str | None, dice: np.random.Generator) -> dict[str, NDArray[Any]]:
    """Surveyor, start (seconds after the survey opened) and length (seconds) of each interview."""
    count = len(spoiled)
    day = dice.integers(0, _DAYS, count)
    started = day * 86_400 + dice.integers(9 * 3600, 17 * 3600, count)
    seconds = np.round(np.exp(dice.normal(5.6, 0.35, count))).astype(np.int64)
    surveyor = dice.integers(1, _SURVEYORS + 1, count)
    which = np.flatnonzero(spoiled)
    if fault == "invented":  # at a desk, one after the other, by one surveyor
        start = int(dice.integers(_DAYS)) * 86_400 + 13 * 3600
        started[which] = start + 300 * np.arange(len(which)) + dice.integers(0, 20, len(which))
        seconds[which] = 230 + dice.integers(0, 25, len(which))
        surveyor[which] = 1
    elif fault == "speeding":
        seconds[which] = 25 + dice.integers(0, 40, len(which))
        surveyor[which] = 1
    return {
        "surveyor": surveyor.astype(np.uint8),
        "started": started.astype(np.int32),
        "seconds": seconds.astype(np.int32),
    }


class _Writer:
    """Writes the sheets of one chunk after another, and what is known of them beside."""

    def __init__(self, spec: NationSpec, folder: Path, surveys: list[Form]) -> None:
        self.spec, self.folder, self.surveys = spec, folder, surveys
        self.counts = [0 for _ in surveys]
        self.chunks = 0
        self.arrivals: list[pl.DataFrame] = []
        self.spoiled: list[pl.DataFrame] = []

    def write(self, chunk: dict[str, list[_Drawn]]) -> None:
        for turn, form in enumerate(self.surveys):
            container = form.layout.container
            drawn = chunk[container]
            positions = np.vstack([one.positions for one in drawn])
            agency = np.repeat([one.place.number for one in drawn], [len(one.positions) for one in drawn])
            respondent = np.arange(1, len(positions) + 1, dtype=np.int64) + self.counts[turn]
            columns: dict[str, Any] = {AGENCY: agency.astype(np.int32), RESPONDENT: respondent}
            for name in drawn[0].interviews:
                columns[name] = np.concatenate([one.interviews[name] for one in drawn])
            columns |= {row.code: positions[:, k] for k, row in enumerate(form.layout.rows)}
            codes = [row.code for row in form.layout.rows]
            table = pl.DataFrame(columns).with_columns(pl.when(pl.col(codes) >= 0).then(pl.col(codes)))
            path = self.folder / "sheets" / container / f"{self.chunks:05d}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            table.write_parquet(path, metadata=marks(self.spec.framework, container))
            self.counts[turn] += len(positions)
            self._beside(container, drawn, table)
        self.chunks += 1

    def _beside(self, container: str, drawn: list[_Drawn], table: pl.DataFrame) -> None:
        spoiled = np.concatenate([one.spoiled for one in drawn])
        found = table.select(pl.lit(container).alias("container"), AGENCY, RESPONDENT).filter(pl.Series(spoiled))
        self.spoiled.append(found)
        for one in drawn:
            day = np.flatnonzero(one.arrivals)
            if len(day):
                self.arrivals.append(
                    pl.DataFrame({"day": day.astype(np.int16), "sheets": one.arrivals[day].astype(np.int32)}).select(
                        pl.lit(one.place.number, pl.Int32).alias(AGENCY), pl.lit(container).alias("container"), pl.all()
                    )
                )

    def close(self) -> None:
        pl.concat(self.spoiled).write_parquet(self.folder / "truth" / "sheets.parquet")
        if self.arrivals:
            pl.concat(self.arrivals).write_parquet(self.folder / "arrivals.parquet")


def _write_agencies(places: list[Place], folder: Path) -> None:
    table = pl.DataFrame(
        {
            AGENCY: pl.Series([place.number for place in places], dtype=pl.Int32),
            **{
                name: [getattr(place, name) for place in places]
                for name in ("code", "name", "kind", "size", "province")
            },
            "staff": pl.Series([place.staff for place in places], dtype=pl.Int32),
        }
    )
    table.write_parquet(folder / AGENCIES_FILE)


def _write_verdicts(framework: Framework, form: Form, places: list[Place], judged: list[Ranks], folder: Path) -> None:
    path = folder / "verdicts" / f"{form.layout.container}.parquet"
    path.parent.mkdir(exist_ok=True)
    stacked = np.vstack(judged)
    columns = {row.code: stacked[:, k] for k, row in enumerate(form.layout.rows)}
    agency = np.array([place.number for place in places], np.int32)
    pl.DataFrame({AGENCY: agency, **columns}).write_parquet(path, metadata=marks(framework, form.layout.container))
