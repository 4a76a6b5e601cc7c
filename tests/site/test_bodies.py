"""How much a request may bring: strangers a short form, who signed in their files, nobody more than any page takes."""

from __future__ import annotations

from typing import Any

import pytest
from cast import Cast
from django.conf import settings
from django.test import Client
from signing_in import sign_in, words

pytestmark = pytest.mark.django_db
FORM = "multipart/form-data; boundary=x"


class NotRead:
    """A body of which nothing may be asked for."""

    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = __iter__ = read


def send(client: Client, path: str, size: object) -> Any:
    body: Any = {"wsgi.input": NotRead()}
    return client.request(
        PATH_INFO=path,
        REQUEST_METHOD="POST",
        CONTENT_TYPE=FORM,
        CONTENT_LENGTH=str(size),
        HTTP_HOST="testserver",
        **body,
    )


@pytest.mark.parametrize("path", ["/accounts/login/", "/me/data/", "/import-agency/", "/", "/results/"])
def test_of_strangers_nothing_large_is_read(cast: Cast, path: str) -> None:
    for size in (settings.BODY_OF_STRANGERS + 1, 10**11, "9" * 5000):
        answer = send(Client(enforce_csrf_checks=True), path, size)
        assert answer.status_code == 413
        assert "ไฟล์ที่เล็กลง" in words(answer)


def test_who_signed_in_sends_files_and_no_more(cast: Cast) -> None:
    client = sign_in("officer")
    most = settings.UPLOAD_LIMIT * settings.UPLOADS_AT_ONCE
    assert send(client, "/me/data/", most + 2 * settings.BODY_OF_STRANGERS).status_code == 413
    with pytest.raises(AssertionError, match="was read"):
        send(client, "/me/data/", most)


@pytest.mark.parametrize("stated", ["", "-1", "many"])
def test_a_length_that_is_none_reads_nothing_large(cast: Cast, stated: str) -> None:
    assert send(Client(), "/accounts/login/", stated).status_code in (200, 400)
