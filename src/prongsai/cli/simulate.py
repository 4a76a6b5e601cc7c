"""``prongsai simulate``: invented agencies to rehearse with."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter, validators

from prongsai.cli.main import FINE
from prongsai.cli.output import say
from prongsai.cli.template import framework_of
from prongsai.errors import InputError, Problem
from prongsai.simulation import Spec
from prongsai.simulation import simulate as draw

_ONE_OR_MORE = validators.Number(gte=1, lte=10_000)
_SHARE = validators.Number(gte=0, lte=1)


def simulate(
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="โฟลเดอร์ใหม่ที่จะสร้าง (folder to make)")],
    fiscal_year: Annotated[str | None, Parameter(name="--fiscal-year", help="ปีงบประมาณ เช่น 2568 (fiscal year)")] = None,
    framework: Annotated[
        str | None, Parameter(name="--framework", help="รหัสกรอบ แทนปีงบประมาณ เช่น rehearsal (framework id)")
    ] = None,
    agencies: Annotated[
        int, Parameter(name="--agencies", help="จำนวนหน่วยงาน (how many agencies)", validator=_ONE_OR_MORE)
    ] = 1,
    seed: Annotated[int, Parameter(name="--seed", help="เลขตั้งต้น เลขเดิมได้หน่วยงานเดิม (same seed, same agency)")] = 1,
    staff: Annotated[int, Parameter(name="--staff", help="จำนวนบุคลากร (head count)", validator=_ONE_OR_MORE)] = 120,
    respondents: Annotated[
        int, Parameter(name="--respondents", help="ผู้ตอบแต่ละแบบวัด (answers to each survey)", validator=_ONE_OR_MORE)
    ] = 60,
    quality: Annotated[
        float, Parameter(name="--quality", help="คำตอบดีเพียงใด 0–1 (how good the answers are)", validator=_SHARE)
    ] = 0.86,
) -> int:
    """สร้างหน่วยงานจำลองพร้อมคำตอบรายชุด ผลการตรวจ และค่าจริง สำหรับซ้อมและทดสอบ (invented agencies with known truth)."""
    _check(output, staff, respondents)
    found = framework_of(fiscal_year, framework, "prongsai simulate")
    beside = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        for number in range(agencies):
            one = draw(Spec(found, seed=seed + number, staff=staff, respondents=respondents, quality=quality))
            one.write(beside if agencies == 1 else beside / f"{seed + number:05d}")
        beside.chmod(0o755)
        beside.replace(output)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    say(f"✓ สร้างหน่วยงานจำลอง {agencies} แห่งใน {output} แล้ว ({found.title.th})")
    say(f"  ลองใช้: prongsai score {output}")
    return FINE


def _check(output: Path, staff: int, respondents: int) -> None:
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
    if respondents > staff:
        raise InputError(
            Problem(
                "simulate.respondents",
                f"--respondents {respondents}",
                f"ผู้ตอบ ({respondents}) มากกว่าบุคลากร ({staff})",
                "more respondents than staff",
                "โปรดลด --respondents หรือเพิ่ม --staff",
            )
        )
