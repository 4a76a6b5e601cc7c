"""What changes results: trying a file, accepting it, dropping it, going back to an earlier revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone

from prongsai.analysis.disclosure import shown_score
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.site.agencies.models import Agency
from prongsai.site.files.keep import Received, keep
from prongsai.site.history.action import Action, refuse
from prongsai.site.results.gather import gathered
from prongsai.site.results.imports import Tried, check_ready, decided
from prongsai.site.results.models import Import, Result, Source
from prongsai.site.results.sheet import current
from prongsai.site.results.stored import sheet_of_data
from prongsai.site.rounds.models import Assessment

_DIGITS = 12  # of a hash, enough for the eye


def short(sha256: str) -> str:
    """A hash as people compare it."""
    return sha256[:_DIGITS]


def set_columns(assessment: Assessment, sheet: ScoreSheet) -> None:
    """Repeat on the assessment what lists sort by; a score that is an interval or may not be shown stays empty."""
    columns = {"overall": "overall", "iit": "IIT", "eit": "EIT", "oit": "OIT"}
    for column, node in columns.items():
        value = shown_score(sheet, node) if node in sheet.values else None
        setattr(assessment, column, None if value is None else shown(value))
    assessment.level = sheet.level.name or ""
    assessment.results_at = assessment.results_at or timezone.now()
    assessment.save(update_fields=[*columns, "level", "results_at"])


@dataclass(kw_only=True)
class _OnResults(Action):
    """Base: what happens to the results of one assessment."""

    _assessment: Assessment | None = None

    def of(self) -> Assessment:
        """The assessment."""
        raise NotImplementedError

    def agency(self) -> Agency:
        """Its agency."""
        return self.of().agency

    def _lock(self) -> None:
        """Two people at once: the second waits, then sees what the first did."""
        Assessment.objects.select_for_update().get(pk=self.of().pk)

    def _add(self, result: Result) -> ScoreSheet:
        """A new revision, its numbers repeated on the assessment."""
        last = self.of().results.aggregate(last=Max("revision"))["last"] or 0
        result.assessment, result.revision, result.by = self.of(), last + 1, self.by
        sheet = sheet_of_data(result.data, result.assume)
        result.save()
        set_columns(self.of(), sheet)
        return sheet


@dataclass(kw_only=True)
class GatherResults(_OnResults):
    """Make results from what was assessed here; the same answers and verdicts make no new revision."""

    assessment: Assessment
    _data: dict[str, Any] = field(default_factory=dict)

    code = "results.gather"
    th = "{actor} ประมวลผลคะแนนจากแบบสำรวจและผลการตรวจ เป็นผลฉบับที่ {revision}: คะแนนรวม {overall} ระดับ {level}"
    en = "{actor} made revision {revision} of the results from surveys and inspection: {overall}, {level}"

    _result: Result | None = None
    _sheet: ScoreSheet | None = None

    def of(self) -> Assessment:
        """The assessment."""
        return self.assessment

    def subject(self) -> Result | None:
        """The new revision."""
        return self._result

    def check(self) -> None:
        """Something was assessed, and it is not what the newest revision says already."""
        check_ready(self.assessment)
        self._lock()
        self._data = gathered(self.assessment)
        if not self._data:
            raise refuse(
                "results.nothing_assessed",
                "ยังไม่มีแบบสำรวจที่ปิดแล้วหรือผลการตรวจที่ยืนยันแล้ว",
                "no survey is closed and no inspection confirmed yet",
                "โปรดรอให้ขั้นตอนสำรวจหรือตรวจประเมินเสร็จก่อน",
                "Wait until the surveys or the inspection are finished.",
            )
        newest = current(self.assessment)
        if newest and newest.source == Source.ASSESSED and newest.data == self._data:
            raise refuse(
                "results.same",
                f"ผลฉบับที่ {newest.revision} มาจากข้อมูลชุดเดียวกันอยู่แล้ว",
                f"revision {newest.revision} is made from the same data",
            )

    def do(self) -> Result:
        """The new revision."""
        before = current(self.assessment)
        self._result = Result(source=Source.ASSESSED, data=self._data, assume=before.assume if before else [])
        self._sheet = self._add(self._result)
        return self._result

    def facts(self) -> dict[str, Any]:
        """Revision, score, level."""
        assert self._result is not None
        assert self._sheet is not None
        return _said(self._result, self._sheet)


@dataclass(kw_only=True)
class TryImport(_OnResults):
    """Keep a file that was tried, with what it would change. The same person's earlier tries are dropped."""

    assessment: Assessment
    received: Received
    tried: Tried

    code = "results.try_import"
    th = "{actor} ตรวจไฟล์ {file} ก่อนนำเข้าผล (SHA-256 {hash})"
    en = "{actor} tried the file {file} before bringing in results (SHA-256 {hash})"

    def of(self) -> Assessment:
        """The assessment."""
        return self.assessment

    def subject(self) -> Assessment:
        """The assessment."""
        return self.assessment

    def check(self) -> None:
        """The round takes results."""
        check_ready(self.assessment)

    def do(self) -> Import:
        """The import as tried."""
        self.assessment.imports.filter(state="tried", by=self.by).update(state="dropped")
        return Import.objects.create(
            assessment=self.assessment,
            source=self.tried.source,
            file=keep(self.received, self.assessment.agency, self.by),
            data=self.tried.data,
            problems=[{**problem.as_json(), "next_en": problem.next_en} for problem in self.tried.problems],
            findings=self.tried.findings,
            reading=self.tried.reading,
            by=self.by,
        )

    def facts(self) -> dict[str, Any]:
        """The hash."""
        return {"hash": short(self.received.sha256)}

    def personal(self) -> dict[str, Any]:
        """The file's name."""
        return {"file": self.received.name}


@dataclass(kw_only=True)
class AcceptImport(_OnResults):
    """Take a tried file as the newest revision: all of it, or nothing. ``base``: the revision its preview showed."""

    attempt: Import
    base: int
    chosen: dict[str, str] = field(default_factory=dict)

    code = "results.accept_import"
    th = "{actor} นำเข้าผลการประเมินฉบับที่ {revision} จากไฟล์ {file}: คะแนนรวม {overall} ระดับ {level} (SHA-256 {hash})"
    en = "{actor} brought in revision {revision} of the results from {file}: {overall}, {level} (SHA-256 {hash})"

    _result: Result | None = None
    _sheet: ScoreSheet | None = None

    def of(self) -> Assessment:
        """The assessment."""
        return self.attempt.assessment

    def subject(self) -> Result | None:
        """The new revision."""
        return self._result

    def check(self) -> None:
        """Not decided on before, the results are those that the preview showed, and every choice is made."""
        check_ready(self.of())
        self._lock()
        self.attempt.refresh_from_db(fields=["state"])
        if self.attempt.state != "tried":
            raise refuse(
                "import.decided",
                "ไฟล์นี้นำเข้าหรือยกเลิกไปแล้ว",
                "this file was accepted or dropped before",
                "หากต้องการนำเข้าอีกครั้ง โปรดเลือกไฟล์ใหม่",
                "To import again, choose the file anew.",
            )
        newest = current(self.of())
        if (newest.revision if newest else 0) != self.base:
            raise refuse(
                "import.stale",
                f"มีผู้นำเข้าผลฉบับที่ {newest.revision if newest else 0} หลังจากที่ท่านเปิดดูตัวอย่าง จึงยังไม่บันทึก",
                "results came in after you opened the preview, so nothing was saved",
                "โปรดดูสิ่งที่จะเปลี่ยนอีกครั้ง แล้วจึงยืนยัน",
                "Look again at what will change, then confirm.",
            )
        _, undecided = decided(self.attempt.data, self._choices(), self.chosen)
        if undecided:
            raise refuse(
                "import.undecided",
                f"รายงานพิมพ์ค่าไว้ต่างกันและยังไม่ได้เลือก {len(undecided)} รายการ: {', '.join(undecided[:8])}",
                f"the report prints different values; {len(undecided)} are not chosen yet: {', '.join(undecided[:8])}",
                "โปรดเลือกค่าที่ถูกต้องของทุกรายการ",
                "Choose the right value for each of them.",
            )

    def _choices(self) -> dict[str, Any]:
        return dict(self.attempt.reading.get("choices", {}))

    def do(self) -> Result:
        """The new revision."""
        data, _ = decided(self.attempt.data, self._choices(), self.chosen)
        before = current(self.of())
        self._result = Result(
            source=self.attempt.source,
            data=data,
            findings=self.attempt.findings,
            file=self.attempt.file,
            assume=before.assume if before else [],
        )
        self._sheet = self._add(self._result)
        self.attempt.state = "accepted"
        self.attempt.save(update_fields=["state"])
        return self._result

    def facts(self) -> dict[str, Any]:
        """Revision, score, level, hash."""
        assert self._result is not None
        assert self._sheet is not None
        return {**_said(self._result, self._sheet), "hash": short(self.attempt.file.sha256)}

    def personal(self) -> dict[str, Any]:
        """The file's name."""
        return {"file": self.attempt.file.name}


def _said(result: Result, sheet: ScoreSheet) -> dict[str, Any]:
    overall = shown_score(sheet, "overall")
    return {
        "revision": result.revision,
        "overall": "–" if overall is None else str(shown(overall)),
        "level": sheet.level.name or "–",
    }


@dataclass(kw_only=True)
class DropImport(_OnResults):
    """Leave a tried file; nothing changes."""

    attempt: Import

    code = "results.drop_import"
    th = "{actor} ยกเลิกการนำเข้าไฟล์ {file}"
    en = "{actor} dropped the import of {file}"

    def of(self) -> Assessment:
        """The assessment."""
        return self.attempt.assessment

    def subject(self) -> Import:
        """The import."""
        return self.attempt

    def check(self) -> None:
        """Not decided on before."""
        if self.attempt.state != "tried":
            raise refuse("import.decided", "ไฟล์นี้นำเข้าหรือยกเลิกไปแล้ว", "this file was accepted or dropped before")

    def do(self) -> None:
        """Dropped."""
        self.attempt.state = "dropped"
        self.attempt.save(update_fields=["state"])

    def personal(self) -> dict[str, Any]:
        """The file's name."""
        return {"file": self.attempt.file.name}


@dataclass(kw_only=True)
class RestoreResult(_OnResults):
    """Go back to an earlier revision by making it the newest; the ones between stay."""

    result: Result

    code = "results.restore"
    th = "{actor} ย้อนกลับไปใช้ผลฉบับที่ {old} เป็นฉบับที่ {revision}: คะแนนรวม {overall} ระดับ {level}"
    en = "{actor} went back to revision {old}, now revision {revision}: overall {overall}, level {level}"

    _new: Result | None = None
    _sheet: ScoreSheet | None = None

    def of(self) -> Assessment:
        """The assessment."""
        return self.result.assessment

    def subject(self) -> Result | None:
        """The new revision."""
        return self._new

    def check(self) -> None:
        """An earlier revision, in an open round."""
        check_ready(self.of())
        self._lock()
        newest = current(self.of())
        if newest is None or newest.revision == self.result.revision:
            raise refuse(
                "results.is_newest",
                f"ฉบับที่ {self.result.revision} คือฉบับที่ใช้อยู่แล้ว",
                f"revision {self.result.revision} is in force already",
            )

    def do(self) -> Result:
        """The new revision."""
        old = self.result
        self._new = Result(source=old.source, data=old.data, findings=old.findings, file=old.file, assume=old.assume)
        self._sheet = self._add(self._new)
        return self._new

    def facts(self) -> dict[str, Any]:
        """Both revisions, score, level."""
        assert self._new is not None
        assert self._sheet is not None
        return {"old": self.result.revision, **_said(self._new, self._sheet)}
