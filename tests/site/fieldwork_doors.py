"""Doors of field work. The cast's stranger is made a surveyor where an address is a surveyor's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from cast import Cast
from django.conf import settings
from doors import EVERYONE, Door, nothing
from field_world import assign, field_survey, make_surveyor

SURVEYORS = {"stranger"}
FIELD = {"assessor"}
DONE = (302, 400, 409)


def surveyor(cast: Cast) -> tuple[Any, ...]:
    make_surveyor(cast.stranger)
    return ()


def survey(cast: Cast) -> tuple[Any, ...]:
    settings.KEYS = Path(tempfile.mkdtemp(prefix="keys-", dir=settings.DATA))
    found = field_survey(cast)
    assign(cast, found)
    return ("muang", found.assessment.round.slug, found.container)


def screen(_cast: Cast) -> tuple[Any, ...]:
    return ("th",)


def size(_cast: Cast) -> tuple[Any, ...]:
    return (192,)


DOORS = [
    Door("field", SURVEYORS, surveyor),
    Door("field_bundle", SURVEYORS, surveyor),
    Door("field_sync", SURVEYORS, surveyor, "post", (400,)),
    Door("field_app", EVERYONE, screen),
    Door("field_manifest", EVERYONE, screen),
    Door("field_worker", EVERYONE),
    Door("field_icon", EVERYONE, size),
    Door("fieldwork", FIELD, nothing),
    Door("fieldwork_survey", FIELD, survey),
    *(Door(f"fieldwork_{name}", FIELD, survey, "post", DONE) for name in ("assign", "move", "decide")),
]
