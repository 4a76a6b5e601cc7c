"""The database cannot be used: officers get a page that says what to do, and the same page works when it is back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cast import Cast
from django.db import OperationalError, connection
from django.test import Client


def away(*_: Any) -> Any:
    """Stands where a statement would go to the database."""
    raise OperationalError("disk I/O error")


def test_an_officer_is_told_what_to_do(cast: Cast, client_of: Callable[[str], Client]) -> None:
    client = client_of("officer")
    client.raise_request_exception = False
    page = "/agencies/muang/2568/"
    assert client.get(page).status_code == 200
    with connection.execute_wrapper(away):
        read, sent = client.get(page), client.post("/agencies/muang/2568/approval/plan/submit/", {})
    for answer in (read, sent):
        assert answer.status_code == 503
        assert answer["Retry-After"] == "60"
        assert "ระบบบันทึกข้อมูลไม่ได้ชั่วคราว" in answer.content.decode()
        assert "disk I/O" not in answer.content.decode()
    assert "ยังไม่มีการยืนยันว่าบันทึกแล้ว" in sent.content.decode()
    assert client.get(page).status_code == 200
