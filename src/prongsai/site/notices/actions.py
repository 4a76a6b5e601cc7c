"""What an administrator does about jobs that failed."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django_tasks_db.models import DBTaskResult

from prongsai.site.history.action import Action, refuse
from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import send_again

if TYPE_CHECKING:
    from prongsai.site.agencies.models import Agency


def _gone() -> Exception:
    return refuse(
        "notices.not_failed",
        "งานนี้ไม่ได้อยู่ในสถานะไม่สำเร็จแล้ว อาจมีผู้สั่งทำใหม่ไปก่อน",
        "this job is not among the failed ones any more; someone may have retried it",
        "โปรดเปิดหน้างานเบื้องหลังใหม่",
        "Open the page of jobs again.",
    )


@dataclass(kw_only=True)
class RetryNotice(Action):
    """Send a message again that was given up after five tries."""

    notice_id: int

    code = "notices.retry"
    th = "{actor} สั่งส่งข้อความ “{about}” อีกครั้ง"
    en = "{actor} had the message “{about}” sent again"

    def check(self) -> None:
        """Only what failed."""
        found = Notice.objects.select_for_update().filter(pk=self.notice_id, state="failed").first()
        if found is None:
            raise _gone()
        self.notice = found

    def do(self) -> None:
        """Begin anew."""
        send_again(self.notice)

    def agency(self) -> Agency | None:
        """The agency that the message is about."""
        return self.notice.agency

    def subject(self) -> Notice:
        """The message."""
        return self.notice

    def facts(self) -> dict[str, Any]:
        """What it is about."""
        return {"about": self.notice.subject}


@dataclass(kw_only=True)
class RetryJob(Action):
    """Run a failed job of any room again, with the same arguments."""

    job_id: uuid.UUID

    code = "notices.retry_job"
    th = "{actor} สั่งทำงานเบื้องหลัง {job} อีกครั้ง"
    en = "{actor} had the job {job} run again"

    def check(self) -> None:
        """Only what failed."""
        found = DBTaskResult.objects.select_for_update().failed().filter(pk=self.job_id).first()
        if found is None:
            raise _gone()
        self.job = found

    def do(self) -> None:
        """A new job takes the failed one's place."""
        given = self.job.args_kwargs
        self.job.task.using(run_after=None).enqueue(*given["args"], **given["kwargs"])
        self.job.delete()

    def facts(self) -> dict[str, Any]:
        """Which job."""
        return {"job": self.job.task_path}
