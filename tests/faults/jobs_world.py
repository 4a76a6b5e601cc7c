"""Jobs to be killed or to be done by two at once: ``python jobs_world.py prepare|release|finish FOLDER``.

Surveys of many agencies are prepared, a nation is gathered, its release prepared, people are told. Each job is put into
the queue twice, as a double click, a retried request or a worker that was believed dead would do.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prongsai.site.settings")
django.setup()

from cast import make_cast  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.models import Count  # noqa: E402
from published import fill  # noqa: E402
from survey_world import survey_round  # noqa: E402

from prongsai.publishing.read import read_release  # noqa: E402
from prongsai.site.agencies.models import Agency  # noqa: E402
from prongsai.site.history import chain  # noqa: E402
from prongsai.site.history.models import Entry  # noqa: E402
from prongsai.site.nation.actions import StartGathering  # noqa: E402
from prongsai.site.nation.jobs import work as gather  # noqa: E402
from prongsai.site.nation.models import NationJob, NationResult  # noqa: E402
from prongsai.site.notices.models import Notice  # noqa: E402
from prongsai.site.notices.send import deliver, draft, tell  # noqa: E402
from prongsai.site.opendata.actions import PrepareRelease, PublishRelease  # noqa: E402
from prongsai.site.opendata.jobs import work as make_release  # noqa: E402
from prongsai.site.opendata.models import Release  # noqa: E402
from prongsai.site.people.models import Person  # noqa: E402
from prongsai.site.rounds.models import Assessment, Round  # noqa: E402
from prongsai.site.surveys.actions import StartJob  # noqa: E402
from prongsai.site.surveys.jobs import work as everywhere  # noqa: E402
from prongsai.site.surveys.models import Job, JobKind, Survey  # noqa: E402

AGENCIES, MESSAGES = 120, 60


def prepare() -> None:
    """The world, and in the queue everything twice."""
    call_command("migrate", verbosity=0)
    cast = make_cast()
    fill(cast, cast.round)
    asked = survey_round(cast.agency).round
    for number in range(AGENCIES - 1):
        agency = Agency.objects.create(code=f"j{number}", name=f"เทศบาลตัวอย่าง {number}")
        Assessment.objects.create(round=asked, agency=agency)
    by = cast.people["assessor"]
    made = StartJob(by=by, round=asked, kind=JobKind.PREPARE).execute()
    everywhere.enqueue(made.pk)
    gather.enqueue(StartGathering(by=by, round=cast.round).execute().pk)
    for notice in tell([draft(cast.people["officer"], f"k{n}", "-", f"message-{n:03}-") for n in range(MESSAGES)]):
        deliver.enqueue(notice.pk)


def release() -> None:
    """The release of what was gathered, twice in the queue."""
    by = Person.objects.get(username="assessor")
    made = PrepareRelease(by=by, result=NationResult.objects.get(), note="").execute()
    make_release.enqueue(made.pk)


def finish(folder: Path) -> None:
    """Publish, and count what must be there once."""
    by = Person.objects.get(username="assessor")
    made = Release.objects.get()
    state = made.state
    PublishRelease(by=by, release=made).execute()
    chain.extend()
    of = Round.objects.get(slug__startswith="rehearsal")
    surveys = Survey.objects.filter(assessment__round=of)
    checked = chain.check()
    found = {
        "jobs": sorted(
            {*Job.objects.values_list("state", flat=True), *NationJob.objects.values_list("state", flat=True)}
        ),
        "surveys": surveys.count(),
        "twice": surveys.values("assessment", "container").annotate(n=Count("pk")).filter(n__gt=1).count(),
        "entries": Entry.objects.filter(action="surveys.prepare").count(),
        "gathered": NationResult.objects.count(),
        "release": state,
        "published": len(read_release(made.folder).scores) > 0,
        "unsent": Notice.objects.exclude(state="sent").count(),
        "whole": checked.report.whole and checked.waiting == 0,
    }
    (folder / "found-jobs.json").write_text(json.dumps(found))


if __name__ == "__main__":
    command, where = sys.argv[1], Path(sys.argv[2])
    if command == "prepare":
        prepare()
    elif command == "release":
        release()
    else:
        finish(where)
