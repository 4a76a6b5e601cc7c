"""Doors of people, roles and kept files."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, Door

from prongsai.site.files.keep import Received, keep

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def picture(cast: Cast) -> tuple[Any, ...]:
    return (keep(Received("p.png", "png", PNG), cast.agency, cast.officer).pk,)


DOORS = [Door("file", DRAFTS, picture), Door("picture", DRAFTS, picture)]
