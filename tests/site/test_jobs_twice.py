"""A job that is in the queue twice, or whose worker was killed: done once, and begun again by the next worker."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from published import fill

from prongsai.disk import hold
from prongsai.site.base import steady
from prongsai.site.base.jobs import alone
from prongsai.site.inspection.jobs import look
from prongsai.site.inspection.models import CheckRun
from prongsai.site.nation.jobs import work as gather
from prongsai.site.nation.models import NationJob, NationResult
from prongsai.site.notices import workers
from prongsai.site.notices.models import Notice
from prongsai.site.notices.send import deliver, draft, tell
from prongsai.site.notices.workers import TRIES, put_back, worker
from prongsai.site.opendata.jobs import work as prepare
from prongsai.site.opendata.models import Release
from prongsai.site.surveys.jobs import work as everywhere
from prongsai.site.surveys.models import Job, JobKind


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path


def test_only_one_worker_is_at_a_job(cast: Cast) -> None:
    """The second of two workers leaves the job alone, whichever kind; afterwards it is done by whoever comes."""
    by = cast.people["assessor"]
    nation = NationJob.objects.create(round=cast.round, by=by)
    surveys = Job.objects.create(round=cast.round, kind=JobKind.PREPARE, by=by)
    links = CheckRun.objects.create(assessment=cast.assessment, occasion="asked", by=by)
    for kind, task, row in (("nation", gather, nation), ("surveys", everywhere, surveys), ("look", look, links)):
        with alone(kind, row.pk) as mine:
            assert mine
            task.func(row.pk)
            row.refresh_from_db()
            assert row.state == "waiting", kind
        task.func(row.pk)
        row.refresh_from_db()
        assert row.state == "done", kind


def test_a_release_prepared_twice_is_prepared_once(cast: Cast) -> None:
    fill(cast, cast.round)
    job = NationJob.objects.create(round=cast.round, by=cast.people["assessor"])
    gather.func(job.pk)
    gather.func(job.pk)
    result = NationResult.objects.get()
    made = Release.objects.create(
        round=cast.round, revision=1, result=result, framework_id=result.framework_id,
        framework_version=result.framework_version, by=cast.people["assessor"],
    )  # fmt: skip
    with alone("release", made.pk):
        prepare.func(made.pk)
        assert Release.objects.get().state == "waiting"
    prepare.func(made.pk)
    prepare.func(made.pk)
    made.refresh_from_db()
    assert made.state == "ready"
    assert (made.staged / "files").is_dir()


def test_a_lock_ends_with_the_process_that_holds_it(tmp_path: Path) -> None:
    held = tmp_path / "locks" / "nation-1"
    code = "import sys, time; from pathlib import Path; from prongsai.disk import hold; l = hold(Path(sys.argv[1])); print(l is not None, flush=True); time.sleep(60)"  # noqa: E501
    other = subprocess.Popen([sys.executable, "-c", code, str(held)], stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "True\n"
    with alone("nation", 1) as mine:
        assert not mine
    other.kill()
    other.wait()
    other.stdout.close()
    with alone("nation", 1) as mine:
        assert mine


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_killed_worker_is_begun_again(cast: Cast) -> None:
    (notice,) = tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    job = DBTaskResult.objects.get()
    with worker() as dead:
        pass
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=[dead])
    call_command("work", once=True)
    notice.refresh_from_db()
    job.refresh_from_db()
    assert notice.state == "sent"
    assert job.status == "SUCCESSFUL"
    assert len(job.worker_ids) == 2


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_living_worker_is_left_to_it_and_one_that_kills_is_left_alone(cast: Cast) -> None:
    deliver.enqueue(0)
    with worker() as lives, worker() as me:
        DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=[lives])
        assert put_back(me) == 0
        DBTaskResult.objects.update(worker_ids=[me])  # the database was away when it should have been noted
        assert put_back(me) == 1
        dead = [f"{me[:9]}{n:016x}" for n in range(TRIES)]
        DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=dead)
        assert put_back(me) == 0
    job = DBTaskResult.objects.get()
    assert job.status == "FAILED"
    assert "3 workers ended in the middle of it" in job.traceback


@pytest.mark.django_db(transaction=True)
def test_a_machine_that_got_another_name_takes_up_what_its_killed_worker_left() -> None:
    """As a container that is made anew: its data folder, with the worker's lock in it, stays."""
    deliver.enqueue(0)
    before = "0123abcd-" + "0" * 16
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=[before])
    with worker() as me:
        assert put_back(me) == 0, "nothing here is known of it"
        lock = hold(workers._place(before))
        assert lock is not None
        assert put_back(me) == 0, "it lives"
        lock.close()  # killed
        assert put_back(me) == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_wrong_clock_put_off_becomes_due(cast: Cast) -> None:
    (notice,) = tell([draft(cast.officer, "k", "เรื่อง", "ข้อความ")])
    far = timezone.now() + dt.timedelta(days=366)
    Notice.objects.update(next_try=far)
    DBTaskResult.objects.update(run_after=far)
    call_command("work", once=True)
    notice.refresh_from_db()
    assert notice.state == "sent"


def test_after_a_jump_of_the_clock_the_calendar_waits_an_hour(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wall, run = [1_000_000.0], [500.0]
    monkeypatch.setattr(steady.time, "time", lambda: wall[0])
    monkeypatch.setattr(steady, "_running", lambda: run[0])

    def later(seconds: float, jump: float = 0.0) -> None:
        wall[0], run[0] = wall[0] + seconds + jump, run[0] + seconds

    clock = steady.Steady("work")
    assert clock()
    later(3600)
    assert clock()  # a long turn is no jump
    for jump in (365 * 86_400, -365 * 86_400, 3600, -3600):
        later(10, jump)
        assert not clock(), jump
        later(steady.WAIT - 1)
        assert not clock(), jump
        later(2)
        assert clock(), jump
    later(0, steady.AWAY + 60)
    again = steady.Steady("work")  # begun anew: longer away than any office is closed
    assert not again()
    later(steady.WAIT + 1)
    assert again()
    later(3 * 86_400)
    assert steady.Steady("work")()  # off over the weekend
    later(0, -3600)
    assert not steady.Steady("work")()


def test_a_doubted_clock_is_believed_after_an_hour_also_by_processes_that_end_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    """Under cron each turn is a process of its own; a worker may be restarted in the hour of doubt."""
    settings.DATA = tmp_path
    wall, run = [1_000_000.0], [500.0]
    monkeypatch.setattr(steady.time, "time", lambda: wall[0])
    monkeypatch.setattr(steady, "_running", lambda: run[0])

    def later(seconds: float, jump: float = 0.0) -> None:
        wall[0], run[0] = wall[0] + seconds + jump, run[0] + seconds

    assert steady.Steady("remind")()
    later(steady.AWAY + 60)
    for _ in range(3):
        assert not steady.Steady("remind")()
        later(steady.WAIT / 4)
    later(steady.WAIT / 2)
    assert steady.Steady("remind")()
    later(86_400)
    clock = steady.Steady("remind")
    assert clock()
    later(10, 3600)
    assert not clock()
    later(10)
    assert not steady.Steady("remind")(), "whoever is restarted still doubts"
    later(10, -3600)
    assert steady.Steady("remind")(), "the clock was set right"


def test_what_runs_beside_the_site_is_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    from prongsai.site.operation import beside

    monkeypatch.setattr(beside, "SOON", 0.05)
    begun: list[subprocess.Popen[bytes]] = []

    def begin(_self: Any) -> subprocess.Popen[bytes]:
        begun.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        return begun[-1]

    monkeypatch.setattr(beside._Kept, "_begin", begin)
    with beside.beside(("work",)):
        for n in range(2):
            os.kill(begun[n].pid, 9)
            end = time.monotonic() + 20
            while len(begun) < n + 2:
                assert time.monotonic() < end
                time.sleep(0.02)
    assert len(begun) == 3
    assert begun[-1].poll() is not None


def test_no_room_for_a_new_process_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the memory is short, which is what killed it."""
    from prongsai.site.operation import beside

    monkeypatch.setattr(beside, "SOON", 0.05)
    begun: list[subprocess.Popen[bytes] | None] = []

    def begin(_self: Any) -> subprocess.Popen[bytes]:
        if len(begun) == 1:
            begun.append(None)
            raise BlockingIOError("no room")
        made = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        begun.append(made)
        return made

    monkeypatch.setattr(beside._Kept, "_begin", begin)
    with beside.beside(("work",)):
        assert begun[0]
        begun[0].kill()
        end = time.monotonic() + 20
        while len(begun) < 3:
            assert time.monotonic() < end
            time.sleep(0.02)
    assert begun[2]
    assert begun[2].poll() is not None
