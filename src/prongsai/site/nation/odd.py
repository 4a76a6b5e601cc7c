"""Odd patterns that deserve a second look: for the assessor alone, never published, never part of a score."""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.core.paginator import Paginator
from django.http import QueryDict

from prongsai.national.engines import count, engine
from prongsai.national.nation import open_nation
from prongsai.national.score import score_nation
from prongsai.national.signals import readers
from prongsai.national.signals.combine import look
from prongsai.national.signals.report import table as reported
from prongsai.national.signals.sight import Sight
from prongsai.site.base.text import pick
from prongsai.site.files.models import Stored
from prongsai.site.nation.folder import has_answers, write_folder
from prongsai.site.nation.overview import province_name
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Lazy, Table, whole
from prongsai.site.results.show import part_name
from prongsai.site.rounds.models import Round

PAGE = 25
_MILLION = 1_000_000
_SIGNALS = tuple(one.SIGNAL for one in readers())  # now: their libraries take as long to load as a page may


def seen_in(of: Round) -> bytes | None:
    """What all signals say of a round, as Parquet; None where it has no answers. Last year's answers help, if any."""
    if not has_answers(of):
        return None
    year = of.fiscal_year
    last = Round.objects.filter(own=None, fiscal_year=year - 1).first() if year else None
    with tempfile.TemporaryDirectory(prefix=".nation-", dir=settings.DATA) as folder:
        before = _sight(last, Path(folder) / "before") if last and has_answers(last) else None
        findings = look(_sight(of, Path(folder) / "now", before))
        out = io.BytesIO()
        reported(findings).write_parquet(out)
    return out.getvalue()


def _sight(of: Round, folder: Path, before: Sight | None = None) -> Sight:
    folder.mkdir()
    write_folder(of, folder)
    nation = open_nation(folder)
    counting = engine("polars")
    try:
        counted = count(nation, counting)
    finally:
        counting.close()
    return Sight(nation, counted, score_nation(nation, counted), before)


@lru_cache(maxsize=4)
def _table(_sha256: str, pk: int) -> list[dict[str, Any]]:
    return pl.read_parquet(io.BytesIO(Stored.objects.get(pk=pk).read())).to_dicts()


def findings(reading: Reading) -> list[dict[str, Any]] | None:
    """Every finding, the oddest agency first; None where nothing was looked at, and always for the public."""
    kept = reading.result.signals
    if kept is None or reading.public:
        return None
    return _table(kept.sha256, kept.pk)


def titles() -> dict[str, str]:
    """The signals by their name."""
    return {one.name: pick(one.title_th, one.title_en) for one in _SIGNALS}


def said(row: dict[str, Any]) -> dict[str, Any]:
    """One finding in the reader's language."""
    rarity = int(row["rarity"])
    return {
        "survey": part_name(row["container"]),
        "signal": titles().get(row["signal"], row["title_th"]),
        "reason": pick(row["reason_th"], row["reason_en"]),
        "rarity": pick("มากกว่า 1,000,000", "more than 1,000,000") if rarity >= _MILLION else f"{rarity:,}",
    }


def of_agency(reading: Reading, code: str) -> list[dict[str, Any]]:
    """What was seen in one agency."""
    return [said(row) for row in findings(reading) or [] if row["code"] == code]


def build(reading: Reading, asked: QueryDict) -> dict[str, Any]:
    """Agencies with their findings, the oddest first."""
    every = findings(reading)
    names = titles()
    signal = asked.get("signal", "") if asked.get("signal", "") in names else ""
    kind = asked.get("kind", "") if asked.get("kind", "") in reading.kinds else ""
    province = asked.get("province", "") if asked.get("province", "") in reading.provinces else ""
    rows = [
        row
        for row in every or []
        if (not kind or row["kind"] == kind) and (not province or row["province"] == province)
    ]
    if signal:
        having = {row["code"] for row in rows if row["signal"] == signal}
        rows = [row for row in rows if row["code"] in having]
    agencies: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        agencies.setdefault(row["code"], []).append(row)
    page = Paginator(list(agencies.items()), PAGE).get_page(asked.get("page"))
    present = {row["signal"] for row in every or []}
    return {
        "looked": every is not None,
        "signal": signal,
        "signals": [(name, title) for name, title in names.items() if name in present],
        "about": [(pick(one.title_th, one.title_en), pick(one.sees_th, one.sees_en)) for one in _SIGNALS],
        "kind": kind,
        "province": province,
        "filtered": bool(signal or kind or province),
        "found": len(agencies),
        "agencies": len(reading.book.agencies),
        "page": page,
        "shown": [_shown(reading, code, rows) for code, rows in page],
        "table": _as_table(rows),
    }


def _shown(reading: Reading, code: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    return {
        "name": first["name"],
        "kind": reading.kinds.get(first["kind"], ""),
        "province": province_name(first["province"]),
        "address": reading.address("agency", code),
        "reasons": [said(row) for row in rows],
    }


def _as_table(rows: list[dict[str, Any]]) -> Table:
    columns = (
        Column(pick("หน่วยงาน", "Agency")),
        Column(pick("รหัส", "Code")),
        Column(pick("จังหวัด", "Province")),
        Column(pick("แบบวัด", "Survey")),
        Column(pick("ชุดคำตอบ", "Sheets"), right=True),
        Column(pick("สัญญาณ", "Signal")),
        Column(pick("พบในหน่วยงานปกติ 1 แห่งในกี่แห่ง", "One clean agency in so many"), right=True),
        Column(pick("สิ่งที่พบ", "What was seen")),
    )

    def make(line: int) -> tuple[Cell, ...]:
        row = rows[line]
        told = said(row)
        return (
            Cell(row["name"]),
            Cell(row["code"]),
            Cell(province_name(row["province"])),
            Cell(told["survey"]),
            whole(row["sheets"]),
            Cell(told["signal"]),
            whole(int(row["rarity"])),
            Cell(told["reason"]),
        )

    caption = pick("รูปแบบที่ควรตรวจดูซ้ำ เฉพาะผู้ประเมิน ห้ามเผยแพร่", "Patterns to look at again; for the assessor only")
    return Table(caption, columns, Lazy(make, range(len(rows))))
