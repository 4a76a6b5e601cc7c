"""Pages by key: a cursor says after (or before) which line a page begins, so lines that come or go shift no page.

A cursor names the revision it began in: a reader who is half way through when a correction is published reads on in
what was begun, as long as that revision can be read.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from prongsai.json_text import read_json
from prongsai.site.api.errors import ApiError, problem
from prongsai.site.opendata.models import PublishedAgency

Rows = QuerySet[PublishedAgency]
_LARGEST = 2**63  # numbers of lines are smaller


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: beside the line with this key, on the side of ``back``. ``value`` None: no overall score."""

    release: int
    sort: str
    back: bool
    value: str | None
    code: str

    def text(self) -> str:
        """Opaque to readers."""
        plain = json.dumps([self.release, self.sort, self.back, self.value, self.code], separators=(",", ":"))
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(text: str, sort: str) -> Cursor:
    """What ``Cursor.text`` wrote. Raises ``ApiError`` 404 for anything else: there is no such page."""
    try:
        plain = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        found = Cursor(*read_json(plain.decode("ascii")))
        sound = _sound(found, sort)
    except (ValueError, TypeError, ArithmeticError):
        sound = False
    if not sound:
        raise no_page(text)
    return found


def _sound(cursor: Cursor, sort: str) -> bool:
    """Whether the database can be asked for it. Raises what its parts raise."""
    kinds = (type(cursor.release), type(cursor.sort), type(cursor.back), type(cursor.code))
    if kinds != (int, str, bool, str) or cursor.sort != sort or not 0 < cursor.release < _LARGEST:
        return False
    if cursor.value is None:
        return sort.endswith("overall") and _printable(cursor.code)
    if sort.endswith("overall"):
        return 0 <= Decimal(cursor.value) <= 100 and _printable(cursor.code)
    return _printable(cursor.value) and _printable(cursor.code)


def _printable(text: object) -> bool:
    """Raises ``UnicodeError`` for half a character."""
    return isinstance(text, str) and "\x00" not in text and text.encode().decode() == text


def no_page(text: str) -> ApiError:
    """The error for a cursor that leads nowhere."""
    return ApiError(
        404,
        problem(
            "no_such_page",
            "query.cursor",
            ("ไม่มีหน้านี้", "there is no such page"),
            text,
            (
                "cursor จาก links.next หรือ links.prev กับ sort เดิม",
                "a cursor of links.next or links.prev, with the same sort",
            ),
            ("โปรดเริ่มใหม่โดยไม่ส่ง cursor", "Begin again without a cursor."),
        ),
    )


@dataclass(frozen=True)
class Page:
    """Lines in order, and the cursors of the pages beside it."""

    rows: list[PublishedAgency]
    next: Cursor | None
    prev: Cursor | None


def page(rows: Rows, release: int, sort: str, limit: int, cursor: Cursor | None) -> Page:
    """One page of the lines of a release. Lines without an overall score stand last whichever way it is sorted."""
    back = cursor is not None and cursor.back
    asked = rows.filter(_beyond(cursor)) if cursor else rows
    found = list(asked.order_by(*_order(sort, back))[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    if back:
        found.reverse()
    first = Cursor(release, sort, True, _value(found[0], sort), found[0].code) if found else None
    last = Cursor(release, sort, False, _value(found[-1], sort), found[-1].code) if found else None
    return Page(found, last if (back or more) else None, first if (more if back else cursor is not None) else None)


def _value(row: PublishedAgency, sort: str) -> str | None:
    value = getattr(row, sort.removeprefix("-"))
    return None if value is None else str(value)


def _order(sort: str, back: bool) -> list[Any]:
    name, down = sort.removeprefix("-"), sort.startswith("-") != back
    if name != "overall":
        return [f"{'-' if down else ''}{name}", *(["code" if not back else "-code"] if name != "code" else [])]
    value = F("overall")
    ordered = value.desc if down else value.asc
    return [ordered(nulls_first=True) if back else ordered(nulls_last=True), "-code" if back else "code"]


def _beyond(at: Cursor) -> Q:
    """Lines after the cursor's in the order asked for, or before it."""
    name, back = at.sort.removeprefix("-"), at.back
    beyond = "lt" if at.sort.startswith("-") != back else "gt"
    if name == "code":
        return Q(**{f"code__{beyond}": at.code})
    among_equals = Q(**{name: at.value, f"code__{'lt' if back else 'gt'}": at.code})
    if name != "overall":
        return Q(**{f"{name}__{beyond}": at.value}) | among_equals
    if at.value is None:  # among those without a score, which stand last
        without = Q(overall=None, **{f"code__{'lt' if back else 'gt'}": at.code})
        return without | Q(overall__isnull=False) if back else without
    with_score = Q(**{f"overall__{beyond}": at.value}) | among_equals
    return with_score if back else with_score | Q(overall=None)
