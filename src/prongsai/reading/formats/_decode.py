"""Bytes as text, and the errors that formats share."""

from __future__ import annotations

import codecs

from prongsai.errors import InputError, Problem

SLIPS = 0.01  # of the characters: more that fit nowhere, and the file is something else


def refuse(code: str, where: str, th: str, en: str, next_th: str) -> InputError:
    """The error for a file that cannot be read."""
    return InputError(Problem(f"reading.{code}", where, th, en, next_th))


def decoded(data: bytes, name: str) -> str:
    """Text from UTF-8, UTF-16 with its mark, or the Thai Windows code page (cp874, TIS-620).

    A few bytes that fit nowhere are shown as U+FFFD: a slip in one place does not make a text unreadable.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    if data.count(b"\0") > len(data) * SLIPS:
        raise _not_text(name)
    best = ""
    for encoding in ("utf-8-sig", "cp874"):
        best = data.decode(encoding, "replace")
        if best.count("\ufffd") <= len(best) * SLIPS:
            return best.replace("\0", "")
    raise _not_text(name)


def _not_text(name: str) -> InputError:
    return refuse(
        "not_text",
        name,
        "ไฟล์ไม่ใช่ข้อความ หรือใช้รหัสอักขระที่ไม่รู้จัก",
        "not a text file, or in an unknown character encoding (expected UTF-8)",
        "โปรดบันทึกไฟล์เป็นข้อความแบบ UTF-8 แล้วลองใหม่",
    )
