"""``prongsai simulate``: an invented agency or nation to rehearse with."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from prongsai.cli.main import FINE
from prongsai.cli.output import say
from prongsai.cli.template import framework_of
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id, catalog, for_year
from prongsai.simulation import Spec
from prongsai.simulation import simulate as draw

_ONE_OR_MORE = validators.Number(gte=1, lte=10_000)
_SEED = validators.Number(gte=0)
_SHARE = validators.Number(gte=0, lte=1)


def simulate(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="โฟลเดอร์ใหม่ที่จะสร้าง (folder to make)")],
    fiscal_year: Annotated[str | None, Parameter(name="--fiscal-year", help="ปีงบประมาณ เช่น 2568 (fiscal year)")] = None,
    framework: Annotated[
        str | None, Parameter(name="--framework", help="รหัสกรอบ แทนปีงบประมาณ เช่น rehearsal (framework id)")
    ] = None,
    agencies: Annotated[
        int | None,
        Parameter(
            name="--agencies",
            help="สร้างทั้งประเทศที่มีหน่วยงานเท่านี้เป็น Parquet (a nation of so many, for prongsai national)",
            validator=validators.Number(gte=1, lte=1_000_000),
        ),
    ] = None,
    years: Annotated[
        int | None,
        Parameter(
            name="--years",
            help="หน่วยงานเดิมย้อนหลังกี่ปี โฟลเดอร์ละปี (the same agencies over so many years, a folder each)",
            validator=validators.Number(gte=1, lte=20),
        ),
    ] = None,
    seed: Annotated[
        int, Parameter(name="--seed", help="เลขตั้งต้น เลขเดิมได้ข้อมูลเดิม (same seed, same data)", validator=_SEED)
    ] = 1,
    staff: Annotated[
        int | None, Parameter(name="--staff", help="จำนวนบุคลากร (head count; 120)", validator=_ONE_OR_MORE)
    ] = None,
    respondents: Annotated[
        int | None,
        Parameter(name="--respondents", help="ผู้ตอบแต่ละแบบวัด (answers to each survey; 60)", validator=_ONE_OR_MORE),
    ] = None,
    quality: Annotated[
        float | None,
        Parameter(name="--quality", help="คำตอบดีเพียงใด 0–1 (how good answers are; 0.86)", validator=_SHARE),
    ] = None,
    honest: Annotated[
        bool, Parameter(name="--honest", help="ทั้งประเทศที่ไม่มีการตอบผิดปกติ (a nation without planted faults)")
    ] = False,
) -> int:
    """สร้างหน่วยงานจำลอง หรือทั้งประเทศ พร้อมคำตอบรายชุด ผลการตรวจ และค่าจริง (invented agencies with known truth).

    หน่วยงานเดียวได้ไฟล์ผลสำหรับ prongsai score ส่วน --agencies ได้โฟลเดอร์สำหรับ prongsai national
    โดยมีคำตอบผิดปกติที่ใส่ไว้และเฉลยในโฟลเดอร์ truth (with faults planted and told in the folder truth)
    """
    chosen = {"staff": staff, "respondents": respondents, "quality": quality}
    given = {name: value for name, value in chosen.items() if value is not None}
    _check(output)
    if agencies is not None and given:
        raise InputError(_only_one(next(iter(given)), "without --agencies"))
    if agencies is None and (honest or years is not None):
        raise InputError(_only_one("honest" if honest else "years", "with --agencies"))
    beside = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.absolute().parent))
    try:
        if agencies is None:
            found = framework_of(fiscal_year, framework, "prongsai simulate")
            spec = Spec(found, seed=seed, **given)  # type: ignore[arg-type]
            _check_respondents(spec)
            draw(spec).write(beside)
            told = f"✓ สร้างหน่วยงานจำลอง 1 แห่งใน {output} แล้ว ({found.title.th})"
        else:
            found = framework_of(fiscal_year, framework, "prongsai simulate") if fiscal_year or framework else _newest()
            sheets = _nations(found, years, (agencies, seed, honest), beside)
            told = f"✓ สร้างหน่วยงานจำลอง {agencies:,} แห่ง คำตอบ {sheets:,} ชุดใน {output} แล้ว ({found.title.th})"
        beside.chmod(0o755)
        beside.replace(output)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    say(told)
    where = output / str(found.fiscal_year) if years else output
    say(f"  ลองใช้: prongsai {'score' if agencies is None else 'national'} {where}")
    return FINE


def _nations(newest: Framework, years: int | None, drawn: tuple[int, int, bool], folder: Path) -> int:
    """One nation, or (with ``years``) a folder for each year back from the newest; returns how many sheets in all."""
    from prongsai.simulation.nation import NationSpec, write_nation

    agencies, seed, honest = drawn
    if years is None:
        wanted = {folder: newest}
    elif newest.fiscal_year is None:
        raise InputError(_only_one("years", f"with a framework of a fiscal year, not with {newest.id}"))
    else:
        wanted = {
            folder / str(year): for_year(year) for year in range(newest.fiscal_year, newest.fiscal_year - years, -1)
        }
    specs = {where: NationSpec(framework, agencies, seed) for where, framework in wanted.items()}
    return sum(write_nation(replace(one, faults=()) if honest else one, where) for where, one in specs.items())


def _newest() -> Framework:
    """The newest framework of which a whole round has been published."""
    years = sorted((entry.fiscal_year, entry.id) for entry in catalog() if entry.fiscal_year is not None)
    return next(found for _, name in reversed(years) if (found := by_id(name)).national)


def _only_one(name: str, when: str) -> Problem:
    return Problem(
        "simulate.options",
        f"--{name}",
        "ตัวเลือกนี้ใช้ร่วมกับตัวเลือกอื่นที่ระบุไม่ได้",
        f"--{name} is used only {when}",
        "โปรดดูวิธีใช้ด้วย prongsai simulate --help",
    )


def _check(output: Path) -> None:
    if output.is_file() or (output.is_dir() and any(output.iterdir())):
        raise InputError(
            Problem(
                "output.refused",
                f"-o {output}",
                "มีไฟล์หรือโฟลเดอร์ที่ไม่ว่างชื่อนี้อยู่แล้ว",
                "the folder exists and is not empty",
                "โปรดระบุชื่อโฟลเดอร์ใหม่",
            )
        )
    if not output.parent.is_dir():
        raise InputError(
            Problem(
                "output.refused",
                f"-o {output}",
                f"ไม่มีโฟลเดอร์ “{output.parent}”",
                "the folder does not exist",
                "โปรดสร้างโฟลเดอร์ก่อน หรือแก้ไขตำแหน่งใน -o",
            )
        )


def _check_respondents(spec: Spec) -> None:
    if spec.respondents > spec.staff:
        raise InputError(
            Problem(
                "simulate.respondents",
                f"--respondents {spec.respondents}",
                f"ผู้ตอบ ({spec.respondents}) มากกว่าบุคลากร ({spec.staff})",
                "more respondents than staff",
                "โปรดลด --respondents หรือเพิ่ม --staff",
            )
        )
