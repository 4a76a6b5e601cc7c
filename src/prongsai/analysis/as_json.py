"""The one stable JSON shape of an analysis, and of a score sheet as far as it may be shown."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from prongsai.analysis.disclosure import Ruling, may_show_score
from prongsai.analysis.findings import Finding, Thresholds, below_threshold, findings
from prongsai.analysis.next_level import Gap, NextLevel, WhatIf, next_level
from prongsai.analysis.ranking import Group, ItemScore, by_aspect, by_component, ranked_indicators, ranked_items
from prongsai.analysis.respondents import Implied, implied_respondents
from prongsai.analysis.trend import Change, Trend, trend
from prongsai.analysis.uncertainty import Uncertainty, uncertainty
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import at_part

Json = dict[str, Any]
# Where sheet_json names the node that a score belongs to.
_GROUPS = ("components", "instruments", "indicators", "sub_indicators", "items")
_LISTS = ("unknown", "disagreements")
NO_SHEETS = (
    "ไฟล์ผลมีเพียงคะแนน ไม่มีคำตอบรายชุด (sheets) จึงคำนวณค่าคลาดเคลื่อนและช่วงความเชื่อมั่นไม่ได้ "
    "หากมีคำตอบรายชุดเป็น CSV หรือ Parquet ให้ระบุในคีย์ sheets และจำนวนบุคลากรทั้งหมดในคีย์ population"
)
_NO_SHEETS_FOR = "ไม่มีคำตอบรายชุดของ {missing} จึงไม่มีช่วงความเชื่อมั่นของส่วนนั้น"


def shown_sheet_json(sheet: ScoreSheet) -> Json:
    """``sheet_json`` with everything that could give back single answers withheld, and the reason said."""
    data = sheet_json(sheet)
    if not (ruling := may_show_score(sheet, "overall")).shown:
        data["overall"] = _withheld(ruling) | sheet.level.as_json()
    for group in _GROUPS:
        data[group] = {node: _unless_withheld(sheet, node, value) for node, value in data[group].items()}
    for code, item in data["items"].items():
        for part, value in item.get("parts", {}).items():
            item["parts"][part] = _unless_withheld(sheet, at_part(code, part), value)
    for name in _LISTS:
        data[name] = [found for found in data[name] if may_tell(sheet, found["node"])]
    return data


def _unless_withheld(sheet: ScoreSheet, node: str, value: Json) -> Json:
    ruling = may_show_score(sheet, node)
    return value if ruling.shown else _withheld(ruling)


def _withheld(ruling: Ruling) -> Json:
    return {"withheld": True, "message_th": ruling.th}


def may_tell(sheet: ScoreSheet, node: str) -> bool:
    """Whether a sentence with this node's figures may be shown; ``level`` and the like are no nodes."""
    return node not in sheet.values or may_show_score(sheet, node).shown


def analysis_json(sheet: ScoreSheet, previous: ScoreSheet | None = None, thresholds: Thresholds | None = None) -> Json:
    """Everything the analysis says of one agency; scores are strings with two decimals.

    Raises ``InputError`` when ``previous`` is not of the year before.
    """
    limits = thresholds or Thresholds()
    scores = shown_sheet_json(sheet)
    found = findings(sheet, limits)
    low_indicators, low_items = below_threshold(sheet, limits)
    ahead = next_level(sheet)
    return {
        "agency": scores["agency"],
        "fiscal_year": scores["fiscal_year"],
        "framework": scores["framework"],
        "overall": scores["overall"],
        "thresholds": {"indicator": f"{limits.indicator:.2f}", "item": f"{limits.item:.2f}"},
        "ranking": {
            "indicators": [_group_head(group) for group in ranked_indicators(sheet)],
            "items": [_item(item) for item in ranked_items(sheet)],
        },
        "strengths": [_finding(one) for one in found if not one.weak],
        "weaknesses": [_finding(one) for one in found if one.weak],
        "below_threshold": {"indicators": low_indicators, "items": low_items},
        "by_component": [_group(group) for group in by_component(sheet)],
        "by_aspect": [_group(group) for group in by_aspect(sheet)],
        "trend": _trend(trend(sheet, previous)) if previous else None,
        "next_level": _next_level(ahead) if ahead else None,
        "uncertainty": uncertainty_json(sheet),
        "implied_respondents": {name: _implied(value) for name, value in implied(sheet).items()},
        "disagreements": scores["disagreements"],
    }


def survey_containers(sheet: ScoreSheet) -> list[str]:
    """The surveys that are collected apart: instruments without parts, and parts."""
    return [
        code
        for inst in sheet.framework.instruments
        if inst.kind == "survey"
        for code in ([part.code for part in inst.parts] or [inst.code])
    ]


def implied(sheet: ScoreSheet) -> dict[str, Implied]:
    """The number of respondents that published scores imply, for each survey where they do."""
    names = [inst.code for inst in sheet.framework.instruments if inst.kind == "survey" and inst.parts]
    found = {name: implied_respondents(sheet, name) for name in [*survey_containers(sheet), *names]}
    return {name: value for name, value in found.items() if value}


def uncertainty_json(sheet: ScoreSheet) -> Json:
    """``scores`` by node, and ``message_th``: what is missing where there is no interval."""
    measured = {
        name: value
        for name in sheet.values
        if may_show_score(sheet, name).shown and (value := uncertainty(sheet, name)) is not None
    }
    without = [name for name in survey_containers(sheet) if name not in sheet.results.moments]
    message = None
    if not sheet.results.moments:
        message = NO_SHEETS
    elif without:
        message = _NO_SHEETS_FOR.format(missing=", ".join(without))
    return {"scores": {name: _uncertainty(value) for name, value in measured.items()}, "message_th": message}


def _score(value: Fraction | None) -> str | None:
    return None if value is None else str(shown(value))


def _group_head(group: Group) -> Json:
    return {"node": group.id, "title": group.title, "score": _score(group.score)}


def _group(group: Group) -> Json:
    return {
        **_group_head(group),
        "items": [_item(item) for item in group.ranked()],
        "best": [item.code for item in group.best()],
        "worst": [item.code for item in group.worst()],
    }


def _item(item: ItemScore) -> Json:
    return {
        "node": item.code,
        "title": item.title,
        "instrument": item.instrument,
        "indicator": item.indicator,
        "score": _score(item.score),
        **({"part": item.part} if item.part else {}),
    }


def _finding(found: Finding) -> Json:
    theme = found.theme
    return {
        "kind": found.kind,
        **_item(found.item),
        "threshold": f"{found.threshold:.2f}",
        "theme": theme.title if theme else None,
        "says": (theme.low if found.weak else theme.high) if theme else None,
        "causes": list(theme.causes) if theme and found.weak else [],
        "advice": list(theme.advice) if theme and found.weak else [],
        "oit": list(found.oit),
    }


def _trend(found: Trend) -> Json:
    return {
        "previous": {
            "fiscal_year": found.before.results.fiscal_year,
            "framework": {"id": found.before.framework.id, "version": found.before.framework.version},
        },
        "overall": _change(found.overall) if found.overall else None,
        "indicators": [_change(change) for change in found.indicators],
        "items": [_change(change) for change in found.items],
        "unmatched": [{"node": node, "reason": reason} for node, reason in found.unmatched],
    }


def _change(change: Change) -> Json:
    return {
        "node": change.node,
        "title": change.title,
        "before_node": change.before_node,
        "before": _score(change.before),
        "after": _score(change.after),
        "difference": str(shown(change.difference)),
        "comparable": change.comparable,
        "reason": change.reason,
    }


def _next_level(found: NextLevel) -> Json:
    return {
        "level": found.band.name,
        "overall": _gap(found.overall),
        "components": [_gap(gap) for gap in found.components],
        "held_back_by": [gap.node for gap in found.held_back_by],
        "not_known": [gap.node for gap in found.not_known],
        "what_if": [_what_if(option) for option in found.what_if],
    }


def _gap(gap: Gap) -> Json:
    return {
        "node": gap.node,
        "threshold": f"{gap.threshold:.2f}",
        "score": _score(gap.score),
        "missing": None if gap.points is None else _score(max(gap.points, Fraction(0))),
        **({"withheld": True} if gap.withheld else {}),
    }


def _what_if(option: WhatIf) -> Json:
    return {"items": list(option.items), "overall": option.overall.as_json(), "levels": list(option.levels)}


def _uncertainty(value: Uncertainty) -> Json:
    def number(one: float | None) -> str | None:
        return None if one is None else f"{one:.2f}"

    return {
        "score": _score(value.estimate),
        "se": number(value.se),
        "low": number(value.low),
        "high": number(value.high),
        "sheets": value.sheets,
        "population": value.population,
        "message_th": value.reason_th,
    }


def _implied(value: Implied) -> Json:
    return {
        "respondents": value.respondents,
        "certainty": f"{value.certainty:.4f}",
        "fitted": list(value.fitted),
        "misfits": list(value.misfits),
    }
