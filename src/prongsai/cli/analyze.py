"""``prongsai analyze``."""

from __future__ import annotations

from fractions import Fraction

from prongsai.analysis.as_json import analysis_json, implied, uncertainty_json
from prongsai.analysis.findings import Finding, Thresholds, below_threshold, findings
from prongsai.analysis.next_level import NextLevel, next_level
from prongsai.analysis.ranking import by_aspect, ranked_indicators
from prongsai.analysis.trend import Change, Trend, trend
from prongsai.cli.main import FINE
from prongsai.cli.options import (
    DEFAULT_THRESHOLD,
    Assume,
    IndicatorThreshold,
    ItemThreshold,
    Json,
    Previous,
    ResultsPath,
    sheet_of,
    thresholds,
)
from prongsai.cli.output import bullets, heading, print_json, say, table
from prongsai.cli.output import note as beside
from prongsai.cli.score import number
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet

_KIND_TH = {"failed": "ไม่ผ่าน", "below": "ต่ำกว่าเกณฑ์", "lowest": "ต่ำที่สุดในตัวชี้วัด", "strength": "สูงที่สุดในตัวชี้วัด"}


def analyze(
    file: ResultsPath,
    /,
    *,
    previous: Previous = None,
    indicator_threshold: IndicatorThreshold = DEFAULT_THRESHOLD,
    item_threshold: ItemThreshold = DEFAULT_THRESHOLD,
    assume: Assume = None,
    json: Json = False,
) -> int:
    """วิเคราะห์จุดแข็ง จุดอ่อน แนวโน้ม และระดับถัดไป พร้อมตัวเลขที่อ้างอิง (what the scores say)."""
    limits = thresholds(indicator_threshold, item_threshold)
    sheet = sheet_of(file, assume)
    before = sheet_of(previous) if previous else None
    if json:
        print_json(analysis_json(sheet, before, limits))
        return FINE
    change = trend(sheet, before) if before else None
    say(sheet.results.agency.name, "bold")
    say(sheet.framework.title.th)
    say(f"คะแนนรวม {number(sheet, 'overall')}  ระดับ {' หรือ '.join(sheet.level.names)}", "bold")
    _ranking(sheet, limits)
    found = findings(sheet, limits)
    _weaknesses([one for one in found if one.weak])
    _strengths([one for one in found if not one.weak])
    _aspects(sheet)
    if change:
        _trend(change)
    if ahead := next_level(sheet):
        _next_level(ahead)
    _uncertainty(sheet)
    tell_disagreements(sheet)
    return FINE


def tell_disagreements(sheet: ScoreSheet) -> None:
    """A note beside the result where the numbers it rests on contradict each other."""
    if sheet.disagreements:
        count = len(sheet.disagreements)
        beside(f"หมายเหตุ: ตัวเลขในไฟล์ผลขัดกัน {count} แห่ง ดูด้วย prongsai score (the input disagrees with itself)")


def _text(score: Fraction | None) -> str:
    return "–" if score is None else str(shown(score))


def _ranking(sheet: ScoreSheet, limits: Thresholds) -> None:
    low, low_items = below_threshold(sheet, limits)
    heading("ตัวชี้วัดจากคะแนนสูงไปต่ำ")
    rows = [
        (group.id, group.title, _text(group.score), f"ต่ำกว่า {limits.indicator}" if group.id in low else "")
        for group in ranked_indicators(sheet)
    ]
    table(("ตัวชี้วัด", "ชื่อ", ">คะแนน", ""), rows)
    if low_items:
        say(f"ข้อที่ได้ต่ำกว่า {limits.item} คะแนน: {', '.join(low_items)}")


def _weaknesses(found: list[Finding]) -> None:
    heading(f"จุดอ่อนหรือข้อบกพร่อง {len(found)} ข้อ")
    for one in found:
        say(f"ข้อ {one.item.code} {one.item.title}")
        say(f"  {_text(one.item.score)} คะแนน ({_KIND_TH[one.kind]})", "yellow" if one.urgent else None)
        if one.theme:
            say(f"  {one.theme.low}")
            say("  สาเหตุที่เป็นไปได้ (โปรดตรวจสอบ):")
            bullets(one.theme.causes, 4)
            say("  ข้อเสนอแนะ:")
            bullets(one.theme.advice, 4)
        if one.oit:
            say(f"  ข้อ OIT ที่เกี่ยวข้อง: {', '.join(one.oit)}")


def _strengths(found: list[Finding]) -> None:
    heading(f"จุดแข็ง {len(found)} ข้อ")
    table(("ข้อ", "รายการ", ">คะแนน"), [(one.item.code, one.item.title, _text(one.item.score)) for one in found])


def _aspects(sheet: ScoreSheet) -> None:
    groups = by_aspect(sheet)
    if not groups:
        return
    heading("ตามประเด็น")
    rows = [
        (
            group.id,
            group.title,
            ", ".join(item.code for item in group.best()),
            ", ".join(item.code for item in group.worst()) or "–",
        )
        for group in groups
    ]
    table(("ประเด็น", "ชื่อ", "สูงที่สุด", "ต่ำที่สุด"), rows)


def _trend(change: Trend) -> None:
    heading(f"เทียบกับปีงบประมาณ พ.ศ. {change.before.results.fiscal_year}")
    changes = [*([change.overall] if change.overall else []), *change.indicators, *change.comparable_items]
    table(("รหัส", "รายการ", ">ปีก่อน", ">ปีนี้", ">เปลี่ยนแปลง", ""), [_change(one) for one in changes])
    others = [one.node for one in change.items if not one.comparable] + [code for code, _ in change.unmatched]
    if others:
        say(f"ข้อที่เทียบกับปีก่อนไม่ได้: {', '.join(others)} (ดูเหตุผลด้วย --json)")


def _change(one: Change) -> tuple[str, ...]:
    sign = "+" if one.difference > 0 else ""
    remark = "" if one.comparable else "ข้อมูลประกอบ เทียบกันโดยตรงไม่ได้"
    return one.node, one.title, _text(one.before), _text(one.after), f"{sign}{_text(one.difference)}", remark


def _next_level(ahead: NextLevel) -> None:
    heading(f"ระดับถัดไป: {ahead.band.name}")
    lines = []
    for gap in (ahead.overall, *ahead.components):
        name = "คะแนนรวม" if gap.node == "overall" else gap.node
        if gap.withheld:
            lines.append(f"{name} ต้องได้ {gap.threshold} ไม่แสดงคะแนนเพราะผู้ตอบน้อย")
        elif gap.points is None:
            lines.append(f"{name} ต้องได้ {gap.threshold} ยังไม่ทราบคะแนน")
        elif not gap.reached:
            lines.append(f"{name} ต้องได้ {gap.threshold} ขณะนี้ {_text(gap.score)} ขาดอีก {_text(gap.points)}")
        else:
            lines.append(f"{name} ถึงเกณฑ์ {gap.threshold} แล้ว ({_text(gap.score)})")
    bullets(lines)
    if ahead.held_back_by:
        say(f"องค์ประกอบที่ฉุดระดับไว้: {', '.join(gap.node for gap in ahead.held_back_by)}")
    for option in ahead.what_if:
        then = option.overall.as_json()
        score = then.get("score") or f"{then['low']}–{then['high']}"
        say(f"หาก {', '.join(option.items)} ผ่าน: คะแนนรวม {score} ระดับ {' หรือ '.join(option.levels)}")


def _uncertainty(sheet: ScoreSheet) -> None:
    heading("ความคลาดเคลื่อนและจำนวนผู้ตอบ")
    measured = uncertainty_json(sheet)
    shown_kinds = ("instrument", "part", "indicator")
    rows = [
        (name, one["score"], one["se"] or "–", f"{one['low']}–{one['high']}" if one["low"] else one["message_th"])
        for name, one in measured["scores"].items()
        if sheet.values[name].node.kind in shown_kinds and "@" not in name
    ]
    if rows:
        table(("รหัส", ">คะแนน", ">ค่าคลาดเคลื่อนมาตรฐาน", "ช่วงความเชื่อมั่นร้อยละ 95"), rows)
    if measured["message_th"]:
        say(measured["message_th"])
    for name, one in implied(sheet).items():
        say(f"คะแนนรายข้อของ {name} แสดงว่ามีผู้ตอบ {one.respondents} คน")
        if one.misfits:
            say(f"  คะแนนที่เกิดจากผู้ตอบจำนวนนี้ไม่ได้ จึงอาจพิมพ์ผิด: {', '.join(one.misfits)}")
