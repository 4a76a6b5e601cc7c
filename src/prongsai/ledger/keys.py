"""Public keys from a file: whom a verification trusts."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from prongsai.errors import InputError, Problem, unreadable

_END = "-----END PUBLIC KEY-----"


def read_keys(path: Path) -> tuple[Ed25519PublicKey, ...]:
    """All public keys of a PEM file. Raises ``InputError`` where there is none, or another kind."""
    try:
        text = path.read_text(encoding="ascii")
        parts = [part + _END for part in text.split(_END)[:-1]]
        found = [load_pem_public_key(part.strip().encode()) for part in parts]
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise no_key(path) from error
    keys = tuple(key for key in found if isinstance(key, Ed25519PublicKey))
    if not keys or len(keys) != len(found):
        raise no_key(path)
    return keys


def no_key(path: Path) -> InputError:
    """A file that should hold keys and does not."""
    return InputError(
        Problem(
            "ledger.key",
            str(path),
            "ไม่ใช่กุญแจ Ed25519 ในรูปแบบ PEM",
            "no Ed25519 key in PEM form",
            "ตรวจ PRONGSAI_LEDGER_KEY หรือระบุไฟล์กุญแจสาธารณะด้วย --key",
        )
    )
