"""The nation in one page: what ``nation.json`` holds and the command prints. Scores are strings with two decimals."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np

from prongsai.national.change import REASONS, Changes
from prongsai.national.compared import Compared, whole
from prongsai.national.ranks import CONFIDENCE
from prongsai.scoring.interval import Interval, shown

FALSE_DISCOVERIES = 0.05
MOVERS = 10


def summary(found: Compared) -> dict[str, Any]:
    """Counts, both means with what they are means of, levels, and (where asked for) changes.

    ``mean_of_agencies``: each agency counts once. ``mean_by_respondents``: each by its respondents; null where nobody
    answers. Both over ``scored`` agencies. Levels that are not determined count as such.
    """
    scores, nation = found.scores, found.groups["nation"][0]
    framework = scores.nation.framework
    one = scores.levels.sum(axis=0) == 1
    levels = Counter(scores.level_names(int(line))[0] for line in np.flatnonzero(one))
    spreads = {name: nation.at(name) for name in whole(scores)}
    result: dict[str, Any] = {
        "framework": {"id": framework.id, "version": framework.version},
        "fiscal_year": framework.fiscal_year,
        "engine": found.engine,
        "agencies": nation.agencies,
        "sheets": {name: int(one.sheets.sum()) for name, one in found.counted.items()},
        "agencies_without_sheets": nation.without_sheets,
        "scored": {name: spread.scored for name, spread in spreads.items()},
        "mean_of_agencies": {name: _score(spread.mean) for name, spread in spreads.items()},
        "mean_by_respondents": {name: _score(spread.weighted) for name, spread in spreads.items()},
        "median_of_agencies": {name: _score(spread.median) for name, spread in spreads.items()},
        "levels": {band.name: levels[band.name] for band in framework.levels.bands},
        "level_not_determined": int((~one).sum()),
        "passing": {"surely": nation.surely, "possibly": nation.possibly},
        "withheld": int((found.hidden & (scores.state >= 2)).any(axis=0).sum()),
        "assumed": list(scores.assumed),
        "scored_by_fractions": len(scores.again),
        "uncertainty": found.estimates is not None,
    }
    if found.ranks:
        result["ranks"] = {
            "jointly": CONFIDENCE,
            "of": {name: int(both[0].of.max()) for name, both in found.ranks.items()},
        }
    if found.changes:
        result["changes"] = _changes(found, found.changes)
    if found.shrunk:
        variances = {name: round(one.variance, 6) for name, one in found.shrunk.items()}
        result["small_area"] = {"official": False, "variance_within_kinds": variances}
    if found.adjustment:
        known = [one.score for one in found.adjusted if one.score]
        result["adjusted"] = {
            "official": False,
            "title": found.adjustment.title,
            "decided_by": found.adjustment.decided_by,
            "agencies": len(known),
            "deducted_from": sum(one.deducted > 0 for one in found.adjusted),
        }
    return result


def _changes(found: Compared, changes: Changes) -> dict[str, Any]:
    """By node of the agency's page: how many were tested, went surely up or down, and the largest of these."""
    names = found.scores.nation.agencies["name"].to_list()
    nodes = {}
    for node in whole(found.scores):
        if node not in changes.nodes:
            continue
        line = changes.nodes.index(node)
        difference, sure = changes.difference[line], changes.found(FALSE_DISCOVERIES)[line]
        reasons = Counter(REASONS[int(code)] for code in changes.reason[line])
        order = np.flatnonzero(sure)[np.argsort(-np.abs(difference[sure]), kind="stable")]

        def movers(places: Any, line: int = line) -> list[dict[str, Any]]:
            return [
                {
                    "code": changes.codes[place],
                    "name": names[changes.lines[place]],
                    "before": f"{changes.before[line, place]:.2f}",
                    "after": f"{changes.after[line, place]:.2f}",
                    "q": float(f"{changes.q[line, place]:.3g}"),
                }
                for place in places[:MOVERS]
            ]

        nodes[node] = {
            **{name: reasons[name] for name in REASONS.values()},
            "up": int((sure & (difference > 0)).sum()),
            "down": int((sure & (difference < 0)).sum()),
            "most_up": movers(order[difference[order] > 0]),
            "most_down": movers(order[difference[order] < 0]),
        }
    return {
        "false_discovery_rate": FALSE_DISCOVERIES,
        "agencies": len(changes.codes),
        "only_before": len(changes.only_before),
        "only_after": len(changes.only_after),
        "nodes": nodes,
        "left_out": {name: why for name, why in changes.left_out.items() if name in whole(found.scores)},
    }


def _score(value: Interval | None) -> dict[str, str] | None:
    if value is None:
        return None
    low, high = (str(shown(Fraction(end))) for end in (value.low, value.high))
    return {"score": low} if value.exact else {"low": low, "high": high}
