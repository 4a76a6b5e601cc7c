"""The console-script entry: runs a command and turns whatever happens into an exit status.

0 fine; 1 the input is readable and something is wrong in it; 2 the input cannot be used, nothing was written;
70 a fault of the program; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

from prongsai.cli.front_page import page
from prongsai.errors import Problem, ProngsaiError

FINE, WRONG, UNUSABLE, FAULT, INTERRUPTED, CLOSED_PIPE = 0, 1, 2, 70, 130, 141
_FAULT_TH = (
    "โปรแกรมขัดข้องโดยไม่คาดคิด ({name}) ข้อมูลของท่านไม่ถูกเปลี่ยนแปลง\n"
    "โปรดแจ้งผู้พัฒนาพร้อมคำสั่งที่ใช้และข้อความนี้ โดยไม่ต้องแนบข้อมูลบุคคล ดูวิธีแจ้งได้ใน CONTRIBUTING.md"
)
_FAULT_EN = (
    "Prongsai failed unexpectedly ({name}: {error}). Please report it as CONTRIBUTING.md says, with the command "
    "you ran. Set PRONGSAI_DEBUG=1 to see the traceback."
)


def run() -> None:
    """Entry point of ``prongsai``."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status. Prints; never raises."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(encoding="utf-8")
    as_json = "--json" in arguments
    try:
        status = _run(list(arguments), as_json)
        sys.stdout.flush()
    except KeyboardInterrupt:
        sys.stderr.write("\nยกเลิกแล้ว (interrupted)\n")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except Exception as error:
        if part := _missing_part(error):
            from prongsai.cli.output import print_problems

            print_problems([_not_installed(part)], as_json)
            return UNUSABLE
        return _fault(error)
    return status


def _run(arguments: list[str], as_json: bool) -> int:
    if arguments in ([], ["--help"], ["-h"]):
        sys.stdout.write(page() + "\n")
        return FINE
    from cyclopts import CycloptsError

    from prongsai.cli.app import build

    try:
        result = build()(arguments)
    except CycloptsError as error:
        from prongsai.cli.output import print_problems
        from prongsai.cli.usage import problem_of

        print_problems([problem_of(error, arguments)], as_json)
        return UNUSABLE
    except ProngsaiError as error:
        from prongsai.cli.output import print_problems

        print_problems(error.problems, as_json)
        return UNUSABLE
    return result if isinstance(result, int) else FINE


def _missing_part(error: BaseException | None) -> str | None:
    """The library that is not installed, where that is the reason."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("prongsai"):
            return error.name
        error = error.__cause__
    return None


def _not_installed(part: str) -> Problem:
    return Problem(
        "install.missing_part",
        part,
        f"ยังไม่ได้ติดตั้งส่วน {part} ที่คำสั่งนี้ต้องใช้",
        f"this command needs {part}, which is not installed",
        "โปรดติดตั้งให้ครบด้วย make install หรือ pip install 'prongsai[documents,statistics,parquet]'",
    )


def _fault(error: Exception) -> int:
    name = type(error).__name__
    if os.environ.get("PRONGSAI_DEBUG") == "1":
        traceback.print_exception(error)
    sys.stderr.write(f"{_FAULT_TH.format(name=name)}\n{_FAULT_EN.format(name=name, error=error)}\n")
    return FAULT
