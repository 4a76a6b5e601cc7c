"""Approval: frozen bundles, the chain with its refusals, delegation, return, circulation and publication."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from bundles import acted, approved, submitted
from cast import Cast
from django.test import Client
from django.utils import timezone

from prongsai.site.approval.actions import Act, Submit
from prongsai.site.approval.chain import current_turn
from prongsai.site.approval.freeze import digest_of, render
from prongsai.site.approval.models import Bundle, BundleFile, BundleState, Rank, Turn, Verb
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.papers.letters import letter_of
from prongsai.site.papers.sources import Sources
from prongsai.site.people.models import Delegation, Person, Role, RoleKind
from prongsai.site.plans.models import Choice, Measure, Plan, PlanState
from prongsai.site.plans.states import changed
from prongsai.site.rounds.models import Extension, Stage, StageKind

Of = Callable[[str], Client]
PAGE = "/agencies/muang/2568/approval/"


def fresh(person: Person) -> Person:
    """The same person as a new request would load them."""
    return Person.objects.get(pk=person.pk)


def act(client: Client, bundle: Bundle, verb: str, text: str = "", **more: str) -> Any:
    turn = current_turn(Bundle.objects.get(pk=bundle.pk))
    data = {"digest": bundle.digest, "order": str(turn.order if turn else 0), "verb": verb, "text": text, **more}
    return client.post(f"/bundles/{bundle.pk}/act/", data)


def edit_plan() -> Plan:
    measure = Measure.objects.filter(choice=Choice.ACCEPTED).first()
    assert measure
    measure.title = "มาตรการที่แก้ไขใหม่ตามข้อสั่งการ"
    measure.save()
    plan = Plan.objects.select_related("assessment").get()
    changed(plan)
    return plan


def state() -> str:
    return Plan.objects.get().state


# --- submission


def test_submission_freezes_the_files(planned: Cast, client_of: Of) -> None:
    form = {"plan-memo_number": "นฐ 52001/7", "plan-digits": "thai"}
    answer = client_of("officer").post(f"{PAGE}plan/submit/", form)
    bundle = Bundle.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/bundles/{bundle.pk}/"
    assert (state(), bundle.state, bundle.memo_number, bundle.number) == ("submitted", "open", "นฐ 52001/7", 1)
    kinds = [(file.kind, file.file.kind) for file in bundle.files.select_related("file")]
    assert kinds[0] == ("brief", "html")  # the chief executive gets the one-page brief first
    assert {("memo", "docx"), ("memo", "pdf"), ("measures", "pdf"), ("analysis", "pdf"), ("plan", "json")} <= set(kinds)
    manifest = []
    for file in bundle.files.select_related("file"):
        data = file.file.read()
        assert hashlib.sha256(data).hexdigest() == file.file.sha256
        manifest.append((f"{file.order:02d} {file.file.name}", file.file.sha256))
    assert bundle.digest == digest_of("plan", 1, manifest)
    assert digest_of("plan", 1, manifest[1:]) != bundle.digest
    memo = BundleFile.objects.get(bundle=bundle, kind="memo", file__kind="docx")
    with_number = b"".join(_parts(memo.file.read())).decode()
    assert "นฐ ๕๒๐๐๑/๗" in with_number
    assert "นายกเทศมนตรี" in with_number
    text = sentence(Entry.objects.get(action="approval.submit"))
    assert bundle.digest in text
    assert "นางสมหญิง ตัวอย่าง เสนอมาตรการ ฉบับที่ 1" in text


def _parts(data: bytes) -> list[bytes]:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist() if name.endswith(".xml")]


def test_no_memo_number_is_invented(planned: Cast, client_of: Of) -> None:
    client_of("officer").post(f"{PAGE}plan/submit/", {"plan-digits": "thai"})
    bundle = Bundle.objects.get()
    assert (bundle.memo_number, bundle.memo_date) == ("", None)


def test_submission_is_refused_without_a_chain_before_and_after_the_window(planned: Cast) -> None:
    stage = Stage.objects.filter(round=planned.round, kind=StageKind.APPROVAL)
    today = timezone.localdate()
    stage.update(opens=today + dt.timedelta(days=1), closes=today + dt.timedelta(days=9))
    with pytest.raises(Refused, match="opens on"):
        submitted(planned)
    stage.update(opens=today - dt.timedelta(days=9), closes=today - dt.timedelta(days=1))
    with pytest.raises(Refused, match="deadline"):
        submitted(planned)
    extension = Extension.objects.create(stage=stage.get(), agency=planned.agency, closes=today, reason="น้ำท่วม")
    assert submitted(planned).state == BundleState.OPEN  # extended: it may
    extension.delete()
    stage.update(closes=today)
    Rank.objects.filter(act="decide").delete()
    with pytest.raises(Refused, match="no chain"):
        submitted(planned)


def test_an_empty_or_unchanged_plan_is_refused(planned: Cast) -> None:
    approved(planned)
    with pytest.raises(Refused, match="approved and has not been changed"):
        submitted(planned)
    changed(Plan.objects.select_related("assessment").get())
    Measure.objects.update(choice=Choice.DROPPED)
    with pytest.raises(Refused, match="no measure"):
        submitted(planned)


def test_an_edit_while_the_files_are_made_is_noticed(planned: Cast) -> None:
    rendered = render(Sources(planned.assessment), "plan", letter_of({}, planned.agency))
    changed(Plan.objects.select_related("assessment").get())
    with pytest.raises(Refused, match="changed while"):
        Submit(by=planned.officer, plan=Plan.objects.get(), what="plan", rendered=rendered).execute()
    assert Bundle.objects.count() == 0


# --- the chain


def test_all_the_way_up(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    assert act(client_of("head"), bundle, "support").status_code == 302
    assert act(client_of("palad"), bundle, "oppose", "งบประมาณยังไม่พอ").status_code == 302  # still goes up
    assert state() == "submitted"
    page = client_of("chief").get("/inbox/").content.decode()
    assert f"/bundles/{bundle.pk}/" in page
    page = client_of("chief").get(f"/bundles/{bundle.pk}/").content.decode()
    assert page.index("สรุปผลการประเมิน ITA") < page.index("ดำเนินการในฐานะ") < page.index("เอกสารที่เสนอ")
    assert "งบประมาณยังไม่พอ" in page
    assert act(client_of("chief"), bundle, "approve").status_code == 302
    bundle.refresh_from_db()
    planned.assessment.refresh_from_db()
    assert (state(), bundle.state) == ("approved", "approved")
    assert planned.assessment.approved_at == bundle.decided_at
    assert [turn.signed_as for turn in bundle.turns.all()][-1] == "นางบุญมี ตัวอย่าง นายกเทศมนตรี"
    said = [sentence(entry) for entry in Entry.objects.filter(action="approval.act").order_by("id")]
    assert said[1].startswith("นางประสิทธิ์ ตัวอย่าง ปลัดเทศบาล ไม่เห็นสมควรมาตรการ ฉบับที่ 1 งบประมาณยังไม่พอ")


def test_a_return_needs_a_reason_and_makes_the_plan_a_draft(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    answer = act(client_of("head"), bundle, "return", "   ")
    assert answer.status_code == 400
    assert "ต้องระบุเหตุผล" in answer.content.decode()
    assert state() == "submitted"
    assert act(client_of("head"), bundle, "return", "แก้ขั้นตอนที่ 2").status_code == 302
    bundle.refresh_from_db()
    assert (state(), bundle.state) == ("draft", "returned")
    assert "แก้ขั้นตอนที่ 2" in client_of("officer").get(f"/bundles/{bundle.pk}/").content.decode()


@pytest.mark.parametrize(("who", "verb"), [("head", "oppose"), ("chief", "refuse")])
def test_a_negative_act_without_reason_is_refused(planned: Cast, client_of: Of, who: str, verb: str) -> None:
    bundle = submitted(planned)
    if who == "chief":
        acted(acted(bundle, planned.head, Verb.SUPPORT), planned.palad, Verb.SUPPORT)
    assert act(client_of(who), bundle, verb).status_code == 400
    assert act(client_of(who), bundle, verb, "เพราะข้อมูลไม่ครบ").status_code == 302


def test_a_refusal_closes_the_bundle(planned: Cast) -> None:
    bundle = acted(acted(submitted(planned), planned.head, Verb.SUPPORT), planned.palad, Verb.SUPPORT)
    bundle = acted(bundle, planned.chief, Verb.REFUSE, "ไม่ตรงกับนโยบาย")
    assert (bundle.state, state()) == ("refused", "draft")


def test_approving_twice_is_refused(planned: Cast, client_of: Of) -> None:
    bundle = approved(planned)
    last = str(Turn.objects.filter(bundle=bundle).count())
    answer = act(client_of("chief"), bundle, "approve", order=last)
    assert answer.status_code == 409
    assert "พิจารณาซ้ำไม่ได้" in answer.content.decode()
    assert Entry.objects.filter(action="approval.act").count() == 3


def test_of_two_who_read_the_same_page_only_the_first_wins(planned: Cast) -> None:
    bundle = submitted(planned)
    first, second = Bundle.objects.get(pk=bundle.pk), Bundle.objects.get(pk=bundle.pk)
    Act(by=fresh(planned.head), bundle=first, digest=bundle.digest, order=1, verb=Verb.SUPPORT).execute()
    with pytest.raises(Refused, match="turn of"):
        Act(by=fresh(planned.head), bundle=second, digest=bundle.digest, order=1, verb=Verb.RETURN, text="x").execute()
    assert Turn.objects.get(bundle=bundle, order=1).verb == Verb.SUPPORT


def test_out_of_turn_is_refused(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    answer = act(client_of("chief"), bundle, "approve", order="3")
    assert answer.status_code == 409
    assert "ขณะนี้เป็นลำดับของหัวหน้าสำนักปลัดเทศบาล" in answer.content.decode()
    assert act(client_of("chief"), bundle, "support").status_code == 409  # not the chief's seat
    assert "อนุมัติ</button>" not in client_of("chief").get(f"/bundles/{bundle.pk}/").content.decode()


def test_an_act_that_the_rank_does_not_have_is_refused(planned: Cast, client_of: Of) -> None:
    assert act(client_of("head"), submitted(planned), "approve").status_code == 409


def test_ones_own_document_where_the_chain_forbids_it(planned: Cast, client_of: Of) -> None:
    role = Role.objects.get(person=planned.head)
    Role.objects.create(person=planned.officer, kind=RoleKind.APPROVER, agency=planned.agency, position=role.position)
    planned.officer = fresh(planned.officer)  # type: ignore[misc]
    bundle = submitted(planned)
    answer = act(client_of("officer"), bundle, "support")
    assert answer.status_code == 409
    assert "ท่านเป็นผู้เสนอเรื่องนี้" in answer.content.decode()
    assert "ไม่ให้ผู้เสนอพิจารณา" in client_of("officer").get(f"/bundles/{bundle.pk}/").content.decode()
    Turn.objects.filter(bundle=bundle, order=1).update(may_be_author=True)
    assert act(client_of("officer"), bundle, "support").status_code == 302


def test_after_the_deadline_unless_extended(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    stage = Stage.objects.get(round=planned.round, kind=StageKind.APPROVAL)
    stage.closes = timezone.localdate() - dt.timedelta(days=1)
    stage.save()
    answer = act(client_of("head"), bundle, "support")
    assert answer.status_code == 409
    assert "พ้นกำหนด" in answer.content.decode()
    Extension.objects.create(stage=stage, closes=timezone.localdate(), reason="ขยายเวลา")
    assert act(client_of("head"), bundle, "support").status_code == 302


def test_with_an_old_digest(planned: Cast, client_of: Of) -> None:
    old = submitted(planned)
    edit_plan()
    new = submitted(planned)
    answer = act(client_of("head"), old, "support", order="1")
    assert answer.status_code == 409
    assert "มีการเสนอฉบับใหม่แทนแล้ว" in answer.content.decode()
    assert act(client_of("head"), new, "support", digest=old.digest).status_code == 409
    assert act(client_of("head"), new, "support").status_code == 302
    old.refresh_from_db()
    assert (old.state, new.number) == ("superseded", 2)


def test_a_person_whose_role_ended(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    Role.objects.filter(person=planned.head).update(end=timezone.localdate() - dt.timedelta(days=1))
    assert act(client_of("head"), bundle, "support").status_code == 404  # sees nothing of the agency any more
    with pytest.raises(Refused, match="has ended"):
        acted(bundle, fresh(planned.head), Verb.SUPPORT)
    Role.objects.create(person=planned.head, kind=RoleKind.UNIT_OWNER, agency=planned.agency, unit=planned.units[0])
    answer = act(client_of("head"), bundle, "support")
    assert answer.status_code == 409
    assert "สิ้นสุดแล้ว" in answer.content.decode()


def test_a_successor_in_the_same_post_may_act(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    role = Role.objects.get(person=planned.head)
    role.end = timezone.localdate() - dt.timedelta(days=1)
    role.save()
    Role.objects.create(person=planned.stranger, kind=RoleKind.APPROVER, agency=planned.agency, position=role.position)
    assert act(client_of("stranger"), bundle, "support").status_code == 302


def test_delegation_for_a_period_and_how_it_is_signed(planned: Cast, client_of: Of) -> None:
    bundle = acted(submitted(planned), planned.head, Verb.SUPPORT)
    today, day = timezone.localdate(), dt.timedelta(days=1)
    loan = Delegation.objects.create(
        role=Role.objects.get(person=planned.palad), to=planned.head, start=today + day, end=today + 9 * day
    )
    assert act(client_of("head"), bundle, "support").status_code == 409  # not yet
    loan.start = today
    loan.save()
    assert "ลงนามเป็น: นางมานะ ตัวอย่าง หัวหน้าสำนักปลัดเทศบาล รักษาราชการแทน ปลัดเทศบาล" in (
        client_of("head").get(f"/bundles/{bundle.pk}/").content.decode()
    )
    assert act(client_of("head"), bundle, "support").status_code == 302
    turn = Turn.objects.get(bundle=bundle, order=2)
    assert turn.signed_as == "นางมานะ ตัวอย่าง หัวหน้าสำนักปลัดเทศบาล รักษาราชการแทน ปลัดเทศบาล"
    loan.revoked = True
    loan.save()
    assert not client_of("palad").get("/inbox/").content.decode().count(f"/bundles/{bundle.pk}/")


def test_an_acting_person_signs_with_own_post_and_acting_form(planned: Cast) -> None:
    planned.head.position = "นักจัดการงานทั่วไปชำนาญการ"
    planned.head.save()
    Role.objects.filter(person=planned.head).update(acting="รักษาราชการแทน")
    bundle = acted(submitted(planned), fresh(planned.head), Verb.SUPPORT)
    signed = bundle.turns.get(order=1).signed_as
    assert signed == "นางมานะ ตัวอย่าง นักจัดการงานทั่วไปชำนาญการ รักษาราชการแทน หัวหน้าสำนักปลัดเทศบาล"


def test_any_number_of_ranks(planned: Cast) -> None:
    Rank.objects.all().delete()
    Rank.objects.create(
        agency=planned.agency,
        order=1,
        position="นายกเทศมนตรี",
        role=Role.objects.get(person=planned.chief),
        act="decide",
    )
    assert acted(submitted(planned), planned.chief, Verb.APPROVE).state == "approved"


def test_an_edit_after_submission_shows_what_changed_and_needs_approval_anew(planned: Cast, client_of: Of) -> None:
    first = approved(planned)
    edit_plan()
    assert state() == "draft"
    assert "แก้ไขหลังอนุมัติ" in client_of("officer").get(f"/bundles/{first.pk}/").content.decode()
    second = submitted(planned)
    first.refresh_from_db()
    assert first.state == "approved"  # stays as history
    page = client_of("head").get(f"/bundles/{second.pk}/").content.decode()
    assert "สิ่งที่เปลี่ยนจากฉบับที่ 1" in page
    assert "<ins>มาตรการ: มาตรการที่แก้ไขใหม่ตามข้อสั่งการ</ins>" in page
    assert "<del>" in page


def test_a_decision_on_a_frozen_version_does_not_approve_a_later_edit(planned: Cast) -> None:
    bundle = acted(acted(submitted(planned), planned.head, Verb.SUPPORT), planned.palad, Verb.SUPPORT)
    edit_plan()
    assert acted(bundle, planned.chief, Verb.APPROVE).state == "approved"
    assert state() == "draft"


# --- reports, sheet, files


def test_reports_go_the_same_way(planned: Cast) -> None:
    with pytest.raises(Refused, match="no plan has been approved"):
        submitted(planned, "report_12")
    approved(planned)
    bundle = approved(planned, "report_12")
    kinds = {(file.kind, file.file.kind) for file in bundle.files.select_related("file")}
    assert {("progress", "pdf"), ("memo", "docx")} <= kinds
    planned.assessment.refresh_from_db()
    assert planned.assessment.reported_12_at is not None
    assert state() == "approved"


def test_the_sheet_is_made_from_the_turns_and_prints_the_digest(planned: Cast, client_of: Of) -> None:
    import pypdfium2

    bundle = acted(submitted(planned), planned.head, Verb.OPPOSE, "ควรเพิ่มตัวชี้วัด")
    officer = client_of("officer")
    answer = officer.get(f"/bundles/{bundle.pk}/sheet.pdf")
    with pypdfium2.PdfDocument(answer.content) as file:
        text = "".join(page.get_textpage().get_text_range() for page in file)
    squeezed = "".join(text.split())
    assert bundle.digest in squeezed
    assert "ไม่เห็นสมควรเนื่องจากควรเพิ่มตัวชี้วัด" in squeezed
    assert "นางมานะตัวอย่าง" in squeezed
    assert officer.get(f"/bundles/{bundle.pk}/sheet.pdf").content == answer.content
    assert officer.get(f"/bundles/{bundle.pk}/sheet.docx").content.startswith(b"PK")
    assert officer.get(f"/bundles/{bundle.pk}/sheet.exe").status_code == 404
    acted(bundle, planned.palad, Verb.SUPPORT)
    assert Bundle.objects.get().digest == bundle.digest  # opinions stand outside the hash


def test_frozen_files_are_served_as_they_are(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    for file in bundle.files.select_related("file"):
        answer = client_of("head").get(f"/bundle-files/{file.pk}/")
        assert answer.content == file.file.read()
        assert "script-src" not in answer["Content-Security-Policy"] or file.file.kind != "html"
        assert client_of("assessor").get(f"/bundle-files/{file.pk}/").status_code == 404


# --- circulation and publication


def test_circulation_acknowledgement_and_publication(planned: Cast, client_of: Of) -> None:
    officer, owner, assessor = client_of("officer"), client_of("unit_owner"), client_of("assessor")
    bundle = submitted(planned)
    page = f"/bundles/{bundle.pk}/"
    assert officer.post(f"{page}circulate/").status_code == 409  # not approved
    for name, verb in (("head", "support"), ("palad", "support"), ("chief", "approve")):
        act(client_of(name), bundle, verb)
    assert officer.post(f"{page}publish/").status_code == 409  # not circulated
    assert officer.post(f"{page}circulate/", {"text": "เพื่อทราบและถือปฏิบัติ"}).status_code == 302
    assert officer.post(f"{page}circulate/").status_code == 409  # twice
    shown = owner.get(page).content.decode()
    units = planned.agency.units.count()
    assert f"ยังไม่รับทราบ {units} ส่วนราชการ" in shown
    assert "กองคลัง" in owner.get("/inbox/").content.decode()
    circular = bundle.circular.pk
    own, other = planned.units[1].pk, planned.units[2].pk
    assert owner.post(f"/circulars/{circular}/acknowledge/", {"unit": str(other)}).status_code == 409
    assert owner.post(f"/circulars/{circular}/acknowledge/", {"unit": str(own)}).status_code == 302
    assert owner.post(f"/circulars/{circular}/acknowledge/", {"unit": str(own)}).status_code == 409
    shown = officer.get(page).content.decode()
    assert f"ยังไม่รับทราบ {units - 1} ส่วนราชการ" in shown
    assert "ยังไม่มีเอกสารที่เผยแพร่" in assessor.get("/agencies/muang/2568/published/").content.decode()
    assert officer.post(f"{page}publish/").status_code == 302
    assert state() == PlanState.PUBLISHED
    published = assessor.get("/agencies/muang/2568/published/").content.decode()
    assert "มาตรการส่งเสริมคุณธรรมและความโปร่งใส" in published
    assert "บันทึกข้อความ" not in published
    for file in bundle.files.all():
        status = assessor.get(f"/bundle-files/{file.pk}/").status_code
        assert status == (200 if file.kind in ("measures", "analysis") else 404), file.kind
    edit_plan()
    assert "ยังไม่มีเอกสารที่เผยแพร่" in assessor.get("/agencies/muang/2568/published/").content.decode()


# --- the chain's page


def chain_form(*ranks: tuple[str, str], **more: str) -> dict[str, str]:
    data = {"count": str(len(ranks)), **more}
    for number, (position, act_) in enumerate(ranks):
        data |= {f"r{number}-position": position, f"r{number}-act": act_, f"r{number}-order": str(number + 1)}
    return data


def test_the_chain_is_set_by_the_administrator(planned: Cast, client_of: Of) -> None:
    admin, page = client_of("agency_admin"), "/agencies/muang/chain/"
    ranks = [("ผู้อำนวยการกอง", "forward"), ("รองปลัด", "opine"), ("ปลัด", "opine"), ("นายก", "decide"), ("", "opine")]
    assert admin.post(page, chain_form(*ranks)).status_code == 302
    assert [rank.position for rank in Rank.objects.all()] == ["ผู้อำนวยการกอง", "รองปลัด", "ปลัด", "นายก"]
    said = sentence(Entry.objects.get(action="approval.set_chain"))
    assert "ผู้อำนวยการกอง → รองปลัด → ปลัด → นายก" in said
    assert client_of("officer").post(page, chain_form(*ranks)).status_code == 404
    wrong = admin.post(page, chain_form(("นายก", "decide"), ("ปลัด", "opine")))
    assert wrong.status_code == 400
    assert "ลำดับสุดท้ายต้องเป็นผู้พิจารณาอนุมัติ" in wrong.content.decode()
    assert admin.post(page, chain_form()).status_code == 400
    assert Rank.objects.count() == 4
    moved = chain_form(("นายก", "decide"), ("ปลัด", "opine"), ("ตัด", "opine"), **{"r2-DELETE": "on"})
    assert admin.post(page, {**moved, "r0-order": "๙"}).status_code == 302
    assert [rank.position for rank in Rank.objects.all()] == ["ปลัด", "นายก"]


def test_an_agency_without_a_chain_is_offered_the_usual_one(cast: Cast, client_of: Of) -> None:
    Rank.objects.all().delete()
    page = client_of("agency_admin").get("/agencies/muang/chain/").content.decode()
    assert 'value="หัวหน้าสำนักปลัดเทศบาล"' in page
    assert Rank.objects.count() == 0


def test_pages_take_few_queries(planned: Cast, client_of: Of, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        bundle = acted(submitted(planned), planned.head, Verb.SUPPORT)
        edit_plan()
    done = approved(planned)
    client_of("officer").post(f"/bundles/{done.pk}/circulate/")
    for who, address in (
        ("chief", "/inbox/"), ("chief", f"/bundles/{bundle.pk}/"), ("unit_owner", f"/bundles/{done.pk}/"),
        ("officer", PAGE), ("agency_admin", "/agencies/muang/chain/"), ("assessor", "/agencies/muang/2568/published/"),
    ):  # fmt: skip
        client = client_of(who)
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200
