"""The dry run of an import: what a file says, whether it is this agency's and this year's, and what to decide."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework
from prongsai.reading.as_json import MOST, results_of, unread_json
from prongsai.reading.audit import audit
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file
from prongsai.reading.repair import repair
from prongsai.reading.repairing.model import Change
from prongsai.scoring.results import Results, from_yaml
from prongsai.scoring.structure import structure
from prongsai.scoring.template import read_template
from prongsai.site.files.keep import Received
from prongsai.site.history.action import refuse
from prongsai.site.results.models import Source
from prongsai.site.results.stored import data_of, place_of, plain, put
from prongsai.site.rounds.actions import check_open, installed
from prongsai.site.rounds.models import Assessment
from prongsai.site.rounds.names import Match, match
from prongsai.thai.text import squeeze
from prongsai.yaml_file import YamlFile, read

ACCEPTED = frozenset({"xlsx", "yaml", "json", "pdf", "docx", "html", "txt"})
_MOST_UNREAD = 200
_NAME_LENGTH = 60  # of a file's name, so that its bytes fit any file system


@dataclass(frozen=True)
class Tried:
    """A file that can be accepted, with what to look at (``problems``) and to decide (``reading["choices"]``)."""

    source: Source
    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    reading: dict[str, Any] = field(default_factory=dict)


def check_ready(assessment: Assessment) -> None:
    """Raise ``Refused`` where results of this round cannot come in at all: closed, or its framework is another."""
    check_open(assessment.round)
    found = installed(assessment.round)
    if found is None or found.version != assessment.round.framework_version:
        pinned = assessment.round.framework_version
        here = f"รุ่นที่ {found.version}" if found else "ไม่มี"
        raise refuse(
            "import.framework_version",
            f"การประเมินนี้ตรึงกรอบ {assessment.round.framework_id} รุ่นที่ {pinned} แต่ระบบนี้ติดตั้งไว้: {here}",
            f"this round is pinned to version {pinned} of its framework, which is not what is installed",
            "โปรดแจ้งผู้ประเมินให้ตรวจสอบที่หน้าการประเมิน",
            "Ask the assessor to check it on the page of the round.",
        )


def try_file(assessment: Assessment, received: Received) -> Tried:
    """Read a file for an assessment; nothing is changed.

    Raises ``InputError`` with every problem, by cell or line, and for another agency's or another year's results.
    """
    check_ready(assessment)
    with _on_disk(received) as path:
        if received.kind == "xlsx":
            return _results_file(assessment, read_template(path), Source.TEMPLATE)
        if received.kind in ("yaml", "json"):
            return _results_file(assessment, read(path), Source.FILE)
        return _report(assessment, path)


@contextmanager
def _on_disk(received: Received) -> Iterator[Path]:
    """The bytes under a safe name that says what they are: readers below work on files."""
    stem = PurePath(received.name.replace("\x00", "")).stem[:_NAME_LENGTH] or "file"
    suffix = PurePath(received.name).suffix.lower()
    kinds = {"yaml": (".yaml", ".yml"), "html": (".html", ".htm"), "txt": (".txt", ".md"), "xlsx": (".xlsx", ".xlsm")}
    known = kinds.get(received.kind, (f".{received.kind}",))
    with tempfile.TemporaryDirectory(prefix="prongsai-import-") as folder:
        path = Path(folder) / f"{stem}{suffix if suffix in known else known[0]}"
        path.write_bytes(received.data)
        yield path


def _results_file(assessment: Assessment, file: YamlFile, source: Source) -> Tried:
    if isinstance(file.data, dict) and "sheets" in file.data:
        raise InputError(
            Problem(
                "import.sheets",
                file.where(["sheets"]),
                "ไฟล์อ้างถึงไฟล์คำตอบรายฉบับ (sheets) ซึ่งไม่รับผ่านหน้านี้",
                "the file names sheet files (sheets), which cannot come in by this page",
                "โปรดใช้จำนวนผู้ตอบรายตัวเลือก (tallies) หรือคะแนน (scores) แทน แล้วลบคีย์ sheets",
                "Use tallies or scores instead, and remove the key “sheets”.",
            )
        )
    results = from_yaml(file)
    _check_year(assessment, results, file.where(["fiscal_year"]))
    _check_scores(results, file.name)
    data = plain(file.data)
    where = file.where(["agency", "name"])
    return Tried(source, data, _check_agency(assessment, data, results, where))


def _check_year(assessment: Assessment, results: Results, where: str) -> None:
    wanted, found = assessment.round.framework, results.framework
    if found.id == wanted.id:
        return
    raise InputError(
        Problem(
            "import.year",
            where,
            f"ไฟล์นี้เป็นผลของ {_year_th(found)} แต่การประเมินนี้คือ {_year_th(wanted)}",
            f"the file holds results of {found.id}; this round is {wanted.id}",
            "โปรดเลือกไฟล์ของปีนี้ หรือดาวน์โหลดแบบกรอกของการประเมินนี้จากหน้านี้",
            "Choose this year’s file, or download this round’s template from this page.",
        )
    )


def _year_th(framework: Framework) -> str:
    return f"ปีงบประมาณ พ.ศ. {framework.fiscal_year}" if framework.fiscal_year else f"กรอบ {framework.id}"


def _check_scores(results: Results, name: str) -> None:
    if not results.given and not results.tallies:
        raise _no_score(name)


def _no_score(name: str) -> InputError:
    return InputError(
        Problem(
            "import.no_score",
            name,
            "ไม่พบคะแนนหรือจำนวนผู้ตอบในไฟล์นี้",
            "there is no score and no tally in this file",
            "โปรดตรวจสอบว่าเลือกไฟล์ถูกต้อง และกรอกคะแนนแล้ว",
            "Check that it is the right file and that scores are filled in.",
        )
    )


def _check_agency(assessment: Assessment, data: dict[str, Any], results: Results, where: str) -> list[Problem]:
    """What to look at about the agency's name; the name in the registry is the one that is kept."""
    agency, name = assessment.agency, results.agency.name
    found = match(agency, name, results.agency.province)
    if found is Match.OTHER:
        raise _other_agency(assessment, [_named(name, results.agency.province)], where)
    if squeeze(name) == squeeze(agency.name):
        return []
    data["agency"]["name"] = agency.name
    data.setdefault("notes", []).append(f"ชื่อหน่วยงานในไฟล์: {name}")
    return [] if found is Match.SAME else [_similar(agency.name, name, where)]


def _named(name: str, province: str | None) -> str:
    return f"{name} จังหวัด{province}" if province else name


def _other_agency(assessment: Assessment, names: list[str], where: str) -> InputError:
    agency = assessment.agency
    here = _named(agency.name, agency.province)
    shown = " / ".join(f"“{name}”" for name in names[:8]) + (f" และอีก {len(names) - 8} แห่ง" if len(names) > 8 else "")
    return InputError(
        Problem(
            "import.other_agency",
            where,
            f"ไฟล์นี้เป็นของ {shown} ไม่ใช่ “{here}”",
            f"the file is of {shown}, not of “{here}”",
            f"โปรดเลือกไฟล์ของ {agency.name} หากเป็นหน่วยงานเดียวกัน โปรดแก้ชื่อในไฟล์หรือแจ้งผู้ดูแลระบบให้แก้ชื่อในระบบ",
            f"Choose the file of {agency.name}. If it is the same agency, correct the name in the file or here.",
        )
    )


def _similar(here: str, name: str, where: str) -> Problem:
    return Problem(
        "import.similar_agency",
        where,
        f"ชื่อในไฟล์คือ “{name}” ชื่อในระบบคือ “{here}” ซึ่งคล้ายกันแต่ไม่เหมือนกัน",
        f"the file says “{name}”, the registry “{here}”: alike but not the same",
        "โปรดยืนยันว่าเป็นหน่วยงานเดียวกันก่อนนำเข้า",
        "Confirm that it is the same agency before you import.",
    )


# --- reports


def _report(assessment: Assessment, path: Path) -> Tried:
    readings = [reading for reading in read_file(path) if reading.values]
    if not readings:
        raise _no_score(path.name)
    reading, problems = _right_one(assessment, readings, path.name)
    results = results_of(reading)
    data = data_of(results)
    name = reading.agency.text if reading.agency else ""
    if squeeze(name) != squeeze(assessment.agency.name):
        data["agency"]["name"] = assessment.agency.name
        if name:
            data.setdefault("notes", []).append(f"ชื่อหน่วยงานในรายงาน: {name}")
    choices = _choices(reading, results)
    if not results.given and not any(option["value"] for one in choices.values() for option in one["options"]):
        raise _no_score(path.name)
    found = [{**finding.as_json(), "nodes": list(finding.nodes)} for finding in audit(reading)]
    unread = unread_json(reading)
    said = {"choices": choices, "unread": unread[:_MOST_UNREAD], "unread_count": len(unread)}
    said["notes"] = list(reading.source.notes)
    return Tried(Source.REPORT, data, problems, found, said)


def _right_one(assessment: Assessment, readings: list[Reading], name: str) -> tuple[Reading, list[Problem]]:
    """The reading of this agency and year; which name was met and what to look at."""
    agency = assessment.agency
    by_match: dict[Match, list[Reading]] = {}
    for reading in readings:
        found = match(agency, reading.agency.text, reading.province) if reading.agency else Match.SIMILAR
        by_match.setdefault(found, []).append(reading)
    same = by_match.get(Match.SAME) or by_match.get(Match.SIMILAR)
    if not same:
        names = list(dict.fromkeys(_named(r.agency.text, r.province) for r in readings if r.agency))
        raise _other_agency(assessment, names, name)
    right = [r for r in same if r.framework and r.framework.id == assessment.round.framework_id]
    if not right:
        raise _other_year(assessment, same, name)
    reading = max(right, key=lambda one: len(one.values))
    problems = []
    if reading.agency is None:
        problems.append(
            Problem(
                "import.no_agency",
                name,
                f"ไม่พบชื่อหน่วยงานในรายงาน จึงตรวจไม่ได้ว่าเป็นของ {agency.name}",
                f"the report names no agency, so it cannot be told whether it is of {agency.name}",
                "โปรดยืนยันก่อนนำเข้า",
                "Confirm before you import.",
            )
        )
    elif match(agency, reading.agency.text, reading.province) is Match.SIMILAR:
        problems.append(_similar(agency.name, reading.agency.text, str(reading.agency.where)))
    return reading, problems


def _other_year(assessment: Assessment, readings: list[Reading], name: str) -> InputError:
    years = list(dict.fromkeys(str(r.fiscal_year) for r in readings if r.fiscal_year))
    said = f"เป็นผลของปีงบประมาณ พ.ศ. {', '.join(years)}" if years else "ไม่ระบุปีงบประมาณของผลการประเมิน"
    wanted = assessment.round.framework
    return InputError(
        Problem(
            "import.year",
            name,
            f"รายงานนี้{said} แต่การประเมินนี้คือ {_year_th(wanted)}",
            f"the report is of {', '.join(years) or 'no stated year'}; this round is {wanted.id}",
            "โปรดเลือกรายงานของปีนี้",
            "Choose this year’s report.",
        )
    )


def _choices(reading: Reading, results: Results) -> dict[str, Any]:
    """What a person has to decide, by node: numbers that were printed differently, and repairs proposed.

    ``default`` is the one number printed; None where several were, so that somebody has to choose.
    """
    assert reading.framework is not None
    fixes = {change.node: change for change in repair(reading).changes}
    found: dict[str, Any] = {}
    for node in structure(reading.framework).nodes.values():
        change = fixes.get(node.id)
        options = _printed_options(reading, node.id)
        if place_of(results, node) is None or (len(options) < 2 and change is None):
            continue
        printed = len(options)
        if change:
            _add_repairs(options, change)
        if printed == len(options) == 1:
            continue  # something is wrong with the number, and nothing better is known: the findings say so
        if not printed:
            options.append({"value": "", "kind": "empty", "texts": [], "where": [], "evidence": []})
        default = options[0]["value"] if printed == 1 else None if printed else ""
        found[node.id] = {"options": options, "default": default}
    bands = [band.name for band in reading.framework.levels.bands]
    levels = [name for name in dict.fromkeys(word.text for word in reading.levels) if name in bands]
    if len(levels) > 1:
        places = {name: [_place(word.where) for word in reading.levels if word.text == name] for name in levels}
        empty: dict[str, Any] = {"kind": "printed", "evidence": []}
        options = [{**empty, "value": name, "texts": [name], "where": places[name]} for name in levels]
        found["level"] = {"options": options, "default": None}
    return found


def _printed_options(reading: Reading, node: str) -> list[dict[str, Any]]:
    options: dict[Any, dict[str, Any]] = {}
    for value in reading.printed(node):
        if value.of is not None or value.value > MOST:
            continue
        empty = {"value": f"{value.value:f}", "kind": "printed", "texts": [], "where": [], "evidence": []}
        option = options.setdefault(value.value, empty)
        if value.text not in option["texts"]:
            option["texts"].append(value.text)
        option["where"].append(_place(value.where))
    return list(options.values())


def _add_repairs(options: list[dict[str, Any]], change: Change) -> None:
    """The numbers that a repair proposes, with what speaks for the best one."""
    proposed = {change.number: 1.0} if change.decided else {choice.number: choice.share for choice in change.choices}
    by_number = {str(option["value"]): option for option in options}
    for number, share in proposed.items():
        if number is None:
            continue
        option = by_number.get(f"{number:f}")
        if option is None:
            option = {"value": f"{number:f}", "kind": "repair", "texts": [], "where": [], "evidence": []}
            options.append(option)
        option["share"] = round(share * 100)
        if number == change.number:
            option["evidence"] = list(change.evidence)


def _place(where: Any) -> str:
    return str(where).removeprefix(where.file).strip()


# --- decisions


def decided(data: dict[str, Any], choices: dict[str, Any], chosen: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The data with what was chosen, and the nodes on which nobody decided yet. Numbers not offered are ignored."""
    import copy

    made = copy.deepcopy(data)
    results = from_yaml(YamlFile("import", data))
    nodes = structure(results.framework).nodes
    open_: list[str] = []
    notes: list[str] = []
    for name, choice in choices.items():
        offered = [option["value"] for option in choice["options"]]
        value = chosen.get(name)
        if value not in offered:
            value = choice["default"]
        if value is None:
            open_.append(name)
            continue
        key = ("scores", "level") if name == "level" else place_of(results, nodes[name])
        assert key is not None
        put(made, key, value)
        option = next(one for one in choice["options"] if one["value"] == value)
        others = [one["value"] for one in choice["options"] if one["kind"] == "printed" and one["value"] != value]
        if option["kind"] == "repair":
            notes.append(f"{name}: ใช้ {value} แทนที่พิมพ์ว่า {', '.join(others) or 'อ่านไม่ได้'} ตามที่ผู้นำเข้าเลือก")
        elif others:
            notes.append(f"{name}: ใช้ {value} จากที่พิมพ์ไว้ต่างกัน ({', '.join(others)}) ตามที่ผู้นำเข้าเลือก")
        if option["kind"] == "repair" and others and name != "level":
            made.setdefault("printed", {}).setdefault(name, others)
    if notes:
        made["notes"] = [*made.get("notes", []), *notes]
    return made, open_
