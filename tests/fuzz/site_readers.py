"""Every reader of the site: uploads, archives of other installations, bodies and addresses, a respondent's form.

They run against an empty database (``run.py`` makes one in memory; pytest lends its own).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from functools import cache

from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import Signer
from django.http import HttpRequest
from django.test import RequestFactory
from fuzz_target import Target, as_file, packed, text, texts

from prongsai.errors import ProngsaiError
from prongsai.site.api.errors import ApiError
from prongsai.site.api.front import front
from prongsai.site.api.pages import Cursor, read_cursor
from prongsai.site.api.webhooks import unfit
from prongsai.site.api.write_door import body_of
from prongsai.site.ask import limits, receipts
from prongsai.site.ask.refusal import Refusal
from prongsai.site.ask.surface import answer
from prongsai.site.ask.ticket import Ticket
from prongsai.site.ask.web import Request
from prongsai.site.base.fields import ThaiDateField, ThaiIntegerField, ThaiNumberField
from prongsai.site.exchange.archive import FORMAT, MANIFEST, VERSION, opened
from prongsai.site.exchange.parts import PARTS
from prongsai.site.exchange.read_in import attempt
from prongsai.site.fieldwork.sync import receive as take_interviews
from prongsai.site.files.keep import MEDIA_TYPES, PICTURES, for_display, kind_of, receive
from prongsai.site.operation.backup import manifest as backup
from prongsai.site.portal.search import Register
from prongsai.site.results.imports import _on_disk
from prongsai.site.rounds.names import expanded
from prongsai.site.surveys.forms import read_list

_EVERY = frozenset(MEDIA_TYPES)
_REGISTER = cache(lambda: Register(()))


def upload(data: bytes) -> None:
    """A name on the first line, what is in the file below it; a picture that is let in is drawn anew."""
    name, _, body = data.partition(b"\n")
    received = receive(SimpleUploadedFile(text(name) or "a", body), _EVERY)
    with _on_disk(received) as path:
        assert path.read_bytes() == body
    if received.kind in PICTURES:
        for_display(received.data)


def listed(name: str) -> object:
    return lambda data: read_list(SimpleUploadedFile(name, data))


def kind(data: bytes) -> None:
    for name in ("a.yaml", "a.csv", "a.html", "a.docx", "a.png"):
        kind_of(data, name)


def picture(data: bytes) -> None:
    if kind_of(data, "a.png") in PICTURES:
        for_display(data)


def open_archive(data: bytes) -> None:
    with as_file(data, "agency.zip") as path:
        attempt(opened(path), "fuzzed")


def archive(parts: dict[str, bytes], head: bytes | None = None) -> bytes:
    """An archive whose sizes and hashes are right, whatever its parts say."""
    whole = {part.file: b"" for part in PARTS} | parts
    files = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in whole.items()}
    told = {"format": FORMAT, "version": VERSION, "agency": {"name": "ก", "parent": None}, "files": files}
    return packed({**whole, MANIFEST: json.dumps(told).encode() if head is None else head})


def archive_rows(data: bytes) -> None:
    """The first line says which tables, the rest are their rows."""
    which, _, rows = data.partition(b"\n")
    chosen = {PARTS[byte % len(PARTS)].file: rows for byte in which[:3]}
    open_archive(archive(chosen | {PARTS[0].file: _agency() + b"\n"}))


@cache
def _agency() -> bytes:
    """A row that fits the first table: every column with what it may hold least."""
    part = PARTS[0]
    least = {"CharField": "", "TextField": "", "SlugField": "", "BooleanField": False, "PositiveIntegerField": 1}
    row: dict[str, object] = {one.name: None if one.null else least.get(one.get_internal_type()) for one in part.fields}
    row |= {many.name: [] for many in part.lists}
    return json.dumps(row | {"name": "เทศบาลตำบลบ้านสมมติ", "kind": "town_municipality"}).encode()


def api_body(data: bytes) -> None:
    body_of(RequestFactory().generic("PUT", "/api/v1/own", data, "application/json"))


def api_address(data: bytes) -> None:
    """Path, query and headers of anybody: whatever stands there, the answer is the caller's fault or theirs."""
    path, _, rest = text(data).partition("?")
    query, _, header = rest.partition("\n")
    heads = {"HTTP_IF_NONE_MATCH": header, "HTTP_IF_MODIFIED_SINCE": header, "HTTP_ACCEPT": header}
    request: HttpRequest = RequestFactory().get("/api/v1/" + path.lstrip("/"), **heads)
    request.META["QUERY_STRING"] = query.encode().decode("latin-1")  # bytes as WSGI has them
    _no_limits()
    found = front(request)
    assert found.status_code < 500, found.status_code


def _no_limits() -> None:
    from prongsai.site.api import limits as of_api

    for buckets in (of_api.anonymous, of_api.with_token, limits.requests, limits.unknown_codes, limits.receipts):
        buckets._left.clear()


def api_cursor(data: bytes) -> None:
    read_cursor(text(data), "name")


def asked(data: bytes) -> None:
    """A respondent's request: the first line is its path, the rest its body."""
    path, _, body = data.partition(b"\n")
    _no_limits()
    environ = {
        "REQUEST_METHOD": "POST" if body else "GET",
        "PATH_INFO": "/a/" + path.decode("latin-1").lstrip("/"),
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "192.0.2.1",
        "wsgi.input": io.BytesIO(body),
    }
    page = answer(Request(environ))
    assert page.status < 500, page.status


def ticket(data: bytes) -> None:
    """As it comes, and as if somebody had signed it."""
    said = text(data)
    try:
        Ticket.read(said)
    except Refusal:
        Ticket.read(Signer(salt="prongsai.ask.ticket").sign(said))


def receipt(data: bytes) -> None:
    receipts.check(text(data))


def interviews(data: bytes) -> None:
    take_interviews(None, json.loads(data))  # type: ignore[arg-type]


def fields(data: bytes) -> None:
    """What is typed into the fields for days and numbers."""
    parts = text(data).split("\n")
    ThaiIntegerField(required=False).clean(parts[0])
    ThaiNumberField(required=False).clean(parts[0])
    ThaiDateField(required=False).clean([*parts, "", ""][:3])


def searched(data: bytes) -> None:
    said = text(data)
    found = _REGISTER()
    found.find(said, 10)
    found.near(said)
    found.group(said)
    expanded(said)


def hook(data: bytes) -> None:
    unfit(text(data))


def backup_of(data: bytes) -> None:
    with as_file(data, backup.FILE) as path:
        list(backup.faults(path.parent, backup.read(path.parent)))


@cache
def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGBA", (3, 2), (0, 90, 0, 90)).save(out, "PNG")
    return out.getvalue()


@cache
def _jpeg() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")
    return out.getvalue()


_INTERVIEW = {
    "id": "0" * 32,
    "assignment": 1,
    "key": "k",
    "started": 1e12,
    "ended": 1e12,
    "seconds": 60,
    "sealed": "AAAA",
}
_BACKUP = {
    "format": 1, "version": "0.1", "at": "2026-01-15T00:00:00Z", "database": "sqlite", "batches": [], "secrets": False,
    "counts": {"answers": 0, "letters": 0, "spent": 0, "entries": 0, "files": 0}, "survey_keys": False, "files": {"a": "00"},
}  # fmt: skip


def _ticket() -> str:
    return str(Ticket("0" * 16, "1" * 16, "2" * 16, int(dt.datetime.now(dt.UTC).timestamp()), "", "0123-"))


TARGETS: dict[str, Target] = {
    "site.upload": Target(upload, ("site.files.keep", "site.results.imports"), texts("a.yaml\na: 1", "../b\\c.csv\nก,ข", "x.html\n<html>"), (ProngsaiError, SuspiciousFileOperation)),
    "site.upload.kind": Target(kind, ("site.files.keep", "site.files.office"), lambda: [_png(), _jpeg(), packed({"word/document.xml": b""}), b"%PDF-1.7"]),
    "site.upload.picture": Target(picture, ("site.files.keep",), lambda: [_png(), _jpeg()], slow=True),
    "site.list.csv": Target(listed("list.csv"), ("site.surveys.forms",), texts("นักวิชาการ 1\nนิติกร 2\n", '"a\n')),  # type: ignore[arg-type]
    "site.list.xlsx": Target(
        listed("list.xlsx"), ("site.surveys.forms",), lambda: [packed({"xl/workbook.xml": b"<workbook/>", "[Content_Types].xml": b"<a/>"})]  # type: ignore[arg-type]
    ),
    "site.exchange.packed": Target(open_archive, ("site.exchange.archive", "site.exchange.read_in"), lambda: [archive({PARTS[0].file: _agency() + b"\n"})], slow=True),
    "site.exchange.manifest": Target(
        lambda data: open_archive(archive({}, data)), ("site.exchange.archive",),
        texts(json.dumps({"format": FORMAT, "version": VERSION, "agency": {"name": "ก"}, "files": {part.file: {"sha256": hashlib.sha256().hexdigest()} for part in PARTS}})),
        slow=True, words=('"files":', '"sha256":', "null", "1e999", "[[", "NaN"),
    ),
    "site.exchange.rows": Target(
        archive_rows, ("site.exchange.archive", "site.exchange.read_in"), lambda: [b"\0\n" + _agency(), b"\1\n{}", b"\5\x09\n[]\n"], slow=True,
        words=("null", "true", "1e999", "99999999999999999999", "\\u0000", "\\ud800", "[[[["),
    ),
    "site.api.body": Target(api_body, ("site.api.write_door",), texts('{"items": [{"a": 1.5, "b": null}]}', "[]", '"\\ud800"'), (ApiError,), words=("NaN", "1e999", "\\u0000", "[[[[")),
    "site.api.address": Target(
        api_address, ("site.api.front",), texts("rounds?limit=2\n", "agencies/x/2568?a=b\n\"e\"", "search?q=ก\n", "openapi.json?\n*"), slow=True,
        words=("rounds", "agencies", "cursor=", "limit=-1", "%00", "%ff", "..", "search?q=", "frameworks/"),
    ),
    "site.api.cursor": Target(api_cursor, ("site.api.pages",), lambda: [Cursor(1, "name", False, "ก", "a").text().encode()], (ApiError,)),
    "site.ask.form": Target(
        asked, ("site.ask.surface", "site.ask.web", "site.ask.steps"),
        lambda: [b"\ncode=4K7M-9XRT-2HWC&lang=th", b"go\nticket=" + _ticket().encode() + b"&a.i1=5&step=2", b"0123456789abcdef/all/en", b"receipt\nreceipt=AAAA-0000"],
        slow=True, words=("ticket=", "&lang=", "%00", "%ff", "a.", "whole=", "receipt", "go"),
    ),
    "site.ask.ticket": Target(ticket, ("site.ask.ticket",), lambda: [_ticket().encode(), _ticket().rpartition(":")[0].encode()], (Refusal,)),
    "site.ask.receipt": Target(receipt, ("site.ask.receipts",), lambda: [receipts.of_day("a" * 8, dt.date(2026, 1, 15)).encode(), b"AAAA-BBBB-CCCC-DDDD-EEEE"]),
    "site.fieldwork.batch": Target(
        interviews, ("site.fieldwork.sync",), texts(json.dumps({"now": 1, "interviews": [_INTERVIEW]}), '{"now": 1, "interviews": [{}, 3, null]}'),
        (ProngsaiError, ValueError, RecursionError), words=("null", "true", "1e999", "-1", "99999999999999999999", "[]", "{}"),
    ),
    "site.fields": Target(fields, ("site.base.fields",), texts("๑๕\n1\n2569", "1,234.5", "NaN", "1e400", "-0"), (ValidationError,)),
    "site.search": Target(searched, ("site.portal.search", "site.rounds.names"), texts("ทต.บางปลา", "Yala", "จังหวัดยะลา", "๑๒๓")),
    "site.webhook": Target(hook, ("site.api.webhooks",), texts("https://www.example.test/h", "https://127.0.0.1/", "https://[::1%25eth0]/")),
    "site.backup": Target(backup_of, ("site.operation.backup.manifest",), texts(json.dumps(_BACKUP))),
}  # fmt: skip
