"""Sending events: one guarded POST a try, no redirects, little time; again and again, but not for ever."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread

import httpcore
import httpx
from django.db.models import Q
from django.utils import timezone
from django_tasks import task

from prongsai.evidence.network import GuardedTransport, Network, Refused
from prongsai.site.api.models import Delivery
from prongsai.site.api.webhooks import headers, unlocked

# Four times as long after each failure, then one more after two days: eight tries within three days.
WAITS = (*(dt.timedelta(minutes=4**step) for step in range(6)), dt.timedelta(days=2))
TRIES = len(WAITS) + 1
SECONDS = 15.0  # for one try with all that belongs to it
STEP = 10.0  # for one connection or one read
GONE = 410  # says for good that nobody listens there
_CLAIM = dt.timedelta(minutes=2)  # longer than a try can take
_FAR = dt.timedelta(days=3)  # longer than any of the waits
_LOG = logging.getLogger(__name__)
_FAULTS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpx.HTTPError,
    httpx.StreamError,
    OSError,
)


def network() -> Network:
    """Where events may go: the public web. Tests alone give another."""
    return Network()


@dataclass(frozen=True)
class Outcome:
    """What came of a try. ``code`` is empty where an answer of 200 to 299 came."""

    status: int | None
    code: str = ""
    th: str = ""
    en: str = ""


@task()
def send(pk: int) -> None:
    """Try a delivery whose time has come.

    The claim keeps two workers from sending at once. The next try is in the queue before this one begins: of a worker
    that is killed here, only a little time is lost.
    """
    now = timezone.now()
    far = Q(next_try__gt=now + _FAR)  # put off by a clock that was wrong
    waiting = Delivery.objects.filter(Q(next_try__lte=now) | far, pk=pk, state="waiting", webhook__disabled_at=None)
    if not waiting.update(next_try=now + _CLAIM):
        return
    send.using(run_after=now + _CLAIM).enqueue(pk)
    delivery = Delivery.objects.select_related("webhook__agency", "webhook__by").get(pk=pk)
    _note(delivery, attempt(delivery), now)


def _note(delivery: Delivery, outcome: Outcome, now: dt.datetime) -> None:
    """Write down what came of it; the next try, or the end."""
    from prongsai.site.api.webhooks_actions import GiveUpWebhook

    delivery.tries += 1
    delivery.tried_at, delivery.status = now, outcome.status
    delivery.error, delivery.error_th, delivery.error_en = outcome.code[:60], outcome.th[:300], outcome.en[:300]
    hook = delivery.webhook
    if not outcome.code:
        delivery.state = "sent"
        delivery.save()
        if hook.failing:
            hook.failing = False
            hook.save(update_fields=["failing"])
        return
    _LOG.warning("webhook delivery %s: %s", delivery.pk, outcome.code)
    again = delivery.tries < TRIES and outcome.status != GONE
    if again:
        delivery.next_try = now + WAITS[delivery.tries - 1]
    else:
        delivery.state = "failed"
    delivery.save()
    if again:
        send.using(run_after=delivery.next_try).enqueue(delivery.pk)
    elif not _answered_since(delivery):
        GiveUpWebhook(by=None, webhook=hook, outcome=outcome).execute()


def _answered_since(delivery: Delivery) -> bool:
    """Whether anything got through to the same address after this delivery was begun."""
    return delivery.webhook.deliveries.filter(state="sent", tried_at__gte=delivery.at).exists()


def attempt(delivery: Delivery) -> Outcome:
    """One try, now. In a thread of its own, since an event loop must not meet the database."""
    secret = unlocked(delivery.webhook.secret)
    if secret is None:
        return Outcome(
            None,
            "secret_lost",
            "อ่านกุญแจลับของ webhook ไม่ได้ โปรดออกกุญแจใหม่",
            "the webhook's secret cannot be read any more: make a new one",
        )
    body = delivery.body.encode()
    sent = headers(secret, str(delivery.event), int(time.time()), body)
    found: list[Outcome] = []
    worker = Thread(target=lambda: found.append(asyncio.run(_post(delivery.webhook.url, body, sent, network()))))
    worker.start()
    worker.join()
    return found[0] if found else Outcome(None, "failed", "ระบบขัดข้องขณะส่ง", "sending failed on our side")


async def _post(url: str, body: bytes, sent: Mapping[str, str], through: Network) -> Outcome:
    try:
        if through.vetted(url).scheme != "https":
            raise Refused("not_https", "ที่อยู่ต้องขึ้นต้นด้วย https://", "the address must begin with https://")
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(
                transport=GuardedTransport(through, 1), trust_env=False, follow_redirects=False, timeout=STEP
            ) as client,
            client.stream("POST", url, content=body, headers=dict(sent)) as answer,
        ):
            return _judged(answer.status_code)
    except Refused as error:
        return Outcome(None, error.code, error.th, error.en)
    except (TimeoutError, httpx.TimeoutException, httpcore.TimeoutException):
        return Outcome(None, "timeout", f"ไม่ได้รับคำตอบภายใน {SECONDS:g} วินาที", f"no answer within {SECONDS:g} seconds")
    except _FAULTS as error:
        return Outcome(None, "connection", "เชื่อมต่อระบบปลายทางไม่ได้ หรือใบรับรองใช้ไม่ได้", f"{type(error).__name__}: {error}")


def _judged(status: int) -> Outcome:
    """Only 200 to 299 says that it arrived; where a redirect leads nobody vetted and signed for."""
    if 200 <= status < 300:
        return Outcome(status)
    if 300 <= status < 400:
        words = f"ปลายทางตอบ {status} ให้ไปที่อื่น ระบบไม่ตามไป", f"answered {status}: redirects are not followed"
        return Outcome(status, "redirect", *words)
    return Outcome(status, "answer", f"ปลายทางตอบ {status}", f"answered {status}")
