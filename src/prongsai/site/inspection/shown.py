"""A preserved copy as a decision page shows it: as text and as a picture, verified, and with what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass

from prongsai.evidence.preserve.manifest import Note
from prongsai.evidence.preserve.store import Damaged
from prongsai.site.inspection.copies import copies
from prongsai.site.inspection.models import Evidence, Preserved

_TEXT_SHOWN = 20_000  # characters of a copy's text that a page shows


@dataclass(frozen=True)
class Shown:
    """``damaged``: what is there is not what was kept; nothing of it is shown. ``number``: of the link, 0 if gone."""

    copy: Preserved
    number: int
    text: str = ""
    cut: bool = False
    picture: bool = False
    damaged: bool = False
    notes: tuple[Note, ...] = ()
    stamped: bool = False
    kind: str = ""


def newest(evidence: Evidence) -> list[Preserved]:
    """The newest copy of each link at each occasion, in the order of the links; a failure where there is no other."""
    found: dict[tuple[str, str], Preserved] = {}
    for copy in evidence.copies.select_related("link").order_by("at"):
        key = copy.url, copy.occasion
        if (copy.name and not copy.failure) or key not in found or found[key].failure:
            found[key] = copy
    return sorted(found.values(), key=lambda one: (one.link is None, one.link.order if one.link else 0, one.at))


def shown(rows: list[Preserved], links: list[int]) -> list[Shown]:
    """These copies read and verified; ``links``: primary keys of the item's links in the order of their numbers."""
    return [_read(copy, links.index(copy.link_id) + 1 if copy.link_id in links else 0) for copy in rows]


def _read(copy: Preserved, number: int) -> Shown:
    if not copy.name:
        return Shown(copy, number)
    store = copies()
    try:
        manifest = store.manifest(copy.name)
        text = store.text(manifest)
        store.file(manifest)  # the picture is inside it
    except Damaged:
        return Shown(copy, number, damaged=True)
    return Shown(
        copy,
        number,
        text=text[:_TEXT_SHOWN],
        cut=len(text) > _TEXT_SHOWN,
        picture=manifest.picture is not None,
        notes=manifest.notes,
        stamped=manifest.timestamp is not None,
        kind=manifest.kind,
    )
