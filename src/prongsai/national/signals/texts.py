"""Measures of an agency that stand nearly word for word with another agency.

What Prongsai itself proposes does not count, and what many agencies have (out of the same letter) counts little.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain

import numpy as np
import polars as pl
from scipy.sparse import csr_array

from prongsai.improvement.proposals import proposals, units
from prongsai.national.counted import Integers
from prongsai.national.signals.alike_texts import Known, families, shingles
from prongsai.national.signals.sight import Floats, Sight, Signal

SIGNAL = Signal(
    "texts",
    "ข้อความมาตรการเหมือนหน่วยงานอื่น",
    "Measures like another agency's",
    "Broder, A. Z. (1997). On the resemblance and containment of documents. Proceedings of Compression and Complexity "
    "of SEQUENCES 1997, 21-29",
    "มาตรการที่มีถ้อยคำเกือบตรงกับของหน่วยงานอื่นแห่งหนึ่งทุกคำ โดยไม่นับข้อเสนอที่โปร่งใสจัดทำให้ "
    "และให้น้ำหนักน้อยแก่ข้อความที่หลายหน่วยงานมีเหมือนกัน",
    "measures that nearly word for word stand with one other agency, too; Prongsai's own proposals do not count, and "
    "what many agencies have counts little",
    "disclosure",
)
_FEWEST = 40  # shingles of its own from which a text is compared
_MANY = 200  # agencies from which a text counts as everybody's


@dataclass(frozen=True, eq=False)
class Shared:
    """By agency: measures compared, those that ``partner`` (-1: nobody) has, and these weighed by how few have them."""

    of: Integers
    partner: Integers
    common: Integers
    weight: Floats


def evidence(sight: Sight) -> dict[str, Floats]:
    """Measures shared with the agency that shares most, times their share of all; rare ones weigh one each.

    Stands under the first checklist, where measures are filed. One shared of ten gives 0.1, six of six give 6.
    """
    told = _shared(sight)
    if told is None:
        return {}
    with np.errstate(invalid="ignore", divide="ignore"):
        odd = np.where(told.of > 0, told.weight**2 / told.of, np.nan)
    return {next(iter(sight.nation.verdicts), "OIT"): odd}


@cache
def _known() -> Known:
    """Shingles of everything that Prongsai proposes."""
    found = [
        phrase
        for one in chain.from_iterable(proposals().values())
        for phrase in (
            one.title,
            one.guideline,
            one.monitoring,
            one.success_indicator,
            *(step.text for step in one.steps),
        )
    ]
    found += [unit.name for unit in units().values()]
    return Known(["".join(phrase.split()) for phrase in found])


def _shared(sight: Sight) -> Shared | None:
    return sight.once("texts shared", lambda: _find(sight))


def _find(sight: Sight) -> Shared | None:
    table = sight.beside("texts", {"measure": pl.Int64(), "text": pl.String()})
    if table is None or table.is_empty():
        return None
    names = sight.nation.agencies.select("agency", "name")
    table = table.join(names.cast({"agency": table["agency"].dtype}), on="agency")
    own_name = pl.col("text").str.split(pl.col("name")).list.join("")  # copying with the name put right is copying
    table = table.select("line", own_name.str.replace_all(r"\s+", "").alias("text"))
    distinct = table["text"].unique(maintain_order=True)
    place = table.join(distinct.to_frame().with_row_index("place"), on="text", how="left", maintain_order="left")[
        "place"
    ]
    hashes, owner = shingles(distinct.to_list())
    own = ~_known().marks(hashes)
    hashes, owner = hashes[own], owner[own]
    family = families(hashes, owner, len(distinct))
    long = np.bincount(owner, minlength=len(distinct)) >= _FEWEST
    text, line = place.to_numpy(), table["line"].to_numpy()
    compared = long[text]
    return _partners(line[compared], family[text[compared]], len(sight.nation.numbers))


def _partners(line: Integers, family: Integers, agencies: int) -> Shared:
    """With whom each agency shares most. ``line``, ``family``: agency and family of every measure compared."""
    pairs = np.unique(np.stack([line, family]), axis=1)
    of = np.bincount(pairs[0], minlength=agencies).astype(np.int64)
    found = Shared(of, np.full(agencies, -1), np.zeros(agencies, np.int64), np.zeros(agencies))
    holders = np.bincount(pairs[1])
    rare = (holders[pairs[1]] >= 2) & (holders[pairs[1]] <= _MANY)
    if not rare.any():
        return found
    rows, columns = pairs[0][rare], pairs[1][rare]
    weight = np.log(agencies / holders[columns]) / np.log(max(agencies, 3) / 2)
    shape = (agencies, int(columns.max()) + 1)
    theirs = csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    both = (csr_array((np.maximum(weight, 0), (rows, columns)), shape=shape) @ theirs.T).tocoo()
    one, other, shared = both.coords[0], both.coords[1], both.data
    apart = one != other
    one, other, shared = one[apart], other[apart], shared[apart]
    order = np.lexsort((-other, shared, one))
    last = order[np.flatnonzero(np.diff(one[order], append=-1))]  # the greatest of each agency
    found.partner[one[last]], found.weight[one[last]] = other[last], shared[last]
    counts = (theirs @ theirs.T).tocsr()
    found.common[one[last]] = np.asarray(counts[one[last], other[last]]).ravel()
    return found


def reason(sight: Sight, container: str, line: int) -> tuple[str, str]:  # noqa: ARG001 (all signals are asked alike)
    """How many measures, and whose they are like; who wrote them first cannot be told."""
    told = _shared(sight)
    assert told is not None
    of, common = int(told.of[line]), int(told.common[line])
    if not common:
        return f"ไม่พบข้อความร่วมกับหน่วยงานอื่นใน {of:,} มาตรการ", f"none of {of:,} measures stand with another agency"
    name = sight.nation.agencies["name"][int(told.partner[line])]
    return (
        f"{common:,} จาก {of:,} มาตรการเหมือนหรือเกือบเหมือนของ {name} ทั้งข้อความ ไม่นับข้อเสนอของโปร่งใสเอง "
        "ทั้งนี้บอกไม่ได้ว่าฝ่ายใดเขียนก่อน",
        f"{common:,} of {of:,} measures stand nearly word for word with {name}, Prongsai's own proposals not counted; "
        "who wrote them first cannot be told",
    )
