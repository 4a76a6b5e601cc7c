"""Doors of an agency's history, export and import."""

from __future__ import annotations

from doors import DRAFTS, Door, agency

DOORS = [Door("history", DRAFTS, agency)]
