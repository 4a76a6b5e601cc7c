"""Web faces: the Thai and Latin of Sarabun as WOFF2, made from the font package on this machine."""

from __future__ import annotations

import importlib.util
from pathlib import Path

# Latin with its signs, Thai, general punctuation, arrows and marks that pages use.
_RANGES = ((0x20, 0x7E), (0xA0, 0xFF), (0x0E00, 0x0E5B), (0x2010, 0x2027), (0x2030, 0x203A), (0x2190, 0x2199))
_SIGNS = "−×÷≤≥≠✓✔•‹›…"


def make_web_faces(folder: Path) -> None:
    """Write ``sarabun-regular.woff2`` and ``sarabun-bold.woff2`` unless they are there (a second, once).

    Raises ``FileNotFoundError`` where fontpkg-sarabun is not installed.
    """
    from fontTools import subset

    spec = importlib.util.find_spec("fontpkg_sarabun")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("fontpkg-sarabun is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    characters = [c for first, last in _RANGES for c in range(first, last + 1)] + [ord(c) for c in _SIGNS]
    for style in ("Regular", "Bold"):
        target = folder / f"sarabun-{style.lower()}.woff2"
        if target.exists():
            continue
        options = subset.Options(flavor="woff2", layout_features=["*"], hinting=False)
        face = subset.load_font(Path(spec.origin).parent / "files" / f"Sarabun-{style}.ttf", options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(face)
        half = target.with_suffix(".part")
        subset.save_font(face, half, options)
        half.replace(target)
