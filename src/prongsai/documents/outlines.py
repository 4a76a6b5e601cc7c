"""Text as outlines, shaped with the packaged Thai face: for drawings that must look alike without any font."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from prongsai.documents.fonts import thai_face


@dataclass(frozen=True, slots=True)
class Outline:
    """Path data in thousandths of an em, each step from the last; width in em. Baseline is y = 0, y grows downwards."""

    path: str
    width: float


@lru_cache(maxsize=2048)
def outline(text: str, bold: bool = False) -> Outline:
    """One line of text. A character that the face lacks is drawn as the face's empty box."""
    import uharfbuzz
    from fontTools.pens.transformPen import TransformPen

    if not text:
        return Outline("", 0.0)
    shaper, glyphs, names, unit = _face(bold)
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer, {})
    pen = _pen(glyphs)
    at, scale = 0.0, 1000 / unit
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        move = (scale, 0, 0, -scale, (at + place.x_offset) * scale, -place.y_offset * scale)
        glyphs[names[info.codepoint]].draw(TransformPen(pen, move))
        at += place.x_advance
    return Outline("".join(pen.steps), at / unit)


def _pen(glyphs: Any) -> Any:
    """Writes path data in whole steps from point to point: a third shorter than whole places are."""
    from fontTools.pens.basePen import BasePen

    class Steps(BasePen):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(glyphs)
            self.steps: list[str] = []
            self.at = self.began = (0, 0)

        def _to(self, command: str, *points: tuple[float, float]) -> None:
            x, y = self.at
            whole = [(round(point[0]), round(point[1])) for point in points]
            numbers = [step for point in whole for step in (point[0] - x, point[1] - y)]
            told = "".join(
                f"{number}" if number < 0 or not place else f" {number}" for place, number in enumerate(numbers)
            )
            self.steps.append(command + told)
            self.at = whole[-1]

        def _moveTo(self, point: tuple[float, float]) -> None:
            self._to("m", point)
            self.began = self.at

        def _lineTo(self, point: tuple[float, float]) -> None:
            self._to("l", point)

        def _qCurveToOne(self, control: tuple[float, float], point: tuple[float, float]) -> None:
            self._to("q", control, point)

        def _curveToOne(self, *points: tuple[float, float]) -> None:
            self._to("c", *points)

        def _closePath(self) -> None:
            self.steps.append("z")
            self.at = self.began

    return Steps()


@cache
def _face(bold: bool) -> tuple[Any, Any, list[str], float]:
    import uharfbuzz
    from fontTools.ttLib import TTFont

    path = thai_face().bold if bold else thai_face().regular
    file = TTFont(path)
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
    return shaper, file.getGlyphSet(), file.getGlyphOrder(), float(file["head"].unitsPerEm)
