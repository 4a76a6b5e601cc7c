"""Agencies of the same kind that are nearest in size: by those who answered the survey inside, which is published."""

from __future__ import annotations

from typing import Any

from prongsai.site.portal.published import Published

EACH_WAY = 4


def near_in_size(of: Published) -> dict[str, Any] | None:
    """The next smaller and larger agencies of its kind in its round, itself in its place; None where nothing is known.

    ``survey``: what the size is read from; ``rows``: ``Published``, fewest sheets first.
    """
    own, survey = of.row.sheets, next((one for one in of.instruments if one.kind == "survey"), None)
    if not of.row.kind or own is None or survey is None:
        return None
    others = of.release.lines.filter(kind=of.row.kind).exclude(pk=of.row.pk)
    smaller = others.filter(sheets__lt=own).order_by("-sheets", "code")[:EACH_WAY]
    larger = others.filter(sheets__gte=own).order_by("sheets", "code")[:EACH_WAY]
    rows = [Published(row) for row in (*reversed(smaller), of.row, *larger)]
    return {"survey": survey.code, "rows": rows} if len(rows) > 1 else None
