"""Change against the year before, over items that may be compared, and why the others may not."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from prongsai.analysis.comparable import Counterpart, check_years, counterparts
from prongsai.analysis.disclosure import shown_score
from prongsai.analysis.ranking import item_scores
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Node


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
    check_years(after.framework, before.framework, before.results.name)
    same = counterparts(after.framework, before.framework)
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
    groups = [
        change
        for node in after.structure.of_kind("indicator", "overall")
        if (change := _group(after, before, node, same)) is not None
    ]
    overall = next((change for change in groups if change.node == "overall"), None)
    indicators = tuple(change for change in groups if change.node != "overall")
    return Trend(before, after, overall, indicators, tuple(items), tuple(unmatched))


def _group(after: ScoreSheet, before: ScoreSheet, node: Node, same: dict[str, Counterpart]) -> Change | None:
    """The change of a score of several items, where both years know it and it may be shown."""
    if node.id not in same:
        return None
    score, old = shown_score(after, node.id), shown_score(before, same[node.id].node)
    if score is None or old is None:
        return None
    title = "คะแนนรวม" if node.kind == "overall" else node.title
    return Change(node.id, title, same[node.id].node, old, score, same[node.id].comparable, same[node.id].reason)
