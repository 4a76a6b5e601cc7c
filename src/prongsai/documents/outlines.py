"""Text as outlines, shaped with the packaged Thai face: for drawings that must look alike without any font."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from prongsai.documents.fonts import thai_face


@dataclass(frozen=True, slots=True)
class Outline:
    """Path data in thousandths of an em, and width in em; the baseline is y = 0, and y grows downwards."""

    path: str
    width: float


@lru_cache(maxsize=2048)
def outline(text: str, bold: bool = False) -> Outline:
    """One line of text. A character that the face lacks is drawn as the face's empty box."""
    import uharfbuzz
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.pens.transformPen import TransformPen

    if not text:
        return Outline("", 0.0)
    shaper, glyphs, names, unit = _face(bold)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer, {})
    pen = SVGPathPen(glyphs, ntos=lambda value: f"{value:.0f}")
    at, scale = 0.0, 1000 / unit
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        move = (scale, 0, 0, -scale, (at + place.x_offset) * scale, -place.y_offset * scale)
        glyphs[names[info.codepoint]].draw(TransformPen(pen, move))
        at += place.x_advance
    return Outline(pen.getCommands(), at / unit)


@cache
def _face(bold: bool) -> tuple[Any, Any, list[str], float]:
    import uharfbuzz
    from fontTools.ttLib import TTFont

    path = thai_face().bold if bold else thai_face().regular
    file = TTFont(path)
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    return shaper, file.getGlyphSet(), file.getGlyphOrder(), float(file["head"].unitsPerEm)
