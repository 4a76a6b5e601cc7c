"""Part an SVG chart into its shapes and its labels, for writers that set text themselves.

Typst draws the text of an SVG without a usable text layer, so a PDF made from it could not be searched, and PDF/UA-1
is refused. The labels are taken out here and set by the writer in the same places.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree

_SPACE = "{http://www.w3.org/2000/svg}"
_ALIGN: dict[str, Literal["left", "center", "right"]] = {"start": "left", "middle": "center", "end": "right"}
_WEIGHT = {"bold": 700, "normal": 400}


@dataclass(frozen=True, slots=True)
class Label:
    """A text of the chart; places and size are shares of the drawing, ``x`` and ``size`` of its width.

    ``halo``: paper shows around it, so that lines behind it end.
    """

    text: str
    x: float
    y: float
    size: float
    align: Literal["left", "center", "right"]
    weight: int
    fill: str
    halo: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes without text, height / width, and the labels."""

    svg: str
    ratio: float
    labels: tuple[Label, ...]


def split_svg(svg: str) -> Drawing:
    """Take the text elements out of a chart that this package drew.

    Attributes are inherited; transforms, style sheets and tspans are not understood, as our charts have none.
    """
    ElementTree.register_namespace("", _SPACE[1:-1])
    root = ElementTree.fromstring(svg)  # noqa: S314 - a drawing of our own
    box = tuple(map(float, root.get("viewBox", "0 0 100 100").split()))
    labels: list[Label] = []

    def walk(element: ElementTree.Element, inherited: dict[str, str]) -> None:
        for child in list(element):
            attributes = inherited | child.attrib
            if child.tag == _SPACE + "text":
                if text := "".join(child.itertext()).strip():
                    labels.append(_label(text, attributes, box))
                element.remove(child)
            elif child.tag in (_SPACE + "title", _SPACE + "desc", _SPACE + "style"):
                element.remove(child)
            else:
                walk(child, attributes)

    walk(root, dict(root.attrib))
    return Drawing(ElementTree.tostring(root, encoding="unicode"), box[3] / box[2], tuple(labels))


def _label(text: str, attributes: dict[str, str], box: tuple[float, ...]) -> Label:
    left, top, width, height = box
    weight = attributes.get("font-weight", "normal")
    fill = attributes.get("fill", "#000000")
    return Label(
        text=text,
        x=(float(attributes.get("x", 0)) - left) / width,
        y=(float(attributes.get("y", 0)) - top) / height,
        size=float(attributes.get("font-size", "16").removesuffix("px")) / width,
        align=_ALIGN[attributes.get("text-anchor", "start")],
        weight=_WEIGHT.get(weight) or int(weight),
        fill=fill if fill.startswith("#") else "#000000",
        halo="stroke" in attributes,
    )
