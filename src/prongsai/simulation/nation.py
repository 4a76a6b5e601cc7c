"""A whole invented nation written as a folder: agencies, sheets and verdicts in wide Parquet, the truth beside them.

::

    nation.yaml                 framework, version, seed, what it is
    agencies.parquet            number, code, name, kind, size, province, ministry, staff
    sheets/IIT/00000.parquet    one row per respondent: agency, respondent, one column per item row (positions, null)
    verdicts/OIT.parquet        one row per agency: one column per item (positions, -1 not applicable, null not judged)
    arrivals.parquet            sheets per agency, survey and day; single self-answered sheets carry no time
    links.parquet               links as a later check found them: agency, container, item, host, dead (or null)
    texts.parquet               measures that agencies wrote: agency, measure, text
    truth/agencies.parquet      latent level, fault, spoiled sheets, the score of every row in endless honest answers;
                                ``links``: dead though every verdict is the best; ``texts``: copied from ``text_from``
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
from prongsai.simulation import answers, links, texts, times
from prongsai.simulation.answers import Difficulty, Form, Ranks
from prongsai.simulation.faults import BESIDE, HELD_OUT, KINDS, Mask, Office
from prongsai.simulation.population import Place, made_of, population
from prongsai.yaml_file import dump

CHUNK = 500  # agencies whose sheets are held at once, and written as one file per survey
_PLANTED = KINDS | HELD_OUT


@dataclass(frozen=True)
class NationSpec:
    """What to simulate. ``faults`` are the kinds to plant (none: an honest nation), in ``faulty`` of the agencies,
    spoiling ``spoiled`` of the sheets of one survey there; ``BESIDE`` are planted in agencies of their own.
    ``difficulty``: what answers are drawn from (``answers.difficulty`` by name).
    """

    framework: Framework
    agencies: int
    seed: int = 1
    faults: tuple[str, ...] = (*KINDS, *BESIDE)
    faulty: float = field(default_factory=lambda: float(made_of()["faults"]["agencies"]))
    spoiled: float = field(default_factory=lambda: float(made_of()["faults"]["sheets"]))
    difficulty: Difficulty = field(default_factory=answers.difficulty)


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
    surveys, checklists = answers.forms(spec.framework, spec.seed, spec.difficulty)
    faults = _faults(spec, places, surveys)
    (folder / "truth").mkdir(parents=True, exist_ok=True)
    _write_agencies(places, folder)
    writer = _Writer(spec, folder, surveys)
    truth: list[dict[str, Any]] = []
    judged: dict[str, list[Ranks]] = {form.layout.container: [] for form in checklists}
    for first in range(0, len(places), CHUNK):
        chunk: dict[str, list[_Drawn]] = {form.layout.container: [] for form in surveys}
        for turn, place in enumerate(places[first : first + CHUNK], first):
            level, fault = _level(spec, place), faults.get(place.number)
            true: dict[str, Any] = {AGENCY: place.number, "level": level, "fault": fault}
            for form in checklists:
                dice = _dice(spec, place, 50 + form.order)
                levels = answers.agency_levels(form, level, dice)
                judged[form.layout.container].append(answers.verdicts(form, levels, dice))
            for form in surveys:
                drawn, levels = _survey(spec, places, turn, (form, surveys), fault)
                chunk[form.layout.container].append(drawn)
                rows = zip(form.layout.rows, answers.expected(form, levels), strict=True)
                true |= {row.node: round(float(score), 6) for row, score in rows}
                true[f"{form.layout.container} spoiled"] = int(drawn.spoiled.sum())
            truth.append(true)
        writer.write(chunk)
    for form in checklists:
        _write_verdicts(spec.framework, form, places, judged[form.layout.container], folder)
    told = pl.DataFrame(truth)
    beside = [_write_links(spec, form, places, judged[form.layout.container], folder) for form in checklists[:1]]
    beside.append(_write_texts(spec, places, folder))
    pl.concat([told, *beside], how="horizontal").write_parquet(folder / "truth" / "agencies.parquet")
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
    own = np.random.default_rng([spec.seed, place.number, 2]).normal(0, spec.difficulty.agency)
    return float(own + _dice(spec, place, 49).normal(0, spec.difficulty.year))


def _dice(spec: NationSpec, place: Place, what: int) -> np.random.Generator:
    return np.random.default_rng([spec.seed, place.number, crc32(spec.framework.id.encode()), what])


def _faults(spec: NationSpec, places: list[Place], surveys: list[Form]) -> dict[int, str]:
    """Which agencies get which fault, the kinds in turn; kinds whose survey the framework lacks are left out."""
    kinds = [name for name in spec.faults if name not in BESIDE]
    kinds = [name for name in kinds if _PLANTED[name].survey == "inside" or len(surveys) > 1]
    count = round(len(places) * spec.faulty) if kinds else 0
    dice = np.random.default_rng([spec.seed, crc32(spec.framework.id.encode()), 3])
    chosen = dice.permutation([place.number for place in places])[:count]
    return {int(number): kinds[turn % len(kinds)] for turn, number in enumerate(chosen)}


def _survey(
    spec: NationSpec, places: list[Place], turn: int, forms: tuple[Form, list[Form]], fault: str | None
) -> tuple[_Drawn, answers.Floats]:
    """What the agency at ``turn`` of the list contributes to one survey, and its true levels. ``forms``: this, all."""
    place, (form, surveys) = places[turn], forms
    dice = _dice(spec, place, form.order)
    levels, ranks = _honest(spec, place, form, len(surveys), dice)
    spoiled, kind = np.zeros(len(ranks), bool), _PLANTED[fault] if fault else None
    if kind and {"inside": 0, "outside": 1, "interviews": len(surveys) - 1}[kind.survey] == form.order:

        def neighbour() -> Ranks:
            other = _neighbour(places, turn)
            return _honest(spec, other, form, len(surveys), _dice(spec, other, form.order))[1]

        ranks, spoiled = kind.spoil(Office(form, ranks, kind.count(len(ranks), spec.spoiled), dice, neighbour))
    else:
        kind = None
    order = dice.permutation(len(ranks))  # spoiled sheets lie anywhere
    ranks, spoiled = ranks[order], spoiled[order]
    held = times.interviews(spoiled, kind, dice) if form.order >= 2 else {}
    days = np.zeros(0, np.int64) if held else times.arrivals(spoiled, kind, dice, spec.difficulty.gatherings)
    return _Drawn(place, form.positions(ranks), spoiled, days, held), levels


def _honest(
    spec: NationSpec, place: Place, form: Form, surveys: int, dice: np.random.Generator
) -> tuple[answers.Floats, Ranks]:
    """The true levels of an agency and the sheets that come back, before anything is planted."""
    levels = answers.agency_levels(form, _level(spec, place), dice)
    second = float(made_of()["answers"]["second_part"])
    shares = {0: 0.0, 1: 1.0 if surveys > 2 else 1 + second}
    count = place.inside if form.order == 0 else max(1, round(place.outside * shares.get(form.order, second)))
    return levels, answers.sheets(form, levels, count, dice)


def _neighbour(places: list[Place], turn: int) -> Place:
    """The next agency of the same kind, the list taken as a ring; the agency itself where it is the only one."""
    ring = places[turn + 1 :] + places[: turn + 1]
    return next(other for other in ring if other.kind == places[turn].kind)


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
            "ministry": pl.Series([place.ministry for place in places], dtype=pl.String),
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


def _some(spec: NationSpec, kind: str, among: list[int]) -> set[int]:
    """Which agencies get a fault beside the answers."""
    share = spec.faulty * float(made_of()["beside"][kind]) if kind in spec.faults else 0.0
    dice = np.random.default_rng([spec.seed, crc32(spec.framework.id.encode()), 4 + BESIDE.index(kind)])
    return {int(number) for number in dice.permutation(among)[: round(len(among) * share)]}


def _write_links(spec: NationSpec, form: Form, places: list[Place], judged: list[Ranks], folder: Path) -> pl.DataFrame:
    """Links of a checklist; returns what is true of each agency's."""
    whole = [place.number for place, one in zip(places, judged, strict=True) if links.perfect(form.layout, one)]
    planted = _some(spec, "dead_links", whole)
    found = [
        links.links(form.layout, place, one, _dice(spec, place, 60), place.number in planted)
        for place, one in zip(places, judged, strict=True)
    ]
    links.table(form.layout, found).write_parquet(folder / "links.parquet")
    told = ["dead" if place.number in planted else None for place in places]
    return pl.DataFrame({"links": pl.Series(told, dtype=pl.String)})


def _write_texts(spec: NationSpec, places: list[Place], folder: Path) -> pl.DataFrame:
    """Measures of all agencies; returns who copied them, and from whom."""
    copiers = _some(spec, "copied_texts", [place.number for place in places])
    near: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        if place.number not in copiers and texts.composes(_dice(spec, place, 70)):
            near.setdefault((place.kind, place.province), []).append(place)
            near.setdefault((place.kind, ""), []).append(place)
    sources: dict[int, int] = {}
    lines: list[tuple[int, int, str]] = []
    for place in places:
        dice = _dice(spec, place, 70)
        written = texts.measures(place, dice)
        others = near.get((place.kind, place.province)) or near.get((place.kind, ""), [])
        if place.number in copiers and others:
            source = others[int(dice.integers(len(others)))]
            sources[place.number] = source.number
            theirs = texts.measures(source, _dice(spec, source, 70))
            written = texts.copied(theirs, source, place, dice)
        lines += [(place.number, turn, text) for turn, text in enumerate(written, 1)]
    schema = {AGENCY: pl.Int32, "measure": pl.Int16, "text": pl.String}
    pl.DataFrame(lines, schema=schema, orient="row").write_parquet(folder / "texts.parquet")
    source_of = [sources.get(place.number) for place in places]
    copied_from = set(sources.values())
    told = [
        "copied" if own else "source" if place.number in copied_from else None
        for own, place in zip(source_of, places, strict=True)
    ]
    return pl.DataFrame({"texts": pl.Series(told, dtype=pl.String), "text_from": pl.Series(source_of, dtype=pl.Int32)})
