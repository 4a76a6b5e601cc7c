"""One-time passwords that administrators hand out: read aloud on the telephone without confusion."""

from __future__ import annotations

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike (i l 1, o 0)
_GROUPS, _EACH = 4, 4


def one_time_password() -> str:
    """Sixteen random letters and digits (79 bits) in groups of four."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_EACH)) for _ in range(_GROUPS))
