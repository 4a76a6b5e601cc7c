"""Setting up surveys: doors, numbers, codes that are shown once, the draw, opening and closing."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from survey_world import file_with, key_folder, open_survey, survey_round  # noqa: F401 - a fixture

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.rounds.models import Assessment, Stage
from prongsai.site.surveys.actions import CODE_SCOPE, PrepareSurveys
from prongsai.site.surveys.asked import form_of
from prongsai.site.surveys.keys import keys
from prongsai.site.surveys.mixer import turn
from prongsai.site.surveys.models import Box, Code, CodeSet, Day, PeopleList, Place, Survey, SurveyState
from prongsai.survey.codes import digest, read_code
from prongsai.survey.sample import draw, list_digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("key_folder")]
ClientOf = Callable[[str], Client]
PEOPLE = [f"ตำแหน่ง {number:03}" for number in range(1, 41)]


def lay(cast: Cast, framework: str = "rehearsal") -> tuple[Assessment, Survey, str]:
    """A round of the assessor's with drafts, and the address of the first one's pages."""
    assessment = survey_round(cast.agency, framework)
    survey = PrepareSurveys(by=cast.assessor, assessment=assessment).execute()[0]
    survey.assessment = assessment
    return assessment, survey, f"/agencies/muang/{assessment.round.slug}/surveys/{survey.container}/"


def settings(**changes: object) -> dict[str, object]:
    return {"doors": ["by_codes"], "heads": "๔๐", "basis": "rule", "required": "", "source": "", **changes}


def unzipped(answer: object) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:  # type: ignore[attr-defined]
        return {name: archive.read(name) for name in archive.namelist()}


def codes_in(files: dict[str, bytes]) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(files["codes.xlsx"])) as book:
        text = book.read("xl/sharedStrings.xml").decode()
    return [read_code(code) for code in re.findall(r">([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})<", text)]


def test_from_a_head_count_to_codes_that_work_once(cast: Cast, client_of: ClientOf) -> None:
    assessor = client_of("assessor")
    _, survey, page = lay(cast)
    assert assessor.post(f"{page}setup/", settings()).status_code == 302
    survey.refresh_from_db()
    assert (survey.by_codes, survey.heads, survey.required) == (True, 40, 40)
    assert survey.required_source.startswith("rehearsal sampling")
    shown = assessor.get(f"{page}setup/").content.decode()
    assert 'name="count" value="40"' in shown
    answer = assessor.post(f"{page}codes/", {"count": "40"})
    assert answer["Content-Type"] == "application/zip"
    assert "no-store" in answer["Cache-Control"]
    files = unzipped(answer)
    assert files["codes.pdf"].startswith(b"%PDF")
    codes = codes_in(files)
    kept = set(Code.objects.values_list("digest", flat=True))
    assert {digest(code, keys().code_key, CODE_SCOPE).hex() for code in codes} == kept
    assert len(codes) == 40
    assert not any(code in str(CodeSet.objects.values()) for code in codes)
    assert "40 รหัส" in sentence(Entry.objects.get(action="surveys.issue"))
    assert assessor.post(f"{page}open/").status_code == 302
    turn(first=True)
    assert file_with(survey, codes[0], 1).outcome == "filed"
    assert file_with(survey, codes[0], 2, nonce="other").outcome == "spent"


def test_a_lost_sheet_is_made_void_and_answers_stay(cast: Cast, client_of: ClientOf) -> None:
    survey, codes = open_survey(cast, codes=12)
    file_with(survey, codes[0], 1)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/"
    pk = CodeSet.objects.get().pk
    assert client_of("assessor").post(f"{page}codes/{pk}/void/").status_code == 302
    assert Code.objects.count() == 1
    assert survey.boxes.get().filed == 1
    assert file_with(survey, codes[1], 2).outcome == "unknown"
    entry = Entry.objects.get(action="surveys.void")
    assert "11" not in str(entry.facts), "how many were unspent tells how many answered"
    assert client_of("assessor").post(f"{page}codes/{pk}/void/").status_code == 409


def test_an_unknown_rule_is_entered_with_its_source(cast: Cast, client_of: ClientOf) -> None:
    assessor = client_of("assessor")
    _, survey, page = lay(cast, "ita-2568")
    assert "ไม่มีการเผยแพร่" in assessor.get(f"{page}setup/").content.decode()
    answer = assessor.post(f"{page}setup/", settings(heads="120"))
    assert answer.status_code == 400
    assert "โปรดกรอกเอง พร้อมระบุที่มา" in answer.content.decode()
    answer = assessor.post(f"{page}setup/", settings(heads="120", basis="entered", required="30"))
    assert "โปรดระบุที่มา" in answer.content.decode()
    answer = assessor.post(f"{page}setup/", settings(heads="120", basis="entered", required="300", source="หนังสือ ก"))
    assert "มากกว่าผู้ที่ตอบได้" in answer.content.decode()
    done = assessor.post(f"{page}setup/", settings(heads="120", basis="entered", required="30", source="หนังสือ ก"))
    assert done.status_code == 302
    survey.refresh_from_db()
    assert (survey.required, survey.required_source) == (30, "หนังสือ ก (confirmed)")


def test_a_table_of_the_framework_gives_the_number(cast: Cast, client_of: ClientOf) -> None:
    assessment, _, _ = lay(cast, "ita-2567")
    page = f"/agencies/muang/{assessment.round.slug}/surveys/EIT.1/"
    assert "อบต. S: 30" in client_of("assessor").get(f"{page}setup/").content.decode()
    sent = settings(doors=["by_link"], heads="", row="4")
    assert client_of("assessor").post(f"{page}setup/", sent).status_code == 302
    assert assessment.surveys.get(container="EIT.1").required == 30


def test_what_keeps_a_survey_from_opening_is_said(cast: Cast, client_of: ClientOf) -> None:
    assessor = client_of("assessor")
    _, survey, page = lay(cast)
    answer = assessor.post(f"{page}open/")
    assert answer.status_code == 409
    assert "ยังไม่ได้เลือกว่าผู้ตอบเข้าตอบทางใด" in answer.content.decode()
    assessor.post(f"{page}setup/", settings(doors=["by_places"]))
    assert "ยังไม่มีจุดบริการ" in assessor.post(f"{page}open/").content.decode()
    assessor.post(f"{page}setup/", settings())
    Stage.objects.update(closes=timezone.localdate() - dt.timedelta(days=1))
    assert "สิ้นสุดแล้ว" in assessor.post(f"{page}open/").content.decode()
    survey.refresh_from_db()
    assert survey.state == SurveyState.DRAFT


def test_doors_are_fixed_once_open_and_numbers_are_not(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/setup/"
    answer = client_of("assessor").post(page, settings(doors=["by_link"]))
    assert answer.status_code == 400
    assert "เปลี่ยนช่องทางตอบไม่ได้" in answer.content.decode()
    assert client_of("assessor").post(page, settings(doors=["by_codes", "by_link"])).status_code == 302


def test_a_draw_from_a_list_that_anybody_can_repeat(cast: Cast, client_of: ClientOf) -> None:
    officer, assessor = client_of("officer"), client_of("assessor")
    _, survey, page = lay(cast)
    assessor.post(f"{page}setup/", settings())
    assert "หน่วยงานยังไม่ได้ส่งรายชื่อ" in assessor.post(f"{page}draw/", {"count": "12", "seed": "x"}).content.decode()
    lines = "\n".join(PEOPLE)
    assert officer.post(f"{page}list/", {"text": lines}).status_code == 302
    assert PeopleList.objects.get().digest == list_digest(PEOPLE)
    assert list_digest(PEOPLE)[:16] in sentence(Entry.objects.get(action="surveys.give_list"))
    assert officer.post(f"{page}draw/", {"count": "12", "seed": "x"}).status_code == 404  # never the agency
    files = unzipped(assessor.post(f"{page}draw/", {"count": "12", "seed": "สลากงวดหน้า 123456"}))
    drawn = files["drawn.csv"].decode("utf-8-sig").split("\r\n")[:-1]
    seed = CodeSet.objects.get().seed
    assert seed.startswith("สลากงวดหน้า 123456/")
    assert drawn == sorted(draw(PEOPLE, 12, seed)) != sorted(draw(PEOPLE, 12, "สลากงวดหน้า 123456"))
    assert len(codes_in(files)) == 12
    assert not PeopleList.objects.exists()
    said = Entry.objects.get(action="surveys.draw")
    assert "123456" not in str(said.facts) + str(said.personal)
    assert "12 รหัส" in officer.get(page.removesuffix(f"{survey.container}/")).content.decode()
    for member in ("officer", "assessor"):
        assert "เปิดเผยเมื่อแบบสำรวจปิด" in client_of(member).get(f"{page}verify/").content.decode()
    assert officer.post(f"{page}list/", {"text": lines}).status_code == 400  # drawn already
    Survey.objects.update(state=SurveyState.CLOSED)
    shown = officer.get(f"{page}verify/").content.decode()
    assert seed in shown
    checked = officer.post(f"{page}verify/", {"text": lines}).content.decode()
    assert "รายชื่อตรงกับที่บันทึกไว้" in checked
    assert drawn[0] in checked
    other = officer.post(f"{page}verify/", {"text": "\n".join([*PEOPLE[:-1], "คนอื่น"])}).content.decode()
    assert "ไม่ใช่รายชื่อที่บันทึกไว้" in other


def test_a_list_as_a_file_and_a_list_that_cannot_be_used(cast: Cast, client_of: ClientOf) -> None:
    officer = client_of("officer")
    _, survey, page = lay(cast)
    Survey.objects.update(by_codes=True)
    twice = officer.post(f"{page}list/", {"text": "ก\nข\nก"})
    assert twice.status_code == 400
    assert "รายชื่อซ้ำ" in twice.content.decode()
    assert officer.post(f"{page}list/", {"text": ""}).status_code == 400
    upload = SimpleUploadedFile("list.csv", "1001,ก\n1002,ข\n\n1003,ค\n".encode())
    assert officer.post(f"{page}list/", {"file": upload}).status_code == 302
    assert PeopleList.objects.get().entries == ["1001", "1002", "1003"]
    picture = SimpleUploadedFile("list.csv", b"\x89PNG\r\n\x1a\n")
    assert officer.post(f"{page}list/", {"file": picture}).status_code == 400
    assert officer.post(f"{page}list/withdraw/").status_code == 302
    assert not PeopleList.objects.exists()
    assert survey.code_sets.count() == 0


def test_a_list_in_a_workbook(cast: Cast, client_of: ClientOf) -> None:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for row, number in enumerate((1001, 1002, "ต. 3")):
            sheet.write(row, 0, number)
    _, _, page = lay(cast)
    Survey.objects.update(by_codes=True)
    upload = SimpleUploadedFile("list.xlsx", target.getvalue())
    assert client_of("officer").post(f"{page}list/", {"file": upload}).status_code == 302
    assert PeopleList.objects.get().entries == ["1001", "1002", "ต. 3"]


def test_a_list_goes_when_the_survey_closes(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/"
    client_of("officer").post(f"{page}list/", {"text": "ก\nข"})
    assert PeopleList.objects.count() == 1
    without = client_of("assessor").post(f"{page}close/", {"reason": " "})
    assert without.status_code == 400
    assert client_of("assessor").post(f"{page}close/", {"reason": "น้ำท่วม"}).status_code == 302
    assert not PeopleList.objects.exists()
    survey.refresh_from_db()
    assert survey.state == SurveyState.CLOSING
    assert "น้ำท่วม" in sentence(Entry.objects.get(action="surveys.close_early"))


def test_service_points_are_added_and_renamed(cast: Cast, client_of: ClientOf) -> None:
    assessor = client_of("assessor")
    _, survey, page = lay(cast, "service-point")
    assessor.post(f"{page}setup/", settings(doors=["by_places"], heads="", basis="none"))
    unit = cast.units[0].pk
    assert assessor.post(f"{page}places/", {"name": "ช่อง 1", "unit": unit}).status_code == 302
    assert assessor.post(f"{page}places/", {"name": "ช่อง 1"}).status_code == 409
    token = Place.objects.get().token
    assert assessor.post(f"{page}places/", {"name": "ช่องทะเบียน", "place": token, "unit": unit}).status_code == 302
    assert Place.objects.get().name == "ช่องทะเบียน"
    assert assessor.post(f"{page}open/").status_code == 302
    assessor.post(f"{page}places/", {"name": "ช่อง 2"})
    assert Box.objects.filter(survey=survey, place__isnull=False).count() == 2
    poster = assessor.get(f"{page}print/poster-a4.pdf?place={token}")
    assert poster.content.startswith(b"%PDF")
    assert assessor.get(f"{page}print/poster-a4.pdf").status_code == 404  # it has no address but those of its counters


def test_the_agency_sees_counts_in_steps_and_never_answers_or_codes(cast: Cast, client_of: ClientOf) -> None:
    survey, codes = open_survey(cast)
    today = timezone.localdate()
    Survey.objects.update(opened_at=timezone.now() - dt.timedelta(days=3), required=30)
    Box.objects.update(filed=17)
    for before, filed in ((3, 6), (2, 7), (1, 3), (0, 1)):
        Day.objects.create(survey=survey, day=today - dt.timedelta(days=before), filed=filed)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/"
    for member in ("officer", "agency_admin", "chief", "admin"):
        shown = client_of(member).get(page).content.decode()
        assert '<p class="figure-big">13<span class="of"> / 30</span>' in shown, member
        assert ">3</td>" not in shown
        assert not any(code in shown for code in codes)
    shown = client_of("assessor").get(page).content.decode()
    assert '<p class="figure-big">17<span class="of"> / 30</span>' in shown
    Day.objects.all().delete()
    assert "น้อยกว่า 10" in client_of("officer").get(page).content.decode()


def test_posters_banner_and_reminder(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/"
    officer = client_of("officer")
    assert officer.get(f"{page}print/poster-a5.pdf").content.startswith(b"%PDF")
    banner = officer.get(f"{page}print/banner-728x90.svg")
    assert banner["Content-Type"] == "image/svg+xml"
    assert officer.get(f"{page}print/other.pdf").status_code == 404
    shown = officer.get(f"{page}reminder/").content.decode()
    assert "ไม่ทราบว่าใครตอบแล้ว" in shown
    before = Entry.objects.count()
    linked = officer.post(f"{page}reminder/", {"addresses": "a@example.test; b@example.test"}).content.decode()
    assert "mailto:?bcc=a%40example.test%2Cb%40example.test" in linked
    assert Entry.objects.count() == before
    wrong = officer.post(f"{page}reminder/", {"addresses": "a@example.test, nobody"})
    assert wrong.status_code == 400
    assert "nobody" in wrong.content.decode()


def test_every_page_of_a_survey_asks_little_of_the_database(
    cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    survey, _ = open_survey(cast)
    for number in range(30):
        place = Place.objects.create(survey=survey, name=f"ช่อง {number}")
        Box.objects.create(survey=survey, place=place)
    year = f"/agencies/muang/{survey.assessment.round.slug}/surveys/"
    one = f"{year}{survey.container}/"
    for member, page in (
        ("officer", year), ("officer", f"{one}list/"), ("officer", f"{one}reminder/"), ("officer", f"{one}preview/"),
        ("officer", f"{one}verify/"), ("assessor", f"{one}setup/"), ("assessor", f"{one}close/"),
    ):  # fmt: skip
        client = client_of(member)
        with django_assert_max_num_queries(20):  # type: ignore[attr-defined]
            assert client.get(page).status_code == 200, page


def test_the_preview_is_what_is_asked(cast: Cast, client_of: ClientOf) -> None:
    survey, _ = open_survey(cast)
    survey.refresh_from_db()
    form = form_of(survey)
    page = f"/agencies/muang/{survey.assessment.round.slug}/surveys/{survey.container}/preview/"
    shown = client_of("chief").get(page).content.decode()
    assert form.version in shown
    for question in form.questions:
        assert str(form.text(question.code)) in shown
