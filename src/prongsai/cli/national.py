"""``prongsai national``: every agency at once, counted on any engine, scored exactly, compared with each other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from prongsai.analysis.comparable import check_years
from prongsai.cli.main import FINE
from prongsai.cli.options import Assume, Json
from prongsai.cli.output import bullets, console, heading, print_json, say, table
from prongsai.errors import InputError, Problem
from prongsai.national.adjusted import NOT_OFFICIAL_TH, read_adjustment
from prongsai.national.change import Year
from prongsai.national.compared import Asked, compare
from prongsai.national.disclosed import shown_estimates, withheld
from prongsai.national.engines import Engine, engine
from prongsai.national.nation import open_nation
from prongsai.national.sliced import measured
from prongsai.national.summary import FALSE_DISCOVERIES, summary
from prongsai.national.write import check_target, write_results
from prongsai.national.years import is_result, read_year, year_of
from prongsai.scoring.structure import Structure

_SHOWN = 5  # movers in the terminal; nation.json has more
Step = Callable[[str], None]


def national(
    folder: Annotated[Path, Parameter(name="DIR", help="โฟลเดอร์ข้อมูลทั้งประเทศ (a nation's folder)")],
    /,
    *,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="โฟลเดอร์ใหม่สำหรับผลทั้งหมด (folder to make)")
    ] = None,
    engine_name: Annotated[
        Literal["polars", "duckdb", "postgres", "spark"], Parameter(name="--engine", help="เครื่องมือที่ใช้นับ (who counts)")
    ] = "polars",
    address: Annotated[
        str | None,
        Parameter(name="--address", help="ที่อยู่ของ PostgreSQL หรือ Spark เช่น spark://host:7077 (where the engine is)"),
    ] = None,
    before: Annotated[
        Path | None,
        Parameter(name="--before", help="โฟลเดอร์คำตอบหรือผลของปีก่อนหน้าหนึ่งปี (answers or results of the year before)"),
    ] = None,
    uncertainty: Annotated[
        bool,
        Parameter(
            name="--uncertainty",
            negative="--no-uncertainty",
            help="ความคลาดเคลื่อน ช่วงความเชื่อมั่น และช่วงอันดับ (standard errors, intervals, ranges of ranks)",
        ),
    ] = True,
    small_area: Annotated[
        bool,
        Parameter(name="--small-area", help="ค่าประมาณแบบหดเข้าหาประเภท มิใช่คะแนนทางการ (shrunk estimates, not official)"),
    ] = False,
    adjusted: Annotated[
        Path | None,
        Parameter(name="--adjusted", help="ไฟล์น้ำหนักและการหักคะแนนที่ผู้ประเมินกำหนด (assessor's adjustment, not official)"),
    ] = None,
    workbook: Annotated[
        bool, Parameter(name="--xlsx", help="เขียน nation.xlsx สำหรับเปิดใน Excel ด้วย (an Excel workbook, too)")
    ] = False,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """นับคำตอบและคำนวณคะแนนของทุกหน่วยงานพร้อมกัน ผลเท่ากันทุกหลักไม่ว่าใช้เครื่องมือใด (all agencies at once).

    ข้อมูลผิดแม้แห่งเดียวจะไม่เขียนไฟล์ใด (bad input writes nothing, exit status 2).
    """
    if output is not None:
        check_target(output)
    _check_options(uncertainty, {"--before": before is not None, "--small-area": small_area})
    wanted = uncertainty and (output is not None or before is not None or small_area)
    with _steps() as step:
        step("ตรวจข้อมูล")
        nation = open_nation(folder)
        counting = engine(engine_name, address)
        try:
            last = _year(before, nation.framework, (counting, tuple(assume or ())), step) if before else None
            step("นับคำตอบและคำนวณคะแนน")
            known = measured(nation, counting, assume or (), errors=wanted)
        finally:
            counting.close()
        scores, counted = known.scores, known.counted
        adjustment = read_adjustment(adjusted, nation.tree, nation.agencies["code"]) if adjusted else None
        found = compare(
            scores, counted, Asked(wanted, last, small_area, adjustment), engine_name, step, every=known.estimates
        )
        files = write_results(output, found, step, workbook=workbook) if output is not None else []
    told = summary(found)
    if json:
        print_json(told)
    else:
        _tell(told, nation.framework.title.th)
        if output is not None:
            say(f"\n✓ เขียน {', '.join(files)} ใน {output} แล้ว")
    return FINE


def _check_options(uncertainty: bool, needing: dict[str, bool]) -> None:
    """Raise ``InputError`` where an option needs standard errors that are not to be computed."""
    for name in [name for name, given in needing.items() if given and not uncertainty]:
        raise InputError(
            Problem(
                "national.options",
                name,
                "ตัวเลือกนี้ต้องใช้ความคลาดเคลื่อน จึงใช้ร่วมกับ --no-uncertainty ไม่ได้",
                f"{name} needs standard errors and cannot be used with --no-uncertainty",
                "โปรดนำ --no-uncertainty ออก",
            )
        )


@contextmanager
def _steps() -> Iterator[Step]:
    """What is being done and for how long, on a terminal's standard error."""
    out = console(sys.stderr)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=text)


def _year(folder: Path, framework: Any, how: tuple[Engine, tuple[str, ...]], step: Step) -> Year:
    """The year before, from answers or from results; hypotheses as far as its framework has them."""
    if is_result(folder):
        found = read_year(folder)
        check_years(framework, found.framework, str(folder))
        return found
    counting, assume = how
    step("ตรวจข้อมูลปีก่อน")
    nation = open_nation(folder)
    check_years(framework, nation.framework, str(folder))
    step("นับคำตอบและคำนวณคะแนนปีก่อน")
    known = measured(nation, counting, [name for name in assume if name in _hypotheses(nation.tree)], errors=True)
    assert known.estimates
    scores, counted = known.scores, known.counted
    return year_of(scores, shown_estimates(known.estimates, scores, counted, withheld(scores, counted)))


def _hypotheses(tree: Structure) -> set[str]:
    return {one.name for node in tree.nodes.values() for way in node.ways for one in way.rule.hypotheses}


def _tell(found: dict[str, Any], title: str) -> None:
    heading(title)
    without = found["agencies_without_sheets"]
    rows = [("หน่วยงาน", f"{found['agencies']:,}", "")]
    rows += [(f"แบบวัด {name} (ชุด)", f"{number:,}", _none(without[name])) for name, number in found["sheets"].items()]
    table(("จำนวน", ">", ""), rows)
    heading("ค่าเฉลี่ย")
    means = [
        (
            _named(node),
            _score(mean),
            _score(found["mean_by_respondents"][node]),
            _score(found["median_of_agencies"][node]),
            f"{found['scored'][node]:,}",
        )
        for node, mean in found["mean_of_agencies"].items()
    ]
    table(("คะแนน", ">เฉลี่ยของหน่วยงาน", ">ถ่วงน้ำหนักด้วยผู้ตอบ", ">มัธยฐาน", ">จากหน่วยงาน"), means)
    heading("ระดับ")
    levels = [(name, f"{number:,}") for name, number in found["levels"].items()]
    if found["level_not_determined"]:
        levels.append(("ยังเป็นได้หลายระดับ", f"{found['level_not_determined']:,}"))
    table(("ระดับ", ">หน่วยงาน"), levels)
    passing = found["passing"]
    if passing["surely"] == passing["possibly"]:
        say(f"ผ่านเกณฑ์ {passing['surely']:,} หน่วยงาน จาก {found['agencies']:,}")
    else:
        sure, may = passing["surely"], passing["possibly"]
        say(f"ผ่านเกณฑ์แน่นอน {sure:,} หน่วยงาน และอาจผ่านได้ถึง {may:,} หน่วยงาน จาก {found['agencies']:,}")
        say("เพราะน้ำหนักบางส่วนของกรอบไม่ได้เผยแพร่ (คำนวณตามสมมติฐานได้ด้วย --assume)", "dim")
    if "changes" in found:
        _changes(found["changes"])
    if "adjusted" in found:
        say(f"\n{found['adjusted']['title']}: {NOT_OFFICIAL_TH}", "dim")


def _changes(found: dict[str, Any]) -> None:
    """What changed, in words: what went up and down for sure, and who the most."""
    heading("เทียบกับปีก่อน")
    say(f"หน่วยงานที่มีทั้งสองปี {found['agencies']:,} (มีเฉพาะปีก่อน {found['only_before']:,} เฉพาะปีนี้ {found['only_after']:,})")
    for node, change in found["nodes"].items():
        tested = change["tested"]
        say(
            f"{_named(node)}: จาก {tested:,} หน่วยงานที่ทดสอบได้ สูงขึ้นเกินกว่าความบังเอิญ {change['up']:,} "
            f"ลดลงเกินกว่าความบังเอิญ {change['down']:,}"
        )
        for title, movers in (("สูงขึ้นมากที่สุด", change["most_up"]), ("ลดลงมากที่สุด", change["most_down"])):
            if movers:
                say(f"  {title}")
                bullets([f"{one['name']} จาก {one['before']} เป็น {one['after']}" for one in movers[:_SHOWN]], 4)
    for node, why in found["left_out"].items():
        say(f"{_named(node)}: {why}", "dim")
    say(f"ในจำนวนที่ว่าเกินกว่าความบังเอิญ คาดว่าเป็นความบังเอิญไม่เกิน {FALSE_DISCOVERIES:.0%}", "dim")


def _named(node: str) -> str:
    return "คะแนนรวม" if node == "overall" else node


def _none(count: int) -> str:
    return f"ไม่มีคำตอบ {count:,} หน่วยงาน" if count else ""


def _score(mean: dict[str, str] | None) -> str:
    if mean is None:
        return "–"
    return mean.get("score") or f"{mean['low']}–{mean['high']}"
