"""Doors of the sealed history: how to check is for everybody, its state for who assesses all or runs the site."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import EVERYONE, Door
from opendata_doors import public

from prongsai.site.agencies.actions import SaveUnit
from prongsai.site.agencies.models import Unit
from prongsai.site.exchange.actions import ExportAgency
from prongsai.site.history import chain
from prongsai.site.history.models import Entry

LOOKS_AFTER = {"assessor", "admin"}


def tied(cast: Cast) -> tuple[Any, ...]:
    """Something is in the chain."""
    SaveUnit(by=cast.officer, unit=Unit(agency=cast.agency), values={"name": "กองใหม่"}).execute()
    chain.extend()
    return ()


def release(cast: Cast) -> tuple[Any, ...]:
    """A release whose entry is tied."""
    found = public(1)(cast)
    chain.extend()
    return found


def exported(cast: Cast) -> tuple[Any, ...]:
    """An export whose entry is tied."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        ExportAgency(by=cast.agency_admin, of=cast.agency, target=Path(folder) / "a.zip").execute()
    chain.extend()
    entry = Entry.objects.filter(action="exchange.export").latest("pk")
    return cast.agency.code, entry.facts["sha256"]


DOORS = [
    Door("integrity", EVERYONE),
    Door("integrity_key", EVERYONE),
    Door("integrity_heads", EVERYONE),
    Door("integrity_chain", LOOKS_AFTER),
    Door("integrity_paper", LOOKS_AFTER, tied),
    Door("opendata_proof", EVERYONE, release),
    Door("exchange_proof", {"agency_admin", "admin"}, exported),
]
