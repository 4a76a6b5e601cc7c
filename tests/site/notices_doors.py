"""Doors of notices and jobs."""

from __future__ import annotations

from typing import Any

from cast import Cast
from doors import SIGNED_IN, Door

from prongsai.site.notices.send import draft, tell


def notice(cast: Cast) -> tuple[Any, ...]:
    return (tell([draft(cast.officer, "door", "เรื่อง", "ข้อความ", "/notices/", cast.agency)])[0].pk,)


DOORS = [
    Door("notices", SIGNED_IN),
    Door("notices", SIGNED_IN, method="post", ok=(302,)),
    Door("notice_open", {"officer"}, notice, method="post", ok=(302,)),
    Door("jobs", {"admin"}),
    Door("jobs", {"admin"}, method="post", ok=(302,)),
]
