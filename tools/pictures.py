"""Makes the pictures of the guides from the demo's documents: ``python tools/pictures.py`` after ``make demo``."""

from __future__ import annotations

from pathlib import Path

import pypdfium2

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "build" / "demo"
IMAGES = ROOT / "docs" / "images"
# name of the picture: document of the demo, page from 1
PAGES = {
    "page": ("sisaket-2568/measures.pdf", 3),
    "measures": ("sisaket-2568/measures.pdf", 11),
    "aspects": ("bangpla-2567/measures.pdf", 3),
    "brief": ("sisaket-2568/brief.pdf", 1),
    "memo": ("krokkaeo-2562/memo.pdf", 1),
    "progress": ("thatalat-2566/progress.pdf", 4),
}
WIDTH = 900


def main() -> None:
    """Draw every page in few colours, so that the pictures stay small."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    for name, (path, number) in PAGES.items():
        page = pypdfium2.PdfDocument(DEMO / path)[number - 1]
        picture = page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB").quantize(40)
        picture.save(IMAGES / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
