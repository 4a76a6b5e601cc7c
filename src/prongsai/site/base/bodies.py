"""How much a request may bring, and of whom files are kept; decided before a byte of the body is read."""

from __future__ import annotations

import io

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from prongsai.errors import Problem
from prongsai.site.base.middleware import Next

_SMALL = 1024 * 1024  # bytes: a form with all its text, of whoever it is


def largest() -> int:
    """Bytes of all files of one form: several at once, or one archive of many."""
    return int(settings.UPLOAD_LIMIT * settings.UPLOADS_AT_ONCE)


class BodyMiddleware:
    """More than any page takes is refused by its stated length; files of strangers are forgotten as they come.

    Their text is read all the same: whoever took pictures for half an hour and was signed out meanwhile must find what
    they typed. A body without a stated length is never read at all (the server gives it no bytes).
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """413 with what to do; looked at before the check of the form's token, which reads the body."""
        stated = request.META.get("CONTENT_LENGTH") or "0"
        size = int(stated[:20]) if stated.isdecimal() else 0  # no body has that many digits, and many take long to read
        if size > _SMALL + largest():
            return render(request, "base/refused.html", {"problems": [_too_large()]}, status=413)
        if size > _SMALL and not request.user.is_authenticated:
            request.upload_handlers = [Forgetting(request)]
        return None


class Forgetting(FileUploadHandler):
    """Files of which only the names are left, so that a page can say that they have to be chosen again."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep nothing, neither in memory nor on the disk."""

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:  # noqa: ARG002
        """An empty file of that name."""
        return InMemoryUploadedFile(
            io.BytesIO(), self.field_name, self.file_name or "", self.content_type or "", 0, self.charset
        )


def _too_large() -> Problem:
    limit = settings.UPLOAD_LIMIT // 1024**2
    return Problem(
        "body.too_large",
        "",
        "สิ่งที่ส่งมามีขนาดใหญ่เกินกว่าที่หน้านี้รับได้",
        "what was sent is larger than this page takes",
        f"โปรดกดย้อนกลับ แล้วส่งไฟล์ที่เล็กลง (ไฟล์ละไม่เกิน {limit} เมกะไบต์) หรือส่งคราวละน้อยไฟล์",
        f"Go back and send smaller files (at most {limit} MB each), or fewer at a time.",
    )
