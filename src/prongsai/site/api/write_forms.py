"""The forms of the pages, filled in by programs: what they find wrong, in both languages, at its place in the body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.forms import Form
from django.http import QueryDict
from django.utils import translation

from prongsai.site.api.errors import ApiError, Problem, Words, problem
from prongsai.thai.fiscal_year import BE_OFFSET

_CORRECT = ("โปรดแก้ไขค่านี้แล้วส่งอีกครั้ง", "Correct it and send again.")
Filled = Iterable[tuple[str, Form]]  # where in the body a form's fields stand, and the form


def check(fill: Callable[[], tuple[bool, Filled]]) -> None:
    """Fill in and check, once in each language. Raises ``ApiError`` 422 with every fault."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for language in ("th", "en"):
        with translation.override(language):
            valid, forms = fill()
            found[language] = [] if valid else list(_faults(forms))
    wrong = [_problem(*pair) for pair in zip(found["th"], found["en"], strict=True)]
    if wrong:
        raise ApiError(422, wrong)


def _faults(forms: Filled) -> Iterable[tuple[str, str, str]]:
    for where, form in forms:
        for name, errors in form.errors.as_data().items():
            place = where if name == "__all__" else f"{where}.{name}"
            for error in errors:
                for text in error.messages:
                    yield error.code or "invalid", place, str(text)


def fault(where: str, words: Words, found: object = None, expected: Words | None = None) -> ApiError:
    """A value that cannot be used, and that no form looks at."""
    return ApiError(422, problem("invalid", where, words, found, expected, _CORRECT))


def _problem(th: tuple[str, str, str], en: tuple[str, str, str]) -> Problem:
    return problem(th[0], th[1], (th[2], en[2]), next=_CORRECT)


def put(data: QueryDict, name: str, value: Any) -> None:
    """A value as a browser would send it; a day in its three parts."""
    if isinstance(value, dt.date):
        for part, number in (("day", value.day), ("month", value.month), ("year", value.year + BE_OFFSET)):
            data[f"{name}_{part}"] = str(number)
    elif isinstance(value, bool):
        if value:
            data[name] = "on"
    elif isinstance(value, (list, tuple)):
        data.setlist(name, [str(one) for one in value])
    elif value is not None:
        data[name] = str(value)
