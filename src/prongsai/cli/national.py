"""``prongsai national``: every agency at once, counted on any engine, scored exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from prongsai.cli.main import FINE
from prongsai.cli.options import Assume, Json
from prongsai.cli.output import heading, print_json, say, table
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.write import check_target, summary, write_scores


def national(
    folder: Annotated[Path, Parameter(name="DIR", help="โฟลเดอร์ข้อมูลทั้งประเทศ (a nation's folder)")],
    /,
    *,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="โฟลเดอร์ใหม่สำหรับ Parquet CSV และ JSON (folder to make)")
    ] = None,
    engine_name: Annotated[
        Literal["polars", "duckdb", "postgres", "spark"], Parameter(name="--engine", help="เครื่องมือที่ใช้นับ (who counts)")
    ] = "polars",
    address: Annotated[
        str | None,
        Parameter(name="--address", help="ที่อยู่ของ PostgreSQL หรือ Spark เช่น spark://host:7077 (where the engine is)"),
    ] = None,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """นับคำตอบและคำนวณคะแนนของทุกหน่วยงานพร้อมกัน ผลเท่ากันทุกหลักไม่ว่าใช้เครื่องมือใด (all agencies at once).

    ข้อมูลผิดแม้แห่งเดียวจะไม่เขียนไฟล์ใด (bad input writes nothing, exit status 2).
    """
    if output is not None:
        check_target(output)
    nation = open_nation(folder)
    counting = engine(engine_name, address)
    try:
        counted = count(nation, counting)
    finally:
        counting.close()
    scores = score_nation(nation, counted, assume or ())
    if output is not None:
        write_scores(output, scores, counted, engine_name)
    found = summary(scores, counted, engine_name)
    if json:
        print_json(found)
    else:
        _tell(found, nation.framework.title.th)
        if output is not None:
            say(f"\n✓ เขียน scores.parquet, agencies.csv และ nation.json ใน {output} แล้ว")
    return FINE


def _tell(found: dict[str, Any], title: str) -> None:
    heading(title)
    without = found["agencies_without_sheets"]
    rows = [("หน่วยงาน", f"{found['agencies']:,}", "")]
    rows += [(f"แบบวัด {name} (ชุด)", f"{number:,}", _none(without[name])) for name, number in found["sheets"].items()]
    table(("จำนวน", ">", ""), rows)
    heading("ค่าเฉลี่ยของหน่วยงาน")
    means = [
        ("คะแนนรวม" if node == "overall" else node, _score(mean)) for node, mean in found["mean_of_agencies"].items()
    ]
    table(("คะแนน", ">ค่าเฉลี่ย"), means)
    heading("ระดับ")
    levels = [(name, f"{number:,}") for name, number in found["levels"].items()]
    if found["level_not_determined"]:
        levels.append(("ยังเป็นได้หลายระดับ", f"{found['level_not_determined']:,}"))
    table(("ระดับ", ">หน่วยงาน"), levels)
    passing = found["passing"]
    if passing["surely"] == passing["possibly"]:
        say(f"ผ่านเกณฑ์ {passing['surely']:,} หน่วยงาน")
    else:
        say(f"ผ่านเกณฑ์แน่นอน {passing['surely']:,} หน่วยงาน และอาจผ่านได้ถึง {passing['possibly']:,} หน่วยงาน")
        say("เพราะน้ำหนักบางส่วนของกรอบไม่ได้เผยแพร่ (คำนวณตามสมมติฐานได้ด้วย --assume)", "dim")


def _none(count: int) -> str:
    return f"ไม่มีคำตอบ {count:,} หน่วยงาน" if count else ""


def _score(mean: dict[str, str] | None) -> str:
    if mean is None:
        return "–"
    return mean.get("score") or f"{mean['low']}–{mean['high']}"
