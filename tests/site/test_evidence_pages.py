"""The agency's checklist as its people see it: owners, one item, refusals, reuse, two people at once."""

from __future__ import annotations

import datetime as dt
import html
import io
from collections.abc import Callable
from typing import Any

import pytest
from cast import Cast, give_results
from django.test import Client
from django.utils import timezone
from docx import Document as Word
from inspection_evidence import SITE, assign, fill, item, open_window, started

from prongsai.evidence.links import checklist_items
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.inspection.actions.fill import FillItem, LinkData
from prongsai.site.inspection.models import Check, Evidence, Link, State
from prongsai.site.notices.due import remind
from prongsai.site.notices.models import Notice
from prongsai.site.rounds.models import Assessment

Of = Callable[[str], Client]
HOME = "/agencies/muang/2568/evidence/"


def words(response: Any) -> str:
    return html.unescape(response.content.decode())


def typed(version: int = 0, *urls: str, **more: str) -> dict[str, str]:
    """An item's form as a browser sends it, with a row for each address."""
    data = {"version": str(version), "links": str(len(urls)), "note": "", "reason": ""}
    for number, url in enumerate(urls):
        data[f"link-{number}-url"] = url
    return {**data, **more}


def test_a_round_without_the_step_says_so_and_shows_no_tab(cast: Cast, client_of: Of) -> None:
    page = words(client_of("officer").get(HOME))
    assert "ไม่ได้รับหลักฐาน OIT ผ่านระบบนี้" in page
    assert f'href="{HOME}"' not in words(client_of("officer").get("/agencies/muang/2568/"))
    open_window(cast.round)
    assert f'href="{HOME}"' in words(client_of("officer").get("/agencies/muang/2568/"))


def test_the_checklist_shows_every_item_with_owner_state_links_and_last_year(
    cast: Cast, client_of: Of, django_assert_max_num_queries: Any
) -> None:
    give_results(Assessment.objects.get(agency=cast.agency, round=cast.last_round), seed=5)
    started(cast)
    client = client_of("officer")
    with django_assert_max_num_queries(20):
        page = words(client.get(HOME))
    for code in checklist_items(cast.round.framework):
        assert f"{HOME}{code}/" in page
    assert "กองคลัง" in page
    assert "พร้อมเสนอ" in page
    assert "ปีก่อน" in page
    assert "ไม่ผ่าน" in page


def test_many_links_cost_no_more_queries(cast: Cast, client_of: Of, django_assert_max_num_queries: Any) -> None:
    started(cast)
    for number, code in enumerate(checklist_items(cast.round.framework)):
        if code not in ("o1", "o3"):
            fill(cast, code, *(f"{SITE}/{code}/{n}" for n in range(number % 6 + 1)))
    for link in Link.objects.all():
        link.latest = Check.objects.create(link=link, url=link.url, at=timezone.now(), severity="warning")
        link.save()
    client = client_of("officer")
    for address in (HOME, f"{HOME}assign/", f"{HOME}o1/", f"{HOME}confirm/", f"{HOME}?state=warning"):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


def test_filters_by_unit_and_state(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("officer")
    page = words(client.get(f"{HOME}?unit={cast.units[1].pk}"))
    assert f"{HOME}o2/" in page
    assert f"{HOME}o3/" not in page
    page = words(client.get(f"{HOME}?state=ready"))
    assert f"{HOME}o1/" in page
    assert f"{HOME}o2/" not in page
    assert "ไม่มีข้อที่ตรงกับที่เลือก" in words(client.get(f"{HOME}?state=warning"))


def test_a_unit_owner_begins_with_the_items_of_the_own_unit(cast: Cast, client_of: Of) -> None:
    started(cast)
    page = words(client_of("unit_owner").get(HOME))
    assert f"{HOME}o2/" in page
    assert f"{HOME}o3/" not in page
    assert f"{HOME}o3/" in words(client_of("unit_owner").get(f"{HOME}?unit="))


def test_owners_and_days_of_all_items_are_saved_at_once(cast: Cast, client_of: Of) -> None:
    open_window(cast.round)
    day = timezone.localdate() + dt.timedelta(days=3)
    data = {"unit-o1": str(cast.units[1].pk), "due-o1": f"{day.day}/{day.month}/{day.year + 543}",
            "unit-o2": str(cast.units[0].pk), "all_due": day.isoformat()}  # fmt: skip
    assert client_of("officer").post(f"{HOME}assign/", data).status_code == 302
    one, two = item(cast.assessment, "o1"), item(cast.assessment, "o2")
    assert (one.unit, one.due, two.unit, two.due) == (cast.units[1], day, cast.units[0], day)
    entry = Entry.objects.get(action="evidence.assign")
    assert "2 ข้อ (o1, o2)" in sentence(entry)
    assert Evidence.objects.count() == 2  # items nobody got have no row


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"due-o1": "31/2/2569"}, "ไม่ใช่วันที่"),
        ({"unit-o1": "999999"}, "ยังบันทึกไม่ได้"),
        ({"due-o1": "1/1/2590"}, "หลังวันปิดรับหลักฐาน"),
    ],
)
def test_a_wrong_assignment_saves_nothing_and_says_why(
    cast: Cast, client_of: Of, data: dict[str, str], said: str
) -> None:
    open_window(cast.round)
    response = client_of("officer").post(f"{HOME}assign/", {"unit-o2": str(cast.units[0].pk), **data})
    assert response.status_code == 400
    assert said in words(response)
    assert not Evidence.objects.exists()


def test_last_years_owners_are_proposed(cast: Cast, client_of: Of) -> None:
    last = Assessment.objects.get(agency=cast.agency, round=cast.last_round)
    Evidence.objects.create(assessment=last, item="o2", unit=cast.units[2], state=State.FINAL)
    open_window(cast.round)
    page = words(client_of("officer").get(f"{HOME}assign/"))
    assert "เสนอผู้รับผิดชอบตามปีก่อน" in page
    assert f'<option value="{cast.units[2].pk}" selected>' in page


def test_the_order_names_owners_and_days(cast: Cast, client_of: Of) -> None:
    started(cast)
    response = client_of("officer").get(f"{HOME}order.docx?digits=arabic")
    tables = Word(io.BytesIO(response.content)).tables
    cells = {row.cells[0].text: [cell.text for cell in row.cells] for table in tables for row in table.rows}
    assert "กองคลัง" in cells["o1"]
    assert "กองคลัง" not in cells["o3"]
    assert client_of("officer").get(f"{HOME}order.exe").status_code == 404


def test_a_unit_owner_fills_in_the_own_items_alone(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("unit_owner")
    assert client.post(f"{HOME}o2/", typed(0, f"{SITE}/people")).status_code == 302
    assert [link.url for link in item(cast.assessment, "o2").links.all()] == [f"{SITE}/people"]
    assert client.post(f"{HOME}o3/", typed(1, f"{SITE}/people")).status_code == 404
    assert client.post(f"{HOME}o9/", typed(0, f"{SITE}/people")).status_code == 404  # nobody's
    assert 'name="link-0-url"' not in words(client.get(f"{HOME}o3/"))
    assert "บันทึกหลักฐานข้อ o2 (1 ลิงก์)" in sentence(Entry.objects.filter(action="evidence.fill").latest("id"))


def test_an_item_shows_its_rule_as_a_checklist_with_examples(cast: Cast, client_of: Of) -> None:
    started(cast)
    element = checklist_items(cast.round.framework)["o1"].elements
    assert element is not None
    text = element.known[0].text
    data = {**typed(1, f"{SITE}/structure"), "link-0-elements": text}
    assert client_of("officer").post(f"{HOME}o1/", data).status_code == 302
    page = words(client_of("officer").get(f"{HOME}o1/"))
    assert text in page
    assert "ลิงก์ที่ 1" in page.split(text)[1][:200]
    assert "แผนผังโครงสร้างการแบ่งส่วนราชการของเทศบาลตำบลสมมติ" in page  # our invented example of what passes


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("www.muang.example.go.th/o2", "https://"),
        ("javascript:alert(1)", "https://"),
        ("https://user:word@www.example.go.th/", "ชื่อผู้ใช้หรือรหัสผ่าน"),
        ("https://www.example.go.th:8443/o2", "พอร์ต"),
        ("https://", "ไม่มีชื่อเว็บไซต์"),
        ("https://www.example.go.th/" + "x" * 2000, "2000"),
    ],
)
def test_a_link_that_cannot_be_opened_is_refused_at_its_field(cast: Cast, client_of: Of, url: str, said: str) -> None:
    started(cast)
    response = client_of("officer").post(f"{HOME}o2/", typed(0, f"{SITE}/good", url))
    assert response.status_code == 400
    assert said in words(response)
    assert f"{SITE}/good" in words(response)  # nothing typed is lost
    assert not item(cast.assessment, "o2").pk or not item(cast.assessment, "o2").links.exists()


def test_the_same_link_twice_in_one_item_is_refused(cast: Cast, client_of: Of) -> None:
    started(cast)
    response = client_of("officer").post(f"{HOME}o2/", typed(0, f"{SITE}/x", f"{SITE}/x"))
    assert response.status_code == 400
    assert "ลิงก์ที่ 2 ซ้ำ" in words(response)


def test_one_link_may_serve_several_items(cast: Cast) -> None:
    started(cast)
    fill(cast, "o4", f"{SITE}/structure")
    assert Link.objects.filter(url=f"{SITE}/structure").count() == 2


def test_not_applicable_needs_a_reason_and_ready_needs_a_link(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("officer")
    response = client.post(f"{HOME}o2/", typed(0, not_applicable="on"))
    assert (response.status_code, "โปรดระบุเหตุผล" in words(response)) == (400, True)
    both = client.post(f"{HOME}o2/", typed(0, f"{SITE}/x", not_applicable="on", reason="ไม่มีภารกิจ"))
    assert (both.status_code, "แสดงเหตุผลแทนลิงก์" in words(both)) == (400, True)
    response = client.post(f"{HOME}o2/", typed(0, ready="1"))
    assert (response.status_code, "ยังไม่มีลิงก์" in words(response)) == (409, True)
    assert client.post(f"{HOME}o2/", typed(0, not_applicable="on", reason="ไม่มีภารกิจ", ready="1")).status_code == 302
    assert item(cast.assessment, "o2").state == State.READY


def test_a_row_is_added_and_a_link_used_again_without_saving(cast: Cast, client_of: Of) -> None:
    last = Assessment.objects.get(agency=cast.agency, round=cast.last_round)
    before = Evidence.objects.create(assessment=last, item="o2", state=State.FINAL)
    old = Link.objects.create(evidence=before, url=f"{SITE}/2567/o2.pdf", label="ของปีก่อน")
    started(cast)
    client = client_of("officer")
    page = words(client.get(f"{HOME}o2/"))
    assert "ของปีก่อน" in page
    assert f'<option value="{old.url}">' in page  # offered while typing
    response = client.post(f"{HOME}o2/", typed(0, f"{SITE}/new", use=str(old.pk)))
    assert 'name="link-1-url" value="https://www.muang.example.go.th/2567/o2.pdf"' in words(response)
    assert f'value="{SITE}/new"' in words(response)
    response = client.post(f"{HOME}o2/", typed(0, f"{SITE}/new", add="link"))
    assert 'name="link-1-url"' in words(response)
    assert not Link.objects.filter(evidence__assessment=cast.assessment, evidence__item="o2").exists()


def test_a_link_of_another_agency_cannot_be_used_again(cast: Cast, client_of: Of) -> None:
    theirs = Evidence.objects.create(assessment=cast.other.assessments.get(), item="o2")
    foreign = Link.objects.create(evidence=theirs, url="https://secret.example.go.th/")
    started(cast)
    assert client_of("officer").post(f"{HOME}o2/", typed(0, use=str(foreign.pk))).status_code == 404
    assert "secret.example" not in words(client_of("officer").get(f"{HOME}o2/"))


def test_a_row_ticked_for_removal_goes_and_an_emptied_one_is_asked_about(cast: Cast, client_of: Of) -> None:
    started(cast)
    first, second = item(cast.assessment, "o1").links.all()
    data = typed(1, first.url, second.url)
    data |= {"link-0-pk": str(first.pk), "link-1-pk": str(second.pk)}
    assert client_of("officer").post(f"{HOME}o1/", {**data, "link-0-url": ""}).status_code == 400
    assert client_of("officer").post(f"{HOME}o1/", {**data, "link-0-remove": "on"}).status_code == 302
    assert [link.pk for link in item(cast.assessment, "o1").links.all()] == [second.pk]


def test_what_was_seen_of_another_address_counts_no_more(cast: Cast, client_of: Of) -> None:
    started(cast)
    link = item(cast.assessment, "o1").links.first()
    assert link
    link.latest = Check.objects.create(link=link, url=link.url, at=timezone.now(), severity="error")
    link.save()
    data = {**typed(1, f"{SITE}/mended"), "link-0-pk": str(link.pk)}
    client_of("officer").post(f"{HOME}o1/", data)
    link.refresh_from_db()
    assert (link.url, link.latest) == (f"{SITE}/mended", None)


def test_two_people_at_once_lose_nothing(cast: Cast, client_of: Of) -> None:
    started(cast)
    assert client_of("unit_owner").post(f"{HOME}o2/", typed(0, f"{SITE}/theirs")).status_code == 302
    response = client_of("officer").post(f"{HOME}o2/", typed(0, f"{SITE}/mine"))
    page = words(response)
    assert response.status_code == 409
    assert "มีผู้บันทึกข้อนี้ก่อนท่าน" in page
    assert f"{SITE}/theirs" in page
    assert f'value="{SITE}/mine"' in page
    assert 'name="version" value="1"' in page  # saving again is on top of the other's
    assert client_of("officer").post(f"{HOME}o2/", typed(1, f"{SITE}/mine")).status_code == 302


def test_handing_in_and_giving_back_with_a_reason(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("officer")
    assert client.post(f"{HOME}o1/take-up/", {"reason": "ขาดหน้าที่และอำนาจ"}).status_code == 302
    assert item(cast.assessment, "o1").state == State.OPEN
    assert "ขาดหน้าที่และอำนาจ" in sentence(Entry.objects.latest("id"))
    assert client_of("unit_owner").post(f"{HOME}o1/ready/").status_code == 302
    assert item(cast.assessment, "o1").state == State.READY
    assert client_of("unit_owner").post(f"{HOME}o2/ready/").status_code == 409  # empty


def test_after_the_last_day_nothing_changes(cast: Cast, client_of: Of) -> None:
    started(cast)
    open_window(cast.round, -30, -1)
    client = client_of("officer")
    for response in (
        client.post(f"{HOME}o2/", typed(0, f"{SITE}/late")),
        client.post(f"{HOME}o1/take-up/"),
        client.get(f"{HOME}assign/"),
    ):
        assert response.status_code == 409
        assert "ปิดรับหลักฐานเมื่อวันที่" in words(response)
    assert not Link.objects.filter(url=f"{SITE}/late").exists()


def test_a_draft_is_the_agencys_own(cast: Cast, client_of: Of) -> None:
    started(cast)
    for member in ("inspector", "assessor"):
        page = words(client_of(member).get(HOME))
        assert "ยังไม่ได้ยืนยันหลักฐาน" in page
        assert f"{HOME}o1/" not in page


def test_units_hear_of_their_own_days_once(cast: Cast) -> None:
    started(cast)
    remind()
    remind()
    notice = Notice.objects.get(key__startswith="evidence:", to=cast.unit_owner)
    assert "o2" in notice.text
    assert "o1" not in notice.text  # handed in
    assert "due" in notice.text_en


def test_more_links_than_anyone_reads_are_refused(cast: Cast) -> None:
    from prongsai.site.history.action import Refused

    started(cast)
    links = [LinkData(f"{SITE}/{n}") for n in range(31)]
    with pytest.raises(Refused, match="at most 30"):
        FillItem(by=cast.officer, evidence=item(cast.assessment, "o2"), version=0, links=links).execute()


def test_the_pages_speak_english(cast: Cast, client_of: Of) -> None:
    started(cast)
    client = client_of("officer")
    client.cookies["language"] = "en"
    assert "Owner" in words(client.get(HOME))
    assert "What has to be shown" in words(client.get(f"{HOME}o1/"))
    assert "Due day" in words(client.get(f"{HOME}assign/"))
    assert "Confirmation by the chief executive" in words(client.get(f"{HOME}confirm/"))


def test_assigning_a_foreign_unit_is_refused(cast: Cast) -> None:
    from prongsai.site.agencies.models import Unit
    from prongsai.site.history.action import Refused
    from prongsai.site.inspection.actions.assign import AssignUnits

    open_window(cast.round)
    foreign = Unit.objects.create(agency=cast.other, name="กองอื่น")
    with pytest.raises(Refused):
        AssignUnits(by=cast.officer, assessment=cast.assessment, rows={"o1": (foreign, None)}).execute()
    with pytest.raises(Refused):
        assign(cast, o99=0)


def test_the_desk_tells_units_and_chief_what_waits(cast: Cast, client_of: Of) -> None:
    started(cast)
    page = words(client_of("unit_owner").get("/"))
    assert "กรอกลิงก์หลักฐาน OIT 1 ข้อ" in page  # o2; o1 is handed in
    assert f'href="{HOME}confirm/"' in words(client_of("chief").get("/"))
    assert f'href="{HOME}confirm/"' not in words(client_of("palad").get("/"))
    open_window(cast.round, -20, -1)
    assert "กรอกลิงก์หลักฐาน" not in words(client_of("unit_owner").get("/"))
    assert f'href="{HOME}confirm/"' not in words(client_of("chief").get("/"))


def test_once_verdicts_are_told_the_checklist_leads_to_them(cast: Cast, client_of: Of) -> None:
    started(cast)
    assert f'href="{HOME}result/"' not in words(client_of("officer").get(HOME))
    Evidence.objects.filter(item="o1").update(state=State.MARKED)
    assert f'href="{HOME}result/"' not in words(client_of("officer").get(HOME))  # not told yet
    Evidence.objects.filter(item="o1").update(state=State.PRELIMINARY)
    assert f'href="{HOME}result/"' in words(client_of("officer").get(HOME))
