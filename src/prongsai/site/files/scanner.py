"""Asking a virus scanner (ClamAV's clamd) before a file of somebody else is kept or opened.

Speaks clamd's own protocol: ``zINSTREAM``, the bytes in pieces with their lengths, one line of answer. Nothing but the
bytes is sent, no name. Where a scanner is set and does not answer, nothing is taken in: a file that was not looked at
must not look like one that was.
"""

from __future__ import annotations

import logging
import socket
import struct
import time
from contextlib import suppress

from django.conf import settings

from prongsai.errors import InputError, Problem

CONNECT, WHOLE = 5.0, 60.0  # seconds: to connect, and for everything
# The harmless file by which every scanner can be tried; in pieces, so that none takes this source for it.
EICAR = b"".join((b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$", b"EICAR-STANDARD-", b"ANTIVIRUS-TEST-", b"FILE!$H+H*"))
_PIECE = 64 * 1024
_LONGEST_ANSWER = 4096
_LOG = logging.getLogger(__name__)


class ScannerDown(Exception):
    """The scanner did not say whether the file is clean; the message is for developers."""


def require_clean(data: bytes, name: str) -> None:
    """Refuse what the scanner finds something in, and everything while it is away. Raises ``InputError``."""
    if not settings.CLAMAV:
        return
    try:
        found = scan(data, settings.CLAMAV)
    except ScannerDown as error:
        _LOG.error("upload refused: the virus scanner cannot be asked (%s)", error)
        raise InputError(
            Problem(
                "file.unscanned",
                name,
                "ระบบตรวจไวรัสขัดข้องชั่วคราว จึงยังรับไฟล์ไม่ได้",
                "the virus scanner is out of order, so no file can be taken in",
                "โปรดลองใหม่ภายหลัง หากยังไม่ได้โปรดแจ้งผู้ดูแลระบบ",
                "Try again later; if it goes on, tell the administrator.",
            )
        ) from error
    if found:
        _LOG.warning("upload refused: %s found in a file of %d bytes", found, len(data))
        raise InputError(
            Problem(
                "file.infected",
                name,
                f"พบไวรัสหรือรหัสอันตรายในไฟล์ ({found}) ระบบไม่รับและไม่เก็บไฟล์นี้",
                f"a virus or harmful code was found ({found}); the file was neither taken in nor kept",
                "โปรดตรวจเครื่องคอมพิวเตอร์ของท่านด้วยโปรแกรมป้องกันไวรัส แล้วใช้ไฟล์ที่สะอาด",
                "Check your computer with an antivirus program, then use a clean file.",
            )
        )


def scan(data: bytes, address: str) -> str:
    """The name of what was found, or an empty text where the bytes are clean. Raises ``ScannerDown``."""
    answer = _asked(address, b"zINSTREAM\0", data)
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ""
    if said.endswith(" FOUND"):
        return "".join(char for char in said.removesuffix(" FOUND") if char.isprintable())[:120]
    raise ScannerDown(f"answered {answer[:120]!r}")


def version(address: str) -> str:
    """What the scanner says it is, with the number and day of its signatures. Raises ``ScannerDown``."""
    return _asked(address, b"zVERSION\0", None)


def _asked(address: str, command: bytes, data: bytes | None) -> str:
    until = time.monotonic() + WHOLE
    try:
        with _connected(address) as line:
            line.settimeout(WHOLE)
            with suppress(BrokenPipeError, ConnectionResetError):  # it may hang up early, having said why
                line.sendall(command)
                if data is not None:
                    _send(line, data, until)
            return _answer(line, until)
    except OSError as error:
        raise ScannerDown(f"{type(error).__name__}: {error}") from error


def _connected(address: str) -> socket.socket:
    kind, _, where = address.partition(":")
    if kind == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(CONNECT)
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), CONNECT)


def _send(line: socket.socket, data: bytes, until: float) -> None:
    for at in range(0, len(data), _PIECE):
        piece = data[at : at + _PIECE]
        line.settimeout(_left(until))
        line.sendall(struct.pack("!I", len(piece)) + piece)
    line.sendall(struct.pack("!I", 0))


def _answer(line: socket.socket, until: float) -> str:
    """One line that ends in a zero byte; anything without it was cut off and says nothing."""
    found = b""
    while not found.endswith(b"\0"):
        line.settimeout(_left(until))
        piece = line.recv(_LONGEST_ANSWER)
        found += piece
        if not piece or len(found) > _LONGEST_ANSWER:
            raise ScannerDown(f"no whole answer: {found[:120]!r}")
    return found[:-1].decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError(f"no answer within {WHOLE:g} seconds")
    return left
