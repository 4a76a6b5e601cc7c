"""Records of processing: the inventory by activity, for a page and as a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.apps import apps

from prongsai.documents.tree import Cell, Column, Document, Section, Table
from prongsai.documents.writers import write
from prongsai.site.base.text import pick
from prongsai.site.privacy.inventory import (
    ACTION,
    DEVICE,
    NONE,
    OUTSIDE,
    Activity,
    Personal,
    Rule,
    activities,
    elsewhere,
    registry,
    rules,
)


@dataclass(frozen=True)
class Line:
    """Some fields of one table with the same rule."""

    model: str
    fields: tuple[str, ...]
    purposes: tuple[str, ...]
    rule: Rule

    @property
    def said(self) -> str:
        """The fields, separated by commas."""
        return ", ".join(self.fields)


@dataclass(frozen=True)
class Record:
    """One activity with all data it uses."""

    activity: Activity
    lines: tuple[Line, ...]


def records() -> list[Record]:
    """Every activity, in the order of ``activities.yaml``."""
    every = registry()
    return [
        Record(one, tuple(_lines([field for field in every if field.activity is one]))) for one in activities().values()
    ]


def _lines(fields: list[Personal]) -> Iterator[Line]:
    ordered = sorted(fields, key=lambda one: (one.model, one.rule.name, one.field))
    for (model, _), some in groupby(ordered, key=lambda one: (one.model, one.rule.name)):
        group = list(some)
        apps.get_model(model)  # raises for a name that is no model
        purposes = tuple(dict.fromkeys(one.purpose for one in group))
        yield Line(model, tuple(one.field for one in group), purposes, group[0].rule)


def shredder_words(rule: Rule) -> str:
    """Who or what carries a rule out."""
    said = {
        NONE: pick("คงไว้ตามเหตุที่ระบุ", "kept, for the reason said"),
        OUTSIDE: pick("ผู้ดูแลเครื่อง", "whoever runs the machine"),
        ACTION: pick("ขั้นตอนที่ทำให้สิ้นสุด", "the step that ends it"),
        DEVICE: pick("เครื่องของผู้ใช้", "the user's own device"),
    }
    return said.get(rule.shredder, rule.shredder)


def workbook() -> bytes:
    """XLSX bytes: activities, fields, rules, and what is kept outside the tables."""
    title = pick("บันทึกรายการกิจกรรมการประมวลผลข้อมูลส่วนบุคคล", "Records of processing activities")
    head = (pick("กิจกรรมและวัตถุประสงค์", "Activity and purpose"), pick("เจ้าของข้อมูล", "Whose data"),
            pick("ฐานทางกฎหมาย", "Lawful basis"), pick("ผู้ที่เปิดเผยให้", "Disclosed to"),
            pick("มาตรการ", "Measures"))  # fmt: skip
    main = [
        (str(one.words), str(one.whose), _basis(one), str(one.disclosed), str(one.measures))
        for one in activities().values()
    ]
    fields = (pick("กิจกรรม", "Activity"), pick("ตาราง", "Table"), pick("ข้อมูล", "Data"), pick("วัตถุประสงค์", "Purpose"),
              pick("ระยะเวลา", "Retention"), pick("ดำเนินการโดย", "Carried out by"))  # fmt: skip
    lines = [
        (str(record.activity.words), line.model, line.said, "; ".join(line.purposes), str(line.rule.words),
         shredder_words(line.rule))
        for record in records()
        for line in record.lines
    ]  # fmt: skip
    periods = (
        pick("กฎ", "Rule"),
        pick("วัน", "Days"),
        pick("ระยะเวลา", "Retention"),
        pick("ต้องให้ผู้เชี่ยวชาญยืนยัน", "To be confirmed"),
    )
    every = [
        (rule.name, "–" if rule.days is None else str(rule.days), str(rule.words), _yes(rule.confirm))
        for rule in rules().values()
    ]
    outside = (pick("ที่เก็บ", "Place"), pick("ชื่อ", "Name"), pick("คำอธิบาย", "About"), pick("ระยะเวลา", "Retention"))
    rest = [(one.place, one.name, str(one.words), str(one.rule.words) if one.rule else "–") for one in elsewhere()]
    tables = (
        _table(pick("กิจกรรม", "Activities"), head, main),
        _table(pick("ข้อมูล", "Data"), fields, lines),
        _table(pick("ระยะเวลา", "Retention"), periods, every),
        _table(pick("นอกฐานข้อมูล", "Outside the database"), outside, rest),
    )
    return write(Document(title, (Section(tables),), lead=(title,)), "xlsx")


def _basis(activity: Activity) -> str:
    basis = activity.basis
    said = f"{basis.words} ({pick('มาตรา', 'section')} {basis.section})"
    return f"{said} · {pick('รอผู้เชี่ยวชาญยืนยัน', 'to be confirmed')}" if basis.confirm else said


def _yes(true: bool) -> str:
    return pick("ใช่", "yes") if true else pick("ไม่", "no")


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    body = tuple(tuple(Cell(text) for text in row) for row in rows)
    columns = tuple(Column(1.0) for _ in head)
    return Table(columns, (tuple(Cell(text) for text in head),), body, name=title, caption=title)
