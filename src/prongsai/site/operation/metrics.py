"""What a Prometheus may read: requests by kind of page, time, errors, queues, sizes. Nothing of who, where or which.

Labels are fixed words: never a path, an agency, a survey, an address or a name. What respondents do is held back and
let go in shuffled heaps (``Held``), so that no series of numbers has the moment of one person's visit. The reasons
stand in docs/operations.md.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from prongsai import __version__
from prongsai.site.base.overload import MARK
from prongsai.site.files.models import Stored
from prongsai.site.operation import signs
from prongsai.site.operation.database import size
from prongsai.site.operation.together import VARIABLE
from prongsai.site.people import denied

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

RESPONDENTS, OFFICE = "respondents", "office"
# The first that fits; everything else is the pages of those who work with the site, and of the public.
_KINDS = (("/a/", RESPONDENTS), ("/static/", "static"), ("/accounts/", "login"), ("/api/", "api"))
_OWN = ("/health/", "/ready/", "/metrics/")  # not counted: they would only count each other
_MEGABYTE = 1_000_000
_REGISTRY = CollectorRegistry()
_REQUESTS = Counter("prongsai_requests", "Requests answered.", ("surface", "status"), registry=_REGISTRY)
_SECONDS = Histogram(
    "prongsai_request_seconds",
    "Time until an answer began.",
    ("surface",),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=_REGISTRY,
)
_ERRORS = Counter(
    "prongsai_errors", "Requests that failed by our fault (5xx), at once.", ("surface",), registry=_REGISTRY
)
_SENT_AWAY = Counter(
    "prongsai_sent_away", "Requests not done for want of room (503), at once.", ("surface",), registry=_REGISTRY
)
_DENIED = Counter(
    "prongsai_denied", "Closed or missing pages that signed-in people met, by room.", ("room",), registry=_REGISTRY
)
for _room_of_site in settings.ROOMS:
    _DENIED.labels(_room_of_site)
for _surface in (RESPONDENTS, OFFICE, "api", "login"):
    _SENT_AWAY.labels(_surface)  # nought is a number, too

Seen = tuple[str, float]  # class of the status ("2xx"), seconds


@dataclass
class Held:
    """Holds observations back until so many have come that no moment and no person can be read from them.

    The number is drawn anew each time between ``least`` and twice that, so that whoever adds requests of their own
    cannot bring about the moment; ``pause`` seconds must have passed, too. What is held when a process ends is lost.
    """

    least: int = 250
    pause: float = 60.0
    clock: Callable[[], float] = time.monotonic
    _heap: list[Seen] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _goal: int = 0
    _last: float = 0.0

    def add(self, one: Seen) -> list[Seen]:
        """Keep one; returns all of a heap in another order when it is let go, else nothing."""
        with self._lock:
            self._goal = self._goal or self.least + secrets.randbelow(self.least + 1)
            self._heap.append(one)
            if len(self._heap) < self._goal or self.clock() - self._last < self.pause:
                return []
            heap, self._heap, self._goal, self._last = self._heap, [], 0, self.clock()
        random.SystemRandom().shuffle(heap)
        return heap


_held = Held()


def measured(application: WSGIApplication) -> WSGIApplication:
    """The application with its requests counted and timed, where metrics are wanted; else the application itself."""
    if not settings.METRICS_TOKEN:
        return application

    def counted(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, began, status = environ.get("PATH_INFO", ""), time.perf_counter(), "5xx"

        def start(line: str, headers: list[tuple[str, str]], *more: object) -> Callable[[bytes], object]:
            nonlocal status
            status = f"{line[:1]}xx"
            return start_response(line, headers, *more)  # type: ignore[arg-type]

        try:
            return application(environ, start)
        finally:
            if denied.MARK in environ:
                _DENIED.labels(environ[denied.MARK]).inc()
            if MARK in environ:
                _SENT_AWAY.labels(kind(path)).inc()
            elif path not in _OWN:
                observe(kind(path), status, time.perf_counter() - began)

    return counted


def kind(path: str) -> str:
    """To which kind of page an address belongs: one of a few fixed words."""
    return next((name for prefix, name in _KINDS if path.startswith(prefix) or path == prefix[:-1]), OFFICE)


def observe(surface: str, status: str, seconds: float) -> None:
    """Count one answer. Errors of ours show at once; the rest of the respondents' surface when a heap is let go."""
    if status == "5xx":
        _ERRORS.labels(surface).inc()
    for one, took in _held.add((status, seconds)) if surface == RESPONDENTS else ((status, seconds),):
        _REQUESTS.labels(surface, one).inc()
        _SECONDS.labels(surface).observe(took)


def page() -> bytes:
    """All numbers in Prometheus' text format. Raises what the database raises where it cannot be asked."""
    shown = CollectorRegistry()
    if os.environ.get(VARIABLE):
        MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
    else:
        shown.register(_REGISTRY)
    shown.register(_Site())
    return generate_latest(shown)


class _Site:
    """What is asked of database and disks when somebody reads the page."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        """Every number of the whole site."""
        yield _gauge("prongsai_info", "The version that runs.", "version", {__version__: 1})
        yield _gauge(
            "prongsai_database_bytes", "Size of the database, to whole megabytes.", "", {"": _coarse(size(), _MEGABYTE)}
        )
        queue, box, (unsealed, age) = signs.jobs(), signs.letterbox(), signs.unsealed()
        states = {"ready": queue.ready, "running": queue.running, "failed": queue.failed}
        yield _gauge("prongsai_jobs", "Background work by state.", "state", states)
        yield _gauge("prongsai_jobs_oldest_seconds", "How long the oldest work has waited.", "", {"": queue.oldest})
        yield _gauge("prongsai_notices", "Messages to people by state.", "state", signs.notices())
        yield _gauge(
            "prongsai_letters_waiting", "Answers not mixed yet, rounded down to hundreds.", "", {"": box.waiting}
        )
        boxes = {"unprepared": box.unprepared, "behind": box.behind}
        yield _gauge("prongsai_boxes", "Boxes that the mixer should have served.", "state", boxes)
        yield _gauge("prongsai_surveys_closing", "Surveys over but not closed yet.", "", {"": box.closing})
        yield _gauge("prongsai_history_unsealed", "Entries not tied to the chain yet.", "", {"": unsealed})
        yield _gauge("prongsai_history_unsealed_seconds", "Age of the oldest of them.", "", {"": age})
        yield _gauge("prongsai_files", "Kept files.", "", {"": Stored.objects.count()})
        yield _gauge("prongsai_disk_free_bytes", "Room on the disk of a folder.", "folder", dict(_room()))


def _gauge(name: str, about: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, about, labels=(label,) if label else ())
    for key, value in values.items():
        family.add_metric((key,) if label else (), value)
    return family


def _room() -> Iterator[tuple[str, float]]:
    for name, folder in (("data", settings.DATA), ("keys", settings.KEYS)):
        if folder.exists():
            yield name, _coarse(shutil.disk_usage(folder).free, _MEGABYTE)


def _coarse(value: int, step: int) -> int:
    return value - value % step
