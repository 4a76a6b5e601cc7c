"""The cheapest set of changed numbers under which all binding equations hold: exact search over trees of equations.

Every printed score has candidates with costs, and stands below at most one equation; so the equations form trees,
and the cheapest way to make a subtree hold depends on the rest only through the number its top shows. Bottom up,
each node keeps for each of its numbers the ways to reach it within an allowance; the allowance is raised until the
top has a solution, then once more by a margin, so that everything that explains the print about as well is known.
Costs are decibans: a solution that costs 20 more is a hundred times less likely. Summed over all ways this gives the
share of the evidence that each number of each node holds.

All arithmetic is in whole numbers of one common unit, so "holds" is exact: children and parent each stand for the
half-open interval of scores that are shown as their number. How well a number sits in what its children allow
counts too (``_Tie.rounding``): a sum that fits only if every child was rounded the same way is unlikely.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from operator import itemgetter

from prongsai.reading.repairing.candidates import AGAINST_LEVEL, DEAREST, Slot
from prongsai.reading.repairing.equations import Equation
from prongsai.reading.repairing.solutions import Entry, Numbers, Solved, Ways, best, shares

MARGINS = (0, 6, 12, 18)  # how far past the best; not further once there are MANY solutions
MANY = 40
STEP = 10
MOST_WAYS = 200_000  # of one tree; past this its repair is given up, not guessed
_UNLIKELIEST_ROUNDING = 30
_CLASS = 10  # sums are looked up by cost, so many decibans at a time
_low, _cost = itemgetter(0), itemgetter(2)
_GIVEN_UP = frozenset({(-1, -1, "")})

_Sum = tuple[int, int, int, tuple[Entry, ...]]  # what some children add up to (low, high), their cost, the children
Floors = Mapping[str, Decimal]


class TooManyWays(Exception):
    """A tree of equations has more ways to be mended than can be looked through."""


class _Tie:
    """An equation in whole numbers: ``scale`` × the node = Σ ``weights`` × the children + up to ``anything``."""

    def __init__(self, equation: Equation, slots: Mapping[str, Slot], unit: int, floors: Floors) -> None:
        self.node = equation.node
        self.children = tuple(name for name, _ in equation.terms)
        parts = [weight for _, weight in equation.terms]
        self.scale = math.lcm(equation.unprinted.denominator, *(weight.denominator for weight in parts))
        self.weights = [int(weight * self.scale) for weight in parts]
        self.anything = int(equation.unprinted * self.scale) * 100 * unit
        self._floors: list[tuple[int, list[tuple[int, int]]]] = []
        for name, terms in equation.through.items():
            if name in floors:
                common = math.lcm(*(weight.denominator for _, weight in terms))
                inside = [(self.children.index(child), int(weight * common)) for child, weight in terms]
                self._floors.append((int(floors[name] * unit) * sum(weight for _, weight in inside), inside))
        halves = (int(slots[name].scales[0].half * unit) for name in self.children)
        variance = sum((2 * half * weight) ** 2 / 12 for half, weight in zip(halves, self.weights, strict=True))
        self._spread = math.sqrt(2 * variance)

    def holds(self, node: tuple[int, int], children: Sequence[tuple[int, int]]) -> bool:
        """Whether some scores within the intervals satisfy the equation."""
        least = sum(weight * low for weight, (low, _) in zip(self.weights, children, strict=True))
        most = sum(weight * high for weight, (_, high) in zip(self.weights, children, strict=True))
        return max(node[0] * self.scale, least) < min(node[1] * self.scale, most + self.anything)

    def against(self, children: Sequence[Entry]) -> int:
        """What it costs that a score between the node and its children does not reach the floor of the level."""
        low = sum(sum(children[place].high * w for place, w in inside) <= floor for floor, inside in self._floors)
        return AGAINST_LEVEL * low

    def rounding(self, low: int, high: int, middle: float) -> int:
        """The cost of a node's (scaled) interval when its children add up to ``middle``, each rounded by chance."""
        if self.anything or not self._spread:
            return 0
        chance = (math.erf((high - middle) / self._spread) - math.erf((low - middle) / self._spread)) / 2
        return min(_UNLIKELIEST_ROUNDING, round(-10 * math.log10(max(chance, 1e-9))))


class Forest:
    """Printed scores with the equations between them, in whole numbers of a common ``unit``.

    ``floors``: the least score that the printed level allows a component.
    """

    def __init__(self, slots: Mapping[str, Slot], equations: Sequence[Equation], unit: int, floors: Floors) -> None:
        self.slots = slots
        self.equations = tuple(equations)
        self.unit = unit
        self.below: dict[str, list[_Tie]] = {}
        for equation in equations:
            self.below.setdefault(equation.node, []).append(_Tie(equation, slots, unit, floors))
        children = {name for equation in equations for name, _ in equation.terms}
        self.roots = tuple(dict.fromkeys(e.node for e in equations if e.node not in children))

    def nodes(self, root: str) -> Iterator[str]:
        """A tree's nodes, parents first."""
        yield root
        for tie in self.below.get(root, ()):
            for child in tie.children:
                yield from self.nodes(child)

    def broken(self, root: str) -> list[str]:
        """The nodes of a tree that do not follow from their children as printed; two prints may be anything."""
        return [n for n in self.nodes(root) if not all(self._holds_printed(tie) for tie in self.below.get(n, ()))]

    def plain(self, root: str) -> bool:
        """Whether each node of a tree shows one number only, and all equations hold with it."""
        return all(self.slots[node].single for node in self.nodes(root)) and not self.broken(root)

    def _holds_printed(self, tie: _Tie) -> bool:
        singles = [self.slots[node].single for node in (tie.node, *tie.children)]
        first, *others = [(c.low, c.high) if c else (0, 101 * self.unit) for c in singles]
        return tie.holds(first, others)

    def implied(self, node: str, numbers: Mapping[str, Numbers]) -> tuple[int, int] | None:
        """The scores, in units, that a node's children allow with these numbers."""
        for tie in self.below.get(node, ()):
            edges = [self._interval(child, numbers[child]) for child in tie.children]
            low = sum(weight * edge[0] for weight, edge in zip(tie.weights, edges, strict=True))
            high = sum(weight * edge[1] for weight, edge in zip(tie.weights, edges, strict=True)) + tie.anything
            return low // tie.scale, high // tie.scale
        return None

    def _interval(self, node: str, numbers: Numbers) -> tuple[int, int]:
        found = ((c.low, c.high) for c in self.slots[node].within(DEAREST) if c.numbers == numbers)
        return next(found, (0, 100 * self.unit))

    def solve(self, root: str, most: int = 6) -> Solved:
        """The best solutions of a tree and the shares of the evidence.

        Raises ``TooManyWays`` where there are too many to look through.
        """
        search = _Search(self)
        entries: list[Entry] = []
        for margin in MARGINS:
            entries = search.top(root, search.least(root) + margin)
            if sum(len(entry.ways[0]) for entry in entries) > MANY:
                break
        nodes = tuple(self.nodes(root))
        return Solved(root, nodes, tuple(best(entries, most)), shares(entries, nodes))


class _Search:
    """The bottom-up search; what was found for a node is kept and used again."""

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self.left = MOST_WAYS
        self._least: dict[str, int] = {}
        self._known: dict[str, tuple[int, list[Entry]]] = {}
        self._plainer: dict[Entry, list[Entry]] = {}

    def least(self, node: str) -> int:
        """The cheapest cost of a node's subtree."""
        if node not in self._least:
            allowance = sum(self.least(child) for tie in self.forest.below.get(node, ()) for child in tie.children)
            while not self.entries(node, allowance):
                allowance += STEP
            self._least[node] = self.entries(node, allowance)[0].cost
        return self._least[node]

    def entries(self, node: str, allowance: int) -> list[Entry]:
        """All numbers of a node whose subtree costs at most ``allowance``, cheapest first."""
        known = self._known.get(node)
        if known is None or known[0] < allowance:
            found = self._options(node, allowance)
            ties = self.forest.below.get(node, ())
            floors = [sum(self.least(child) for child in tie.children) for tie in ties]
            for position, tie in enumerate(ties):
                found = self._reached(found, tie, allowance - sum(floors[position + 1 :]), floors[position])
            found.sort(key=lambda entry: entry.cost)
            self._known[node] = known = (allowance, found)
        costs = [entry.cost for entry in known[1]]
        return known[1][: bisect_right(costs, allowance)]

    def top(self, root: str, allowance: int) -> list[Entry]:
        """A tree's entries, without ways in which the top itself is changed and need not be."""
        kept: list[Entry] = []
        entries = self.entries(root, allowance)
        for entry in entries:
            plainer = [other for other in entries if other.own < entry.own and _keeps_more(other, entry)]
            enough = {id(children): cost for other in plainer for cost, children in other.ways[0]}
            dear = allowance  # of a way that does not exist
            ways = tuple(
                (cost, children)
                for cost, children in entry.ways[0]
                if enough.get(id(children), dear) + min((o.own for o in plainer), default=dear) > cost + entry.own
            )
            if ways:
                kept.append(replace(entry, cost=entry.own, ways=(), _weight=None).with_ways(ways))
                for more in entry.ways[1:]:
                    kept[-1] = kept[-1].with_ways(more)
        return kept

    def _options(self, node: str, allowance: int) -> list[Entry]:
        slot = self.forest.slots[node]
        found = [
            Entry(node, c.numbers, c.low, c.high, c.cost, c.cost, c.changed)
            for c in slot.within(allowance)
            if c.cost <= allowance
        ]
        if allowance >= slot.wrong:
            found.append(Entry(node, (), 0, 101 * self.forest.unit, slot.wrong, slot.wrong, _GIVEN_UP))
        return found

    def _reached(self, options: list[Entry], tie: _Tie, allowance: int, floor: int) -> list[Entry]:
        """The options that an equation can reach, each with its ways. ``floor``: what its children cost at least.

        Met in the middle: some children's sums are looked up among what the node and the other children leave.
        A number that is given up becomes what its children say, at their cheapest.
        """
        if not options:
            return []
        floors = [self.least(child) for child in tie.children]
        spare = allowance - floor - min(option.cost for option in options)
        lists = [self.entries(child, own + spare) for child, own in zip(tie.children, floors, strict=True)]
        kept = [option for option in options if option.numbers]
        half = _half([len(known) for known in lists], len(kept))
        left = self._sums(tie, lists, range(half), allowance - floor + sum(floors[:half]))
        right = self._sums(tie, lists, range(half, len(lists)), allowance - floor + sum(floors[half:]))
        right.sort(key=_cost)
        table = _Sums(left)
        least_left = sum(floors[:half])
        ways: dict[int, list[tuple[int, tuple[Entry, ...]]]] = {}
        combined: dict[tuple[int, int], tuple[Entry, ...]] = {}
        for position, option in enumerate(kept):
            low, high = option.low * tie.scale, option.high * tie.scale
            for other in right:
                other_low, other_high, other_cost, others = other
                rest = allowance - option.cost - other_cost
                if rest < least_left:
                    break
                for sum_ in table.between(low - other_high - tie.anything, high - other_low, rest):
                    self._count(tie)
                    children = combined.setdefault((id(sum_), id(other)), sum_[3] + others)
                    least, most = sum_[0] + other_low, sum_[1] + other_high
                    known = all(child.numbers for child in children)
                    rounding = tie.rounding(low, high, (least + most) / 2) if known else 0
                    against = tie.against(children)
                    fit = ((low, high), least, most + tie.anything, rounding)
                    if rounding + against <= rest - sum_[2] and not self._gratuitous(tie, children, fit):
                        ways.setdefault(position, []).append((sum_[2] + other_cost + rounding + against, children))
        found = [kept[position].with_ways(tuple(known)) for position, known in ways.items()]
        for option in options:
            if not option.numbers:
                found += self._given_up(option, tie, lists, floors)
        return found

    def _given_up(self, option: Entry, tie: _Tie, lists: list[list[Entry]], floors: list[int]) -> Iterator[Entry]:
        """A number given up: what its children say at their cheapest."""
        cheapest = [[e for e in known if e.cost == floor] for known, floor in zip(lists, floors, strict=True)]
        for least, most, cost, children in self._sums(tie, cheapest, range(len(lists)), sum(floors)):
            low, high = least // tie.scale, -(-(most + tie.anything) // tie.scale)
            if option.low < high and low < option.high:
                ends = replace(option, low=max(option.low, low), high=min(option.high, high))
                yield ends.with_ways(((cost, children),))

    def _sums(self, tie: _Tie, lists: list[list[Entry]], which: range, most: int) -> list[_Sum]:
        """All sums of one entry each of some children that together cost at most ``most``."""
        found: list[_Sum] = [(0, 0, 0, ())]
        rest = sum(lists[position][0].cost for position in which if lists[position])
        for position in which:
            if not lists[position]:
                return []
            weight, entries = tie.weights[position], lists[position]
            rest -= entries[0].cost
            longer: list[_Sum] = []
            steps = [(weight * entry.low, weight * entry.high, entry.cost, (entry,)) for entry in entries]
            for low, high, cost, children in found:
                for step in steps:
                    if cost + step[2] + rest > most:
                        break
                    longer.append((low + step[0], high + step[1], cost + step[2], children + step[3]))
            found = longer
            if len(found) > MOST_WAYS:
                raise TooManyWays(tie.node)
        return found

    def _count(self, tie: _Tie) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyWays(tie.node)

    def _gratuitous(self, tie: _Tie, children: tuple[Entry, ...], fit: tuple[tuple[int, int], int, int, int]) -> bool:
        """Whether a child could keep more of its print, all else the same, at no more cost.

        Such a way says nothing: a misreading that no equation notices is always possible. ``fit``: the node's
        interval, what the children add up to, and what that costs by rounding.
        """
        (low, high), least, most, rounding = fit
        for child, weight in zip(children, tie.weights, strict=True):
            if not child.changed:
                continue
            for other in self._known_plainer(child):
                moved = least + (other.low - child.low) * weight, most + (other.high - child.high) * weight
                if moved[1] > low and moved[0] < high:
                    more = tie.rounding(low, high, (moved[0] + moved[1] - tie.anything) / 2) if child.numbers else 0
                    if other.cost + more <= child.cost + rounding:
                        return True
        return False

    def _known_plainer(self, entry: Entry) -> list[Entry]:
        """Cheaper numbers of the same node that keep more of the print, which the same numbers below it allow."""
        found = self._plainer.get(entry)
        if found is None:
            found = [
                other
                for other in self._known[entry.node][1]
                if other.cost < entry.cost
                and _keeps_more(other, entry)
                and all(_shared(own, others) for own, others in zip(entry.ways, other.ways, strict=True))
            ]
            self._plainer[entry] = found
        return found


class _Sums:
    """Sums to be looked up by where they lie, the cheap ones first."""

    def __init__(self, sums: list[_Sum]) -> None:
        classes: dict[int, list[_Sum]] = {}
        for sum_ in sums:
            classes.setdefault(sum_[2] // _CLASS, []).append(sum_)
        self.classes: list[tuple[int, list[int], list[_Sum], int]] = []
        for rank, known in sorted(classes.items()):
            known.sort(key=_low)
            widest = max(sum_[1] - sum_[0] for sum_ in known)
            self.classes.append((rank * _CLASS, [sum_[0] for sum_ in known], known, widest))

    def between(self, low: int, high: int, most: int) -> Iterator[_Sum]:
        """Sums that overlap ``low`` to ``high`` and cost at most ``most``."""
        for least, lows, known, widest in self.classes:
            if least > most:
                return
            for position in range(bisect_right(lows, low - widest), bisect_left(lows, high)):
                sum_ = known[position]
                if sum_[1] > low and sum_[2] <= most:
                    yield sum_


def _half(sizes: list[int], options: int) -> int:
    """How many of the children to put on the one side, so that both sides have about as many sums."""
    logs = [math.log(size + 1) for size in sizes]
    rest = math.log(options + 1)
    return min(range(1, len(sizes) + 1), key=lambda half: abs(sum(logs[:half]) - sum(logs[half:]) - rest))


def _keeps_more(other: Entry, entry: Entry) -> bool:
    """Whether ``other`` has only some of the changes of ``entry``, or is as printed where that was given up."""
    return other.changed < entry.changed if entry.numbers else not other.changed


def _shared(own: Ways, others: Ways) -> bool:
    """Whether the cheapest combination of one is among the combinations of the other."""
    cheapest = min(own, key=lambda way: way[0])[1]
    return any(children is cheapest for _, children in others)
