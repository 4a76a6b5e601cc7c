"""What the analysis says of items, in words: items by name and score, ranges of codes, causes, advice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from prongsai.analysis.disclosure import may_show_score
from prongsai.analysis.findings import oit_items
from prongsai.analysis.ranking import ItemScore, item_scores
from prongsai.analysis.themes import Theme, themes
from prongsai.documents.parts import part_name, points
from prongsai.documents.request import Request
from prongsai.documents.tree import Paragraph, Run
from prongsai.scoring.interval import shown

POSSIBLE = "อาจเกิดจาก"
DISCLOSED = "oit."
_CODE = re.compile(r"([a-z]+)([0-9]+)")
_SHORTEST_RUN = 3


def theme_of(item: ItemScore) -> Theme | None:
    """The theme of an item, where it has one that is written."""
    return themes().get(item.item.theme or "")


def topic(item: ItemScore) -> str:
    """What an item is about, as a noun phrase.

    A question is named by its theme, because its short name may be the wrongdoing itself, which would read
    oddly as a strength. A thing to disclose is named as the framework names it.
    """
    theme, key = theme_of(item), item.item.theme or ""
    if theme and not key.startswith(DISCLOSED):
        return theme.title
    if item.item.short or key.startswith(DISCLOSED):
        return item.item.short or item.item.text or (theme.title if theme else "")
    return f"“{item.item.text}”" if item.item.text else ""


def scored(item: ItemScore) -> str:
    """``84.52 คะแนน``, with the part where only one part's score is known."""
    part = f"{part_name(item.part)} " if item.part else ""
    return f"{part}{points(item.score)} คะแนน" if item.score is not None else "ไม่ทราบคะแนน"


def cited(item: ItemScore) -> str:
    """``ข้อ i10 การยืมทรัพย์สิน (84.52 คะแนน)``."""
    name = topic(item)
    return f"ข้อ {item.code} {name} ({scored(item)})" if name else f"ข้อ {item.code} ({scored(item)})"


def cited_together(items: Sequence[ItemScore]) -> str:
    """Several items with one score: each by name, or by ranges of codes where they are many."""
    if len(items) <= _SHORTEST_RUN:
        return " และ".join(cited(item) for item in items)
    return f"ข้อ {code_ranges(item.code for item in items)} ({scored(items[0])})"


def code_ranges(codes: Iterable[str]) -> str:
    """``o1–o5, o7–o14 และ o16``: runs of three or more written as ranges, in the order given."""
    runs: list[list[str]] = []
    for code in codes:
        if runs and _follows(runs[-1][-1], code):
            runs[-1].append(code)
        else:
            runs.append([code])
    texts: list[str] = []
    for run in runs:
        texts += [f"{run[0]}–{run[-1]}"] if len(run) >= _SHORTEST_RUN else run
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} และ {texts[-1]}" if texts else ""


def _follows(first: str, second: str) -> bool:
    a, b = _CODE.fullmatch(first), _CODE.fullmatch(second)
    return bool(a and b and a[1] == b[1] and int(b[2]) == int(a[2]) + 1)


def causes(item: ItemScore, most: int = 2) -> list[str]:
    """Possible causes, each marked as a possibility."""
    theme = theme_of(item)
    found = theme.causes[:most] if theme else ()
    return [cause if cause.startswith("อาจ") else f"{POSSIBLE}{cause}" for cause in found]


def advice(request: Request, item: ItemScore, most: int = 2) -> list[str]:
    """Advice; the last sentence names the OIT items of this framework that it rests on."""
    theme = theme_of(item)
    found = list(theme.advice[:most]) if theme else []
    codes = references(request, item)
    if found and codes:
        found[-1] += f" (อ้างอิงจากข้อ {code_ranges(codes)})"
    return found


def references(request: Request, item: ItemScore) -> tuple[str, ...]:
    """The o-codes of this framework that an item's advice rests on, without the item itself."""
    theme = theme_of(item)
    wanted = set(oit_items(request.framework, theme.oit)) - {item.code} if theme else set()
    return tuple(code for code in item_scores(request.sheet) if code in wanted)


def labelled(label: str, text: str) -> Paragraph:
    """``label: text`` with the label in bold."""
    return Paragraph((Run(label, bold=True), Run(f": {text}")))


def listed(label: str, texts: Sequence[str]) -> Iterator[Paragraph]:
    """``label: text``, or the label above dashes where there are several texts; nothing for none."""
    if len(texts) == 1:
        yield labelled(label, texts[0])
    elif texts:
        yield Paragraph((Run(label, bold=True),), keep_with_next=True)
        yield from (Paragraph(f"– {text}") for text in texts)


def keep_sentence(request: Request, items: Sequence[ItemScore]) -> str:
    """Why nothing has to be raised, and that the level is to be kept. ``items`` have scores that may be shown."""
    low = min(item.score for item in items if item.score is not None)
    subject = "ทุกข้อที่ทราบคะแนน" if len(items) > 1 else f"ข้อ {items[0].code} "
    if low == 100:
        reason = f"{subject}ได้ 100.00 คะแนน"
    elif shown(low) >= request.thresholds.item:
        reason = f"{subject}ได้ตั้งแต่ {points(low)} คะแนนขึ้นไป ไม่มีข้อใดต่ำกว่าเกณฑ์ {request.thresholds.item} คะแนน"
    else:
        reason = f"{subject}ได้ตั้งแต่ {points(low)} คะแนนขึ้นไป"
    return f"{reason} ให้รักษาระดับการดำเนินงานและติดตามผลอย่างต่อเนื่อง"


def silence(request: Request, items: Sequence[ItemScore]) -> list[str]:
    """What is not shown and why: small groups, items that left the denominator, scores that are not known."""
    found: list[str] = []
    hidden = [item for item in items if not item.shown]
    if hidden:
        node = hidden[0].code if hidden[0].part is None else f"{hidden[0].code}@{hidden[0].part}"
        found.append(
            f"ไม่แสดงคะแนนข้อ {code_ranges(i.code for i in hidden)} เพราะ{may_show_score(request.sheet, node).th}"
        )
    absent = [item.code for item in items if item.shown and item.score is None and item.absent]
    if absent:
        found.append(f"ข้อ {code_ranges(absent)} ไม่มีผู้ตอบหรือไม่เข้าข่ายประเมิน จึงไม่นับรวมในคะแนน")
    unknown = [item.code for item in items if item.shown and item.score is None and not item.absent]
    if unknown:
        found.append(f"ไม่มีคะแนนของข้อ {code_ranges(unknown)} ในข้อมูลที่ใช้จัดทำเอกสาร จึงไม่ได้นำมาวิเคราะห์")
    return found
