"""Doors of operation: for machines, without login; the metrics only for who sends a token."""

from __future__ import annotations

from doors import EVERYONE, Door

DOORS = [
    Door("health", EVERYONE),
    Door("ready", EVERYONE),
    Door("metrics", EVERYONE, ok=(404,)),
    Door("security_txt", EVERYONE, ok=(404,)),
]
