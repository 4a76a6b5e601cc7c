"""Workers of the queue, and what becomes of a job whose worker was killed: it goes back into the queue.

A worker holds a lock of the operating system for as long as it lives, under the name that it leaves on the jobs it
takes. So nobody waits for a time to lapse, and no job is taken from a worker that is only slow. Jobs can be begun
again at any point: each says so where it is written.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import logging
import platform
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from prongsai.disk import hold

TRIES = 3  # workers that a job may bring down before it is left alone
LONGEST_WAIT = dt.timedelta(days=3)  # of any job; the longest pause between two tries of a webhook is two days
_KEPT_FOR = 30 * 86_400.0  # seconds that the lock of an ended job stays
_HERE = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
log = logging.getLogger(__name__)


@contextlib.contextmanager
def worker() -> Iterator[str]:
    """Be a worker while the block lasts; gives the name that it takes jobs by."""
    name = f"{_HERE}-{secrets.token_hex(8)}"
    lock = hold(_place(name))
    assert lock is not None  # a name of its own
    try:
        yield name
    finally:
        lock.close()
        _place(name).unlink(missing_ok=True)


def put_back(me: str) -> int:
    """Queue again what is marked as running and is not, this worker having nothing in hand; returns how many.

    A job that brought down ``TRIES`` workers fails instead, and an administrator decides. What was put off to a day far
    ahead (by a clock that was wrong) becomes due.
    """
    back = 0
    for job in DBTaskResult.objects.running():
        last = job.worker_ids[-1] if job.worker_ids else ""
        if last != me and _lives(last):
            continue
        still = DBTaskResult.objects.running().filter(pk=job.pk, started_at=job.started_at)
        if len(job.worker_ids) >= TRIES:
            log.error("job %s brought down %d workers and is left alone", job.task_path, len(job.worker_ids))
            job.set_failed(RuntimeError(f"{len(job.worker_ids)} workers ended in the middle of it"))
        elif still.update(status="READY"):
            log.warning("job %s goes back into the queue: its worker has ended", job.task_path)
            back += 1
    far = timezone.now() + LONGEST_WAIT
    DBTaskResult.objects.filter(status="READY", run_after__gt=far).exclude(run_after__year=9999).update(
        run_after=timezone.now()
    )
    return back


def sweep() -> None:
    """Remove locks of jobs that ended long ago; for the hourly turn."""
    for path in (settings.DATA / "locks").glob("*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > _KEPT_FOR and (lock := hold(path)):
                path.unlink()
                lock.close()


def _lives(name: str) -> bool:
    """Whether a worker of that name lives, by its lock in the data folder, whatever this machine is called by now.

    Where there is no lock, none of this machine's lives; of another machine's nothing is known, so it is left alone.
    """
    path = _place(name)
    if not path.exists():
        return "-" in name and not name.startswith(_HERE)
    lock = hold(path)
    if lock is None:
        return True
    lock.close()
    path.unlink(missing_ok=True)
    return False


def _place(name: str) -> Path:
    return Path(settings.DATA) / "locks" / f"worker-{name}"
