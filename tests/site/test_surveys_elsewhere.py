"""Answers that were collected elsewhere: looked at first, brought in whole or not at all, and never twice."""

from __future__ import annotations

import csv
import hashlib
import io
import random
from collections.abc import Callable

import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from survey_world import form_of, given, key_folder, open_survey  # noqa: F401 - a fixture

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.surveys.models import Letter, Survey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ClientOf = Callable[[str], Client]


def table(survey: Survey, people: int, broken: str = "") -> bytes:
    """What ODK Central would give: times and devices beside the answers."""
    form, out = form_of(survey), io.StringIO()
    codes = [line.code for line in form.lines]
    write = csv.writer(out)
    write.writerow(["SubmissionDate", "meta-instanceID", "SubmitterName", *codes])
    for person in range(people):
        answers = given(form, person)
        if broken and person == 1:
            answers[codes[0]] = broken
        write.writerow([f"2026-11-{person + 1:02}", f"uuid:{person}", "นาย ก", *(answers[code] for code in codes)])
    return out.getvalue().encode()


def post(client: Client, survey: Survey, data: bytes, **more: str):
    of = survey.assessment
    address = f"/agencies/{of.agency.code}/{of.round.slug}/surveys/{survey.container}/elsewhere/"
    return client.post(address, {"tool": "odk", "answers": SimpleUploadedFile("a.csv", data), **more})


def test_looked_at_first_then_brought_in_once(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    data = table(survey, 12)
    page = post(client_of("assessor"), survey, data)
    text = page.content.decode()
    assert page.status_code == 200
    assert "นำเข้า 12 คำตอบ" in text
    assert "SubmitterName" in text  # said to be dropped
    assert not Letter.objects.exists()
    sha = hashlib.sha256(data).hexdigest()
    assert post(client_of("assessor"), survey, data, bring=sha).status_code == 302
    assert Letter.objects.count() == survey.boxes.get().filed == 12
    assert "จำนวน 12 คำตอบ" in sentence(Entry.objects.get(action="surveys.bring_in"))
    again = post(client_of("assessor"), survey, data, bring=sha)
    assert again.status_code == 400
    assert "นำเข้าไฟล์นี้ไปแล้ว" in again.content.decode()
    assert Letter.objects.count() == 12


def test_an_error_names_its_cell_and_nothing_comes_in(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    data = table(survey, 5, broken="เก้า")
    page = post(client_of("assessor"), survey, data, bring=hashlib.sha256(data).hexdigest())
    assert page.status_code == 400
    assert ":3 D" in page.content.decode()
    assert not Letter.objects.exists()


def test_another_file_than_the_one_looked_at(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    page = post(client_of("assessor"), survey, table(survey, 5), bring="0" * 64)
    assert "ไม่ใช่ไฟล์ที่ตรวจไว้" in page.content.decode()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2\n", b"\x00\x01", random.Random(1).randbytes(400)])
def test_a_file_of_something_else(data: bytes, cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    assert post(client_of("assessor"), survey, data).status_code == 400
    assert not Letter.objects.exists()
