"""Doors of an agency's history, export and import."""

from __future__ import annotations

from doors import DRAFTS, Door, agency, nothing

DOORS = [
    Door("history", DRAFTS, agency),
    Door("exchange", {"agency_admin", "admin"}, agency),
    Door("exchange_export", {"agency_admin", "admin"}, agency, "post"),
    Door("exchange_import", {"admin"}, nothing),
]
