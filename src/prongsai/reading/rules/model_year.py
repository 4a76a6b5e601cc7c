"""What makes the arithmetic impossible from the start: a year with another model, other full marks, no totals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from prongsai.framework import Confidence, catalog
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Printed, Reading
from prongsai.reading.rules._say import as_printed, listed, number, places
from prongsai.reading.source import Line, Table
from prongsai.scoring.structure import structure
from prongsai.thai.text import squeeze

MODEL = Rule("year.other_model", "note", "ปีที่ใช้ตัวแบบการประเมินอื่น", "a year whose model is not known here")
SCALE = Rule("scale.full_mark", "warning", "คะแนนเต็มไม่ตรงกับน้ำหนัก", "a full mark that is not the weight")
TOTALS = Rule("totals.missing", "note", "ไม่มีคะแนนรวม", "no totals are given")
_TOTAL = re.compile(r"คะแนน(?:ใน)?(?:รวม|ภาพรวม)|ภาพรวม(?:ได้)?คะแนน")
RULES = (MODEL, SCALE, TOTALS)


def lacks(reading: Reading) -> str | None:
    """Why nothing could be said."""
    return None if reading.values or reading.fiscal_year else "ไม่พบคะแนนและปีงบประมาณ"


def check(reading: Reading) -> Iterator[Finding]:
    """The model of the year, the full marks printed, and the totals that are not there."""
    yield from _model(reading)
    yield from _full_marks(reading)
    yield from _totals(reading)


def _model(reading: Reading) -> Iterator[Finding]:
    years = [entry.fiscal_year for entry in catalog() if entry.fiscal_year]
    year = reading.fiscal_year
    if year is None or reading.framework is not None or not years or min(years) <= year <= max(years):
        return
    if year > max(years):
        th, en = "ยังไม่มีกรอบการประเมินของปีนี้", "there is no framework of that year yet"
    else:
        th = "การประเมินปีนั้นใช้ตัวแบบอื่น ซึ่งไม่ได้ถ่วงน้ำหนักเครื่องมือ 30 30 และ 40"
        en = "that year used another model than 30, 30 and 40 percent"
    yield Finding(
        MODEL,
        f"ผลเป็นของปีงบประมาณ พ.ศ. {year} {th} จึงไม่ได้ตรวจการรวมคะแนน",
        f"the result is of fiscal year {year}; {en}, so no sums were checked",
        places(*[one.where for one in reading.years if one.year == year][:1]),
        (str(year),),
    )


def _full_marks(reading: Reading) -> Iterator[Finding]:
    framework = reading.framework
    if framework is None or framework.overall.kind != "weights":
        return
    wrong: dict[str, list[Printed]] = {}
    for value in reading.values:
        weight = framework.overall.weights.get(value.node)
        if weight is not None and value.of is not None and value.of not in (weight, 100):
            wrong.setdefault(value.node, []).append(value)
    for node, values in wrong.items():
        weight = framework.overall.weights[node]
        yield Finding(
            SCALE,
            f"{node} พิมพ์ไว้ {number(values[0])} แต่น้ำหนักของ {node} ในปี {framework.fiscal_year} คือ {weight:f}",
            f"{node} is printed as {number(values[0])}, but its weight in {framework.fiscal_year} is {weight:f}",
            places(*(value.where for value in values)),
            as_printed(values),
            None,
            framework.overall.confidence,
            nodes=(node,),
        )


def _totals(reading: Reading) -> Iterator[Finding]:
    """Scores of items or indicators without any total above them: nothing can be added up."""
    if reading.framework is None:
        return
    nodes = structure(reading.framework).nodes
    kinds = {nodes[value.node].kind for value in reading.values if value.node in nodes}
    if not kinds or kinds & {"overall", "instrument", "part", "indicator"} or _speaks_of_totals(reading):
        return
    below = [value for value in reading.values if value.node in nodes]
    codes = list(dict.fromkeys(value.node for value in below))
    yield Finding(
        TOTALS,
        f"พิมพ์คะแนนรายข้อไว้ {len(codes)} ข้อ ({listed(codes, 6)}) แต่ไม่มีคะแนนรวม คะแนนรายเครื่องมือ หรือคะแนนรายตัวชี้วัด "
        "จึงตรวจการรวมคะแนนไม่ได้",
        f"scores of {len(codes)} items are printed without overall, instrument or indicator scores, "
        "so no sums can be checked",
        places(below[0].where),
        (),
        None,
        Confidence.CONFIRMED,
        nodes=("overall",),
    )


def _speaks_of_totals(reading: Reading) -> bool:
    """Whether the report has words for a total, which then was not read or is a range."""
    for block in reading.source.blocks:
        if isinstance(block, Line):
            texts = [block.text]
        else:
            texts = [cell.text for row in block.rows for cell in row] if isinstance(block, Table) else []
        if any(_TOTAL.search(squeeze(text)) for text in texts):
            return True
    return False
