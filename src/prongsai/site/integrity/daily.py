"""The history verified each day: what is new since the last time, and a part of the rest drawn at random.

What was found whole is kept as a signed head in a file beside the key (``HEADS``), a line a verification. The next one
begins there. Whoever can write the database but not that file can neither shorten what is looked at, nor make what was
verified anew: each line holds like a head that was posted.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from django.conf import settings
from django_tasks import task

from prongsai.errors import InputError
from prongsai.ledger.head import Head, read_heads
from prongsai.ledger.verify import Finding
from prongsai.site.history import chain, vouched
from prongsai.site.history.keys import known_keys
from prongsai.site.integrity.models import Posting, Verification

PART = 20_000  # older links that are looked at again each time: half a second or so each ten thousand


def verify(*, everything: bool = False) -> Verification:
    """Verify, and write down what was found; ``everything``: from the first link."""
    chain.extend()
    kept = kept_heads()
    start = kept[-1] if kept and not everything else None
    posted, broken = _posted()
    checked = chain.check([*kept[-1:], *posted], start=start)
    report, first = checked.report, checked.report.links - checked.report.looked
    findings, sampled = [*report.findings, *broken], 0
    if first > 0:
        after = secrets.randbelow(max(1, first - PART + 1))
        until = min(first, after + PART)
        sampled = until - after
        findings += chain.check_part(after, until)
        findings += vouched.look(after, {one.number for one in findings}, until=until)
    findings = list(dict.fromkeys(findings))
    found = Verification.objects.create(
        first=first,
        last=report.links,
        sampled=sampled,
        erased=report.erased,
        findings=[[one.number, one.name, one.fault] for one in sorted(findings, key=lambda one: one.number)],
    )
    now = chain.head(report.links) if found.whole and report.links else None
    if now and now.hash == report.last and (not kept or kept[-1].number < now.number):
        _keep(now)
    return found


def _posted() -> tuple[list[Head], list[Finding]]:
    """The posted heads, and the rows of the register that hold none any more: somebody changed them."""
    heads, broken = [], []
    for one in Posting.objects.all():
        try:
            heads.append(one.head)
        except InputError:
            broken.append(Finding(one.number, f"{one._meta.label_lower}:{one.pk} line", "covered"))
    return heads, broken


def kept_heads() -> list[Head]:
    """What earlier verifications kept, oldest first; lines not signed by a known key, or cut off, are left out."""
    try:
        lines = heads_file().read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return []
    heads, keys = [], known_keys()
    for line in lines:
        with contextlib.suppress(InputError):
            heads += [head for head in read_heads(line, str(heads_file())) if head.by(keys)]
    return heads


def heads_file() -> Path:
    """Beside the key that seals."""
    path: Path = settings.LEDGER_KEY
    return path.with_name("ledger-heads.txt")


def _keep(head: Head) -> None:
    with heads_file().open("a", encoding="ascii") as file:
        file.write(f"\n{head.line()}\n")  # a line of its own also behind one that a full disk cut off
        file.flush()
        os.fsync(file.fileno())


@task()
def work() -> None:
    """Once a day, whoever asks how often."""
    from django.utils import timezone

    if not Verification.objects.filter(at__date=timezone.localdate()).exists():
        verify()
