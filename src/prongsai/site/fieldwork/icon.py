"""The app's icon from our own mark: drawn on a full ground, so that no telephone's mask cuts into the drawing."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

SIZES = (192, 512)
GROUND = "#0b4f6c"
_MARK = Path(__file__).parents[1] / "base" / "static" / "prongsai" / "mark.svg"


@lru_cache(maxsize=len(SIZES))
def png(size: int) -> bytes:
    """The icon in pixels, square. The mark takes the middle 80 %, the part that every mask leaves."""
    import resvg_py

    mark = _MARK.read_text(encoding="utf-8").replace("<svg ", '<svg x="3.2" y="3.2" width="25.6" height="25.6" ', 1)
    whole = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="{size}" height="{size}">'
        f'<rect width="32" height="32" fill="{GROUND}"/>{mark}</svg>'
    )
    return bytes(resvg_py.svg_to_bytes(svg_string=whole))
