"""The agencies of a simulated nation: kinds in their real proportions, sizes, provinces, staff, people asked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from prongsai.framework import Framework, by_id
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.wide import containers
from prongsai.survey.sample import required
from prongsai.yaml_file import read

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Place:
    """One invented agency before anybody answers. ``inside`` and ``outside``: how many sheets come back.

    ``ministry`` None: agencies of its kind belong to none, or it was not invented.
    """

    number: int
    code: str
    name: str
    kind: str
    size: str
    province: str
    ministry: str | None
    staff: int
    inside: int
    outside: int


@cache
def made_of() -> dict[str, Any]:
    """The figures of ``nation.yaml``, each with its source or marked as ours."""
    data = read(Path(__file__).parent / "nation.yaml").data
    assert isinstance(data, dict)
    return data


def whole_nation() -> int:
    """How many agencies a nation of the real size has."""
    return sum(int(kind["count"]) for kind in made_of()["kinds"].values())


def population(framework: Framework, agencies: int, seed: int) -> list[Place]:
    """``agencies`` invented agencies, kinds and sizes in the proportions of the nation; same seed, same agencies."""
    figures = made_of()
    kinds: dict[str, Any] = figures["kinds"]
    dice = np.random.default_rng([seed, 0])
    others, capital = figures["provinces"]["others"], figures["provinces"]["capital"]
    order = dice.permutation(len(others))
    places: list[Place] = []
    for kind, count in zip(kinds, _shared([kinds[kind]["count"] for kind in kinds], agencies), strict=True):
        about = kinds[kind]
        names = list(about["sizes"])
        ministries = _ministries(about.get("ministry"))
        sizes = np.repeat(names, _shared([about["sizes"][size]["share"] for size in names], count))
        for place, size in enumerate(dice.permutation(sizes)):
            number = len(places) + 1
            drawn = np.random.default_rng([seed, number, 1]).normal(size=3)
            province = capital if about.get("central") else others[order[place % len(others)]]
            figure = about["sizes"][str(size)]
            staff = max(5, round(float(figure["staff"]) * float(np.exp(float(figures["staff_spread"]) * drawn[0]))))
            asked = _in_table(framework, about.get("group"), str(size)) or int(figure["asked"])
            places.append(
                Place(
                    number,
                    f"sim-{number:05d}",
                    f"{AGENCY_KINDS[kind]}จำลองที่ {place + 1} {province}",
                    kind,
                    str(size),
                    province,
                    ministries[place % len(ministries)],
                    staff,
                    min(staff, _returned(must_answer(framework, staff), "inside", drawn[1])),
                    _returned(asked, "outside", drawn[2]),
                )
            )
    return places


def _ministries(rule: str | None) -> list[str | None]:
    """The ministries that agencies of a kind get in turn: all of them (``each``), one by name, or none."""
    return list(made_of()["ministries"]["names"]) if rule == "each" else [rule]


def must_answer(framework: Framework, staff: int) -> int:
    """How many of the staff must answer, by the framework's rule, or where it has none by that of an earlier one."""
    inside = containers(framework, "survey")[0]
    if any(sampling.of == inside and sampling.rule for sampling in framework.sampling):
        return required(framework, inside, heads=staff).respondents
    earlier = by_id(made_of()["inside"]["like"])
    return required(earlier, containers(earlier, "survey")[0], heads=staff).respondents


def _returned(asked: int, whom: str, drawn: float) -> int:
    answers = made_of()["answers"]
    spread = float(answers["spread"])
    return max(1, round(asked * float(answers[whom]) * float(np.exp(spread * drawn - spread**2 / 2))))


def _in_table(framework: Framework, group: str | None, size: str) -> int | None:
    """The framework's own number of people to ask, where it has a table."""
    rows = [row for sampling in framework.sampling for row in sampling.table]
    return next((row.respondents for row in rows if (row.group, row.size) == (group, size)), None)


def _shared(weights: list[Any], total: int) -> Integers:
    """``total`` shared out by weights in whole numbers, the largest remainders first."""
    exact = np.array([float(weight) for weight in weights])
    exact = exact / exact.sum() * total
    shares: Integers = np.floor(exact).astype(np.int64)
    shares[np.argsort(shares - exact, kind="stable")[: total - int(shares.sum())]] += 1
    return shares
