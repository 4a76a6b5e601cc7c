"""What the entry of a publication vouches for: the release's row, its files, its rows by agency, the figures over all.

Rows are held against the files that they were made of, and the files against the digest in the entry: that way a row
whose shape a later version of the program changed still verifies.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from prongsai.errors import InputError
from prongsai.json_text import read_json
from prongsai.national.book import read as read_book
from prongsai.publishing.read import read_release
from prongsai.publishing.sums import altered
from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import kept, row_of, vouches
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.project import rows

_COLUMNS = [one.attname for one in PublishedAgency._meta.concrete_fields if one.name not in ("id", "release", "detail")]


@vouches("release.publish", rows=lambda: Release.objects.filter(state="done"))
def publication(entry: Entry) -> Iterator[str]:
    """Everything that became public by it, taken back since or not."""
    release = Release.objects.select_related("round", "book").filter(pk=row_of(entry)).first()
    if release is None:
        yield entry.subject
        return
    for field in ("revision", "agencies", "digest"):
        if getattr(release, field) != entry.facts.get(field):
            yield f"{entry.subject} {field}"
    if release.state != "done" or release.published_at is None:
        yield f"{entry.subject} state"
    taken_back = Entry.objects.filter(
        action="release.withdraw", subject=f"rounds.round:{release.round_id}", number__gt=entry.number
    )
    if (release.withdrawn_at is not None) != taken_back.exists():
        yield f"{entry.subject} withdrawn_at"
    wrong = [
        *files(release.folder, str(entry.facts.get("digest", ""))),
        *kept(release.book, entry.facts.get("book")),
    ]
    yield from wrong
    if not wrong:
        yield from _rows(release)


def files(folder: Path, digest: str) -> Iterator[str]:
    """Paths (below the open data) of a release's files that are not what was published, and of the whole in one."""
    here, whole = f"opendata/{folder.relative_to(settings.OPENDATA).as_posix()}", folder.with_suffix(".zip")
    yield from (f"{here}/{name}" for name in altered(folder, digest))
    try:
        same = not list(altered(whole, digest))
    except (InputError, OSError):
        same = False
    if not same:
        yield f"{here}.zip"


def _rows(release: Release) -> Iterator[str]:
    """Agencies whose row is not what the files say, or is missing, or was added."""
    try:
        published = read_release(release.folder)
    except InputError:
        return  # made for another version of the framework than this program has; its files were looked at
    there = {row.code: row for row in release.lines.all()}
    for wanted in rows(release, published, _ministries(release)):
        row = there.pop(wanted.code, None)
        name = f"{PublishedAgency._meta.label_lower}:{row.pk if row else ''} ({wanted.code})"
        if row is None:
            yield name
            continue
        yield from (f"{name} {column}" for column in _COLUMNS if _differs(row, wanted, column))
        if not _same_line(row, wanted):
            yield f"{name} detail"
    yield from (f"{PublishedAgency._meta.label_lower}:{row.pk} ({code})" for code, row in sorted(there.items()))


def _differs(row: PublishedAgency, wanted: PublishedAgency, column: str) -> bool:
    return bool(_plain(getattr(row, column)) != _plain(getattr(wanted, column)))


def _plain(value: Any) -> Any:
    """As the database keeps it: lists where the program has tuples."""
    return read_json(json.dumps(value)) if isinstance(value, dict | list | tuple) else value


def _same_line(row: PublishedAgency, wanted: PublishedAgency) -> bool:
    try:
        return row.line == wanted.line
    except Exception:  # whatever was put there: it is not what was published
        return False


def _ministries(release: Release) -> dict[str, Any]:
    if release.book is None:
        return {}
    about = read_book(release.book.read()).agencies
    return dict(zip(about["code"].to_list(), about["ministry"].to_list(), strict=True))
