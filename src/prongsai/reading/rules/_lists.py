"""The list that a claim announces, with the values printed in it."""

from __future__ import annotations

import re

from prongsai.reading.model import Claim, Printed
from prongsai.reading.rules._numbers import Numbers
from prongsai.reading.rules._order import Order
from prongsai.thai.digits import to_arabic

_SINGLE = re.compile(r"(?<![A-Za-z0-9])[a-zA-Z]\s?\d{1,2}(?!\d)|(?<![\d.])\d{1,2}\.\d{2}(?!\d)")


def under(numbers: Numbers, order: Order, claim: Claim) -> list[tuple[str, Printed]]:
    """The nodes of a claim with the first value printed after it, in the manner of the list's first one.

    A value of one part of a node, printed as such, is a value of the node's place in the list.
    A list is all running text or all table: a node whose next value is printed in another manner was only
    mentioned near the list, and does not stand in it.
    """
    here = order.of(claim.where)
    printed: dict[str, list[Printed]] = {}
    for name, values in numbers.by_node.items():
        printed.setdefault(name.partition("@")[0], []).extend(values)
    found: list[tuple[str, Printed]] = []
    for node in dict.fromkeys(claim.nodes):
        after = [value for value in printed.get(node, []) if order.of(value.where) >= here]
        if after:
            found.append((node, min(after, key=lambda value: order.of(value.where))))
    if not found:
        return []
    manner = min(found, key=lambda pair: order.of(pair[1].where))[1].where.table is None
    return [(node, value) for node, value in found if (value.where.table is None) == manner]


def heads_a_list(claim: Claim) -> bool:
    """Whether a claim is the head of a list, not a sentence about one item or one score."""
    return _SINGLE.search(to_arabic(claim.text)) is None
