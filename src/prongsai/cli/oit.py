"""``prongsai oit check``: what the links of a checklist show, before an inspector looks."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import Parameter
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from prongsai.cli.app import group
from prongsai.cli.main import FINE, WRONG
from prongsai.cli.options import Json
from prongsai.cli.output import console, heading, note, print_json, say, table
from prongsai.errors import InputError, Problem
from prongsai.evidence.apart import Reader
from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.finding import SEVERITIES
from prongsai.evidence.links import checklist_items, read_links
from prongsai.evidence.preserve.copies import Copies
from prongsai.evidence.preserve.picture import Camera
from prongsai.evidence.preserve.store import Damaged
from prongsai.evidence.results import Kept, Result, key_of, previous_hashes
from prongsai.evidence.run import Question, run
from prongsai.evidence.visit import Keeping, Tools
from prongsai.framework import Framework, for_year

app = group("oit", "หลักฐาน OIT: ตรวจลิงก์ก่อนยื่น (evidence links)")
SEVERITY_TH = {"fine": "ปกติ", "note": "หมายเหตุ", "unknown": "ต้องให้คนตรวจ", "warning": "ควรตรวจ", "error": "มีปัญหา"}
_COLOR = {"fine": "green", "note": "cyan", "unknown": "magenta", "warning": "yellow", "error": "red"}


@app.command(name="check")
def check_links(
    links: Annotated[Path, Parameter(name="LINKS", help="ตารางลิงก์ CSV: item,url,effective date,note (table of links)")],
    /,
    *,
    fiscal_year: Annotated[str, Parameter(name="--fiscal-year", help="ปีงบประมาณของการประเมิน (fiscal year)")],
    site: Annotated[
        str | None, Parameter(name="--site", help="ชื่อเว็บไซต์หลักที่ลงทะเบียนไว้ เช่น www.example.go.th (main site)")
    ] = None,
    previous: Annotated[
        Path | None, Parameter(name="--previous", help="ผลการตรวจของปีก่อนที่ได้จาก --json (last year's results)")
    ] = None,
    resume: Annotated[
        Path | None,
        Parameter(name="--resume", help="ไฟล์ที่เก็บผลไว้ระหว่างทาง เพื่อทำต่อเมื่อหยุดกลางคัน (keeps what was done)"),
    ] = None,
    preserve: Annotated[
        Path | None,
        Parameter(name="--preserve", help="โฟลเดอร์ที่เก็บสำเนาของทุกลิงก์ เป็น WARC (keeps copies of what was seen)"),
    ] = None,
    pictures: Annotated[
        bool, Parameter(name="--pictures", help="ถ่ายภาพหน้าจอของหน้าเว็บไว้ในสำเนาด้วย ใช้ Chromium (pictures of pages)")
    ] = False,
    verbose: Annotated[bool, Parameter(name="--verbose", help="แสดงสิ่งที่ปกติด้วย (also what is fine)")] = False,
    json: Json = False,
) -> int:
    """ตรวจลิงก์หลักฐาน OIT ว่าเปิดได้และมีสิ่งที่กำหนดหรือไม่ (look at evidence links).

    เป็นคำแนะนำ ไม่ใช่ผลการประเมิน สถานะเมื่อจบเป็น 1 เมื่อมีลิงก์ที่มีปัญหา (advice, never a verdict)
    """
    framework = for_year(fiscal_year)
    question = Question(framework, _host(site), previous_hashes(previous) if previous else None)
    wanted = read_links(links, framework)
    settings: dict[str, object] = {
        "framework": f"{framework.id} v{framework.version}",
        "site": question.site,
        "previous": sorted(question.previous) if question.previous is not None else None,
    }
    keeping = _keeping(preserve, pictures)
    if preserve:
        settings["preserve"] = [str(preserve.resolve()), pictures]
    with Kept(resume, settings) if resume else nullcontext() as kept:
        done = dict(kept.done) if kept else {}
        todo = [link for link in wanted if key_of(link) not in done]
        if len(todo) < len(wanted):
            note(f"ทำไว้แล้ว {len(wanted) - len(todo)} ลิงก์ ทำต่ออีก {len(todo)} ลิงก์ (resumed)")
        out = console(sys.stderr)
        columns = (TextColumn("กำลังตรวจลิงก์"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
            task = bar.add_task("", total=len(wanted), completed=len(wanted) - len(todo))

            def tell(results: Sequence[Result]) -> None:
                if kept:
                    kept.add(results)
                done.update((key_of(result.link), result) for result in results)
                bar.advance(task, len(results))

            async def work() -> None:
                with Reader() as reader:
                    async with Fetcher() as fetcher:
                        await run(todo, question, Tools(fetcher, reader, keeping), tell, kept.began if kept else None)

            try:
                asyncio.run(work())
            except OSError as error:  # a full disk, as a rule
                raise _cannot_keep(preserve, error) from error
    found = [_at(link.line, done[key_of(link)]) for link in wanted]
    if json:
        print_json(_as_json(found, framework, question.site))
    else:
        _tell(found, framework, verbose)
    return WRONG if any(result.severity == "error" for result in found) else FINE


@app.command(name="copies")
def show_copies(
    folder: Annotated[Path, Parameter(name="DIR", help="โฟลเดอร์สำเนาที่ได้จาก --preserve (copies that were kept)")],
    /,
    *,
    url: Annotated[str | None, Parameter(name="--url", help="เฉพาะลิงก์นี้ (of this link only)")] = None,
    output: Annotated[
        Path | None,
        Parameter(name=["--output", "-o"], help="โฟลเดอร์ที่จะเขียน WARC ภาพ และข้อความออกมา (where to write them)"),
    ] = None,
    json: Json = False,
) -> int:
    """แสดงและตรวจสอบสำเนาที่เก็บไว้ทุกส่วน (list and verify kept copies).

    สถานะเมื่อจบเป็น 1 เมื่อมีสำเนาที่เสียหาย (exit status 1 where a copy is damaged)
    """
    if not (folder / "store").is_dir():
        th, next_th = "ไม่พบสำเนาในโฟลเดอร์นี้", "โปรดระบุโฟลเดอร์ที่ได้จาก prongsai oit check … --preserve"
        raise InputError(Problem("copies.none", str(folder), th, "no copies in this folder", next_th))
    copies = Copies(folder)
    try:
        found = [_copy(copies, name, output) for name in (copies.names_of(url) if url else copies.names())]
    except OSError as error:
        th, next_th = "เขียนสำเนาออกมาไม่ได้", "โปรดตรวจสอบพื้นที่ว่าง หรือระบุโฟลเดอร์อื่นใน --output"
        raise InputError(
            Problem("option.output", str(output), th, f"cannot write: {error.strerror}", next_th)
        ) from error
    broken = [one for one in found if one["damaged"]]
    if json:
        print_json({"copies": found, "damaged": len(broken)})
    else:
        rows = [(one["retrieved_at"][:16], one["status"], one["size"], one["url"], one["damaged"]) for one in found]
        heads = ("เวลา (UTC)", ">รหัส", ">ไบต์", "ลิงก์", "ความเสียหาย")
        table(heads, [tuple("–" if cell is None else str(cell) for cell in row) for row in rows])
        say(f"สำเนา {len(found)} รายการ ตรวจสอบครบทุกส่วน เสียหาย {len(broken)} รายการ", "red" if broken else "green")
    return WRONG if broken else FINE


def _copy(copies: Copies, name: str, output: Path | None) -> dict[str, Any]:
    """One copy, every part read and so verified; written out where asked."""
    shown: dict[str, Any] = {"name": name, "url": "–", "retrieved_at": "–", "status": None, "size": None, "damaged": ""}
    try:
        manifest = copies.manifest(name)
        shown |= {"url": manifest.url, "retrieved_at": manifest.retrieved_at.isoformat(timespec="seconds")}
        shown |= {"status": manifest.status, "size": manifest.size, "notes": [note.en for note in manifest.notes]}
        copies.body(manifest)
        warc = copies.file(manifest)
        parts = {
            "json": manifest.as_bytes(),
            "warc.gz" if warc.startswith(b"\x1f\x8b") else "warc": warc,
            "txt": copies.text(manifest).encode(),
            "png": copies.picture(manifest),
            "tsr": copies.token(manifest),
        }
    except Damaged as error:
        return shown | {"damaged": error.problems[0].th}
    if output:
        output.mkdir(parents=True, exist_ok=True)
        for ending, data in parts.items():
            if data:
                (output / f"{name[:16]}.{ending}").write_bytes(data)
    return shown


def _keeping(folder: Path | None, pictures: bool) -> Keeping | None:
    """Where copies go. Raises ``InputError`` where nothing can be kept there."""
    if folder is None:
        if pictures:
            th, next_th = "--pictures ใช้ร่วมกับ --preserve เท่านั้น", "โปรดระบุโฟลเดอร์ด้วย --preserve"
            raise InputError(Problem("option.pictures", "--pictures", th, "--pictures needs --preserve", next_th))
        return None
    try:
        return Keeping(Copies(folder), Camera() if pictures else None)
    except OSError as error:
        raise _cannot_keep(folder, error) from error


def _cannot_keep(folder: Path | None, error: OSError) -> InputError:
    th, next_th = "เก็บสำเนาหรือผลในโฟลเดอร์นี้ไม่ได้", "โปรดตรวจสอบพื้นที่ว่าง หรือระบุโฟลเดอร์อื่นใน --preserve"
    en = f"cannot keep results or copies: {error.strerror or error}"
    return InputError(Problem("option.preserve", str(folder or error.filename or "–"), th, en, next_th))


def _at(line: int, result: Result) -> Result:
    """The result at the line where its link stands now."""
    return replace(result, link=replace(result.link, line=line))


def _host(site: str | None) -> str | None:
    """The host of a site, typed with or without ``https://``. Raises ``InputError``."""
    if site is None:
        return None
    try:
        host = httpx.URL(site if "://" in site else f"https://{site}").host
    except (httpx.InvalidURL, ValueError):
        host = ""
    if "." not in host or " " in host:
        raise InputError(
            Problem(
                "option.site",
                f"--site {site}",
                f"“{site}” ไม่ใช่ชื่อเว็บไซต์",
                "expected a host name",
                "โปรดระบุชื่อเว็บไซต์หลัก เช่น www.example.go.th",
            )
        )
    return host


def _counts(found: Sequence[Result]) -> dict[str, int]:
    counted = Counter(result.severity for result in found)
    return {severity: counted[severity] for severity in SEVERITIES}


def _as_json(found: Sequence[Result], framework: Framework, site: str | None) -> dict[str, object]:
    filed = {result.link.item for result in found}
    return {
        "framework": framework.id,
        "fiscal_year": framework.fiscal_year,
        "site": site,
        "counts": _counts(found),
        "items_without_link": [code for code in checklist_items(framework) if code not in filed],
        "links": [result.as_json() for result in found],
    }


def _tell(found: Sequence[Result], framework: Framework, verbose: bool) -> None:
    items = checklist_items(framework)
    out = console()
    for result in found:
        heading(f"{result.link.item} {items[result.link.item].text or ''}  (บรรทัด {result.link.line})")
        say(f"  {result.link.url}", "dim")
        shown = [one for one in result.findings if verbose or one.severity != "fine"]
        for one in shown:
            line = Text(f"  {SEVERITY_TH[one.severity]} ", _COLOR[one.severity]) + Text(one.th)
            out.print(line + Text(f"  [{one.code}]", "dim"), soft_wrap=True)
        if not shown:
            say("  ✓ ไม่พบสิ่งที่ต้องแก้ไข", "green")
    say()
    rows = [(SEVERITY_TH[severity], str(count)) for severity, count in _counts(found).items() if count]
    table(("ผลของลิงก์ (ตามเรื่องที่หนักที่สุด)", ">จำนวน"), rows)
    missing = [code for code in items if code not in {result.link.item for result in found}]
    if missing:
        say(f"ข้อที่ยังไม่มีลิงก์: {', '.join(missing)}")
    say("ผลนี้เป็นคำแนะนำ ไม่ใช่ผลการประเมิน ผู้ตรวจประเมินเป็นผู้วินิจฉัย", "dim")
