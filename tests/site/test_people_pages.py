"""The pages of people, units and agencies as an administrator uses them."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.people.models import Delegation, Person, Role

ClientOf = Callable[[str], Client]
NEW = {
    "account": "new", "username": "Somsri.๑", "title": "นางสาว", "given_name": "สมศรี", "family_name": "ใจดี",
    "position": "นิติกร", "phone": "๐๒ ๑๒๓ ๔๕๖๗", "email": "", "kind": "officer", "acting": "",
}  # fmt: skip
THE_DAY = {"on_day": "1", "on_month": "10", "on_year": "๒๖๔๒"}


def words(response: Any) -> str:
    return str(response.content.decode())


def last_sentence() -> str:
    return sentence(Entry.objects.order_by("-pk")[0])


def test_a_new_person_gets_a_password_that_is_shown_once(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("agency_admin")
    page = words(client.post("/agencies/muang/people/add/", NEW))
    found = re.search(r'class="handed-out">([^<]+)<', page)
    assert found
    person = Person.objects.get(username="somsri.1")
    assert person.check_password(found[1])
    assert person.must_change
    assert (person.full_name, person.phone) == ("นางสาวสมศรี ใจดี", "02 123 4567")
    role = person.roles.get()
    assert (role.agency, role.kind, role.accepted) == (cast.agency, "officer", True)
    assert last_sentence().startswith("นางสุดา ตัวอย่าง มอบบทบาทเจ้าหน้าที่ผู้รับผิดชอบ ITA ให้ นางสาวสมศรี ใจดี")
    assert found[1] not in str(list(Entry.objects.values()))
    assert found[1] not in words(client.get(f"/agencies/muang/people/{person.pk}/"))
    fresh = Client()
    assert fresh.post("/accounts/login/", {"login": "somsri.1", "password": found[1]}).status_code == 302
    assert fresh.get("/")["Location"] == "/accounts/password/change/"


def test_nothing_is_left_when_the_role_is_refused(cast: Cast, client_of: ClientOf) -> None:
    page = client_of("agency_admin").post("/agencies/muang/people/add/", {**NEW, "kind": "unit_owner"})
    assert page.status_code == 422
    assert "ต้องระบุส่วนราชการ" in words(page)
    assert 'value="สมศรี"' in words(page), "what was typed stays"
    assert not Person.objects.filter(username="somsri.1").exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"username": "officer"}, "มีผู้ใช้ชื่อนี้แล้ว"),
        ({"username": "ชื่อไทย"}, "ใช้ได้เฉพาะอักษรอังกฤษ"),
        ({"given_name": ""}, "โปรดกรอกช่องนี้"),
        ({"account": "existing", "username": "no.such"}, "ไม่มีบัญชีชื่อนี้"),
        ({"start_day": "31", "start_month": "2", "start_year": "2569"}, "ไม่มีวันที่ 31"),
    ],
)
def test_bad_input_is_said_beside_the_field(cast: Cast, client_of: ClientOf, change: dict[str, str], says: str) -> None:
    before = Person.objects.count()
    page = client_of("agency_admin").post("/agencies/muang/people/add/", {**NEW, **change})
    assert page.status_code == 422
    assert says in words(page)
    assert Person.objects.count() == before


def test_an_existing_account_is_invited_by_its_username_alone(cast: Cast, client_of: ClientOf) -> None:
    fields = {"account": "existing", "username": "stranger", "kind": "officer"}
    done = client_of("agency_admin").post("/agencies/muang/people/add/", fields, follow=True)
    assert "รอเจ้าตัวตอบรับ" in words(done)
    assert cast.stranger.roles.get().start == timezone.localdate()  # how long it may wait is counted from a day
    assert "แปลก" not in words(done)
    assert "แปลก" not in str(list(Entry.objects.values()))
    assert "เชิญท่านรับบทบาท" in words(client_of("stranger").get("/me/"))
    signed_in = Client().post("/accounts/login/", {"login": "stranger", "password": "a long pass phrase"}, follow=True)
    assert "มีหน่วยงานเชิญท่านรับบทบาท" in words(signed_in)


def test_the_system_administrator_gives_roles_without_asking(cast: Cast, client_of: ClientOf) -> None:
    fields = {"account": "existing", "username": "stranger", "kind": "agency_admin"}
    client_of("admin").post("/agencies/muang/people/add/", fields)
    assert cast.stranger.roles.get().accepted


def test_an_approver_is_given_with_position_and_acting_form(cast: Cast, client_of: ClientOf) -> None:
    fields = {"kind": "approver", "post": "นายกเทศมนตรี", "acting": "รักษาราชการแทน"}
    done = client_of("agency_admin").post(f"/agencies/muang/people/{cast.palad.pk}/role/", fields)
    assert done.status_code == 302
    role = cast.palad.roles.get(acting="รักษาราชการแทน")
    assert role.post == "รักษาราชการแทน นายกเทศมนตรี"
    assert "(รักษาราชการแทน นายกเทศมนตรี)" in last_sentence()


def test_handover_to_a_new_person_is_one_form(cast: Cast, client_of: ClientOf) -> None:
    address = f"/agencies/muang/people/{cast.officer.pk}/handover/"
    client = client_of("agency_admin")
    assert "นักวิเคราะห์นโยบายและแผน" in words(client.get(address))
    page = words(client.post(address, {**NEW, **THE_DAY}))
    assert 'class="handed-out"' in page
    new = Person.objects.get(username="somsri.1").roles.get()
    assert (new.position, new.start and new.start.isoformat()) == ("นักวิเคราะห์นโยบายและแผน", "2099-10-01")
    assert cast.officer.roles.get().end is not None
    assert "ส่งมอบงานจาก นางสมหญิง ตัวอย่าง ให้ นางสาวสมศรี ใจดี" in last_sentence()


def test_handover_to_a_member(cast: Cast, client_of: ClientOf) -> None:
    address = f"/agencies/muang/people/{cast.officer.pk}/handover/"
    client = client_of("agency_admin")
    assert "โปรดเลือกผู้รับมอบ" in words(client.post(address, {"account": "member", **THE_DAY}))
    done = client.post(address, {"account": "member", "member": cast.head.pk, **THE_DAY})
    assert done["Location"] == "/agencies/muang/people/"
    assert cast.head.roles.filter(kind="officer").exists()


def test_ending_a_role_asks_first_and_the_last_administrator_stays(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("agency_admin")
    role = cast.officer.roles.get()
    assert "วันสุดท้ายของบทบาท" in words(client.get(f"/roles/{role.pk}/end/"))
    assert client.post(f"/roles/{role.pk}/end/", {"last_day_day": ""}).status_code == 302
    assert client_of("officer").get("/agencies/muang/people/").status_code == 404
    own = cast.agency_admin.roles.get()
    refused = client.post(f"/roles/{own.pk}/end/", {"last_day_day": ""})
    assert refused.status_code == 422
    assert "ผู้ดูแลระบบคนสุดท้าย" in words(refused)


def test_delegating_from_ones_own_account_and_revoking(cast: Cast, client_of: ClientOf) -> None:
    today = timezone.localdate()
    date = (str(today.day), str(today.month), str(today.year + 543))
    fields = {"to": cast.head.pk, "acting": "ปฏิบัติราชการแทน", "reason": "ไปราชการ"}
    parts = tuple(zip(("day", "month", "year"), date, strict=True))
    fields |= {f"{name}_{part}": value for name in ("start", "end") for part, value in parts}
    client = client_of("palad")
    assert client.post(f"/roles/{cast.palad.roles.get().pk}/delegate/", fields)["Location"] == "/me/"
    assert "ปฏิบัติราชการแทน" in words(client_of("head").get("/me/"))
    made = Delegation.objects.get()
    assert client_of("head").post(f"/delegations/{made.pk}/revoke/").status_code == 404
    assert client.post(f"/delegations/{made.pk}/revoke/").status_code == 302
    assert Delegation.objects.get().revoked


def test_identities_are_one_to_a_person(cast: Cast, client_of: ClientOf, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [{"provider_id": "office", "name": "กลาง"}]}}
    fields = {"provider": "office", "name": "somying"}
    client = client_of("agency_admin")
    assert client.post(f"/agencies/muang/people/{cast.officer.pk}/identity/", fields).status_code == 302
    assert Person.objects.get(pk=cast.officer.pk).external == "office:somying"
    again = client.post(f"/agencies/muang/people/{cast.head.pk}/identity/", fields)
    assert "ผูกกับบุคคลอื่นแล้ว" in words(again)


def test_system_roles_with_their_reach(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("admin")
    fields = {**NEW, "kind": "supervisor", "province": "เชียงใหม่", "parent": ""}
    assert 'class="handed-out"' in words(client.post("/system/people/add/", fields))
    assert Person.objects.get(username="somsri.1").roles.get().province == "เชียงใหม่"
    bad = client.post("/system/people/add/", {**fields, "username": "another", "parent": "none"})
    assert "ไม่มีหน่วยงานรหัสนี้" in words(bad)
    assert "somsri.1" in words(client.get("/system/people/"))
    assert "stranger" in words(client.get("/system/people/?q=แปลก"))


# --- units and agencies


def test_units_are_added_renamed_reordered_and_retired(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("agency_admin")
    assert client.post("/agencies/muang/units/add/", {"name": "กองการศึกษา", "phone": "๑๒"}).status_code == 302
    added = Unit.objects.get(name="กองการศึกษา")
    assert (added.order, added.phone) == (4, "12")
    assert "อยู่แล้ว" in words(client.post("/agencies/muang/units/add/", {"name": "กองการศึกษา"}))
    client.post(f"/agencies/muang/units/{added.pk}/move/", {"way": "up"})
    assert [unit.name for unit in cast.agency.units.all()][2:] == ["กองการศึกษา", "กองช่าง"]
    client.post(f"/agencies/muang/units/{added.pk}/", {"name": "กองการศึกษาและวัฒนธรรม"})
    assert last_sentence() == "นางสุดา ตัวอย่าง บันทึกส่วนราชการ กองการศึกษาและวัฒนธรรม (เดิม: กองการศึกษา)"
    client.post(f"/agencies/muang/units/{added.pk}/retire/")
    page = words(client.get("/agencies/muang/units/"))
    assert "เลิกใช้แล้ว" in page
    assert "กองการศึกษาและวัฒนธรรม" not in words(client.get("/agencies/muang/people/add/"))
    client.post(f"/agencies/muang/units/{added.pk}/retire/")
    assert Unit.objects.get(pk=added.pk).active
    assert client_of("agency_admin").post(f"/agencies/other/units/{added.pk}/move/").status_code == 404


def agency_fields(agency: Agency, **changes: Any) -> dict[str, Any]:
    names = ("name", "name_en", "kind", "district", "province", "website", "staff", "version")
    return {name: getattr(agency, name) for name in names} | changes


def test_the_second_of_two_who_edit_an_agency_sees_the_difference(cast: Cast, client_of: ClientOf) -> None:
    fields = agency_fields(cast.agency)
    first = client_of("agency_admin").post("/agencies/muang/data/", {**fields, "staff": "๑๓๐"})
    assert first.status_code == 302
    second = client_of("admin").post(
        "/agencies/muang/data/", {**fields, "website": "www.example.go.th", "staff": "125"}
    )
    assert second.status_code == 409
    page = words(second)
    assert "ข้อมูลล่าสุดต่างจากที่ท่านกรอก" in page
    assert "<td>125</td><td>130</td>" in page
    assert 'value="www.example.go.th"' in page
    assert Agency.objects.get(code="muang").staff == 130
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    fields |= {"website": "www.example.go.th", "staff": "130", "version": version[1]}
    assert client_of("admin").post("/agencies/muang/data/", fields).status_code == 302
    assert Agency.objects.get(code="muang").website == "https://www.example.go.th"


def test_an_emblem_is_a_picture_by_its_content(cast: Cast, client_of: ClientOf) -> None:
    from PIL import Image

    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 80, 0, 0)).save(out, "PNG")
    client = client_of("agency_admin")
    script = SimpleUploadedFile("emblem.png", b"<svg onload='alert(1)'></svg>")
    refused = client.post("/agencies/muang/data/", {**agency_fields(cast.agency), "emblem": script})
    assert refused.status_code == 422
    assert "JPEG PNG" in words(refused)
    good = SimpleUploadedFile("emblem.png", out.getvalue())
    assert client.post("/agencies/muang/data/", {**agency_fields(cast.agency), "emblem": good}).status_code == 302
    emblem = Agency.objects.get(code="muang").emblem
    assert emblem is not None
    for member in ("agency_admin", "admin", "assessor"):
        shown = client_of(member).get(f"/files/{emblem.pk}/picture/")
        assert shown.status_code == 200, member
    with Image.open(BytesIO(shown.content)) as picture:
        assert picture.getpixel((4, 4)) == (255, 255, 255), "what is transparent is paper, not black"
    assert client_of("stranger").get(f"/files/{emblem.pk}/picture/").status_code == 404
    assert client_of("admin").get(f"/files/{emblem.pk}/").status_code == 404


def test_a_new_agency_and_its_first_administrator(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("admin")
    fields = {"code": "bangrak", "name": "เทศบาลตำบลใหม่", "province": "จังหวัดลำพูน", "staff": "", "parent": "muang"}
    assert client.post("/system/agencies/add/", fields)["Location"] == "/agencies/bangrak/people/add/"
    made = Agency.objects.get(code="bangrak")
    assert (made.province, made.parent) == ("ลำพูน", cast.agency)
    assert "มีหน่วยงานที่ใช้รหัสนี้แล้ว" in words(client.post("/system/agencies/add/", fields))
    assert "bangrak" in words(client.get("/system/agencies/?q=ลำพูน ใหม่"))
    assert "ยังไม่มี" in words(client.get("/system/agencies/?q=bangrak"))


PAGES = {
    "agency_admin": ["people/", "people/?past=1", "people/add/", "units/", "data/"],
    "admin": ["people/", "units/"],
    "supervisor": ["people/", "units/"],
}


@pytest.mark.parametrize("member", PAGES)
def test_pages_of_a_large_agency_need_few_queries(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any, member: str
) -> None:
    everyone = Person.objects.bulk_create(Person(username=f"p{n}", given_name=f"คนที่{n}") for n in range(120))
    units = Unit.objects.bulk_create(Unit(agency=cast.agency, name=f"งาน {n}") for n in range(40))
    Role.objects.bulk_create(
        Role(person=person, kind="unit_owner", agency=cast.agency, unit=units[n % 40])
        for n, person in enumerate(everyone)
    )
    client = client_of(member)
    for page in PAGES[member]:
        with django_assert_max_num_queries(20):
            assert client.get(f"/agencies/muang/{page}").status_code == 200
    if member == "admin":
        for page in ("/system/agencies/", "/system/people/?q=คน", "/me/", f"/system/people/{cast.palad.pk}/"):
            with django_assert_max_num_queries(20):
                assert client.get(page).status_code == 200


def test_searching_finds_names_but_not_those_of_strangers(cast: Cast, client_of: ClientOf) -> None:
    Role.objects.create(person=cast.stranger, kind="officer", agency=cast.agency, accepted=False)
    client = client_of("agency_admin")
    assert "สมหญิง" in words(client.get("/agencies/muang/people/?q=สมหญิง"))
    assert "stranger" not in words(client.get("/agencies/muang/people/?q=แปลก"))
