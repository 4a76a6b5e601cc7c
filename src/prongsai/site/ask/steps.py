"""The way of a respondent: entrance, notice, questions, review, receipt. Only ``send`` stores anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from prongsai.errors import InputError
from prongsai.site.ask import doors, limits, receipts
from prongsai.site.ask.doors import Door
from prongsai.site.ask.filing import file
from prongsai.site.ask.pages import Asking, Given, chosen, day, form_page, render, sent_page
from prongsai.site.ask.refusal import Refusal
from prongsai.site.ask.ticket import LEAST, Ticket
from prongsai.site.ask.web import Page, Request
from prongsai.site.surveys.actions import CODE_SCOPE
from prongsai.site.surveys.keys import keys
from prongsai.survey.answers import NO_ANSWER, Answer, answer, unpack
from prongsai.survey.codes import digest, read_code
from prongsai.survey.words import languages, words

ANSWER = "a-"  # begins the names of answer fields
TRAP = "comment"  # a field people do not see; simple robots fill it
Fields = Mapping[str, str]


def entrance(language: str, problem: str = "", status: int = 200) -> Page:
    """Where a code is typed."""
    ways = [words(one) for one in languages()]
    return Page(render("code", language, problem=problem, ways=ways), status=status)


def typed_code(fields: Fields, request: Request) -> Page:
    """A code came: its notice page, or a sentence that says what is wrong with it. Nothing is spent here."""
    language = words(fields.get("lang", "")).language
    limits.pass_or_wait(limits.unknown_codes, request, cost=0)
    try:
        code = read_code(fields.get("code", ""))
    except InputError as error:
        return entrance(language, "error_" + error.problems[0].code.replace(".", "_"), 422)
    key = digest(code, keys().code_key, CODE_SCOPE).hex()
    found = doors.of_code(key)
    if found is None:
        limits.pass_or_wait(limits.unknown_codes, request)
        return entrance(language, "error_code_unknown", 422)
    door = doors.by_box(found[0])
    if door is None or (door.state == "open" and found[1]):
        raise Refusal("spent", 409, language)
    _need_open(door, language)
    asking = Asking(door, Ticket.new(door.box, door.version, key), chosen(language, door))
    return Page(form_page("notice", asking))


def at_address(token: str, language: str, *, whole: bool) -> Page:
    """An open link or service point: its notice page, or notice and questions on one page."""
    door = doors.by_token(token)
    if door is None:
        raise Refusal("lost", 404, language)
    _need_open(door, language)
    asking = Asking(door, Ticket.new(door.box, door.version), chosen(language, door))
    return Page(form_page("whole", asking, first=True) if whole else form_page("notice", asking))


def go(fields: Fields) -> Page:
    """Any step after the first page: which one says the button that was pressed."""
    ticket = Ticket.read(fields.get("t", ""))
    door = doors.by_box(ticket.box)
    language = fields.get("lang", "")
    if door is None or door.version != ticket.version:
        raise Refusal("stale", 410, language)
    _need_open(door, language)
    return _Step(Asking(door, ticket, chosen(language, door)), fields).take(fields.get("do", ""))


def _need_open(door: Door, language: str) -> None:
    if door.state != "open":
        status = {"early": 403, "notready": 503, "closed": 410}[door.state]
        raise Refusal(door.state, status, language, opens=door.opens if door.state == "early" else None)


@dataclass(frozen=True)
class _Step:
    """One press of a button."""

    asking: Asking
    fields: Fields

    def take(self, button: str) -> Page:
        """Go where the button leads. Raises ``Refusal`` where there is no such button."""
        name, _, rest = button.partition("-")
        ways: dict[str, Callable[[], Page]] = {
            "lang": lambda: self._notice(language=rest),
            "begin": self._begin,
            "next": lambda: self._one(name),
            "back": lambda: self._one(name),
            "edit": lambda: self._show(self._number(rest), edit=True),
            "review": self._review,
            "send": self._send,
        }
        if name not in ways:
            raise Refusal("broken", 400, self.asking.language)
        return ways[name]()

    def _number(self, text: str) -> int:
        """A question's number, as a page sent it."""
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        if not 1 <= number <= len(self.asking.door.form.questions):
            raise Refusal("broken", 400, self.asking.language)
        return number

    # --- where to begin

    def _notice(self, language: str = "", problem: str = "") -> Page:
        asking = self.asking
        if language:
            asking = Asking(asking.door, asking.ticket, chosen(language, asking.door))
        if not problem:
            return Page(form_page("notice", asking))
        return Page(form_page("notice", asking, Given(note=problem)), status=422)

    def _begin(self) -> Page:
        if self.fields.get("eligible") == "no":
            return self._not_you()
        if self.fields.get("eligible") != "yes":
            return self._notice(problem="say_eligible")
        if self.fields.get("way") == "all":
            return Page(form_page("whole", self.asking, self._given(), first=False))
        return self._show(1)

    def _not_you(self) -> Page:
        with_code = bool(self.asking.ticket.code)
        return Page(render("not_you", self.asking.language, with_code=with_code))

    # --- one question per screen

    def _one(self, direction: str) -> Page:
        form = self.asking.door.form
        at, edit = self._number(self.fields.get("n", "")), self.fields.get("edit") == "1"
        step = self._with(self._merged())
        given = step._given()
        if direction == "back":
            return step._show(at - 1) if at > 1 else step._notice()
        lacking = frozenset(line.code for line in form.questions[at - 1].lines if line.code not in given.options)
        if lacking:
            return step._show(at, edit=edit, given=Given(given.options, lacking, "say_all_rows"), status=422)
        return step._review() if edit or at == len(form.questions) else step._show(at + 1)

    def _show(self, at: int, *, edit: bool = False, given: Given | None = None, status: int = 200) -> Page:
        given = given or self._given()
        codes = {line.code for line in self.asking.door.form.questions[at - 1].lines}
        here = Given({code: key for code, key in given.options.items() if code in codes}, given.missing, given.note)
        return Page(form_page("question", self.asking, here, n=at, edit=edit), status=status)

    # --- review and sending

    def _review(self) -> Page:
        step = self._with(self._merged())
        if lacking := step._lacking():
            return step._ask_again(lacking)
        return step._last_look()

    def _last_look(self, note: str = "", status: int = 200) -> Page:
        given = Given(self._given().options, note=note)
        wait = max(1, LEAST - self.asking.ticket.age)
        return Page(form_page("review", self.asking, given, seconds=wait), status=status)

    def _send(self) -> Page:
        if self.fields.get("eligible") == "no":
            return self._not_you()
        packed = self._merged()
        step = self._with(packed)
        if lacking := step._lacking():
            return step._ask_again(lacking)
        if "whole" in self.fields and self.fields.get("eligible") != "yes":
            return step._ask_again(frozenset(), "say_eligible")
        if self.fields.get(TRAP):
            return step._last_look("trapped", 400)
        if self.asking.ticket.age < LEAST:
            return step._last_look("soon", 429)
        asking = self.asking
        try:
            receipt = file(asking.door, asking.ticket, Answer(asking.door.version, asking.door.form.container, packed))
        except Refusal as refusal:
            refusal.language = asking.language
            raise
        today = "" if asking.ticket.code else day(timezone.localdate(), asking.language)
        return Page(sent_page(asking.language, receipt, today))

    # --- answers

    def _merged(self) -> str:
        """The answers of the ticket and of this page, checked and packed. Raises ``Refusal`` for what is no option."""
        now = {name[len(ANSWER) :]: value for name, value in self.fields.items() if name.startswith(ANSWER)}
        form = self.asking.door.form
        if not now and self.asking.ticket.answers:
            return self.asking.ticket.answers
        try:
            return answer(form, {**self._given().options, **now}, all_needed=False).packed
        except InputError:
            raise Refusal("option", 422, self.asking.language) from None

    def _given(self) -> Given:
        packed = self.asking.ticket.answers
        if not packed:
            return Given()
        form = self.asking.door.form
        try:
            return Given(unpack(Answer(self.asking.door.version, form.container, packed), form))
        except InputError:
            raise Refusal("broken", 400, self.asking.language) from None

    def _with(self, packed: str) -> _Step:
        asking = self.asking
        return _Step(Asking(asking.door, asking.ticket.with_answers(packed), asking.language), self.fields)

    def _lacking(self) -> frozenset[str]:
        packed = self.asking.ticket.answers
        lines = self.asking.door.form.lines
        return frozenset(line.code for line, c in zip(lines, packed, strict=True) if c == NO_ANSWER)

    def _ask_again(self, lacking: frozenset[str], note: str = "say_lines") -> Page:
        """All on one page, what lacks an answer marked."""
        given = Given(self._given().options, lacking, note)
        first = "whole" in self.fields
        eligible = self.fields.get("eligible", "")
        body = form_page("whole", self.asking, given, first=first, lacking=len(lacking), said=eligible)
        return Page(body, status=422)


def receipt_page(language: str, **found: Any) -> Page:
    """Where a receipt is typed, and what it says."""
    return Page(render("receipt", language, **found))


def typed_receipt(fields: Fields, request: Request) -> Page:
    """Whether a receipt is genuine."""
    language = words(fields.get("lang", "")).language
    limits.pass_or_wait(limits.receipts, request)
    found = receipts.check(fields.get("receipt", ""))
    if found is False:
        page = receipt_page(language, problem="check_no")
        page.status = 422
        return page
    if found is True:
        return receipt_page(language, good="check_yes")
    return receipt_page(language, good="check_day", day=day(found, language))
