"""The years of the demo that are over, published: the portal, the API and the open data have something to show."""

from __future__ import annotations

import shutil

from django.conf import settings

from prongsai.site.demo.nation import CODE
from prongsai.site.nation.jobs import work as gather
from prongsai.site.nation.models import NationJob
from prongsai.site.opendata.actions import PrepareRelease, PublishRelease
from prongsai.site.opendata.jobs import work as prepare
from prongsai.site.people.models import Person
from prongsai.site.rounds.models import Round


def publish() -> list[Round]:
    """Gather, prepare and publish every round of the examples that has results, as its assessor does; which it was."""
    assessor = Person.objects.get(username="assessor")
    found = Round.objects.filter(own=None, releases=None, assessments__results__isnull=False).exclude(
        assessments__agency__code__startswith=CODE
    )
    done = []
    for one in found.distinct().order_by("fiscal_year"):
        job = NationJob.objects.create(round=one, by=assessor)
        gather.func(job.pk)
        job.refresh_from_db()
        if job.result is None:
            continue
        release = PrepareRelease(by=assessor, result=job.result).execute()
        prepare.func(release.pk)
        release.refresh_from_db()
        PublishRelease(by=assessor, release=release).execute()
        done.append(one)
    return done


def forget() -> None:
    """The files of a demo database that is emptied; its rows go with the rest."""
    shutil.rmtree(settings.OPENDATA, ignore_errors=True)
