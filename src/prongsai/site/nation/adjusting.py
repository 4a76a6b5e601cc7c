"""What changes a round's adjusted score, which is not the official one: the assessor's file comes in, or goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prongsai.national.adjusted import Adjustment, adjustment_of
from prongsai.scoring.structure import structure
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Action, refuse
from prongsai.site.nation.beside import as_yaml
from prongsai.site.nation.models import NationAdjustment, NationResult
from prongsai.site.nation.reading import book_of
from prongsai.site.results.actions import short
from prongsai.site.rounds.models import Round


@dataclass(kw_only=True)
class KeepAdjustment(Action):
    """Keep the assessor's file, checked against the newest revision. Raises ``InputError`` for every slip in it."""

    result: NationResult
    received: Received

    code = "nation.adjust"
    th = "{actor} ส่งไฟล์คะแนนปรับ (มิใช่คะแนนทางการ) ของ “{round}”: {title} (SHA-256 {hash})"
    en = "{actor} sent a file for the adjusted score (not official) of “{round}”: {title} (SHA-256 {hash})"

    _told: Adjustment | None = None

    def subject(self) -> Round:
        """The round."""
        return self.result.round

    def check(self) -> None:
        """The file can be used."""
        book = book_of(self.result.file)
        file = as_yaml(self.received.data, self.received.name)
        self._told = adjustment_of(file, structure(book.framework), book.agencies["code"])

    def do(self) -> NationAdjustment:
        """Kept; the newest counts."""
        assert self._told is not None
        return NationAdjustment.objects.create(
            round=self.result.round,
            file=keep(self.received, None, self.by),
            title=self._told.title,
            decided_by=self._told.decided_by,
            by=self.by,
        )

    def facts(self) -> dict[str, Any]:
        """Round, title, hash."""
        assert self._told is not None
        return {"round": self.result.round.name, "title": self._told.title, "hash": short(self.received.sha256)}


@dataclass(kw_only=True)
class DropAdjustment(Action):
    """Take a round's adjusted score away. The files stay kept; the history says what was there."""

    round: Round

    code = "nation.adjust_drop"
    th = "{actor} ยกเลิกคะแนนปรับ (มิใช่คะแนนทางการ) ของ “{round}”"
    en = "{actor} took away the adjusted score (not official) of “{round}”"

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """There is one."""
        if not self.round.nation_adjustments.exists():
            raise refuse("nation.no_adjustment", "ไม่มีคะแนนปรับให้ยกเลิก", "there is no adjusted score to take away")

    def do(self) -> None:
        """Gone from the pages."""
        self.round.nation_adjustments.all().delete()

    def facts(self) -> dict[str, Any]:
        """The round."""
        return {"round": self.round.name}
