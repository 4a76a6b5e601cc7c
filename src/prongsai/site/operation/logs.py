"""What is written to the log: when, how bad, where in the code, and never who, which or what.

One line has the number of an account: where it met closed or missing pages again and again (``people/denied.py``).
An error's own words may quote a row, a form or a path, so only its type and the places in the code are written, with an
id. Text that other libraries put into a message is left out; numbers stay. What is left passes ``redacted``, the last
net. Our own messages are written for the log: names, codes and addresses of people do not belong into them.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Mapping
from functools import cache
from http.client import responses
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from prongsai.site.env import environment

OUT = "…"  # in the place of what was left out
_OURS = "prongsai"
_PHRASES = frozenset(responses.values())  # "Not Found" and the like
_SHORTEST = 6  # characters of a secret that is looked for; anything would contain a shorter one
_DIGIT = "[0-9๐-๙]"
_CODE = "[2-9ACEFHJKMNPRTWXYBGSZacefhjkmnprtwxybgsz]"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<=://)[^/\s@]+(?=@)",  # user and password of an address
        r"(?i)(?<=bearer )\S+",
        r"/a/[^\s\"']*",  # the respondents' addresses
        r"(?<=\?)[^\s\"']+=[^\s\"']*",  # a query
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        rf"(?<!{_DIGIT}){_DIGIT}(?:[ -]?{_DIGIT}){{12}}(?!{_DIGIT})",  # citizen id
        rf"(?<![{_DIGIT[1:-1]}.:-])[0๐](?:[ -]?{_DIGIT}){{8,9}}(?!{_DIGIT})",  # telephone
        rf"\b{_CODE}{{4}}[- ]?{_CODE}{{4}}[- ]?{_CODE}{{4}}\b",  # one-time code
        r"\b(?:[0-9A-Fa-f]{4}-){3,}[0-9A-Za-z]{2,6}\b",  # receipt
        r"(?<![\d.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])",
        r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{0,4}(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:)+:[0-9a-f:]*[0-9a-f]",
        r"[A-Za-z0-9_=+-]{32,}",  # a key, a session, a signature
    )
)

# In what others write without arguments: quotations, and what is no English.
_FOREIGN = re.compile(r"'[^']*'|\"[^\"]*\"|[^\x00-\x7f]+")


def redacted(text: str) -> str:
    """The text without secrets of this installation and without what looks like a person's or a respondent's."""
    for secret in _secrets():
        text = text.replace(secret, OUT)
    for pattern in _PATTERNS:
        text = pattern.sub(OUT, text)
    return text


@cache
def _secrets() -> tuple[str, ...]:
    """Every secret in the settings, the longest first."""
    from django.conf import settings

    given = environment()
    addresses = (urlsplit(one) for one in (given.database_url or "", given.email_url))
    found = [settings.SECRET_KEY, given.metrics_token, *(p.secret for p in given.oidc)]
    found += [unquote(one.password) for one in addresses if one.password]
    return tuple(sorted({one for one in found if one and len(one) >= _SHORTEST}, key=len, reverse=True))


def told_with(config: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The configuration with more loggers, of a server that would write by itself; theirs from INFO on."""
    more = {name: {"handlers": [], "propagate": True, "level": "INFO"} for name in names}
    return {**config, "loggers": {**config["loggers"], **more}}


class Told(logging.Formatter):
    """One record as a line for people or as one JSON object. ``style``: ``text`` or ``json``."""

    def __init__(self, style: Literal["text", "json"] = "text") -> None:
        super().__init__()
        self.kind = style

    def format(self, record: logging.LogRecord) -> str:
        """Never raises for a record: one that cannot be told is told as its place in the code."""
        try:
            told = _told(record)
        except Exception as error:
            told = _head(record) | {"message": f"a message that cannot be written ({type(error).__name__})"}
        if self.kind == "json":
            return json.dumps(told, ensure_ascii=False)
        more = " ".join(f"{name}={told[name]}" for name in ("route", "status", "error", "at", "id") if name in told)
        return f"{told['time']} {told['level']} {told['logger']}: {told['message']} {more}".rstrip()


def _head(record: logging.LogRecord) -> dict[str, Any]:
    moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
    return {"time": f"{moment}.{int(record.msecs):03}Z", "level": record.levelname, "logger": record.name}


def _told(record: logging.LogRecord) -> dict[str, Any]:
    told = _head(record) | {"message": redacted(_message(record))}
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    if match is not None:
        told["route"] = f"/{match.route}"  # its pattern, with no agency or code in it
    if isinstance(status := getattr(record, "status_code", None), int):
        told["status"] = status
    if record.exc_info and record.exc_info[1]:
        _, error, trace = record.exc_info
        told |= {"error": _types(error), "at": _places(trace), "id": secrets.token_hex(4)}
    return told


def _message(record: logging.LogRecord) -> str:
    """The message; of others' loggers with their texts left out. A traceback inside a message is cut off."""
    ours = record.name.split(".")[0] == _OURS
    message = str(record.msg)
    words = str(record.exc_info[1]) if record.exc_info else ""
    if words:  # before anything else is cut out of them, or they would not be known again
        message = message.replace(words, OUT)
    if not ours:
        message = _FOREIGN.sub(OUT, message)
    if isinstance(record.args, dict):
        message = message % {key: _argument(one, ours) for key, one in record.args.items()}
    elif record.args:
        message = message % tuple(_argument(one, ours) for one in record.args)
    if words:
        message = message.replace(words, OUT)
    # One line whatever a stranger sent, who could else write lines of the log.
    return " ".join(message.partition("Traceback (most recent call last)")[0].split())


def _argument(value: object, ours: bool) -> object:
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, BaseException):
        return type(value).__name__
    return str(value) if ours or value in _PHRASES else OUT


def _types(error: BaseException) -> str:
    """The error's type and those that it came from, never their words."""
    names, seen = [], set[int]()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        names.append(type(following).__name__)
        following = following.__cause__ or following.__context__
    return " < ".join(names)


def _places(trace: TracebackType | None) -> str:
    """Where it happened, the innermost place first."""
    return " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(extract_tb(trace)))
