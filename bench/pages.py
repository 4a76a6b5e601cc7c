"""The national pages of the site with all agencies in it; ``make bench-national`` runs it on its nation.

Puts the nation and the same agencies a year earlier into rounds of a database of its own (once, kept below build/,
without single answers), gathers both, publishes one, and asks for every page as the assessor and as anybody, through
all middleware: medians of requests to one process, and of first requests, each to a process of its own that parted from
this one as workers part from ``prongsai serve``: everything imported and warm (how long that takes is told apart), no
number read yet.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

    from prongsai.national.nation import Nation

ROUNDS, FIRSTS, REACH_MS, REACH_QUERIES = 7, 3, 200, 20
PAGES = (
    "",
    "?score=OIT",
    "spread/",
    "spread/?by=province&kind=subdistrict_organization",
    "league/",
    "league/?page=100",
    "league/?q=จำลอง&kind=department",
    "movers/",
    "movers/?score=IIT&show=up",
    "heat/",
    "heat/?by=province",
    "items/",
    "items/?sort=hard",
    "agency/sim-00007/",
    "agency/sim-00007/?peers=nation",
)
FOR_ASSESSOR = ("odd/", "revisions/")


def measure(nation: Nation) -> dict[str, Any]:
    """Milliseconds and queries of each page, in a process of its own."""
    command = [sys.executable, __file__, str(nation.folder)]
    return dict(json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout))


def main() -> None:
    """In a process of its own: fill if needed, ask, print."""
    folder = Path(sys.argv[1]).absolute()
    os.environ["PRONGSAI_DATA"] = str(folder.with_name(f"{folder.name}-site"))
    os.environ["PRONGSAI_SECRET_KEY"] = "only for the benchmark"
    os.environ["DJANGO_SETTINGS_MODULE"] = "prongsai.site.settings"
    began = time.perf_counter()
    import django

    django.setup()
    loaded = time.perf_counter()
    from django.conf import settings
    from django.core.management import call_command

    from prongsai.site.warm import warm

    settings.ALLOWED_HOSTS = ["testserver"]
    if "--fill" in sys.argv:
        call_command("migrate", verbosity=0)
        print(json.dumps(fill(folder)))
        return
    # Apart: polars' threads would not live on in the processes that part from this one.
    filling = subprocess.run([sys.executable, __file__, folder, "--fill"], check=True, stdout=subprocess.PIPE)
    begins = {"django": round(loaded - began, 2)}
    began = time.perf_counter()
    warm()
    begins["warm"] = round(time.perf_counter() - began, 2)
    print(json.dumps({"filling_seconds": json.loads(filling.stdout), "start_seconds": begins, **asked()}))


def fill(folder: Path) -> dict[str, float] | None:
    """Both years and the assessor; None where they were there. Filled from another nation, it must be deleted first."""
    from django.utils import timezone

    from prongsai.framework import for_year
    from prongsai.national.nation import open_nation
    from prongsai.site.demo.nation import invent, load
    from prongsai.site.nation.jobs import work
    from prongsai.site.nation.models import NationJob, NationResult
    from prongsai.site.people.models import Person, Role, RoleKind
    from prongsai.site.rounds.models import Round

    if NationResult.objects.filter(published_at__isnull=False).exists():
        return None
    assessor = Person.objects.create_user("assessor", given_name="ประเมิน")
    Role.objects.create(person=assessor, kind=RoleKind.ASSESSOR)
    nation = open_nation(folder)
    year, agencies, seconds = nation.framework.fiscal_year, len(nation.numbers), {}
    assert year is not None
    for one in (year - 1, year):
        framework = for_year(one)
        made = Round.objects.create(
            slug=str(one),
            name=f"ITA {one}",
            fiscal_year=one,
            framework_id=framework.id,
            framework_version=framework.version,
        )
        began = time.perf_counter()
        if one == year:
            load(folder, made, answers=False)
        else:
            invent(made, agencies, answers=False)
        seconds[f"load {one}"] = round(time.perf_counter() - began, 1)
        began = time.perf_counter()
        job = NationJob.objects.create(round=made)
        work.func(job.pk)
        seconds[f"gather {one}"] = round(time.perf_counter() - began, 1)
    result = made.nation_results.get()
    result.published_at, result.public_file = timezone.now(), result.file  # pages alone: no files, no rows
    result.save()
    return seconds


def asked() -> dict[str, Any]:
    """Every page, as each of the two who may see it."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from prongsai.site.nation.models import NationResult
    from prongsai.site.people.models import Person

    slug = NationResult.objects.get(published_at__isnull=False).round.slug
    assessor, anybody = Client(), Client()
    assessor.force_login(
        Person.objects.get(username="assessor"), backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    wanted = [(assessor, f"/rounds/{slug}/nation/{page}") for page in (*PAGES, *FOR_ASSESSOR)]
    wanted += [(anybody, f"/nation/{slug}/{page}") for page in PAGES]
    pages: dict[str, dict[str, float]] = {}
    firsts = [[first(client, address) for _ in range(FIRSTS)] for client, address in wanted]
    for (client, address), alone in zip(wanted, firsts, strict=True):
        clock, cpu = [], []
        for _ in range(ROUNDS + 1):
            with CaptureQueriesContext(connection) as queries:
                began, busy = time.perf_counter(), time.process_time()
                answer = client.get(address)
                clock.append(1000 * (time.perf_counter() - began))
                cpu.append(1000 * (time.process_time() - busy))
            assert answer.status_code == 200, (answer.status_code, address)
        pages[address] = {
            "first_ms": round(statistics.median(one[0] for one in alone), 1),
            "first_cpu_ms": round(statistics.median(one[1] for one in alone), 1),
            "ms": round(statistics.median(clock[1:]), 1),
            "cpu_ms": round(statistics.median(cpu[1:]), 1),
            "queries": len(queries),
        }
    return {
        "pages": pages,
        "slowest_ms": max(one["ms"] for one in pages.values()),
        "slowest_first_ms": max(one["first_ms"] for one in pages.values()),
        "slowest_first_cpu_ms": max(one["first_cpu_ms"] for one in pages.values()),
        "most_queries": max(one["queries"] for one in pages.values()),
        "reach": {"ms": REACH_MS, "queries": REACH_QUERIES},
    }


def first(client: Client, address: str) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor of the first request to a new process."""
    from django.db import connections

    connections.close_all()  # the process opens its own, as a worker does
    apart = multiprocessing.get_context("fork")
    here, there = apart.Pipe(duplex=False)

    def work() -> None:
        client.handler.load_middleware()
        began, busy = time.perf_counter(), time.process_time()
        answer = client.get(address)
        spent = 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - busy)
        there.send((answer.status_code, *spent))

    process = apart.Process(target=work)
    process.start()
    status, clock, cpu = here.recv()
    process.join()
    assert status == 200, (status, address)
    return clock, cpu


if __name__ == "__main__":
    main()
