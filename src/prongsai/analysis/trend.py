"""Change against the year before, over items that may be compared, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.disclosure import shown_score
from prongsai.analysis.ranking import item_scores
from prongsai.errors import InputError, Problem
from prongsai.scoring.score import ScoreSheet


@dataclass(frozen=True)
class Change:
    """One node in both years. ``comparable`` False: the difference is shown with its reason, never as a finding."""

    node: str
    title: str
    before_node: str
    before: Fraction
    after: Fraction
    comparable: bool
    reason: str

    @property
    def difference(self) -> Fraction:
        """After minus before, in points."""
        return self.after - self.before


@dataclass(frozen=True)
class Trend:
    """The change from the previous year at every level."""

    before: ScoreSheet
    after: ScoreSheet
    overall: Change | None
    indicators: tuple[Change, ...]
    items: tuple[Change, ...]
    unmatched: tuple[tuple[str, str], ...]

    @property
    def comparable_items(self) -> list[Change]:
        """Items whose change means something."""
        return [change for change in self.items if change.comparable]


def trend(after: ScoreSheet, before: ScoreSheet) -> Trend:
    """Compare two years that follow each other.

    Raises ``InputError`` when ``before`` is not of the framework named as previous: no map leads there.
    """
    framework = after.framework
    if framework.previous != before.framework.id:
        raise InputError(
            Problem(
                "trend.years",
                before.results.name or before.framework.id,
                f"ผลปีก่อนใช้กรอบ {before.framework.id} แต่ปีก่อนหน้าของ {framework.id} คือ {framework.previous or 'ไม่มี'}",
                f"previous results are of {before.framework.id}, expected {framework.previous}",
                "โปรดเลือกไฟล์ผลของปีงบประมาณก่อนหน้าหนึ่งปี",
            )
        )
    now, then = item_scores(after), item_scores(before)
    items: list[Change] = []
    unmatched: list[tuple[str, str]] = []
    for code, found in now.items():
        link = found.item.previous
        if link is None or not link.items:
            unmatched.append((code, link.reason if link else "ไม่มีข้อที่ตรงกันในปีก่อน"))
            continue
        scores = [then[name].score for name in link.items if name in then and then[name].shown]
        known = [score for score in scores if score is not None]
        if found.score is None or len(known) != len(link.items):
            continue
        mean = sum(known, Fraction(0)) / len(known)
        comparable = link.comparable == "yes" and len(link.items) == 1
        items.append(Change(code, found.title, "+".join(link.items), mean, found.score, comparable, link.reason))
    return Trend(
        before, after, _overall(after, before), tuple(_indicators(after, before)), tuple(items), tuple(unmatched)
    )


def _all_comparable(after: ScoreSheet, numbers: set[str] | None = None) -> bool:
    return all(
        item.previous is not None and item.previous.comparable == "yes" and len(item.previous.items) == 1
        for inst in after.framework.instruments
        for indicator in inst.indicators
        if numbers is None or indicator.number in numbers
        for item in indicator.items
    )


_NOT_ALL = "ข้อคำถามหรือวิธีให้คะแนนบางข้อเปลี่ยนไปจากปีก่อน จึงแสดงเป็นข้อมูลประกอบเท่านั้น"
_ALL = "ทุกข้อเทียบกับปีก่อนได้"


def _indicators(after: ScoreSheet, before: ScoreSheet) -> list[Change]:
    changes = []
    for node in after.structure.of_kind("indicator"):
        score, old = shown_score(after, node.id), shown_score(before, node.id)
        if score is None or old is None:
            continue
        same = _all_comparable(after, {node.id})
        changes.append(Change(node.id, node.title, node.id, old, score, same, _ALL if same else _NOT_ALL))
    return changes


def _overall(after: ScoreSheet, before: ScoreSheet) -> Change | None:
    score, old = after.score("overall"), before.score("overall")
    if score is None or old is None:
        return None
    same = _all_comparable(after)
    return Change("overall", "คะแนนรวม", "overall", old, score, same, _ALL if same else _NOT_ALL)
