"""The pages. What does not depend on the respondent is rendered once and kept as bytes with holes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils.html import escape

from prongsai.site.ask.doors import Door, asked, spoken
from prongsai.site.ask.ticket import Ticket
from prongsai.survey.questionnaire import ELIGIBLE, THAI, Line, Question, Questionnaire, option_node
from prongsai.survey.words import words
from prongsai.thai.dates import long_date

# Never in a text: a page is split at them.
_HOLE = re.compile("\x02([a-z]+)\x03")
HOLES = {name: f"\x02{name}\x03" for name in ("ticket", "agency", "round", "place", "day", "k", "receipt", "contact")}
_MINUTE = 8  # lines that people answer in one


@dataclass(frozen=True)
class Given:
    """What a respondent has answered so far, and what is to be marked on the page."""

    options: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.options or self.missing or self.note)


NOTHING = Given()


@dataclass(frozen=True)
class Asking:
    """One respondent at one door, in one language."""

    door: Door
    ticket: Ticket
    language: str


def render(name: str, language: str, /, **context: Any) -> bytes:
    """A page of the surface's own words."""
    known = words(language)
    context |= {"w": known.texts, "words": known, "language": language}
    return get_template(f"ask/{name}.html").render(context).encode()


def offered(form: Questionnaire) -> list[dict[str, Any]]:
    """The languages in which a questionnaire can be answered, with their own names; drafts are marked."""
    found = []
    for language in form.languages:
        known = words(language)
        name = known.name if known.language == language else language
        draft = language in form.drafts or known.draft
        found.append({"tag": language, "name": name, "draft": draft, "direction": known.direction})
    return found


def chosen(language: str, door: Door) -> str:
    """The language asked for, where the questionnaire has it; otherwise Thai."""
    return language if language in spoken(door.version) else THAI


@lru_cache(maxsize=64)
def _kept_sent(language: str, day: str) -> tuple[bytes, ...]:
    return _with_holes(render("sent", language, receipt=HOLES["receipt"], day=day))


def sent_page(language: str, receipt: str, day: str) -> bytes:
    """The last page; ``day`` where the receipt is a date."""
    return receipt.encode().join(_kept_sent(language, day)[::2])


@lru_cache(maxsize=64)
def _kept_crowd(language: str, *, form: bool) -> tuple[bytes, ...]:
    holes = {name: f"\x02{name}\x03" for name in ("seconds", "again", "fields")}
    return _with_holes(render("crowd", language, **(holes if form else holes | {"fields": ""})))


def crowd_page(language: str, seconds: int, again: int, fields: Mapping[str, str] | None = None) -> bytes:
    """That many are here at once: a page that asks again by itself, or has the form that was sent, to be sent again."""
    sent = (fields or {}).items()
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(given)}">' for name, given in sent)
    values = {b"seconds": b"%d" % seconds, b"again": b"%d" % again, b"fields": hidden.encode()}
    page = _kept_crowd(language, form=fields is not None)
    return b"".join(values[part] if at % 2 else part for at, part in enumerate(page))


def day(value: dt.date | None, language: str) -> str:
    """A day for people: B.E. in Thai, both eras elsewhere."""
    if value is None:
        return ""
    return long_date(value) if language == THAI else f"{value.isoformat()} ({long_date(value)})"


def _fill(page: tuple[bytes, ...], asking: Asking) -> bytes:
    """A kept page for one respondent: texts at even places, names of holes at odd ones."""
    door, language = asking.door, asking.language
    agency, of = door.agency, door.round
    if language != THAI:
        agency, of = door.names_en[0] or agency, door.names_en[1] or of
    values = {
        b"ticket": str(asking.ticket).encode(),
        b"agency": escape(agency).encode(),
        b"round": escape(of).encode(),
        b"place": escape(door.place).encode(),
        b"day": day(door.closes, language).encode(),
        b"k": str(door.k).encode(),
        b"contact": escape(door.contact).encode(),
    }
    return b"".join(values[part] if at % 2 else part for at, part in enumerate(page))


def _with_holes(page: bytes) -> tuple[bytes, ...]:
    return tuple(part.encode() for part in _HOLE.split(page.decode()))


@lru_cache(maxsize=512)
def _kept(name: str, version: str, language: str, options: tuple[tuple[str, Any], ...]) -> tuple[bytes, ...]:
    return _with_holes(_render_form(name, asked(version), language, dict(options), NOTHING))


def form_page(name: str, asking: Asking, given: Given = NOTHING, **options: Any) -> bytes:
    """A page of a questionnaire: kept where nothing is answered yet, otherwise rendered for this respondent."""
    door, language = asking.door, asking.language
    options |= {"with_code": bool(asking.ticket.code), "at_place": bool(door.place), "with_contact": bool(door.contact)}
    if given:
        page = _with_holes(_render_form(name, door.form, language, options, given))
    else:
        page = _kept(name, door.version, language, tuple(sorted(options.items())))
    return _fill(page, asking)


def _render_form(name: str, form: Questionnaire, language: str, options: dict[str, Any], given: Given) -> bytes:
    questions = [
        _question(form, language, given, number, question) for number, question in enumerate(form.questions, start=1)
    ]
    at = options.get("n")
    lines = len(form.lines)
    return render(
        name,
        language,
        **options,
        h=HOLES,
        given=given,
        title=form.text("title", language),
        eligible=form.text(ELIGIBLE, language),
        languages=offered(form),
        draft=language in form.drafts or words(language).draft,
        questions=questions,
        question=questions[at - 1] if at else None,
        of=len(questions),
        minutes=max(2, round(lines / _MINUTE)),
    )


def _question(form: Questionnaire, language: str, given: Given, number: int, question: Question) -> dict[str, Any]:
    before = form.questions[number - 2] if number > 1 else None
    return {
        "number": number,
        "code": question.code,
        "heading": form.text(question.indicator, language),
        "heading_is_new": before is None or before.indicator != question.indicator,
        "text": form.text(question.code, language),
        "has_rows": question.has_rows,
        "lines": [_line(form, language, given, line) for line in question.lines],
        "missing": any(line.code in given.missing for line in question.lines),
    }


def _line(form: Questionnaire, language: str, given: Given, line: Line) -> dict[str, Any]:
    mine = given.options.get(line.code)
    # Spaces behind, which reading drops, make every choice as long as any other: a sent form's size tells nothing.
    longest = max(map(len, line.options))
    options = [
        {
            "key": key.ljust(longest),
            "text": form.text(option_node(line.scale or "", key), language),
            "chosen": key == mine,
        }
        for key in line.options
    ]
    answer = next((option["text"] for option in options if option["chosen"]), None)
    return {
        "code": line.code,
        "text": form.text(line.code, language),
        "options": options,
        "answer": answer,
        "missing": line.code in given.missing,
    }
