"""Telling someone something: the notice is kept at once, and a job sends it, again and again if it must."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from prongsai.site.notices.channels import channel
from prongsai.site.notices.models import Notice

if TYPE_CHECKING:
    from prongsai.site.agencies.models import Agency
    from prongsai.site.people.models import Person

WAITS = (dt.timedelta(minutes=5), dt.timedelta(minutes=30), dt.timedelta(hours=4), dt.timedelta(hours=4))
TRIES = len(WAITS) + 1
_CLAIM = dt.timedelta(minutes=10)  # longer than any mail server keeps one waiting
_FAR = dt.timedelta(days=1)  # longer than any of the waits
_LONGEST = {"subject": 300, "error": 500}
_LOG = logging.getLogger(__name__)


def draft(to: Person, key: str, subject: str, text: str, link: str = "", agency: Agency | None = None) -> Notice:
    """A message that is not kept yet. ``key``: what it is about; the same person hears of it once."""
    return Notice(
        to=to,
        agency=agency,
        key=f"{key}:{to.pk}"[:120],
        subject=subject[: _LONGEST["subject"]],
        text=text,
        link=link,
        channel="email" if to.email else "site",
    )


def tell(notices: Iterable[Notice]) -> list[Notice]:
    """Keep messages and have them sent; those whose key is known already are left out. Returns the new ones."""
    wanted = {notice.key: notice for notice in notices}
    with transaction.atomic():
        known = set(Notice.objects.filter(key__in=wanted).values_list("key", flat=True))
        new = [notice for key, notice in wanted.items() if key not in known]
        Notice.objects.bulk_create(new, ignore_conflicts=True)
        kept = list(Notice.objects.filter(key__in=[notice.key for notice in new]).order_by("pk"))
        for notice in kept:
            deliver.enqueue(notice.pk)
    return kept


@task()
def deliver(pk: int) -> None:
    """Send one message if it is waiting and its time has come; after a failure try again later, five times in all.

    The claim keeps two workers from sending it twice; it lapses, so that one that was killed loses nothing.
    """
    now = timezone.now()
    far = Q(next_try__gt=now + _FAR)  # put off by a clock that was wrong
    waiting = Notice.objects.filter(Q(next_try__lte=now) | far, pk=pk, state="waiting")
    if not waiting.update(next_try=now + _CLAIM):
        return
    notice = Notice.objects.select_related("to").get(pk=pk)
    try:
        channel(notice.channel).send(notice)
    except Exception as error:
        _failed(notice, error, now)
    else:
        notice.state, notice.sent_at, notice.error = "sent", timezone.now(), ""
        notice.tries += 1
        notice.save()


def _failed(notice: Notice, error: Exception, now: dt.datetime) -> None:
    _LOG.warning("notice %s: %s", notice.pk, type(error).__name__)
    notice.tries += 1
    notice.error = f"{type(error).__name__}: {error}"[: _LONGEST["error"]]
    if notice.tries >= TRIES:
        notice.state = "failed"
        notice.save()
        return
    notice.next_try = now + WAITS[notice.tries - 1]
    notice.save()
    deliver.using(run_after=notice.next_try).enqueue(notice.pk)


def send_again(notice: Notice) -> None:
    """Begin anew with a message that was given up."""
    notice.state, notice.tries, notice.next_try = "waiting", 0, timezone.now()
    notice.save()
    deliver.enqueue(notice.pk)


def overdue() -> list[int]:
    """Messages whose time has come although no job took them (a worker was killed)."""
    waiting = Notice.objects.filter(state="waiting", next_try__lte=timezone.now())
    return list(waiting.values_list("pk", flat=True)[:1000])
