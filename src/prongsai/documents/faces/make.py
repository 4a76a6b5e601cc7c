"""Makes the faces that PDFs are written with: Sarabun with one glyph for every Thai cluster, and a few signs.

Sarabun is under the SIL Open Font License 1.1 without a reserved name; the faces made of it are too, and stay
on the machine that makes them. The same versions make the same bytes.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import uharfbuzz
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

from prongsai.documents.errors import FontMissingError
from prongsai.documents.faces.signs import WIDTH, drawn_signs
from prongsai.documents.thai_clusters import MARKS, WORD_END, codes

FAMILY, RULER = "Prongsai Sarabun", "Prongsai Ruler"
STYLES = ("Regular", "Bold", "Italic", "BoldItalic")
CHARACTERS = "characters.txt"


def make_all(target: Path) -> None:
    """Write all faces into a folder, and the characters that all of them have.

    Raises ``FontMissingError`` where the package with Sarabun is not installed.
    """
    source = _sarabun()
    shared: set[int] | None = None
    for style in STYLES:
        face = make(source / f"Sarabun-{style}.ttf", "Bold" in style)
        face.save(target / f"{FAMILY.replace(' ', '')}-{style}.ttf")
        shared = set(face.getBestCmap()) & (shared or set(face.getBestCmap()))
    make_ruler(source / "Sarabun-Regular.ttf").save(target / f"{RULER.replace(' ', '')}.ttf")
    kept = {*range(0x20), *range(0x0300, 0x0370), *map(ord, codes().values()), ord(WORD_END)}
    text = "".join(chr(code) for code in sorted((shared or set()) - kept))
    (target / CHARACTERS).write_text(text, encoding="utf-8")


def make(source: Path, bold: bool) -> TTFont:
    """One face: its own glyphs first, then the clusters, then the signs."""
    face = TTFont(source, recalcTimestamp=False)
    add_units(face, source)
    add_signs(face, bold)
    _rename(face, FAMILY)
    return face


def _rename(face: TTFont, family: str) -> None:
    for name in face["name"].names:
        if name.nameID in (1, 3, 4, 16):
            name.string = str(name).replace("Sarabun", family)
        elif name.nameID == 6:
            name.string = str(name).replace("Sarabun", family.replace(" ", ""))
    face["post"].formatType = 3.0
    for tag in ("DSIG", "gasp"):
        if tag in face:
            del face[tag]


def add_units(face: TTFont, source: Path) -> None:
    """A composite glyph for every cluster, and for every unit one more for the end of a word."""
    names, own = face.getGlyphOrder(), face.getBestCmap()
    shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(source))))
    units: dict[int, str] = {}
    ends: dict[str, str] = {}
    for text, code in codes().items():
        if len(text) == 1 and text not in MARKS:
            name = units[ord(code)] = own[ord(text)]
        elif len(text) == 1:
            name = units[ord(code)] = f"unit{ord(code):04X}"
            mark = face["glyf"][own[ord(text)]]  # by itself it has a place of its own, where it can be seen
            _put(face, name, _composite([(own[ord(text)], 40 - mark.xMin, 0)]), 80 + mark.xMax - mark.xMin)
        else:
            name = units[ord(code)] = f"unit{ord(code):04X}"
            _put(face, name, *_shaped(shaper, names, text))
        ends[name] = f"end{ord(code):04X}"
        _put(face, ends[name], _composite([(name, 0, 0)]), face["hmtx"][name][0])
    _put(face, "wordEnd", Glyph(), 0)
    _map(face, {**units, ord(WORD_END): "wordEnd"})
    _join(face, ends)


def _shaped(shaper: Any, names: list[str], text: str) -> tuple[Glyph, int]:
    """A cluster as the shaper places its parts, and how wide it is."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.direction, buffer.script, buffer.language = "ltr", "Thai", "th"
    uharfbuzz.shape(shaper, buffer, {})
    pen, parts = 0, []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        parts.append((names[info.codepoint], pen + place.x_offset, place.y_offset))
        pen += place.x_advance
    return _composite(parts), pen


def _composite(parts: list[tuple[str, int, int]]) -> Glyph:
    glyph = Glyph()
    glyph.numberOfContours, glyph.components = -1, []
    for name, x, y in parts:
        part = GlyphComponent()
        part.glyphName, part.x, part.y, part.flags = name, x, y, 0x6  # offsets, rounded to the grid
        glyph.components.append(part)
    return glyph


def _put(face: TTFont, name: str, glyph: Glyph, advance: int) -> None:
    face["glyf"][name] = glyph
    glyph.recalcBounds(face["glyf"])
    face["hmtx"][name] = (advance, getattr(glyph, "xMin", 0))


def _map(face: TTFont, glyphs: dict[int, str]) -> None:
    for table in face["cmap"].tables:
        if table.isUnicode():
            table.cmap.update(glyphs)


def _join(face: TTFont, ends: dict[str, str]) -> None:
    """Unit and end of word become one glyph. It is the only rule of the face: marks stand in place already."""
    part = otTables.LigatureSubst()
    part.ligatures = {}
    for name, end in ends.items():
        ligature = otTables.Ligature()
        ligature.Component, ligature.LigGlyph, ligature.CompCount = ["wordEnd"], end, 2
        part.ligatures[name] = [ligature]
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable, lookup.SubTableCount = 4, 0, [part], 1
    table = face["GSUB"].table
    table.LookupList.Lookup, table.LookupList.LookupCount = [lookup], 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = "liga", otTables.Feature()
    record.Feature.FeatureParams, record.Feature.LookupListIndex, record.Feature.LookupCount = None, [0], 1
    table.FeatureList.FeatureRecord, table.FeatureList.FeatureCount = [record], 1
    language = otTables.LangSys()
    language.LookupOrder, language.ReqFeatureIndex = None, 0xFFFF
    language.FeatureIndex, language.FeatureCount = [0], 1
    script = otTables.ScriptRecord()
    script.ScriptTag, script.Script = "DFLT", otTables.Script()
    script.Script.DefaultLangSys, script.Script.LangSysRecord, script.Script.LangSysCount = language, [], 0
    table.ScriptList.ScriptRecord, table.ScriptList.ScriptCount = [script], 1
    for tag in ("GPOS", "GDEF"):
        del face[tag]


def make_ruler(source: Path) -> TTFont:
    """A face of one blank glyph a Thai character: what a line holds can be counted."""
    face = TTFont(source, recalcTimestamp=False)
    for name in face.getGlyphOrder():
        face["glyf"][name] = Glyph()
        face["hmtx"][name] = (500, 0)
    for tag in ("GPOS", "GSUB", "GDEF"):
        del face[tag]
    thai = {code: name for code, name in face.getBestCmap().items() if 0x0E00 < code < 0x0E80 or code == 0x20}
    for table in face["cmap"].tables:
        table.cmap = thai if table.isUnicode() else {}
    _rename(face, RULER)
    options = subset.Options(notdef_outline=True, name_IDs=[1, 2, 3, 4, 6, 13], layout_features=[])
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=thai)
    subsetter.subset(face)
    return face


def add_signs(face: TTFont, bold: bool) -> None:
    """Boxes, ticks, circles; and a hyphen that no line ends with."""
    _put(face, "keptHyphen", _composite([("hyphen", 0, 0)]), face["hmtx"]["hyphen"][0])
    names = {0x2011: "keptHyphen"}
    for sign, outline in drawn_signs(bold):
        names[ord(sign)] = f"sign{ord(sign):04X}"
        _put(face, names[ord(sign)], outline, WIDTH)
    _map(face, names)


def _sarabun() -> Path:
    """Where fontpkg-sarabun keeps its files."""
    spec = importlib.util.find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        raise FontMissingError(
            "ไม่พบแบบอักษร Sarabun สำหรับไฟล์ PDF โปรดติดตั้งแพ็กเกจ fontpkg-sarabun",
            "fontpkg-sarabun is not installed; PDFs are written with its Sarabun",
            "fonts",
        )
    return Path(spec.origin).parent / "files"
