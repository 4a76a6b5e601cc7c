"""Writes docs/audit-of-five-reports.md from the real reports: ``PRONGSAI_CASES=DIR python tools/write_audit_table.py``.

The reports themselves are not part of this repository. Names of agencies are left out of the page.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from prongsai.reading.audit import audit
from prongsai.reading.finding import Finding
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file

ROOT = Path(__file__).parent.parent
CASES = Path(os.environ.get("PRONGSAI_CASES") or ROOT.parent / "shared" / "cases")
TARGET = ROOT / "docs" / "audit-of-five-reports.md"
SEVERITY = {"error": "ผิด (error)", "warning": "ควรตรวจ (warning)", "note": "หมายเหตุ (note)"}
HEAD = """# What the audit finds in five published reports

Made by `tools/write_audit_table.py` from five real reports (text files; not part of this repository); do not edit it.
`prongsai audit FILE` prints these sentences, with `--json` also in English, with every place and the printed text.
Agencies are not named here. "Line" is the first place of a finding; the arithmetic stands below its sentence.

A finding says that the report contradicts itself or leaves something out, not who was careless: most of these are
digits lost between the official result and the page.
"""


def page(folder: Path) -> str:
    """The whole page."""
    parts = [HEAD]
    for path in sorted(folder.glob("*.txt")):
        for reading in read_file(path):
            parts.append(_section(path.stem.split("_")[0], reading, audit(reading)))
    return "\n".join(parts)


def _section(name: str, reading: Reading, found: list[Finding]) -> str:
    rows = [
        f"## Report {name}: results of fiscal year {reading.fiscal_year}, {len(found)} findings\n",
        "| line | rule | severity | finding |",
        "|---|---|---|---|",
    ]
    for finding in found:
        line = finding.where[0].line if finding.where else None
        text = _cell(reading, finding.th)
        if finding.computed:
            text += f"<br>{_cell(reading, finding.computed)}"
        severity = SEVERITY[finding.severity or finding.rule.severity]
        rows.append(f"| {line or ''} | `{finding.rule.code}` | {severity} | {text} |")
    return "\n".join(rows) + "\n"


def _cell(reading: Reading, text: str) -> str:
    """Text that fits a cell, without the agency's name."""
    for word in (reading.agency.text if reading.agency else None, reading.district, reading.province):
        if word:
            text = text.replace(word, "…")
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    if not any(CASES.glob("*.txt")):
        sys.exit(f"no reports in {CASES}: set PRONGSAI_CASES to the folder that holds them as .txt")
    TARGET.write_text(page(CASES), encoding="utf-8")
