"""Where the Thai face is, and how its sizes relate to the face that the rules name.

The rules of official correspondence give sizes in points of TH SarabunPSK. Its letters are small in their
em; those of the Sarabun that we ship (the 2018 redrawing, OFL) are large. A size in the document tree is a
TH Sarabun size; whoever draws with Sarabun multiplies it by ``SARABUN_SCALE``.

Measured, per 1000 em units: capital height 476 (TH SarabunPSK and TH Sarabun New) against 700 (Sarabun)
= 0.680; advance width of running Thai text with figures = 0.661. The TH Sarabun numbers are those of the
metric tables that PDF libraries publish for it (FPDF font definitions of both editions, which agree);
the Sarabun numbers were read from its font file. 0.67 lies between: letters as tall, lines as full.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from prongsai.documents.errors import FontMissingError

OFFICIAL_FACE = "TH SarabunPSK"
SARABUN = "Sarabun"
SARABUN_SCALE = 0.67
LAKSAMAN_SCALE = 0.66
"""Laksaman has capital height 716 (ratio 0.665) and Thai letters about as wide as Sarabun's."""

MONO_EM = 0.61
"""Width of a character of the monospaced face in em (0.602), and a little room."""

_DEBIAN = Path("/usr/share/fonts/opentype/tlwg")


@dataclass(frozen=True)
class Face:
    """A family that is really on this machine. ``scale`` turns TH Sarabun points into points of it."""

    family: str
    regular: Path
    bold: Path
    italic: Path
    bold_italic: Path
    scale: float

    @property
    def files(self) -> tuple[Path, ...]:
        """All four files, for engines that want a list."""
        return (self.regular, self.bold, self.italic, self.bold_italic)


@cache
def thai_face() -> Face:
    """The face to draw with: the packaged Sarabun, else Debian's Laksaman; never a silent substitute."""
    for face in (_packaged(), _debian()):
        if face is not None and all(path.is_file() for path in face.files):
            return face
    raise FontMissingError(
        "ไม่พบแบบอักษรไทย (Sarabun) ในเครื่องนี้ โปรดติดตั้งแพ็กเกจ fontpkg-sarabun",
        "no Thai face found; install the Python package fontpkg-sarabun or Debian fonts-tlwg-laksaman-otf",
        "fonts",
    )


def scale_of(family: str) -> float:
    """Factor from TH Sarabun points to points of ``family``; 1 for the TH faces and unknown ones."""
    return {SARABUN: SARABUN_SCALE, "Laksaman": LAKSAMAN_SCALE}.get(family, 1.0)


def _packaged() -> Face | None:
    spec = importlib.util.find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        return None
    return _face(SARABUN, Path(spec.origin).parent / "files", "-Regular", ".ttf")


def _debian() -> Face | None:
    return _face("Laksaman", _DEBIAN, "", ".otf")


def _face(family: str, folder: Path, regular: str, ending: str) -> Face:
    def path(style: str) -> Path:
        return folder / f"{family}{style}{ending}"

    return Face(family, path(regular), path("-Bold"), path("-Italic"), path("-BoldItalic"), scale_of(family))
