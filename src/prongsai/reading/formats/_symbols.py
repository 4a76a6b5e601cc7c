"""Signs that symbol fonts (Wingdings, Symbol) show for private codes: ticks, boxes, bullets."""

from __future__ import annotations

_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "☐", 0x71: "☐", 0x72: "☐", 0x78: "☒", 0x9F: "•", 0xA1: "○", 0xA7: "▪", 0xA8: "☐",
    0xD8: "➢", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑", 0xE0: "→",
}  # fmt: skip
_WINGDINGS_2 = {0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "☐", 0x98: "•"}
_SYMBOL = {0xB7: "•", 0xA3: "≤", 0xB3: "≥", 0xB4: "×", 0xD6: "√", 0x2D: "-"}
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
# Without the font's name: what text taken from Wingdings most often is.
PRIVATE = str.maketrans({0xF000 + code: sign for code, sign in {**_SYMBOL, **_WINGDINGS, 0x52: "☑"}.items()})


def symbol(code: int, font: str) -> str:
    """The sign a code of a symbol font shows; a box for one not known, for something was shown."""
    return _FONTS.get(font.strip().lower(), {}).get(code & 0xFF, "▪")
