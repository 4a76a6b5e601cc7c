"""Approves as fast as it can: ``python approver.py prepare|approve|beside|finish FOLDER`` (see test_approval_faults).

``beside`` does so while other threads file answers (``filer.py``). ``approve`` appends ``bundle order`` to
``FOLDER/approved`` only after the act was confirmed. Whoever is told that an act is not possible any more (it was done,
and the word of it was lost) goes on to the next.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
django.setup()

from cast import make_round  # noqa: E402

from prongsai.site.agencies.models import Agency  # noqa: E402
from prongsai.site.approval.actions import Act  # noqa: E402
from prongsai.site.approval.models import Bundle, BundleState, Turn, Verb  # noqa: E402
from prongsai.site.history import chain  # noqa: E402
from prongsai.site.history.action import Refused  # noqa: E402
from prongsai.site.history.models import Entry  # noqa: E402
from prongsai.site.people.models import Person, Role, RoleKind  # noqa: E402
from prongsai.site.plans.models import Plan, PlanState  # noqa: E402
from prongsai.site.rounds.models import Assessment  # noqa: E402

RANKS = (("ปลัดเทศบาล", "opine", Verb.SUPPORT), ("นายกเทศมนตรี", "decide", Verb.APPROVE))
THREADS = 4
PAUSE = 0.1  # seconds between two answers of a thread, so that there are respondents as long as there are officers


def prepare(bundles: int) -> None:
    """Agencies, each with a plan before its chain of two ranks."""
    of = make_round(2568)
    people = [Person.objects.create_user(f"rank{n}", given_name="มานะ", family_name="ตัวอย่าง") for n in (1, 2)]
    author = Person.objects.create_user("author", given_name="สมหญิง", family_name="ตัวอย่าง")
    for number in range(bundles):
        agency = Agency.objects.create(code=f"a{number}", name=f"เทศบาลตัวอย่าง {number}")
        plan = Plan.objects.create(
            assessment=Assessment.objects.create(round=of, agency=agency), action_year=2569, state=PlanState.SUBMITTED
        )
        made = Bundle.objects.create(
            plan=plan, subject="plan", number=1, plan_revision=1, digest=f"{number:064}", by=author, signed_as="author"
        )
        for order, ((position, act, _), person) in enumerate(zip(RANKS, people, strict=True), start=1):
            role = Role.objects.create(person=person, kind=RoleKind.APPROVER, agency=agency, position=position)
            Turn.objects.create(bundle=made, order=order, position=position, role=role, act=act)


def approve(folder: Path) -> None:
    """Every act that is not confirmed yet, in several threads, until all are or somebody kills this process."""
    done = confirmed(folder)
    out = os.open(folder / "approved", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    bundles = list(Bundle.objects.order_by("pk"))

    def work(mine: list[Bundle]) -> None:
        for bundle in mine:
            for order, (_, _, verb) in enumerate(RANKS, start=1):
                if (bundle.pk, order) in done:
                    continue
                person = Person.objects.get(username=f"rank{order}")
                try:
                    Act(by=person, bundle=bundle, digest=bundle.digest, order=order, verb=verb).execute()
                except Refused:
                    continue  # it was done before the kill, and nobody was told
                os.write(out, f"{bundle.pk} {order}\n".encode())

    threads = [threading.Thread(target=work, args=(bundles[start::THREADS],)) for start in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def beside(folder: Path) -> None:
    """Respondents and officers from the same moment on, until somebody kills this process."""
    from filer import file

    respondents = threading.Thread(target=file, args=(folder,), kwargs={"pause": PAUSE})
    respondents.start()
    approve(folder)
    respondents.join()


def confirmed(folder: Path) -> set[tuple[int, int]]:
    """Bundle and rank of every act that somebody was told is kept."""
    path = folder / "approved"
    lines = path.read_text().split("\n")[:-1] if path.exists() else []
    return {(int(bundle), int(order)) for bundle, order in (line.split() for line in lines)}


def finish(folder: Path) -> None:
    """What is there: acts, their entries in the history, and whether bundle, plan and last rank say the same."""
    chain.extend()
    acts = [(turn.bundle_id, turn.order) for turn in Turn.objects.exclude(verb="").order_by("bundle_id", "order")]
    entries = Entry.objects.filter(action="approval.act")
    half = 0
    for bundle in Bundle.objects.select_related("plan").prefetch_related("turns"):
        ended = bundle.turns.all()[len(RANKS) - 1].verb != ""
        half += (bundle.state == BundleState.APPROVED) != ended
        half += (bundle.plan.state == PlanState.APPROVED) != ended
    checked = chain.check()
    found = {
        "acts": acts,
        "entries": sorted((int(subject.rpartition(":")[2]), facts["order"])
                          for subject, facts in entries.values_list("subject", "facts")),
        "half": half,
        "whole": checked.report.whole and checked.waiting == 0,
    }  # fmt: skip
    (folder / "found-acts.json").write_text(json.dumps(found))


if __name__ == "__main__":
    command, where = sys.argv[1], Path(sys.argv[2])
    if command == "prepare":
        prepare(int(sys.argv[3]))
    elif command == "approve":
        approve(where)
    elif command == "beside":
        beside(where)
    else:
        finish(where)
