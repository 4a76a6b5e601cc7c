"""QR codes of web addresses: one filled path as SVG, or PNG for formats that hold no drawing."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from prongsai.documents.errors import DocumentError

if TYPE_CHECKING:
    from segno import QRCode

QUIET = 4  # modules of empty paper around the code, as the standard asks
LONGEST = 300  # characters: beyond it the modules are too fine for a printed slip
TYPED = 72  # characters: one line of a slip


def web_address(address: str) -> str:
    """The address, if it can be printed and typed: http(s), a host, plain ASCII, no blank, no password.

    Raises ``DocumentError`` otherwise.
    """
    try:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and " " not in address
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username and plain
    except ValueError:
        fine = False
    if not fine or len(address) > LONGEST:
        raise DocumentError(
            f"ที่อยู่เว็บต้องขึ้นต้นด้วย https:// ใช้อักษรอังกฤษ ไม่มีช่องว่าง และยาวไม่เกิน {LONGEST} ตัวอักษร (พบ “{address[:80]}”)",
            f"expected an http(s) address of plain ASCII, at most {LONGEST} characters, found {address[:80]!r}",
            "address",
            "โปรดตรวจสอบที่อยู่เว็บ",
        )
    return address


def typable(address: str) -> str:
    """The address as people type it: browsers add ``https://`` themselves.

    Raises ``DocumentError`` where it cannot be printed, or is longer than anybody types.
    """
    shown = web_address(address).removeprefix("https://").rstrip("/")
    if len(shown) > TYPED:
        raise DocumentError(
            f"ที่อยู่เว็บยาวเกินกว่าที่คนจะพิมพ์ตาม ({len(shown)} ตัวอักษร ไม่ควรเกิน {TYPED})",
            f"the address is too long to type: {len(shown)} characters, at most {TYPED}",
            "address",
            "โปรดใช้ที่อยู่ที่สั้นกว่านี้",
        )
    return shown


@lru_cache(maxsize=64)
def qr_svg(address: str) -> str:
    """The code as an SVG of one filled path. One path, not a stroke a row: no seams show between rows."""
    side = qr_side(address)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><rect width="{side}" height="{side}" '
        f'fill="#ffffff"/><path fill="#000000" d="{qr_path(address)}"/></svg>'
    )


@lru_cache(maxsize=64)
def qr_path(address: str) -> str:
    """The dark modules as path data, one unit a module, the quiet zone left free."""
    found: list[str] = []
    for y, row in enumerate(_code(address).matrix):
        start: int | None = None
        for x, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                found.append(f"M{start + QUIET} {y + QUIET}h{x - start}v1h{start - x}z")
                start = None
    return "".join(found)


def qr_side(address: str) -> int:
    """Modules across, with the quiet zone."""
    return len(_code(address).matrix) + 2 * QUIET


@lru_cache(maxsize=64)
def qr_png(address: str, scale: int = 12) -> bytes:
    """The code as PNG, ``scale`` pixels a module."""
    buffer = io.BytesIO()
    _code(address).save(buffer, kind="png", scale=scale, border=QUIET)
    return buffer.getvalue()


def _code(address: str) -> QRCode:
    import segno

    return segno.make(web_address(address), error="m", micro=False)
