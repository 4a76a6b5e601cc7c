"""An agency leaves as an archive, or comes in from one; both are written down with the archive's hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.db import IntegrityError

from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.read_in import Trial, make
from prongsai.site.exchange.write import write_agency
from prongsai.site.history.action import Action, Refused, refuse


@dataclass(kw_only=True)
class ExportAgency(Action):
    """Write everything of an agency into an archive at ``target``."""

    of: Agency
    target: Path
    sha256: str = ""
    rows: int = 0
    files: int = 0
    code = "exchange.export"
    th = "{actor} ส่งออกข้อมูลของหน่วยงาน {rows} รายการ {files} ไฟล์ (SHA-256 {sha256})"
    en = "{actor} exported the agency: {rows} rows, {files} files (SHA-256 {sha256})"

    def agency(self) -> Agency:
        """Which one."""
        return self.of

    def subject(self) -> Agency:
        """Which one."""
        return self.of

    def do(self) -> None:
        """Write and hash."""
        written = write_agency(self.of, self.target)
        self.rows = sum(one.get("rows", 0) for one in written.values())
        self.files = sum(name.startswith("files/") for name in written)
        self.sha256 = hashlib.sha256(self.target.read_bytes()).hexdigest()

    def facts(self) -> dict[str, Any]:
        """How much, and the hash of the archive."""
        return {"rows": self.rows, "files": self.files, "sha256": self.sha256}


@dataclass(kw_only=True)
class ImportAgency(Action):
    """Make an agency from an archive that was tried: all of it, or nothing."""

    trial: Trial
    made: Agency | None = None
    kept: list[str] = field(default_factory=list)
    code = "exchange.import"
    th = "{actor} นำเข้าหน่วยงาน {name} รหัส {agency_code} จากไฟล์ส่งออก {rows} รายการ (SHA-256 {sha256})"
    en = "{actor} imported {name} as {agency_code} from an export, {rows} rows (SHA-256 {sha256})"

    def agency(self) -> Agency | None:
        """The new one."""
        return self.made

    def subject(self) -> Agency | None:
        """The new one."""
        return self.made

    def check(self) -> None:
        """Nothing stands in the way."""
        if self.trial.conflicts:
            raise Refused(self.trial.conflicts)

    def do(self) -> Agency:
        """Make it."""
        self.made = make(self.trial, self.kept)
        return self.made

    def facts(self) -> dict[str, Any]:
        """What came in, and the hash of the archive."""
        return {
            "name": self.trial.name,
            "agency_code": self.trial.code,
            "rows": sum(count for _, count in self.trial.counts),
            "sha256": self.trial.archive.sha256,
        }

    def execute(self) -> Any:
        """As every action; files that were kept for one that fails go again. Raises ``Refused``."""
        try:
            return super().execute()
        except BaseException as error:
            for name in self.kept:
                default_storage.delete(name)
            if isinstance(error, IntegrityError):
                raise refuse(
                    "exchange.twice",
                    "ไฟล์ส่งออกมีรายการที่ขัดกันเอง หรือมีผู้นำเข้าหน่วยงานรหัสนี้ไปพร้อมกัน จึงไม่ได้นำเข้า",
                    "the archive contradicts itself, or someone imported this code meanwhile; nothing was imported",
                    "โปรดตรวจไฟล์อีกครั้ง หรือใช้รหัสอื่น",
                    "Check the file again, or use another code.",
                ) from error
            raise
