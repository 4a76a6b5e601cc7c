"""The banner for an agency's home page: SVG or PNG of the usual sizes, and the HTML that shows it with a link.

Text is drawn as outlines, shaped with the packaged Thai face: the banner needs no font where it is shown, and a long
name is measured, not guessed. What the outlines say stands in the title and description for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from prongsai.documents.outlines import outline
from prongsai.documents.qr import qr_path, qr_side, typable
from prongsai.documents.walk import clean
from prongsai.documents.wrapping import pieces

Size = Literal["728x90", "300x250"]
INK, DEEP, MUTED, PAPER = "#1f2933", "#0f4c5c", "#46535f", "#ffffff"
SMALLEST = 0.6  # of the size wished for; a longer text ends in an ellipsis


@dataclass(frozen=True)
class Banner:
    """What a banner says: whose survey, which, and where it is answered."""

    agency: str
    title: str
    address: str

    @property
    def alternative(self) -> str:
        """The same in words."""
        return " ".join(f"{self.title} {self.agency} ตอบได้ที่ {typable(self.address)}".split())


@dataclass(frozen=True)
class _Line:
    text: str
    size: float
    bold: bool
    colour: str
    lines: int = 1


def svg(banner: Banner, size: Size = "728x90") -> str:
    """The banner as one SVG without any reference to the outside.

    Raises ``DocumentError`` for an address that cannot be printed and typed.
    """
    width, height = map(int, size.split("x"))
    address = typable(banner.address)
    if width > height * 2:
        code, at, left, room = height - 10, (width - height + 3, 5), 22, width - height - 36
        lines = [
            _Line(banner.agency, 24, True, DEEP),
            _Line(banner.title, 16, False, INK),
            _Line(address, 15, True, MUTED),
        ]
    else:
        code, at, left, room = 120, ((width - 120) // 2, height - 124), 14, width - 28
        lines = [
            _Line(banner.agency, 20, True, DEEP, 2),
            _Line(banner.title, 14, False, INK, 2),
            _Line(address, 14, True, MUTED),
        ]
    centre = None if width > height * 2 else width / 2
    drawn = "".join(_text(lines, (left, room, centre), height if centre is None else height - 118))
    module = code / qr_side(banner.address)
    words = f"{_words(banner.title)} {_words(banner.agency)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="banner-title banner-desc"><title id="banner-title">{words}</title>'
        f'<desc id="banner-desc">{_words(banner.alternative)}</desc>'
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/><rect x="1" y="1" width="{width - 2}" '
        f'height="{height - 2}" fill="none" stroke="{DEEP}" stroke-width="2"/>{drawn}'
        f'<path fill="#000000" transform="translate({at[0]} {at[1]}) scale({module:.4f})" '
        f'd="{qr_path(banner.address)}"/>'
        "</svg>"
    )


def png(banner: Banner, size: Size = "728x90", scale: int = 2) -> bytes:
    """The same drawing as PNG, ``scale`` pixels to the unit (2: sharp on phones)."""
    import resvg_py

    width = int(size.partition("x")[0]) * scale
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(banner, size), width=width, skip_system_fonts=True))


def html(banner: Banner, picture: str, size: Size = "728x90") -> str:
    """What to paste into a page: a link, the picture (``picture``: where the agency keeps it) and its words."""
    width, height = size.split("x")
    return (
        f'<a href="{escape(banner.address)}" rel="noopener"><img src="{escape(clean(picture))}" width="{width}" '
        f'height="{height}" alt="{_words(banner.alternative)}"></a>\n'
    )


def html_text(banner: Banner) -> str:
    """The same without a picture, for pages that take only text."""
    typable(banner.address)
    return f'<p><a href="{escape(banner.address)}" rel="noopener">{_words(f"{banner.title} {banner.agency}")}</a></p>\n'


def _text(lines: list[_Line], across: tuple[float, float, float | None], height: float) -> Iterator[str]:
    """The lines, stacked and centred in the height; ``across``: left edge, room, and middle where they are centred."""
    left, room, middle = across
    placed = [(line, size, text) for line in lines for size, text in _fitted(line, room)]
    y = (height - sum(size * 1.45 for _, size, _ in placed)) / 2 + 1
    for line, size, text in placed:
        drawn = outline(text, line.bold)
        x = left if middle is None else middle - drawn.width * size / 2
        y += size * 1.45
        yield (
            f'<path fill="{line.colour}" transform="translate({x:.2f} {y - size * 0.4:.2f}) scale({size / 1000:.5f})" '
            f'd="{drawn.path}"/>'
        )


def _fitted(line: _Line, room: float) -> list[tuple[float, str]]:
    """The text in its lines, smaller where it is too long, cut with an ellipsis where it is longer still."""
    text = " ".join(clean(line.text).split())
    size = line.size
    while size > line.size * SMALLEST and len(_broken(text, line.bold, room / size)) > line.lines:
        size *= 0.95
    found = _broken(text, line.bold, room / size)
    if len(found) > line.lines:
        last = found[line.lines - 1]
        while last and outline(last + "…", line.bold).width > room / size:
            last = "".join(pieces(last)[:-1]) if len(pieces(last)) > 1 else last[:-1]
        found = [*found[: line.lines - 1], last.rstrip() + "…"]
    return [(size, one) for one in found]


def _broken(text: str, bold: bool, room: float) -> list[str]:
    """Lines no wider than ``room`` em; a piece wider than that is parted between its characters."""
    if outline(text, bold).width <= room:
        return [text]
    lines = [""]
    for piece in pieces(text):
        for part in [piece] if outline(piece, bold).width <= room else list(piece):
            if lines[-1].strip() and outline((lines[-1] + part).rstrip(), bold).width > room:
                lines.append("")
            lines[-1] += part
    return [line.strip() for line in lines if line.strip()]


def _words(text: str) -> str:
    return escape(" ".join(clean(text).split()))
