"""JSON as it leaves the API: compact, Thai as Thai."""

from __future__ import annotations

import json
from typing import Any


def rendered(data: Any) -> bytes:
    """The bytes of plain data. Raises ``ValueError`` for a float that is no number, ``TypeError`` for other things."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
