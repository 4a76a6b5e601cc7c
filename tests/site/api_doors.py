"""Doors of the API's pages. What is below /api/v1 has no person and no door: tests/site/test_api.py walks all of it."""

from __future__ import annotations

from doors import EVERYONE, Door

DOORS = [Door("api_docs", EVERYONE)]
