"""Interviews held too fast, too regularly, without a break, or two at once, by the times of surveyors' devices.

``fitted`` and ``sentences`` need no nation: the supervisors' pages ask them with the interviews of their own round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from prongsai.national.counted import Integers
from prongsai.national.signals.sight import Floats, Interviews, Sight, Signal
from prongsai.national.signals.tails import deviate, one_of, spread_binomial, usual

SIGNAL = Signal(
    "interviews",
    "เวลาสัมภาษณ์ผิดปกติ",
    "Times of interviews",
    "Murphy, J., Biemer, P., Stringer, C., Thissen, R., Day, O. & Hsieh, Y. P. (2016). Interviewer falsification: "
    "current and best practices for prevention, detection, and mitigation. Statistical Journal of the IAOS, 32(3), "
    "313-326",
    "การสัมภาษณ์ที่สั้นมาก เว้นช่วงและใช้เวลาเท่ากับครั้งก่อน แทบไม่มีช่วงพัก "
    "หรือผู้สัมภาษณ์คนเดียวทำพร้อมกันสองราย ซึ่งเกิดบ่อยกว่าในหน่วยงานเทียบเคียง",
    "very short interviews, the same interval and length as before, no break between interviews, two at once by one "
    "surveyor, each more often than among peers",
    "interviews",
)
MARKS = {
    "short": ("สั้นผิดปกติ", "very short"),
    "regular": ("เว้นช่วงและใช้เวลาเท่ากับคนก่อน", "the same interval and length as before"),
    "unbroken": ("ต่อเนื่องโดยแทบไม่มีช่วงพัก", "hardly a break before the next"),
    "at_once": ("ซ้อนเวลากันโดยผู้สัมภาษณ์คนเดียว", "begun before the same surveyor's last had ended"),
}
_SITTING = 2 * 3600  # seconds from start to start within which interviews belong to one sitting
_SAME = 0.15  # intervals and lengths that differ by less than this part of their mean are the same
_BREAK = 90  # seconds
_CLOCK = 5  # seconds by which devices may be wrong before two interviews overlap
_SHORT = 3.0  # robust deviations of the logarithm of lengths below the median


@dataclass(frozen=True, eq=False)
class Marked:
    """For each mark in ``MARKS`` (lines) and agency: how many were seen, out of how many chances."""

    seen: Floats
    of: Floats


@dataclass(frozen=True)
class Usual:
    """What peers do: the length below which an interview is very short; for each mark its rate, and how much interviews
    of one agency resemble each other in it.
    """

    floor: float
    rates: tuple[tuple[float, float], ...]


def fitted(owner: Integers, agencies: int, held: Interviews) -> tuple[Usual, Marked]:
    """What is usual, and what each agency shows. ``owner``: the agency (by position) of each interview."""
    log = np.log(np.maximum(held.seconds[held.seconds >= 0], 1))
    middle = float(np.median(log)) if len(log) else 0.0
    floor = float(np.exp(middle - _SHORT * 1.4826 * float(np.median(np.abs(log - middle))))) if len(log) else 0.0
    marked = marks(owner, agencies, held, floor)
    return Usual(floor, tuple(map(usual, marked.seen, marked.of))), marked


def marks(owner: Integers, agencies: int, held: Interviews, floor: float) -> Marked:
    """Count the marks. Interviews whose times are not known (negative) count nowhere."""
    known = np.flatnonzero((held.started >= 0) & (held.seconds >= 0))
    order = known[np.lexsort((held.started[known], held.surveyor[known], owner[known]))]
    agency, who, start, length = owner[order], held.surveyor[order], held.started[order], held.seconds[order]
    apart = np.diff(start)
    pair = (agency[1:] == agency[:-1]) & (who[1:] == who[:-1]) & (apart < _SITTING)
    triple = pair[1:] & pair[:-1]
    same = (np.abs(np.diff(apart)) < _SAME * (apart[1:] + apart[:-1]) / 2) & (
        np.abs(np.diff(length[1:])) < _SAME * (length[2:] + length[1:-1]) / 2
    )
    rest = apart - length[:-1]
    at_once = pair & (rest < -_CLOCK)

    def per_agency(which: NDArray[np.bool_], whose: Integers) -> Floats:
        found: Floats = np.bincount(whose[which], minlength=agencies).astype(np.float64)
        return found

    pairs = per_agency(pair, agency[1:])
    seen = [
        per_agency(length < floor, agency),
        per_agency(triple & same, agency[2:]),
        per_agency(pair & (rest < _BREAK) & ~at_once, agency[1:]),
        per_agency(at_once, agency[1:]),
    ]
    of = [np.bincount(agency, minlength=agencies).astype(np.float64), per_agency(triple, agency[2:]), pairs, pairs]
    return Marked(np.stack(seen), np.stack(of))


def chances(marked: Marked, peers: Usual) -> Floats:
    """For each mark and agency the chance of as many or more at the usual rate."""
    return np.stack(
        [spread_binomial(seen, of, *rate) for seen, of, rate in zip(marked.seen, marked.of, peers.rates, strict=True)]
    )


def oddness(marked: Marked, peers: Usual) -> Floats:
    """For each agency the normal deviate of its rarest mark, made honest for the number of marks; NaN without any
    interview.
    """
    return np.where(marked.of[0] > 0, deviate(one_of(chances(marked, peers))), np.nan)


def one(marked: Marked, line: int) -> Marked:
    """The marks of one agency alone."""
    return Marked(marked.seen[:, [line]], marked.of[:, [line]])


def evidence(sight: Sight) -> dict[str, Floats]:
    """The normal deviate of the rarest mark, made honest for the number of marks."""
    found = {}
    for name in sight.surveys:
        told = _fitted(sight, name)
        if told is not None:
            peers, marked = told
            found[name] = oddness(marked, peers)
    return found


def _fitted(sight: Sight, name: str) -> tuple[Usual, Marked] | None:
    held, sheets = sight.interviews(name), sight.sheets(name)
    if held is None:
        return None
    return sight.once(("interview marks", name), lambda: fitted(sheets.owner, len(sheets.sizes), held))


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """The marks that are rarer than one in a hundred, or the rarest one."""
    told = _fitted(sight, container)
    assert told is not None
    peers, marked = told
    return sentences(one(marked, line), peers)


def sentences(marked: Marked, peers: Usual) -> tuple[str, str]:
    """What is odd in one agency (the only one in ``marked``), in Thai and in English."""
    chance = chances(marked, peers)[:, 0]
    told = [k for k in range(len(MARKS)) if chance[k] < 0.01] or [int(np.argmin(chance))]
    th, en = [], []
    for k in told:
        in_thai, in_english = list(MARKS.values())[k]
        seen, of, rate = int(marked.seen[k, 0]), int(marked.of[k, 0]), 100 * peers.rates[k][0]
        th.append(f"{in_thai} {seen:,} จาก {of:,} (ปกติร้อยละ {rate:.1f})")
        en.append(f"{in_english}: {seen:,} of {of:,} (usually {rate:.1f} %)")
    return "การสัมภาษณ์" + " และ".join(th), "interviews " + "; ".join(en)
