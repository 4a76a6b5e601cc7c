"""Load and loss of the respondents' pages: ``make bench-survey`` (about four minutes on two cores).

Starts the site as ``prongsai serve`` does, on SQLite and on a PostgreSQL of its own that syncs, and respondents come
over 16 kept connections from processes of their own, on the same machine. Each has an address of its own (a proxy's
header), so that limits work as they do for a crowd. Phases: a plain Django view beside it; whole respondents by link
(form fetched, read for at least three seconds, answers sent); answers sent with codes alone; the last day's surge at a
fixed rate; whole respondents again beside 1.4 million answers and codes. Then every confirmed receipt is held against
what is stored. Writes ``build/bench/survey.json``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from survey_client import CONNECTIONS, READING, WARM, Connection, Phase, run, sheet, ticket

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "site"), str(ROOT / "tools"), str(ROOT / "bench")]
OUT = Path("build/bench/survey.json")
FRAMEWORK, CONTAINER = "ita-2565", "EIT"  # 15 questions, 19 lines
PORT, PLAIN_PORT = 8741, 8742
FILL = 1_400_000
SURGE = 460  # a second: half of 1.3 million answers in eight hours is 23, twenty times
REACH = {"sqlite": 800, "postgresql": 1000}


def prepare(codes: int) -> None:
    """An open survey with codes; prints what a client needs."""
    import django

    django.setup()
    from django.core.management import call_command
    from survey_world import form_of, survey_round

    from prongsai.site.agencies.models import Agency
    from prongsai.site.surveys.actions import IssueCodes, OpenSurvey, PrepareSurveys
    from prongsai.site.surveys.mixer import turn

    call_command("migrate", verbosity=0)
    agency = Agency.objects.create(code="muang", name="เทศบาลเมืองตัวอย่าง")
    made = PrepareSurveys(by=None, assessment=survey_round(agency, FRAMEWORK)).execute()
    survey = next(one for one in made if one.container == CONTAINER)
    survey.by_codes = survey.by_link = True
    survey.save()
    issued = IssueCodes(by=None, survey=survey, count=codes).execute()
    form = form_of(survey)
    OpenSurvey(by=None, survey=survey, form=form).execute()
    turn(first=True)
    lines = [[line.code, list(line.options)] for line in form.lines]
    print(json.dumps({"token": survey.token, "codes": issued, "lines": lines, "version": form.version}))


def fill(rows: int) -> None:
    """As many mixed answers and spent codes as a nation has, in a box of their own."""
    import django

    django.setup()
    from django.db import connection, transaction

    from prongsai.site.surveys.models import Box, Form, Place, Survey

    survey = Survey.objects.exclude(form=None).get()
    box = Box.objects.create(survey=survey, place=Place.objects.create(survey=survey, name="filled"), closed=True)
    form = Form.objects.get()
    packed = "EIT/" + "3" * len(form.lines)
    if connection.vendor == "postgresql":
        numbers, name, digest = (
            f"generate_series(1, {rows})",
            "replace(gen_random_uuid()::text, '-', '')",
            "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')",
        )
    else:
        numbers = f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {rows}) SELECT i FROM n)"
        name, digest = "lower(hex(randomblob(16)))", "lower(hex(randomblob(32)))"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # no look at each row's references
        cursor.execute(
            f"INSERT INTO surveys_answer (id, box_id, form_id, packed) SELECT {name}, %s, %s, %s FROM {numbers} AS x",
            [box.pk, form.pk, packed],
        )
        cursor.execute(
            f"INSERT INTO surveys_code (digest, box_id, spent, receipt, nonce)"
            f" SELECT {digest}, %s, %s, '0123456789abcdef', '' FROM {numbers} AS x",
            [box.pk, True],
        )
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def stored() -> None:
    """What is there: letters and answers of the open box, its counts, spent codes."""
    import django

    django.setup()
    from prongsai.site.surveys.models import Answer, Box, Code, Day, Letter

    box = Box.objects.get(closed=False)
    found = {
        "letters": Letter.objects.filter(box=box).count() + Answer.objects.filter(box=box).count(),
        "filed": box.filed,
        "days": sum(Day.objects.values_list("filed", flat=True)),
        "spent": Code.objects.filter(box=box, spent=True).count(),
    }
    print(json.dumps(found))


def trickle(respondents: int) -> None:
    """A day of respondents one after the other, each from another address, by a clock that runs ahead; prints MB.

    In this process, so that nothing but the surface itself can grow.
    """
    import io

    from prongsai.site.wsgi import application

    token, lines = json.loads(sys.stdin.read())
    phase = Phase("whole", 0, 0, f"/a/{token}/all/", tuple((code, tuple(options)) for code, options in lines))
    draw, ahead, real, steady = random.Random(1), [0.0], time.time, time.monotonic
    time.time, time.monotonic = lambda: real() + ahead[0], lambda: steady() + ahead[0]

    def ask(path: str, number: int, body: bytes = b"") -> bytes:
        environ = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "x",
        }
        environ |= {"SERVER_PORT": "80", "REMOTE_ADDR": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"}
        environ |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
        return b"".join(application({**environ, "wsgi.input": io.BytesIO(body)}, lambda *_: None))

    sizes = []
    for number in range(respondents):
        ahead[0] += 86_400 / respondents / 2
        found = ticket(ask(phase.path, number))
        ahead[0] += max(5.0, 86_400 / respondents / 2)
        filled = b"t=%s&%s" % (found, sheet(phase, draw, whole="1", eligible="yes"))
        assert b'class="receipt"' in ask("/a/go/", number, filled)
        if number % (respondents // 4) == respondents // 4 - 1:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            sizes.append(round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1))
    print(json.dumps(sizes))


class Server:
    """A server process group of its own, ready when the block begins. ``database``: PostgreSQL's first process."""

    def __init__(self, command: list[str], port: int, environment: dict[str, str], database: int = -1) -> None:
        self.command, self.port, self.environment, self.database = command, port, environment, database

    def __enter__(self) -> Server:
        with contextlib.suppress(ConnectionRefusedError):
            Connection(self.port, 0)
            raise SystemExit(f"port {self.port}: another server listens there and would take half of the requests")
        self.process = subprocess.Popen(self.command, env=self.environment, start_new_session=True)
        end = time.monotonic() + 60
        while True:
            try:
                # Over many connections, so that every worker has begun before anything is measured.
                for seed in range(4 * CONNECTIONS):
                    Connection(self.port, seed).ask(b"/" if self.port == PLAIN_PORT else b"/a/")
                return self
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.1)

    def __exit__(self, *_: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(20)

    def megabytes(self) -> float:
        """Resident memory of the server and its workers."""
        pages = sum(int(fields[21]) for fields in _processes() if int(fields[2]) == self.process.pid)
        return round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)

    def spent(self) -> float:
        """Processor seconds of the server, its workers, jobs and mixer, and of the database's processes."""
        mine = [f for f in _processes() if int(f[2]) == self.process.pid or int(f[1]) == self.database]
        return sum(int(f[11]) + int(f[12]) for f in mine) / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[list[str]]:
    """The fields of /proc/…/stat behind the name: state, parent, process group and so on."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            yield path.read_text().rpartition(")")[2].split()


def measure(environment: dict[str, str], asked: argparse.Namespace, database: int = -1) -> dict[str, Any]:
    """All phases on one database."""

    def step(*arguments: str, given: str = "") -> str:
        command = [sys.executable, __file__, *arguments]
        return subprocess.run(
            command, env=environment, check=True, input=given, stdout=subprocess.PIPE, text=True
        ).stdout

    made = json.loads(step("prepare", "--codes", str(asked.codes)))
    lines = tuple((code, tuple(options)) for code, options in made["lines"])
    serve = [str(Path(sys.executable).with_name("prongsai")), "serve", "--port", str(PORT)]
    plain = [sys.executable, str(ROOT / "bench" / "plain.py"), str(PLAIN_PORT)]
    whole = Phase("whole", asked.seconds, PORT, f"/a/{made['token']}/all/", lines)
    found: dict[str, Any] = {}
    with Server(plain, PLAIN_PORT, environment) as server:
        found["plain"] = run(Phase("plain", asked.seconds / 2, PLAIN_PORT, "/"), 1, server.spent)
    first = Phase("whole", 1, PORT, whole.path, lines)  # pages are rendered, caches fill
    with Server(serve, PORT, environment, database) as server:
        found["first"] = run(first, 2 * WARM, server.spent)
        found["whole"] = run(whole, WARM, server.spent)
        memory = [server.megabytes()]
        codes = Phase("codes", 60, PORT, lines=lines, codes=tuple(made["codes"]))
        found["codes"] = run(codes, asked.codes / 300 + READING, server.spent)
        surge = Phase("whole", asked.seconds, PORT, whole.path, lines, rate=SURGE)
        found["surge"] = run(surge, WARM, server.spent)
        memory.append(server.megabytes())
    step("fill", "--rows", str(asked.rows))
    with Server(serve, PORT, environment, database) as server:
        found["first_full"] = run(first, 2 * WARM, server.spent)
        found["whole_full"] = run(whole, WARM, server.spent)
    trickled = json.loads(
        step("trickle", "--respondents", str(asked.respondents), given=json.dumps([made["token"], made["lines"]]))
    )
    kept = json.loads(step("stored"))
    confirmed = (
        sum(found[name]["confirmed"] for name in ("first", "whole", "codes", "surge", "first_full", "whole_full"))
        + asked.respondents
    )
    found |= {"megabytes": memory, "trickle_megabytes": trickled, "stored": kept, "confirmed": confirmed}
    # One that was stored and whose confirmation was cut off by the end of a phase would be stored and not confirmed.
    found["lost"] = confirmed - kept["letters"]
    found["whole_in_plain_views"] = round(found["plain"]["per_second"] / max(0.1, found["whole"]["per_second"]), 1)
    found["codes_in_plain_views"] = round(found["plain"]["per_second"] / max(0.1, found["codes"]["per_second"]), 1)
    return found


def main() -> None:
    """Both databases; prints a table and writes the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", nargs="?", choices=["prepare", "fill", "stored", "trickle"])
    parser.add_argument("--seconds", type=float, default=10, help="measured seconds of a phase")
    parser.add_argument("--codes", type=int, default=6000)
    parser.add_argument("--respondents", type=int, default=4000, help="of the slow day")
    parser.add_argument("--rows", type=int, default=FILL)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    if asked.step:
        steps = {
            "prepare": lambda: prepare(asked.codes),
            "fill": lambda: fill(asked.rows),
            "stored": stored,
            "trickle": lambda: trickle(asked.respondents),
        }
        steps[asked.step]()
        return
    import shutil

    from with_postgres import Cluster

    found: dict[str, Any] = {}
    for database in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        folder = Path(f"build/bench-survey/{database}").resolve()
        shutil.rmtree(folder, ignore_errors=True)
        own = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        own |= {
            "DJANGO_SETTINGS_MODULE": "prongsai.site.settings",
            "PRONGSAI_DATA": str(folder / "data"),
            "PRONGSAI_KEYS": str(folder / "keys"),
        }
        if database == "sqlite":
            found[database] = measure(own, asked)
        else:
            with Cluster(durable=True) as cluster:
                found[database] = measure(own | {"DATABASE_URL": cluster.address}, asked, cluster.first)
        shutil.rmtree(folder, ignore_errors=True)
        table(database, found[database])
    found |= {
        "machine": f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
        "date": time.strftime("%Y-%m-%d"),
        "load_at_the_end": round(os.getloadavg()[0], 1),
        "questions": 15,
        "sync_ms": sync_ms(),
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def sync_ms() -> float:
    """What one sync of a small write costs here: the floor of a commit."""
    path = Path("build/bench-survey.sync")
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        began = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        spent = time.perf_counter() - began
    path.unlink()
    return round(spent / 50 * 1000, 2)


def table(database: str, found: dict[str, Any]) -> None:
    """For people. Milliseconds of processor: of the server with all that belongs to it, and of the client."""
    head = f"{database:12} {'per s':>8} {'× plain':>8} {'GET p50/p99':>14} {'POST p50/p99':>14}"
    print(f"\n{head} {'server ms':>10} {'client ms':>10} {'failed':>7}")
    plain = found["plain"]["per_second"]
    for name in ("plain", "whole", "codes", "surge", "whole_full"):
        one = found[name]
        get, post = ("/".join(str(v) for v in one[key].values()) for key in ("get_ms", "post_ms"))
        ratio = plain / one["per_second"] if one["per_second"] else 0
        row = f"{name:12} {one['per_second']:8} {ratio:8.1f} {get:>14} {post:>14}"
        print(f"{row} {one['server_ms']:10} {one['client_ms']:10} {one['failed']:7} {one['faults']}")
    print(
        f"confirmed {found['confirmed']}, stored {found['stored']}, lost {found['lost']},"
        f" MB {found['megabytes']}, slow day MB {found['trickle_megabytes']}"
    )


if __name__ == "__main__":
    main()
