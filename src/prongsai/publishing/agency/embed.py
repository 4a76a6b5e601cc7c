"""What other pages may show of an agency's year, beside its folder: a badge, a page for a frame, a table to paste."""

from __future__ import annotations

from prongsai.publishing.agency import card
from prongsai.publishing.agency.card import Addresses, Card
from prongsai.publishing.agency.model import Yearbook
from prongsai.publishing.agency.words import Words, text

THAI = Words("th")


def card_of(book: Yearbook) -> Card:
    """The year in a few words."""
    return Card(
        book.agency,
        book.year,
        book.sheet.level.names,
        None if book.band is None else book.band.passes,
        THAI.score(book.shows("overall")),
        tuple((inst.code, THAI.score(book.shows(inst.code))) for inst, _ in book.instruments()),
    )


def alternative(book: Yearbook) -> str:
    """The badge in words, escaped: level, total and every instrument."""
    return text(card.in_words(card_of(book)))


def badge(book: Yearbook) -> str:
    """The badge as SVG, without any reference to the outside."""
    return card.badge(card_of(book))


def summary(book: Yearbook) -> str:
    """A small page for a frame."""
    from prongsai.publishing.agency.page import frame, level_name

    rows = "".join(
        f'<tr><th scope="row">{text(name)}</th><td class="n">{score}</td></tr>' for name, score in card_of(book).rows
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
    return card.plain(card_of(book))


def snippets(book: Yearbook) -> list[tuple[str, str, str]]:
    """What to paste: name in both languages and HTML. Addresses are whole where the folder's is known."""
    base = book.address.rstrip("/") + "/" if book.address else ""
    return card.snippets(card_of(book), Addresses(f"{base}index.html", f"{base}badge.svg", f"{base}embed/summary.html"))
