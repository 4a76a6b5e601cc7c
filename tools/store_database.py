"""Stores the demo's database as it is today, for later versions to open: ``python tools/store_database.py 0.1.0``

Writes ``tests/site/stored/NAME.sql.gz`` and, beside it in ``NAME.json``, what this version makes of it: every score and
level, the plans, how many entries the history has. The test beside opens each with the code of the day and compares.
``python tools/store_database.py --tell`` prints that of the database in ``PRONGSAI_DATA``.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

STORED = Path(__file__).parents[1] / "tests" / "site" / "stored"


def main() -> None:
    """Fill a demo in a folder of its own and dump it; or tell of the one that is there."""
    name = sys.argv[1]
    if name == "--tell":
        json.dump(tell(), sys.stdout, ensure_ascii=False)
        return
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "PRONGSAI_DATA": folder}
        command = [sys.executable, "-m", "prongsai.site", "fill_demo", "examples"]
        subprocess.run(command, env=own, check=True, stdout=subprocess.DEVNULL)
        command = [sys.executable, __file__, "--tell"]
        told = json.loads(subprocess.run(command, env=own, check=True, capture_output=True).stdout)
        with sqlite3.connect(Path(folder) / "prongsai.sqlite3") as database:
            text = "\n".join(database.iterdump())
    target = STORED / f"{name}.sql.gz"
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    target.with_name(f"{name}.json").write_text(as_text(told), encoding="utf-8")
    print(f"{target}: {target.stat().st_size} bytes")


def as_text(told: dict[str, Any]) -> str:
    """A line per year of an agency, so that a difference can be read."""
    lines = [f"{json.dumps(key)}: {json.dumps(told[key], ensure_ascii=False, sort_keys=True)}" for key in sorted(told)]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def tell() -> dict[str, Any]:
    """What this version makes of a database: agency and year → scores as fractions, level, plan; and the history."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from prongsai.site.history.models import Entry
    from prongsai.site.plans.models import Measure
    from prongsai.site.results.sheet import current_sheet
    from prongsai.site.rounds.models import Assessment

    found: dict[str, Any] = {"history": Entry.objects.count()}
    for year in Assessment.objects.filter(results__isnull=False).distinct().select_related("agency", "round"):
        sheet = current_sheet(year)
        assert sheet is not None
        measures = Measure.objects.filter(point__plan__assessment=year).order_by("point__order", "order", "pk")
        found[f"{year.agency.code} {year.round.slug}"] = {
            "scores": {
                name: f"{value.origin} {value.interval.low} {value.interval.high}"
                for name, value in sheet.values.items()
            },
            "level": list(sheet.level.names),
            "plan": [
                [
                    one.point.key,
                    one.key,
                    one.title,
                    one.choice,
                    *one.steps.order_by("order").values_list("text", flat=True),
                ]
                for one in measures.select_related("point")
            ],
        }
    return found


if __name__ == "__main__":
    main()
