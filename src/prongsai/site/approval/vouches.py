"""What the entry of a submission vouches for: the frozen files on which superiors decided."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.approval.freeze import digest_of
from prongsai.site.approval.models import Bundle
from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import kept, row_of, vouches


@vouches("approval.submit")
def bundle(entry: Entry) -> Iterator[str]:
    """Names, order and bytes of its files."""
    found = Bundle.objects.filter(pk=row_of(entry)).first()
    if found is None:
        yield entry.subject
        return
    rows = list(found.files.select_related("file"))
    for row in rows:
        yield from kept(row.file)
    named = [(f"{row.order:02d} {row.file.name}", row.file.sha256) for row in rows]
    wanted = entry.facts.get("digest")
    if found.digest != wanted or digest_of(found.subject, found.number, named) != wanted:
        yield f"{entry.subject} files"
