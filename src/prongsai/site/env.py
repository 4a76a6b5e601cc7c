"""What an operator may set, read from the environment and refused when it is not understood.

Every variable is listed in ``docs/settings.md`` (a test compares). Secrets may come from files: a variable that
ends in ``_FILE`` names the file that holds the value.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "PRONGSAI_"
# Variables of other rooms and of the tests that share the prefix.
ELSEWHERE = {"PRONGSAI_CACHE", "PRONGSAI_CASES", "PRONGSAI_FULL", "PRONGSAI_NEED_ALL"}


class Provider(BaseModel, frozen=True, extra="forbid"):
    """An OpenID Connect provider. Its people are known here by ``id:value``, the value being that of ``claim``."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: str
    client_id: str
    secret: str = ""
    server_url: str = Field(pattern=r"^https?://")
    claim: str = "preferred_username"


class Environment(BaseSettings):
    """The site's settings. Names in the environment carry the prefix ``PRONGSAI_``, but for ``DATABASE_URL``."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    data: Path = Field(Path("build/site"), description="Folder of database, uploads and collected static files.")
    keys: Path | None = Field(
        None, description="Folder of survey keys, outside every backup; `<data>-keys` beside the data folder if unset."
    )
    ledger_key: Path | None = Field(
        None, description="Ed25519 key (PEM) that seals the history; made and kept in the data folder if unset."
    )
    secret_key: str | None = Field(
        None, description="Signs sessions and forms; made and kept in the data folder if unset."
    )
    hosts: list[str] = Field(
        ["localhost", "127.0.0.1", "[::1]"], description="Host names that are answered (JSON list)."
    )
    address: str = Field("http://localhost:8000", description="Address people type; links in e-mails begin with it.")
    https: bool = Field(False, description="Served over HTTPS: cookies only there, HSTS on.")
    debug: bool = Field(False, description="Django's debug pages; never where others can reach the site.")
    email_url: str = Field("console:", description="`console:`, `smtp://user:password@host:port` or `smtp+tls://…`.")
    email_from: str = Field("prongsai@localhost", description="Sender of reminders.")
    oidc: list[Provider] = Field(
        [], description="OpenID Connect providers (JSON list of id, name, client_id, secret, server_url, claim)."
    )
    signing_roots: Path | None = Field(
        None, description="PEM file with the root certificates against which signed PDFs are valid."
    )
    timestamp_url: str = Field(
        "", description="RFC 3161 authority that stamps preserved copies of evidence; none if unset."
    )
    timestamp_roots: Path | None = Field(None, description="PEM file with the roots that its certificate must lead to.")
    pictures: bool = Field(True, description="Take a picture of each preserved page, where Chromium is installed.")
    upload_limit_mb: int = Field(20, ge=1, description="Largest file that is accepted, in MB.")
    database_url: str | None = Field(
        None, validation_alias="DATABASE_URL", description="`postgres://…`; SQLite in the data folder if unset."
    )


@cache
def environment() -> Environment:
    """The settings in force.

    Raises ``SystemExit`` that names every variable which is unknown or cannot be read.
    """
    _from_files()
    known = {PREFIX + name.upper() for name in Environment.model_fields} | ELSEWHERE
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        raise SystemExit(f"unknown settings: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    try:
        return Environment()
    except ValidationError as error:
        lines = [f"{_where(e['loc'])}: {e['msg']}" for e in error.errors()]
        raise SystemExit("settings that cannot be read:\n" + "\n".join(lines)) from error


def _where(path: tuple[int | str, ...]) -> str:
    """``PRONGSAI_OIDC 0 client_id``: the variable, then the way to the value inside it."""
    return " ".join([PREFIX + str(path[0]).upper(), *(str(part) for part in path[1:])])


def _from_files() -> None:
    for name in [n for n in os.environ if n.startswith(PREFIX) and n.endswith("_FILE")]:
        os.environ[name.removesuffix("_FILE")] = Path(os.environ.pop(name)).read_text(encoding="utf-8").strip()
