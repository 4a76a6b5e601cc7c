"""Doors of publishing: the round's assessor prepares, confirms and takes back; published files are everybody's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from cast import Cast
from doors import EVERYONE, Door
from published import Published, fill

from prongsai.site.opendata.models import Release

ASSESSES = {"assessor"}
SLUG = "2568"


def prepared(*more: Any, public: bool = False) -> Callable[[Cast], tuple[Any, ...]]:
    """Arguments of a page of a round with a release."""

    def arguments(cast: Cast) -> tuple[Any, ...]:
        if not Release.objects.exists():
            fill(cast, cast.round)
            made = Published(cast)
            if public:
                made.publish(cast.round, "")
            else:
                made.prepare(made.gather(cast.round), "")
        return (SLUG, *more)

    return arguments


public = partial(prepared, public=True)

DOORS = [
    Door("release_ask", ASSESSES, prepared(1)),
    Door("release_review", ASSESSES, prepared(1)),
    Door("release_confirm", ASSESSES, prepared(1), method="post", ok=(302,)),
    Door("release_changes", ASSESSES, prepared(1, "csv")),
    Door("release_withdraw", ASSESSES, public()),
    Door("opendata_zip", EVERYONE, public(1)),
    Door("opendata_file", EVERYONE, public(1, "csv/scores.csv")),
]
