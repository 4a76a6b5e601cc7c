"""``prongsai plan`` and ``prongsai progress``: drafts to edit, and checks of what was edited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from prongsai.analysis.findings import findings
from prongsai.analysis.trend import trend
from prongsai.cli.analyze import tell_disagreements
from prongsai.cli.app import group
from prongsai.cli.files import check_target, write
from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import (
    DEFAULT_THRESHOLD,
    Assume,
    Force,
    IndicatorThreshold,
    ItemThreshold,
    Json,
    Output,
    Previous,
    ResultsPath,
    sheet_of,
    thresholds,
    year,
)
from prongsai.cli.output import print_json, say, table
from prongsai.errors import InputError, Problem
from prongsai.improvement.checks import PlanProblem, check_plan
from prongsai.improvement.draft import DraftOptions, draft_plan, with_trend
from prongsai.improvement.files import read_plan, read_progress, to_yaml
from prongsai.improvement.follow_up import SHARE_TARGET, STATUS_TH, check_progress, draft_progress, summarise
from prongsai.improvement.model import Plan
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet

app = group(
    "plan",
    "ร่างแผนมาตรการจากผลการวิเคราะห์ และตรวจแผน (plan of measures)",
    "prongsai plan FILE --output PLAN [OPTIONS]  หรือ  prongsai plan check PLAN [OPTIONS]",
)
progress_app = group(
    "progress",
    "ร่างรายงานผลตามแผน และตรวจรายงาน (follow-up)",
    "prongsai progress PLAN --output PROGRESS [OPTIONS]  หรือ  prongsai progress check PROGRESS [OPTIONS]",
)
_SEVERITY_TH = {"error": "ต้องแก้ไข", "warning": "ควรพิจารณา"}
PlanPath = Annotated[Path, Parameter(name="PLAN", help="ไฟล์แผน .yaml (plan file)")]


@app.default
def draft(
    file: ResultsPath,
    /,
    *,
    output: Output,
    kind: Annotated[
        Literal["measures", "action_plan"],
        Parameter(name="--kind", help="มาตรการส่งเสริมคุณธรรมฯ หรือแผนปฏิบัติการป้องกันการทุจริต (kind of plan)"),
    ] = "measures",
    action_year: Annotated[
        str | None, Parameter(name="--action-year", help="ปีงบประมาณที่ดำเนินการ ปกติคือปีถัดจากผล (year of action)")
    ] = None,
    units: Annotated[
        str, Parameter(name="--units", help="ชื่อส่วนราชการของหน่วยงาน คั่นด้วยจุลภาค (your units, comma between)")
    ] = "",
    previous: Previous = None,
    indicator_threshold: IndicatorThreshold = DEFAULT_THRESHOLD,
    item_threshold: ItemThreshold = DEFAULT_THRESHOLD,
    assume: Assume = None,
    force: Force = False,
) -> int:
    """ร่างแผนมาตรการจากจุดอ่อนทุกข้อ เป็นไฟล์ YAML ที่แก้ไขต่อได้ (draft a plan to edit).

    ไม่เขียนทับแผนที่มีอยู่ เพราะอาจแก้ไขไว้แล้ว เว้นแต่ระบุ --force
    """
    check_target(output, force)
    limits = thresholds(indicator_threshold, item_threshold)
    sheet = sheet_of(file, assume)
    before = sheet_of(previous) if previous else None
    options = DraftOptions(
        kind=kind,
        action_year=_action_year(sheet, action_year),
        units=tuple(name.strip() for name in units.split(",") if name.strip()),
    )
    found = findings(sheet, limits)
    made = draft_plan(sheet, found, options)
    if before:
        made = with_trend(made, trend(sheet, before))
    write(output, to_yaml(made), force)
    say(f"✓ เขียน {output} แล้ว: {_counts_text(made)}")
    if made.filed_as:
        say(f"  เผยแพร่เป็นข้อ {made.filed_as.item} ของการประเมินปีงบประมาณ พ.ศ. {made.filed_as.fiscal_year}")
    say(
        f"  ดำเนินการในปีงบประมาณ พ.ศ. {made.action_year} โปรดแก้ไขให้ตรงกับหน่วยงาน แล้วตรวจด้วย: prongsai plan check {output}"
    )
    tell_disagreements(sheet)
    return FINE


def _action_year(sheet: ScoreSheet, given: str | None) -> int | None:
    if given:
        return year("--action-year", given)
    if sheet.results.fiscal_year is None:
        raise InputError(
            Problem(
                "plan.no_action_year",
                "--action-year",
                f"กรอบ {sheet.framework.id} ไม่ผูกกับปีงบประมาณ จึงต้องระบุปีที่ดำเนินการ",
                "this framework has no fiscal year",
                "โปรดเพิ่ม --action-year เช่น --action-year 2569",
            )
        )
    return None


def _counts(plan: Plan) -> dict[str, int]:
    measures = [measure for point in plan.points for measure in point.measures]
    steps = sum(len(measure.steps) for measure in measures)
    return {"points": len(plan.points), "measures": len(measures), "steps": steps}


def _counts_text(plan: Plan) -> str:
    counts = _counts(plan)
    return f"{counts['points']} ประเด็น {counts['measures']} มาตรการ {counts['steps']} ขั้นตอน"


@app.command(name="check")
def check(
    plan: PlanPath,
    /,
    *,
    results: Annotated[
        Path | None, Parameter(name="--results", help="ไฟล์ผลที่แผนต้องตอบ (results that the plan must answer)")
    ] = None,
    earlier: Annotated[
        Path | None, Parameter(name="--earlier", help="แผนปีก่อน เพื่อดูมาตรการที่คัดลอกมา (earlier plan)")
    ] = None,
    indicator_threshold: IndicatorThreshold = DEFAULT_THRESHOLD,
    item_threshold: ItemThreshold = DEFAULT_THRESHOLD,
    json: Json = False,
) -> int:
    """ตรวจแผน: จุดอ่อนที่ไม่มีมาตรการ ช่วงเวลานอกปี ผู้รับผิดชอบ ข้อความคัดลอก (check a plan)."""
    made = read_plan(plan)
    limits = thresholds(indicator_threshold, item_threshold)
    found = findings(_answered(made, results), limits) if results else None
    problems = check_plan(made, found, read_plan(earlier) if earlier else None)
    return _tell(plan, problems, {"counts": _counts(made)}, _counts_text(made), json)


def _answered(plan: Plan, results: Path) -> ScoreSheet:
    """The results, which must be those of the plan's framework."""
    sheet = sheet_of(results)
    if sheet.framework.id != plan.framework:
        raise InputError(
            Problem(
                "plan.other_results",
                f"--results {results}",
                f"ไฟล์ผลใช้กรอบ {sheet.framework.id} แต่แผนนี้จัดทำจากผลตามกรอบ {plan.framework}",
                f"the results are of {sheet.framework.id}, the plan of {plan.framework}",
                "โปรดเลือกไฟล์ผลของปีที่แผนอ้างถึง",
            )
        )
    return sheet


def _tell(path: Path, problems: Sequence[PlanProblem], summary: dict[str, Any], text: str, as_json: bool) -> int:
    errors = sum(problem.severity == "error" for problem in problems)
    if as_json:
        counts = {"errors": errors, "warnings": len(problems) - errors}
        print_json({"file": str(path), **summary, **counts, "problems": [problem.as_json() for problem in problems]})
    else:
        say(f"{path}: {text}", "bold")
        rows = [(_SEVERITY_TH[problem.severity], problem.where, problem.th) for problem in problems]
        if rows:
            table(("", "ที่", "สิ่งที่พบ"), rows)
            say(f"ต้องแก้ไข {errors} ควรพิจารณา {len(problems) - errors}")
        else:
            say("✓ ไม่พบสิ่งที่ต้องแก้ไข", "green")
    return WRONG if errors else FINE


@progress_app.default
def draft_report(
    plan: PlanPath,
    /,
    *,
    output: Output,
    months: Annotated[Literal[6, 12], Parameter(name="--months", help="รอบรายงานกี่เดือน (months reported)")] = 12,
    force: Force = False,
) -> int:
    """ร่างรายงานผลการดำเนินการจากแผน ให้กรอกสถานะ หลักฐาน และปัญหาอุปสรรค (draft a report to fill in).

    ไม่เขียนทับรายงานที่มีอยู่ เพราะอาจกรอกไว้แล้ว เว้นแต่ระบุ --force
    """
    check_target(output, force)
    made = draft_progress(read_plan(plan), months)
    write(output, to_yaml(made), force)
    say(f"✓ เขียน {output} แล้ว: {len(made.measures)} มาตรการ รอบ {months} เดือน")
    say(f"  กรอกแล้วตรวจด้วย: prongsai progress check {output}")
    return FINE


@progress_app.command(name="check")
def check_report(
    progress: Annotated[Path, Parameter(name="PROGRESS", help="ไฟล์รายงานผล .yaml (progress file)")],
    /,
    *,
    json: Json = False,
) -> int:
    """ตรวจรายงานผล: หลักฐาน วันที่ เหตุที่ยังไม่ดำเนินการ และร้อยละที่ดำเนินการแล้ว (check a report)."""
    made = read_progress(progress)
    summary = summarise(made)
    share = None if summary.share is None else str(shown(summary.share))
    states = " ".join(f"{STATUS_TH[status]} {count}" for status, count in summary.counts.items())
    goal = f"{'ถึง' if summary.reached else 'ยังไม่ถึง'}เป้าหมายร้อยละ {SHARE_TARGET}"
    text = f"{summary.total} มาตรการ {states}; ดำเนินการแล้วร้อยละ {share or '–'} {goal}"
    data = {
        "months": made.months,
        "counts": dict(summary.counts),
        "share": share,
        "target": f"{float(SHARE_TARGET):.2f}",
        "reached": summary.reached,
    }
    return _tell(progress, check_progress(made), data, text, json)
