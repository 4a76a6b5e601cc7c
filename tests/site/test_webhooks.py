"""Webhooks: signed, sent through the guard, tried again but not for ever; against real servers on this machine.

Loopback may be reached only because the fixture hands the job another ``Network``; nothing else opens it.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from api_write_world import just_signed_in
from cast import Cast
from django.test import Client
from django.utils import timezone
from webhook_world import HOST, Place, a_place, an_authority, later, release, work  # noqa: F401 - fixtures

from prongsai.evidence.network import Network
from prongsai.site.api import webhooks_jobs
from prongsai.site.api.models import Delivery, Webhook
from prongsai.site.api.webhooks import PUBLISHED, WITHDRAWN, signature, unlocked
from prongsai.site.api.webhooks_actions import AddWebhook, ResendDelivery, StopWebhook, TestWebhook
from prongsai.site.api.webhooks_jobs import TRIES, WAITS, send
from prongsai.site.api.write_docs import PROGRAMS
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.notices.models import Notice
from prongsai.site.opendata import signals
from prongsai.site.opendata.models import Release

Of = Callable[[str], Client]
DOC = Path(__file__).parents[2] / "docs" / "api-write.md"


def words(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def add(cast: Cast, url: str, of: Any = "own", name: str = "เว็บไซต์") -> tuple[Webhook, str]:
    who, agency = (cast.agency_admin, cast.agency) if of == "own" else (cast.assessor, None)
    made: tuple[Webhook, str] = AddWebhook(by=who, of=agency, name=name, url=url).execute()
    return made


def receiver(secret: str) -> Any:
    """The receiver of the documentation, as it stands there."""
    code = (PROGRAMS / "receiver.txt").read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    exec(code, names)  # our own documentation, tested by running it
    return names["Receiver"](secret)


def test_the_documentation_shows_the_programs_that_are_tested(db: None) -> None:
    shown = re.findall(r"```python\n(.*?)```", DOC.read_text(encoding="utf-8"), re.DOTALL)
    kept = [(PROGRAMS / f"{name}.txt").read_text(encoding="utf-8") for name in ("links", "receiver")]
    assert shown == kept
    page = words(Client().get("/api/docs/writing/"))
    assert all(one in page for one in kept)


# --- what is sent


def test_a_publication_arrives_signed_and_the_documented_receiver_takes_it_once(cast: Cast, place: Place) -> None:
    _, secret = add(cast, place.url)
    signals.published.send(sender=Release, release=release(cast, "muang", "other"))
    work()
    ((headers, body),) = place.got
    takes = receiver(secret)
    assert takes.accept(headers, body)
    assert not takes.accept(headers, body)  # played again
    earlier = str(int(headers["webhook-timestamp"]) - 1)
    for changed in ({**headers, "webhook-id": "x"}, {**headers, "webhook-timestamp": earlier}):
        with pytest.raises(PermissionError, match="not signed"):
            receiver(secret).accept(changed, body)
    with pytest.raises(PermissionError, match="not signed"):
        receiver(secret).accept(headers, body.replace(b"2568", b"2569"))
    old = int(time.time()) - 301
    signed = {**headers, "webhook-timestamp": str(old)}
    signed["webhook-signature"] = signature(secret, headers["webhook-id"], old, body)
    with pytest.raises(PermissionError, match="too old"):
        receiver(secret).accept(signed, body)
    told = json.loads(body)
    assert (told["id"], told["type"]) == (headers["webhook-id"], PUBLISHED)
    assert told["data"]["revision"] == 3
    assert told["data"]["agency"]["page"].endswith("/results/muang/2568/")
    assert Delivery.objects.get().state == "sent"


def test_only_those_are_told_whom_it_concerns(cast: Cast, place: Place) -> None:
    add(cast, place.url)
    add(cast, f"{place.url}?all", of=None)
    stopped, _ = add(cast, f"{place.url}?stopped", of=None)
    StopWebhook(by=cast.assessor, webhook=stopped).execute()
    signals.published.send(sender=Release, release=release(cast, "other"))
    (one,) = Delivery.objects.all()
    assert one.webhook.agency is None
    assert "agency" not in json.loads(one.body)["data"]
    signals.withdrawn.send(sender=Release, release=Release.objects.get())
    assert list(Delivery.objects.values_list("kind", flat=True)) == [WITHDRAWN, PUBLISHED]


def test_what_is_told_stands_or_falls_with_the_publication(cast: Cast, place: Place) -> None:
    from django.db import transaction

    add(cast, place.url)
    made = release(cast, "muang")
    with transaction.atomic():
        signals.published.send(sender=Release, release=made)
        transaction.set_rollback(True)
    work()
    assert not Delivery.objects.exists()
    assert place.got == []


# --- what does not get through


def test_tries_again_later_and_later(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    place.answers = [500, 503, 200]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    work()
    one = Delivery.objects.get()
    assert (one.state, one.tries, one.status, one.error) == ("waiting", 1, 500, "answer")
    assert one.tried_at is not None
    assert one.next_try - one.tried_at == WAITS[0]
    work()  # its time has not come
    assert len(place.got) == 1
    later()
    one.refresh_from_db()
    assert one.tries == 2
    assert one.tried_at is not None
    assert one.next_try - one.tried_at == WAITS[1]
    later()
    one.refresh_from_db()
    assert (one.state, one.tries, one.status) == ("sent", 3, 200)
    ids = {headers["webhook-id"] for headers, _ in place.got}
    assert len(ids) == 1
    assert all(later_ > earlier for earlier, later_ in pairwise(WAITS))


def test_stops_after_days_and_says_so(cast: Cast, place: Place, client_of: Of) -> None:
    hook, _ = add(cast, place.url)
    place.answers = [500]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    for _ in range(TRIES):
        later()
    one = Delivery.objects.get()
    assert (one.state, one.tries, len(place.got)) == ("failed", TRIES, TRIES)
    hook.refresh_from_db()
    assert hook.disabled_at
    assert hook.failing
    notice = Notice.objects.get(to=cast.agency_admin)
    assert "หยุด webhook “เว็บไซต์” แล้ว" in notice.subject
    assert "ปลายทางตอบ 500" in notice.text
    assert "ระบบหยุด webhook “เว็บไซต์”" in sentence(Entry.objects.filter(action="api.webhook_given_up").get())
    page = words(client_of("agency_admin").get(f"/webhooks/{hook.pk}/"))
    assert "หยุดแล้ว ส่งไม่สำเร็จ" in page
    assert "ปลายทางตอบ 500" in page
    with pytest.raises(Refused):
        TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    place.answers = [200]
    assert client_of("agency_admin").post(f"/webhooks/{hook.pk}/start/").status_code == 302
    assert client_of("agency_admin").post(f"/deliveries/{one.pk}/resend/").status_code == 302
    work()
    one.refresh_from_db()
    assert (one.state, one.tries) == ("sent", 1)


def test_one_lost_event_does_not_stop_what_else_gets_through(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    place.answers = [500]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    for _ in range(TRIES - 1):
        later()
    lost = Delivery.objects.get()
    place.answers = [200]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    send.func(Delivery.objects.order_by("pk")[1].pk)
    place.answers = [500]
    later()
    lost.refresh_from_db()
    hook.refresh_from_db()
    assert lost.state == "failed"
    assert hook.disabled_at is None
    assert not Notice.objects.exists()


def test_gone_is_gone(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    place.answers = [410]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    work()
    hook.refresh_from_db()
    assert hook.disabled_at
    assert Delivery.objects.get().state == "failed"


def test_redirects_are_not_followed(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    place.answers = [302]
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    work()
    assert len(place.got) == 1
    assert Delivery.objects.get().error == "redirect"


def test_slow_and_endless_answers_take_little(
    cast: Cast, place: Place, authority: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    small, _, tls = authority
    hook, _ = add(cast, place.url)

    def sleepy(handler: Any) -> None:
        time.sleep(10)
        handler.send_response(200)
        handler.end_headers()

    with small.serving(tls) as world:
        world.answers["/slow"], world.answers["/endless"] = sleepy, small.endless
        for path, seconds, state in (("slow", 0.5, "waiting"), ("endless", webhooks_jobs.SECONDS, "sent")):
            monkeypatch.setattr(webhooks_jobs, "SECONDS", seconds)
            Webhook.objects.filter(pk=hook.pk).update(url=f"https://{HOST}:{world.port}/{path}")
            TestWebhook(by=cast.agency_admin, webhook=hook).execute()
            begun = time.monotonic()
            work()
            assert time.monotonic() - begun < 8
            assert Delivery.objects.first().state == state  # type: ignore[union-attr]
    assert Delivery.objects.last().error == "timeout"  # type: ignore[union-attr]


def test_a_certificate_for_another_name_is_refused(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url.replace(HOST, "other.example.test"))
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    work()
    assert place.got == []
    assert Delivery.objects.get().error == "connection"


# --- the guard as it is outside tests


BAD = (
    "http://hooks.example.go.th/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://10.0.0.7/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://[::ffff:192.168.1.1]/x",
    "https://localhost/x",
    "https://user:password@hooks.example.go.th/x",
    "https://hooks.example.go.th:8443/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "hooks.example.go.th",
    "https://" + "x" * 2000,
    "",
)


def test_addresses_that_are_none_of_ours(cast: Cast, client_of: Of) -> None:
    client = just_signed_in(client_of("agency_admin"))
    for url in BAD:
        answer = client.post("/agencies/muang/webhooks/add/", {"name": "x", "url": url})
        assert answer.status_code == 422, url
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("url", "error"),
    [("https://inner.example.test/x", "address_private"), ("http://inner.example.test/x", "not_https")],
)
def test_a_name_that_leads_inside_is_refused_when_it_is_sent(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, url: str, error: str
) -> None:
    """A name may have led elsewhere when it was typed: only the address at the moment of sending counts."""

    async def inside(host: str, port: int) -> list[str]:
        return ["192.168.1.1"]

    monkeypatch.setattr(webhooks_jobs, "network", lambda: Network(resolve=inside))
    hook, _ = add(cast, "https://inner.example.test/x")
    Webhook.objects.update(url=url)
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    work()
    assert Delivery.objects.get().error == error


def test_without_the_tests_the_guard_is_the_one_of_the_evidence() -> None:
    made, usual = webhooks_jobs.network(), Network()
    assert (made.resolve, made.may_connect, made.may_use_port) == (
        usual.resolve,
        usual.may_connect,
        usual.may_use_port,
    )


# --- the worker


def test_two_workers_send_it_once_and_one_that_dies_loses_nothing(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    one = Delivery.objects.get()
    now = timezone.now()
    Delivery.objects.update(next_try=now + dt.timedelta(minutes=2))  # another worker has it
    send.func(one.pk)
    assert place.got == []
    later()  # that one died, and its claim has lapsed
    send.func(one.pk)
    assert len(place.got) == 1


def test_a_worker_puts_the_next_try_in_the_queue_before_it_sends(
    cast: Cast, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django_tasks_db.models import DBTaskResult

    hook, _ = add(cast, place.url)
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()

    def dies(_: Delivery) -> Any:
        raise SystemExit

    monkeypatch.setattr(webhooks_jobs, "attempt", dies)
    before = DBTaskResult.objects.count()
    with pytest.raises(SystemExit):
        send.func(Delivery.objects.get().pk)
    assert DBTaskResult.objects.count() == before + 1
    assert Delivery.objects.get().state == "waiting"


# --- pages and secrets


def test_the_secret_is_shown_once_and_stored_locked(cast: Cast, client_of: Of, place: Place) -> None:
    client = just_signed_in(client_of("agency_admin"))
    made = client.post("/agencies/muang/webhooks/add/", {"name": "<i>เว็บ</i>", "url": place.url})
    found = re.search(r"whsec_[A-Za-z0-9+/=]{44}", words(made))
    assert found
    secret, hook = found[0], Webhook.objects.get()
    assert secret not in hook.secret
    assert unlocked(hook.secret) == secret
    assert "no-store" in made["Cache-Control"]
    for page in ("/agencies/muang/webhooks/", f"/webhooks/{hook.pk}/", f"/webhooks/{hook.pk}/secret/"):
        content = client.get(page).content.decode()
        assert "whsec_" not in content
        assert "<i>" not in content
    assert "whsec_" not in str(list(Entry.objects.values_list("facts", "personal")))
    renewed = client.post(f"/webhooks/{hook.pk}/secret/")
    hook.refresh_from_db()
    assert unlocked(hook.secret) in words(renewed)
    assert unlocked(hook.secret) != secret


def test_a_changed_site_key_is_told_not_hidden(cast: Cast, place: Place, settings: Any) -> None:
    hook, _ = add(cast, place.url)
    TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    settings.SECRET_KEY = "another"
    work()
    assert Delivery.objects.get().error == "secret_lost"
    assert place.got == []


def test_the_pages(cast: Cast, client_of: Of, place: Place, django_assert_max_num_queries: Any) -> None:
    hook, _ = add(cast, place.url)
    client = client_of("agency_admin")
    assert client.post(f"/webhooks/{hook.pk}/test/").status_code == 302
    work()
    for number in range(60):
        Delivery.objects.create(webhook=hook, kind="test", body="{}", state="sent", tries=number)
    for page in ("/agencies/muang/webhooks/", f"/webhooks/{hook.pk}/"):
        with django_assert_max_num_queries(20):
            assert client.get(page).status_code == 200
    assert "ส่งแล้ว · 200" in words(client.get(f"/webhooks/{hook.pk}/?page=2"))
    assert client.post(f"/webhooks/{hook.pk}/stop/").status_code == 302
    assert client.post(f"/webhooks/{hook.pk}/stop/").status_code == 409
    assert client.post(f"/webhooks/{hook.pk}/nonsense/").status_code == 404
    assert client.post(f"/webhooks/{hook.pk}/remove/").status_code == 302
    assert not Delivery.objects.exists()
    assert "ลบ webhook “เว็บไซต์”" in sentence(Entry.objects.order_by("-pk")[0])


def test_an_agency_cannot_reach_those_of_all_or_of_another(cast: Cast, client_of: Of, place: Place) -> None:
    everything, _ = add(cast, place.url, of=None)
    client = client_of("agency_admin")
    assert client.get(f"/webhooks/{everything.pk}/").status_code == 404
    assert client.post(f"/webhooks/{everything.pk}/test/").status_code == 404
    assert client_of("assessor").get(f"/webhooks/{everything.pk}/").status_code == 200
    own, _ = add(cast, f"{place.url}?own")
    assert client_of("assessor").get(f"/webhooks/{own.pk}/").status_code == 404


def test_not_twice_and_not_too_many(cast: Cast, place: Place) -> None:
    add(cast, place.url)
    with pytest.raises(Refused, match="already"):
        add(cast, place.url)
    for number in range(9):
        add(cast, f"{place.url}?{number}")
    with pytest.raises(Refused, match="10 webhooks"):
        add(cast, f"{place.url}?more")


def test_sending_again_is_refused_while_it_waits(cast: Cast, place: Place) -> None:
    hook, _ = add(cast, place.url)
    one = TestWebhook(by=cast.agency_admin, webhook=hook).execute()
    with pytest.raises(Refused, match="waits"):
        ResendDelivery(by=cast.agency_admin, delivery=one).execute()
