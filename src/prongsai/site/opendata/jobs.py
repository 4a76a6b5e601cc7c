"""Preparing a release in the background. Whatever happens here, nothing of it can be seen before it is published."""

from __future__ import annotations

import logging
import shutil

from django_tasks import task

from prongsai.errors import Problem, ProngsaiError
from prongsai.site.base.jobs import alone
from prongsai.site.opendata.again import gathered_again
from prongsai.site.opendata.making import make
from prongsai.site.opendata.models import Release

_LOG = logging.getLogger(__name__)
_BROKEN = Problem(
    "release.broken",
    "",
    "เกิดข้อผิดพลาดของระบบระหว่างจัดเตรียม ยังไม่มีสิ่งใดเผยแพร่",
    "something went wrong in the program; nothing was published",
    "โปรดสั่งอีกครั้ง หากยังไม่สำเร็จ โปรดแจ้งผู้ดูแลระบบ",
    "Ask again; if it fails again, tell the administrator.",
)


@task()
def work(pk: int) -> None:
    """Prepare a release from the beginning, whatever an earlier attempt left behind."""
    with alone("release", pk) as mine:
        if mine:
            _work(pk)


def _work(pk: int) -> None:
    release = Release.objects.select_related("round", "result__file", "result__round", "by").filter(pk=pk).first()
    if release is None or not release.going:
        return
    problem: Problem | None = None
    try:
        _prepare(release)
    except ProngsaiError as error:
        problem = error.problems[0]
    except Exception:
        _LOG.exception("release %s", pk)
        problem = _BROKEN
    if problem:
        shutil.rmtree(release.staged, ignore_errors=True)
        release.lines.all().delete()
        release.state, release.problem = "failed", problem.as_json() | {"next_en": problem.next_en}
    else:
        release.state = "ready"
    # Asked for anew in the meantime: the row is gone, and what was made of it is nobody's.
    fields = {field.attname: getattr(release, field.attname) for field in Release._meta.concrete_fields}
    del fields["id"]
    if not Release.objects.filter(pk=pk, state="running").update(**fields):
        shutil.rmtree(release.staged, ignore_errors=True)


def _prepare(release: Release) -> None:
    """Scores first, then rows: each agency counts twice."""
    Release.objects.filter(pk=release.pk).update(state="running")

    def told(done: int, total: int) -> None:
        release.done, release.total = done, total * 2
        Release.objects.filter(pk=release.pk).update(done=release.done, total=release.total)

    gathered = gathered_again(release.result, told)
    agencies = len(gathered.scores.nation.numbers)
    make(release, gathered, lambda done: told(agencies + done, agencies))
    release.done = release.total = agencies * 2
