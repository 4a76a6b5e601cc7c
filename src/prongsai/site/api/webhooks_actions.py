"""What changes webhooks: adding, stopping and starting again, a new secret, a test, sending once more, removing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone

from prongsai.site.agencies.models import Agency
from prongsai.site.api.models import Delivery, Webhook
from prongsai.site.api.webhooks import TEST, event, locked, new_secret, unfit
from prongsai.site.api.webhooks_jobs import Outcome, send
from prongsai.site.history.action import Action, refuse
from prongsai.site.notices.send import draft, tell
from prongsai.site.people.models import Person, Role, RoleKind, now_in_force

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 10  # of one agency, or of all who see everything
_TESTS = 10  # events of a test that may wait at once


@dataclass(kw_only=True)
class AddWebhook(Action):
    """Tell an address of publications: of one agency, or of all (None). ``execute`` gives it and its secret."""

    of: Agency | None
    name: str
    url: str
    made: Webhook | None = field(default=None, init=False)

    code = "api.webhook_added"
    th = "{actor} เพิ่ม webhook “{name}” ไปยัง {url}"
    en = "{actor} added the webhook “{name}” to {url}"

    def agency(self) -> Agency | None:
        """Of which agency."""
        return self.of

    def subject(self) -> Webhook | None:
        """The webhook."""
        return self.made

    def check(self) -> None:
        """A public https address, once, and not too many."""
        if problem := unfit(self.url):
            raise problem
        known = Webhook.objects.filter(agency=self.of)
        if known.filter(url=self.url).exists():
            raise refuse(
                "webhook.twice",
                "มี webhook ไปยังที่อยู่นี้แล้ว",
                "there is a webhook to this address already",
                "หากต้องการเริ่มส่งใหม่ โปรดเปิดใช้รายการเดิม",
                "To begin again, start the one that is there.",
            )
        if known.count() >= MOST:
            raise refuse(
                "webhook.many",
                f"มี webhook ครบ {MOST} รายการแล้ว",
                f"there are {MOST} webhooks already",
                "โปรดลบรายการที่ไม่ใช้",
                "Remove those that are not used.",
            )

    def do(self) -> tuple[Webhook, str]:
        """Add it."""
        assert self.by is not None
        secret = new_secret()
        self.made = Webhook.objects.create(
            agency=self.of, name=self.name, url=self.url, secret=locked(secret), by=self.by
        )
        return self.made, secret

    def facts(self) -> dict[str, Any]:
        """Name and address."""
        return {"name": self.name, "url": self.url}


@dataclass(kw_only=True)
class _OfWebhook(Action):
    webhook: Webhook

    def agency(self) -> Agency | None:
        """Of which agency."""
        return self.webhook.agency

    def subject(self) -> Webhook | None:
        """The webhook."""
        return self.webhook

    def facts(self) -> dict[str, Any]:
        """Name and address."""
        return {"name": self.webhook.name, "url": self.webhook.url}


@dataclass(kw_only=True)
class StopWebhook(_OfWebhook):
    """Nothing more is sent until it is started again; what waits is given up."""

    code = "api.webhook_stopped"
    th = "{actor} หยุด webhook “{name}” ไปยัง {url}"
    en = "{actor} stopped the webhook “{name}” to {url}"

    def check(self) -> None:
        """Only once."""
        self.webhook.refresh_from_db(fields=["disabled_at"])
        if self.webhook.disabled_at:
            raise refuse("webhook.stopped", "webhook นี้หยุดอยู่แล้ว", "this webhook is stopped already")

    def do(self) -> None:
        """Stopped."""
        _stop(self.webhook)


@dataclass(kw_only=True)
class GiveUpWebhook(StopWebhook):
    """Nobody answered for days: the system stops, and tells the owner."""

    outcome: Outcome

    code = "api.webhook_given_up"
    th = "ระบบหยุด webhook “{name}” ไปยัง {url} เพราะส่งไม่สำเร็จติดต่อกัน ({reason})"
    en = "The webhook “{name}” to {url} was stopped, since nothing got through for days ({reason_en})"

    def check(self) -> None:
        """Always: a webhook that was stopped meanwhile stays so."""

    def do(self) -> None:
        """Stopped, marked, and told."""
        hook = self.webhook
        hook.failing = True
        _stop(hook)
        link = reverse("webhooks", args=[hook.agency.code]) if hook.agency else reverse("all_webhooks")
        subject, subject_en = f"หยุด webhook “{hook.name}” แล้ว", f"The webhook “{hook.name}” was stopped"
        text = f"ส่งไปยัง {hook.url} ไม่สำเร็จติดต่อกันหลายครั้ง ครั้งล่าสุด: {self.outcome.th}"
        text += " โปรดแก้ไขระบบปลายทาง แล้วเปิดใช้อีกครั้งที่หน้านี้"
        text_en = f"Nothing got through to {hook.url}; last: {self.outcome.en}. Mend the receiver, then start it again."
        key = f"webhook:{hook.pk}:{timezone.now():%Y%m%d%H%M}"
        tell(
            draft(person, key, subject, text, link, hook.agency).in_english(subject_en, text_en)
            for person in owners(hook)
        )

    def facts(self) -> dict[str, Any]:
        """And why."""
        return {**super().facts(), "reason": self.outcome.th, "reason_en": self.outcome.en}


def owners(hook: Webhook) -> Iterable[Person]:
    """Who is told about a webhook: the agency's administrators, or for all agencies who added it."""
    if hook.agency is None:
        return [hook.by]
    roles = Role.objects.filter(
        now_in_force(timezone.localdate()), agency=hook.agency, kind=RoleKind.AGENCY_ADMIN, person__is_active=True
    )
    people = {role.person_id: role.person for role in roles.select_related("person")}
    return list(people.values()) or [hook.by]


def _stop(hook: Webhook) -> None:
    hook.disabled_at = timezone.now()
    hook.save(update_fields=["disabled_at", "failing"])
    hook.deliveries.filter(state="waiting").update(state="failed", error="stopped")


@dataclass(kw_only=True)
class StartWebhook(_OfWebhook):
    """Send again; what was given up stays so and can be sent one by one."""

    code = "api.webhook_started"
    th = "{actor} เปิดใช้ webhook “{name}” ไปยัง {url} อีกครั้ง"
    en = "{actor} started the webhook “{name}” to {url} again"

    def check(self) -> None:
        """Only one that is stopped."""
        self.webhook.refresh_from_db(fields=["disabled_at"])
        if not self.webhook.disabled_at:
            raise refuse("webhook.running", "webhook นี้ใช้งานอยู่แล้ว", "this webhook is in use already")

    def do(self) -> None:
        """In use."""
        self.webhook.disabled_at, self.webhook.failing = None, False
        self.webhook.save(update_fields=["disabled_at", "failing"])


@dataclass(kw_only=True)
class RenewSecret(_OfWebhook):
    """Another secret signs from now on; what was signed with the old one is history."""

    code = "api.webhook_secret"
    th = "{actor} ออกกุญแจลับใหม่ของ webhook “{name}” ไปยัง {url}"
    en = "{actor} made a new secret for the webhook “{name}” to {url}"

    def do(self) -> str:
        """The secret, shown once."""
        secret = new_secret()
        self.webhook.secret = locked(secret)
        self.webhook.save(update_fields=["secret"])
        return secret


@dataclass(kw_only=True)
class RemoveWebhook(_OfWebhook):
    """The address and the log of what was sent to it are gone."""

    code = "api.webhook_removed"
    th = "{actor} ลบ webhook “{name}” ไปยัง {url}"
    en = "{actor} removed the webhook “{name}” to {url}"

    def subject(self) -> None:
        """It is gone."""

    def do(self) -> None:
        """Gone."""
        self.webhook.delete()


@dataclass(kw_only=True)
class TestWebhook(_OfWebhook):
    """Send an event that says nothing, to see whether it arrives."""

    __test__ = False  # no test of ours

    code = "api.webhook_tested"
    th = "{actor} ส่งข้อความทดสอบไปยัง webhook “{name}” ({url})"
    en = "{actor} sent a test to the webhook “{name}” ({url})"

    def check(self) -> None:
        """Only one in use, and not over and over."""
        _in_use(self.webhook)
        if self.webhook.deliveries.filter(kind=TEST, state="waiting").count() >= _TESTS:
            raise refuse(
                "webhook.tests",
                "มีข้อความทดสอบรอส่งอยู่หลายรายการแล้ว",
                "several tests are waiting to be sent",
                "โปรดรอสักครู่ แล้วดูผลในบันทึกการส่ง",
                "Wait a little, then look at the log.",
            )

    def do(self) -> Delivery:
        """On its way."""
        told = {"agency": {"code": self.webhook.agency.code}} if self.webhook.agency else {}
        number, body = event(TEST, told)
        made = Delivery.objects.create(webhook=self.webhook, event=number, kind=TEST, body=body)
        send.enqueue(made.pk)
        return made


@dataclass(kw_only=True)
class ResendDelivery(Action):
    """Send an event once more, with the same id and text and a fresh signature."""

    delivery: Delivery

    code = "api.webhook_resent"
    th = "{actor} ส่งเหตุการณ์ {kind} ({event}) ไปยัง webhook “{name}” อีกครั้ง"
    en = "{actor} had the event {kind} ({event}) sent to the webhook “{name}” again"

    def agency(self) -> Agency | None:
        """Of which agency."""
        return self.delivery.webhook.agency

    def subject(self) -> Delivery:
        """The delivery."""
        return self.delivery

    def check(self) -> None:
        """Not one that waits already, nor to a webhook that is stopped."""
        _in_use(self.delivery.webhook)
        now = Delivery.objects.select_for_update().get(pk=self.delivery.pk)
        if now.state == "waiting":
            raise refuse("webhook.waiting", "รายการนี้รอส่งอยู่แล้ว", "this one waits to be sent already")

    def do(self) -> None:
        """Begin anew."""
        one = self.delivery
        one.state, one.tries, one.next_try, one.error = "waiting", 0, timezone.now(), ""
        one.save(update_fields=["state", "tries", "next_try", "error"])
        send.enqueue(one.pk)

    def facts(self) -> dict[str, Any]:
        """Which event, to where."""
        one = self.delivery
        return {"kind": one.kind, "event": str(one.event), "name": one.webhook.name}


def _in_use(hook: Webhook) -> None:
    hook.refresh_from_db(fields=["disabled_at"])
    if hook.disabled_at:
        raise refuse(
            "webhook.stopped",
            "webhook นี้หยุดอยู่",
            "this webhook is stopped",
            "โปรดเปิดใช้ก่อน",
            "Start it first.",
        )
