"""An agency's year in a few words, as other pages show it: badge, picture for links, table; never the total alone.

Text is drawn as outlines, so no face is needed where it is shown; what is drawn is also said in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prongsai.documents.outlines import outline
from prongsai.documents.wrapping import pieces
from prongsai.publishing.agency.words import text

BADGE = (400, 120)
PICTURE = (1200, 630)  # what link previews take
_GOOD, _BAD, _OPEN, _INK, _SOFT, _LINE = "#1a6b3c", "#a3231b", "#0b4f6c", "#17242d", "#475662", "#d5dad9"
_SMALLEST = 0.6  # of the size wished for
_MOST, _LEVELS = 4, 3  # instruments side by side, and levels under each other, in the picture


@dataclass(frozen=True)
class Card:
    """What is shown: all of it text as it may be published. ``levels``: those possible; ``passes`` None: open."""

    agency: str
    year: int | None
    levels: tuple[str, ...]
    passes: bool | None
    total: str
    instruments: tuple[tuple[str, str], ...]

    @property
    def level(self) -> str:
        """The level, or those still possible."""
        return " หรือ ".join(self.levels) or "ยังไม่ทราบ"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """The total and every instrument."""
        return [("คะแนนรวม", self.total), *self.instruments]

    @property
    def colour(self) -> str:
        """Of the level; words say the same."""
        return _OPEN if self.passes is None else _GOOD if self.passes else _BAD


def in_words(card: Card) -> str:
    """The card in words: level, total and every instrument."""
    year = f" พ.ศ. {card.year}" if card.year else ""
    scores = " ".join(f"{name} {score}" for name, score in card.rows)
    return f"ผลการประเมิน ITA{year} {card.agency} ระดับ {card.level} {scores}"


def badge(card: Card) -> str:
    """The badge as SVG, without any reference to the outside."""
    width, height = BADGE
    levels = card.levels or ("ยังไม่ทราบ",)
    between = "หรือ" if len(levels) <= 2 else "ถึง"  # those possible follow one another, best first
    instruments = " · ".join(f"{name} {score}" for name, score in card.instruments)
    lines = [
        _Line(f"ITA พ.ศ. {card.year}" if card.year else "ITA", (70, 32), 15, 124, "#ffffff", centred=True),
        *(
            [_Line(levels[0], (70, 76), 30, 124, "#ffffff", bold=True, centred=True)]
            if len(levels) == 1
            else [
                _Line(levels[0], (70, 68), 20, 124, "#ffffff", bold=True, centred=True),
                _Line(f"{between} {levels[-1]}", (70, 96), 20, 124, "#ffffff", bold=True, centred=True),
            ]
        ),
        _Line(card.agency, (156, 34), 19, 232, _INK, bold=True),
        _Line(f"คะแนนรวม {card.total}", (156, 68), 23, 232, card.colour, bold=True),
        _Line(instruments, (156, 98), 15, 232, _SOFT),
    ]
    side = f"M10.5 .5H140V{height - 0.5}H10.5a10 10 0 0 1-10-10v{21 - height}a10 10 0 0 1 10-10z"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="badge-t"><title id="badge-t">{text(in_words(card))}</title>'
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" fill="#ffffff" stroke="#7b8a91"/>'
        f'<path fill="{card.colour}" d="{side}"/>'
        f"{''.join(map(_drawn, lines))}</svg>\n"
    )


def picture(card: Card, source: str = "") -> str:
    """The picture that stands beside a link, as SVG of 1200 × 630. ``source``: the site's name, below."""
    width, height = PICTURE
    year = f"ผลการประเมิน ITA ปีงบประมาณ พ.ศ. {card.year}" if card.year else "ผลการประเมิน ITA"
    lines = [
        _Line(year, (64, 92), 34, 1072, _SOFT),
        *(
            _Line(one, (64, 170 + 72 * place), 58, 1072, _INK, bold=True)
            for place, one in enumerate(_two_lines(card.agency, 58, 1072))
        ),
        _Line("ระดับ", (88, 340), 28, 400, "#ffffff"),
        *_levels(card),
        _Line(source, (64, 596), 28, 1072, _SOFT),
    ]
    boxes = "".join(_boxes(card))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="picture-t"><title id="picture-t">{text(in_words(card))}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/><rect width="{width}" height="14" fill="{_OPEN}"/>'
        f'<rect x="64" y="284" width="440" height="252" rx="16" fill="{card.colour}"/>{boxes}'
        f"{''.join(map(_drawn, lines))}</svg>\n"
    )


def _levels(card: Card) -> Iterator[_Line]:
    """The level, or each of those still possible on its line."""
    names = card.levels or ("ยังไม่ทราบ",)
    shown = [f"{name} หรือ" for name in names[:-1]] + [names[-1]]
    if len(shown) > _LEVELS:
        shown = [*shown[: _LEVELS - 1], f"อีก {len(names) - _LEVELS + 1} ระดับ"]
    size, step = (60, 72) if len(shown) == 1 else (36, 52)
    for place, one in enumerate(shown):
        yield _Line(one, (88, 352 + step * (place + 1) - (12 if step == 72 else 0)), size, 392, "#ffffff", bold=True)


def _boxes(card: Card) -> Iterator[str]:
    """The total above, the instruments beside each other below it."""
    yield f'<rect x="528" y="284" width="608" height="112" rx="16" fill="#f5f6f4" stroke="{_LINE}"/>'
    yield _drawn(_Line("คะแนนรวม", (560, 354), 34, 240, _SOFT))
    yield _drawn(_Line(card.total, (800, 360), 60, 312, _INK, bold=True))
    shown = card.instruments[:_MOST]
    wide = (608 - 16 * (len(shown) - 1)) / max(1, len(shown))
    for place, (name, score) in enumerate(shown):
        x = 528 + place * (wide + 16)
        yield f'<rect x="{x:.1f}" y="412" width="{wide:.1f}" height="124" rx="16" fill="#f5f6f4" stroke="{_LINE}"/>'
        yield _drawn(_Line(name, (x + 20, 450), 28, wide - 36, _SOFT))
        parts = score.split() if score[:1].isalpha() else [score]  # words why there is no number take two lines
        for line, part in enumerate(parts[:2]):
            where, size = (512, 44) if len(parts) == 1 else (490 + 32 * line, 26)
            yield _drawn(_Line(part, (x + 20, where), size, wide - 36, _INK, bold=True))


def png(card: Card, source: str = "") -> bytes:
    """The picture as PNG."""
    import resvg_py

    return bytes(resvg_py.svg_to_bytes(svg_string=picture(card, source), width=PICTURE[0], skip_system_fonts=True))


def plain(card: Card) -> str:
    """The card as a table to paste: no style, no script, no request."""
    rows = "".join(f'<tr><th scope="row">{text(name)}</th><td>{text(score)}</td></tr>' for name, score in card.rows)
    year = f" ปีงบประมาณ พ.ศ. {card.year}" if card.year else ""
    caption = text(f"ผลการประเมิน ITA{year} {card.agency} ระดับ {card.level}")
    return f'<table lang="th"><caption>{caption}</caption><tbody>{rows}</tbody></table>\n'


@dataclass(frozen=True)
class Addresses:
    """Where the parts to paste stand: the page that says all, the badge, the page for a frame."""

    page: str
    badge: str
    frame: str


def snippets(card: Card, at: Addresses) -> list[tuple[str, str, str]]:
    """What to paste: name in both languages and HTML. Each falls back to words and a link."""
    words, here = text(in_words(card)), text(at.page)
    width, height = BADGE
    return [
        (
            "ป้าย",
            "Badge",
            f'<a href="{here}"><img src="{text(at.badge)}" width="{width}" height="{height}" alt="{words}"></a>',
        ),
        (
            "กรอบ",
            "Frame",
            f'<iframe src="{text(at.frame)}" title="{words}" width="100%" height="360"></iframe>\n'
            f'<p><a href="{here}">{words}</a></p>',
        ),
        ("ตาราง", "Table", plain(card).strip()),
    ]


@dataclass(frozen=True)
class _Line:
    """A line of a drawing: where its left end (or middle) stands, how large, how much room, how bold."""

    text: str
    at: tuple[float, float]
    size: float
    room: float
    colour: str
    bold: bool = False
    centred: bool = False


def _drawn(line: _Line) -> str:
    """The line as outlines: smaller where it is too long, cut with an ellipsis where it is longer still."""
    found, size = " ".join(line.text.split()), line.size
    if not found:
        return ""
    while size > line.size * _SMALLEST and outline(found, line.bold).width * size > line.room:
        size *= 0.96
    parts = pieces(found)
    while outline(found, line.bold).width * size > line.room and len(parts) > 1:
        parts = parts[:-1]
        found = "".join(parts).rstrip() + "…"
    made = outline(found, line.bold)
    x = line.at[0] - (made.width * size / 2 if line.centred else 0)
    place = f"translate({x:.1f} {line.at[1]:.1f}) scale({size / 1000:.5f})"
    return f'<path fill="{line.colour}" transform="{place}" d="{made.path}"/>'


def _two_lines(words: str, size: float, room: float) -> list[str]:
    """A long name on two lines, parted at a space where one is near; a longer one is made smaller by the drawing."""
    found = " ".join(words.split())
    first = ""
    for piece in pieces(found):
        if first and outline(first + piece, True).width * size > room:
            space = first.rstrip().rfind(" ")
            cut = space if space > len(first) / 2 else len(first)
            return [found[:cut].rstrip(), found[cut:].lstrip()]
        first += piece
    return [found]
