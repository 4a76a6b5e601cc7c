"""Which rows and columns the form has, and which key of a results file each cell stands for.

Writer and reader share it: the reader finds rows by code and columns by heading, so that moved or deleted
rows do no harm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from prongsai.framework.model import Framework, Instrument, Item, Scale
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.yaml_file import Key

TEMPLATE_VERSION = 1
MARK = "prongsai_template"

GUIDE, SCORES, TALLIES, VERDICTS, HIDDEN = "คำแนะนำ", "คะแนน", "จำนวนผู้ตอบ", "ผลการตรวจ", "ระบบ"
CODE, PART, TITLE, VALUE, VERDICT = "รหัส", "ส่วน", "รายการ", "คะแนน/ข้อมูล", "ผลการตรวจ"
EXAMPLE = "ตัวอย่าง"

Kind = Literal["text", "score", "count", "choice"]
ABSENCES = {"not_applicable": "ไม่เข้าข่ายประเมิน", "not_assessed": "ไม่ได้ประเมิน"}


@dataclass(frozen=True)
class Row:
    """One line: ``cells`` leads from a heading to the key of the results file.

    ``choices`` leads from a key of the file to the Thai words shown, for cells with a drop-down list.
    A line without a code is a heading between groups of lines.
    """

    code: str
    title: str
    kind: Kind = "score"
    cells: dict[str, Key] = field(default_factory=dict)
    part: str = ""
    choices: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One worksheet: its headings (the second line under them in ``notes``) and its lines."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    example: tuple[object, ...]
    notes: dict[str, str] = field(default_factory=dict)


def pages(framework: Framework) -> list[Page]:
    """The worksheets to fill in; one without lines is left out."""
    found = [_scores(framework), _tallies(framework), _verdicts(framework)]
    return [page for page in found if page.rows]


def _scores(framework: Framework) -> Page:
    parts = [part.code for inst in framework.instruments for part in inst.parts]
    rows = [
        Row("", "หน่วยงาน"),
        Row("หน่วยงาน", "ชื่อหน่วยงาน", "text", {VALUE: ("agency", "name")}),
        Row("ประเภท", "ประเภทหน่วยงาน", "choice", {VALUE: ("agency", "kind")}, choices=AGENCY_KINDS),
        Row("อำเภอ", "อำเภอ/เขต", "text", {VALUE: ("agency", "district")}),
        Row("จังหวัด", "จังหวัด", "text", {VALUE: ("agency", "province")}),
        Row("บุคลากร", "จำนวนบุคลากรทั้งหมด (คน)", "count", {VALUE: ("agency", "staff")}),
    ]
    if framework.fiscal_year is not None:
        rows.append(Row("ปีงบประมาณ", "ปีงบประมาณ พ.ศ.", "text", {VALUE: ("fiscal_year",)}))
    levels = {band.name: band.name for band in framework.levels.bands}
    rows += [
        Row("", "ผลการประเมิน"),
        Row("คะแนนรวม", "คะแนนภาพรวม", "score", {VALUE: ("scores", "overall")}),
        Row("ระดับ", "ระดับผลการประเมิน", "choice", {VALUE: ("scores", "level")}, choices=levels),
    ]
    for inst in framework.instruments:
        rows.append(Row(inst.code, inst.name.th, "score", _by_part(inst, ("scores", "instruments"))))
    surveys = [inst for inst in framework.instruments if inst.kind == "survey"]
    if surveys:
        rows.append(Row("", "จำนวนผู้ตอบ"))
    for inst in surveys:
        for word, title, group in (
            ("ผู้ตอบ", "จำนวนผู้ตอบแบบวัด", "respondents"),
            ("ทั้งหมด", "จำนวนผู้มีส่วนได้ส่วนเสียทั้งหมดของแบบวัด", "population"),
        ):
            rows.append(Row(f"{word} {inst.code}", f"{title} {inst.code}", "count", _by_part(inst, (group,))))
    for inst in framework.instruments:
        rows.append(Row("", f"{inst.code}: {inst.name.th}"))
        for ind in inst.indicators:
            title = f"ตัวชี้วัดที่ {ind.number} {ind.name.th}"
            rows.append(Row(ind.number, title, "score", {VALUE: ("scores", "indicators", ind.number)}))
            for sub in ind.sub_indicators:
                title = f"ตัวชี้วัดย่อยที่ {sub.number} {sub.name.th}"
                rows.append(Row(sub.number, title, "score", {VALUE: ("scores", "sub_indicators", sub.number)}))
            for item in ind.items:
                rows += _item_scores(inst, item)
    example = (EXAMPLE, "ข้อคำถามตัวอย่าง (แถวนี้ไม่นำไปคำนวณ)", *([99.42] * (1 + len(parts))))
    return Page(SCORES, (CODE, TITLE, VALUE, *parts), tuple(rows), example)


def _by_part(inst: Instrument, group: Key) -> dict[str, Key]:
    """The whole instrument and each of its parts."""
    return {VALUE: (*group, inst.code), **{part.code: (*group, part.code) for part in inst.parts}}


def _item_scores(inst: Instrument, item: Item) -> Iterator[Row]:
    for code, title in [(item.code, item_title(item)), *row_titles(item)]:
        key: Key = ("scores", "items", code)
        cells = (
            {VALUE: (*key, inst.code), **{p.code: (*key, p.code) for p in inst.parts}} if inst.parts else {VALUE: key}
        )
        yield Row(code, title, "score", cells)


def item_title(item: Item) -> str:
    """The item's wording as far as it is known."""
    return item.text or item.short or item.code


def row_titles(item: Item) -> list[tuple[str, str]]:
    """Code and wording of an item's rows."""
    return [(f"{item.code}.{row.number}", f"{item_title(item)}: {row.text or row.number}") for row in item.rows]


def _tallies(framework: Framework) -> Page:
    options = _options(framework)
    rows: list[Row] = []
    for inst in framework.instruments:
        if inst.kind != "survey":
            continue
        for item in (item for ind in inst.indicators for item in ind.items):
            for part in [p.code for p in inst.parts] or [""]:
                rows += _item_tallies(framework, item, part, list(options))
    shown = [12, 5, 3] + [0] * max(0, len(options) - 3)
    example = (EXAMPLE, "", "ข้อคำถามตัวอย่าง (แถวนี้ไม่นำไปคำนวณ)", *shown[: len(options)])
    return Page(TALLIES, (CODE, PART, TITLE, *options), tuple(rows), example, options)


def _item_tallies(framework: Framework, item: Item, part: str, every: list[str]) -> Iterator[Row]:
    key: Key = ("tallies", item.code, part) if part else ("tallies", item.code)
    if not item.rows:
        own = _keys(framework.scales.get(item.scale or "")) or every
        yield Row(item.code, item_title(item), "count", {o: (*key, o) for o in own}, part)
        return
    for (code, title), row in zip(row_titles(item), item.rows, strict=True):
        own = _keys(framework.scales.get(row.scale or item.scale or "")) or every
        yield Row(code, title, "count", {o: (*key, str(row.number), o) for o in own}, part)


def _keys(scale: Scale | None) -> list[str]:
    return [option.key for option in scale.options] if scale else []


def _options(framework: Framework) -> dict[str, str]:
    """Every option that a survey item has, with its wording as far as it is known."""
    names = {
        name
        for inst in framework.instruments
        if inst.kind == "survey"
        for ind in inst.indicators
        for item in ind.items
        for name in (item.scale, *(row.scale for row in item.rows))
    }
    found: dict[str, list[str]] = {}
    for name, scale in framework.scales.items():
        for option in scale.options if name in names else ():
            words = f"{option.label or ''} (ข้อเชิงบวกได้ {option.points:f} คะแนน)".strip()
            found.setdefault(option.key, [])
            if words not in found[option.key]:
                found[option.key].append(words)
    return {key: " / ".join(words) for key, words in found.items()}


def _verdicts(framework: Framework) -> Page:
    rows = []
    for inst in framework.instruments:
        if inst.kind != "checklist":
            continue
        for item in (item for ind in inst.indicators for item in ind.items):
            scale = framework.scales.get(item.scale or "")
            labels = {o.key: o.label or o.key for o in scale.options} if scale else {}
            cells: dict[str, Key] = {VERDICT: ("verdicts", item.code)}
            rows.append(Row(item.code, item_title(item), "choice", cells, choices={**labels, **ABSENCES}))
    first = next(iter(rows[0].choices.values())) if rows else ""
    return Page(VERDICTS, (CODE, TITLE, VERDICT), tuple(rows), (EXAMPLE, "รายการตัวอย่าง (แถวนี้ไม่นำไปคำนวณ)", first))
