"""ODK Central and KoboToolbox: submissions of our own XLSForm as CSV, with or without the names of groups."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.survey.imports.source import INSTANCE, VERSION, Source


def readings(header: str) -> Iterator[str]:
    """``questions-indicator_1-i1`` (Central) and ``questions/indicator_1/i1`` (Kobo) are ``i1``; so are labels."""
    yield header
    for separator in ("/", "-"):
        parts = header.split(separator)
        # A text may hold the separator itself: take off one group after another.
        yield from (separator.join(parts[start:]) for start in range(1, len(parts)))


SOURCE = Source(
    "odk",
    "ODK Central, KoboToolbox (CSV)",
    readings,
    roles={
        "meta-instanceid": INSTANCE,
        "meta/instanceid": INSTANCE,
        "instanceid": INSTANCE,
        "key": INSTANCE,
        "_uuid": INSTANCE,
        "formversion": VERSION,
    },
)
