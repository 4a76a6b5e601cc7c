"""Requests for reports of an invented agency, and what every report must keep to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from prongsai.documents.build import build
from prongsai.documents.grid import lay_out
from prongsai.documents.request import Letter, Request
from prongsai.documents.tree import Block, Cell, Chart, Contents, Document, Heading, Paragraph, Section, Table
from prongsai.documents.walk import cell_text, plain, tables
from prongsai.framework import for_year
from prongsai.improvement.files import read_plan, read_progress
from prongsai.improvement.model import Measure, Plan, Progress
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from result_sample import NAME, sheet

EXAMPLES = Path(__file__).parents[2] / "examples"
LETTER = Letter(unit="กองยุทธศาสตร์สมมติ", date=dt.date(2026, 1, 15))


def items(year: int, default: float = 96, **special: float) -> dict[str, float]:
    """A score for every item of a year: one number, and others by code."""
    codes = [i.code for inst in for_year(year).instruments for ind in inst.indicators for i in ind.items]
    return {code: special.get(code, default) for code in codes}


def request(kind: str, layout: str | None, year: int = 2568, **scores: Any) -> Request:
    """A request on invented results; ``scores`` as in a results file."""
    return Request(kind=kind, sheet=sheet(year, scores=scores), layout=layout, letter=LETTER)


def plan(year: int = 2568, kind: str = "measures", **keys: Any) -> Plan:
    """A small plan with everything that a plan may have, and something missing."""
    points = [
        {
            "id": "p1",
            "items": ["i1", "i2"],
            "indicators": ["1"],
            "topic": "เรื่องหนึ่ง",
            "finding": "ข้อค้นพบหนึ่ง",
            "guideline": "แนวทางหนึ่ง",
            "measures": [
                {
                    "id": "m1",
                    "title": "มาตรการกอ",
                    "steps": [
                        {"text": "ขั้นตอนกอหนึ่ง", "units": ["กองหนึ่ง"], "period": {"text": "ตลอดปีงบประมาณ"}},
                        {"text": "ขั้นตอนกอสอง", "units": ["กองหนึ่ง"], "period": {"text": "ไตรมาสสอง"}},
                        {"text": "ขั้นตอนกอสาม", "units": ["กองสอง"], "period": {"text": "ไตรมาสสอง"}},
                    ],
                    "monitoring": "ติดตามกอ",
                    "success_indicator": "สำเร็จกอ",
                    "budget": {"amount": 20000, "source": "ข้อบัญญัติ"},
                },
                {"id": "m2", "title": "มาตรการขอ"},
            ],
        },
        {
            "id": "p2",
            "items": ["o6"],
            "finding": "ข้อค้นพบสอง",
            "measures": [
                {"id": "m3", "title": "มาตรการคอ", "steps": [{"text": "ขั้นตอนคอ", "units": ["กองสาม"]}]},
            ],
        },
        {"id": "p3", "indicators": ["7"], "topic": "เรื่องสาม"},
        {"id": "p4", "topic": "เรื่องสี่", "measures": [{"id": "m4", "title": "มาตรการงอ"}]},
    ]
    data = {
        "kind": kind,
        "agency": {"name": NAME},
        "framework": f"ita-{year}",
        "result_year": year,
        "action_year": year + 1,
        "points": points,
    }
    return Plan.model_validate(data | keys)


def example(name: str, kind: str, layout: str | None, **keys: Any) -> Request:
    """A request on one of the real examples with its plan."""
    folder = EXAMPLES / name
    made = Request(kind=kind, sheet=score(load_results(folder / "results.yaml")), layout=layout, letter=LETTER, **keys)
    return replace(made, plan=read_plan(folder / "plan.yaml"))


def example_progress(name: str) -> Progress:
    """The progress of a real example."""
    return read_progress(EXAMPLES / name / "progress.yaml")


def made(wanted: Request) -> Document:
    """The document, checked: straight tables, nothing empty, no heading without anything under it."""
    document = build(wanted)
    for table, under in tables(document):
        lay_out(table)
        assert table.rows, under
        assert abs(sum(column.width for column in table.columns) - 1) < 0.001, under
    for section in document.sections:
        assert any(not isinstance(block, Heading) for block in section.blocks), section
        _headings_lead_somewhere(section)
    for text in texts(document):
        assert "None" not in text
        assert "{" not in text
    return document


def _headings_lead_somewhere(section: Section) -> None:
    for block, after in zip(section.blocks, [*section.blocks[1:], None], strict=True):
        if isinstance(block, Heading):
            assert after is not None, block
            assert not isinstance(after, Heading) or after.level > block.level, block


def titles(document: Document, level: int = 1) -> list[str]:
    """Headings of a level in order."""
    return [b.text for s in document.sections for b in s.blocks if isinstance(b, Heading) and b.level == level]


def texts(document: Document) -> Iterator[str]:
    """All text a reader sees."""
    for section in document.sections:
        for block in section.blocks:
            yield from _block_texts(block)


def _block_texts(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield plain(block.text)
    elif isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Table):
        yield from (cell_text(cell) for row in (*block.head, *block.rows) for cell in row)
    elif isinstance(block, Chart):
        yield block.alternative
    elif isinstance(block, Contents):
        yield block.title
    elif hasattr(block, "items"):
        yield from map(plain, block.items)


def head(table: Table) -> list[str]:
    """The first head row."""
    return [cell_text(cell) for cell in table.head[0]]


def named(document: Document, name: str) -> Table:
    """The one table of a name."""
    (found,) = [table for table, _ in tables(document) if table.name == name]
    return found


def with_head(document: Document, *columns: str) -> list[Table]:
    """All tables with these columns."""
    return [table for table, _ in tables(document) if head(table) == list(columns)]


def cells(table: Table) -> list[Cell]:
    """All body cells."""
    return [cell for row in table.rows for cell in row]


def arabic(document: Document) -> list[str]:
    """Texts that still have Arabic digits, other than addresses."""
    return [text for text in texts(document) if "@" not in text and "://" not in text and re.search("[0-9]", text)]


def all_measures(wanted: Plan) -> list[Measure]:
    """All measures of a plan."""
    return [measure for point in wanted.points for measure in point.measures]
