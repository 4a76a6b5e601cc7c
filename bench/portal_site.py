"""The portal and the API with seven years of all agencies in them; ``make bench-portal`` runs it.

Fills a database once (kept below build/, deleted by hand to be made anew): every fiscal year from the newest back, the
same simulated agencies under each year's framework, published as the site publishes them. Writing each year's open data
as CSV and Parquet is measured on the way. Then asks: single requests through all middleware for pages that are not
kept, and a served site over kept connections for pages that are, beside a plain Django view.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
YEARS, NEWEST, SEED = 7, 2568, 1
ROUNDS, PORT, SECONDS = 7, 8741, 4
PLAIN = str(ROOT / "bench" / "plain.py")
DATA = Path("build/bench-portal-site")


def environment_of(agencies: int) -> dict[str, str]:
    """What a process needs that works on the filled database."""
    return os.environ | {
        "PRONGSAI_DATA": str(DATA.with_name(f"{DATA.name}-{agencies}").resolve()),
        "PRONGSAI_SECRET_KEY": "only for the benchmark",
        "DJANGO_SETTINGS_MODULE": "prongsai.site.settings",
    }


def measure(agencies: int) -> dict[str, Any]:
    """Everything, each in a process of its own."""
    environment = environment_of(agencies)

    def step(*arguments: str) -> dict[str, Any]:
        command = [sys.executable, __file__, *arguments]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.strip().splitlines()[-1]))

    kept = Path(environment["PRONGSAI_DATA"]) / "filled.json"
    if not kept.exists():
        filled = step("fill", str(agencies))
        kept.write_text(json.dumps(filled), encoding="utf-8")
    return {"filled": json.loads(kept.read_text("utf-8")), "single": step("ask"), "served": served(environment)}


# --- filling


def fill(agencies: int) -> dict[str, Any]:
    """Every year, published; seconds and sizes of what was written."""
    from django.core.management import call_command

    from prongsai.framework import for_year
    from prongsai.site.rounds.models import Round

    call_command("migrate", verbosity=0)
    found: dict[str, Any] = {"agencies": agencies, "years": {}}
    for year in range(NEWEST, NEWEST - YEARS, -1):
        framework = for_year(year)
        made = Round.objects.create(
            slug=str(year),
            name=f"การประเมิน ITA ปีงบประมาณ พ.ศ. {year}",
            name_en=f"ITA {year}",
            fiscal_year=year,
            framework_id=framework.id,
            framework_version=framework.version,
        )
        found["years"][year] = publish(made, agencies)
        print(year, found["years"][year], file=sys.stderr)
    years = found["years"].values()
    found["csv and parquet, seconds"] = round(sum(one["write"] for one in years), 1)
    found["csv and parquet, MB"] = round(sum(one["MB"] for one in years), 1)
    found["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def publish(of: Any, agencies: int) -> dict[str, float]:
    """One year: simulated, counted, scored, published; its open data as CSV and Parquet and its rows."""
    from django.utils import timezone

    from prongsai.national.book import write as write_book
    from prongsai.national.disclosed import withheld
    from prongsai.national.engines import count, engine
    from prongsai.national.gather import Gathered
    from prongsai.national.nation import open_nation
    from prongsai.national.score import score_nation
    from prongsai.publishing.gather import Edition, of_gathered
    from prongsai.publishing.opendata.release import index, write
    from prongsai.simulation.nation import NationSpec, write_nation
    from prongsai.site.files.keep import Received, keep
    from prongsai.site.nation.models import NationResult
    from prongsai.site.opendata.models import Release
    from prongsai.site.opendata.project import project

    with tempfile.TemporaryDirectory() as folder:
        write_nation(NationSpec(of.framework, agencies, SEED), Path(folder))
        nation = open_nation(Path(folder))
        counting = engine("polars")
        counted = count(nation, counting, moments=True)
        counting.close()
        scores = score_nation(nation, counted)
    hidden = withheld(scores, counted)
    gathered = Gathered(scores, counted, counted, hidden, hidden & False, (scores.assumed,) * agencies)
    about = {"round": of.name, "agencies_in_round": agencies}
    book = keep(Received(f"nation-{of.slug}.zip", "zip", write_book(gathered, about, public=True)), None, None)
    now = timezone.now()
    pinned = {"framework_id": of.framework_id, "framework_version": of.framework_version}
    many = {"agencies": agencies, "scored": agencies}
    result = NationResult.objects.create(
        round=of, revision=1, file=book, public_file=book, published_at=now, **many, **pinned
    )
    release = Release.objects.create(
        round=of, revision=1, result=result, book=book, state="done", published_at=now, agencies=agencies, **pinned
    )
    release.dated = dt.date.today()
    began = time.perf_counter()
    published = of_gathered(gathered, Edition(release.dated))
    gathering = time.perf_counter() - began
    began = time.perf_counter()
    write(published, release.folder, ("csv", "parquet"))
    writing = time.perf_counter() - began
    index(release.folder.parent)
    began = time.perf_counter()
    project(release, published, {})
    release.digest = f"{release.pk:064x}"
    release.save()
    return {
        "gather": round(gathering, 1),
        "write": round(writing, 1),
        "rows": round(time.perf_counter() - began, 1),
        "MB": round(sum(path.stat().st_size for path in release.folder.rglob("*") if path.is_file()) / 1e6, 1),
    }


# --- single requests, nothing kept


def addresses() -> dict[str, list[str]]:
    """What is asked for, by kind of page; several of each, so that a lucky one does not speak for all."""
    from prongsai.site.opendata.models import PublishedAgency
    from prongsai.site.opendata.reading import current

    newest = current()[0]
    rows = list(PublishedAgency.objects.filter(release=newest).order_by("pk")[:: max(1, newest.agencies // 8)])
    codes, slug = [row.code for row in rows], newest.round.slug
    provinces = sorted({row.province for row in rows if row.province})[:3]
    misspelt = [row.name[: len(row.name) // 2] + row.name[len(row.name) // 2 + 1 :] for row in rows[:3]]
    return {
        "home": ["/results/"],
        "search": [f"/results/?q={text}" for text in (*misspelt, "อบต จำลอง", "ทต. จำลองที่ 12", provinces[0])],
        "suggestions": [f"/results/suggest/?q={text}" for text in misspelt],
        "agency": [f"/results/{code}/" for code in codes[:4]] + [f"/results/{code}/{slug}/" for code in codes[4:]],
        "groups": ["/results/groups/", *(f"/results/province/{name}/" for name in provinces)],
        "kind": [f"/results/kind/{row.kind}/" for row in rows[:3]],
        "compare": [f"/results/compare/?a={codes[0]}&a={codes[1]}", "/results/compare/?a=" + "&a=".join(codes[:5])],
        "method": ["/method/", f"/method/{slug}/"],
        "data": ["/data/", f"/data/{slug}/", "/changes/", "/feed.atom"],
        "picture": [f"/results/{code}/{slug}/picture.png" for code in codes[:3]],
        "nation": [f"/nation/{slug}/", f"/nation/{slug}/league/"],
    }


def ask() -> dict[str, Any]:
    """Milliseconds and queries of pages drawn anew each time, after one first request each; the API's list."""
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["testserver"]
    client, found = Client(), {}
    for kind, pages in addresses().items():
        clock, queries, sizes, first = [], [], [], []
        for page in pages:
            for turn in range(ROUNDS + 1):
                caches["pages"].clear()
                with CaptureQueriesContext(connection) as seen:
                    began = time.perf_counter()
                    answer = client.get(page, headers={"accept-encoding": "gzip"})
                    body = answer.content
                    taken = 1000 * (time.perf_counter() - began)
                assert answer.status_code == 200, (answer.status_code, page)
                (clock if turn else first).append(taken)
            queries.append(len(seen))
            sizes.append(len(body))
        clock.sort()
        found[kind] = {
            "ms": round(statistics.median(clock), 1),
            "p95_ms": round(clock[len(clock) * 95 // 100], 1),
            "first_ms": round(max(first), 1),
            "queries": max(queries),
            "kB": round(max(sizes) / 1000, 1),
        }
    return {"pages": found, "api": api(client)}


def api(client: Any) -> dict[str, float]:
    """Agencies a second over the whole list, page by page as a program follows it."""
    from prongsai.site.opendata.reading import current

    slug, found = current()[0].round.slug, {}
    for name, start in API.items():
        address, agencies, began = start.format(slug=slug), 0, time.perf_counter()
        while address:
            answer = client.get(address, REMOTE_ADDR=f"10.0.{agencies // 256 % 256}.{agencies % 256}")
            assert answer.status_code == 200, (answer.status_code, address, answer.content[:300])
            page = answer.json()
            agencies += len(page["data"])
            following = page["links"].get("next")
            address = following and following[following.index("/api/") :]
        found[name] = round(agencies / (time.perf_counter() - began), 1)
    return found


API = {
    "agencies, total and instruments": "/api/v1/agencies?round={slug}&limit=1000",
    "agencies, every number": "/api/v1/agencies?round={slug}&limit=1000&detail=full",
}

# --- served, kept pages


def served(environment: dict[str, str]) -> dict[str, Any]:
    """Requests a second over 16 connections: the plain view, then kept pages of the portal; the same client."""
    from survey_client import Phase, run

    from survey import Server

    pages, found = listed(environment), {}
    with Server([sys.executable, PLAIN, str(PORT + 1)], PORT + 1, environment) as server:
        found["plain"] = run(Phase("plain", SECONDS, PORT + 1, "/"), 1, server.spent)
    serve = [str(Path(sys.executable).with_name("prongsai")), "serve", "--alone", "--port", str(PORT)]
    with Server(serve, PORT, environment) as server:
        for name in ("home", "agency", "compare", "method"):
            asked = Phase("plain", SECONDS, PORT, pages[name], more="Accept-Encoding: gzip\r\n")
            found[name] = run(asked, 1, server.spent)
    plain = found["plain"]["per_second"]
    shares = {name: round(one["per_second"] / plain, 2) for name, one in found.items()}
    return {"per_second": {name: one["per_second"] for name, one in found.items()}, "of_plain": shares, "all": found}


def listed(environment: dict[str, str]) -> dict[str, str]:
    """One address of each kind of page."""
    command = [sys.executable, __file__, "list"]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> None:
    """One step in a process of its own."""
    import django

    django.setup()
    steps: dict[str, Callable[[], dict[str, Any]]] = {
        "fill": lambda: fill(int(sys.argv[2])),
        "ask": ask,
        "list": lambda: {name: pages[0] for name, pages in addresses().items()},
    }
    print(json.dumps(steps[sys.argv[1]](), ensure_ascii=False))


if __name__ == "__main__":
    main()
