"""A receiver of events that tests of webhooks send to: a real server on this machine, behind TLS, and what it got."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.core.management import call_command
from django.utils import timezone

from prongsai.site.api import webhooks_jobs
from prongsai.site.api.models import Delivery
from prongsai.site.api.webhooks_jobs import send
from prongsai.site.nation.models import NationResult
from prongsai.site.opendata.models import PublishedAgency, Release

HOST = "hooks.example.test"


@dataclass
class Place:
    """A server that takes events: what it answers, in turn (the last one for ever), and what it got."""

    port: int = 0
    answers: list[int] = field(default_factory=lambda: [200])
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}/events"


@pytest.fixture(name="authority", scope="module")
def an_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[1] / "evidence"))
        import evidence_world as small

        made = small.Authority()
        yield small, made, made.server(tmp_path_factory.mktemp("tls"), HOST, 30)


@pytest.fixture(name="place")
def a_place(authority: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    small, known, tls = authority
    with small.serving(tls) as world:
        made = Place(world.port)

        def answer(handler: Any) -> None:
            body = handler.rfile.read(int(handler.headers["Content-Length"]))
            made.got.append(({name.lower(): value for name, value in handler.headers.items()}, body))
            status = made.answers.pop(0) if len(made.answers) > 1 else made.answers[0]
            handler.send_response(status)
            handler.send_header("Content-Length", "0")
            if status == 302:
                handler.send_header("Location", f"https://{HOST}:{world.port}/elsewhere")
            handler.end_headers()

        world.answers["/events"] = answer
        world.answers["/elsewhere"] = answer
        network = small.open_network(tls=known.trusted())
        monkeypatch.setattr(webhooks_jobs, "network", lambda: network)
        # The guard judges the port when an address is typed as well; these servers have any.
        monkeypatch.setattr("prongsai.site.api.webhooks.Network", lambda: network)
        yield made


def release(cast: Cast, *codes: str) -> Release:
    """A release with these agencies, as far as events go."""
    from prongsai.site.files.keep import Received, keep

    result = NationResult.objects.create(
        round=cast.round,
        revision=1,
        framework_id=cast.round.framework_id,
        framework_version=1,
        file=keep(Received("x.zip", "zip", b"x"), None, None),
        agencies=1,
        scored=1,
    )
    made = Release.objects.create(
        round=cast.round,
        revision=3,
        result=result,
        framework_id=cast.round.framework_id,
        framework_version=1,
        state="done",
        agencies=len(codes),
        digest="ab" * 32,
        published_at=timezone.now(),
    )
    for code in codes:
        PublishedAgency.objects.create(release=made, code=code, name=code, detail=b"")
    return made


def work() -> None:
    """The worker, once."""
    call_command("db_worker", batch=True, startup_delay=False, interval=0, reload=False, verbosity=0)


def later() -> None:
    """The time of the next try has come."""
    Delivery.objects.filter(state="waiting").update(next_try=timezone.now() - dt.timedelta(seconds=1))
    for one in Delivery.objects.filter(state="waiting"):
        send.func(one.pk)
