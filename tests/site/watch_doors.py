"""Doors of the watch over published links."""

from __future__ import annotations

from doors import DRAFTS, Door, agency

DOORS = [Door("dead_links", DRAFTS, agency)]
