"""The table of doors: each address, what it needs to be reached, and who may pass. One file per room adds rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from cast import CAST, Cast

INSIDE = {"officer", "unit_owner", "head", "palad", "chief", "agency_admin"}
SEES = INSIDE | {"assessor", "supervisor", "inspector", "admin"}
DRAFTS = INSIDE | {"supervisor"}
SIGNED_IN = set(CAST) - {"nobody"}
EVERYONE = set(CAST)
YEAR = ("muang", "2568")


def year(_cast: Cast) -> tuple[Any, ...]:
    """Arguments of a page of the agency's year."""
    return YEAR


def agency(_cast: Cast) -> tuple[Any, ...]:
    """Arguments of a page of the agency."""
    return YEAR[:1]


def nothing(_cast: Cast) -> tuple[Any, ...]:
    """No arguments."""
    return ()


@dataclass(frozen=True)
class Door:
    """``passes``: who gets ``ok`` (any of those statuses); a signed-in other finds nothing (404); a stranger to the
    site is led to the login (302), or on POST told that the session is over (403)."""

    name: str
    passes: set[str]
    arguments: Callable[[Cast], tuple[Any, ...]] = nothing
    method: str = "get"
    ok: tuple[int, ...] = (200,)

    def expected(self, member: str) -> set[int]:
        """The statuses a member of the cast may see."""
        if member in self.passes:
            return set(self.ok)
        return ({302} if self.method == "get" else {403}) if member == "nobody" else {404}


# An address that takes POST alone has one row with method="post" (ok: what an empty form gives, e.g. (302, 400, 409)).
DOORS = [
    Door("set_language", EVERYONE, method="post", ok=(302,)),
    Door("home", EVERYONE),
    Door("agency", SEES, agency),
    Door("year", SEES, year),
]
# Rows of each room stand in tests/site/<room>_doors.py as ``DOORS``.
for _file in sorted(Path(__file__).parent.glob("*_doors.py")):
    if not _file.name.startswith("test_"):
        DOORS += import_module(_file.stem).DOORS
