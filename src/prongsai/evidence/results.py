"""Results of links, how they are kept so that a run can go on where it stopped, and last year's for comparison."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from prongsai.errors import InputError, Problem
from prongsai.evidence.finding import SEVERITIES, Finding, Severity
from prongsai.evidence.links import Link
from prongsai.json_text import read_json

_FORM = "prongsai-oit-check-1"


@dataclass(frozen=True)
class Result:
    """What was seen of one link, without its body. ``sha256``: of the whole body, None where it was not read.

    ``copy``: the manifest of its preserved copy, where copies are kept.
    """

    link: Link
    at: dt.datetime
    status: int | None
    final_url: str
    sha256: str | None
    findings: tuple[Finding, ...]
    copy: str | None = None

    @property
    def severity(self) -> Severity:
        """The worst of the findings."""
        return max((one.severity for one in self.findings), key=SEVERITIES.index, default="unknown")

    def as_json(self) -> dict[str, Any]:
        """The stable shape for programs."""
        return {
            "line": self.link.line,
            "item": self.link.item,
            "url": self.link.url,
            "effective_date": self.link.effective.isoformat() if self.link.effective else None,
            "note": self.link.note,
            "checked_at": self.at.isoformat(timespec="seconds"),
            "status": self.status,
            "final_url": self.final_url,
            "sha256": self.sha256,
            "copy": self.copy,
            "severity": self.severity,
            "findings": [finding.as_json() for finding in self.findings],
        }


Key = tuple[str, str, dt.date | None]


def key_of(link: Link) -> Key:
    """What makes a link the same link in another run."""
    return link.item, link.url, link.effective


class Kept:
    """A file that keeps every result as soon as it is known: a line of settings, then one line per result.

    A last line that was cut off by a sudden end is dropped. Use as a context manager.
    """

    def __init__(self, path: Path, settings: Mapping[str, object]) -> None:
        """Raises ``InputError`` where the file is no such file or belongs to other settings."""
        self.done: dict[Key, Result] = {}
        self.began = dt.datetime.now(dt.UTC)  # of the first of the runs that the file keeps
        self._path = path
        try:
            raw = path.read_bytes() if path.exists() else b""
            whole = raw[: raw.rfind(b"\n") + 1]
            if not whole and raw and not raw.startswith(b'{"form"'):
                raise self._refused("not such a file", "ไฟล์นี้ไม่ใช่ไฟล์ที่เก็บผลการตรวจ")
            if whole:
                self._read(whole, settings)
            self._file: IO[bytes] = path.open("r+b" if path.exists() else "w+b")
        except OSError as error:
            raise self._refused(f"cannot open: {error.strerror}", "เปิดหรือเขียนไฟล์ไม่ได้") from error
        self._file.truncate(len(whole))
        self._file.seek(len(whole))
        if not whole:
            self._write([{"form": _FORM, "settings": dict(settings), "began": self.began.isoformat()}])

    def __enter__(self) -> Kept:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, results: Sequence[Result]) -> None:
        """Keep results; on return they survive a sudden end of the program."""
        self.done.update((key_of(result.link), result) for result in results)
        self._write([result.as_json() for result in results])

    def _write(self, lines: Sequence[object]) -> None:
        self._file.write("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode())
        self._file.flush()

    def _read(self, whole: bytes, settings: Mapping[str, object]) -> None:
        try:
            head, *lines = [read_json(line) for line in whole.decode().splitlines()]
            if head["form"] != _FORM:
                raise ValueError(head["form"])
            results = [_result(line) for line in lines]
            self.began = dt.datetime.fromisoformat(head["began"]) if "began" in head else self.began
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._refused(f"not such a file: {error!r}"[:200], "ไฟล์นี้ไม่ใช่ไฟล์ที่เก็บผลการตรวจ") from error
        if head.get("settings") != dict(settings):
            raise self._refused(
                f"kept for other settings: {head.get('settings')}", "ไฟล์นี้เก็บผลของการตรวจที่ใช้ตัวเลือกต่างจากครั้งนี้"
            )
        self.done = {key_of(result.link): result for result in results}

    def _refused(self, en: str, th: str) -> InputError:
        return InputError(Problem("resume.refused", str(self._path), th, en, "โปรดระบุไฟล์อื่นใน --resume หรือลบไฟล์นี้"))


def _result(data: Mapping[str, Any]) -> Result:
    day = data["effective_date"]
    link = Link(data["line"], data["item"], data["url"], dt.date.fromisoformat(day) if day else None, data["note"])
    findings = tuple(Finding(one["code"], one["severity"], one["th"], one["en"]) for one in data["findings"])
    if not {one.severity for one in findings} <= set(SEVERITIES):
        raise ValueError("severity")
    at = dt.datetime.fromisoformat(data["checked_at"])
    return Result(link, at, data["status"], data["final_url"], data["sha256"], findings, data.get("copy"))


def previous_hashes(path: Path) -> dict[str, tuple[str, ...]]:
    """SHA-256 → items, of the results that ``prongsai oit check --json`` printed for another year.

    Raises ``InputError`` for a file that is none.
    """
    found: dict[str, list[str]] = defaultdict(list)
    try:
        for link in read_json(path.read_text(encoding="utf-8-sig"))["links"]:
            if link["sha256"] and str(link["item"]) not in found[link["sha256"]]:
                found[link["sha256"]].append(str(link["item"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            Problem(
                "previous.unreadable",
                str(path),
                "อ่านผลการตรวจของปีก่อนไม่ได้",
                f"not the results of prongsai oit check --json: {error!r}"[:200],
                "โปรดระบุไฟล์ที่ได้จาก prongsai oit check … --json > ไฟล์",
            )
        ) from error
    return {digest: tuple(items) for digest, items in found.items()}
