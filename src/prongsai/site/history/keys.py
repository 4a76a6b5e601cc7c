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
)
from django.conf import settings

from prongsai.disk import write_once
from prongsai.errors import unreadable
from prongsai.ledger.keys import no_key, read_keys


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
        raise (unreadable(path, error) if isinstance(error, OSError) else no_key(path)) from error
    if not isinstance(found, Ed25519PrivateKey):
        raise no_key(path)
    _remember(found.public_key())
    return found


def begun_elsewhere() -> bool:
    """Whether this process has no key and never had one: a history that is there was sealed by another (the site's)."""
    return not settings.LEDGER_KEY.exists() and not settings.LEDGER_KEYS.exists()


def known_keys() -> tuple[Ed25519PublicKey, ...]:
    """The public halves of every key this installation ever sealed with."""
    path: Path = settings.LEDGER_KEYS
    return read_keys(path) if path.exists() else ()


def public_pem() -> str:
    """The public halves of every key there was, as text to give away; empty before the first."""
    path: Path = settings.LEDGER_KEYS
    return path.read_text(encoding="ascii") if path.exists() else ""


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
