"""The full score table as a workbook, by the documents room's own writer."""

from __future__ import annotations

from collections.abc import Iterable

from prongsai.documents.tree import Cell, Column, Document, Section, Table
from prongsai.documents.writers import write
from prongsai.scoring.interval import shown
from prongsai.site.base.text import pick
from prongsai.site.results.show import Figure, YearResult
from prongsai.site.results.show_rows import Row, aspect_rows, indicator_rows, item_rows
from prongsai.site.results.show_words import level_text


def workbook(year: YearResult) -> bytes:
    """XLSX bytes: summary, indicators, items, aspects. What may not be shown on a page is not in it either."""
    sheet = year.sheet
    title = pick(
        f"ผลการประเมิน {year.assessment.round.name}",
        f"Results, {year.assessment.round.name_en or year.assessment.round.name}",
    )
    result = year.result
    lead = (
        pick(f"ระดับ {level_text(sheet.level.names)}", f"Level {level_text(sheet.level.names)}"),
        pick(f"ผลฉบับที่ {result.revision}", f"Revision {result.revision} of the results"),
        f"{sheet.framework.id} v{sheet.framework.version}",
    )
    tables = [
        _summary(year),
        _table(pick("ตัวชี้วัด", "Indicators"), indicator_rows(year)),
        _table(pick("ข้อคำถาม", "Items"), item_rows(year)),
    ]
    if aspects := aspect_rows(year):
        tables.append(
            _plain(
                pick("ประเด็น", "Aspects"),
                (
                    pick("ประเด็น", "Aspect"), pick("ชื่อ", "Name"), pick("ข้อ", "Item"), pick("คะแนน", "Score"),
                    pick("ข้อสังเกต", "Mark"),
                ),
                [
                    (Cell(one.group.id), Cell(one.group.title), Cell(row.code), _score(row.figure), Cell(_mark(row)))
                    for one in aspects
                    for row in one.rows
                ],
            )
        )  # fmt: skip
    document = Document(title, (Section(tuple(tables)),), agency=year.assessment.agency.name, lead=lead)
    return write(document, "xlsx")


def _summary(year: YearResult) -> Table:
    nodes = ["overall", *(node.id for node in year.sheet.structure.of_kind("instrument", "part"))]
    nodes += [name for name in year.sheet.framework.levels.components if name not in nodes]
    rows = []
    for node in nodes:
        figure, title = year.figure(node), "" if node == "overall" else year.title(node)
        rows.append((Cell(year.name(node)), Cell(title), _score(figure), Cell(figure.says)))
    head = (pick("คะแนน", "Score of"), pick("ชื่อ", "Name"), pick("คะแนน", "Score"), pick("ที่มา", "Origin"))
    return _plain(pick("สรุป", "Summary"), head, rows)


def _table(name: str, rows: Iterable[Row]) -> Table:
    head = (
        pick("รหัส", "Code"), pick("ชื่อ", "Name"), pick("เครื่องมือ", "Instrument"), pick("คะแนน", "Score"),
        pick("ปีก่อน", "Last year"), pick("เปลี่ยนแปลง", "Change"), pick("เทียบได้หรือไม่", "Comparable"),
        pick("ข้อสังเกต", "Mark"), pick("ที่มา", "Origin"),
    )  # fmt: skip
    return _plain(name, head, [_cells(row) for row in rows])


def _cells(row: Row) -> tuple[Cell, ...]:
    change = row.change
    return (
        Cell(row.code),
        Cell(row.title),
        Cell(row.instrument),
        _score(row.figure),
        Cell(str(shown(change.before)), number=float(shown(change.before))) if change else Cell("–"),
        Cell(f"{shown(change.difference)}", number=float(shown(change.difference))) if change else Cell("–"),
        Cell(pick("ได้", "yes") if change.comparable else change.reason) if change else Cell(row.why),
        Cell(_mark(row)),
        Cell(row.note or row.figure.says),
    )


def _mark(row: Row) -> str:
    return f"{row.mark.sign} {row.mark.text}" if row.mark else ""


def _score(figure: Figure) -> Cell:
    return Cell(figure.text, number=float(shown(figure.score)) if figure.score is not None else None, align="right")


def _plain(name: str, head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> Table:
    widths = [3.0 if text in ("ชื่อ", "Name", "เทียบได้หรือไม่", "Comparable", "ที่มา", "Origin") else 1.0 for text in head]
    columns = tuple(Column(width) for width in widths)
    return Table(columns, (tuple(Cell(text) for text in head),), tuple(rows), name=name, caption=name)
