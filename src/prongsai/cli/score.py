"""``prongsai score`` and ``prongsai explain``."""

from __future__ import annotations

from os.path import commonpath
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators
from rich.text import Text
from rich.tree import Tree

from prongsai.analysis.as_json import may_tell, shown_sheet_json
from prongsai.analysis.disclosure import may_show_score
from prongsai.analysis.explain import CONFIDENCE_TH, Line
from prongsai.analysis.explain import explain as explain_node
from prongsai.cli.files import each
from prongsai.cli.main import FINE, UNUSABLE, WRONG
from prongsai.cli.options import Assume, Json, ResultsPath, sheet_of
from prongsai.cli.output import bullets, console, heading, print_json, print_problems, say, table
from prongsai.scoring.interval import shown
from prongsai.scoring.score import Disagreement, ScoreSheet

_ORIGIN_TH = {
    "counted": "นับจากคำตอบหรือผลการตรวจ",
    "given": "ตามผลที่ได้รับ",
    "computed": "คำนวณจากคะแนนที่ได้รับ",
    "absent": "ไม่นับรวม",
    "unknown": "ไม่ทราบ",
}
_NOT_SHOWN = "ไม่แสดง"
_KIND_TH = {"given": "ระบุไว้", "printed": "พิมพ์ไว้อีกแห่ง", "ways": "คำนวณอีกทางหนึ่ง", "level": "ระบุไว้"}


def score(
    files: Annotated[list[Path], Parameter(name="FILE", help="ไฟล์ผล หรือโฟลเดอร์ที่มีไฟล์ผล (results files or folders)")],
    /,
    *,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """คำนวณคะแนนทุกระดับอย่างแม่นตรง และแจ้งตัวเลขที่ขัดกัน (score, and list every contradiction).

    สถานะเมื่อจบเป็น 1 เมื่อมีตัวเลขขัดกัน (exit status 1 where numbers disagree).
    """
    batch = each(files, lambda path: sheet_of(path, assume))
    sheets = [sheet for _, sheet in batch.results]
    if json and batch.many:
        results = [{"file": str(path), **shown_sheet_json(sheet)} for path, sheet in batch.results]
        print_json({"results": results, "errors": [problem.as_json() for problem in batch.problems]})
    elif json:
        print_json(shown_sheet_json(sheets[0]))
    elif batch.many:
        _summary(batch.results)
    else:
        _sheet(sheets[0])
    if batch.problems:
        if not json:
            print_problems(batch.problems)
        return UNUSABLE
    return WRONG if any(sheet.disagreements for sheet in sheets) else FINE


def _summary(results: list[tuple[Path, ScoreSheet]]) -> None:
    shared = Path(commonpath([path.absolute().parent for path, _ in results])) if results else Path()
    rows = [
        (
            str(path.absolute().relative_to(shared)),
            sheet.results.agency.name,
            _year(sheet),
            number(sheet, "overall"),
            " หรือ ".join(sheet.level.names),
            str(len(sheet.disagreements)),
            str(len(sheet.unknown)),
        )
        for path, sheet in results
    ]
    table(("ไฟล์", "หน่วยงาน", "ปีงบประมาณ", ">คะแนนรวม", "ระดับ", ">ขัดกัน", ">ไม่ทราบ"), rows)
    for path, sheet in results:
        if sheet.disagreements:
            say(f"{path}", "bold")
            bullets([found.th for found in sheet.disagreements if may_tell(sheet, found.node)])


def _year(sheet: ScoreSheet) -> str:
    return str(sheet.results.fiscal_year or sheet.framework.title.th)


def _sheet(sheet: ScoreSheet) -> None:
    say(sheet.results.agency.name, "bold")
    say(f"{sheet.framework.title.th} (กรอบ {sheet.framework.id} รุ่น {sheet.framework.version})")
    say(f"คะแนนรวม {number(sheet, 'overall')}  ระดับ {' หรือ '.join(sheet.level.names)}", "bold")
    if sheet.assumed:
        say(f"คำนวณตามสมมติฐาน: {', '.join(sheet.assumed)}", "yellow")
    nodes = sheet.structure.nodes.values()
    components = [node.id for node in nodes if node.kind in ("instrument", "part")]
    table(("องค์ประกอบ", "ชื่อ", ">คะแนน", "ที่มา"), [_row(sheet, name) for name in components])
    indicators = [node.id for node in sheet.structure.of_kind("indicator")]
    table(("ตัวชี้วัด", "ชื่อ", ">คะแนน", "ที่มา"), [_row(sheet, name) for name in indicators])
    if sheet.unknown:
        heading("สิ่งที่ยังทราบไม่ได้ (unknown)")
        bullets([found.th for found in sheet.unknown if may_tell(sheet, found.node)])
    if sheet.disagreements:
        heading(f"ตัวเลขที่ขัดกัน {len(sheet.disagreements)} แห่ง (disagreements)")
        for found in sheet.disagreements:
            _disagreement(sheet, found)


def _row(sheet: ScoreSheet, name: str) -> tuple[str, str, str, str]:
    value = sheet.values[name]
    if not may_show_score(sheet, name).shown:
        return name, value.node.title, _NOT_SHOWN, "ผู้ตอบน้อยเกินกว่าจะแสดง"
    return name, value.node.title, number(sheet, name), _ORIGIN_TH[value.origin]


def number(sheet: ScoreSheet, name: str) -> str:
    """A score, an interval, a dash, or that it is not shown, as tables have it."""
    value = sheet.values[name]
    if not may_show_score(sheet, name).shown:
        return _NOT_SHOWN
    if not value.informative:
        return "–"
    if value.interval.exact:
        return str(shown(value.interval.low))
    return f"{shown(value.interval.low)}–{shown(value.interval.high)}"


def _disagreement(sheet: ScoreSheet, found: Disagreement) -> None:
    """The sentence, both numbers, and the arithmetic that gives the second."""
    if not may_tell(sheet, found.node):
        return
    say(f"  ✗ {found.th}", "red")
    if isinstance(found.computed, dict) and "score" in found.computed and found.kind != "ways":
        say(f"      {_KIND_TH[found.kind]} {found.found}  คำนวณได้ {found.computed['score']}  {_rule(found)}")
    else:
        say(f"      {_rule(found)}")
    if found.node in sheet.values:
        for line in explain_node(sheet, found.node, 1).below:
            say(f"      {line.th}", "dim")


def _rule(found: Disagreement) -> str:
    return f"(กติกา: {CONFIDENCE_TH[found.confidence]})"


def explain(
    file: ResultsPath,
    node: Annotated[
        str, Parameter(name="NODE", help="level, overall, IIT, EIT.1, เลขตัวชี้วัด หรือรหัสข้อ เช่น i12 (what to explain)")
    ],
    /,
    *,
    assume: Assume = None,
    depth: Annotated[
        int,
        Parameter(name="--depth", help="อธิบายลึกกี่ชั้น (how many steps down)", validator=validators.Number(gte=1)),
    ] = 9,
    json: Json = False,
) -> int:
    """อธิบายว่าคะแนนหรือระดับหนึ่งได้มาอย่างไร ลงไปจนถึงแหล่งที่มา (walk from a number down to its sources)."""
    line = explain_node(sheet_of(file, assume), node, depth)
    if json:
        print_json(line.as_json())
    else:
        console().print(_tree(line))
    return FINE


def _tree(line: Line) -> Tree:
    tree = Tree(Text(line.th))
    for below in line.below:
        tree.add(_tree(below))
    return tree
