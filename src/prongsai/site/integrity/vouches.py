"""What the entry of a posting vouches for: the line of the register, which nobody may change or add another way."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.errors import InputError
from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import row_of, vouches
from prongsai.site.integrity.models import Posting


@vouches("integrity.post", rows=Posting.objects.all)
def posting(entry: Entry) -> Iterator[str]:
    """Number, place and day are those of then, and the line is the head that the chain had at that number."""
    found = Posting.objects.filter(pk=row_of(entry)).first()
    if found is None:
        yield entry.subject
        return
    for name, now in (("number", found.number), ("place", found.place), ("day", found.day.isoformat())):
        if now != entry.facts.get(name):
            yield f"{entry.subject} {name}"
    link = Entry.objects.filter(number=found.number).values_list("link", flat=True).first()
    try:
        said = found.head.number, found.head.hash
    except InputError:
        said = 0, ""
    if said != (found.number, link):
        yield f"{entry.subject} line"
