"""The key that seals the history, in a file outside the database; the public halves of all that came before beside it.

Whoever administers the database cannot make its history anew without the file. ``PRONGSAI_LEDGER_KEY`` moves it.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from prongsai.disk import write_once
from prongsai.errors import InputError, Problem, unreadable

_END = "-----END PUBLIC KEY-----"


def signing_key() -> Ed25519PrivateKey:
    """The key that seals the chain, made where there is none. Its public half is kept with all that came before it.

    Raises ``InputError`` for a file that holds no Ed25519 key.
    """
    path: Path = settings.LEDGER_KEY
    try:
        found = load_pem_private_key(path.read_bytes(), None)
    except FileNotFoundError:
        return _made(path)
    except (OSError, ValueError, TypeError) as error:
        raise (unreadable(path, error) if isinstance(error, OSError) else _no_key(path)) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise _no_key(path)
    _remember(found.public_key())
    return found


def known_keys() -> tuple[Ed25519PublicKey, ...]:
    """The public halves of every key this installation ever sealed with."""
    path: Path = settings.LEDGER_KEYS
    return read_keys(path) if path.exists() else ()


def read_keys(path: Path) -> tuple[Ed25519PublicKey, ...]:
    """All public keys of a PEM file. Raises ``InputError`` where there is none, or another kind."""
    try:
        text = path.read_text(encoding="ascii")
        parts = [part + _END for part in text.split(_END)[:-1]]
        found = [load_pem_public_key(part.strip().encode()) for part in parts]
    except OSError as error:
        raise unreadable(path, error) from error
    except ValueError as error:
        raise _no_key(path) from error
    keys = tuple(key for key in found if isinstance(key, Ed25519PublicKey))
    if not keys or len(keys) != len(found):
        raise _no_key(path)
    return keys


def _made(path: Path) -> Ed25519PrivateKey:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_once(path, pem, 0o600)
    return signing_key()


def _remember(key: Ed25519PublicKey) -> None:
    path: Path = settings.LEDGER_KEYS
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if not path.exists() or pem.strip() not in path.read_text(encoding="ascii"):
        with path.open("a", encoding="ascii") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())


def _no_key(path: Path) -> InputError:
    return InputError(
        Problem(
            "ledger.key",
            str(path),
            "ไม่ใช่กุญแจ Ed25519 ในรูปแบบ PEM",
            "no Ed25519 key in PEM form",
            "ตรวจ PRONGSAI_LEDGER_KEY หรือระบุไฟล์กุญแจสาธารณะด้วย --key",
        )
    )
