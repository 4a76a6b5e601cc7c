"""What a framework must satisfy beyond its shape: one small function per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from prongsai.framework.model import Confidence, Framework, Item, Rule, Sourced

Key = tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """One broken rule: which one, at which key, in Thai and English, and what to do."""

    rule: str
    key: Key
    th: str
    en: str
    next_th: str = ""


def check(framework: Framework) -> list[Found]:
    """Everything wrong in a framework of the right shape; empty when it may be used."""
    return [found for rule in _RULES for found in rule(framework)]


def _sources_listed(framework: Framework) -> Iterator[Found]:
    for key, node in _sourced(framework, ()):
        used = [*node.source, *(name for mark in node.marks.values() for name in mark.source)]
        for name in used:
            if name not in framework.sources:
                yield Found(
                    "source",
                    (*key, "source"),
                    f"แหล่งที่มา “{name}” ไม่มีในรายการ sources",
                    f"source {name!r} is not listed in sources",
                    "โปรดเพิ่มแหล่งที่มาในคีย์ sources",
                )
        for name in node.marks:
            if name not in type(node).model_fields:
                yield Found(
                    "mark",
                    (*key, "marks", name),
                    f"ไม่มีคีย์ “{name}” ให้กำกับ",
                    f"there is no field {name!r} to mark",
                )


def _sourced(value: object, key: Key) -> Iterator[tuple[Key, Sourced]]:
    """Every sourced node of the tree with its key, found by walking the model's own fields."""
    if isinstance(value, Sourced):
        yield key, value
    if hasattr(type(value), "model_fields"):
        for name in type(value).model_fields:  # type: ignore[attr-defined]
            yield from _sourced(getattr(value, name), (*key, name))
    elif isinstance(value, tuple):
        for index, child in enumerate(value):
            yield from _sourced(child, (*key, str(index)))
    elif isinstance(value, dict):
        for name, child in value.items():
            yield from _sourced(child, (*key, str(name)))


_MAY_BE_MISSING = {"text", "scale", "value"}


def _missing_is_unknown(framework: Framework) -> Iterator[Found]:
    for key, node in _sourced(framework, ()):
        for name in _MAY_BE_MISSING & set(type(node).model_fields):
            rows = getattr(node, "rows", ())
            missing = getattr(node, name) is None and not (name == "scale" and rows)
            if missing and node.confidence_of(name) is not Confidence.UNKNOWN:
                yield Found(
                    "missing",
                    (*key, name),
                    f"“{name}” เว้นว่างได้เฉพาะเมื่อ confidence เป็น unknown",
                    f"{name} may be missing only with confidence unknown",
                    "โปรดกรอกค่า หรือระบุ confidence: unknown",
                )


def _codes_unique(framework: Framework) -> Iterator[Found]:
    codes = [item.code for _, _, item in items(framework)]
    numbers = [ind.number for inst in framework.instruments for ind in inst.indicators]
    parts = [part.code for inst in framework.instruments for part in inst.parts]
    instruments = [inst.code for inst in framework.instruments]
    for kind, values in {
        "item": codes,
        "indicator": numbers,
        "part": parts,
        "instrument": instruments,
    }.items():
        for value, count in Counter(values).items():
            if count > 1:
                yield Found(
                    "repeated",
                    ("instruments",),
                    f"รหัส “{value}” ({kind}) ใช้ซ้ำ {count} ครั้ง",
                    f"{kind} {value!r} stands {count} times",
                    "โปรดใช้รหัสไม่ซ้ำกัน",
                )


def _letters_apart(framework: Framework) -> Iterator[Found]:
    owner: dict[str, str] = {}
    for inst, _, item in items(framework):
        letter = item.code.rstrip("0123456789")
        if owner.setdefault(letter, inst) != inst:
            yield Found(
                "letter",
                ("instruments",),
                f"อักษรนำ “{letter}” ใช้กับเครื่องมือมากกว่าหนึ่ง",
                f"item letter {letter!r} is used by {owner[letter]} and {inst}",
            )


def _scales_exist(framework: Framework) -> Iterator[Found]:
    for inst, _, item in items(framework):
        wanted = [item.scale, *(row.scale for row in item.rows)]
        for name in wanted:
            if name is not None and name not in framework.scales:
                yield Found(
                    "scale",
                    ("instruments", inst, item.code, "scale"),
                    f"ข้อ {item.code} ใช้มาตราวัด “{name}” ที่ไม่มีใน scales",
                    f"{item.code} uses scale {name!r}, which is not defined",
                    "โปรดกำหนดมาตราวัดนี้ในคีย์ scales",
                )


def _nothing_orphaned(framework: Framework) -> Iterator[Found]:
    """Sub-indicators hold every item of their indicator once; groupings name only items that exist."""
    known = {item.code for _, _, item in items(framework)}
    for position, inst in enumerate(framework.instruments):
        for number, ind in enumerate(inst.indicators):
            if not ind.sub_indicators:
                continue
            own = [item.code for item in ind.items]
            grouped = [code for sub in ind.sub_indicators for code in sub.items]
            key = ("instruments", str(position), "indicators", str(number), "sub_indicators")
            for code in [c for c in own if grouped.count(c) != 1] + [c for c in grouped if c not in own]:
                yield Found(
                    "orphan",
                    key,
                    f"ข้อ {code} ไม่ได้อยู่ในตัวชี้วัดย่อยเพียงหนึ่งเดียวของตัวชี้วัดที่ {ind.number}",
                    f"item {code} is not in exactly one sub-indicator of indicator {ind.number}",
                    "โปรดจัดข้อให้อยู่ในตัวชี้วัดย่อยเดียว",
                )
    for position, aspect in enumerate(framework.aspects):
        for code in aspect.items:
            if code not in known:
                yield Found("orphan", ("aspects", str(position)), f"ไม่มีข้อ {code} ในกรอบนี้", f"there is no item {code}")


def _weights_add_up(framework: Framework) -> Iterator[Found]:
    instruments = {inst.code for inst in framework.instruments}
    yield from _rule(framework.overall, ("overall",), instruments)
    for position, inst in enumerate(framework.instruments):
        key: Key = ("instruments", str(position))
        numbers = {ind.number for ind in inst.indicators}
        yield from _rule(inst.rules.instrument, (*key, "rules", "instrument"), numbers)
        if inst.rules.parts:
            yield from _rule(inst.rules.parts, (*key, "rules", "parts"), {p.code for p in inst.parts})
        elif len(inst.parts) > 1:
            yield Found(
                "rule",
                (*key, "rules"),
                f"{inst.code} มีหลายส่วน แต่ไม่ได้ระบุวิธีรวมคะแนน (rules.parts)",
                f"{inst.code} has parts but no rule for combining them",
                "โปรดระบุ rules.parts (ใช้ kind: unknown หากไม่ทราบ)",
            )
        for number, ind in enumerate(inst.indicators):
            rule = ind.rule or inst.rules.indicator
            children = (
                {sub.number for sub in ind.sub_indicators}
                if rule.over == "sub_indicators"
                else {item.code for item in ind.items}
            )
            place: Key = (*key, "indicators", str(number), "rule")
            if ind.rule:
                yield from _rule(ind.rule, place, children)
            if rule.over == "sub_indicators" and (not ind.sub_indicators or not inst.rules.sub_indicator):
                yield Found(
                    "rule",
                    place,
                    f"ตัวชี้วัดที่ {ind.number} ต้องมี sub_indicators และ rules.sub_indicator",
                    f"indicator {ind.number} rests on sub-indicators that are not defined",
                )


def _rule(rule: Rule, key: Key, children: set[str]) -> Iterator[Found]:
    if rule.kind == "weights":
        yield from _weight_sum(rule.weights, (*key, "weights"), children)
    for number, hypothesis in enumerate(rule.hypotheses):
        if hypothesis.weights is not None:
            place = (*key, "hypotheses", str(number), "weights")
            yield from _weight_sum(hypothesis.weights, place, children)
    shared = [code for share in rule.shares for code in share.of]
    percent = sum((share.percent for share in rule.shares), Decimal(0))
    wrong = [code for code in shared if code not in children or shared.count(code) > 1]
    if wrong or percent > 100:
        yield Found(
            "shares",
            (*key, "shares"),
            f"สัดส่วนน้ำหนักไม่ถูกต้อง (รวม {percent} ข้อที่ผิด {wrong})",
            f"shares overlap, exceed 100 or name unknown children: {wrong}, sum {percent}",
        )


def _weight_sum(weights: dict[str, Decimal], key: Key, children: Iterable[str]) -> Iterator[Found]:
    total = sum(weights.values(), Decimal(0))
    if total != 100:
        yield Found(
            "weights",
            key,
            f"น้ำหนักรวมได้ {total} ต้องรวมได้ 100",
            f"weights add up to {total}, expected 100",
            "โปรดแก้ไขน้ำหนักให้รวมได้ 100",
        )
    for name, weight in weights.items():
        if weight <= 0:
            yield Found(
                "weights",
                (*key, name),
                f"น้ำหนักของ “{name}” ต้องมากกว่า 0",
                f"the weight of {name!r} must be positive",
                "โปรดแก้ไขน้ำหนัก หรือนำรายการนี้ออก",
            )
    for name in sorted(set(weights) ^ set(children)):
        yield Found(
            "weights",
            (*key, name),
            f"“{name}” มีน้ำหนักแต่ไม่มีในกรอบ หรือมีในกรอบแต่ไม่มีน้ำหนัก",
            f"{name!r} is weighted but does not exist, or exists without a weight",
        )


def _levels_fit(framework: Framework) -> Iterator[Found]:
    known = {inst.code for inst in framework.instruments}
    known |= {part.code for inst in framework.instruments for part in inst.parts}
    for name in framework.levels.components:
        if name not in known:
            yield Found("levels", ("levels", "components"), f"ไม่มีองค์ประกอบ “{name}”", f"no component {name!r}")
    if framework.levels.bands[-1].overall_min != 0 or framework.levels.bands[-1].component_min is not None:
        yield Found(
            "levels",
            ("levels", "bands"),
            "ระดับสุดท้ายต้องเริ่มที่ 0 เพื่อให้ทุกคะแนนมีระดับ",
            "the last band must begin at 0, so that every score has a level",
        )


def _filings_exist(framework: Framework) -> Iterator[Found]:
    known = {item.code for _, _, item in items(framework)}
    for number, filing in enumerate(framework.filings):
        if filing.item not in known:
            yield Found("filings", ("filings", str(number)), f"ไม่มีข้อ {filing.item}", f"no item {filing.item}")


def _sample_rules_hold(framework: Framework) -> Iterator[Found]:
    for number, sampling in enumerate(framework.sampling):
        rule = sampling.rule
        if rule is None:
            continue
        key: Key = ("sampling", str(number), "rule")
        if not sampling.minimum:
            yield Found(
                "sample_rule",
                key,
                "มีเกณฑ์เป็นตัวเลข (rule) แต่ไม่มีถ้อยคำของเกณฑ์ (minimum)",
                "a rule in numbers needs the sentence that it comes from",
                "โปรดกรอก minimum ตามต้นฉบับ",
            )
        if (rule.above is None) != (rule.respondents is None):
            yield Found(
                "sample_rule",
                key,
                "above และ respondents ต้องระบุคู่กัน",
                "above and respondents belong together",
                "โปรดกรอกทั้งสองค่า หรือลบทั้งสองค่า",
            )
        elif (
            rule.above is not None
            and rule.respondents is not None
            and not rule.at_least <= rule.respondents <= rule.above
        ):
            yield Found(
                "sample_rule",
                (*key, "respondents"),
                f"จำนวน {rule.respondents} คน ต้องอยู่ระหว่าง at_least ({rule.at_least}) กับ above ({rule.above})",
                f"expected at_least {rule.at_least} <= respondents {rule.respondents} <= above {rule.above}",
                "โปรดตรวจสอบตัวเลขกับต้นฉบับ",
            )


def items(framework: Framework) -> Iterator[tuple[str, str, Item]]:
    """Instrument code, indicator number and item, for every item in the framework's order."""
    for inst in framework.instruments:
        for ind in inst.indicators:
            for item in ind.items:
                yield inst.code, ind.number, item


_RULES = (
    _sources_listed,
    _missing_is_unknown,
    _codes_unique,
    _letters_apart,
    _scales_exist,
    _nothing_orphaned,
    _weights_add_up,
    _levels_fit,
    _filings_exist,
    _sample_rules_hold,
)
