"""Reads a file of answers with a mapping: a dry run that says what would be taken, and what is wrong in which cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from prongsai.errors import InputError, Problem
from prongsai.survey.answers import Answer, answer
from prongsai.survey.imports.guess import plain
from prongsai.survey.imports.mapping import Mapping, options
from prongsai.survey.imports.personal import TOOL, kind_of
from prongsai.survey.imports.source import INSTANCE, VERSION, Source
from prongsai.survey.imports.table import Row, Table, letter
from prongsai.survey.questionnaire import ELIGIBLE, Questionnaire

_FORMULA = ("=", "@", "+", "-")
_SHOWN = 40
_MOST = 200  # a column of another kind would have as many problems as rows


@dataclass(frozen=True)
class Column:
    """A column that was not read: where it stands, its heading and, where recognised, what it holds (``personal``)."""

    letter: str
    header: str
    kind: str | None = None


@dataclass
class Outcome:
    """What came of a dry run. Nothing of a row with a problem is taken.

    ``answers`` are sorted, so that their order says nothing of who answered when. ``dropped``: columns with personal
    or technical content; ``unmapped``: columns that are not known; neither is kept. ``lines_without``: lines that no
    column answers. ``empty``, ``not_eligible``, ``duplicates``: numbers of rows that were left out.
    """

    rows: int = 0
    answers: tuple[Answer, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: tuple[Column, ...] = ()
    unmapped: tuple[Column, ...] = ()
    lines_without: tuple[str, ...] = ()
    empty: list[int] = field(default_factory=list)
    not_eligible: list[int] = field(default_factory=list)
    duplicates: list[int] = field(default_factory=list)


def dry_run(table: Table, mapping: Mapping, form: Questionnaire, source: Source) -> Outcome:
    """Read every row and keep nothing but answers.

    Raises ``InputError`` where no column answers a line (a file of something else, or without headings), where
    headings repeat, or where the CSV is broken.
    """
    columns = _positions(table, mapping, form)
    outcome = Outcome()
    outcome.lines_without = tuple(line.code for line in form.lines if line.code not in columns)
    skipped = [
        Column(letter(position), header, kind_of(header) or (TOOL if header in mapping.columns else None))
        for position, header in enumerate(table.headers)
        if mapping.columns.get(header) in (None, INSTANCE, VERSION)
    ]
    outcome.dropped = tuple(column for column in skipped if column.kind)
    outcome.unmapped = tuple(column for column in skipped if not column.kind)
    reader = _Reader(table, mapping, form, source, columns)
    seen: set[str] = set()
    packed: list[Answer] = []
    for row in table.rows():
        outcome.rows += 1
        if len(row.cells) != len(table.headers):
            reader.say("ragged", row.number, None, str(len(row.cells)))
            continue
        instance = row.cells[columns[INSTANCE]].strip() if INSTANCE in columns else ""
        if instance and instance in seen:
            outcome.duplicates.append(row.number)
            continue
        seen.add(instance)
        given = reader.read(row)
        if given is None:
            continue
        eligible = given.pop(ELIGIBLE, "")
        if eligible == "no":
            outcome.not_eligible.append(row.number)
        elif not given:
            outcome.empty.append(row.number)
        else:
            packed.append(answer(form, given, all_needed=False))
    outcome.answers = tuple(sorted(packed, key=str))
    outcome.problems = reader.problems()
    return outcome


def _positions(table: Table, mapping: Mapping, form: Questionnaire) -> dict[str, int]:
    """Line code or role → position of its column."""
    twice = [header for header, count in Counter(table.headers).items() if count > 1 and header in mapping.columns]
    if twice:
        raise InputError(
            [
                Problem(
                    "import.repeated",
                    table.where(1),
                    f"หัวคอลัมน์ “{header[:_SHOWN]}” ซ้ำกัน จึงไม่ทราบว่าคอลัมน์ใดเป็นคำตอบ",
                    "two columns have the same heading",
                    "โปรดแก้ไขหัวคอลัมน์ให้ไม่ซ้ำกัน เช่น ใช้รหัสข้อ",
                )
                for header in twice
            ]
        )
    columns = {mapping.columns[h]: position for position, h in enumerate(table.headers) if h in mapping.columns}
    missing = [header for header in mapping.columns if header not in table.headers]
    if missing or not any(line.code in columns for line in form.lines):
        raise InputError(_no_columns(table, form, missing))
    return columns


def _no_columns(table: Table, form: Questionnaire, missing: list[str]) -> Problem:
    if missing:
        return Problem(
            "import.no_column",
            table.where(1),
            f"ไฟล์ไม่มีคอลัมน์ “{missing[0][:_SHOWN]}” ที่ไฟล์จับคู่ระบุ",
            f"the mapping names {len(missing)} columns that the file does not have",
            "โปรดใช้ไฟล์จับคู่ของไฟล์คำตอบนี้",
        )
    keys = {key for known in options(form).values() for key in known}
    if any(plain(header) in keys or plain(header).isdigit() for header in table.headers):
        return Problem(
            "import.no_header",
            table.where(1),
            "แถวแรกเป็นคำตอบ ไม่ใช่หัวคอลัมน์",
            "the first row holds answers, not headings",
            "โปรดเพิ่มแถวแรกเป็นรหัสข้อหรือข้อคำถาม",
        )
    return Problem(
        "import.no_columns",
        table.where(1),
        f"ไม่พบคอลัมน์ที่เป็นข้อคำถามของ {form.id}",
        f"no column answers a line of {form.id}",
        "โปรดตรวจสอบว่าเลือกไฟล์และแบบสอบถามถูกต้อง หรือระบุไฟล์จับคู่ (mapping)",
    )


class _Reader:
    """Reads the cells of rows, and gathers what is wrong: once for each different cell of a column."""

    def __init__(
        self, table: Table, mapping: Mapping, form: Questionnaire, source: Source, columns: dict[str, int]
    ) -> None:
        self._table, self._columns, self._source = table, columns, source
        self._versions = {form.version, *mapping.versions}
        keys = options(form)
        scales = {line.code: line.scale for line in form.lines if line.scale} | {ELIGIBLE: ELIGIBLE}
        self._keys = {
            code: {**{key: key for key in keys[scale]}, **mapping.values.get(scale, {})}
            for code, scale in scales.items()
            if code in columns
        }
        self._found: dict[tuple[str, int | None, str], list[int]] = {}
        self._more = 0

    def read(self, row: Row) -> dict[str, str] | None:
        """Line code → option key; None where something in the row is wrong."""
        given: dict[str, str] = {}
        right = True
        if VERSION in self._columns:
            version = row.cells[self._columns[VERSION]].strip()
            if version and version not in self._versions:
                self.say("version", row.number, self._columns[VERSION], version)
                right = False
        for code, keys in self._keys.items():
            position = self._columns[code]
            cell = row.cells[position]
            if key := keys.get(cell):  # as a file of thousands of rows nearly always has it
                given[code] = key
                continue
            cell = plain(cell)
            if not cell or cell.lower() in self._source.empty:
                continue
            if key := keys.get(cell):
                given[code] = key
            else:
                kind = "formula" if cell.startswith(_FORMULA) else "option"
                self.say(kind, row.number, position, cell)
                right = False
        return given if right else None

    def say(self, kind: str, row: int, position: int | None, cell: str) -> None:
        """Note a problem; the same one further down is counted only."""
        key = (kind, position, cell)
        if key not in self._found and len(self._found) >= _MOST:
            self._more = self._more or row
            return
        rows = self._found.setdefault(key, [row, 0])
        rows[1] += 1

    def problems(self) -> tuple[Problem, ...]:
        """Every problem once, at the first row that has it; of very many only the first."""
        found = sorted(self._found.items(), key=lambda one: (one[1][0], one[0][1] or 0))
        told = [self._problem(kind, place, cell, first, count) for (kind, place, cell), (first, count) in found]
        if self._more:
            told.append(
                Problem(
                    "import.more",
                    self._table.where(self._more),
                    f"ยังมีสิ่งที่ต้องแก้ไขอีก นอกจาก {_MOST} รายการข้างต้น",
                    f"more than {_MOST} different problems; the others are not listed",
                    "โปรดตรวจสอบว่าจับคู่คอลัมน์ถูกต้อง แล้วลองอีกครั้ง",
                )
            )
        return tuple(told)

    def _problem(self, kind: str, position: int | None, cell: str, first: int, count: int) -> Problem:
        more_th = f" และอีก {count - 1} แถว" if count > 1 else ""
        more_en = f", and in {count - 1} more rows" if count > 1 else ""
        where = self._table.where(first, position)
        shown = f"{cell[:_SHOWN]}{'…' if len(cell) > _SHOWN else ''}"
        wide = len(self._table.headers)
        known = ""
        if kind == "option":
            code = next(code for code, place in self._columns.items() if place == position)
            known = ", ".join(dict.fromkeys(key for key in self._keys[code].values() if key))
        th, en, next_th = {
            "ragged": (
                f"แถวนี้มี {shown} ช่อง แต่หัวคอลัมน์มี {wide} ช่อง{more_th}",
                f"{shown} cells below {wide} headings{more_en}",
                "โปรดตรวจสอบว่าข้อความในช่องมีเครื่องหมายคำพูดครบ แล้วดาวน์โหลดไฟล์ใหม่",
            ),
            "version": (
                f"คำตอบนี้เป็นของแบบสอบถามฉบับ {shown}{more_th}",
                f"answered on another version of the questionnaire{more_en}",
                "โปรดใช้ไฟล์ถ้อยคำชุดเดียวกับที่ใช้สร้างแบบสอบถาม หรือระบุฉบับนี้ใน versions ของไฟล์จับคู่",
            ),
            "formula": (
                f"ช่องนี้เป็นสูตร ไม่ใช่คำตอบ ({shown}){more_th}",
                f"a formula where an answer should be{more_en}",
                "โปรดลบสูตรออก หรือแก้ไขเป็นคำตอบตามต้นฉบับ",
            ),
            "option": (
                f"ไม่มีตัวเลือก “{shown}”{more_th}",
                f"no such option; expected one of {known}{more_en}",
                f"โปรดจับคู่ข้อความนี้กับตัวเลือก ({known}) ในไฟล์จับคู่ หรือแก้ไขช่องนี้",
            ),
        }[kind]
        return Problem(f"import.{kind}", where, th, en, next_th)
