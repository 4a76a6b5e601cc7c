"""The other two ways to finish: a paper that was signed and scanned, and a digitally signed PDF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bundles import submitted
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from signers import PNG, redrawn, signer

from prongsai.errors import InputError
from prongsai.site.approval import views
from prongsai.site.approval.models import Bundle, BundleFile, Signature
from prongsai.site.approval.signed_pdf import examine
from prongsai.site.env import environment
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.plans.models import Plan
from prongsai.site.rounds.models import Stage, StageKind
from prongsai.thai.fiscal_year import BE_OFFSET

Of = Callable[[str], Client]


def memo(bundle: Bundle) -> bytes:
    return BundleFile.objects.get(bundle=bundle, kind="memo", file__kind="pdf").file.read()


def bring(client: Client, bundle: Bundle, data: bytes, name: str = "signed.pdf", **more: str) -> Any:
    day = timezone.localdate()
    form = {
        "digest": bundle.digest, "method": "pades", "verb": "approve", "signed_as": "นายบุญมี ตัวอย่าง นายกเทศมนตรี",
        "signed_on_day": str(day.day), "signed_on_month": str(day.month), "signed_on_year": str(day.year + BE_OFFSET),
        "file": SimpleUploadedFile(name, data), **more,
    }  # fmt: skip
    return client.post(f"/bundles/{bundle.pk}/signed/", form)


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | None], None]:
    """Sets the root certificates that the administrator trusts."""

    def use(pem: bytes | None) -> None:
        path = tmp_path / "roots.pem"
        path.write_bytes(pem or b"")
        known = environment().model_copy(update={"signing_roots": path if pem else None})
        monkeypatch.setattr(views, "environment", lambda: known)

    return use


# --- digital


@pytest.mark.parametrize(
    ("trusted", "state", "words"),
    [
        ("own", "valid", "ยืนยันตัวผู้ลงนามได้ตามใบรับรองที่ผู้ดูแลระบบกำหนด"),
        ("other", "intact", "ลายมือชื่อสมบูรณ์ แต่ยังไม่ยืนยันตัวผู้ลงนาม"),
        ("none", "intact", "ลายมือชื่อสมบูรณ์ แต่ยังไม่ยืนยันตัวผู้ลงนาม"),
    ],
)
def test_a_signed_pdf_closes_the_bundle(
    planned: Cast, client_of: Of, roots: Callable[[bytes | None], None], trusted: str, state: str, words: str
) -> None:
    pem = {"own": signer().root_pem, "other": signer("ใครอื่น", "Another Root").root_pem, "none": None}
    roots(pem[trusted])
    bundle = submitted(planned)
    assert bring(client_of("officer"), bundle, signer().sign(memo(bundle))).status_code == 302
    bundle.refresh_from_db()
    found = Signature.objects.get()
    assert (bundle.state, Plan.objects.get().state) == ("approved", "approved")
    assert found.verdict["state"] == state
    assert found.verdict["signers"][0]["name"] == "นายบุญมี ตัวอย่าง"
    page = client_of("chief").get(f"/bundles/{bundle.pk}/").content.decode()
    assert words in page
    assert "ตามฉบับลงนาม" in page
    said = sentence(Entry.objects.get(action="approval.paper"))
    assert "นำเข้าฉบับลงนาม (ลายมือชื่อดิจิทัล): นายบุญมี ตัวอย่าง นายกเทศมนตรี อนุมัติมาตรการ" in said


def test_two_signatures_one_after_the_other(
    planned: Cast, client_of: Of, roots: Callable[[bytes | None], None]
) -> None:
    roots(signer().root_pem)
    bundle = submitted(planned)
    once = signer().sign(memo(bundle))
    twice = signer().sign(once, "Signature2", (300, 50, 500, 120))
    assert bring(client_of("officer"), bundle, twice).status_code == 302
    assert len(Signature.objects.get().verdict["signers"]) == 2


def altered(pdf: bytes) -> bytes:
    """One byte of what was signed is another."""
    place = pdf.rindex(b"/Rect") + len(b"/Rect [ ")
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


CHANGED, OTHER = "เนื้อหาถูกแก้ไขก่อนหรือหลังลงนาม", "ไม่ได้ลงนามบน PDF ของฉบับที่เสนอ"
REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "altered in the frozen part": (lambda pdf: (s := signer().sign(pdf))[:300] + b"X" + s[301:], OTHER),
    "altered after the frozen part": (lambda pdf: altered(signer().sign(pdf)), CHANGED),
    "redrawn, then signed": (lambda pdf: signer().sign(redrawn(pdf)), CHANGED),
    "signed, then redrawn": (lambda pdf: redrawn(signer().sign(pdf)), CHANGED),
    "covered by the signature's own picture": (lambda pdf: signer().sign(pdf, box=(0, 0, 595, 841)), CHANGED),
    "redrawn and not signed": (redrawn, "ไม่พบลายมือชื่อดิจิทัล"),
    "not signed": (lambda pdf: pdf, OTHER),
    "cut off": (lambda pdf: signer().sign(pdf)[:-400], ""),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_pdf_that_is_not_what_was_proposed_is_refused(planned: Cast, client_of: Of, case: str) -> None:
    change, words = REFUSED[case]
    bundle = submitted(planned)
    answer = bring(client_of("officer"), bundle, change(memo(bundle)))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    bundle.refresh_from_db()
    assert bundle.state == "open"
    assert Signature.objects.count() == 0


def test_the_signature_of_another_file_is_refused(planned: Cast, client_of: Of) -> None:
    old = submitted(planned)
    other = signer().sign(memo(old))
    Plan.objects.update(revision=9)
    form = {"plan-memo_number": "นฐ 52001/99", "plan-digits": "thai"}
    assert client_of("officer").post("/agencies/muang/2568/approval/plan/submit/", form).status_code == 302
    new = Bundle.objects.get(number=2)
    answer = bring(client_of("officer"), new, other)
    assert answer.status_code == 400
    assert "ไม่ได้ลงนามบน PDF ของฉบับที่เสนอ" in answer.content.decode()


def test_a_certificate_of_ones_own_making_is_not_valid(planned: Cast, tmp_path: Path) -> None:
    """A root with the same name as a trusted one, but another key, proves nothing."""
    from prongsai.documents.tree import Document, Paragraph, Section
    from prongsai.documents.writers import write

    pdf = write(Document("ทดสอบ", (Section((Paragraph("ข้อความ"),)),)), "pdf")
    trusted, forged = signer(), signer.__wrapped__()
    path = tmp_path / "roots.pem"
    path.write_bytes(trusted.root_pem)
    assert examine(trusted.sign(pdf), [("a", pdf)], path)["state"] == "valid"
    assert examine(forged.sign(pdf), [("a", pdf)], path)["state"] == "intact"
    with pytest.raises(InputError):
        examine(forged.sign(pdf), [("b", pdf[:-20] + b"x" * 20)], path)


# --- paper


def test_a_scan_is_recorded_as_on_paper_by_whoever_brought_it(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    assert bring(client_of("officer"), bundle, PNG, "scan.png", method="scan").status_code == 302
    bundle.refresh_from_db()
    found = Signature.objects.get()
    assert (bundle.state, found.method, found.by) == ("approved", "scan", planned.officer)
    turn = bundle.turns.order_by("order").last()
    assert turn is not None
    assert (turn.verb, turn.person, turn.signature) == ("approve", None, found)
    assert "ลงนามบนกระดาษแล้วสแกน" in sentence(Entry.objects.get(action="approval.paper"))
    sheet = client_of("officer").get(f"/bundles/{bundle.pk}/sheet.docx")
    assert sheet.status_code == 200
    assert bring(client_of("officer"), bundle, PNG, "scan.png", method="scan").status_code == 409  # twice


def test_a_paper_may_refuse_or_return_with_its_reason(planned: Cast, client_of: Of) -> None:
    bundle = submitted(planned)
    officer = client_of("officer")
    answer = bring(officer, bundle, PNG, "scan.png", method="scan", verb="return")
    assert answer.status_code == 400
    assert "ต้องระบุเหตุผล" in answer.content.decode()
    answer = bring(officer, bundle, PNG, "scan.png", method="scan", verb="return", text="แก้ไขวันที่")
    assert answer.status_code == 302
    assert Plan.objects.get().state == "draft"


@pytest.mark.parametrize(("days", "status"), [(-1, 400), (1, 400), (0, 302)])
def test_the_day_of_signing(planned: Cast, client_of: Of, days: int, status: int) -> None:
    bundle = submitted(planned)
    day = timezone.localdate() + dt.timedelta(days=days)
    typed = {"signed_on_day": str(day.day), "signed_on_month": str(day.month), "signed_on_year": str(day.year + 543)}
    assert bring(client_of("officer"), bundle, PNG, "scan.png", method="scan", **typed).status_code == status


def test_signed_in_time_and_brought_in_late(planned: Cast, client_of: Of) -> None:
    """The paper's date counts; a digital signature's clock is the signer's own, so there today counts."""
    today = timezone.localdate()
    bundle = submitted(planned)
    Bundle.objects.update(at=timezone.now() - dt.timedelta(days=3))
    closes = today - dt.timedelta(days=1)
    Stage.objects.filter(round=planned.round, kind=StageKind.APPROVAL).update(closes=closes)
    officer = client_of("officer")
    assert bring(officer, bundle, PNG, "scan.png", method="scan").status_code == 409
    typed = {
        "signed_on_day": str(closes.day),
        "signed_on_month": str(closes.month),
        "signed_on_year": str(closes.year + 543),
    }
    assert bring(officer, bundle, signer().sign(memo(bundle)), **typed).status_code == 409
    assert bring(officer, bundle, PNG, "scan.png", method="scan", **typed).status_code == 302


@pytest.mark.parametrize(
    ("data", "name", "method", "words"),
    [
        (b"<svg onload=alert(1)>", "scan.png", "scan", "ชนิดที่ไม่รู้จัก"),
        (PNG, "scan.pdf", "pades", "หน้านี้รับเฉพาะ PDF"),
        (b"", "scan.png", "scan", "ว่าง"),
    ],
)
def test_a_wrong_file_is_refused(planned: Cast, client_of: Of, data: bytes, name: str, method: str, words: str) -> None:
    answer = bring(client_of("officer"), submitted(planned), data, name, method=method)
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_only_the_officer_brings_in_a_signed_file_and_only_for_the_newest(planned: Cast, client_of: Of) -> None:
    old = submitted(planned)
    for member in ("head", "chief", "unit_owner", "supervisor", "other_officer"):
        assert bring(client_of(member), old, PNG, "scan.png", method="scan").status_code == 404
    submitted(planned)
    answer = bring(client_of("officer"), old, PNG, "scan.png", method="scan")
    assert answer.status_code == 409
    assert "มีการเสนอฉบับใหม่แทนแล้ว" in answer.content.decode()
