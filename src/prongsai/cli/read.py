"""``prongsai read``: what published reports say, with the place of every value."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.cli.files import each, published_files
from prongsai.cli.main import FINE, UNUSABLE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import bullets, heading, note, print_json, print_problems, say, table
from prongsai.reading.as_json import chosen, readings_json
from prongsai.reading.model import Printed, Reading
from prongsai.reading.read import read_file
from prongsai.scoring.interval import written
from prongsai.scoring.structure import structure

_ROLES_TH = {"table": "ตาราง", "text": "ข้อความ", "ranking": "รายการเรียงลำดับ", "chart": "แผนภูมิ", "title": "หัวเรื่อง"}
_KINDS = ("overall", "instrument", "part", "indicator", "sub_indicator", "item", "row")
_MANY, _MOST_UNREAD = 3, 12


def read(
    files: Annotated[
        list[Path],
        Parameter(
            name="FILE", help="รายงานที่เผยแพร่ .txt .md .html .docx .pdf .xlsx .csv หรือภาพสแกน (published reports)"
        ),
    ],
    /,
    *,
    json: Json = False,
) -> int:
    """อ่านรายงานที่หน่วยงานเผยแพร่กลับเป็นข้อมูล พร้อมที่มาของทุกค่า (read published reports back into data).

    ค่าที่พิมพ์ขัดกันเก็บไว้ทุกค่า ไม่แก้ไขสิ่งใด สถานะเมื่อจบเป็น 1 เมื่อไม่พบคะแนน (exit status 1 where no score was found).
    """
    batch = each(files, read_file, published_files)
    readings = [reading for _, found in batch.results for reading in found]
    if json:
        print_json(readings_json(readings, batch.problems))
    else:
        for path, found in batch.results:
            _file(path, found, batch.many)
        if batch.problems:
            print_problems(batch.problems)
    if batch.problems:
        return UNUSABLE
    return FINE if all(any(reading.values for reading in found) for _, found in batch.results) else WRONG


def _file(path: Path, readings: list[Reading], many: bool) -> None:
    if many:
        heading(str(path))
    if not any(reading.values for reading in readings):
        say(f"{path.name}: ไม่พบคะแนน (no score found)", "yellow")
    if len(readings) > _MANY:
        _summary(readings)
    else:
        for reading in readings:
            _reading(reading)
    for remark in dict.fromkeys(remark for reading in readings for remark in reading.source.notes):
        note(remark)


def _summary(readings: list[Reading]) -> None:
    rows = [
        (
            reading.agency.text if reading.agency else "–",
            str(reading.fiscal_year or "–"),
            _best(reading, "overall"),
            " / ".join(dict.fromkeys(word.text for word in reading.levels)) or "–",
            str(len({value.node for value in reading.values})),
        )
        for reading in readings
    ]
    table(("หน่วยงาน", "ปีงบประมาณ", ">คะแนนรวม", "ระดับ", ">ค่าที่อ่านได้"), rows)


def _best(reading: Reading, node: str) -> str:
    best = chosen(reading.printed(node))
    return "–" if best is None else _number(best)


def _number(value: Printed) -> str:
    return written(value.value) + (f" จาก {value.of:f}" if value.of is not None else "")


def _reading(reading: Reading) -> None:
    say(reading.agency.text if reading.agency else "ไม่พบชื่อหน่วยงาน", "bold")
    place = [f"{word}{name}" for word, name in (("อำเภอ", reading.district), ("จังหวัด", reading.province)) if name]
    years = [f"ผลการประเมินปีงบประมาณ พ.ศ. {reading.fiscal_year or 'ไม่ทราบ'}"]
    if reading.action_year:
        years.append(f"มาตรการปีงบประมาณ พ.ศ. {reading.action_year}")
    say("  ".join([*place, *years]))
    if reading.levels:
        say(f"ระดับ {' / '.join(dict.fromkeys(word.text for word in reading.levels))}", "bold")
    if reading.values:
        table(("ข้อหรือตัวชี้วัด", "ชื่อ", ">คะแนน", "พิมพ์ว่า", "ที่"), _rows(reading))
    _others(reading)


def _rows(reading: Reading) -> list[tuple[str, str, str, str, str]]:
    """One row for each node; every different value of it, each with the first place where it was printed."""
    nodes = structure(reading.framework).nodes if reading.framework else {}
    places = list(nodes)
    rows = []
    for node in sorted(
        {value.node for value in reading.values},
        key=lambda name: (_KINDS.index(nodes[name].kind), places.index(name)) if name in nodes else (0, 0),
    ):
        shown: dict[str, list[Printed]] = {}
        for value in reading.printed(node):
            shown.setdefault(_number(value), []).append(value)
        title = nodes[node].title if node in nodes else ""
        for number, values in shown.items():
            first = values[0]
            where = str(first.where).removeprefix(f"{first.where.file} ")
            more = f" และอีก {len(values) - 1} แห่ง" if len(values) > 1 else ""
            rows.append((node, title[:60], number, first.text, f"{where} ({_ROLES_TH[first.role]}){more}"))
    return rows


def _others(reading: Reading) -> None:
    strong = sum(said.kind == "strength" for said in reading.statements)
    weak = len(reading.statements) - strong
    if reading.statements:
        say(f"จุดแข็ง {strong} ข้อความ  จุดอ่อนหรือข้อบกพร่อง {weak} ข้อความ")
    if reading.plan:
        measures = sum(len(point.measures) for point in reading.plan.points)
        say(f"แผน: {len(reading.plan.points)} ประเด็น {measures} มาตรการ")
    if reading.progress:
        say(f"ผลการดำเนินการ: {len(reading.progress.measures)} มาตรการ")
    if reading.unread:
        heading(f"สิ่งที่ยังอ่านไม่เข้าใจ {len(reading.unread)} แห่ง (unread)")
        bullets([f"{one.where}: {one.why} “{one.text[:120]}”" for one in reading.unread[:_MOST_UNREAD]])
        if len(reading.unread) > _MOST_UNREAD:
            say(f"  และอีก {len(reading.unread) - _MOST_UNREAD} แห่ง ดูทั้งหมดด้วย --json")
