"""Names reports of other assessments, so that nobody takes their numbers for ITA scores."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from prongsai.errors import InputError, Problem
from prongsai.reading.source import Line, Source, Table
from prongsai.reading.squeezed import squeeze

# The beginning of a report says what it is; later pages may mention any scheme in passing.
BEGINNING, TITLE = 2500, 900


@dataclass(frozen=True)
class Scheme:
    """Another assessment: ``title`` is what its reports begin with, ``marks`` what only they are full of."""

    th: str
    en: str
    title: re.Pattern[str]
    marks: re.Pattern[str]
    times: int


_SCHEMES = (
    Scheme(
        "ITA ของหน่วยงานในสังกัดกระทรวงสาธารณสุข (MOIT/MITAS)",
        "the integrity assessment of the Ministry of Public Health (MOIT, MITAS)",
        re.compile(r"MITAS|MOIT|MoPHIntegrityandTransparency|MOPHITA", re.IGNORECASE),
        re.compile(r"MOIT\s?\d|MITAS|EB\s?\d{1,2}(?!\d)", re.IGNORECASE),
        3,
    ),
    Scheme(
        "ITA Online ของสถานศึกษาและเขตพื้นที่การศึกษา (สพฐ.)",
        "the ITA Online of schools and education service areas (OBEC)",
        re.compile(
            r"สถานศึกษาออนไลน์|ของสถานศึกษา[^\n]{0,40}\(?(?:ITA|IntegrityandTransparencyAssessment)\s?[Oo]nline"
            r"|(?:ITA|Assessment)\s?[Oo]nline[^\n]{0,120}(?:โรงเรียน|เขตพื้นที่การศึกษา|สถานศึกษา)"
            r"|(?:โรงเรียน|เขตพื้นที่การศึกษา|สถานศึกษา)[^\n]{0,160}ITA\s?[Oo]nline"
        ),
        re.compile(r"สถานศึกษาออนไลน์|ITA\s?[Oo]nline|สพฐ\."),
        1,
    ),
    Scheme(
        "การประเมินประสิทธิภาพขององค์กรปกครองส่วนท้องถิ่น (LPA)",
        "the Local Performance Assessment (LPA)",
        re.compile(
            r"LocalPerformanceAssessment|Local Performance Assessment|การประเมินประสิทธิภาพขององค์กรปกครองส่วนท้องถิ่น|\(LPA\)"
        ),
        re.compile(r"(?<![A-Za-z])LPA(?![A-Za-z])|การประเมินประสิทธิภาพขององค์กรปกครองส่วนท้องถิ่น|LocalPerformanceAssessment"),
        2,
    ),
    Scheme(
        "การพัฒนาคุณภาพการบริหารจัดการภาครัฐ (PMQA)",
        "the Public Sector Management Quality Award (PMQA)",
        re.compile(r"(?<![A-Za-z])PMQA(?![A-Za-z])|PublicSectorManagementQuality|Public Sector Management Quality"),
        re.compile(r"(?<![A-Za-z])PMQA(?![A-Za-z])"),
        3,
    ),
)
# What only a report of the national assessment says. Schools use the same instruments, so these do not clear them.
_NATIONAL = re.compile(
    r"การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ|(?<![A-Za-z])(?:IIT|EIT|OIT)(?![A-Za-z])|ตัวชี้วัดที่\d"
)
_SHARES_INSTRUMENTS = {"the ITA Online of schools and education service areas (OBEC)"}
_OF_AGENCIES = re.compile(r"ของหน่วยงานภาครัฐ|เทศบาล|องค์การบริหารส่วน|อบต\.|อบจ\.")
_NATIONAL_ENOUGH = 3


def refuse_other_scheme(source: Source) -> None:
    """Raise ``InputError`` naming the scheme where the file is plainly a report of another one.

    A report that only mentions another scheme is not refused: the scheme must stand at the beginning, recur,
    and the report must not speak of the instruments and indicators of ITA.
    """
    text = squeeze("\n".join([source.title or "", *_texts(source)]))
    begin = text[:BEGINNING]
    national = len(_NATIONAL.findall(text))
    for scheme in _SCHEMES:
        shares = scheme.en in _SHARES_INSTRUMENTS
        if shares and _OF_AGENCIES.search(text[:TITLE]):
            continue  # a local government's own report may tell of its schools
        if not scheme.title.search(text[:TITLE] if shares else begin) or len(scheme.marks.findall(text)) < scheme.times:
            continue
        if shares or national < _NATIONAL_ENOUGH:
            raise InputError(
                Problem(
                    "reading.other_scheme",
                    source.name,
                    f"เป็นรายงานของ{scheme.th} ซึ่งไม่ใช่การประเมิน ITA ของหน่วยงานภาครัฐ จึงไม่อ่านตัวเลขในไฟล์นี้",
                    f"this is a report of {scheme.en}, not of the national ITA; nothing was read from it",
                    "โปรดเลือกไฟล์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)",
                )
            )


def _texts(source: Source) -> Iterator[str]:
    for block in source.blocks:
        if isinstance(block, Line):
            yield block.text
        elif isinstance(block, Table):
            for row in block.rows:
                yield " ".join(cell.text for cell in row)
