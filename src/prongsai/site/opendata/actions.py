"""What becomes public, and what is taken back: preparing a release, publishing it, dropping it, withdrawing a round."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from prongsai.disk import sync_folder
from prongsai.publishing.opendata.release import index
from prongsai.publishing.read import SUMS
from prongsai.site.history.action import Action, refuse
from prongsai.site.nation.models import NationResult
from prongsai.site.opendata import signals
from prongsai.site.opendata.making import FILES, WHOLE
from prongsai.site.opendata.models import Release
from prongsai.site.opendata.reading import current, published
from prongsai.site.rounds.models import Round

_STUCK = dt.timedelta(minutes=30)


@dataclass(kw_only=True)
class PrepareRelease(Action):
    """Ask a worker to make everything of a revision ready, seen by the assessor alone. ``note``: what changed."""

    result: NationResult
    note: str = ""

    code = "release.prepare"
    th = "{actor} สั่งจัดเตรียมข้อมูลเปิดของ “{round}” ฉบับที่ {revision} จากการประมวลผลฉบับที่ {gathering}"
    en = "{actor} had open data of “{round}” prepared: revision {revision}, of gathering {gathering}"

    _made: Release | None = None

    def subject(self) -> Release | None:
        """The release."""
        return self._made

    def check(self) -> None:
        """The round is for everybody, nothing of it is under way, this is not what is public, and it is explained."""
        of = Round.objects.select_for_update().get(pk=self.result.round_id)
        if of.own_id:
            raise refuse("release.own", "การซ้อมของหน่วยงานเองไม่เผยแพร่", "an agency's own rehearsal is not published")
        going = of.releases.filter(state__in=("waiting", "running"), at__gte=timezone.now() - _STUCK)
        if going.exists():
            raise refuse(
                "release.running",
                "กำลังจัดเตรียมการเผยแพร่อยู่แล้ว",
                "a release is being prepared already",
                "โปรดรอให้เสร็จ หน้าฉบับและการเผยแพร่แสดงความคืบหน้า",
                "Please wait; the page of revisions shows how far it is.",
            )
        public = current().filter(round=of).first()
        if public and public.result_id == self.result.pk:
            raise refuse("release.published", "ฉบับนี้เผยแพร่อยู่แล้ว", "this revision is public already")
        if next_revision(of) > 1 and not self.note.strip():
            raise refuse(
                "release.note",
                "ยังไม่ได้ระบุว่าแก้ไขอะไรจากฉบับก่อน",
                "it is not said what changed since the revision before",
                "โปรดระบุในช่อง “สิ่งที่แก้ไข” ผู้อ่านเห็นข้อความนี้ในไฟล์และหน้าเว็บ",
                "Say it under “What changed”; readers see it in the files and on the pages.",
            )

    def do(self) -> Release:
        """Asked for. What was prepared before and not published is dropped."""
        from prongsai.site.opendata.jobs import work

        of = self.result.round
        for old in of.releases.exclude(state="done"):
            drop(old)
        made = self._made = Release.objects.create(
            round=of,
            revision=next_revision(of),
            result=self.result,
            framework_id=self.result.framework_id,
            framework_version=self.result.framework_version,
            note=self.note.strip(),
            by=self.by,
        )
        transaction.on_commit(lambda: work.enqueue(made.pk))
        return made

    def facts(self) -> dict[str, Any]:
        """Round, and which revision of what."""
        assert self._made is not None
        return {
            "round": self.result.round.name,
            "revision": self._made.revision,
            "gathering": self.result.revision,
        }

    def personal(self) -> dict[str, Any]:
        """What was typed."""
        return {"note": self.note}


def next_revision(of: Round) -> int:
    """The number of the next publication: all that ever were count, those taken back, too."""
    last = of.releases.filter(state="done").aggregate(last=Max("revision"))["last"]
    return int(last or 0) + 1


def drop(release: Release) -> None:
    """Forget a release that was never published; its files go when the transaction is done."""
    staged, folder = release.staged, release.folder
    moved = release.digest and digest_in(folder) == release.digest  # published, but for the end of the transaction
    release.delete()

    def clear() -> None:
        shutil.rmtree(staged, ignore_errors=True)
        if moved:
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_suffix(".zip").unlink(missing_ok=True)

    transaction.on_commit(clear)


@dataclass(kw_only=True)
class _OnRelease(Action):
    """Base: what happens to one prepared release."""

    release: Release

    def subject(self) -> Release | None:
        """The release."""
        return self.release

    def facts(self) -> dict[str, Any]:
        """Round, revision, how many agencies, the digests of the list of its files and of the figures over all."""
        one = self.release
        return {
            "round": one.round.name,
            "revision": one.revision,
            "agencies": one.agencies,
            "digest": one.digest,
            "book": one.book.sha256 if one.book else "",
        }

    def check(self) -> None:
        """It is prepared, and not published."""
        Round.objects.select_for_update().get(pk=self.release.round_id)
        found = Release.objects.filter(pk=self.release.pk).values_list("state", flat=True).first()
        if found != "ready":
            raise refuse(
                "release.not_ready",
                "ฉบับนี้ยังจัดเตรียมไม่เสร็จ หรือเผยแพร่ไปแล้ว",
                "this revision is not ready yet, or is published already",
                "โปรดกลับไปหน้าฉบับและการเผยแพร่",
                "Go back to the page of revisions.",
            )


@dataclass(kw_only=True)
class PublishRelease(_OnRelease):
    """Everything of a release becomes public at once: files, pages, figures over all agencies, data for programs."""

    code = "release.publish"
    th = "{actor} เผยแพร่ผลของ “{round}” ฉบับที่ {revision} จำนวน {agencies} หน่วยงาน (SHA-256 {digest})"
    en = "{actor} published “{round}”, revision {revision}, {agencies} agencies (SHA-256 {digest})"

    def check(self) -> None:
        """Ready, of today, the next in line, and its files are those that were prepared."""
        super().check()
        if self.release.dated != timezone.localdate():
            raise refuse(
                "release.old",
                "ฉบับนี้จัดเตรียมไว้ก่อนวันนี้ วันเผยแพร่ในไฟล์จึงไม่ตรง",
                "this revision was prepared on another day, so its files bear the wrong date",
                "โปรดจัดเตรียมใหม่ แล้วเผยแพร่ภายในวันเดียวกัน",
                "Prepare it again and publish it on the same day.",
            )
        whole = digest_in(self.release.staged / FILES) or digest_in(self.release.folder)
        if self.release.revision != next_revision(self.release.round) or whole != self.release.digest:
            raise refuse(
                "release.files",
                "ไฟล์ที่จัดเตรียมไว้ไม่ครบหรือไม่ใช่ฉบับถัดไป",
                "the prepared files are not all there, or are not those of the next revision",
                "โปรดจัดเตรียมใหม่",
                "Prepare it again.",
            )

    def do(self) -> None:
        """Rows and figures first, files last: what fails before the end is undone with the transaction."""
        one, now = self.release, timezone.now()
        one.round.nation_results.filter(published_at__isnull=False).update(published_at=None)
        one.result.published_at, one.result.public_file = now, one.book
        one.result.save(update_fields=["published_at", "public_file"])
        one.state, one.published_at = "done", now
        one.save(update_fields=["state", "published_at"])
        signals.published.send(sender=Release, release=one)
        _move(one)


@dataclass(kw_only=True)
class DropRelease(_OnRelease):
    """What was prepared is not published."""

    code = "release.drop"
    th = "{actor} ไม่เผยแพร่ข้อมูลเปิดของ “{round}” ฉบับที่ {revision} ที่จัดเตรียมไว้"
    en = "{actor} dropped the prepared open data of “{round}”, revision {revision}"

    def do(self) -> None:
        """Gone."""
        drop(Release.objects.get(pk=self.release.pk))


@dataclass(kw_only=True)
class WithdrawRelease(Action):
    """Take a round back: every revision of it, everywhere. It can be published again, as a new revision."""

    round: Round
    reason: str

    code = "release.withdraw"
    th = "{actor} ยกเลิกการเผยแพร่ผลของ “{round}” ทุกฉบับ เหตุผล: {reason}"
    en = "{actor} withdrew all revisions of “{round}”. Reason: {reason}"

    def subject(self) -> Round:
        """The round."""
        return self.round

    def check(self) -> None:
        """Something is public, and it is said why it is taken back."""
        Round.objects.select_for_update().get(pk=self.round.pk)
        if not published().filter(round=self.round).exists():
            raise refuse("release.none", "ไม่มีฉบับใดของการประเมินนี้เผยแพร่อยู่", "no revision of this round is public")
        if not self.reason.strip():
            raise refuse("release.reason", "ยังไม่ได้ระบุเหตุผล", "no reason is given", "โปรดระบุเหตุผล", "Give the reason.")

    def do(self) -> None:
        """No revision can be read any more."""
        newest = current().filter(round=self.round).get()
        published().filter(round=self.round).order_by().update(
            withdrawn_at=timezone.now(), withdrawn_reason=self.reason.strip()
        )
        self.round.nation_results.filter(published_at__isnull=False).update(published_at=None)
        newest.refresh_from_db(fields=["withdrawn_at", "withdrawn_reason"])
        signals.withdrawn.send(sender=Release, release=newest)

    def facts(self) -> dict[str, Any]:
        """The round."""
        return {"round": self.round.name}

    def personal(self) -> dict[str, Any]:
        """What was typed."""
        return {"reason": self.reason.strip()}


def digest_in(folder: Any) -> str:
    """The SHA-256 of the list of a release's files; empty where there is none."""
    try:
        return hashlib.sha256((folder / SUMS).read_bytes()).hexdigest()
    except OSError:
        return ""


def _move(release: Release) -> None:
    """The files to their place. Where they are there already, an earlier attempt was cut off after this very step."""
    folder, staged = release.folder, release.staged
    folder.parent.mkdir(parents=True, exist_ok=True)
    if (staged / FILES).exists():
        if folder.exists():  # of no release that this database knows
            raise refuse(
                "release.exists",
                f"มีไฟล์ของฉบับที่ {release.revision} ซึ่งฐานข้อมูลไม่รู้จักอยู่แล้ว",
                f"files of a revision {release.revision} that this database does not know are there already",
                "โปรดให้ผู้ดูแลระบบตรวจสอบว่ากู้คืนฐานข้อมูลและไฟล์จากเวลาเดียวกันหรือไม่",
                "Have the administrator see whether database and files were restored from the same moment.",
            )
        (staged / WHOLE).replace(folder.with_suffix(".zip"))
        (staged / FILES).replace(folder)
        sync_folder(folder.parent)
        index(folder.parent)
    transaction.on_commit(lambda: shutil.rmtree(staged, ignore_errors=True))
