"""The daily work: what is over its time goes, some hundreds of rows at once, and the history says how many.

Nothing is erased without its entry: each heap is one ``Retain`` in one transaction. A process that dies in between has
done whole heaps; the next turn goes on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.site.history.action import Action
from prongsai.site.privacy.inventory import Rule, rules
from prongsai.site.privacy.shredders import SHREDDERS, Due

AT_ONCE = 500
MOST = 20  # heaps of one rule in one turn: 10,000 rows


@dataclass(kw_only=True)
class Retain(Action):
    """Erase or make anonymous one heap of what is over its time, by the rule named."""

    rule: Rule
    due: Due
    count: int = 0

    code = "privacy.retain"
    th = "ระบบลบข้อมูลที่ครบกำหนดตามกฎ {rule} จำนวน {count} รายการ"
    en = "The system erased {count} rows over their time, by the rule {rule}"

    def do(self) -> int:
        """How many rows went."""
        some = list(self.due.rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        self.count = len(some)
        if some:
            self.due.shred(self.due.rows.model._default_manager.filter(pk__in=some))
        return self.count

    def facts(self) -> dict[str, Any]:
        """Rule, table and number; nothing of whom."""
        return {"rule": self.rule.name, "of": self.due.rows.model._meta.label, "count": self.count}


@dataclass(frozen=True)
class Found:
    """How many rows of a rule are over their time."""

    rule: Rule
    count: int


def before(rule: Rule, now: dt.datetime) -> dt.datetime:
    """The moment before which things of a rule are over their time."""
    return now - dt.timedelta(days=rule.days or 0)


def _due(rule: Rule, now: dt.datetime) -> list[Due]:
    make = SHREDDERS.get(rule.shredder)
    return make(before(rule, now)) if make else []


def _carried_out() -> list[Rule]:
    """Each shredder once, by the rule that counts days for it."""
    found: dict[str, Rule] = {}
    for rule in rules().values():
        if rule.shredder in SHREDDERS and (rule.days is not None or rule.shredder not in _counted()):
            found[rule.shredder] = rule
    return list(found.values())


def _counted() -> set[str]:
    return {rule.shredder for rule in rules().values() if rule.days is not None}


def dry_run(now: dt.datetime | None = None) -> list[Found]:
    """What the next turn would find, rule by rule; changes nothing."""
    moment = now or timezone.now()
    return [Found(rule, sum(due.rows.count() for due in _due(rule, moment))) for rule in _carried_out()]


def retain(now: dt.datetime | None = None) -> list[Found]:
    """Carry out every rule; what was erased, rule by rule. Running it again finds nothing."""
    moment, told = now or timezone.now(), []
    for rule in _carried_out():
        gone = sum(_shred(rule, due) for due in _due(rule, moment))
        told.append(Found(rule, gone))
    return told


def _shred(rule: Rule, due: Due) -> int:
    gone = 0
    for _ in range(MOST):
        if not due.rows.exists():
            break
        gone += Retain(by=None, rule=rule, due=due).execute()
    return gone
