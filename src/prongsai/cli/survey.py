"""``prongsai survey xlsform | ddi | wording | import``: questionnaires for other tools, and answers back from them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.cli.app import group
from prongsai.cli.files import check_target, write
from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import Force, Json, Output
from prongsai.cli.output import bullets, heading, note, print_json, print_problems, say
from prongsai.framework import by_id, for_year
from prongsai.survey.ddi import ddi_codebook
from prongsai.survey.imports.guess import guess
from prongsai.survey.imports.mapping import load_mapping
from prongsai.survey.imports.personal import kinds
from prongsai.survey.imports.run import Column, Outcome, dry_run
from prongsai.survey.imports.source import source
from prongsai.survey.imports.table import open_table
from prongsai.survey.questionnaire import THAI, Questionnaire, containers, questionnaire
from prongsai.survey.sheets import sheets_csv
from prongsai.survey.shipped import shipped, wording_template
from prongsai.survey.wording import load, with_wording
from prongsai.survey.xlsform import xlsform
from prongsai.thai.digits import to_arabic

app = group("survey", "แบบสอบถาม: ส่งออกไปเครื่องมืออื่น และนำคำตอบเข้า (questionnaires in and out)")

Form = Annotated[
    str, Parameter(name="FORM", help="กรอบหรือปี และแบบวัด เช่น rehearsal/R, 2565/IIT, 2569/EIT.1 (questionnaire)")
]
Wordings = Annotated[
    list[Path] | None, Parameter(name="--wording", help="ไฟล์ถ้อยคำของผู้ประเมิน ระบุซ้ำได้ (wording files; may repeat)")
]


def form_of(name: str, wordings: Sequence[Path] | None = None) -> Questionnaire:
    """The questionnaire named on the command line, with shipped translations and the wordings given.

    Raises ``InputError`` for a framework, instrument or wording that cannot be used.
    """
    framework_name, _, container = to_arabic(name).strip().partition("/")
    framework = for_year(framework_name) if framework_name.isdigit() else by_id(framework_name.lower())
    asked = containers(framework)
    form = questionnaire(framework, container.upper() or (asked[0] if len(asked) == 1 else ""))
    for path in wordings or ():
        form = with_wording(form, load(path, form))
    return shipped(form)


def _about(form: Questionnaire, out: Path) -> dict[str, object]:
    return {
        "questionnaire": form.id,
        "version": form.version,
        "languages": list(form.languages),
        "drafts": sorted(form.drafts),
        "file": str(out),
    }


def _written(form: Questionnaire, out: Path, json: bool) -> int:
    if json:
        print_json(_about(form, out))
        return FINE
    say(f"✓ เขียน {out} แล้ว ({form.id} ฉบับ {form.version})", "green")
    if form.drafts:
        say(f"  ภาษาที่เป็นฉบับร่าง: {', '.join(sorted(form.drafts))}", "dim")
    return FINE


@app.command(name="xlsform")
def write_form(
    form: Form, /, *, out: Output, wording: Wordings = None, force: Force = False, json: Json = False
) -> int:
    """ส่งออกแบบสอบถามเป็น XLSForm สำหรับ ODK และ KoboToolbox (for ODK and KoboToolbox)."""
    check_target(out, force)
    made = form_of(form, wording)
    write(out, xlsform(made), force)
    return _written(made, out, json)


@app.command(name="ddi")
def write_ddi(form: Form, /, *, out: Output, wording: Wordings = None, force: Force = False, json: Json = False) -> int:
    """ส่งออกแบบสอบถามเป็น DDI-Codebook 2.5 สำหรับคลังข้อมูล (for data archives)."""
    check_target(out, force)
    made = form_of(form, wording)
    write(out, ddi_codebook(made), force)
    return _written(made, out, json)


@app.command(name="wording")
def write_wording(
    form: Form,
    /,
    *,
    out: Output,
    language: Annotated[str, Parameter(name="--language", help="รหัสภาษา เช่น th, en, ms-Arab (language)")] = THAI,
    force: Force = False,
    json: Json = False,
) -> int:
    """สร้างไฟล์ถ้อยคำที่ยังขาดของแบบสอบถาม ให้ผู้ประเมินหรือผู้แปลเติม (texts that are missing, to fill in)."""
    made = form_of(form)
    write(out, wording_template(made, language), force)
    return _written(made, out, json)


@app.command(name="import")
def import_answers(
    file: Annotated[Path, Parameter(name="FILE", help="ไฟล์คำตอบ .csv จากเครื่องมืออื่น (answers of another tool)")],
    /,
    *,
    form: Annotated[str, Parameter(name="--form", help="แบบสอบถามที่ถาม เช่น 2565/IIT (questionnaire)")],
    tool: Annotated[str, Parameter(name="--from", help="เครื่องมือ: odk, google-forms, limesurvey (tool)")],
    wording: Wordings = None,
    mapping: Annotated[
        Path | None, Parameter(name="--mapping", help="ไฟล์จับคู่คอลัมน์และตัวเลือกที่ตรวจแล้ว .yaml (checked mapping)")
    ] = None,
    write_mapping: Annotated[
        Path | None, Parameter(name="--write-mapping", help="เขียนการจับคู่ที่เดาได้ ให้ตรวจและแก้ไข (guessed mapping)")
    ] = None,
    out: Annotated[
        Path | None,
        Parameter(name=["--output", "-o"], help="เขียนคำตอบเป็น CSV สำหรับคิดคะแนน ไม่ระบุคือตรวจอย่างเดียว (file to write)"),
    ] = None,
    force: Force = False,
    json: Json = False,
) -> int:
    """ตรวจและนำเข้าคำตอบจาก ODK, KoboToolbox, Google Forms หรือ LimeSurvey (dry run unless -o is given).

    สถานะเมื่อจบเป็น 1 เมื่อมีช่องที่ต้องแก้ไขหรือการจับคู่ที่ต้องยืนยัน และไม่เขียนคำตอบ (nothing written where something is wrong)
    """
    for target in (out, write_mapping):
        if target:
            check_target(target, force)
    asked, origin = form_of(form, wording), source(tool)
    table = open_table(file)
    guessed = guess(table, asked, origin) if mapping is None else None
    if write_mapping:
        write(write_mapping, (guessed or guess(table, asked, origin)).mapping.as_yaml(), force)
        note(f"เขียนการจับคู่ไว้ที่ {write_mapping}")
    used = guessed.mapping if guessed else load_mapping(mapping, asked)  # type: ignore[arg-type]
    unsure = guessed.unsure if guessed else ()
    found = dry_run(table, used, asked, origin)
    wrong = bool(found.problems or unsure or not found.answers)
    if out and not wrong:
        write(out, sheets_csv(found.answers, asked), force)
    if json:
        written = str(out) if out and not wrong else None
        print_json(_as_json(found, asked, unsure, written))
    else:
        _tell(found, asked, unsure)
        if out:
            say(f"✗ ยังไม่ได้เขียน {out}" if wrong else f"✓ เขียน {out} แล้ว", "red" if wrong else "green")
    return WRONG if wrong else FINE


def _column(column: Column) -> dict[str, str | None]:
    return {"column": column.letter, "heading": column.header, "kind": column.kind}


def _as_json(found: Outcome, form: Questionnaire, unsure: Sequence[str], written: str | None) -> dict[str, object]:
    return {
        "questionnaire": form.id,
        "version": form.version,
        "rows": found.rows,
        "answers": len(found.answers),
        "rows_empty": found.empty,
        "rows_not_eligible": found.not_eligible,
        "rows_repeated": found.duplicates,
        "columns_dropped": [_column(column) for column in found.dropped],
        "columns_unmapped": [_column(column) for column in found.unmapped],
        "lines_without_column": list(found.lines_without),
        "to_confirm": list(unsure),
        "errors": [problem.as_json() for problem in found.problems],
        "written": written,
    }


def _tell(found: Outcome, form: Questionnaire, unsure: Sequence[str]) -> None:
    say(f"{form.id}: {found.rows} แถว ใช้ได้ {len(found.answers)} คำตอบ", "bold")
    for rows, what in (
        (found.empty, "ไม่มีคำตอบใดเลย"),
        (found.not_eligible, "ผู้ตอบไม่อยู่ในกลุ่มเป้าหมาย"),
        (found.duplicates, "ส่งซ้ำ (รหัสการส่งเดียวกัน) ใช้แถวแรกแถวเดียว"),
    ):
        if rows:
            say(f"  {what} {len(rows)} แถว: {', '.join(map(str, rows[:10]))}{' …' if len(rows) > 10 else ''}")
    if found.dropped:
        heading("คอลัมน์ที่ไม่อ่านและไม่เก็บ")
        bullets([f"{one.letter} {one.header}: {kinds()[one.kind or '']['th']}" for one in found.dropped])
    if found.unmapped:
        heading("คอลัมน์ที่ไม่รู้จัก จึงไม่เก็บ")
        bullets([f"{one.letter} {one.header[:60]}" for one in found.unmapped])
    if found.lines_without:
        say(f"\nข้อที่ไม่มีคอลัมน์คำตอบ: {', '.join(found.lines_without)}")
    if unsure:
        heading("จับคู่จากความคล้าย โปรดตรวจแล้วระบุด้วย --mapping (เขียนไฟล์ได้ด้วย --write-mapping)")
        bullets([*unsure])
    print_problems(found.problems)
