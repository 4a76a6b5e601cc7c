"""The pages of history, export and import, as a person meets them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from prongsai.site.agencies.models import Agency
from prongsai.site.exchange.history_views import ROOM_NAMES
from prongsai.site.exchange.names import NAMES
from prongsai.site.exchange.parts import PARTS
from prongsai.site.history.action import SENTENCES
from prongsai.site.history.models import Entry

ClientOf = Callable[[str], Client]
PAGE = "/agencies/muang/exchange/"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"


def exported(client: Client) -> bytes:
    response: Any = client.post(f"{PAGE}export/")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="muang-')
    return b"".join(response.streaming_content)


def sent(client: Client, data: bytes) -> HttpResponse:
    return client.post("/import-agency/", {"file": SimpleUploadedFile("a.zip", data)})  # type: ignore[return-value]


def token_of(response: Any) -> str:
    return str(response.context["form"].initial["token"])


def test_every_part_and_every_room_has_a_name() -> None:
    assert sorted([*(label for labels in NAMES.values() for label in labels), "agencies.Agency"]) == sorted(
        part.label for part in PARTS
    )
    assert {code.partition(".")[0] for code in SENTENCES} <= set(ROOM_NAMES)


def test_an_administrator_takes_the_agency_out_and_the_log_keeps_the_hash(
    planned: Cast, client_of: ClientOf, django_assert_max_num_queries: Any
) -> None:
    client = client_of("agency_admin")
    data = exported(client)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
    entry = Entry.objects.get(action="exchange.export")
    assert entry.facts["sha256"]
    with django_assert_max_num_queries(20):
        page = client.get(PAGE).content.decode()
    assert entry.facts["sha256"] in page
    assert "ผู้ดูแลระบบกลางเป็นผู้นำเข้า" in page
    assert client.get("/import-agency/").status_code == 404


def test_import_shows_first_and_then_makes_all_of_it(planned: Cast, client_of: ClientOf) -> None:
    client = client_of("admin")
    response = sent(client, exported(client))
    page = response.content.decode()
    assert response.status_code == 200
    assert "มีหน่วยงานที่ใช้รหัสนี้แล้ว" in page
    assert "นำเข้าทั้งหมด" not in page
    token = token_of(response)
    refused = client.post("/import-agency/", {"token": token, "code": "muang", "accept": "yes"})
    assert refused.status_code == 409
    fine = client.post("/import-agency/", {"token": token, "code": "muang-2"})
    assert "นำเข้าทั้งหมด" in fine.content.decode()
    assert not Agency.objects.filter(code="muang-2").exists()
    done = client.post("/import-agency/", {"token": token, "code": "muang-2", "accept": "yes"})
    assert (done.status_code, done["Location"]) == (302, "/agencies/muang-2/")
    made = Agency.objects.get(code="muang-2")
    assert made.assessments.count() == planned.agency.assessments.count()  # type: ignore[attr-defined]
    history = client_of("supervisor").get("/agencies/muang-2/history/").content.decode()
    assert "นำเข้าหน่วยงาน เทศบาลเมืองตัวอย่าง รหัส muang-2" in history
    again = client.post("/import-agency/", {"token": token, "code": "muang-3", "accept": "yes"})
    assert again.status_code == 400
    assert "ถูกนำเข้าหรือลบไปแล้ว" in again.content.decode()


def test_a_file_that_was_tried_is_the_uploaders_alone(planned: Cast, client_of: ClientOf) -> None:
    client = client_of("admin")
    token = token_of(sent(client, exported(client)))
    kind = planned.admin.roles.get().kind
    planned.stranger.roles.create(kind=kind)
    for wrong in (token, token + "x"):
        assert client_of("stranger").post("/import-agency/", {"token": wrong, "code": "x"}).status_code == 404


@pytest.mark.parametrize("data", [b"no zip", b"PK\x03\x04"])
def test_what_is_no_export_is_refused_and_not_kept(
    data: bytes, cast: Cast, client_of: ClientOf, tmp_path: Path
) -> None:
    response = sent(client_of("admin"), data)
    assert response.status_code == 400
    assert "เปิดไฟล์ ZIP ไม่ได้" in response.content.decode()
    assert not list((tmp_path / "kept").rglob("*.zip"))


def test_a_file_that_is_too_large(cast: Cast, client_of: ClientOf, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 10
    response = sent(client_of("admin"), b"x" * 300)
    assert response.status_code == 400
    assert "import_agency" in response.content.decode()


def test_no_file_is_said_beside_the_field(cast: Cast, client_of: ClientOf) -> None:
    response = client_of("admin").post("/import-agency/", {})
    assert response.status_code == 400
    assert "โปรดกรอกช่องนี้" in response.content.decode()


def test_history_is_filtered_by_subject_and_by_person(planned: Cast, client_of: ClientOf) -> None:
    client = client_of("agency_admin")
    exported(client)
    page = client.get("/agencies/muang/history/?room=exchange").content.decode()
    assert "ส่งออกข้อมูลของหน่วยงาน" in page
    other = client.get(f"/agencies/muang/history/?actor={planned.officer.pk}").content.decode()
    assert "SHA-256" not in other
