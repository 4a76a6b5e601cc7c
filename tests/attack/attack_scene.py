"""A survey from first code to close on a real database, and everything an attacker could carry away afterwards.

Run as a process of its own: ``python attack_scene.py OUT.json`` with PRONGSAI_DATA, PRONGSAI_KEYS (and DATABASE_URL).
Each respondent's answer is different, so that a guess can be judged. Beside every answer the same one is stored the
naive way (a code is marked, an answer is added): what an attack must be able to break.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "site"))
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from survey_world import form_of, survey_round  # noqa: E402

from prongsai.site.agencies.models import Agency  # noqa: E402
from prongsai.site.surveys.actions import CODE_SCOPE, CloseSurvey, IssueCodes, OpenSurvey, PrepareSurveys  # noqa: E402
from prongsai.site.surveys.keys import keys  # noqa: E402
from prongsai.site.surveys.mixer import turn  # noqa: E402
from prongsai.site.surveys.models import Answer, Letter, Survey  # noqa: E402
from prongsai.site.surveys.store import DatabaseStorage  # noqa: E402
from prongsai.survey.answers import answer  # noqa: E402
from prongsai.survey.codes import digest  # noqa: E402
from prongsai.survey.letterbox import file_answer, unseal  # noqa: E402

PEOPLE, FIRST = 60, 33  # FIRST: how many answer before the first mixing
Feature = list[tuple[int, Any]]  # person → where something of theirs stands; or answer → …


class Scene:
    """People 0…59 hold the codes 0…59 and answer in a random order."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Path] = []
        self.early: list[str] = []  # answers not mixed yet that a file gave away
        self.sets: list[list[int]] = []  # the answers that each copy of the database holds

    def play(self) -> None:
        """From the printed codes to the destroyed keys, with a copy of everything before and after each mixing."""
        agency = Agency.objects.create(code="muang", name="เทศบาลเมืองตัวอย่าง")
        survey: Survey = PrepareSurveys(by=None, assessment=survey_round(agency)).execute()[0]
        survey.by_codes = True
        survey.save()
        self.codes = IssueCodes(by=None, survey=survey, count=PEOPLE).execute()
        OpenSurvey(by=None, survey=survey, form=form_of(survey)).execute()
        turn(first=True)
        self.box, self.form = survey.boxes.get().pk, form_of(survey)
        self.packed = _different_answers(self.form)
        self._naive("CREATE TABLE naive_code (code integer PRIMARY KEY, spent integer, note varchar(40))")
        serial = "integer PRIMARY KEY AUTOINCREMENT" if connection.vendor == "sqlite" else "serial PRIMARY KEY"
        self._naive(f"CREATE TABLE naive_answer (id {serial}, packed varchar(200))")
        for person in range(PEOPLE):
            self._naive("INSERT INTO naive_code VALUES (%s, 0, '')", person)
        self.order = random.sample(range(PEOPLE), PEOPLE)
        for person in self.order[:FIRST]:
            self._answer(person)
        with_key = self._with_key()
        self._copy("before-first")
        turn()
        self._copy("after-first")
        for person in self.order[FIRST:]:
            self._answer(person)
        self._copy("before-close")
        CloseSurvey(by=None, survey=survey).execute()
        turn()
        self._copy("after-close")
        self.with_key = with_key

    def _answer(self, person: int) -> None:
        code = digest(self.codes[person], keys().code_key, CODE_SCOPE)
        filed = file_answer(DatabaseStorage(), keys(), self.box, (code, f"nonce{person:04}"), self.packed[person])
        assert filed.outcome == "filed"
        with transaction.atomic():
            self._naive(
                "UPDATE naive_code SET spent = 1, note = %s WHERE code = %s", f"naive-receipt-{person:04}", person
            )
            self._naive("INSERT INTO naive_answer (packed) VALUES (%s)", _naive_form(self.packed[person]))

    def _naive(self, sql: str, *values: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)

    def _copy(self, name: str) -> None:
        """Database file and log as they are, beside earlier copies; what of the unmixed stands in them readable."""
        target = self.folder / name
        target.mkdir()
        for source in _database_files():
            shutil.copy(source, target / f"{len(self.files)}-{source.name}")
            self.files.append(target / f"{len(self.files)}-{source.name}")
        if connection.vendor == "postgresql":
            dump = target / "dump.sql"
            with dump.open("wb") as out:
                subprocess.run(["pg_dump", os.environ["DATABASE_URL"]], check=True, stdout=out)
            self.files.append(dump)
        mixed = set(Answer.objects.values_list("packed", flat=True))
        self.sets.append([p for p in range(PEOPLE) if _characters(self.packed[p]) in mixed])
        content = b"".join(path.read_bytes() for path in target.iterdir())
        for person in set(range(PEOPLE)) - set(self.sets[-1]):
            if _characters(self.packed[person]).encode() in content:
                self.early.append(f"{name}: {person}")
        if any(code.encode() in content for code in self.codes):
            self.early.append(f"{name}: a code")

    def _with_key(self) -> Feature:
        """What a thief of the key gets before the mixing: opened letters, in the order in which they came."""
        found = []
        place = "rowid" if connection.vendor == "sqlite" else "xmin::text::bigint, ctid"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM surveys_letter ORDER BY {place}")
            for at, (name,) in enumerate(cursor.fetchall()):
                letter = Letter.objects.get(pk=name)
                private = keys().private(letter.batch)
                assert private
                text = unseal(_as_letter(letter), private)
                found.append((self.packed.index(text), at))
        return found

    # --- what is carried away

    def collected(self) -> dict[str, Any]:
        """Everything that orders codes, and everything that orders answers, in the real tables and the naive ones."""
        digests = {digest(c, keys().code_key, CODE_SCOPE).hex(): p for p, c in enumerate(self.codes)}
        answers = {_characters(text): p for p, text in enumerate(self.packed)}
        receipts = {r: digests[d] for d, r in self._rows("SELECT digest, receipt FROM surveys_code")}
        ids = {name: answers[packed] for name, packed in self._rows("SELECT id, packed FROM surveys_answer")}
        naive = {_naive_form(text): p for p, text in enumerate(self.packed)}
        notes = {f"naive-receipt-{p:04}": p for p in range(PEOPLE)}
        return {
            "people": PEOPLE,
            "order": self.order,
            "early": self.early,
            "sets": self.sets,
            "with_key": self.with_key,
            "keys_left": len(keys().batches()),
            "codes": {
                **self._places("surveys_code", "digest", digests),
                **{f"receipt in {n}": f for n, f in self._offsets(receipts)},
                **{f"digest in {n}": f for n, f in self._offsets(digests)},
            },
            "answers": {
                **self._places("surveys_answer", "id", ids),
                "id": sorted((p, name) for name, p in ids.items()),
                **{f"id in {n}": f for n, f in self._offsets(ids)},
                **{f"characters in {n}": f for n, f in self._offsets(answers)},
            },
            "naive_codes": {
                **self._places("naive_code", "note", notes),
                **{f"note in {n}": f for n, f in self._offsets(notes)},
            },
            "naive_answers": {
                **self._places("naive_answer", "packed", naive),
                **{f"packed in {n}": f for n, f in self._offsets(naive)},
            },
        }

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    def _places(self, table: str, column: str, whose: dict[str, int]) -> dict[str, Feature]:
        """Row numbers, or row versions and places on pages."""
        if connection.vendor == "sqlite":
            rows = self._rows(f"SELECT {column}, rowid FROM {table}")
            return {"rowid": [(whose[name], place) for name, place in rows if name in whose]}
        rows = self._rows(f"SELECT {column}, xmin::text::bigint, cmin::text::bigint, ctid::text FROM {table}")
        page = [(whose[n], [int(part) for part in ctid.strip("()").split(",")]) for n, _, _, ctid in rows if n in whose]
        version = [(whose[n], [xmin, cmin]) for n, xmin, cmin, _ in rows if n in whose]
        return {"ctid": page, "xmin": version}

    def _offsets(self, marks: dict[str, int]) -> Iterable[tuple[str, Feature]]:
        """First and last place of a mark in the bytes of every file that was carried away."""
        for path in self.files:
            content = path.read_bytes()
            first, last = [], []
            for mark, person in marks.items():
                if (at := content.find(mark.encode())) >= 0:
                    first.append((person, at))
                    last.append((person, content.rfind(mark.encode())))
            name = f"{path.parent.name}/{path.name}"
            yield f"{name} (first)", first
            yield f"{name} (last)", last


def _database_files() -> list[Path]:
    if connection.vendor == "sqlite":
        base = str(connection.settings_dict["NAME"])
        return [Path(base + end) for end in ("", "-wal") if Path(base + end).exists()]
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SHOW data_directory")
        data = Path(cursor.fetchone()[0])
        found = []
        for table in ("surveys_code", "surveys_letter", "surveys_answer", "naive_code", "naive_answer"):
            cursor.execute("SELECT pg_relation_filepath(%s)", [table])
            found.append(data / cursor.fetchone()[0])
    return [*found, *sorted(path for path in (data / "pg_wal").iterdir() if path.is_file())]


def _characters(packed: str) -> str:
    return packed.split("/")[2]


def _naive_form(packed: str) -> str:
    """The naive table keeps the answer spaced out, so that a search for the real ones does not find it (backwards it
    would: an answer may read the same from both ends)."""
    return "naive:" + ".".join(packed)


def _as_letter(row: Letter) -> Any:
    from prongsai.survey.letterbox import Letter as Sealed

    return Sealed(row.pk, row.batch, bytes(row.sealed))


def _different_answers(form: Any) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < PEOPLE:
        found[str(answer(form, {line.code: random.choice(line.options) for line in form.lines}))] = None
    return list(found)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    scene = Scene(Path(sys.argv[1]).parent)
    scene.play()
    Path(sys.argv[1]).write_text(json.dumps(scene.collected()))
