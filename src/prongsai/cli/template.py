"""``prongsai template`` and ``prongsai schema``: what to write in, and how it must look."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from prongsai.cli.files import check_target, write
from prongsai.cli.main import FINE
from prongsai.cli.options import Force
from prongsai.cli.output import print_json, say
from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id, for_year
from prongsai.framework.schema import framework_schema
from prongsai.improvement.schema import plan_schema, progress_schema
from prongsai.scoring.schema import results_schema
from prongsai.scoring.template import write_template

SCHEMAS = {
    "results": results_schema,
    "plan": plan_schema,
    "progress": progress_schema,
    "framework": framework_schema,
}


def template(
    out: Annotated[Path, Parameter(name="OUT", help="ไฟล์ .xlsx ที่จะสร้าง (file to make)")],
    /,
    *,
    fiscal_year: Annotated[str | None, Parameter(name="--fiscal-year", help="ปีงบประมาณ เช่น 2568 (fiscal year)")] = None,
    framework: Annotated[
        str | None, Parameter(name="--framework", help="รหัสกรอบ แทนปีงบประมาณ เช่น rehearsal (framework id)")
    ] = None,
    agency: Annotated[str | None, Parameter(name="--agency", help="ชื่อหน่วยงานที่กรอกไว้ให้ (agency name)")] = None,
    force: Force = False,
) -> int:
    """สร้างแบบกรอกผลการประเมินเป็น XLSX มีรายการให้เลือก (results template with drop-downs)."""
    if out.suffix.lower() != ".xlsx":
        raise InputError(
            Problem(
                "template.suffix",
                str(out),
                "แบบกรอกต้องเป็นไฟล์ .xlsx",
                "the template is an .xlsx file",
                "โปรดตั้งชื่อไฟล์ให้ลงท้ายด้วย .xlsx",
            )
        )
    check_target(out, force)
    found = framework_of(fiscal_year, framework, "prongsai template")
    write(out, write_template(found, agency), force)
    say(f"✓ สร้าง {out} แล้ว ({found.title.th})")
    say(f"  กรอกแล้วใช้: prongsai score {out}")
    return FINE


def framework_of(fiscal_year: str | None, framework: str | None, command: str) -> Framework:
    """The framework named by either option. Raises ``InputError`` where neither is given or it is not known."""
    if framework:
        return by_id(framework.strip().lower())
    if fiscal_year:
        return for_year(fiscal_year)
    raise InputError(
        Problem(
            "option.no_year",
            command,
            "ยังไม่ได้ระบุปีงบประมาณหรือกรอบการประเมิน",
            "neither --fiscal-year nor --framework is given",
            "โปรดเพิ่ม --fiscal-year 2568 หรือ --framework รหัสกรอบ",
        )
    )


def schema(
    name: Annotated[
        Literal["results", "plan", "progress", "framework"], Parameter(name="NAME", help="ชนิดไฟล์ (kind of file)")
    ],
    /,
) -> int:
    """พิมพ์ JSON Schema ของไฟล์ผล แผน รายงานผล หรือกรอบ (for editors and other programs)."""
    print_json(SCHEMAS[name]())
    return FINE
