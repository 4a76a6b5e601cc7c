"""From scores to a published round: of a whole nation in columns, or of single score sheets.

Both ask ``analysis.disclosure`` (the nation by ``national.disclosed``, which says the same for columns).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.documents.walk import clean
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.national.columns import Mask
from prongsai.national.counted import Counted, Integers
from prongsai.national.disclosed import shown_estimates, smallest_groups, withheld
from prongsai.national.nation import NOT_JUDGED
from prongsai.national.score import ORIGINS, NationScores, results_of
from prongsai.national.uncertain import Estimates
from prongsai.publishing import tables as about
from prongsai.publishing.framework_tables import NOT_APPLICABLE, survey_options
from prongsai.publishing.pinned import pinned
from prongsai.publishing.round import PublishedRound, framed
from prongsai.scoring import wide
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.structure import Node
from prongsai.thai.text import repair

WITHHELD = "withheld"


@dataclass(frozen=True)
class Edition:
    """Which publication it is: its number, its day, and what changed since the one before."""

    published: dt.date
    revision: int = 1
    note: str = ""


def of_nation(
    scores: NationScores, counted: Mapping[str, Counted], edition: Edition, estimates: Estimates | None = None
) -> PublishedRound:
    """A whole nation's round. Distributions of groups that are too small, or that answered alike, are left out.

    ``estimates``: standard errors and intervals as ``national.uncertain`` finds them, shown where they may be.
    """
    nation, framework = scores.nation, scores.nation.framework
    hidden = withheld(scores, dict(counted)) | _nation_pinned(scores, counted)
    codes = nation.agencies["code"]
    lines = range(len(codes))
    people = [_place(dict(nation.agencies.row(line, named=True))) for line in lines]
    for line in lines:
        people[line] |= _level(scores.level_names(line))
    sheets = [
        pl.DataFrame({"agency_code": codes, "node": name, "respondents": one.sheets.astype(np.int64)})
        for name, one in counted.items()
    ]
    return PublishedRound(
        framework,
        edition.revision,
        edition.published,
        _agencies(framework, people),
        _finished(about.SCORES, framework, [_nation_scores(scores, hidden)]),
        _finished(about.RESPONDENTS, framework, sheets),
        _finished(_distributions(framework), framework, _nation_distributions(scores, hidden, counted)),
        _finished(about.VERDICTS, framework, _nation_verdicts(scores)),
        scores.assumed,
        _line(edition.note),
        _finished(about.UNCERTAINTY, framework, _nation_uncertainty(scores, counted, hidden, estimates)),
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
        closed = pinned(sheet)
        for node in sheet.structure.nodes.values():
            told = {"origin": WITHHELD} if node.id in closed else _score(sheet, node)
            scored.append({"agency_code": code, "node": node.id, **told})
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
    if not frames:
        return framed(table, [])
    together = pl.concat(frames, how="diagonal")
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


def _nation_pinned(scores: NationScores, counted: Mapping[str, Counted]) -> Mask:
    """Nodes × agencies: ``pinned``, of the agencies that have a group below k at all."""
    found = np.zeros(scores.low.shape, bool)
    many = np.iinfo(np.int64).max
    smallest = smallest_groups(dict(counted), len(scores.nation.numbers)).values()
    groups = [np.where(group > 0, group, many) for group in smallest]
    few = np.min(groups, axis=0) < scores.nation.framework.disclosure.k if groups else np.zeros(0, bool)
    for line in np.flatnonzero(few):
        sheet = score(results_of(scores.nation, dict(counted), int(line)), scores.assumed)
        for node in pinned(sheet):
            found[scores.line(node), line] = True
    return found


def _nation_scores(scores: NationScores, hidden: Mask) -> pl.DataFrame:
    """All agencies and nodes. What is hidden and what nobody answered look alike: empty is not told from hidden."""
    agencies = len(scores.nation.numbers)
    known = ((scores.state >= 2) & ~hidden).T.ravel()
    names = np.array([ORIGINS[state] for state in range(len(ORIGINS))], dtype=object)[scores.state]
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
