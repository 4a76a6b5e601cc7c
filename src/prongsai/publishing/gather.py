"""From scores to a published round: of a whole nation in columns, or of single score sheets.

Both ask ``analysis.disclosure`` (the nation by ``national.disclosed``, which says the same for columns).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.documents.walk import clean
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.national.columns import Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.disclosed import shown_estimates, withheld
from prongsai.national.gather import Gathered
from prongsai.national.nation import NOT_JUDGED
from prongsai.national.score import ORIGINS, NationScores
from prongsai.national.uncertain import Estimates, estimates
from prongsai.publishing import tables as about
from prongsai.publishing.framework_tables import NOT_APPLICABLE, survey_options
from prongsai.publishing.round import PublishedRound, framed
from prongsai.scoring import wide
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Node
from prongsai.thai.text import repair

WITHHELD = "withheld"
_NOT_SAID = -1  # of respondents: how many is not known


@dataclass(frozen=True)
class Edition:
    """Which publication it is: its number, its day, and what changed since the one before."""

    published: dt.date
    revision: int = 1
    note: str = ""


def of_folder(folder: Path, edition: Edition, assume: Sequence[str] = ()) -> PublishedRound:
    """A nation's folder (``national.nation``), counted, scored and ready to be published, with standard errors."""
    from prongsai.national.engines import count, engine
    from prongsai.national.nation import open_nation
    from prongsai.national.score import score_nation

    nation = open_nation(folder)
    counted = count(nation, engine("polars"), moments=True)
    scores = score_nation(nation, counted, assume)
    return of_nation(scores, counted, edition, estimates(scores, counted))


def of_nation(
    scores: NationScores, counted: Mapping[str, Counted], edition: Edition, estimates: Estimates | None = None
) -> PublishedRound:
    """A whole nation's round. Distributions of groups that are too small, or that answered alike, are left out.

    ``estimates``: standard errors and intervals as ``national.uncertain`` finds them, shown where they may be.
    """
    sheets = {name: one.sheets.astype(np.int64) for name, one in counted.items()}
    hidden = withheld(scores, dict(counted))
    return _Columns(scores, counted, hidden, sheets).published(edition, estimates)


def of_gathered(gathered: Gathered, edition: Edition) -> PublishedRound:
    """The round of a live site, where answers collected there stand beside official numbers that were brought in."""
    scores = gathered.scores
    known = {name: np.where(sheets > 0, sheets, _NOT_SAID) for name, sheets in scores.sheets.items()}
    assumed = tuple(sorted({name for names in gathered.assumed for name in names}))
    columns = _Columns(scores, gathered.counted, gathered.hidden, known, gathered.given, assumed)
    return columns.published(edition, estimates(scores, gathered.summed))


@dataclass(frozen=True)
class _Columns:
    """A round in columns, on the way to its tables. ``sheets`` by survey; ``_NOT_SAID`` is left out."""

    scores: NationScores
    counted: Mapping[str, Counted]
    hidden: Mask
    sheets: dict[str, Integers]
    given: Mask | None = None
    assumed: tuple[str, ...] = ()

    def published(self, edition: Edition, estimated: Estimates | None) -> PublishedRound:
        """The tables."""
        scores, counted, hidden = self.scores, self.counted, self.hidden
        framework, codes = scores.nation.framework, scores.nation.agencies["code"]
        people = [
            _place(dict(scores.nation.agencies.row(line, named=True))) | _level(scores.level_names(line))
            for line in range(len(codes))
        ]
        asked = [
            pl.DataFrame({"agency_code": codes, "node": name, "respondents": sheets}).filter(
                pl.col("respondents") != _NOT_SAID
            )
            for name, sheets in self.sheets.items()
        ]
        return PublishedRound(
            framework,
            edition.revision,
            edition.published,
            _agencies(framework, people),
            _finished(about.SCORES, framework, [_nation_scores(scores, hidden, self.given)]),
            _finished(about.RESPONDENTS, framework, asked),
            _finished(_distributions(framework), framework, _nation_distributions(scores, hidden, counted)),
            _finished(about.VERDICTS, framework, _nation_verdicts(scores)),
            self.assumed or scores.assumed,
            _line(edition.note),
            _finished(about.UNCERTAINTY, framework, _nation_uncertainty(scores, counted, hidden, estimated)),
        )


def of_sheets(sheets: Mapping[str, ScoreSheet], edition: Edition) -> PublishedRound:
    """The round of some agencies, by their codes: one for an agency's own page, or a folder of results files.

    Raises ``InputError`` where they are not all of one framework, or none is given.
    """
    framework = _one_framework(sheets)
    people, respondents, distributed, verdicts, scored = [], [], [], [], []
    for code, sheet in sheets.items():
        agency = sheet.results.agency
        found = {"code": code, "name": agency.name, "kind": agency.kind, "province": agency.province}
        people.append(_place(found) | _level(sheet.level.names))
        for node in sheet.structure.nodes.values():
            scored.append({"agency_code": code, "node": node.id, **_score(sheet, node)})
            distributed += _tally(sheet, node, code)
            verdicts += _verdict(sheet, node, code)
        counts = sheet.results.respondents
        respondents += [{"agency_code": code, "node": name, "respondents": counts[name]} for name in counts]
    first = next(iter(sheets.values()))
    return PublishedRound(
        framework,
        edition.revision,
        edition.published,
        _agencies(framework, people),
        _lines(about.SCORES, framework, scored),
        _lines(about.RESPONDENTS, framework, respondents),
        _lines(_distributions(framework), framework, distributed),
        _lines(about.VERDICTS, framework, verdicts),
        first.assumed,
        _line(edition.note),
    )


def _one_framework(sheets: Mapping[str, ScoreSheet]) -> Framework:
    found = {sheet.framework.id: sheet.framework for sheet in sheets.values()}
    if len(found) != 1:
        names = ", ".join(sorted(found)) or "-"
        raise InputError(
            Problem(
                "publish.frameworks",
                names,
                "ผลที่เผยแพร่เป็นชุดเดียวกันต้องเป็นของกรอบการประเมินเดียว",
                f"one publication holds one framework; found: {names}",
                "โปรดเลือกผลของปีเดียว เช่น --fiscal-year 2568",
            )
        )
    return next(iter(found.values()))


def _place(found: dict[str, Any]) -> dict[str, Any]:
    return {
        "agency_code": _line(found["code"]),
        "agency_name_th": _line(found["name"]) or _line(found["code"]),
        "kind": found["kind"],
        "kind_th": AGENCY_KINDS.get(found["kind"] or ""),
        "province": _line(found["province"]) or None,
    }


def _line(text: str | None) -> str:
    """Text as one line, repaired: what people typed may hold anything."""
    return " ".join(clean(repair(text or "")).split())


def _level(names: Sequence[str]) -> dict[str, str | None]:
    return {"level": names[0] if len(names) == 1 else None, "levels_possible": "|".join(names) or None}


def _agencies(framework: Framework, people: list[dict[str, Any]]) -> pl.DataFrame:
    return _lines(about.AGENCIES, framework, people)


def _lines(table: about.Table, framework: Framework, lines: list[dict[str, Any]]) -> pl.DataFrame:
    return framed(table, [{"fiscal_year_be": framework.fiscal_year, **line} for line in lines])


def _finished(table: about.Table, framework: Framework, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Frames under each other with the table's columns, types and order; columns that are missing are empty."""
    told = [frame for frame in frames if len(frame)]  # an empty one has lost its types
    if not told:
        return framed(table, [])
    together = pl.concat(told, how="diagonal")
    missing = [pl.lit(None).alias(name) for name in table.schema if name not in together.columns]
    year = pl.lit(framework.fiscal_year, pl.Int64).alias("fiscal_year_be")
    full = together.with_columns(missing).with_columns(year)
    return full.select(list(table.schema)).cast(table.schema).sort(table.key)  # type: ignore[arg-type]


def _distributions(framework: Framework) -> about.Table:
    return about.distributions(survey_options(framework))


def _score(sheet: ScoreSheet, node: Node) -> dict[str, Any]:
    value = sheet.values[node.id]
    if not may_show_score(sheet, node.id).shown:
        return {"origin": WITHHELD}
    if not value.informative:
        return {"origin": value.origin}
    low, high = shown(value.interval.low), shown(value.interval.high)
    return {"score": low if value.interval.exact else None, "low": low, "high": high, "origin": value.origin}


def _tally(sheet: ScoreSheet, node: Node, code: str) -> list[dict[str, Any]]:
    """The line of an item row, where it may be shown."""
    tally, leaf = sheet.results.tallies.get(node.id), node.leaf
    surveys = {inst.code for inst in sheet.framework.instruments if inst.kind == "survey"}
    if tally is None or node.instrument not in surveys or leaf is None or leaf.scale is None:
        return []
    if not tally.respondents or not may_show_tally(sheet, node.id).shown:
        return []
    counts = {about.OPTION + option.key: tally.counts.get(option.key, 0) for option in leaf.scale.options}
    return [{"agency_code": code, "node": node.id, **counts}]


def _verdict(sheet: ScoreSheet, node: Node, code: str) -> list[dict[str, Any]]:
    tally = sheet.results.tallies.get(node.id)
    lists = {inst.code for inst in sheet.framework.instruments if inst.kind == "checklist"}
    if tally is None or node.instrument not in lists:
        return []
    chosen = next((option for option, count in tally.counts.items() if count), NOT_APPLICABLE)
    return [{"agency_code": code, "node": node.id, "verdict": chosen}]


def _nation_scores(scores: NationScores, hidden: Mask, given: Mask | None) -> pl.DataFrame:
    """All agencies and nodes. What is hidden and what nobody answered look alike: empty is not told from hidden."""
    agencies = len(scores.nation.numbers)
    known = ((scores.state >= 2) & ~hidden).T.ravel()
    names = np.array([ORIGINS[state] for state in range(len(ORIGINS))], dtype=object)[scores.state]
    if given is not None:
        names[given] = "given"
    names[hidden] = WITHHELD
    table = pl.DataFrame(
        {
            "agency_code": scores.nation.agencies["code"].gather(np.repeat(np.arange(agencies), len(scores.nodes))),
            "node": pl.Series(list(scores.nodes)).gather(np.tile(np.arange(len(scores.nodes)), agencies)),
            "low": _decimals(scores.shown_low.T.ravel()),
            "high": _decimals(scores.shown_high.T.ravel()),
            "exact": scores.exact.T.ravel(),
            "origin": pl.Series(names.T.ravel().tolist(), dtype=pl.String),
        }
    )
    there = pl.Series(known)
    return table.select(
        "agency_code",
        "node",
        pl.when(there & pl.col("exact")).then("low").alias("score"),
        *(pl.when(there).then(name).alias(name) for name in ("low", "high")),
        "origin",
    )


def _nation_distributions(scores: NationScores, hidden: Mask, counted: Mapping[str, Counted]) -> list[pl.DataFrame]:
    found = []
    for one in counted.values():
        for place, row in enumerate(one.layout.rows):
            counts = one.counts[:, one.layout.starts[place] : one.layout.starts[place + 1]]
            shown_here = ((counts > 0).sum(axis=1) > 1) & ~hidden[scores.line(row.node)]
            codes = scores.nation.agencies["code"].filter(pl.Series(shown_here))
            columns = {about.OPTION + key: counts[shown_here, at] for at, key in enumerate(row.options)}
            found.append(pl.DataFrame({"agency_code": codes, "node": row.node, **columns}))
    return found


def _nation_uncertainty(
    scores: NationScores, counted: Mapping[str, Counted], hidden: Mask, estimates: Estimates | None
) -> list[pl.DataFrame]:
    if estimates is None:
        return []
    found, codes = shown_estimates(estimates, scores, dict(counted), hidden), scores.nation.agencies["code"]
    nodes, lines = np.nonzero(~np.isnan(found.se))
    columns = {"standard_error": (found.se, 4), "low95": (found.low, 2), "high95": (found.high, 2)}
    numbers = {
        name: pl.Series(values[nodes, lines]).fill_nan(None).round(places).cast(about.UNCERTAINTY.schema[name])
        for name, (values, places) in columns.items()
    }
    return [pl.DataFrame({"agency_code": codes.gather(lines), "node": pl.Series(found.nodes).gather(nodes), **numbers})]


def _nation_verdicts(scores: NationScores) -> list[pl.DataFrame]:
    found, codes = [], scores.nation.agencies["code"]
    for layout, verdicts in scores.nation.verdicts.values():
        for place, row in enumerate(layout.rows):
            judged = verdicts[:, place] != NOT_JUDGED
            names = np.array([*row.options, NOT_APPLICABLE], dtype=object)[_position(verdicts[judged, place])]
            found.append(
                pl.DataFrame(
                    {
                        "agency_code": codes.filter(pl.Series(judged)),
                        "node": row.node,
                        "verdict": pl.Series(names.tolist(), dtype=pl.String),
                    }
                )
            )
    return found


def _position(verdicts: Integers) -> Integers:
    """Positions in the options with one more for what does not apply (which is the last)."""
    return np.where(verdicts == wide.ABSENT, -1, verdicts)


def _decimals(hundredths: Integers) -> pl.Series:
    wide_type = pl.Decimal(12, 2)
    return (pl.Series(hundredths).cast(wide_type) * pl.Series([Decimal("0.01")], dtype=wide_type)).cast(about.SCORE)
