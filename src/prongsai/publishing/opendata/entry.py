"""What all descriptions of one publication say alike: its name, texts, dates and files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from prongsai.publishing.about import About
from prongsai.publishing.opendata.formats import module
from prongsai.publishing.round import PublishedRound
from prongsai.publishing.tables import Table

LANGUAGES = ("th", "en")


@dataclass(frozen=True)
class File:
    """A data file that was written: its path below the release, its format, and its table (None: all of them)."""

    path: str
    format: str
    table: Table | None
    size: int
    sha256: str

    @property
    def media(self) -> str:
        """The media type."""
        return str(module(self.format).MEDIA)

    @property
    def title(self) -> tuple[str, str]:
        """Thai and English."""
        made = module(self.format)
        if self.table is None:
            return f"ทุกตาราง ({made.TITLE_TH})", f"All tables ({made.TITLE_EN})"
        return f"{self.table.th} ({made.TITLE_TH})", f"{self.table.en} ({made.TITLE_EN})"


@dataclass(frozen=True)
class Entry:
    """One publication with its files, on the way into every description of it."""

    published: PublishedRound
    about: About
    files: tuple[File, ...]

    @property
    def title_th(self) -> str:
        """The data set's title in Thai."""
        return f"ผล{self.published.framework.title.th}"

    @property
    def title_en(self) -> str:
        """The data set's title in English."""
        return f"Results: {self.published.framework.title.en or self.published.framework.id}"

    @cached_property
    def description_th(self) -> str:
        """What is in it, in the publisher's words or ours."""
        k = self.published.framework.disclosure.k
        return self.about.description or (
            f"คะแนนทุกระดับ ระดับผลการประเมิน จำนวนผู้ตอบ และจำนวนผู้ตอบรายตัวเลือก ของ {len(self.published.agencies):,} หน่วยงาน "
            f"ฉบับที่ {self.published.revision} กลุ่มที่มีผู้ตอบน้อยกว่า {k} คนไม่แสดงรายละเอียด และไม่มีคำตอบรายบุคคล"
        )

    @property
    def description_en(self) -> str:
        """The same in English."""
        k = self.published.framework.disclosure.k
        return (
            f"Scores at every level, result levels, respondents and respondents per option of "
            f"{len(self.published.agencies):,} agencies, revision {self.published.revision}. Groups of fewer than {k} "
            "respondents are not shown in detail; there are no single answers."
        )

    def address(self, path: str) -> str:
        """Where a file stands: on the web where the publisher said so, else beside the description."""
        if self.about.place:
            return f"{self.about.place.rstrip('/')}/{path}"
        if not self.about.address:
            return path
        here = f"{self.published.framework.id}/revision-{self.published.revision}"
        return f"{self.about.address.rstrip('/')}/{here}/{path}"


def described(path: Path, root: Path, name: str, tables: dict[str, Table]) -> File:
    """A written file with its size and checksum."""
    data = path.read_bytes()
    return File(
        path.relative_to(root).as_posix(), name, tables.get(path.stem), len(data), hashlib.sha256(data).hexdigest()
    )
