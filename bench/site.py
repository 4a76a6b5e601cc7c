"""Server time and queries of every page in a database of the nation's size: ``make bench-site``.

Fills 8,325 agencies × 5 years with results, plans, steps and history (once, kept below build/), then asks for each page
of the door table as a member of the cast who may see it, through all middleware, and a plain view in between.
Writes ``build/bench/site.json``: median milliseconds by the clock and of the processor, queries and compressed bytes
of each page. Where other work shares the machine the clock measures that too; processor time is the page's own.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "site")]
OUT = Path("build/bench/site.json")
AGENCIES, YEARS = 8325, (2564, 2565, 2566, 2567, 2568)
REACH_QUERIES, REACH_MS, REACH_FIRST_PAGE = 20, 100, 100_000
# The list of agencies is asked for as people ask for it, not only as it opens.
ASKED = {
    "agencies": (
        "?state=late",
        "?step=plan&state=open",
        "?sort=-overall",
        "?sort=level&page=100",
        "?q=จำลองที่ 77",
        "?step=publication&state=late",
        "?kind=department&province=จังหวัดที่ 7",
    )
}
PROVINCES = [f"จังหวัดที่ {n}" for n in range(1, 77)]


def main() -> None:
    """Fill if needed, measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agencies", type=int, default=AGENCIES)
    parser.add_argument("--rounds", type=int, default=15, help="requests of each page")
    asked = parser.parse_args()
    os.environ["PRONGSAI_DATA"] = str(Path(f"build/bench-site-{asked.agencies}").resolve())
    os.environ["PRONGSAI_SECRET_KEY"] = "only for the benchmark"
    os.environ["DJANGO_SETTINGS_MODULE"] = "prongsai.site.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    began = time.perf_counter()
    with transaction.atomic():  # half a nation is never kept
        cast = fill(asked.agencies)
        fill_inspection(cast)
    print(f"database ready in {time.perf_counter() - began:.0f} s")
    pages = measure(cast, asked.rounds)
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "agencies": asked.agencies,
        "years": len(YEARS),
        "rows": rows(),
        "pages": pages,
        "over": [n for n, p in pages.items() if p["queries"] > REACH_QUERIES or p["cpu"] > REACH_MS],
        "over_by_clock": [n for n, p in pages.items() if p["ms"] > REACH_MS],
        "first_page_bytes": first_page(pages),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    width = max(map(len, pages))
    print(f"{'page':{width}} {'ms':>7} {'cpu':>7} {'× plain':>8} {'queries':>8} {'bytes (gzip)':>13}  as")
    for name, page in sorted(pages.items(), key=lambda pair: -pair[1]["cpu"]):
        figures = f"{page['ms']:7.1f} {page['cpu']:7.1f} {page['ratio']:8.1f} {page['queries']:8} {page['bytes']:13}"
        print(f"{name:{width}} {figures}  {page['as']}")
    print(f"first page with its styles, script and faces: {found['first_page_bytes']} bytes (reach {REACH_FIRST_PAGE})")
    print(f"over {REACH_QUERIES} queries or {REACH_MS} ms of processor time: {', '.join(found['over']) or 'none'}")
    print(f"over {REACH_MS} ms by the clock: {', '.join(found['over_by_clock']) or 'none'}")


# --- the database


def fill(agencies: int) -> Any:
    """The cast and the nation; what is there already is kept."""
    from cast import make_cast, make_round

    from prongsai.site.agencies.models import Agency

    if Agency.objects.filter(code=f"a{agencies}").exists():
        return kept_cast()
    from cast import give_plan, give_results

    cast = make_cast()
    give_results(cast.assessment)
    give_plan(cast.assessment)
    have = {cast.round.fiscal_year: cast.round, cast.last_round.fiscal_year: cast.last_round}
    rounds = [have.get(year) or make_round(year) for year in YEARS]
    kinds = ("subdistrict_organization", "subdistrict_municipality", "town_municipality", "department")
    Agency.objects.bulk_create(
        Agency(
            code=f"a{n}", name=f"หน่วยงานจำลองที่ {n}", kind=kinds[n % len(kinds)], province=PROVINCES[n % len(PROVINCES)]
        )
        for n in range(1, agencies + 1)
    )
    everyone = list(Agency.objects.filter(code__startswith="a"))
    units = make_units(everyone)
    for one in rounds:
        fill_round(one, everyone, units)
    return cast


def kept_cast() -> Any:
    """The cast of a database that was filled before."""
    from cast import Cast

    from prongsai.site.agencies.models import Agency
    from prongsai.site.people.models import Person
    from prongsai.site.rounds.models import Assessment, Round

    agency, this, last = (
        Agency.objects.get(code="muang"),
        Round.objects.get(slug="2568"),
        Round.objects.get(slug="2567"),
    )
    return Cast(
        {person.username: person for person in Person.objects.all()},
        agency,
        Agency.objects.get(code="other"),
        this,
        last,
        Assessment.objects.get(round=this, agency=agency),
        list(agency.units.all()),
    )


def make_units(agencies: list[Any]) -> dict[int, list[Any]]:
    """Three units of each agency."""
    from prongsai.site.agencies.models import Unit

    names = ("สำนักปลัด", "กองคลัง", "กองช่าง")
    Unit.objects.bulk_create(
        (Unit(agency=agency, name=name, order=order) for agency in agencies for order, name in enumerate(names)),
        batch_size=5000,
    )
    found: dict[int, list[Any]] = {}
    for unit in (
        Unit.objects.filter(agency__in=agencies).order_by("order") if len(agencies) < 500 else Unit.objects.all()
    ):
        found.setdefault(unit.agency_id, []).append(unit)
    return found


def fill_round(one: Any, agencies: list[Any], units: dict[int, list[Any]]) -> None:
    """Results, plans and history of one round: forty simulated agencies, handed out in turn."""
    from cast import results_data
    from django.utils import timezone

    from prongsai.analysis.findings import findings
    from prongsai.framework import for_year
    from prongsai.improvement.draft import draft_plan
    from prongsai.scoring.interval import shown
    from prongsai.scoring.score import score
    from prongsai.simulation import Spec, simulate
    from prongsai.site.history.models import Entry
    from prongsai.site.plans.models import Choice, Measure, Plan, Point, Step
    from prongsai.site.results.models import Result, Source
    from prongsai.site.rounds.models import Assessment

    patterns = []
    for seed in range(40):
        sheet = score(simulate(Spec(for_year(one.fiscal_year), seed=seed, quality=0.7 + seed / 200)).results)
        patterns.append((sheet, results_data(sheet, "หน่วยงานจำลอง"), draft_plan(sheet, findings(sheet))))
    now = timezone.now()

    def value(sheet: Any, node: str) -> Any:
        exact = sheet.score(node) if node in sheet.values else None
        return None if exact is None else shown(exact)

    assessments = [
        Assessment(
            round=one,
            agency=agency,
            overall=value(patterns[n % 40][0], "overall"),
            iit=value(patterns[n % 40][0], "IIT"),
            eit=value(patterns[n % 40][0], "EIT"),
            oit=value(patterns[n % 40][0], "OIT"),
            level=patterns[n % 40][0].level.name if getattr(patterns[n % 40][0].level, "name", None) else "",
            results_at=now,
            plan_at=now if n % 3 else None,
            submitted_at=now if n % 4 else None,
        )
        for n, agency in enumerate(agencies)
    ]
    assessments = Assessment.objects.bulk_create(assessments, batch_size=2000)
    Result.objects.bulk_create(
        (
            Result(assessment=a, revision=1, source=Source.FILE, data=patterns[n % 40][1])
            for n, a in enumerate(assessments)
        ),
        batch_size=500,
    )
    plans = Plan.objects.bulk_create(
        (Plan(assessment=a, action_year=one.fiscal_year + 1) for a in assessments), batch_size=2000
    )
    points, drafts = [], []
    for n, plan in enumerate(plans):
        for order, point in enumerate(patterns[n % 40][2].points[:6], start=1):
            points.append(Point(plan=plan, order=order, key=point.id, items=point.items, finding=point.finding or ""))
            drafts.append((point, assessments[n].agency_id))
    points = Point.objects.bulk_create(points, batch_size=2000)
    measures, made = [], []
    for row, (point, agency_id) in zip(points, drafts, strict=True):
        for order, measure in enumerate(point.measures[:2], start=1):
            measures.append(
                Measure(point=row, order=order, key=measure.id, title=measure.title, choice=Choice.ACCEPTED)
            )
            made.append((measure, agency_id))
    measures = Measure.objects.bulk_create(measures, batch_size=2000)
    steps, owners = [], []
    for row, (measure, agency_id) in zip(measures, made, strict=True):
        for order, step in enumerate(measure.steps[:3], start=1):
            period = step.period
            steps.append(
                Step(measure=row, order=order, text=step.text, start=period and period.start, end=period and period.end)
            )
            owners.append(units[agency_id][order % 3].pk)
    steps = Step.objects.bulk_create(steps, batch_size=5000)
    through = Step.units.through
    through.objects.bulk_create(
        (through(step_id=step.pk, unit_id=unit) for step, unit in zip(steps, owners, strict=True)), batch_size=5000
    )
    Entry.objects.bulk_create(
        (
            Entry(
                agency_id=a.agency_id, action="results.accepted", subject=f"rounds.assessment:{a.pk}", digest="0" * 64
            )
            for a in assessments
            for _ in range(3)
        ),
        batch_size=5000,
    )


def fill_inspection(cast: Any) -> None:
    """All items of every agency of the newest round with the inspectors: a third marked, a tenth of those twice."""
    from prongsai.evidence.links import checklist_items
    from prongsai.site.inspection.models import Evidence, Mark, State
    from prongsai.site.people.models import Person, Role, RoleKind
    from prongsai.site.rounds.models import Assessment

    if Evidence.objects.filter(assessment__round=cast.round).count() > 1000:
        return
    people = [Person.objects.create_user(f"judge{n}", None, given_name=f"ผู้ตรวจ{n}") for n in range(20)]
    Role.objects.bulk_create(Role(person=person, kind=RoleKind.INSPECTOR) for person in people)
    items = list(checklist_items(cast.round.framework))
    agencies = Assessment.objects.filter(round=cast.round, agency__code__startswith="a").values_list("pk", flat=True)
    states = (State.MARKED, State.LOCKED, State.LOCKED)
    found = Evidence.objects.bulk_create(
        (
            Evidence(assessment_id=pk, item=item, state=states[n % 3], verdict="disclosed")
            for n, pk in enumerate(agencies)
            for item in items
        ),
        batch_size=5000,
    )
    marked = [row for row in found if row.state == State.MARKED]
    Mark.objects.bulk_create(
        (
            Mark(
                evidence=row,
                inspector=people[(n + order) % 20],
                order=order,
                verdict="disclosed" if (n + order) % 7 else "not_disclosed",
                missing="" if (n + order) % 7 else "องค์ประกอบที่ขาด",
                sentence="" if (n + order) % 7 else "ไม่พบข้อมูลในสำเนา",
            )
            for n, row in enumerate(marked)
            for order in ((1, 2) if n % 10 == 0 else (1,))
        ),
        batch_size=5000,
    )


def rows() -> dict[str, int]:
    """How much is in the database."""
    from prongsai.site.base.privacy import own_models

    return {model._meta.label_lower: count for model in own_models() if (count := model.objects.count()) > 1000}


# --- measuring


def measure(cast: Any, rounds: int) -> dict[str, dict[str, Any]]:
    """Each page asked for in turn with a plain view, so that both see the same machine."""
    from django.db import transaction
    from django.http import HttpResponse
    from django.test import Client
    from django.urls import clear_url_caches, path, reverse
    from doors import DOORS

    from prongsai.site import urls

    urls.urlpatterns.append(path("plain/", lambda _: HttpResponse("ok")))
    clear_url_caches()
    clients = {member: Client() for member in ("nobody", *cast.people)}
    for member, person in cast.people.items():
        clients[member].force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    found: dict[str, dict[str, Any]] = {}
    for door in DOORS:
        if door.method != "get" or 200 not in door.ok or not door.passes:
            continue
        with transaction.atomic():  # what a door needs to stand open is taken back: each page meets the same database
            if door.name in ASKED:
                pass_a_deadline(cast)
            address = reverse(door.name, args=door.arguments(cast))
            # As the one for whom it takes longest: an officer sees the draft that an assessor does not, a supervisor
            # a part of the country.
            for member in door.passes:
                timed(clients[member], address)
            member = max(sorted(door.passes), key=lambda one: min(timed(clients[one], address)[1] for _ in range(5)))
            for asked in ("", *ASKED.get(door.name, ())):
                page = measure_page(clients[member], address + asked, rounds)
                if page:
                    found[f"{door.name}{asked}"] = {"as": member} | page
            transaction.set_rollback(True)
    return found


def pass_a_deadline(cast: Any) -> None:
    """A step that a third of the agencies did in time, the rest are late with, and 200 have more time for."""
    import datetime as dt

    from django.db.models import F
    from django.utils import timezone

    from prongsai.site.agencies.models import Agency
    from prongsai.site.rounds.models import Assessment, Extension, StageKind

    today = timezone.localdate()
    stage = cast.round.stages.get(kind=StageKind.PUBLICATION)
    stage.opens, stage.closes = today - dt.timedelta(days=40), today - dt.timedelta(days=1)
    stage.save()
    early = timezone.now() - dt.timedelta(days=10)
    Assessment.objects.annotate(third=F("agency_id") % 3).filter(round=cast.round, third=0).update(published_at=early)
    closes = today + dt.timedelta(days=20)
    agencies = Agency.objects.order_by("pk")[:200]
    Extension.objects.bulk_create(Extension(stage=stage, agency=one, closes=closes, reason="x") for one in agencies)


def measure_page(client: Any, address: str, rounds: int) -> dict[str, Any]:
    """One address, in turn with the plain view; nothing where it gives no page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    answer = client.get(address)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return {}
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
        asked = len(queries)  # the log is emptied by the next request
    times, plain = [], []
    for _ in range(rounds):
        plain.append(timed(client, "/plain/"))
        times.append(timed(client, address))
    return {
        "ms": round(statistics.median(wall for wall, _ in times), 2),
        "cpu": round(statistics.median(cpu for _, cpu in times), 2),
        "ratio": round(statistics.median(c for _, c in times) / statistics.median(c for _, c in plain), 1),
        "queries": asked,
        "bytes": len(gzip.compress(answer.content)),
    }


def timed(client: Any, address: str) -> tuple[float, float]:
    """Milliseconds of one request by the clock and of this process's processor time, through all middleware."""
    began, cpu = time.perf_counter(), time.process_time()
    client.get(address)
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


def first_page(pages: dict[str, dict[str, Any]]) -> int:
    """Bytes of a first visit to the heaviest page: page, styles, script and faces, compressed as they are sent."""
    from django.conf import settings
    from django.core.management import call_command

    call_command("collectstatic", interactive=False, verbosity=0)
    names = (
        "prongsai/tokens.css",
        "prongsai/prongsai.css",
        "prongsai/prongsai.js",
        "prongsai/mark.svg",
        "prongsai/icons.svg",
        "django_htmx/htmx-2.min.js",
        "fonts/sarabun-regular.woff2",
        "fonts/sarabun-bold.woff2",
    )
    total = max(page["bytes"] for page in pages.values())
    for name in names:
        path = settings.STATIC_ROOT / name
        sizes = [p.stat().st_size for p in (path, Path(f"{path}.br"), Path(f"{path}.gz")) if p.exists()]
        total += min(sizes)
    return total


if __name__ == "__main__":
    main()
