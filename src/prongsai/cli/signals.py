"""``prongsai signals``: odd patterns that deserve the assessor's second look."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from prongsai.analysis.comparable import check_years
from prongsai.cli.files import check_target, write
from prongsai.cli.main import FINE
from prongsai.cli.options import Force, Json
from prongsai.cli.output import console, heading, note, print_json, say
from prongsai.cli.output import table as print_table
from prongsai.errors import InputError, Problem
from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.signals import readers
from prongsai.national.signals.combine import Findings, look
from prongsai.national.signals.report import NO_PROOF_TH, RARITY_TH, as_bytes, summary, table
from prongsai.national.signals.sight import Sight

_SUFFIXES = (".xlsx", ".csv", ".parquet")


def signals(
    folder: Annotated[Path, Parameter(name="DIR", help="โฟลเดอร์ข้อมูลทั้งประเทศ (a nation's folder)")],
    /,
    *,
    before: Annotated[
        Path | None, Parameter(name="--before", help="โฟลเดอร์ข้อมูลของปีก่อนหน้าหนึ่งปี (the year before)")
    ] = None,
    output: Annotated[
        Path | None,
        Parameter(name=["--output", "-o"], help="ไฟล์ .xlsx .csv หรือ .parquet ที่จะเขียน (file to write)"),
    ] = None,
    top: Annotated[int, Parameter(name="--top", help="จำนวนหน่วยงานที่พิมพ์บนจอ (agencies to print; 20)")] = 20,
    force: Force = False,
    json: Json = False,
) -> int:
    """ชี้หน่วยงานที่มีรูปแบบคำตอบผิดปกติซึ่งควรตรวจดูซ้ำ พร้อมเหตุผล สำหรับผู้ประเมินเท่านั้น (odd patterns).

    สัญญาณมิใช่ข้อพิสูจน์และไม่มีผลต่อคะแนน (a reason to look, no proof; scores never change)
    """
    if output is not None:
        _check_suffix(output)
        check_target(output, force)
    out = console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("ตรวจข้อมูลและนับคำตอบ", total=len(readers()) + 2)
        last = _sight(before) if before else None
        bar.advance(task)
        sight = _sight(folder, last)
        bar.advance(task)

        def done(name: str) -> None:
            bar.update(task, advance=1, description=f"สัญญาณ {name}")

        findings = look(sight, done)
    found = table(findings)
    if output is not None:
        write(output, as_bytes(found, output.suffix.lower()), force)
    if json:
        print_json({**summary(findings), "found": found.to_dicts()})
    else:
        _tell(findings, top)
        if output is not None:
            say(f"\n✓ เขียน {output} แล้ว ({len(found):,} แถว)")
    return FINE


def _sight(folder: Path, before: Sight | None = None) -> Sight:
    nation = open_nation(folder)
    if before is not None:
        check_years(nation.framework, before.nation.framework, str(before.nation.folder))
    counted = count(nation, engine("polars"))
    return Sight(nation, counted, score_nation(nation, counted), before)


def _tell(findings: Findings, top: int) -> None:
    found, about = summary(findings), findings.sight.nation.agencies
    heading("สัญญาณที่ควรตรวจดูซ้ำ")
    say(NO_PROOF_TH, "bold")
    say(
        f"พบ {found['flagged']:,} จาก {found['looked_at']:,} หน่วยงานที่ตรวจดูได้ "
        f"(แม้ทุกแห่งตอบโดยสุจริต ก็คาดว่าจะพบราว {found['looked_at'] / 100:,.0f} แห่ง)"
    )
    lines = findings.order()
    rows = []
    for line in lines[:top]:
        one = about.row(line, named=True)
        for place, reason in enumerate(findings.reasons(line)):
            first = (one["code"], one["name"]) if place == 0 else ("", "")
            rows.append((*first, reason.container, reason.title_th, f"{reason.rarity:,.0f}", reason.th))
    if rows:
        print_table(("รหัส", "หน่วยงาน", "แบบวัด", "สัญญาณ", f">{RARITY_TH}", "สิ่งที่พบ"), rows)
    if len(lines) > top:
        say(f"และอีก {len(lines) - top:,} หน่วยงาน (เขียนทั้งหมดลงไฟล์ด้วย -o หรือเพิ่ม --top)", "dim")
    for signal, container in findings.silent:
        note(f"สัญญาณ {signal} ของ {container} พบในหน่วยงานเกินหนึ่งในยี่สิบ จึงถือเป็นลักษณะทั่วไปของทั้งประเทศและไม่นำมาใช้")


def _check_suffix(path: Path) -> None:
    if path.suffix.lower() not in _SUFFIXES:
        raise InputError(
            Problem(
                "signals.suffix",
                f"-o {path}",
                f"ชนิดไฟล์ “{path.suffix}” เขียนไม่ได้",
                f"expected one of {', '.join(_SUFFIXES)}",
                "โปรดตั้งชื่อไฟล์ให้ลงท้ายด้วย .xlsx .csv หรือ .parquet",
            )
        )
