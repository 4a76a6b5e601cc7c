"""``prongsai publish``: one agency's year as a folder for its own website."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.cli.files import each
from prongsai.cli.main import FINE, UNUSABLE
from prongsai.cli.options import AboutFile, Assume, Json, Published, day, publication_day, sheet_of, year
from prongsai.cli.output import print_json, print_problems, say
from prongsai.errors import InputError, Problem
from prongsai.evidence.links import read_links
from prongsai.improvement.files import read_plan, read_progress
from prongsai.publishing.about import load_about
from prongsai.publishing.agency.model import Approval, Yearbook, link_table
from prongsai.publishing.agency.write import write
from prongsai.scoring.score import ScoreSheet
from prongsai.thai.text import likeness, squeeze

_NEAR = 0.3


def publish(
    *paths: Annotated[
        Path, Parameter(name="FILE", help="ไฟล์ผลหรือโฟลเดอร์ ปีอื่นของหน่วยงานเดียวกันแสดงเป็นผลแต่ละปี (results of all years)")
    ],
    output: Annotated[Path, Parameter(name=["--output", "-o"], help="โฟลเดอร์ใหม่สำหรับเว็บไซต์ (folder to make)")],
    agency: Annotated[str | None, Parameter(name="--agency", help="ชื่อหน่วยงาน (agency)")] = None,
    fiscal_year: Annotated[str | None, Parameter(name="--fiscal-year", help="ปีงบประมาณที่เผยแพร่ (year)")] = None,
    plan: Annotated[Path | None, Parameter(name="--plan", help="ไฟล์แผน .yaml (plan)")] = None,
    progress: Annotated[Path | None, Parameter(name="--progress", help="ไฟล์รายงานผล .yaml (progress)")] = None,
    links: Annotated[Path | None, Parameter(name="--links", help="ตารางลิงก์ OIT .csv (table of links)")] = None,
    approved: Annotated[
        list[str] | None,
        Parameter(name="--approved", help="ผู้อนุมัติ “ตำแหน่ง; ชื่อ; วันที่” ระบุซ้ำได้ (who approved; may repeat)"),
    ] = None,
    documents: Annotated[
        str, Parameter(name="--documents", help="รูปแบบเอกสาร คั่นด้วยจุลภาค เว้นว่างคือไม่ทำ (document formats)")
    ] = "pdf",
    address: Annotated[
        str | None, Parameter(name="--address", help="ที่อยู่เว็บที่จะวางโฟลเดอร์นี้ (where the folder will stand)")
    ] = None,
    published: Published = None,
    about: AboutFile = None,
    earlier: Annotated[
        Path | None, Parameter(name="--earlier", help="โฟลเดอร์ที่เผยแพร่อยู่ เมื่อแก้ไขผล (the folder published now)")
    ] = None,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """สร้างโฟลเดอร์หน้าเว็บของหน่วยงานหนึ่งปี พร้อมเอกสาร ข้อมูล และป้าย นำไปวางที่ใดก็ได้ (an agency's own pages).

    ไม่ใช้สคริปต์ ลิงก์สัมพัทธ์ทั้งหมด มีภาษาไทยและอังกฤษ (no script, relative links, Thai and English).
    """
    batch = each(paths, lambda path: sheet_of(path, assume))
    if batch.problems:
        print_problems(batch.problems, json)
        return UNUSABLE
    sheet, before = chosen([found for _, found in batch.results], agency, fiscal_year)
    book = Yearbook(
        sheet,
        publication_day(published),
        next(_code(path) for path, found in batch.results if found is sheet),
        before,
        read_plan(plan) if plan else None,
        read_progress(progress) if progress else None,
        link_table(sheet, read_links(links, sheet.framework)) if links else None,
        tuple(_approval(step) for step in approved or ()),
        address,
    )
    forms = [form.strip() for form in documents.split(",") if form.strip()]
    made = write(book, output, forms, load_about(about), earlier)
    found = sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    size = sum((made / name).stat().st_size for name in found)
    if json:
        print_json(
            {"folder": str(made), "agency": book.agency, "fiscal_year": book.year, "files": found, "bytes": size}
        )
    else:
        say(f"✓ เขียนหน้าเว็บของ{book.agency} ใน {made} แล้ว ({len(found)} ไฟล์ {size / 1e6:.1f} MB)")
        say(f"  เปิดดูที่ {made / 'index.html'} แล้วนำทั้งโฟลเดอร์ไปวางในเว็บไซต์ของหน่วยงาน")
    return FINE


def chosen(
    sheets: Sequence[ScoreSheet], agency: str | None, fiscal_year: str | None
) -> tuple[ScoreSheet, tuple[ScoreSheet, ...]]:
    """The agency's year that was asked for, and its earlier years. Raises ``InputError`` that names what there is."""
    names = sorted({sheet.results.agency.name for sheet in sheets})
    if agency is None and len(names) > 1:
        raise _choose("--agency", "มีผลของหลายหน่วยงาน", "results of several agencies", names)
    wanted = squeeze(agency) if agency else squeeze(names[0])
    mine = [sheet for sheet in sheets if squeeze(sheet.results.agency.name) == wanted]
    if not mine:
        near = sorted(names, key=lambda name: -likeness(squeeze(name), wanted))
        near = [name for name in near if likeness(squeeze(name), wanted) >= _NEAR][:5] or names[:5]
        raise _choose(f"--agency {agency}", "ไม่พบผลของหน่วยงานนี้", "no results of this agency", near)
    years = sorted({sheet.results.fiscal_year or 0 for sheet in mine})
    if fiscal_year is None and len(years) > 1:
        raise _choose("--fiscal-year", "มีผลหลายปี", "results of several years", [str(one) for one in years])
    asked = year("--fiscal-year", fiscal_year) if fiscal_year else years[0]
    found = [sheet for sheet in mine if (sheet.results.fiscal_year or 0) == asked]
    if len(found) != 1:
        th = "ไม่มีผลของปีนี้" if not found else "มีผลของปีนี้มากกว่าหนึ่งไฟล์"
        en = "no results of this year" if not found else "more than one file of this year"
        raise _choose(f"--fiscal-year {asked}", th, en, [str(one) for one in years])
    before = [sheet for sheet in mine if (sheet.results.fiscal_year or 0) < asked]
    return found[0], tuple(sorted(before, key=lambda sheet: -(sheet.results.fiscal_year or 0)))


def _choose(where: str, th: str, en: str, known: Sequence[str]) -> InputError:
    told = ", ".join(known)
    return InputError(Problem("publish.choose", where, th, f"{en}; there are {told}", f"โปรดเลือกจาก {told}"))


def _code(path: Path) -> str:
    """A code for the agency in its own data: the name of its folder or file, as far as a code may hold it."""
    name = path.parent.name if path.stem == "results" else path.stem
    return re.sub(r"[^\w-]+", "-", name) or "agency"


def _approval(step: str) -> Approval:
    position, name, when = [*(part.strip() or None for part in step.split(";")), None, None][:3]
    if position is None:
        raise InputError(
            Problem(
                "publish.approved",
                f"--approved {step}",
                "ไม่ได้ระบุตำแหน่งผู้อนุมัติ",
                "no position is given",
                "โปรดระบุเป็น “ตำแหน่ง; ชื่อ; วันที่” เว้นชื่อหรือวันที่ได้",
            )
        )
    return Approval(position, name, day=day("--approved", when) if when else None)
