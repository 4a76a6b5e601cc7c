"""The reference page of all commands, made from the commands themselves (``docs/cli.md``)."""

from __future__ import annotations

import io
from collections.abc import Iterator

from cyclopts import App
from rich.console import Console

from prongsai.cli.app import build
from prongsai.cli.front_page import page

_HEAD = """# คำสั่งทั้งหมด (command line)

หน้านี้สร้างจากคำสั่งเองด้วย `make docs` โปรดไม่แก้ไขด้วยมือ
(This page is made from the commands by `make docs`; do not edit it.)

- ทุกคำสั่งที่มี `--json` พิมพ์ JSON รูปแบบเดียวที่คงที่ หากผิดพลาดพิมพ์ `{"errors": [...]}` ซึ่งแต่ละรายการมี
  `code`, `where`, `message_th`, `message_en`, `next_th`
  (every command with `--json` prints one stable shape; on failure `{"errors": [...]}` with these five keys).
- `score` หลายไฟล์หรือโฟลเดอร์พิมพ์ `{"results": [...], "errors": [...]}` ไฟล์ที่เสียไม่หยุดไฟล์อื่น แต่สถานะเมื่อจบเป็น 2
  (`score` on several files or a folder; one bad file does not stop the others, the exit status is then 2).
- สถานะ 1 มาจาก `score` เมื่อตัวเลขขัดกัน และจาก `plan check`, `progress check` เมื่อมีสิ่งที่ต้องแก้ไข คำสั่งอื่นแจ้งเป็นหมายเหตุ
  (status 1 comes from `score` where numbers disagree and from the two `check` commands; others say it in a note).
- คำสั่งที่เขียนไฟล์ไม่เขียนทับไฟล์ที่มีอยู่ เว้นแต่ระบุ `--force` และเขียนทั้งไฟล์หรือไม่เขียนเลย
  (no command replaces an existing file without `--force`; a file is written whole or not at all).
- โปร่งใสเคารพ `NO_COLOR` และไม่ตัดข้อความเมื่อส่งออกไปยังไฟล์หรือโปรแกรมอื่น
  (`NO_COLOR` is respected and piped text is never cut). `PRONGSAI_DEBUG=1` แสดงรายละเอียดเมื่อโปรแกรมขัดข้อง
  (shows the traceback of a fault).
"""


def commands(app: App, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], App]]:
    """Every command with its path, in the order of the help page."""
    for name, command in app.resolved_commands().items():
        if not name.startswith("-"):
            yield (*path, name), command
            yield from commands(command, (*path, name))


def reference() -> str:
    """The text of the page."""
    app = build()
    parts = [_HEAD, f"## prongsai\n\n```text\n{page()}\n```\n"]
    for path, _ in commands(app):
        parts.append(f"## {' '.join(('prongsai', *path))}\n\n```text\n{_help(app, path)}\n```\n")
    return "\n".join(parts)


def _help(app: App, path: tuple[str, ...]) -> str:
    out = io.StringIO()
    app.help_print(list(path), console=Console(file=out, width=10_000, color_system=None))
    return "\n".join(line.rstrip() for line in out.getvalue().strip().splitlines())
