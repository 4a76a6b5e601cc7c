"""``prongsai audit``: what contradicts itself in published reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from rich.text import Text

from prongsai.cli.files import each, published_files
from prongsai.cli.main import FINE, UNUSABLE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import console, heading, print_json, print_problems, say
from prongsai.errors import Problem
from prongsai.framework import Confidence
from prongsai.reading.audit import Silence, silences
from prongsai.reading.audit import audit as audit_reading
from prongsai.reading.finding import Finding
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file

_SEVERITY_TH = {"error": "ผิด", "warning": "ควรตรวจ", "note": "หมายเหตุ"}
_COLOR = {"error": "red", "warning": "yellow", "note": "cyan"}
_CONFIDENCE_TH = {
    Confidence.INFERRED: "กติกาที่ใช้อนุมานจากหลักฐาน",
    Confidence.RECALLED: "กติกาที่ใช้ยังไม่พบเอกสารต้นทาง",
    Confidence.UNKNOWN: "กติกาไม่ได้เผยแพร่",
}


def audit(
    files: Annotated[
        list[Path],
        Parameter(name="FILE", help="รายงานที่เผยแพร่ หรือโฟลเดอร์ที่มีรายงาน (published reports or folders)"),
    ],
    /,
    *,
    verbose: Annotated[
        bool, Parameter(name="--verbose", help="บอกด้วยว่ากฎใดตรวจไม่ได้ เพราะเหตุใด (name the rules that lack data)")
    ] = False,
    json: Json = False,
) -> int:
    """ตรวจรายงานที่เผยแพร่ว่ามีสิ่งใดขัดกันเอง (find what contradicts itself in a report).

    สถานะเมื่อจบเป็น 1 เมื่อพบสิ่งที่ขัดกัน กฎที่ขาดข้อมูลจะเงียบ ไม่ใช่ว่าไม่มีสิ่งผิด (a rule that lacks data is silent)
    """
    batch = each(files, _audited, published_files)
    reports = [(path, reading, found) for path, several in batch.results for reading, found in several]
    if json:
        print_json(_as_json(reports, batch.problems, verbose))
    else:
        for path, reading, found in reports:
            _tell(path, reading, found)
            if verbose:
                _tell_silences(silences(reading))
        if batch.problems:
            print_problems(batch.problems)
    if batch.problems:
        return UNUSABLE
    return WRONG if any(found for _, _, found in reports) else FINE


def _audited(path: Path) -> list[tuple[Reading, list[Finding]]]:
    """What one file says of each agency and year, with what was found in it."""
    return [(reading, audit_reading(reading)) for reading in read_file(path)]


def _as_json(
    reports: Sequence[tuple[Path, Reading, list[Finding]]], problems: Sequence[Problem], verbose: bool
) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "findings": [finding.as_json() for _, _, found in reports for finding in found],
        "reports": [
            {
                "file": str(path),
                "agency": reading.agency.text if reading.agency else None,
                "fiscal_year": reading.fiscal_year,
                "findings": len(found),
                **({"silent": [_silence_json(one) for one in silences(reading)]} if verbose else {}),
            }
            for path, reading, found in reports
        ],
        "errors": [problem.as_json() for problem in problems],
    }
    return shape


def _silence_json(silence: Silence) -> dict[str, Any]:
    return {"rules": [rule.code for rule in silence.rules], "why_th": silence.why}


def _tell(path: Path, reading: Reading, found: list[Finding]) -> None:
    agency = reading.agency.text if reading.agency else "ไม่พบชื่อหน่วยงาน"
    year = f"ผลปีงบประมาณ พ.ศ. {reading.fiscal_year}" if reading.fiscal_year else "ไม่พบปีงบประมาณของผล"
    heading(str(path))
    say(f"{agency} {year}")
    if not found:
        say("  ✓ ไม่พบสิ่งที่ขัดกัน (nothing found)", "green")
        return
    counts = {name: sum(1 for f in found if (f.severity or f.rule.severity) == name) for name in _SEVERITY_TH}
    said = "  ".join(f"{_SEVERITY_TH[name]} {count}" for name, count in counts.items() if count)
    say(f"พบ {len(found)} เรื่อง: {said}", "bold")
    out = console()
    for finding in found:
        severity = finding.severity or finding.rule.severity
        out.print(
            Text(f"  {_SEVERITY_TH[severity]} ", _COLOR[severity])
            + Text(finding.th)
            + Text(f"  [{finding.rule.code}]", "dim"),
            soft_wrap=True,
        )
        for line in _details(finding):
            say(f"      {line}", "dim")


def _details(finding: Finding) -> list[str]:
    lines = []
    if finding.computed:
        lines.append(finding.computed)
    if finding.confidence in _CONFIDENCE_TH:
        lines.append(f"({_CONFIDENCE_TH[finding.confidence]})")
    lines += [line for node, change in (finding.repair or {}).items() if (line := _repair(node, change))]
    if finding.where:
        first, *others = finding.where
        lines.append(f"ที่ {first}" + "".join(f"; {_short(str(one), first.file)}" for one in others[:4]))
    return lines


def _repair(node: str, change: dict[str, Any]) -> str | None:
    printed = ", ".join(change["from"])
    if change["decided"] and change["to"]:
        return f"→ {node}: พิมพ์ว่า {printed} ควรอ่านว่า {change['to']}"
    candidates = [one["value"] for one in change.get("candidates", ()) if one["value"]]
    return f"→ {node}: พิมพ์ว่า {printed} ตัดสินไม่ได้ อาจเป็น {' หรือ '.join(candidates[:3])}" if candidates else None


def _short(place: str, file: str) -> str:
    return place.removeprefix(file).strip()


def _tell_silences(found: list[Silence]) -> None:
    if found:
        say("กฎที่ตรวจไม่ได้ (silent rules)", "bold")
        for silence in found:
            say(f"  – {', '.join(rule.code for rule in silence.rules)}: {silence.why}", "dim")
