"""Doors of an agency's units and data, and of all agencies."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import DRAFTS, Door, agency
from people_doors import DONE, MANAGES, SYSTEM


def unit(cast: Cast) -> tuple[Any, ...]:
    return ("muang", cast.units[0].pk)


DOORS = [
    Door("units", DRAFTS | MANAGES, agency),
    Door("unit_add", MANAGES, agency),
    Door("unit", MANAGES, unit),
    Door("unit_move", MANAGES, unit, "post", DONE),
    Door("unit_retire", MANAGES, unit, "post", DONE),
    Door("agency_data", MANAGES, agency),
    Door("system_agencies", SYSTEM),
    Door("system_agency_add", SYSTEM),
]
