"""The one shape of every error below /api: what, where, found, expected, what to do next, in Thai and English.

A view raises ``ApiError``; what Django, ninja and the rooms below raise becomes the same shape here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from prongsai import errors
from prongsai.site.api.render import rendered

Words = tuple[str, str]  # Thai, English
SHOWN = 100  # characters of what was found that an error repeats


class Text(Schema):
    """One sentence in both languages."""

    th: str
    en: str


class Near(Schema):
    """Something that exists and may have been meant."""

    value: str
    name: str
    href: str | None = None


class Problem(Schema):
    """One thing that is wrong. ``where``: ``query.limit``, ``path.code``, ``header.If-Match``, ``body.scores.i1``."""

    code: str
    where: str
    found: str | None = None
    expected: Text | None = None
    message: Text
    next: Text | None = None
    near: list[Near] = Field(default_factory=list)


class Failure(Schema):
    """Every problem found, never only the first. ``code`` is that of the first one."""

    status: int
    code: str
    problems: list[Problem]


class Refusal(Schema):
    """What every answer that is not a success consists of."""

    error: Failure


def problem(
    code: str,
    where: str,
    message: Words,
    found: object = None,
    expected: Words | None = None,
    next: Words | None = None,
) -> Problem:
    """A problem from pairs of Thai and English; what was found is cut to a length that can be shown."""
    text = None if found is None else str(found)
    if text is not None and len(text) > SHOWN:
        text = text[:SHOWN] + "…"
    return Problem(
        code=code, where=where, found=text, message=_text(message),
        expected=_text(expected) if expected else None, next=_text(next) if next else None,
    )  # fmt: skip


def _text(words: Words) -> Text:
    return Text(th=words[0], en=words[1])


class ApiError(Exception):
    """A request that is refused: its status, its problems, and headers the answer needs beside them."""

    def __init__(
        self,
        status: int,
        problems: Problem | errors.Problem | Sequence[Problem | errors.Problem],
        headers: dict[str, str] | None = None,
    ) -> None:
        self.status = status
        every = [problems] if isinstance(problems, Problem | errors.Problem) else problems
        self.problems = [_from_below(one) if isinstance(one, errors.Problem) else one for one in every]
        self.headers = headers or {}
        super().__init__("; ".join(one.message.en for one in self.problems))

    def response(self) -> HttpResponse:
        """The answer. Never kept by caches: what is refused now may be there in a moment."""
        failure = Failure(status=self.status, code=self.problems[0].code, problems=self.problems)
        content = rendered(Refusal(error=failure).model_dump())
        headers = {"Cache-Control": "no-store", **self.headers}
        return HttpResponse(content, status=self.status, headers=headers, content_type="application/json")


class _Plain(NamedTuple):
    code: str
    message: Words
    next: Words


_SEE_DOCS = ("โปรดดูเอกสาร API ที่ /api/docs/", "See /api/docs/.")
PLAIN = {
    400: _Plain("bad_request", ("คำขออ่านไม่ได้", "the request cannot be read"), _SEE_DOCS),
    401: _Plain(
        "token_needed",
        ("ต้องใช้โทเคนที่ใช้งานได้", "a valid token is needed"),
        ("โปรดส่ง Authorization: Bearer ตามด้วยโทเคน", "Send Authorization: Bearer followed by the token."),
    ),
    403: _Plain(
        "forbidden",
        ("โทเคนนี้ไม่มีสิทธิทำรายการนี้", "this token may not do this"),
        ("โปรดขอสิทธิจากผู้ดูแลของหน่วยงาน", "Ask the agency's administrator for the right."),
    ),
    404: _Plain("not_found", ("ไม่พบสิ่งที่ขอ", "there is nothing at this address"), _SEE_DOCS),
    405: _Plain("method_not_allowed", ("ที่อยู่นี้ไม่รับวิธีที่ส่งมา", "this address does not take this method"), _SEE_DOCS),
    412: _Plain(
        "precondition_failed",
        ("ข้อมูลเปลี่ยนไปแล้วจากที่คำขออ้างถึง", "the data are no longer those that the request names"),
        ("โปรดอ่านข้อมูลใหม่ก่อน", "Read the data again first."),
    ),
    409: _Plain(
        "not_possible_now",
        ("ทำรายการนี้ในขณะนี้ไม่ได้", "this is not possible now"),
        ("โปรดอ่านเหตุผลใน problems", "Read the reason in problems."),
    ),
    410: _Plain(
        "withdrawn",
        ("ถูกถอนการเผยแพร่แล้ว", "its publication was withdrawn"),
        ("โปรดดูผลที่เผยแพร่อยู่ที่ /api/v1/rounds", "See what is published at /api/v1/rounds."),
    ),
    413: _Plain(
        "too_large",
        ("ข้อมูลที่ส่งมาใหญ่เกินไป", "what was sent is too large"),
        ("โปรดแบ่งส่งเป็นส่วนย่อย", "Send it in smaller parts."),
    ),
    414: _Plain(
        "address_too_long",
        ("ที่อยู่ยาวเกินไป", "the address is too long"),
        ("โปรดใช้ไฟล์ทั้งชุดที่ links.bulk แทนการถามทีละมาก", "Use the bulk files in links.bulk instead of long questions."),
    ),
    415: _Plain(
        "media_type",
        ("ชนิดข้อมูลที่ส่งมาใช้ไม่ได้", "this type of content cannot be used"),
        ("โปรดส่งเป็น application/json", "Send application/json."),
    ),
    422: _Plain("invalid", ("ค่าใช้ไม่ได้", "a value cannot be used"), _SEE_DOCS),
    428: _Plain(
        "version_needed",
        ("ต้องระบุรุ่นของข้อมูลที่แก้ไข", "the version that is changed must be named"),
        ("โปรดอ่านข้อมูลก่อน แล้วส่ง If-Match ด้วย ETag ที่ได้", "Read the data first and send If-Match with its ETag."),
    ),
    429: _Plain(
        "too_many_requests",
        ("ส่งคำขอถี่เกินไป", "too many requests"),
        (
            "โปรดรอตามเวลาใน Retry-After ใช้ไฟล์ทั้งชุดที่ links.bulk หรือขอโทเคนเพื่อเพิ่มจำนวน",
            "Wait as Retry-After says, use the bulk files in links.bulk, or ask for a token with a higher limit.",
        ),
    ),
    500: _Plain(
        "failed",
        ("ระบบขัดข้อง ไม่ใช่ความผิดของคำขอ", "a fault of ours, not of the request"),
        ("โปรดลองอีกครั้งภายหลัง", "Try again later."),
    ),
    503: _Plain(
        "busy",
        ("มีผู้ใช้เกินกำลังของระบบในขณะนี้", "more is asked at the moment than can be done"),
        ("โปรดรอตามเวลาใน Retry-After แล้วส่งคำขอเดิมอีกครั้ง", "Wait as Retry-After says and send the same request again."),
    ),
}


def plain(
    status: int,
    where: str = "",
    found: object = None,
    expected: Words | None = None,
    headers: dict[str, str] | None = None,
) -> ApiError:
    """The usual error of a status, with its usual words."""
    usual = PLAIN.get(status) or PLAIN[400]
    return ApiError(status, problem(usual.code, where, usual.message, found, expected, usual.next), headers)


def install(api: NinjaAPI) -> None:
    """Whatever an operation raises becomes the one shape."""

    def answer(_request: HttpRequest, error: Any) -> HttpResponse:
        return of_exception(error).response()

    known = (ApiError, ValidationError, HttpError, Http404, errors.ProngsaiError, RequestDataTooBig, DisallowedHost)
    for kind in known:
        api.add_exception_handler(kind, answer)

    def unforeseen(_request: HttpRequest, error: Any) -> HttpResponse:
        raise error  # the front logs it and answers 500

    api.add_exception_handler(Exception, unforeseen)


def of_exception(error: Exception) -> ApiError:
    """An error of the libraries or of the rooms below, as ours; 500 for what nobody foresaw."""
    made = plain(500)
    match error:
        case ApiError():
            made = error
        case ValidationError():
            made = ApiError(422, [_validation(one) for one in error.errors])
        case HttpError():
            made = plain(
                error.status_code, headers={"WWW-Authenticate": "Bearer"} if error.status_code == 401 else None
            )
        case errors.ProngsaiError():
            made = ApiError(422 if isinstance(error, errors.InputError) else 409, error.problems)
        case RequestDataTooBig():
            made = plain(413, "body")
        case Http404():
            made = plain(404, "path")
        case DisallowedHost():
            made = plain(400, "header.Host")
    return made


def _from_below(one: errors.Problem) -> Problem:
    then = (one.next_th, one.next_en or one.next_th) if one.next_th else None
    return problem(one.code, one.where, (one.th, one.en), next=then)


def _validation(found: dict[str, Any]) -> Problem:
    """One fault that pydantic found in a parameter or body."""
    kind, ctx = str(found["type"]), found.get("ctx") or {}
    where = ".".join(str(step) for step in found["loc"])
    expected = _EXPECTED.get(kind)
    words = (expected[0].format(**ctx), expected[1].format(**ctx)) if expected else (found["msg"], found["msg"])
    code = "missing" if kind == "missing" else "invalid"
    message = ("ขาดค่าที่ต้องมี", "a value is missing") if kind == "missing" else ("ค่าใช้ไม่ได้", "the value cannot be used")
    return problem(code, where, message, found.get("found"), words, _SEE_DOCS)


_EXPECTED: dict[str, Words] = {
    "missing": ("ต้องมีค่านี้", "this value is required"),
    "int_parsing": ("จำนวนเต็ม", "an integer"),
    "int_type": ("จำนวนเต็ม", "an integer"),
    "bool_parsing": ("true หรือ false", "true or false"),
    "greater_than_equal": ("ค่าตั้งแต่ {ge} ขึ้นไป", "{ge} or more"),
    "less_than_equal": ("ค่าไม่เกิน {le}", "{le} or less"),
    "literal_error": ("หนึ่งใน {expected}", "one of {expected}"),
    "enum": ("หนึ่งใน {expected}", "one of {expected}"),
    "string_too_long": ("ไม่เกิน {max_length} ตัวอักษร", "at most {max_length} characters"),
    "string_too_short": ("อย่างน้อย {min_length} ตัวอักษร", "at least {min_length} characters"),
    "string_pattern_mismatch": ("ข้อความตามแบบ {pattern}", "text of the form {pattern}"),
    "string_type": ("ข้อความ", "text"),
    "extra_forbidden": ("ไม่มีค่านี้", "no such value"),
}
