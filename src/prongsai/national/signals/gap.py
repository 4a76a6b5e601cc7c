"""One survey of an agency says better things than its other surveys do, beyond what peers' surveys differ by."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from prongsai.national.signals.means import FEWEST, Means, means, spread
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "gap",
    "ผลต่างระหว่างแบบวัดสูงผิดปกติ",
    "Divergence between surveys",
    "Robinson, G. K. (1991). That BLUP is a good thing: the estimation of random effects. Statistical Science, 6(1), "
    "15-32; medians and median deviations in place of means and variances are ours",
    "แบบวัด (IIT หรือส่วนหนึ่งของ EIT) ที่มีค่าเฉลี่ยสูงกว่าที่คาดหมายจากแบบวัดอื่นของหน่วยงานเดียวกัน "
    "เมื่อเทียบกับหน่วยงานประเภทเดียวกัน โดยคำนึงถึงความคลาดเคลื่อนของทุกค่า",
    "a survey (IIT, a part of EIT) whose mean is above what the agency's other surveys let expect among agencies of "
    "the same kind, all with their errors",
    "surveys",
)


def evidence(sight: Sight) -> dict[str, Floats]:
    """How far a survey's mean lies above the one predicted from the others, in standard deviations of that."""
    found = {name: means(sight, name) for name in sight.surveys}
    between, within = _variances(list(found.values()))
    return {name: _above(name, found, between, within) for name in found}


def _variances(found: list[Means]) -> tuple[float, float]:
    """Variance of what an agency's surveys share, and of what is one survey's own beside its error."""
    shared, own = [], []
    for one, other in combinations(found, 2):
        both = np.isfinite(one.value) & np.isfinite(other.value)
        if both.sum() < FEWEST:
            continue
        first, second = one.value[both], other.value[both]
        apart, error = spread(first - second) ** 2, float(np.median((one.error + other.error)[both]))
        own.append(max(apart - error, 0.0) / 2)
        shared.append(max(spread(first + second) ** 2 - apart, 0.0) / 4)
    return (float(np.mean(shared)), max(float(np.mean(own)), 1e-4)) if own else (float("nan"), float("nan"))


def _above(name: str, found: dict[str, Means], between: float, within: float) -> Floats:
    """The prediction of a survey from the others, each weighed by how sure it is, drawn towards the peers' median."""
    one = found[name]
    total, weight = np.zeros(len(one.value)), np.zeros(len(one.value))
    for other in (said for survey, said in found.items() if survey != name):
        sure = np.nan_to_num(1 / (within + other.error))
        total += sure * np.nan_to_num(other.value)
        weight += sure
    with np.errstate(divide="ignore", invalid="ignore"):
        left = 1 / (1 / between + weight) if between else np.zeros(len(weight))
        z = (one.value - total * left) / np.sqrt(left + within + one.error)
    return np.where(weight > 0, z, np.nan)


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """The means of all surveys of the agency."""
    told = [(name, means(sight, name).points[line]) for name in sight.surveys]
    told = [(name, points) for name, points in told if np.isfinite(points)]
    figures = ", ".join(f"{name} {points:.1f}" for name, points in told)
    return (
        f"ค่าเฉลี่ยรายชุดคำตอบ {figures} โดย {container} สูงกว่าที่คาดได้จากแบบวัดอื่นของหน่วยงานเดียวกัน "
        "เมื่อเทียบกับหน่วยงานประเภทเดียวกัน",
        f"means of sheets: {figures}; {container} is above what the agency's other surveys let expect, by the measure "
        "of agencies of the same kind",
    )
