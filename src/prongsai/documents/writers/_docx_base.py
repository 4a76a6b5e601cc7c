"""The Word package that every document starts from: styles, numbering, fonts, settings. Made once per face.

Written by hand and kept small, because each part of Word's own default template works against Thai: its
theme fonts override the named face, its sizes stand only in the Latin slot, its language is English. In
WordprocessingML Thai is complex script: the face comes from ``w:cs``, the size from ``w:szCs``, bold from
``w:bCs``; every style sets both slots, so no run has to.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from prongsai.documents.fonts import OFFICIAL_FACE, scale_of

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
EPOCH = (1980, 1, 1, 0, 0, 0)
DASH_LIST, NUMBER_LIST, THAI_LIST = 1, 2, 3


@dataclass(frozen=True)
class Style:
    """A paragraph style. ``size`` in TH Sarabun points; ``spacing`` is what ``w:spacing`` says, in twips."""

    id: str
    name: str
    size: float
    bold: bool = False
    before: int = 0
    after: int = 0
    align: str = "left"
    based: str = "Normal"
    outline: int | None = None
    extra: str = ""


STYLES = (
    Style("Title", "Title", 24, bold=True, after=60, align="center"),
    Style("Subtitle", "Subtitle", 20, bold=True, after=60, align="center"),
    Style("Heading1", "heading 1", 20, bold=True, before=240, after=80, outline=0),
    Style("Heading2", "heading 2", 18, bold=True, before=180, after=60, outline=1),
    Style("Heading3", "heading 3", 16, bold=True, before=120, after=40, outline=2),
    Style("BodyIndent", "Body indent", 16, before=120, extra='<w:ind w:firstLine="1418"/>'),
    Style("Small", "Small text", 14, after=60),
    Style("Caption", "caption", 15, bold=True, before=120, after=60),
    Style("TableText", "Table text", 14),
    Style("ListText", "List text", 16, extra='<w:ind w:left="1000" w:hanging="400"/>'),
    Style("MemoLine", "Memo line", 16),
    Style("Signature", "Signature block", 16, align="center"),
    Style("Picture", "Picture", 16, before=60, after=60, align="center"),
    Style("ContentsTitle", "Contents title", 20, bold=True, after=120, align="center"),
    Style("TOC1", "toc 1", 16, before=40),
    Style("TOC2", "toc 2", 16, extra='<w:ind w:left="400"/>'),
    Style("TOC3", "toc 3", 16, extra='<w:ind w:left="800"/>'),
    Style("Header", "header", 14),
    Style("Footer", "footer", 14, align="center"),
)


def half_points(size: float, face: str) -> int:
    """A TH Sarabun size as the half points that ``w:sz`` wants, in the face that is named."""
    return round(size * scale_of(face) * 2)


def size_xml(size: float, face: str) -> str:
    """Both size slots: Latin and complex script."""
    value = half_points(size, face)
    return f'<w:sz w:val="{value}"/><w:szCs w:val="{value}"/>'


@cache
def base_package(face: str = OFFICIAL_FACE) -> bytes:
    """An empty Word file with our styles in ``face``."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(
            ("officeDocument", f"{_OFFICE}/officeDocument", "word/document.xml"),
            (
                "core",
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "docProps/core.xml": _core(),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{W}"><w:body><w:sectPr/></w:body></w:document>',
        "word/_rels/document.xml.rels": _relations(
            *((n, f"{_OFFICE}/{n}", f"{n}.xml") for n in ("styles", "settings", "fontTable", "numbering"))
        ),
        "word/styles.xml": styles_xml(face),
        "word/settings.xml": _settings(),
        "word/fontTable.xml": _font_table(face),
        "word/numbering.xml": numbering_xml(face),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, EPOCH), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def styles_xml(face: str) -> str:
    """The style sheet; also the source of styles that an agency template lacks."""
    name = quoteattr(face)
    fonts = f"<w:rFonts w:ascii={name} w:hAnsi={name} w:eastAsia={name} w:cs={name}/>"
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{size_xml(16, face)}"
        '<w:lang w:val="en-US" w:eastAsia="en-US" w:bidi="th-TH"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:after="0" w:line="240" w:lineRule="auto"/></w:pPr></w:pPrDefault>'
        "</w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f'<w:pPr><w:jc w:val="left"/></w:pPr><w:rPr>{fonts}{size_xml(16, face)}</w:rPr></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>'
        '<w:rPr><w:color w:val="1F4E79"/><w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="28" w:type="dxa"/>'
        '<w:left w:w="85" w:type="dxa"/><w:bottom w:w="28" w:type="dxa"/>'
        '<w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        f'<w:style w:type="table" w:customStyle="1" w:styleId="PlainGrid"><w:name w:val="Plain grid"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{_borders()}</w:tblBorders></w:tblPr></w:style>'
    )
    return f'{_HEAD}<w:styles xmlns:w="{W}">{defaults}{normal}{"".join(_style(s, face) for s in STYLES)}</w:styles>'


def numbering_xml(face: str) -> str:
    """The three kinds of list: dashes, Arabic numbers, Thai numbers."""
    kinds = ((DASH_LIST, "bullet", "–"), (NUMBER_LIST, "decimal", "%1."), (THAI_LIST, "thaiNumbers", "%1."))
    name = quoteattr(face)
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
        f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
        '<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="1000" w:hanging="400"/></w:pPr>'
        f"<w:rPr><w:rFonts w:ascii={name} w:hAnsi={name} w:cs={name}/></w:rPr></w:lvl></w:abstractNum>"
        for number, kind, text in kinds
    )
    return f'{_HEAD}<w:numbering xmlns:w="{W}">{abstract}</w:numbering>'


def _style(style: Style, face: str) -> str:
    bold = "<w:b/><w:bCs/>" if style.bold else ""
    outline = "" if style.outline is None else f'<w:outlineLvl w:val="{style.outline}"/>'
    keep = "<w:keepNext/><w:keepLines/>" if style.outline is not None or style.id == "Caption" else ""
    custom = "" if style.name.lower() == style.name or style.id in {"Title", "Subtitle"} else ' w:customStyle="1"'
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{style.based}"/><w:qFormat/><w:pPr>{keep}'
        f'<w:spacing w:before="{style.before}" w:after="{style.after}"/>{style.extra}'
        f'<w:jc w:val="{style.align}"/>{outline}</w:pPr><w:rPr>{bold}{size_xml(style.size, face)}</w:rPr></w:style>'
    )


def _borders() -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return "".join(f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="5B6B73"/>' for s in sides)


def _font_table(face: str) -> str:
    """TH Sarabun New as the stand-in: same measures. Sarabun is not named, for its letters are half as big again."""
    alternative = '<w:altName w:val="TH Sarabun New"/>' if face == OFFICIAL_FACE else ""
    return (
        f'{_HEAD}<w:fonts xmlns:w="{W}"><w:font w:name={quoteattr(face)}>{alternative}'
        '<w:panose1 w:val="020B0500040200020003"/><w:charset w:val="DE"/><w:family w:val="swiss"/>'
        '<w:pitch w:val="variable"/></w:font></w:fonts>'
    )


def _settings() -> str:
    """Current Word behaviour, Thai as the complex-script language, and no question about fields on opening."""
    return (
        f'{_HEAD}<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:applyBreakingRules/>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '</w:compat><w:themeFontLang w:val="en-US" w:bidi="th-TH"/></w:settings>'
    )


def _core() -> str:
    return (
        f'{_HEAD}<cp:coreProperties xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"/>'
    )


def _content_types() -> str:
    kinds = ("styles", "settings", "fontTable", "numbering")
    overrides = "".join(f'<Override PartName="/word/{kind}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for kind in kinds)
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_TYPE}.document.main+xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
    )


def _relations(*entries: tuple[str, str, str]) -> str:
    found = "".join(
        f'<Relationship Id="rId{n}" Type="{escape(kind)}" Target="{escape(target)}"/>'
        for n, (_, kind, target) in enumerate(entries, 1)
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{found}</Relationships>'
