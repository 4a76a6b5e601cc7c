"""How much a request may bring, and of whom files are kept: of strangers none, of nobody more than any page takes."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.test import Client
from signing_in import sign_in, words

pytestmark = pytest.mark.django_db
FORM = "multipart/form-data; boundary=x"
MOST = settings.UPLOAD_LIMIT * settings.UPLOADS_AT_ONCE
MEGABYTE = 1024 * 1024


class NotRead:
    """A body of which nothing may be asked for."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = __iter__ = read


def send(client: Client, path: str, size: object) -> Any:
    stated: Any = {"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(size), "wsgi.input": NotRead()}
    return client.request(PATH_INFO=path, REQUEST_METHOD="POST", **stated)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of uploads of which bytes are kept, in memory or on the disk."""
    found: list[str] = []
    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "new_file", _noting(handler.new_file, found))
    return found


def _noting(real: Any, found: list[str]) -> Any:
    def new_file(self: Any, field: str, name: str, *rest: Any, **more: Any) -> Any:
        found.append(name)
        return real(self, field, name, *rest, **more)

    return new_file


@pytest.mark.parametrize("path", ["/accounts/login/", "/me/data/", "/import-agency/", "/", "/results/"])
@pytest.mark.parametrize("size", [MOST + MEGABYTE + 1, 10**11, "9" * 5000])
def test_more_than_any_page_takes_is_not_read(cast: Cast, path: str, size: object) -> None:
    for client in (Client(enforce_csrf_checks=True), sign_in("officer")):
        answer = send(client, path, size)
        assert answer.status_code == 413
        assert "ไฟล์ที่เล็กลง" in words(answer)


def test_as_much_as_a_page_takes_is_read(cast: Cast) -> None:
    with pytest.raises(AssertionError, match="was read"):
        send(sign_in("officer"), "/me/data/", MOST)


def test_files_of_strangers_are_kept_nowhere(cast: Cast, kept: list[str]) -> None:
    for path in ("/accounts/login/", "/me/data/", "/import-agency/"):
        Client().post(path, {"file": SimpleUploadedFile("huge.zip", bytes(3 * MEGABYTE))})
    assert kept == []
    sign_in("officer").post("/me/data/", {"file": SimpleUploadedFile("mine.zip", bytes(3 * MEGABYTE))})
    assert set(kept) == {"mine.zip"}


def test_who_was_signed_out_meanwhile_finds_what_they_typed(cast: Cast, kept: list[str]) -> None:
    """Three pictures of a telephone, sent after the session ended."""
    pictures = [SimpleUploadedFile(f"{n}.jpg", bytes(4 * MEGABYTE), "image/jpeg") for n in range(3)]
    answer = Client().post("/me/data/", {"given_name": "ชื่อที่เพิ่งพิมพ์", "pictures": pictures})
    assert answer.status_code == 403
    assert "ชื่อที่เพิ่งพิมพ์" in words(answer)
    assert "ไฟล์ที่แนบต้องเลือกใหม่" in words(answer)
    assert kept == []


@pytest.mark.parametrize("stated", ["", "-1", "many"])
def test_a_length_that_is_none_reads_nothing(cast: Cast, stated: str) -> None:
    assert send(Client(), "/accounts/login/", stated).status_code in (200, 400)
