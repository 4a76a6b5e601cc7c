"""What was kept of one retrieval: a small text that names the parts by their SHA-256 and says what is missing."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from prongsai.json_text import read_json

_FORM = "prongsai-copy-1"


@dataclass(frozen=True)
class Note:
    """Why a part is not there or not whole. The code begins with the part: ``cut``, ``picture`` or ``timestamp``."""

    code: str
    th: str
    en: str


@dataclass(frozen=True)
class Manifest:
    """One retrieval of one URL.

    ``sha256``: of the body as far as it was read; ``whole``: that was all of it.
    ``warc``, ``body_in``, ``text``, ``timestamp`` are names in the store: the WARC file of this retrieval, the one that
    holds the body (an earlier one where it was the same), the text layer (UTF-8) and the RFC 3161 token over ``warc``.
    ``picture``: SHA-256 of the PNG in ``warc``. ``notes`` says why a part is missing or the body was cut.
    ``redirects``: (URL, status) of every answer before the last. ``failure``: code, Thai and English, as ``Failure``.
    """

    url: str
    final_url: str
    redirects: tuple[tuple[str, int], ...]
    status: int | None
    retrieved_at: dt.datetime
    headers: Mapping[str, str]
    tries: int
    certificate_until: dt.datetime | None
    failure: tuple[str, str, str] | None
    kind: str
    size: int
    sha256: str | None
    whole: bool
    warc: str
    body_in: str | None
    text: str | None
    picture: str | None = None
    timestamp: str | None = None
    notes: tuple[Note, ...] = ()

    def note(self, part: str) -> Note | None:
        """What is said of ``cut``, ``picture`` or ``timestamp``."""
        return next((note for note in self.notes if note.code.split(".")[0] == part), None)

    def as_bytes(self) -> bytes:
        """As it is kept: JSON, keys sorted."""
        times = {"retrieved_at": self.retrieved_at.isoformat(), "certificate_until": _text(self.certificate_until)}
        data = {"form": _FORM, **asdict(self), "headers": dict(self.headers), **times}
        return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def manifest_of(data: bytes) -> Manifest:
    """Read back what ``as_bytes`` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError`` for anything else."""
    found: dict[str, Any] = read_json(data)
    if found.pop("form") != _FORM:
        raise ValueError("not a manifest")
    until = found["certificate_until"]
    found["certificate_until"] = dt.datetime.fromisoformat(until) if until else None
    found["retrieved_at"] = dt.datetime.fromisoformat(found["retrieved_at"])
    found["redirects"] = tuple((str(url), int(status)) for url, status in found["redirects"])
    found["failure"] = tuple(found["failure"]) if found["failure"] else None
    found["notes"] = tuple(Note(**note) for note in found["notes"])
    return Manifest(**found)


def _text(time: dt.datetime | None) -> str | None:
    return time.isoformat() if time else None
