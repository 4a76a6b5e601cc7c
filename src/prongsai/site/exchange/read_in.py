"""From an archive to rows: first everything is read and checked, then all of it is made, or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from prongsai.errors import InputError, Problem
from prongsai.framework import by_id
from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.archive import Archive, fault
from prongsai.site.exchange.parts import BY_LABEL, PARTS, PERSON, Part
from prongsai.site.exchange.write import ERASED
from prongsai.site.files.keep import Received, keep, kind_of
from prongsai.site.files.models import Stored
from prongsai.site.files.scanner import require_clean
from prongsai.site.history.models import Entry
from prongsai.site.people.actions.roles import OF_AN_AGENCY
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Round, Stage

AGENCY, STORED, ROUND, STAGE = "agencies.Agency", "files.Stored", "rounds.Round", "rounds.Stage"


@dataclass
class Trial:
    """What an import would make. ``conflicts`` stand in its way; ``notes`` are to be known."""

    archive: Archive
    code: str
    rows: dict[str, list[dict[str, Any]]]
    rounds: dict[int, Round | None]  # number in the archive → the round that is here already
    conflicts: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The agency's name."""
        return str(self.rows[AGENCY][0]["name"])

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many rows of each model would be made, by label."""
        there = {ROUND: len([r for r in self.rounds.values() if r]), STAGE: 0}
        if there[ROUND] == len(self.rounds):
            there[STAGE] = len(self.rows[STAGE])
        return [(part.label, len(self.rows[part.label]) - there.get(part.label, 0)) for part in PARTS]


def attempt(archive: Archive, code: str) -> Trial:
    """The dry run. Raises ``InputError`` for an archive with a row that is not one; changes nothing."""
    rows = {part.label: archive.rows(part.file) for part in PARTS}
    for part in PARTS:
        for number, row in enumerate(rows[part.label], start=1):
            _check_row(part, row, number, {label: len(found) for label, found in rows.items()})
    if len(rows[AGENCY]) != 1:
        raise fault("agency", BY_LABEL[AGENCY].file, "ไฟล์ส่งออกต้องมีหนึ่งหน่วยงาน", "an export has exactly one agency")
    _check_stored(archive, rows[STORED])
    trial = Trial(archive, code, rows, {})
    _check_code(trial)
    _match_rounds(trial)
    return trial


# --- checks


def _check_row(part: Part, row: dict[str, Any], number: int, sizes: dict[str, int]) -> None:
    where = f"{part.file}:{number}"
    wanted = {f.name for f in part.fields} | {f.name for f in part.lists}
    if part.label == "history.Entry":
        wanted = wanted - {"salt"} | {ERASED}
    if set(row) != wanted:
        names = ", ".join(sorted(set(row) ^ wanted))
        raise fault("fields", where, f"ช่องข้อมูลไม่ตรงกับที่ระบบนี้รู้จัก: {names}", f"missing or unknown fields: {names}")
    for column in (*part.fields, *part.lists):
        if column.name in row and not _fits(column, row[column.name], sizes):
            raise fault(
                "value",
                f"{where} {column.name}",
                f"ค่าในช่อง {column.name} ใช้ไม่ได้: {str(row[column.name])[:60]}",
                f"a value that cannot stand here: {str(row[column.name])[:60]}",
            )
    if part.label == "people.Role" and row["kind"] not in OF_AN_AGENCY:
        raise fault(
            "role", where, "ไฟล์มีบทบาทที่ไม่ใช่ของหน่วยงานเดียว จึงไม่นำเข้า", "a role that is not of one agency is not imported"
        )


def _fits(column: Any, value: Any, sizes: dict[str, int]) -> bool:
    if column.many_to_many:
        return isinstance(value, list) and all(_is_number(n, sizes[column.related_model._meta.label]) for n in value)
    if value is None:
        return bool(column.null)
    if column.is_relation:
        return _is_number(value, sizes[column.related_model._meta.label])
    return isinstance(column, models.JSONField) or _is_value(column, value)


def _is_value(column: Any, value: Any) -> bool:
    """Whether a plain column takes a value: its type, length, range and choices."""
    kind = {models.BooleanField: bool}.get(type(column), int if isinstance(column, models.IntegerField) else str)
    if type(value) is not kind or "\x00" in str(value):
        return False
    try:
        made = column.to_python(value)
        column.run_validators(made)
    except (ValidationError, ValueError, OverflowError):
        return False
    return not column.choices or made in column.empty_values or made in [key for key, _ in column.flatchoices]


def _is_number(value: Any, most: int) -> bool:
    return type(value) is int and 1 <= value <= most


def _check_stored(archive: Archive, rows: list[dict[str, Any]]) -> None:
    """Every kept file is there, and is what it says it is: judged by its content, as an upload is."""
    for number, row in enumerate(rows, start=1):
        where = f"{BY_LABEL[STORED].file}:{number}"
        data, name, kind = archive.file(row["sha256"]), row["name"], row["kind"]
        require_clean(data, name)
        if PurePath(name).name != name or len(data) != row["size"] or kind_of(data, name) != kind:
            raise fault("kind", where, f"เนื้อหาของไฟล์ {name} ไม่ใช่ชนิด {kind}", f"the content of {name} is no {kind}")


def _check_code(trial: Trial) -> None:
    column = Agency._meta.get_field("code")
    try:
        column.run_validators(trial.code)
    except ValidationError:
        trial.conflicts.append(
            Problem(
                "exchange.code",
                trial.code,
                "รหัสหน่วยงานใช้ได้เฉพาะอักษรอังกฤษ ตัวเลข ขีดกลาง และขีดล่าง ไม่เกิน 40 ตัว",
                "a code has letters a–z, digits, hyphens and underscores, at most 40",
                "โปรดพิมพ์รหัสใหม่",
                "Type a new code.",
            )
        )
    if there := Agency.objects.filter(code=trial.code).first():
        trial.conflicts.append(
            Problem(
                "exchange.code_taken",
                trial.code,
                f"มีหน่วยงานที่ใช้รหัสนี้แล้ว: {there.name}",
                f"an agency has this code already: {there.name}",
                "โปรดใช้รหัสอื่น ข้อมูลของหน่วยงานที่มีอยู่จะไม่ถูกเขียนทับ",
                "Use another code: an agency that exists is never overwritten.",
            )
        )
    parent = trial.archive.manifest["agency"].get("parent")
    if parent and not Agency.objects.filter(code=parent).exists():
        trial.notes.append(
            Problem(
                "exchange.parent",
                str(parent),
                "ไม่มีหน่วยงานต้นสังกัดนี้ในระบบ จึงนำเข้าโดยไม่ระบุต้นสังกัด",
                "the parent agency is not here: imported without one",
            )
        )


def _match_rounds(trial: Trial) -> None:
    """A round of the same address must be the same round; its calendar here stays as it is."""
    for number, row in enumerate(trial.rows[ROUND], start=1):
        here = Round.objects.filter(slug=row["slug"]).first()
        trial.rounds[number] = here
        try:
            version = by_id(row["framework_id"]).version
        except InputError:
            version = None
        if version is None:
            trial.conflicts.append(
                Problem(
                    "exchange.framework",
                    row["name"],
                    f"ระบบนี้ไม่มีกรอบการประเมิน {row['framework_id']}",
                    f"this installation lacks the framework {row['framework_id']}",
                    "โปรดปรับรุ่นโปรแกรมให้มีกรอบนี้ก่อน",
                    "Upgrade the program to one that has this framework first.",
                )
            )
        same = ("framework_id", "framework_version", "fiscal_year")
        if here and any(getattr(here, name) != row[name] for name in same):
            trial.conflicts.append(
                Problem(
                    "exchange.round",
                    row["slug"],
                    f"ระบบนี้มีการประเมิน “{here.name}” ที่ที่อยู่เดียวกันแต่ใช้กรอบหรือรุ่นของกรอบต่างกัน",
                    f"another round stands at this address here, with another framework or version: {here.name}",
                    "โปรดให้ผู้ประเมินปรับกรอบของการประเมินให้ตรงกันก่อน",
                    "Ask the assessor to bring the round to the same framework first.",
                )
            )
        elif here:
            trial.notes.append(
                Problem(
                    "exchange.round_here",
                    row["slug"],
                    f"ใช้ปฏิทินของ “{here.name}” ที่มีอยู่ในระบบนี้ การขยายเวลาเฉพาะหน่วยงานจะนำมาด้วย",
                    f"the calendar of “{here.name}” here stays; the agency's own extensions come along",
                )
            )
        elif version is not None and version != row["framework_version"]:
            trial.notes.append(
                Problem(
                    "exchange.framework_version",
                    row["name"],
                    f"ระบบนี้มีกรอบ {row['framework_id']} รุ่นที่ {version} แต่การประเมินตรึงไว้ที่รุ่น {row['framework_version']}",
                    f"the framework here is version {version}, the round is pinned to {row['framework_version']}",
                )
            )


# --- making


def make(trial: Trial, kept: list[str]) -> Agency:
    """Make all rows. Call inside a transaction; ``kept`` gets the names of files that are new on the disk."""
    return _Maker(trial, kept).all()


class _Maker:
    def __init__(self, trial: Trial, kept: list[str]) -> None:
        self.trial, self.kept = trial, kept
        self.made: dict[str, dict[int, Any]] = {part.label: {} for part in PARTS}
        self.later: list[tuple[Any, str, str, int]] = []  # row, column, label and number it points to

    def all(self) -> Agency:
        """Part by part, then what points forward."""
        for part in PARTS:
            for number, row in enumerate(self.trial.rows[part.label], start=1):
                if self._wanted(part, row, number):
                    self.made[part.label][number] = self._one(part, row, number)
        for made, column, label, number in self.later:
            setattr(made, column, self.made[label][number])
            made.save(update_fields=[column])
        self._seal()
        agency: Agency = self.made[AGENCY][1]
        return agency

    def _wanted(self, part: Part, row: dict[str, Any], number: int) -> bool:
        """Rounds that are here stay as they are, with their stages; of extensions only the agency's own come."""
        if part.label == ROUND and (here := self.trial.rounds[number]):
            self.made[ROUND][number] = here
            return False
        if part.label == STAGE and (round_ := self.trial.rounds[row["round"]]):
            here_stage = Stage.objects.filter(round=round_, kind=row["kind"]).first()
            if here_stage:
                self.made[STAGE][number] = here_stage
            return False
        if part.label == "rounds.Extension":
            shared = self.trial.rounds[self.trial.rows[STAGE][row["stage"] - 1]["round"]]
            return row["stage"] in self.made[STAGE] and (shared is None or row["agency"] is not None)
        return True

    def _one(self, part: Part, row: dict[str, Any], number: int) -> Any:
        if part.label == STORED:
            return self._stored(row)
        made: Any = part.model()
        for column in part.fields:
            if column.name in row:
                self._set(made, column, row[column.name])
        if part.label == AGENCY:
            made.code = self.trial.code
            parent = self.trial.archive.manifest["agency"].get("parent")
            made.parent = Agency.objects.filter(code=parent).first() if parent else None
        if part.label == PERSON:
            made.username, made.is_active = _free_name(f"{self.trial.code}-{number}"), False
            made.set_unusable_password()
        if part.label == "history.Entry":
            made.salt = "" if row[ERASED] else "later"
        made.save(force_insert=True)
        for many in part.lists:
            targets = self.made[many.related_model._meta.label]
            getattr(made, many.name).set([targets[n] for n in row[many.name]])
        return made

    def _set(self, made: Any, column: Any, value: Any) -> None:
        if not column.is_relation:
            setattr(made, column.name, column.to_python(value))
        elif value is not None:
            label = column.related_model._meta.label
            if value in self.made[label]:
                setattr(made, column.name, self.made[label][value])
            else:
                self.later.append((made, column.name, label, value))

    def _stored(self, row: dict[str, Any]) -> Stored:
        data = self.trial.archive.file(row["sha256"])
        new = not Stored.objects.filter(sha256=row["sha256"]).exists()
        stored = keep(Received(row["name"], row["kind"], data), self.made[AGENCY].get(row["agency"]), None)
        if new:
            self.kept.append(str(stored.content.name))
        stored.by = self.made[PERSON].get(row["by"])
        stored.at = Stored._meta.get_field("at").to_python(row["at"])
        stored.save(update_fields=("by", "at"))
        return stored

    def _seal(self) -> None:
        """Entries name rows by the numbers they have here, and are sealed as they now stand."""
        for made in self.made["history.Entry"].values():
            entry: Entry = made
            label, sign, number = entry.subject.partition(":#")
            if sign and number.isdigit():
                known = next((part.label for part in PARTS if part.label.lower() == label), "")
                there = self.made.get(known, {}).get(int(number))
                entry.subject = f"{label}:{there.pk if there else '#'}"
            erased = not entry.salt
            if erased:
                entry.personal = {ERASED: True}  # so that it has a hash, as it had where it came from
            entry.seal()
            if erased:
                entry.personal, entry.salt, entry.actor = {}, "", None
            entry.save(update_fields=("subject", "actor", "personal", "salt", "personal_hash", "digest"))


def _free_name(wanted: str) -> str:
    name, number = wanted, 1
    while Person.objects.filter(username=name).exists():
        number += 1
        name = f"{wanted}-{number}"
    return name
