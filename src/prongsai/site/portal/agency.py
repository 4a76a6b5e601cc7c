"""What the page of an agency shows: the level with what it rests on, every number behind it, years, peers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from prongsai.analysis.comparable import Counterpart, counterparts
from prongsai.errors import ProngsaiError
from prongsai.framework import by_id
from prongsai.framework.model import Instrument, Item
from prongsai.site.base.text import pick
from prongsai.site.nation import draw as nation_draw
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import between
from prongsai.site.portal import draw
from prongsai.site.portal.published import Figure, Published
from prongsai.site.results.show import part_name

_FIVE = ("least", "q1", "median", "q3", "most")


@dataclass(frozen=True)
class Card:
    """A score at the head of the page, with its parts."""

    figure: Figure
    label: str
    name: str
    drawing: Any
    parts: tuple[tuple[str, Figure], ...] = ()


def cards(of: Published) -> list[Card]:
    """The total, and every instrument with its parts: never the one without the others."""
    whole = of.figure("overall")
    found = [Card(whole, pick("คะแนนรวม", "Overall"), pick("เต็ม 100", "of 100"), draw.bar(whole.low, whole.high))]
    for instrument in of.instruments:
        own = of.figure(instrument.code)
        name = pick(instrument.name.th, instrument.name.en or instrument.name.th)
        parts = tuple((part_name(part.code), of.figure(part.code)) for part in instrument.parts)
        found.append(Card(own, instrument.code, name, draw.bar(own.low, own.high), parts))
    return found


def rules(of: Published) -> dict[str, Any]:
    """How total and components stand against the rules that the level is read from, and the rules of all levels."""
    asked = [(band, {one.node: one for one in of.conditions(band)}) for band in of.asked]
    nodes = ["overall", *of.framework.levels.components]
    rows = [(of.name(node), of.figure(node), [by_node[node] for _, by_node in asked]) for node in nodes]
    return {"bands": [band for band, _ in asked], "rows": rows, "all": of.framework.levels.bands}


def indicators(of: Published, before: Published | None) -> list[dict[str, Any]]:
    """Every indicator with bar, interval by chance, and its change where both years compare."""
    same = same_nodes(of, before)
    return [
        {
            "number": indicator.number,
            "name": pick(indicator.name.th, indicator.name.en or indicator.name.th),
            "instrument": instrument.code,
            "figure": of.figure(indicator.number),
            "drawing": draw.bar(of.figure(indicator.number).low, of.figure(indicator.number).high),
            "chance": of.chance(indicator.number),
            "change": change(of, before, indicator.number, same),
        }
        for instrument, indicator in of.indicators
    ]


# --- items


def items(of: Published) -> list[dict[str, Any]]:
    """Every item below its indicator, with its wording, scores, verdict, and how many chose what."""
    found = []
    for instrument, indicator in of.indicators:
        rows = [_item(of, instrument, item) for item in indicator.items]
        found.append(
            {
                "number": indicator.number,
                "name": pick(indicator.name.th, indicator.name.en or indicator.name.th),
                "figure": of.figure(indicator.number),
                "instrument": instrument.code,
                "parts": [part_name(part.code) for part in instrument.parts],
                "rows": rows,
                "told": any(row["answers"] for row in rows),
                "judged": any(row["verdict"][0] for row in rows),
            }
        )
    return found


def _item(of: Published, instrument: Instrument, item: Item) -> dict[str, Any]:
    nodes = [f"{item.code}@{part.code}" for part in instrument.parts]
    places = [(part_name(part.code), f"@{part.code}") for part in instrument.parts] or [("", "")]
    lines = [(f"{item.code}.{row.number}", row.text or str(row.number)) for row in item.rows] or [(item.code, "")]
    asked = [(" · ".join(filter(None, (text, where))), f"{code}{at}") for code, text in lines for where, at in places]
    answers = [(name, *answers_of(of, node)) for name, node in asked if node in of.line.counts]
    return {
        "code": item.code,
        "text": item.text or item.short,
        "figure": of.figure(item.code),
        "parts": [of.figure(node) for node in nodes],
        "verdict": _verdict(of, item),
        "answers": answers,
    }


def _verdict(of: Published, item: Item) -> tuple[str, str]:
    """An inspector's verdict in words, and its tone; empty where none is published."""
    told = of.line.verdicts.get(item.code)
    if not told:
        return ("", "")
    scale = of.framework.scales.get(item.scale or "")
    option = next((one for one in scale.options if one.key == told), None) if scale else None
    if option is None:
        return (pick("ไม่เข้าข่าย", "Not applicable"), "")
    english = {"disclosed": "Disclosed", "not_disclosed": "Not disclosed, or not in full"}
    label = pick(option.label or told, english.get(told, option.label or told))
    return (label, "good" if option.points == 100 else "bad" if option.points == 0 else "warn")


def answers_of(of: Published, node: str) -> tuple[Any, list[tuple[str, int]]]:
    """How many chose each option of an item row, that with most points first: a drawing, and the same in words."""
    counts, leaf = of.line.counts[node], of.tree.nodes[node].leaf
    options = leaf.scale.options if leaf and leaf.scale else ()
    earned = {one.key: (leaf.points(one.key) if leaf else None) for one in options}
    best_first = sorted(options, key=lambda one: -(earned[one.key] or 0))
    shades = max(len(options) - 1, 1)
    drawn = [(f"a{round(place * 5 / shades)}", counts.get(one.key, 0)) for place, one in enumerate(best_first)]
    said = [(_option(one.key, one.label), counts[one.key]) for one in best_first if counts.get(one.key)]
    return draw.stack(drawn), said


def _option(key: str, label: str | None) -> str:
    """An option in words; its key where the wording is not published."""
    known = {"yes": ("ใช่", "Yes"), "no": ("ไม่ใช่", "No")}
    return label or (pick(*known[key]) if key in known else pick(f"ตัวเลือก {key}", f"option {key}"))


def aspects(of: Published) -> list[dict[str, Any]]:
    """The work processes (ประเด็น) with their items, lowest first. No score of an aspect is published: none is made."""
    found = []
    for aspect in of.framework.aspects:
        rows = [(code, of.title(code), of.figure(code)) for code in aspect.items]
        rows.sort(key=lambda row: (row[2].low is None, row[2].low or 0))
        exact = [row for row in rows if row[2].exact]
        found.append(
            {"number": aspect.number, "name": aspect.name, "rows": rows, "lowest": exact[0] if exact else None}
        )
    return found


# --- years


@lru_cache(maxsize=64)
def _same(after: str, before: str) -> dict[str, Counterpart] | None:
    """Which nodes of two frameworks mean the same; None where no map leads from one to the other."""
    try:
        return counterparts(by_id(after), by_id(before))
    except ProngsaiError:
        return None


def same_nodes(after: Published, before: Published | None) -> dict[str, Counterpart]:
    """Counterparts in the year before; empty where there are none."""
    return (_same(after.framework.id, before.framework.id) or {}) if before else {}


def change(
    of: Published, before: Published | None, node: str, same: dict[str, Counterpart]
) -> tuple[Decimal | None, str]:
    """The difference to the year before, or why none is shown (empty where there is no year before)."""
    other = same.get(node)
    if before is None:
        return None, ""
    if other is None or not other.comparable:
        return None, pick("เทียบไม่ได้", "not comparable")
    now, then = of.figure(node), before.figure(other.node)
    if now.low is None or then.low is None or not now.exact or not then.exact:
        return None, pick("ทราบเพียงช่วง", "known as ranges")
    return now.low - then.low, ""


def years(all_years: Sequence[Published], of: Published) -> dict[str, Any]:
    """Total, instruments and level of each year; charts that break where years do not compare. Newest first given."""
    heads = list(dict.fromkeys(["overall", *(inst.code for one in all_years for inst in one.instruments)]))
    rows = []
    for place, one in enumerate(all_years):
        before = all_years[place + 1] if place + 1 < len(all_years) else None
        rows.append(
            (one, [one.head(node) if node in one.tree.nodes else None for node in heads], _against(one, before))
        )
    oldest_first = list(reversed(all_years))
    charts = []
    for node in heads:
        joined = [
            (found := same_nodes(after, before).get(node)) is not None and found.comparable and found.node == node
            for before, after in pairwise(oldest_first)
        ]
        points = [(str(one.year or one.slug), *_ends(one.head(node))) for one in oldest_first]
        charts.append((of.name(node), draw.years(points, joined), all(joined)))
    return {"heads": [of.name(node) for node in heads], "rows": rows, "charts": charts if len(all_years) > 1 else []}


def _ends(figure: Figure) -> tuple[float | None, float | None]:
    return (
        None if figure.low is None else float(figure.low),
        None if figure.high is None else float(figure.high),
    )


def _against(one: Published, before: Published | None) -> str:
    """Whether the total compares with the year before, and the difference where it does."""
    if before is None:
        return "–"
    same = _same(one.framework.id, before.framework.id)
    if same is None:
        return pick("ไม่ใช่ปีติดกัน จึงไม่เทียบ", "not the year before: not compared")
    difference, why = change(one, before, "overall", same)
    if difference is not None:
        return pick(f"เทียบกันได้ ต่าง {difference:+}", f"comparable, difference {difference:+}")
    found = same.get("overall")
    if found is None or not found.comparable:
        return pick("เทียบกันไม่ได้ทั้งหมด: ข้อคำถามหรือวิธีให้คะแนนเปลี่ยน", "not fully comparable: items or scoring changed")
    return why


# --- peers and chance


def peers(of: Published) -> dict[str, Any] | None:
    """The agency among those of its kind, by the published national figures; None where those cannot be read."""
    if not of.row.kind or not of.release.result.public_file_id:
        return None
    book = Reading(of.release.result, public=True).book
    rows: list[tuple[str, dict[str, Any]]] = []
    for node in ("overall", *of.row.heads, *(indicator.number for _, indicator in of.indicators)):
        spread = book.spread("kind", of.row.kind, node)
        if spread and spread.get("scored") and node not in [row[0] for row in rows]:
            rows.append((node, spread))
    shown = [_Peer(of, node, spread) for node, spread in rows]
    axis = nation_draw.axis_for([end for one in shown for end in one.drawn])
    return {"rows": [one.cells(axis) for one in shown], "axis": axis, "kind": of.kind_name} if shown else None


class _Peer:
    """One score of the agency, and the same score over its kind."""

    def __init__(self, of: Published, node: str, spread: dict[str, Any]) -> None:
        self.of, self.node, self.spread = of, node, spread
        self.figure = of.figure(node)
        exact = all(spread.get(f"{key}_low") == spread.get(f"{key}_high") for key in _FIVE)
        self.five = [spread.get(f"{key}_low") for key in _FIVE] if exact else []
        self.value = float(self.figure.low) if self.figure.exact and self.figure.low is not None else None

    @property
    def drawn(self) -> list[float | None]:
        """What must lie on the axis."""
        return [*self.five[1:4], self.value]

    def cells(self, axis: nation_draw.Axis) -> dict[str, Any]:
        """The row of the table, with its drawing."""
        ends = {key: between(self.spread.get(f"{key}_low"), self.spread.get(f"{key}_high")).text for key in _FIVE}
        return {
            "name": self.of.name(self.node),
            "title": self.of.title(self.node),
            "figure": self.figure,
            "drawing": self._drawing(axis),
            "scored": self.spread.get("scored", 0),
            **ends,
        }

    def _drawing(self, axis: nation_draw.Axis) -> Any:
        """The kind's box with the agency in it; where its score is a range, the range."""
        if self.five or self.value is not None:
            return nation_draw.box(axis, self.five, self.value)
        low, high = _ends(self.figure)
        return nation_draw.span(axis, low, high)


def chances(of: Published) -> dict[str, Any]:
    """How far chance alone may have moved each score: intervals in words and pictures."""
    nodes = ["overall", *(node for node in of.row.heads if node != "overall")]
    nodes += [indicator.number for _, indicator in of.indicators]
    told = [(node, chance) for node in nodes if (chance := of.chance(node)) is not None]
    axis = nation_draw.axis_for([float(end) for _, chance in told for end in (chance.low, chance.high)])
    rows = []
    for node, chance in told:
        figure = of.figure(node)
        value = float(figure.low) if figure.exact and figure.low is not None else None
        drawing = nation_draw.span(axis, float(chance.low), float(chance.high), value)
        rows.append((of.name(node), of.title(node), figure, chance, drawing))
    return {"rows": rows, "axis": axis, "sheets": [(part_name(name), n) for name, n in of.line.respondents.items()]}
