"""Google Forms: the sheet of responses as CSV; headings are the texts of questions, cells the labels of options."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.survey.imports.source import Source


def readings(header: str) -> Iterator[str]:
    """The text itself; a grid's ``question [row]`` is compared as one text, the row alone comes after it."""
    yield header
    if header.endswith("]") and "[" in header:
        yield header[header.rindex("[") + 1 : -1]


SOURCE = Source("google-forms", "Google Forms (CSV)", readings)
