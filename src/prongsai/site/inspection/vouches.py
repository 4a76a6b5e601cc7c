"""What the entry of a confirmation vouches for: the links that the chief executive stood by."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import row_of, vouches
from prongsai.site.inspection.frozen import digest_of
from prongsai.site.inspection.models import Confirmation


@vouches("evidence.confirm")
def confirmation(entry: Entry) -> Iterator[str]:
    """Every confirmation of the assessment with this digest is of exactly this content, and one is there."""
    every = list(Confirmation.objects.filter(assessment=row_of(entry), digest=entry.facts.get("digest")))
    if not every:
        yield f"{entry.subject} {Confirmation._meta.label_lower}"
    for one in every:
        if _digest(one) != one.digest:
            yield f"{Confirmation._meta.label_lower}:{one.pk} content"


def _digest(one: Confirmation) -> str:
    try:
        return digest_of(one.content)
    except ValueError:  # a float: nothing was ever confirmed with one
        return ""
