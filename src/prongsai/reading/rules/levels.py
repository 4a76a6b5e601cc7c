"""The printed level against the score and the components that it must follow from."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.framework import Framework, by_id, catalog
from prongsai.reading.finding import Finding, Rule
from prongsai.reading.model import Reading, Word
from prongsai.reading.rules._numbers import Choice, Numbers
from prongsai.reading.rules._say import as_printed, en, number, places, th
from prongsai.scoring.interval import ANY, Interval
from prongsai.scoring.level import decide
from prongsai.scoring.structure import structure
from prongsai.thai.digits import to_arabic

LEVEL = Rule("level.score", "error", "ระดับไม่ตรงกับคะแนน", "the level does not follow from the scores")
OTHER_YEAR = Rule("level.other_year", "warning", "ระดับที่ไม่มีในปีนั้น", "a level that the year does not have")
RULES = (LEVEL, OTHER_YEAR)


def lacks(reading: Reading) -> str | None:
    """Why no level could be compared."""
    if reading.framework is None:
        return "ไม่ทราบปีงบประมาณของผล จึงไม่ทราบเกณฑ์ระดับ"
    if not reading.levels:
        return "ไม่พบระดับที่พิมพ์ไว้"
    numbers = Numbers(reading)
    if not any(_node(reading, numbers, word) for word in reading.levels):
        return "ไม่พบคะแนนที่คู่กับระดับที่พิมพ์ไว้"
    return None


def check(reading: Reading) -> Iterator[Finding]:
    """Each printed level with the score that it stands beside."""
    framework = reading.framework
    if framework is None:
        return
    numbers = Numbers(reading)
    said: set[tuple[str, str]] = set()
    for word in reading.levels:
        name = level_name(word.text)
        node = _node(reading, numbers, word)
        if node is None or (node, name) in said:
            continue
        said.add((node, name))
        if name not in {band.name for band in framework.levels.bands}:
            yield from _other_year(framework, word, name)
        elif found := _broken(framework, numbers, node, word):
            yield found


def level_name(text: str) -> str:
    """A level's name without the word ระดับ."""
    return " ".join(text.split()).strip("“”\"' ").removeprefix("ระดับ").strip()


def _node(reading: Reading, numbers: Numbers, word: Word) -> str | None:
    """The score that a level belongs to: of the scores in the words around it, the last one before it."""
    assert reading.framework is not None
    tree = structure(reading.framework)
    context = to_arabic(word.context)
    end = context.find(to_arabic(word.text))
    before = context[:end] if end >= 0 else context
    near: tuple[int, str] | None = None
    for value in reading.values:
        kind = tree.nodes[value.node].kind if value.node in tree.nodes else None
        at = before.rfind(to_arabic(value.text)) if value.text else -1
        close = value.where == word.where or value.context == word.context
        if kind and at >= 0 and close and (near is None or at > near[0]):
            near = at, value.node
    if near is not None:
        kind = tree.nodes[near[1]].kind
        return near[1] if kind in ("overall", "instrument") else None
    alone = word.context.strip() == word.text.strip() and len({level_name(w.text) for w in reading.levels}) > 1
    return "overall" if numbers.choices("overall") and not alone else None


def _broken(framework: Framework, numbers: Numbers, node: str, word: Word) -> Finding | None:
    printed = numbers.choices(node)
    if node != "overall" and framework.levels.components:
        return None  # only the whole has a level
    components = _components(framework, numbers) if node == "overall" else {}
    possible: list[str] = []
    for choice in printed:
        possible += decide(framework, choice.interval, {name: c for name, (c, _) in components.items()}).computed
    name = level_name(word.text)
    if not printed or name in possible:
        return None
    value = printed[0].printed
    assert value is not None
    bands = {band.name: band for band in framework.levels.bands}
    right = " หรือ ".join(dict.fromkeys(possible))
    below = [choice for _, choice in components.values() if choice and choice.printed]
    needs = [f"{n} ≥ {b.overall_min:f}" for n, b in bands.items() if n in (name, *possible)]
    return Finding(
        LEVEL,
        f"{th(framework, node)} {number(value)} พิมพ์ไว้ว่าอยู่ในระดับ {name} แต่ตามเกณฑ์คือระดับ {right}",
        f"{en(framework, node)} {number(value)} is printed with level {name}; by the table it is {right}",
        places(value.where, word.where),
        (*as_printed([value, *(c.printed for c in below if c.printed)]), word.text),
        "; ".join(needs),
        framework.levels.confidence,
        nodes=("level", node),
    )


def _components(framework: Framework, numbers: Numbers) -> dict[str, tuple[Interval, Choice | None]]:
    found: dict[str, tuple[Interval, Choice | None]] = {}
    for name in framework.levels.components:
        options = numbers.values_of(name)
        if len(options) == 1:
            found[name] = options[0].interval, options[0]
        else:
            found[name] = ANY, None
    return found


def _other_year(framework: Framework, word: Word, name: str) -> Iterator[Finding]:
    """A level that other years have: the table of levels changed, and reports copy the old words."""
    years = [
        entry.fiscal_year
        for entry in catalog()
        if entry.fiscal_year and name in {band.name for band in by_id(entry.id).levels.bands}
    ]
    if not years or framework.fiscal_year is None:
        return
    names = ", ".join(band.name for band in framework.levels.bands)
    yield Finding(
        OTHER_YEAR,
        f"พิมพ์ระดับ {name} ไว้ แต่ระดับของปี {framework.fiscal_year} มี {names} (ระดับ {name} ใช้ในปี {min(years)}–{max(years)})",
        f"level {name} is printed, but the levels of {framework.fiscal_year} are {names}",
        places(word.where),
        (word.text,),
        None,
        framework.levels.confidence,
        nodes=("level",),
    )
