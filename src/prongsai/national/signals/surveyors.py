"""One surveyor's sheets differ from what the agency's other surveyors bring, or hardly differ from each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import fdtr, ndtr

from prongsai.national.counted import Integers
from prongsai.national.signals.level import levels
from prongsai.national.signals.means import spread
from prongsai.national.signals.sight import Floats, Sight, Signal
from prongsai.national.signals.tails import deviate

SIGNAL = Signal(
    "surveyors",
    "ผู้สัมภาษณ์คนหนึ่งต่างจากผู้อื่น",
    "A surveyor unlike the others",
    "Bredl, S., Winker, P. & Kötschau, K. (2012). A statistical approach to detect interviewer falsification of survey "
    "data. Survey Methodology, 38(1), 1-10",
    "ชุดคำตอบของผู้สัมภาษณ์คนหนึ่งที่มีระดับคะแนนต่างจากผู้สัมภาษณ์อื่นของหน่วยงานเดียวกันมาก หรือมีระดับคะแนนกระจายน้อยกว่า",
    "sheets of one surveyor whose level is far from that of the agency's other surveyors, or whose levels spread less",
    "interviews",
)
_FEWEST = 4  # interviews of a surveyor, and of the others, below which nothing is said


@dataclass(frozen=True, eq=False)
class Compared:
    """Every surveyor with enough interviews beside enough of others: ``line`` the agency, how many interviews, normal
    deviates of ``apart`` (level, either way) and ``narrow`` (spread below the others').
    """

    line: Integers
    surveyor: Integers
    own: Integers
    others: Integers
    apart: Floats
    narrow: Floats


def evidence(sight: Sight) -> dict[str, Floats]:
    """The oddest surveyor of each agency, made honest for their number."""
    found = {}
    for name in sight.surveys:
        if (told := _compared(sight, name)) is not None:
            agencies = len(sight.nation.numbers)
            odd, count = np.full(agencies, -np.inf), np.bincount(told.line, minlength=agencies)
            np.maximum.at(odd, told.line, np.maximum(told.apart, told.narrow))
            found[name] = np.where(count > 0, deviate(np.minimum(1.0, 2 * count * ndtr(-odd))), np.nan)
    return found


def _compared(sight: Sight, name: str) -> Compared | None:
    return sight.once(("surveyors", name), lambda: _compare(sight, name))


def _compare(sight: Sight, name: str) -> Compared | None:
    held, sheets, level = sight.interviews(name), sight.sheets(name), levels(sight, name).level
    if held is None:
        return None
    told = np.isfinite(level) & (held.surveyor >= 0)
    most = int(held.surveyor.max()) + 1
    key, place = np.unique(sheets.owner[told] * most + held.surveyor[told], return_inverse=True)
    line, surveyor = key // most, key % most
    agencies = len(sheets.sizes)
    own, total, squares = (np.bincount(place, one) for one in (np.ones(len(place)), level[told], level[told] ** 2))
    # What the agency's other surveyors brought: all of the agency less one's own.
    all_own, all_total, all_squares = (np.bincount(line, one, agencies)[line] for one in (own, total, squares))
    others = all_own - own
    enough = (own >= _FEWEST) & (others >= _FEWEST)
    own, others, line, surveyor = own[enough], others[enough], line[enough], surveyor[enough]
    mean, mean_others = total[enough] / own, (all_total - total)[enough] / others
    ss = np.maximum(squares[enough] - own * mean**2, 0)
    ss_others = np.maximum((all_squares - squares)[enough] - others * mean_others**2, 0)
    usual = float(np.median(ss_others / (others - 1))) if len(own) else 1.0
    within = (ss + ss_others + 4 * usual) / (own + others + 2)
    by_chance = within * (1 / own + 1 / others)
    gap = mean - mean_others
    habit = max(spread(gap) ** 2 - float(np.median(by_chance)), 0.0) if len(own) else 0.0
    ratio = ((ss + 0.2 * usual) / (own - 1)) / ((ss_others + 0.2 * usual) / (others - 1))
    narrow = deviate(fdtr(own - 1, others - 1, ratio))
    return Compared(
        line,
        surveyor,
        own.astype(np.int64),
        others.astype(np.int64),
        deviate(2 * ndtr(-np.abs(gap) / np.sqrt(by_chance + habit))),
        narrow / max(spread(narrow), 1.0),  # levels have longer tails than the normal law
    )


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """Which surveyor, and in what way; figures of so few people are not told."""
    told = _compared(sight, container)
    assert told is not None
    here = np.flatnonzero(told.line == line)
    k = here[int(np.argmax(np.maximum(told.apart, told.narrow)[here]))]
    narrow = told.narrow[k] > told.apart[k]
    z = max(told.narrow[k], told.apart[k])
    what = ("ต่างกันเองน้อยกว่า", "differ less among themselves than") if narrow else ("มีระดับคะแนนห่างจาก", "lie far from")
    return (
        f"ผู้สัมภาษณ์หมายเลข {told.surveyor[k]}: คำตอบ {told.own[k]:,} ชุด{what[0]}คำตอบ {told.others[k]:,} ชุดของผู้สัมภาษณ์อื่น "
        f"ในหน่วยงานเดียวกัน ({z:.1f} เท่าของค่าเบี่ยงเบนมาตรฐาน)",
        f"surveyor {told.surveyor[k]}: {told.own[k]:,} sheets {what[1]} the {told.others[k]:,} of the agency's other "
        f"surveyors ({z:.1f} standard deviations)",
    )
