"""The tables of a published round: their columns, what each means in both languages, and how they hang together.

Everything that describes the data is made from here: files, schemas, the data dictionary, the metadata of catalogues.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

Kind = Literal["text", "score", "error", "count", "flag", "day"]
SCORE = pl.Decimal(5, 2)
DTYPES: dict[Kind, pl.DataType] = {
    "text": pl.String(),
    "score": SCORE,
    "error": pl.Decimal(7, 4),
    "count": pl.Int64(),
    "flag": pl.Boolean(),
    "day": pl.Date(),
}
OPTION = "n_"  # columns of respondents per option: n_5, n_yes


def days(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The columns of days made from their text."""
    names = [column.name for column in table.columns if column.kind == "day"]
    return frame.with_columns(pl.col(names).str.to_date("%Y-%m-%d")) if names else frame


@dataclass(frozen=True)
class Column:
    """One column. ``required``: never empty. ``allowed``: all values there are, where they are few."""

    name: str
    kind: Kind
    th: str
    en: str
    required: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table. ``key``: what is unique. ``refers``: columns that name lines of another table (its whole key)."""

    name: str
    th: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    refers: tuple[tuple[tuple[str, ...], str], ...] = ()

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Column → type."""
        return {column.name: DTYPES[column.kind] for column in self.columns}


ORIGINS = ("counted", "given", "computed", "absent", "unknown", "withheld")
_YEAR = Column("fiscal_year_be", "count", "ปีงบประมาณที่ประเมิน (พ.ศ.)", "Fiscal year assessed, Buddhist era")
_AGENCY = Column("agency_code", "text", "รหัสหน่วยงาน", "Code of the agency", True)
_NODE = Column("node", "text", "รหัสของคะแนน เช่น overall, IIT, EIT.1, 6, i1", "Which score", True)
_OF_AGENCY = (("agency_code",), "agencies")
_OF_NODE = (("node",), "nodes")


def _of_agencies(name: str, th: str, en: str, *columns: Column) -> Table:
    """A table with a line for an agency and a node."""
    return Table(name, th, en, (_YEAR, _AGENCY, _NODE, *columns), ("agency_code", "node"), (_OF_AGENCY, _OF_NODE))


ROUND = Table(
    "round",
    "การเผยแพร่ครั้งนี้",
    "This publication",
    (
        Column("framework", "text", "รหัสกรอบการประเมิน", "Id of the framework", True),
        Column("framework_version", "count", "รุ่นของกรอบการประเมิน", "Version of the framework", True),
        _YEAR,
        Column("revision", "count", "ฉบับที่เผยแพร่ (แก้ไขแล้วเป็นฉบับใหม่เสมอ)", "Revision; corrections are new ones", True),
        Column("published", "day", "วันที่เผยแพร่", "Date of publication", True),
        Column("smallest_group", "count", "จำนวนคนน้อยที่สุดที่เปิดเผยรายละเอียดได้", "Smallest group shown in detail", True),
        Column("assumed", "text", "สมมติฐานที่ใช้คำนวณ (เว้นว่างคือไม่ใช้)", "Hypotheses used; empty: none"),
        Column("note", "text", "สิ่งที่เปลี่ยนจากฉบับก่อน", "What changed since the revision before"),
    ),
    ("framework", "revision"),
)
AGENCIES = Table(
    "agencies",
    "หน่วยงานและระดับผลการประเมิน",
    "Agencies and their levels",
    (
        _YEAR,
        _AGENCY,
        Column("agency_name_th", "text", "ชื่อหน่วยงาน", "Name of the agency in Thai", True),
        Column("kind", "text", "รหัสประเภทหน่วยงาน", "Code of the kind of agency"),
        Column("kind_th", "text", "ประเภทหน่วยงาน", "Kind of agency in Thai"),
        Column("province", "text", "จังหวัด", "Province"),
        Column("level", "text", "ระดับผลการประเมิน (เว้นว่างเมื่อยังเป็นได้หลายระดับ)", "Level; empty: several are possible"),
        Column("levels_possible", "text", "ระดับที่ยังเป็นได้ คั่นด้วย |", "Levels still possible, | between"),
    ),
    ("agency_code",),
)
SCORES = _of_agencies(
    "scores",
    "คะแนนทุกระดับของทุกหน่วยงาน",
    "Scores of all agencies at every level",
    Column(
        "score",
        "score",
        "คะแนน ทศนิยมสองตำแหน่ง (ว่าง: ทราบเพียงช่วง)",
        "Score, two decimals; empty: only a range is known",
    ),
    Column("low", "score", "คะแนนต่ำสุดที่เป็นได้", "The lowest possible score"),
    Column("high", "score", "คะแนนสูงสุดที่เป็นได้", "The highest possible score"),
    Column(
        "origin",
        "text",
        "ที่มา: นับจากคำตอบ ให้มา คำนวณ ไม่เข้าข่าย ไม่ทราบ หรือไม่แสดงเพราะกลุ่มเล็ก",
        "Where it comes from; withheld: the group is too small to be shown",
        True,
        ORIGINS,
    ),
)
UNCERTAINTY = _of_agencies(
    "uncertainty",
    "ความคลาดเคลื่อนมาตรฐานและช่วงความเชื่อมั่น",
    "Standard errors and intervals, where they are known and may be shown",
    Column("standard_error", "error", "ความคลาดเคลื่อนมาตรฐาน (คะแนน)", "Standard error in points", True),
    Column("low95", "score", "ขอบล่างของช่วงความเชื่อมั่นร้อยละ 95", "Lower end of the 95 % interval"),
    Column("high95", "score", "ขอบบนของช่วงความเชื่อมั่นร้อยละ 95", "Upper end of the 95 % interval"),
)
RESPONDENTS = _of_agencies(
    "respondents",
    "จำนวนผู้ตอบรายแบบวัด",
    "Respondents by survey",
    Column("respondents", "count", "จำนวนผู้ตอบ (ชุด)", "Answer sheets received", True),
)
VERDICTS = _of_agencies(
    "verdicts",
    "ผลการตรวจประเมินรายข้อ",
    "Verdicts on each item of a checklist",
    Column("verdict", "text", "ผลการตรวจ (ดูตาราง options)", "Verdict, see the table options", True),
)
NODES = Table(
    "nodes",
    "ความหมายของรหัสคะแนน และวิธีคำนวณ",
    "What each score is and how it follows from others",
    (
        _NODE,
        Column("kind", "text", "ชั้นของคะแนน", "Kind of node", True),
        Column("instrument", "text", "เครื่องมือ", "Instrument"),
        Column("part", "text", "ส่วนของเครื่องมือ", "Part of the instrument"),
        Column("title_th", "text", "ชื่อหรือข้อคำถาม", "Name or wording in Thai", True),
        Column("title_en", "text", "ชื่อภาษาอังกฤษ", "Name in English"),
        Column(
            "rule",
            "text",
            "กติกา: mean เฉลี่ย, weights ถ่วงน้ำหนัก, unknown ไม่เผยแพร่",
            "Rule; unknown: not published",
        ),
        Column("children", "text", "คะแนนที่นำมารวม คั่นด้วยช่องว่าง", "Nodes it follows from, space between"),
        Column("weights", "text", "น้ำหนักตามลำดับ คั่นด้วยช่องว่าง", "Their weights in the same order"),
        Column("source", "text", "แหล่งที่มาของกติกาหรือข้อความ", "Source of the rule or wording"),
        Column("confidence", "text", "ความแน่ใจในแหล่งที่มา", "How sure the source is"),
    ),
    ("node",),
)
OPTIONS = Table(
    "options",
    "ตัวเลือกและคะแนนของแต่ละข้อ",
    "Options of each item and the points they earn",
    (
        _NODE,
        Column("option", "text", "รหัสตัวเลือก", "Key of the option", True),
        Column("label_th", "text", "ข้อความตัวเลือก (เว้นว่างเมื่อไม่เผยแพร่)", "Wording; empty where not published"),
        Column("points", "score", "คะแนนที่ได้ (เว้นว่างเมื่อไม่ทราบ)", "Points earned; empty where not known"),
    ),
    ("node", "option"),
    (_OF_NODE,),
)
LEVELS = Table(
    "levels",
    "เกณฑ์ระดับผลการประเมิน",
    "Rules of the levels, best first",
    (
        Column("position", "count", "ลำดับที่พิจารณา", "The first that fits is the result", True),
        Column("level", "text", "ระดับ", "Level", True),
        Column("overall_min", "score", "คะแนนรวมขั้นต่ำ", "Least overall score", True),
        Column("component_min", "score", "คะแนนขั้นต่ำของทุกองค์ประกอบ", "Least score of every component"),
        Column("components", "text", "องค์ประกอบ คั่นด้วยช่องว่าง", "Components, space between"),
        Column("passes", "flag", "ผ่านเกณฑ์", "Whether it passes", True),
        Column(
            "decided_on",
            "text",
            "ตัดสินจากคะแนนที่แสดง (shown) หรือค่าจริง (exact)",
            "Decided on which score",
            True,
        ),
        Column("source", "text", "แหล่งที่มา", "Source"),
        Column("confidence", "text", "ความแน่ใจ", "Confidence"),
    ),
    ("position",),
)


def distributions(options: tuple[str, ...]) -> Table:
    """Respondents per option of each item row, for the options that a framework's scales have."""
    th, en = "จำนวนผู้ตอบรายตัวเลือกของแต่ละข้อ", "Respondents per option of each item"
    return _of_agencies("distributions", th, en, *_per_option(options))


def totals(options: tuple[str, ...]) -> Table:
    """The same added up: over the agencies whose own distribution is shown, and no others."""
    return Table(
        "totals",
        "ผลรวมของหน่วยงานที่เปิดเผยรายละเอียดได้เท่านั้น",
        "Sums over the agencies whose own distribution is shown, no others",
        (
            _YEAR,
            Column(
                "group", "text", "กลุ่มที่รวม: ทั้งหมด ประเภท จังหวัด", "What is added up", True, ("all", "kind", "province")
            ),
            Column("name", "text", "รหัสประเภทหรือชื่อจังหวัด", "Code of the kind, or province", True),
            _NODE,
            Column("agencies", "count", "จำนวนหน่วยงานที่นำมารวม", "Agencies added up", True),
            *_per_option(options),
        ),
        ("group", "name", "node"),
        (_OF_NODE,),
    )


def _per_option(options: tuple[str, ...]) -> tuple[Column, ...]:
    return tuple(
        Column(OPTION + key, "count", f"จำนวนผู้เลือก {key}", f"Respondents who chose {key}; empty: no such option")
        for key in options
    )
