"""What the entry of a gathering vouches for: the revision of the nation's results, and its file."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import kept, row_of, vouches
from prongsai.site.nation.models import NationResult


@vouches("nation.keep", rows=NationResult.objects.all)
def revision(entry: Entry) -> Iterator[str]:
    """The row says what the entry says, and its file is the one that was kept."""
    result = NationResult.objects.select_related("file").filter(pk=row_of(entry)).first()
    if result is None:
        yield entry.subject
        return
    for field in ("revision", "agencies", "scored"):
        if getattr(result, field) != entry.facts.get(field):
            yield f"{entry.subject} {field}"
    if not result.file.sha256.startswith(str(entry.facts.get("hash", ""))):
        yield f"{entry.subject} file"
    yield from kept(result.file, entry.facts.get("sha256"))
