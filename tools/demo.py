"""Writes every document of the example agencies: ``python tools/demo.py build/demo``."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from prongsai.analysis.findings import Thresholds, findings
from prongsai.documents.build import build
from prongsai.documents.request import Request
from prongsai.documents.writers import formats, write
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.files import read_plan, read_progress, to_yaml
from prongsai.scoring.results import load_results
from prongsai.scoring.score import ScoreSheet, score
from prongsai.yaml_file import read

EXAMPLES = Path(__file__).parent.parent / "examples"


@dataclass(frozen=True)
class Job:
    """One agency's documents to write."""

    slug: str
    spec: dict[str, Any]
    out: Path


@dataclass(frozen=True)
class Done:
    """What was written for one agency."""

    agency: str
    year: int | None
    result: str
    remarks: int
    files: int
    folder: Path


def main(out: Path) -> None:
    """Write everything below ``out`` and print a summary."""
    console = Console(width=None if sys.stdout.isatty() else 120)
    jobs = [Job(slug, spec, out / slug) for slug, spec in read(EXAMPLES / "demo.yaml").data.items()]
    began = time.perf_counter()
    done: dict[str, Done] = {}
    bar = Progress(TextColumn("จัดทำเอกสาร"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with bar, ProcessPoolExecutor(2) as pool:
        task = bar.add_task("", total=len(jobs))
        waiting = {pool.submit(write_agency, job): job.slug for job in jobs}
        for future in as_completed(waiting):
            done[waiting[future]] = future.result()
            bar.update(task, advance=1, description=waiting[future])
    table = Table(title="เอกสารของหน่วยงานตัวอย่าง 5 แห่ง (ตัวเลขตามที่หน่วยงานเผยแพร่)")
    for name in ("หน่วยงาน", "ปีงบประมาณ", "ผลการประเมิน", "ข้อสังเกตต่อตัวเลข", "ไฟล์", "โฟลเดอร์"):
        table.add_column(name)
    for job in jobs:
        row = done[job.slug]
        table.add_row(row.agency, str(row.year), row.result, str(row.remarks), str(row.files), str(row.folder))
    console.print(table)
    total = sum(row.files for row in done.values())
    console.print(f"เขียน {total} ไฟล์ ใน {time.perf_counter() - began:.1f} วินาที เปิดดูได้ที่ {out}/")


def write_agency(job: Job) -> Done:
    """Write the documents of one agency in every format."""
    source = EXAMPLES / job.slug
    sheet = score(load_results(source / "results.yaml"))
    plan = read_plan(source / "plan.yaml") if (source / "plan.yaml").exists() else None
    progress = read_progress(source / "progress.yaml") if (source / "progress.yaml").exists() else None
    limits = {name: Decimal(value) for name, value in job.spec.get("thresholds", {}).items()}
    job.out.mkdir(parents=True, exist_ok=True)
    files = 0
    for wanted in job.spec["documents"]:
        request = Request(
            kind=wanted["kind"],
            sheet=sheet,
            layout=wanted.get("layout"),
            plan=plan,
            progress=progress if wanted["kind"] in ("progress", "measures") else None,
            thresholds=Thresholds(**limits),
            digits=job.spec["digits"],
        )
        document = build(request)
        for name in formats():
            (job.out / f"{wanted['kind']}.{name}").write_bytes(write(document, name))
            files += 1
    draft = draft_plan(sheet, findings(sheet, Thresholds(**limits)))
    (job.out / "plan-draft.yaml").write_text(to_yaml(draft), encoding="utf-8")
    remarks = len(sheet.disagreements) + len(sheet.unknown)
    return Done(sheet.results.agency.name, sheet.results.fiscal_year, _result(sheet), remarks, files + 1, job.out)


def _result(sheet: ScoreSheet) -> str:
    shown = sheet.values["overall"].interval.as_json()
    return f"{shown.get('score') or shown['low'] + '–' + shown['high']} {' / '.join(sheet.level.names)}"


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo"))
