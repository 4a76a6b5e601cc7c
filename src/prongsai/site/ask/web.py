"""A request and a page as WSGI has them. Django's own objects would be half of what an answer costs here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """What a respondent's browser asks for; ``environ`` is WSGI's."""

    environ: Mapping[str, Any]

    @property
    def method(self) -> str:
        """In capitals."""
        return str(self.environ["REQUEST_METHOD"])

    @property
    def path(self) -> str:
        """Without the query, which nothing here reads."""
        return str(self.environ.get("PATH_INFO", ""))

    def header(self, name: str) -> str:
        """A CGI variable; empty where it is missing."""
        return str(self.environ.get(name, ""))

    def read(self, most: int) -> bytes:
        """The body, as far as its length is given, at most so many bytes. Raises ``OSError`` where it does not come."""
        return bytes(self.environ["wsgi.input"].read(min(most, int(self.header("CONTENT_LENGTH") or 0))))


@dataclass
class Page:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
