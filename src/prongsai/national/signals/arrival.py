"""Many sheets of a self-answered survey on few days: counts per day only, no sheet carries a time.

``fitted`` and ``burst`` need no nation: the monitor of running surveys asks them with the counts of its own round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from prongsai.errors import InputError
from prongsai.national.counted import Integers
from prongsai.national.signals.sight import Floats, Sight, Signal, refused
from prongsai.national.signals.tails import deviate, negative_binomial
from prongsai.scoring.wide import containers

SIGNAL = Signal(
    "arrival",
    "คำตอบเข้ามามากในไม่กี่วัน",
    "Burst of arrivals",
    "Naus, J. I. (1965). The distribution of the size of the maximum cluster of points on a line. Journal of the "
    "American Statistical Association, 60(310), 532-538 (the scan statistic; how much agencies differ is estimated)",
    "จำนวนชุดคำตอบในหนึ่ง สาม หรือเจ็ดวันติดต่อกันที่มากกว่าสัดส่วนของวันเดียวกันในหน่วยงานเทียบเคียง "
    "โดยเผื่อช่วงที่หน่วยงานเหล่านั้นมีคำตอบเข้ามามากตามปกติแล้ว (เช่น การประชุม การเตือนให้ตอบ)",
    "one, three or seven days in a row with more sheets than the share of those days among peers, whose own bursts "
    "(meetings, reminders) widen what is expected",
    "arrivals",
)
# Days in a row, and how much of the chance of a false alarm each may use: stuffing on one day is what is seen most.
WINDOWS = {1: 0.8, 3: 0.1, 7: 0.1}
_ENOUGH = 100  # surveys from which the spread of days with few and with many sheets is told apart
_YEAR = 366
_FEWEST = 5  # sheets below which no day is odd
_COLUMNS = {"container": pl.String(), "day": pl.Int64(), "sheets": pl.Int64()}


@dataclass(frozen=True, eq=False)
class Peers:
    """How sheets of peers come in: ``share`` of all sheets by day; for each window and first day the ``shape`` of the
    gamma law by which surveys differ (the smaller, the more they come in bursts).
    """

    share: Floats
    shape: tuple[Floats, ...]


@dataclass(frozen=True)
class Burst:
    """The oddest days of one survey: first and number, the sheets that came then of all, how many peers let expect,
    and ``deviate``: how odd it is, as a normal deviate that allows for all days having been looked at.
    """

    first: int
    days: int
    seen: int
    of: int
    expected: float
    deviate: float


def fitted(counts: Integers) -> Peers:
    """What is usual among peers. ``counts``: surveys × days; surveys with too few sheets are left out."""
    counts = counts[counts.sum(axis=1) >= _FEWEST]
    total = counts.sum(axis=1).astype(np.float64)
    share = (counts.sum(axis=0) + 0.5) / (total.sum() + 0.5 * counts.shape[1])
    return Peers(share, tuple(_shape(counts, total, share, width) for width in WINDOWS))


def _shape(counts: Integers, total: Floats, share: Floats, width: int) -> Floats:
    """By moments, each survey weighing as much as it has sheets; smoothed by a line in the day's share."""
    seen, rate = _windows(counts, width), _windows(share[None, :], width)[0]
    more = ((seen - total[:, None] * rate) ** 2 / total[:, None] - rate * (1 - rate)).sum(axis=0)
    base = total.sum() * rate**2
    if len(counts) < _ENOUGH or len(rate) < 3:
        return np.full(len(rate), base.sum() / max(float(more.sum()), 1e-4 * float(base.sum()) + 1e-12))
    slope, level = np.polyfit(np.log(rate), -np.log(np.maximum(more / base, 1e-4)), 1)
    found: Floats = np.exp(level + slope * np.log(rate))
    return found


def burst(counts: Sequence[int], peers: Peers) -> Burst | None:
    """The oddest days of one survey whose days are those of ``peers``; None where too few sheets came to say."""
    days = np.asarray(counts, np.int64)[None, :]
    if days.sum() < _FEWEST:
        return None
    z, window, first = (one[0] for one in _oddest(days, peers))
    width = min(list(WINDOWS)[window], days.shape[1])
    seen = int(days[0, first : first + width].sum())
    expected = float(peers.share[first : first + width].sum() * days.sum())
    return Burst(int(first), width, seen, int(days.sum()), expected, float(z))


def oddness(counts: Integers, peers: Peers) -> Floats:
    """The normal deviate of the oddest days of each survey (surveys × days); NaN where too few sheets came to say."""
    return np.where(counts.sum(axis=1) < _FEWEST, np.nan, _oddest(counts, peers)[0])


def evidence(sight: Sight) -> dict[str, Floats]:
    """The normal deviate of the oddest days; no counts, no evidence."""
    found = {}
    for name in sight.surveys:
        counts = _counts(sight, name)
        if counts is not None:
            found[name] = oddness(counts, _peers(sight, name, counts))
    return found


def _counts(sight: Sight, name: str) -> Integers | None:
    """Agencies × days, None where the nation tells no days of this survey."""
    return sight.once(("arrivals", name), lambda: _counted(sight, name))


def _counted(sight: Sight, name: str) -> Integers | None:
    table = sight.beside("arrivals", _COLUMNS)
    if table is None:
        return None
    if unknown := set(table["container"]) - set(containers(sight.nation.framework, "survey")):
        raise InputError(refused("arrivals.parquet container", "มีแบบวัดที่ไม่รู้จัก", f"no surveys: {sorted(unknown)}"))
    here = table.filter(pl.col("container") == name)
    if here.is_empty():
        return None
    day, sheets = here["day"].to_numpy().astype(np.int64), here["sheets"].to_numpy()
    if day.max() - day.min() > _YEAR or sheets.min() < 0:
        raise InputError(
            refused("arrivals.parquet", "วันห่างกันเกินหนึ่งปี หรือจำนวนติดลบ", "days more than a year apart, or counts below 0")
        )
    found = np.zeros((len(sight.nation.numbers), int(day.max() - day.min()) + 1), np.int64)
    np.add.at(found, (here["line"].to_numpy(), day - day.min()), sheets)
    return found


def _peers(sight: Sight, name: str, counts: Integers) -> Peers:
    return sight.once(("arrival peers", name), lambda: fitted(counts))


def _windows(counts: Floats | Integers, width: int) -> Floats:
    """Sums over so many days in a row, by the first of them."""
    width = min(width, counts.shape[1])
    sums = np.cumsum(np.pad(counts.astype(np.float64), ((0, 0), (1, 0))), axis=1)
    found: Floats = sums[:, width:] - sums[:, :-width]
    return found


def _oddest(counts: Integers, peers: Peers) -> tuple[Floats, Integers, Integers]:
    """For each survey the deviate of its oddest days, which window, and the first day."""
    total = counts.sum(axis=1).astype(np.float64)[:, None]
    lines = np.arange(len(counts))
    odd, first = [], []
    for (width, part), shape in zip(WINDOWS.items(), peers.shape, strict=True):
        seen, mean = _windows(counts, width), total * _windows(peers.share[None, :], width)
        far = (seen - mean) / np.sqrt(mean + mean**2 / shape + 1e-9)
        day = np.argmax(far, axis=1)  # the exact chance is worked out for this day only
        chance = negative_binomial(seen[lines, day], mean[lines, day], shape[day])
        odd.append(deviate(np.minimum(1.0, chance * len(shape) / part)))
        first.append(day)
    window = np.argmax(np.stack(odd), axis=0)
    return np.stack(odd)[window, lines], window, np.stack(first)[window, lines]


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:
    """How many sheets came in how few days, and how many peers let expect."""
    counts = _counts(sight, container)
    assert counts is not None
    found = burst(counts[line].tolist(), _peers(sight, container, counts))
    assert found is not None
    return sentences(found)


def sentences(found: Burst) -> tuple[str, str]:
    """What was seen, in Thai and in English."""
    return (
        f"คำตอบ {found.seen:,} จาก {found.of:,} ชุดเข้ามาใน {found.days} วันติดกัน "
        f"ขณะที่หน่วยงานอื่นได้ราว {found.expected:.1f} ชุดในช่วงวันเดียวกัน",
        f"{found.seen:,} of {found.of:,} sheets came in {found.days} day(s) in a row, where peers let expect about "
        f"{found.expected:.1f}",
    )
