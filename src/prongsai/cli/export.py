"""``prongsai export``: one round's results as open data."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.cli.files import each
from prongsai.cli.main import FINE, UNUSABLE
from prongsai.cli.options import AboutFile, Assume, Json, Published, publication_day, sheet_of, year
from prongsai.cli.output import note, print_json, print_problems, say, table
from prongsai.errors import InputError, Problem
from prongsai.publishing.about import load_about
from prongsai.publishing.gather import Edition, of_folder, of_sheets
from prongsai.publishing.opendata.formats import module
from prongsai.publishing.opendata.release import Release, release
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.wide import NATION_FILE


def export(
    folder: Annotated[
        Path,
        Parameter(name="DIR", help="โฟลเดอร์ข้อมูลทั้งประเทศ หรือโฟลเดอร์ไฟล์ผล (a nation's folder, or results files)"),
    ],
    /,
    *,
    output: Annotated[
        Path, Parameter(name=["--output", "-o"], help="โฟลเดอร์ข้อมูลเปิด ใช้ที่เดิมทุกฉบับ (the same folder for all revisions)")
    ],
    formats: Annotated[
        str, Parameter(name="--formats", help="รูปแบบไฟล์ คั่นด้วยจุลภาค ปกติทุกรูปแบบ (file formats, comma between)")
    ] = "",
    revision: Annotated[int, Parameter(name="--revision", help="ฉบับที่ (revision)")] = 1,
    changed: Annotated[str, Parameter(name="--note", help="สิ่งที่เปลี่ยนจากฉบับก่อน (what changed)")] = "",
    published: Published = None,
    about: AboutFile = None,
    fiscal_year: Annotated[
        str | None, Parameter(name="--fiscal-year", help="ปีงบประมาณที่เลือกจากไฟล์ผล (year, of results files)")
    ] = None,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """ส่งออกผลของการประเมินหนึ่งปีเป็นข้อมูลเปิด พร้อมพจนานุกรมข้อมูลและค่าตรวจสอบ (one round as open data).

    สิ่งที่เผยแพร่แล้วไม่ถูกแก้ไข การแก้ไขคือฉบับใหม่ในโฟลเดอร์เดิม กลุ่มเล็กไม่แสดงรายละเอียด
    (what is published is never changed; a correction is a new revision; small groups are not shown).
    """
    stated = load_about(about)
    _check_revision(revision)
    edition = Edition(publication_day(published), revision, changed)
    wanted = [name.strip() for name in formats.split(",") if name.strip()]
    for name in wanted:
        module(name)
    if (folder / NATION_FILE).exists():
        found = of_folder(folder, edition, assume or ())
    else:
        sheets, status = _sheets(folder, year("--fiscal-year", fiscal_year) if fiscal_year else None, assume, json)
        if status != FINE:
            return status
        found = of_sheets(sheets, edition)
    made = release(found, output, wanted, stated)
    if json:
        print_json(_told(made))
    else:
        _tell(made, stated.licence is None)
    return FINE


def _sheets(
    folder: Path, wanted: int | None, assume: list[str] | None, as_json: bool
) -> tuple[dict[str, ScoreSheet], int]:
    """The score sheets of a folder, by the file that each came from; one bad file stops the export."""
    batch = each([folder], lambda path: sheet_of(path, assume))
    if batch.problems:
        print_problems(batch.problems, as_json)
        return {}, UNUSABLE
    root = folder if folder.is_dir() else folder.parent
    kept = {
        path.relative_to(root).with_suffix("").as_posix(): sheet
        for path, sheet in batch.results
        if wanted is None or sheet.results.fiscal_year == wanted
    }
    return kept, FINE


def _check_revision(revision: int) -> None:
    if revision < 1:
        raise InputError(
            Problem(
                "export.revision",
                f"--revision {revision}",
                "ฉบับที่ต้องเป็น 1 ขึ้นไป",
                "revisions count from 1",
                "โปรดระบุ เช่น --revision 2",
            )
        )


def _told(made: Release) -> dict[str, object]:
    return {
        "folder": str(made.folder),
        "name": made.published.name,
        "revision": made.published.revision,
        "agencies": len(made.published.agencies),
        "files": [{"path": file.path, "bytes": file.size, "sha256": file.sha256} for file in made.files],
    }


def _tell(made: Release, no_licence: bool) -> None:
    sizes: dict[str, list[int]] = {}
    for file in made.files:
        sizes.setdefault(file.format, []).append(file.size)
    table(
        ("รูปแบบ", ">ไฟล์", ">ขนาด"),
        [(name, str(len(found)), f"{sum(found) / 1e6:,.1f} MB") for name, found in sizes.items()],
    )
    withheld = made.published.scores.filter(made.published.scores["origin"] == "withheld")
    say(f"✓ เผยแพร่ {made.published.name} ของ {len(made.published.agencies):,} หน่วยงาน ใน {made.folder}")
    if len(withheld):
        some = withheld["agency_code"].n_unique()
        say(f"  ไม่แสดงรายละเอียดของกลุ่มเล็กใน {some:,} หน่วยงาน", "dim")
    if no_licence:
        note("ยังไม่ระบุสัญญาอนุญาตให้ใช้ข้อมูล โปรดระบุ licence ในไฟล์ --about (no licence is stated)")
