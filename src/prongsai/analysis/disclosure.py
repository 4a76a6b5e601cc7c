"""What may be shown to whom: the one place where small groups are protected.

The chief and the agency's own officer are the adversaries of the survey: the exact score of a few people,
or of people who all answered alike, gives single answers back. Every page, trace, document, export and
picture asks here. Below the framework's k what was counted is shown for the whole instrument only, and not even for
that where its score would leave those few no choice (``pinned``). Where all answers to an item are equal, how many
chose which option is not shown; its score is (docs/decisions/013).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.pinned import pinned
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Node

WHOLE = ("overall", "instrument", "part")


@dataclass(frozen=True)
class Ruling:
    """Whether a node's figures may be shown, and the sentence that says why not, in both languages."""

    shown: bool
    th: str = ""
    en: str = ""


SHOWN = Ruling(True)


def may_show_score(sheet: ScoreSheet, node: str) -> Ruling:
    """Whether the score of a node may be shown.

    Scores that the agency holds as official numbers (given) were published by the assessor and are shown;
    scores counted from answers are shown down to the items only for groups of at least k, and of the whole survey
    unless they leave a smaller group no choice.
    """
    value = sheet.values[node]
    if value.node.kind in WHOLE:
        return _no_choice(sheet.framework.disclosure.k) if node in pinned(sheet) else SHOWN
    if not _survey(sheet, value.node):
        return SHOWN
    if value.origin == "given" or not _counted_below(sheet, node):
        return SHOWN
    count = respondents(sheet, value.node)
    k = sheet.framework.disclosure.k
    return _too_few(k) if count is not None and count < k else SHOWN


def may_show_error(sheet: ScoreSheet, node: str) -> Ruling:
    """Whether a standard error or an interval may be shown beside a score: k people or more at every level.

    A mean and a standard error of two people are the answers of both.
    """
    about = sheet.values[node].node
    surveys = [inst.code for inst in sheet.framework.instruments if inst.kind == "survey"]
    asked = [name for name in surveys if about.instrument in (None, name)]
    k = sheet.framework.disclosure.k
    if any(sheet.smallest_groups.get((name, about.part), k) < k for name in asked):
        return _too_few(sheet.framework.disclosure.k)
    return may_show_score(sheet, node)


def shown_score(sheet: ScoreSheet, node: str) -> Fraction | None:
    """The exact score of a node where it is known and may be shown, else None."""
    return sheet.score(node) if may_show_score(sheet, node).shown else None


def _no_choice(k: int) -> Ruling:
    return Ruling(
        False,
        f"ผู้ตอบมีน้อยกว่า {k} คน และคะแนนนี้อยู่ใกล้ปลายช่วงคะแนนจนย้อนรู้คำตอบของรายบุคคลได้ จึงไม่แสดงคะแนน "
        "ส่วนระดับผลการประเมินแสดงตามปกติ",
        f"Fewer than {k} people answered, and this score lies so near the end of the range that single answers could "
        "be inferred from it, so it is not shown; the level is.",
    )


def _too_few(k: int) -> Ruling:
    return Ruling(
        False,
        f"ผู้ตอบมีน้อยกว่า {k} คน จึงแสดงได้เพียงคะแนนรวมของเครื่องมือ เพื่อมิให้ย้อนรู้คำตอบของรายบุคคล",
        f"Fewer than {k} people answered: only the instrument's score is shown, so that no answer can be inferred.",
    )


def may_show_tally(sheet: ScoreSheet, node: str) -> Ruling:
    """Whether the number of respondents per option may be shown: k or more, and not all answers equal."""
    ruling = may_show_score(sheet, node)
    tally = sheet.results.tallies.get(node)
    if not ruling.shown or tally is None or not _survey(sheet, sheet.values[node].node):
        return ruling
    if tally.respondents < sheet.framework.disclosure.k:
        return _too_few(sheet.framework.disclosure.k)
    if tally.unanimous:
        return Ruling(
            False,
            "ผู้ตอบทุกคนตอบเหมือนกัน จึงไม่แสดงจำนวนผู้ตอบรายตัวเลือก",
            "All respondents answered alike, so the number of respondents for each option is not shown.",
        )
    return SHOWN


@dataclass(frozen=True)
class Together:
    """What may not be shown of groups that stand beside their total: groups, and questions of the total."""

    hidden: frozenset[str]
    totals: frozenset[str]

    @property
    def overall(self) -> bool:
        """Whether the total's overall score may be shown: beside all others it would give a hidden question back."""
        return not self.totals


def beside_their_total(counts: Mapping[str, Mapping[str, int]], k: int) -> Together:
    """Which of several groups without common members must be hidden where the total of all is shown.

    ``counts``: group → question → how many of it answered. A group is hidden where fewer than k answered any question
    that it was asked. The total less what is shown is what the hidden have together: for every question that must be
    k people or more, of two groups or more; until it is, the smallest group shown is hidden too. Where no group is
    left to hide, the question's total is hidden.
    """
    questions = {question for asked in counts.values() for question in asked}
    hidden = {name for name, asked in counts.items() if min(_answered(asked), default=0) < k}
    totals: set[str] = set()
    settled = False
    while not settled:
        settled = True
        for question in sorted(questions - totals):
            known = {name: count for name, asked in counts.items() if (count := asked.get(question, 0))}
            within = [count for name, count in known.items() if name in hidden]
            if not within or (len(within) > 1 and sum(within) >= k):
                continue
            settled = False
            rest = [name for name in known if name not in hidden]
            if rest:
                hidden.add(min(rest, key=lambda name: (known[name], name)))
            else:
                totals.add(question)
    return Together(frozenset(hidden), frozenset(totals))


def _answered(asked: Mapping[str, int]) -> list[int]:
    return [count for count in asked.values() if count]


def respondents(sheet: ScoreSheet, node: Node) -> int | None:
    """The smallest group that answered anything in the node's instrument (or part), as far as known.

    Not only below the node itself: the score of the instrument is shown, so a single hidden item among
    shown ones would come back by subtraction.
    """
    return sheet.smallest_groups.get((node.instrument or "", node.part))


def _counted_below(sheet: ScoreSheet, node: str) -> bool:
    """Whether any answer was counted at or below a node."""
    if node in sheet.results.tallies:
        return True
    return any(_counted_below(sheet, child) for step in sheet.values[node].steps for child in step.children)


def _survey(sheet: ScoreSheet, node: Node) -> bool:
    return any(inst.code == node.instrument and inst.kind == "survey" for inst in sheet.framework.instruments)
