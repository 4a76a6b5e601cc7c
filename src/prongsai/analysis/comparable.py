"""Which nodes of two frameworks that follow each other mean the same, so that their scores may be compared.

A framework says of every item which item(s) of the year before it corresponds to and whether scores may be compared. A
score of several items is comparable where each of its items is, where the year before it had exactly their
counterparts, and where the same rule makes the score of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.framework.model import Previous, Rule
from prongsai.scoring.structure import Node, Structure, at_part, structure

ALL = "ทุกข้อเทียบกับปีก่อนได้"
NOT_ALL = "ข้อคำถามหรือวิธีให้คะแนนบางข้อเปลี่ยนไปจากปีก่อน จึงแสดงเป็นข้อมูลประกอบเท่านั้น"
OTHER_RULE = "วิธีรวมคะแนนหรือชุดข้อคำถามต่างจากปีก่อน จึงแสดงเป็นข้อมูลประกอบเท่านั้น"


@dataclass(frozen=True)
class Counterpart:
    """The node of the year before, and whether the scores of both may be compared, with the reason."""

    node: str
    comparable: bool
    reason: str


def check_years(after: Framework, before: Framework, name: str | None = None) -> None:
    """Raise ``InputError`` where ``before`` is not the framework named as previous: no map leads there."""
    if after.previous != before.id:
        raise InputError(
            Problem(
                "trend.years",
                name or before.id,
                f"ผลปีก่อนใช้กรอบ {before.id} แต่ปีก่อนหน้าของ {after.id} คือ {after.previous or 'ไม่มี'}",
                f"previous results are of {before.id}, expected {after.previous}",
                "โปรดเลือกไฟล์ผลของปีงบประมาณก่อนหน้าหนึ่งปี",
            )
        )


def counterparts(after: Framework, before: Framework) -> dict[str, Counterpart]:
    """The counterpart of every node of ``after`` that has a single one in the year before.

    Raises ``InputError`` where ``before`` is not the year before.
    """
    check_years(after, before)
    return _Years(after, before).found


class _Years:
    def __init__(self, after: Framework, before: Framework) -> None:
        self.now, self.then = structure(after), structure(before)
        self.links = {
            item.code: item.previous
            for instrument in after.instruments
            for indicator in instrument.indicators
            for item in indicator.items
        }
        self.found: dict[str, Counterpart] = {}
        for node in self.now.nodes.values():
            one = self._item(node) if node.kind in ("item", "row") else self._group(node)
            if one is not None:
                self.found[node.id] = one

    def _item(self, node: Node) -> Counterpart | None:
        code, _, row = node.code.partition(".")
        link: Previous | None = self.links.get(code)
        if link is None or len(link.items) != 1:
            return None
        name = at_part(f"{link.items[0]}.{row}" if row else link.items[0], node.part)
        old = self.then.nodes.get(name)
        if old is None:
            return None
        same = link.comparable == "yes" and _rules(node) == _rules(old)
        return Counterpart(name, same, link.reason)

    def _group(self, node: Node) -> Counterpart | None:
        """The node of the same name, which is the same where it has the same items under the same rule."""
        old = self.then.nodes.get(node.id)
        if old is None:
            return None
        links = [self.links[item] for item in items(self.now, node)]
        each = all(link is not None and link.comparable == "yes" and len(link.items) == 1 for link in links)
        if not each:
            return Counterpart(old.id, False, NOT_ALL)
        same = {link.items[0] for link in links if link} == items(self.then, old) and _rules(node) == _rules(old)
        below = [self.found.get(child) for way in node.ways for child in way.children]
        same = same and all(child is not None and child.comparable for child in below)
        return Counterpart(old.id, same, ALL if same else OTHER_RULE)


def items(tree: Structure, node: Node) -> set[str]:
    """The codes of the items at or below a node."""
    if node.kind == "row":
        return set()
    if node.kind == "item":
        return {node.code}
    return {code for way in node.ways for child in way.children for code in items(tree, tree.nodes[child])}


def _rules(node: Node) -> list[tuple[object, ...]]:
    return [_rule(way.rule) for way in node.ways]


def _rule(rule: Rule) -> tuple[object, ...]:
    shares = sorted((len(share.of), share.percent) for share in rule.shares)
    return rule.kind, sorted(rule.weights.values()), shares
