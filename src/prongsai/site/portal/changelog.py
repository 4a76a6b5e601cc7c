"""What was published, taken back and counted differently, newest first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.framework import previous_of
from prongsai.framework.changes import Changes, changes
from prongsai.site.base.text import pick
from prongsai.site.opendata.models import Release
from prongsai.site.portal.caching import public_page


@dataclass(frozen=True)
class Event:
    """A release or a withdrawal. ``before``: the revision before it, where there is one."""

    at: dt.datetime
    release: Release
    withdrawn: bool = False
    before: Release | None = None

    @property
    def round_name(self) -> str:
        """The round's name in the reader's language."""
        return pick(self.release.round.name, self.release.round.name_en or self.release.round.name)

    @property
    def title(self) -> str:
        """What happened, in a line."""
        name, number = self.round_name, self.release.revision
        if self.withdrawn:
            return pick(f"ถอนการเผยแพร่ {name}", f"Withdrawn: {name}")
        if self.before:
            return pick(f"เผยแพร่ฉบับแก้ไขที่ {number}: {name}", f"Revision {number} published: {name}")
        return pick(f"เผยแพร่ผล {name}", f"Published: {name}")

    @property
    def readable(self) -> bool:
        """Whether its files can still be read."""
        return self.release.withdrawn_at is None

    @property
    def anchor(self) -> str:
        """Its name on the page, which stays."""
        return f"{self.release.round.slug}-{'withdrawn' if self.withdrawn else f'r{self.release.revision}'}"

    @property
    def other_version(self) -> bool:
        """Whether it was counted with another version of the framework than the revision before."""
        return self.before is not None and self.before.framework_version != self.release.framework_version

    @property
    def method(self) -> Changes | None:
        """What changed in the method since the year before; of a round's first revision alone."""
        framework = self.release.round.framework
        before = previous_of(framework)
        return changes(before, framework) if before and not self.before and not self.withdrawn else None


def events() -> list[Event]:
    """Everything there was of rounds that are published to everybody, newest first. One query."""
    found: list[Event] = []
    last: dict[int, Release] = {}
    taken: set[tuple[int, dt.datetime]] = set()
    releases = Release.objects.filter(state="done", published_at__isnull=False, round__own=None)
    for release in releases.select_related("round").order_by("round", "revision"):
        assert release.published_at is not None
        found.append(Event(release.published_at, release, before=last.get(release.round_id)))
        last[release.round_id] = release
        if release.withdrawn_at and (release.round_id, release.withdrawn_at) not in taken:
            taken.add((release.round_id, release.withdrawn_at))
            found.append(Event(release.withdrawn_at, release, withdrawn=True))
    return sorted(found, key=lambda event: event.at, reverse=True)


@public_page()
def page(request: HttpRequest) -> HttpResponse:
    """The list."""
    title = pick("บันทึกการเผยแพร่", "Changes")
    return render(request, "portal/changelog.html", {"events": events(), "heading": title, "crumbs": [(title, "")]})
