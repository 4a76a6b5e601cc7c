"""How long the history takes to verify: whole, and as each day (what is new and a part of the rest).

``python bench/ledger.py [ENTRIES]`` on a database of its own (SQLite); writes ``build/bench/ledger.json``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
NEW, AT_ONCE = 1_000, 5_000


class Growing:
    """A chain that grows as ``chain.extend`` makes it, by entries of an officer's day, without the time of the ORM."""

    def __init__(self) -> None:
        from prongsai.ledger.chain import Tip
        from prongsai.site.history.keys import signing_key

        self.key, self.tip = signing_key(), Tip()

    def __call__(self, count: int) -> None:
        """So many entries more."""
        from django.db import connection, transaction

        from prongsai.site.history.models import Entry

        columns = [one for one in Entry._meta.concrete_fields if not one.primary_key]
        into = ", ".join(str(one.column) for one in columns)
        sql = f"INSERT INTO history_entry ({into}) VALUES ({', '.join(['%s'] * len(columns))})"
        for start in range(0, count, AT_ONCE):
            some = [self._entry(number) for number in range(min(AT_ONCE, count - start))]
            rows = [[one.get_db_prep_save(getattr(row, one.attname), connection) for one in columns] for row in some]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.executemany(sql, rows)

    def _entry(self, number: int) -> Any:
        from prongsai.ledger.chain import next_link
        from prongsai.site.history.models import Entry

        entry = Entry(action="plans.change", subject=f"plans.measure:{number}")
        entry.facts = {"item": f"o{number % 43}", "title": "มาตรการตรวจสอบการใช้ดุลพินิจ", "order": number}
        entry.personal = {"actor": "นางสาวสมหญิง ใจดี", "reason": "ปรับถ้อยคำตามที่หัวหน้าสำนักปลัดให้ความเห็น"}
        entry.seal()
        link = next_link(self.tip, entry.digest, self.key)
        self.tip = self.tip.then(link.hash)
        entry.number, entry.link, entry.signature = link.number, link.hash, link.signature.hex()
        return entry


def main() -> None:
    """Make, verify, verify again from a head."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from prongsai.site.history import chain
    from prongsai.site.history.models import Entry
    from prongsai.site.integrity.daily import verify

    grow = Growing()
    found: dict[str, object] = {"entries": COUNT, "database": connection.vendor}

    def took(name: str, do: Callable[[], object], times: int = 1) -> None:
        begun, worked = time.perf_counter(), time.process_time()
        for _ in range(times):
            do()
        found[f"{name}_seconds"] = round((time.perf_counter() - begun) / times, 4)
        found[f"{name}_cpu_seconds"] = round((time.process_time() - worked) / times, 4)

    took("make", lambda: grow(COUNT))
    found["bytes"] = Path(str(connection.settings_dict["NAME"])).stat().st_size
    took("whole", lambda: chain.check().report.whole or sys.exit("not whole"))
    print(json.dumps(found), flush=True)
    verify()
    grow(NEW)
    took("daily", verify)
    entry = Entry.objects.get(number=COUNT // 3)
    head = chain.head()
    assert head is not None
    took("proof", lambda: chain.proof(entry, head), 100)
    proof = chain.proof(entry, head)
    found |= {"proof_holds": proof.holds(), "proof_bytes": len(proof.text()), "proof_steps": len(proof.steps)}
    found["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    target = Path("build/bench/ledger.json")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="prongsai-bench-") as folder:
        os.environ |= {"PRONGSAI_DATA": folder, "DJANGO_SETTINGS_MODULE": "prongsai.site.settings"}
        os.environ.pop("DATABASE_URL", None)
        main()
