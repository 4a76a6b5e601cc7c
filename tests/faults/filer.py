"""Files answers as fast as it can: ``python filer.py prepare|file|mix|finish FOLDER`` (see test_survey_faults).

``file`` appends a person's number to ``FOLDER/confirmed`` only after the answer was confirmed, with the size that the
database's log had then: what a disk must still hold after the power went.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import threading
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from survey_world import form_of, survey_round  # noqa: E402

from prongsai.site.agencies.models import Agency  # noqa: E402
from prongsai.site.surveys.actions import CODE_SCOPE, CloseSurvey, IssueCodes, OpenSurvey, PrepareSurveys  # noqa: E402
from prongsai.site.surveys.keys import keys  # noqa: E402
from prongsai.site.surveys.mixer import turn  # noqa: E402
from prongsai.site.surveys.models import Answer, Code, Letter, Survey, SurveyState  # noqa: E402
from prongsai.site.surveys.store import DatabaseStorage  # noqa: E402
from prongsai.survey.answers import answer  # noqa: E402
from prongsai.survey.codes import digest  # noqa: E402
from prongsai.survey.letterbox import file_answer  # noqa: E402

THREADS = 4


def prepare(folder: Path, people: int) -> None:
    """An open survey, its codes, and a different answer for everyone."""
    call_command("migrate", verbosity=0)
    agency = Agency.objects.create(code="muang", name="เทศบาลเมืองตัวอย่าง")
    survey: Survey = PrepareSurveys(by=None, assessment=survey_round(agency)).execute()[0]
    survey.by_codes = True
    survey.save()
    codes = IssueCodes(by=None, survey=survey, count=people).execute()
    OpenSurvey(by=None, survey=survey, form=form_of(survey)).execute()
    turn(first=True)
    form, packed = form_of(survey), dict[str, dict[str, str]]()
    while len(packed) < people:
        given = {line.code: random.choice(line.options) for line in form.lines}
        packed[str(answer(form, given))] = given
    plan = {"box": survey.boxes.get().pk, "codes": codes, "packed": list(packed), "given": list(packed.values())}
    (folder / "plan.json").write_text(json.dumps(plan))


def file(folder: Path, largest_file: int = 0, pause: float = 0.0) -> None:
    """File what is not confirmed yet, in several threads, until all are or somebody kills this process.

    ``pause``: seconds of a thread between two answers.
    """
    plan = json.loads((folder / "plan.json").read_text())
    if largest_file:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    done = confirmed(folder)
    waiting = [person for person in range(len(plan["codes"])) if person not in done]
    out = os.open(folder / "confirmed", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    log = Path(str(connection.settings_dict["NAME"]) + "-wal")

    def work(mine: list[int]) -> None:
        for person in mine:
            code = digest(plan["codes"][person], keys().code_key, CODE_SCOPE)
            filed = file_answer(DatabaseStorage(), keys(), plan["box"], (code, f"{person:032}"), plan["packed"][person])
            if filed.outcome == "filed":
                size = log.stat().st_size if connection.vendor == "sqlite" else 0
                os.write(out, f"{person} {size}\n".encode())
            time.sleep(pause)

    threads = [threading.Thread(target=work, args=(waiting[start::THREADS],)) for start in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def confirmed(folder: Path) -> dict[int, int]:
    """Who was told that the answer is filed, and how large the log was."""
    path = folder / "confirmed"
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return {int(person): int(size) for person, size in (line.split() for line in lines)}


def mix() -> None:
    """One turn of the mixer, as after a start."""
    turn(first=True)


def finish(folder: Path) -> None:
    """Close, mix all, and tell what is there: whose codes are spent, whose answers are kept and how often."""
    plan = json.loads((folder / "plan.json").read_text())
    survey = Survey.objects.get()
    waiting = {"letters": Letter.objects.count(), "answers": Answer.objects.count()}
    if survey.state == SurveyState.OPEN:
        CloseSurvey(by=None, survey=survey).execute()
    turn(first=True)
    digests = {digest(code, keys().code_key, CODE_SCOPE).hex(): n for n, code in enumerate(plan["codes"])}
    whose = {packed.split("/")[2]: n for n, packed in enumerate(plan["packed"])}
    found = {
        **waiting,
        "spent": sorted(digests[d] for d in Code.objects.filter(spent=True).values_list("digest", flat=True)),
        "kept": sorted(whose[packed] for packed in Answer.objects.values_list("packed", flat=True)),
        "filed": survey.boxes.get().filed,
        "state": Survey.objects.get().state,
    }
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    command, where = sys.argv[1], Path(sys.argv[2])
    if command == "prepare":
        prepare(where, int(sys.argv[3]))
    elif command == "file":
        file(where, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    elif command == "mix":
        mix()
    else:
        finish(where)
