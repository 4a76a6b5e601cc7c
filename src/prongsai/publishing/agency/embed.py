"""What other pages may show of an agency's year: a badge, a page for a frame, a table; and how to paste them.

The badge is drawn with outlines, so it needs no face where it is shown, and says the same in its title.
"""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.documents.outlines import outline
from prongsai.documents.wrapping import pieces
from prongsai.publishing.agency.model import Yearbook
from prongsai.publishing.agency.words import Words, text

BADGE = (400, 120)
_GOOD, _BAD, _OPEN, _INK, _SOFT = "#1a6b3c", "#a3231b", "#0b4f6c", "#17242d", "#475662"
_SMALLEST = 0.6  # of the size wished for
THAI = Words("th")


def alternative(book: Yearbook) -> str:
    """The badge in words, escaped: level, total and every instrument."""
    level = " หรือ ".join(book.sheet.level.names) or "ยังไม่ทราบ"
    scores = [f"คะแนนรวม {THAI.score(book.shows('overall'))}"]
    scores += [f"{inst.code} {THAI.score(book.shows(inst.code))}" for inst, _ in book.instruments()]
    year = f" พ.ศ. {book.year}" if book.year else ""
    return text(f"ผลการประเมิน ITA{year} {book.agency} ระดับ {level} {' '.join(scores)}")


def badge(book: Yearbook) -> str:
    """The badge as SVG, without any reference to the outside."""
    width, height = BADGE
    colour = _OPEN if book.band is None else _GOOD if book.band.passes else _BAD
    level = " / ".join(book.sheet.level.names) or "ยังไม่ทราบ"
    year = f"ITA พ.ศ. {book.year}" if book.year else "ITA"
    instruments = [f"{inst.code} {THAI.score(book.shows(inst.code))}" for inst, _ in book.instruments()]
    drawn = [
        _Line(year, (70, 32), 15, 124, "#ffffff", centred=True),
        _Line(level, (70, 76), 30, 124, "#ffffff", bold=True, centred=True),
        _Line(book.agency, (156, 34), 19, 232, _INK, bold=True),
        _Line(f"คะแนนรวม {THAI.score(book.shows('overall'))}", (156, 68), 23, 232, colour, bold=True),
        _Line(" · ".join(instruments), (156, 98), 15, 232, _SOFT),
    ]
    side = f"M10.5 .5H140V{height - 0.5}H10.5a10 10 0 0 1-10-10v{21 - height}a10 10 0 0 1 10-10z"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="badge-t"><title id="badge-t">{alternative(book)}</title>'
        f'<rect x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="10" fill="#ffffff" stroke="#7b8a91"/>'
        f'<path fill="{colour}" d="{side}"/>'
        f"{''.join(map(_drawn, drawn))}</svg>\n"
    )


@dataclass(frozen=True)
class _Line:
    """A line of the badge: where its left end (or middle) stands, how large, how bold."""

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


def summary(book: Yearbook) -> str:
    """A small page for a frame."""
    from prongsai.publishing.agency.page import frame, level_name

    rows = "".join(
        f'<tr><th scope="row">{name}</th><td class="n">{THAI.score(book.shows(node))}</td></tr>'
        for name, node in [("คะแนนรวม", "overall"), *((text(inst.code), inst.code) for inst, _ in book.instruments())]
    )
    tone = "" if book.band is None else " good" if book.band.passes else " bad"
    body = (
        f'<main class="card"><h1>{text(book.agency)}</h1><p class="soft">ผลการประเมิน ITA {THAI.year(book.year)}</p>'
        f'<div class="level{tone}"><p class="name">{level_name(book.sheet, THAI)}</p></div>'
        f'<table>{rows}</table><p><a href="../index.html" target="_top">ดูรายละเอียดทั้งหมด</a></p></main>\n'
    )
    return frame(THAI, alternative(book), body, "frame", "../")


def plain(book: Yearbook) -> str:
    """The same as a table to paste: no style, no script, no request."""
    rows = "".join(
        f'<tr><th scope="row">{name}</th><td>{THAI.score(book.shows(node))}</td></tr>'
        for name, node in [("คะแนนรวม", "overall"), *((text(inst.code), inst.code) for inst, _ in book.instruments())]
    )
    level = text(" หรือ ".join(book.sheet.level.names) or "ยังไม่ทราบ")
    return (
        f'<table lang="th"><caption>ผลการประเมิน ITA {THAI.year(book.year)} {text(book.agency)} ระดับ {level}</caption>'
        f"<tbody>{rows}</tbody></table>\n"
    )


def snippets(book: Yearbook) -> list[tuple[str, str, str]]:
    """What to paste: name in both languages and HTML. Addresses are whole where the folder's is known."""
    base = book.address.rstrip("/") + "/" if book.address else ""
    words, here = alternative(book), text(f"{base}index.html")
    width, height = BADGE
    return [
        (
            "ป้าย",
            "Badge",
            f'<a href="{here}"><img src="{text(base)}badge.svg" width="{width}" height="{height}" alt="{words}"></a>',
        ),
        (
            "กรอบ",
            "Frame",
            f'<iframe src="{text(base)}embed/summary.html" title="{words}" width="100%" height="360"></iframe>\n'
            f'<p><a href="{here}">{words}</a></p>',
        ),
        ("ตาราง", "Table", plain(book).strip()),
    ]
