"""``prongsai framework list | show | check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from prongsai.analysis.explain import CONFIDENCE_TH
from prongsai.cli.app import group
from prongsai.cli.main import FINE
from prongsai.cli.options import Json
from prongsai.cli.output import bullets, heading, print_json, say, table
from prongsai.framework import Framework, by_id, catalog, for_year, load
from prongsai.thai.digits import to_arabic

app = group("framework", "กรอบการประเมิน: รายการ รายละเอียด และตรวจไฟล์ (frameworks)")


def _items(framework: Framework, code: str) -> int:
    return sum(len(ind.items) for inst in framework.instruments if inst.code == code for ind in inst.indicators)


def _counts(framework: Framework) -> dict[str, int]:
    return {inst.code: _items(framework, inst.code) for inst in framework.instruments}


def _head(framework: Framework) -> dict[str, object]:
    return {
        "id": framework.id,
        "version": framework.version,
        "fiscal_year": framework.fiscal_year,
        "title": framework.title.th,
        "items": _counts(framework),
    }


@app.command(name="list")
def list_frameworks(*, json: Json = False) -> int:
    """กรอบการประเมินทั้งหมดที่มากับโปร่งใส (all frameworks that ship with Prongsai)."""
    frameworks = [by_id(entry.id) for entry in catalog()]
    if json:
        print_json({"frameworks": [_head(framework) for framework in frameworks]})
        return FINE
    rows = [
        (
            framework.id,
            str(framework.fiscal_year or "–"),
            framework.title.th,
            " ".join(f"{code} {count}" for code, count in _counts(framework).items()),
        )
        for framework in frameworks
    ]
    table(("รหัส", "ปีงบประมาณ", "ชื่อ", "จำนวนข้อ"), rows)
    return FINE


@app.command(name="show")
def show_framework(
    name: Annotated[str, Parameter(name="YEAR|ID", help="ปีงบประมาณ หรือรหัสกรอบ เช่น 2568, ita-2568 (year or id)")],
    /,
    *,
    json: Json = False,
) -> int:
    """รายละเอียดของกรอบหนึ่ง: เครื่องมือ ตัวชี้วัด ระดับ และสิ่งที่ยังไม่ทราบ (one framework)."""
    known = {entry.id for entry in catalog()}
    framework = for_year(name) if _like_year(name) and name not in known else by_id(name.strip().lower())
    if json:
        print_json(framework.model_dump(mode="json", exclude_none=True))
        return FINE
    _show(framework)
    return FINE


def _like_year(name: str) -> bool:
    digits = sum(character.isdigit() for character in to_arabic(name))
    return digits == 4 and not any(character.isascii() and character.isalpha() for character in name)


def _show(framework: Framework) -> None:
    say(framework.title.th, "bold")
    say(f"รหัส {framework.id} รุ่น {framework.version}")
    rows = [
        (inst.code, ind.number, ind.name.th, f"{ind.items[0].code}–{ind.items[-1].code}", CONFIDENCE_TH[ind.confidence])
        for inst in framework.instruments
        for ind in inst.indicators
    ]
    table(("เครื่องมือ", "ตัวชี้วัด", "ชื่อ", "ข้อ", "ความแน่ใจ"), rows)
    heading("ระดับผลการประเมิน")
    levels = framework.levels
    for band in levels.bands:
        parts = f" และทุกองค์ประกอบ ({', '.join(levels.components)}) ตั้งแต่ {band.component_min}"
        say(f"  {band.name}: คะแนนรวมตั้งแต่ {band.overall_min}{parts if band.component_min is not None else ''}")
    hypotheses = [
        f"{one.name}: {one.title.th}"
        for inst in framework.instruments
        for rule in (inst.rules.parts, inst.rules.instrument, *(ind.rule for ind in inst.indicators))
        if rule
        for one in rule.hypotheses
    ]
    if hypotheses:
        heading("สมมติฐานที่เลือกใช้ได้ด้วย --assume")
        bullets(list(dict.fromkeys(hypotheses)))


@app.command(name="check")
def check_framework(
    file: Annotated[Path, Parameter(name="FILE", help="ไฟล์กรอบที่เขียนเอง .yaml (a framework file of your own)")],
    /,
    *,
    json: Json = False,
) -> int:
    """ตรวจไฟล์กรอบการประเมินที่เขียนเอง: คีย์ น้ำหนัก และข้อที่ตกหล่น (check a framework file)."""
    framework = load(file)
    if json:
        print_json({"framework": _head(framework), "errors": []})
    else:
        counts = " ".join(f"{code} {count} ข้อ" for code, count in _counts(framework).items())
        say(f"✓ {file.name}: ถูกต้อง ({framework.id} รุ่น {framework.version}: {counts})", "green")
    return FINE
