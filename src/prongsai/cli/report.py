"""``prongsai report``: the official documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from prongsai.cli.analyze import tell_disagreements
from prongsai.cli.files import check_target, write
from prongsai.cli.main import FINE
from prongsai.cli.options import (
    DEFAULT_THRESHOLD,
    Assume,
    Force,
    IndicatorThreshold,
    ItemThreshold,
    Output,
    Previous,
    ResultsPath,
    sheet_of,
    thresholds,
)
from prongsai.cli.output import say
from prongsai.documents.build import build
from prongsai.documents.errors import DocumentError
from prongsai.documents.letter_file import read_letter
from prongsai.documents.registry import module, names
from prongsai.documents.request import Digits, Letter, Request
from prongsai.documents.required import Missing, required_elements
from prongsai.documents.writers import WriteOptions, formats
from prongsai.documents.writers import write as write_document
from prongsai.errors import InputError, Problem, unreadable
from prongsai.improvement.files import read_plan, read_progress
from prongsai.improvement.model import Plan, Progress

_PICTURES = {b"\x89PNG\r\n\x1a\n": "PNG", b"\xff\xd8\xff": "JPEG"}
_MAX_PICTURE = 10_000_000
_MARKS = {"error": "✗", "warning": "!", "note": "–"}
_KINDS, _LAYOUTS, _FORMATS = (" | ".join(found) for found in (names("kinds"), names("layouts"), formats()))


def report(
    file: ResultsPath,
    /,
    *,
    kind: Annotated[str, Parameter(name="--kind", help=f"ชนิดเอกสาร (kind): {_KINDS}")],
    output: Output,
    format: Annotated[
        str | None, Parameter(name="--format", help=f"ชนิดไฟล์ ปกติตามนามสกุลของ -o (format): {_FORMATS}")
    ] = None,
    layout: Annotated[
        str | None,
        Parameter(name="--layout", help=f"รูปแบบ ปกติตามข้อ OIT ที่ใช้เผยแพร่ (layout): {_LAYOUTS}"),
    ] = None,
    plan: Annotated[Path | None, Parameter(name="--plan", help="ไฟล์แผน (plan file)")] = None,
    progress: Annotated[Path | None, Parameter(name="--progress", help="ไฟล์รายงานผล (progress file)")] = None,
    previous: Previous = None,
    digits: Annotated[Digits, Parameter(name="--digits", help="เลขไทยหรือเลขอารบิก (digits)")] = "arabic",
    hide: Annotated[
        list[Literal["budget", "success"]],
        Parameter(name="--hide", help="ไม่แสดงงบประมาณหรือตัวชี้วัดความสำเร็จในแผน (leave out of the document)"),
    ] = [],  # noqa: B006 - only read
    template: Annotated[
        Path | None, Parameter(name="--template", help="แม่แบบ Word ของหน่วยงาน ไม่มีมาโคร (agency's .docx/.dotx)")
    ] = None,
    emblem: Annotated[Path | None, Parameter(name="--emblem", help="ภาพครุฑหรือตรา PNG/JPEG (emblem)")] = None,
    memo: Annotated[
        Path | None, Parameter(name="--memo", help="ไฟล์ YAML ของช่องในหนังสือ เช่น ผู้เสนอ เลขที่ (letter fields)")
    ] = None,
    indicator_threshold: IndicatorThreshold = DEFAULT_THRESHOLD,
    item_threshold: ItemThreshold = DEFAULT_THRESHOLD,
    assume: Assume = None,
    force: Force = False,
) -> int:
    """เขียนเอกสารทางการจากผล แผน และรายงานผล (write an official document).

    ไม่เขียนทับไฟล์ที่มีอยู่ เว้นแต่ระบุ --force
    """
    check_target(output, force)
    module("kinds", kind)
    if layout:
        module("layouts", layout)
    wanted = _format(format, output)
    reported = read_progress(progress) if progress else None
    request = Request(
        kind=kind,
        sheet=sheet_of(file, assume),
        layout=layout,
        plan=_plan(plan, reported),
        progress=reported,
        previous=sheet_of(previous) if previous else None,
        thresholds=thresholds(indicator_threshold, item_threshold),
        digits=digits,
        letter=read_letter(memo) if memo else Letter(),
        emblem=_picture(emblem) if emblem else None,
        budget="budget" not in hide,
        success_indicators="success" not in hide,
        pictures=_pictures(reported, progress.parent) if reported and progress else {},
    )
    try:
        options = WriteOptions(
            template=_bytes(template) if template else None,
            template_name=template.name if template else "template.docx",
        )
        document = build(request)
        lacking = required_elements(request, document)
        content = write_document(document, wanted, options)
    except DocumentError as error:
        raise InputError(
            Problem(
                "report.refused",
                error.where,
                error.message_th,
                error.message_en,
                "โปรดแก้ไขไฟล์ที่ระบุ แล้วสั่งใหม่อีกครั้ง",
            )
        ) from error
    write(output, content, force)
    say(f"✓ เขียน {output} แล้ว ({len(content) / 1024:,.0f} กิโลไบต์)")
    _tell_lacking(lacking)
    tell_disagreements(request.sheet)
    return FINE


def _format(given: str | None, output: Path) -> str:
    name = (given or output.suffix.removeprefix(".")).lower()
    if name in formats():
        return name
    raise InputError(
        Problem(
            "report.format",
            f"--format {given}" if given else f"-o {output}",
            f"ไม่รู้จักชนิดไฟล์ “{name}”" if name else "ยังไม่ได้ระบุชนิดไฟล์",
            f"unknown format; expected one of {', '.join(formats())}",
            f"โปรดเลือกจาก {', '.join(formats())}",
        )
    )


def _plan(plan: Path | None, progress: Progress | None) -> Plan | None:
    """The plan given, else the one that the progress report carries."""
    if plan:
        return read_plan(plan)
    return progress.plan if progress else None


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from error


def _picture(path: Path) -> bytes:
    data = _bytes(path)
    if len(data) > _MAX_PICTURE or not any(data.startswith(head) for head in _PICTURES):
        raise InputError(
            Problem(
                "picture.kind",
                str(path),
                "ไม่ใช่ภาพ PNG หรือ JPEG หรือใหญ่เกิน 10 เมกะไบต์",
                "expected a PNG or JPEG picture of at most 10 MB",
                "โปรดบันทึกภาพใหม่เป็น PNG หรือ JPEG",
            )
        )
    return data


def _pictures(progress: Progress, folder: Path) -> dict[str, bytes]:
    """The pictures that a progress report names, which must lie in its own folder or below."""
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    paths = [one.path for entry in progress.measures for one in entry.proof if one.kind == "picture" and one.path]
    for name in paths:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            problems.append(
                Problem(
                    "picture.outside",
                    name,
                    "ภาพต้องอยู่ในโฟลเดอร์เดียวกับไฟล์รายงานผล",
                    "a picture must lie beside or below the progress file",
                    "โปรดคัดลอกภาพมาไว้ในโฟลเดอร์ของไฟล์รายงานผล",
                )
            )
            continue
        try:
            found[name] = _picture(path)
        except InputError as error:
            problems.extend(error.problems)
    if problems:
        raise InputError(problems)
    return found


def _tell_lacking(lacking: list[Missing]) -> None:
    """One line per kind of lack: the first in full, how many more there are of it."""
    kinds: dict[str, list[Missing]] = {}
    for missing in lacking:
        kinds.setdefault(missing.code, []).append(missing)
    for found in kinds.values():
        more = f" (และอีก {len(found) - 1} รายการเช่นเดียวกัน)" if len(found) > 1 else ""
        say(f"{_MARKS[found[0].severity]} {found[0].th}{more}")
