"""Columns that other tools add: who, when, where from. They are recognised by their heading and never read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from prongsai.yaml_file import read

TOOL = "tool"
_LONGEST = 40  # a question about telephones is longer than a heading


@cache
def kinds() -> dict[str, Any]:
    """What such columns may hold: ``th``, ``headings`` and ``within``, by kind (``personal.yaml``)."""
    return dict(read(Path(__file__).with_name("personal.yaml")).data)


def kind_of(header: str) -> str | None:
    """What personal or technical thing a column holds (a key of ``kinds``); None where its heading does not tell."""
    for text in (header, header.rpartition("/")[2]):
        plain = re.sub(r"[\s_\-./()*:]+", "", text).lower()
        for kind, known in kinds().items():
            if plain in known["headings"]:
                return kind
    if len(header) > _LONGEST:
        return None
    return next(
        (
            kind
            for kind, known in kinds().items()
            for pattern in known.get("within", ())
            if re.search(pattern, header, re.IGNORECASE)
        ),
        None,
    )
