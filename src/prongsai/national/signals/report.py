"""The findings as a table for the assessor: one line per flagged survey of an agency and signal, with its reason."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import polars as pl

from prongsai.cells import harmless_frame
from prongsai.national.signals.combine import Findings
from prongsai.scoring.wide import AGENCY

NO_PROOF_TH = "สัญญาณคือเหตุให้ตรวจดูซ้ำ มิใช่ข้อพิสูจน์ว่ามีผู้กระทำผิด และไม่มีผลต่อคะแนนทางการ ใช้เฉพาะผู้ประเมินเท่านั้น ห้ามเผยแพร่"
NO_PROOF_EN = (
    "A signal is a reason to look again, no proof of anything, and never changes an official score. For the assessor "
    "only; not to be published."
)
RARITY_TH = "พบในหน่วยงานปกติ 1 แห่งในกี่แห่ง"
_COLUMNS_TH = {
    AGENCY: "เลขที่",
    "code": "รหัสหน่วยงาน",
    "name": "หน่วยงาน",
    "kind": "ประเภท",
    "province": "จังหวัด",
    "container": "แบบวัด",
    "sheets": "จำนวนชุดคำตอบ",
    "signal": "รหัสสัญญาณ",
    "title_th": "สัญญาณ",
    "rarity": RARITY_TH,
    "reason_th": "สิ่งที่พบ",
    "reason_en": "สิ่งที่พบ (อังกฤษ)",
}
_SCHEMA = {
    **{AGENCY: pl.Int64(), "code": pl.String(), "name": pl.String(), "kind": pl.String(), "province": pl.String()},
    **{"container": pl.String(), "sheets": pl.Int64(), "signal": pl.String(), "title_th": pl.String()},
    **{"rarity": pl.Float64(), "reason_th": pl.String(), "reason_en": pl.String()},
}


def table(findings: Findings) -> pl.DataFrame:
    """Flagged agencies, the oddest first; within one its reasons, the strongest first."""
    about = findings.sight.nation.agencies
    lines: list[dict[str, Any]] = []
    for line in findings.order():
        one = about.row(line, named=True)
        for reason in findings.reasons(line):
            counted = findings.sight.counted.get(reason.container)
            lines.append(
                {name: one[name] for name in (AGENCY, "code", "name", "kind", "province")}
                | {"container": reason.container, "sheets": int(counted.sheets[line]) if counted else None}
                | {"signal": reason.signal, "title_th": reason.title_th, "rarity": round(reason.rarity)}
                | {"reason_th": reason.th, "reason_en": reason.en}
            )
    return pl.DataFrame(lines, schema=_SCHEMA)


def summary(findings: Findings) -> dict[str, Any]:
    """How many agencies were looked at and flagged, and by which signals."""
    strength, evidence = findings.strength, findings.evidence
    return {
        "note": NO_PROOF_EN,
        "agencies": strength.shape[2],
        "looked_at": int(np.isfinite(strength).any(axis=(0, 1)).sum()),
        "flagged": int(findings.flagged.any(axis=0).sum()),
        "expected_among_clean": 0.01,
        "by_signal": {
            signal.SIGNAL.name: int((one >= 0).any(axis=0).sum())
            for signal, one in zip(evidence.signals, strength, strict=True)
        },
        "by_survey": {name: int(one.sum()) for name, one in zip(evidence.containers, findings.flagged, strict=True)},
        "silent": [{"signal": signal, "container": container} for signal, container in findings.silent],
    }


def as_bytes(found: pl.DataFrame, suffix: str) -> bytes:
    """The table as a file: ``.parquet`` and ``.csv`` with the names of columns for programs, ``.xlsx`` for people."""
    out = io.BytesIO()
    if suffix == ".parquet":
        found.write_parquet(out, metadata={"prongsai.note": NO_PROOF_EN})
    elif suffix == ".csv":
        harmless_frame(found).write_csv(out, include_bom=True)
    else:
        _workbook(found, out)
    return out.getvalue()


def _workbook(found: pl.DataFrame, out: io.BytesIO) -> None:
    """One line of what it is, one of headings, one per reason. Text is never a formula."""
    import xlsxwriter

    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("สัญญาณ")
        font = {"font_name": "TH SarabunPSK", "font_size": 14}
        plain, head = book.add_format(font), book.add_format({**font, "bold": True, "text_wrap": True})
        sheet.write_string(0, 0, NO_PROOF_TH, head)
        for column, name in enumerate(found.columns):
            wide = max([8, *(min(len(str(cell)), 70) for cell in found[name].head(200))])
            sheet.set_column(column, column, wide, plain)
            sheet.write_string(1, column, _COLUMNS_TH[name], head)
        for line, cells in enumerate(found.iter_rows(), start=2):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    sheet.write_string(line, column, cell, plain)
                elif cell is not None:
                    sheet.write_number(line, column, cell, plain)
        sheet.freeze_panes(2, 3)
        if len(found):
            sheet.autofilter(1, 0, len(found) + 1, len(found.columns) - 1)
