"""Says in Thai what was wrong with a command line."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
    ValidationError,
)

from prongsai.errors import Problem


def problem_of(error: CycloptsError, arguments: list[str]) -> Problem:
    """The command line's problem in the shape that all problems have."""
    command = " ".join(["prongsai", *(error.command_chain or [])])
    said = next((say(error) for kind, say in _SAYINGS.items() if isinstance(error, kind)), None)
    code, th, hint = said or ("command_line", "คำสั่งที่พิมพ์ไม่ถูกต้อง", "")
    error.verbose = False
    return Problem(
        f"usage.{code}", " ".join(["prongsai", *arguments]), th, str(error), f"{hint}ดูวิธีใช้ด้วย {command} --help"
    )


Saying = tuple[str, str, str]  # code, sentence, hint


def _unknown_option(error: Any) -> Saying:
    given = error.token.keyword or error.token.value
    names = [name for argument in error.argument_collection for name in argument.names]
    return "unknown_option", f"ไม่รู้จักตัวเลือก “{given}”", _near(given, names)


def _unknown_command(error: Any) -> Saying:
    given = (error.unused_tokens or [""])[0]
    names = [name for name in (error.app or ()) if not name.startswith("-")]
    return "unknown_command", f"ไม่รู้จักคำสั่ง “{given}”", _near(given, names)


def _missing(error: Any) -> Saying:
    return "missing", f"ยังไม่ได้ระบุ {error.keyword or _name(error)}", ""


def _repeated(error: Any) -> Saying:
    return "repeated", f"ระบุ {error.token.keyword or _name(error)} ซ้ำ", ""


def _unused(error: Any) -> Saying:
    return "unused", f"มีคำเกินมา: {' '.join(error.unused_tokens or [])}", ""


def _bad_value(error: Any) -> Saying:
    given = error.token.value if error.token else ""
    return "value", f"ค่า “{given}” ของ {_name(error)} ใช้ไม่ได้", _choices(error)


def _refused_value(error: Any) -> Saying:
    return "value", f"ค่าของ {_name(error)} ใช้ไม่ได้", ""


_SAYINGS: dict[type[CycloptsError], Callable[[Any], Saying]] = {
    UnknownOptionError: _unknown_option,
    UnknownCommandError: _unknown_command,
    MissingArgumentError: _missing,
    RepeatArgumentError: _repeated,
    UnusedCliTokensError: _unused,
    CoercionError: _bad_value,
    ValidationError: _refused_value,
}


def _name(error: CycloptsError) -> str:
    return error.argument.name if error.argument else "ตัวเลือก"


def _near(given: str, names: list[str]) -> str:
    near = difflib.get_close_matches(given, names, n=1, cutoff=0.6)
    return f"หมายถึง {near[0]} หรือไม่ " if near else ""


def _choices(error: CycloptsError) -> str:
    choices = error.argument.get_choices() if error.argument else None
    return f"โปรดเลือกจาก {', '.join(choices)} " if choices else ""
