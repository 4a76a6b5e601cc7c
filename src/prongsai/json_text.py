"""JSON from outside: what cannot be read is a ``ValueError``, whatever the reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any


def read_json(text: str | bytes, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """What the text says; ``parse_constant`` is asked for NaN and the infinities.

    Raises ``ValueError`` for what is no JSON, and for what nests deeper than can be read: some thousand brackets are
    enough for that, so it must be as ordinary a fault as any.
    """
    try:
        return json.loads(text, parse_constant=parse_constant)
    except RecursionError as error:
        raise ValueError("it nests too deep") from error
