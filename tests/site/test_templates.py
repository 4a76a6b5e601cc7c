"""An agency's own Word templates: taken in, tried, chosen, given up; attacks are refused with the reason."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.papers.models import Download, Template

PAGE = "/agencies/muang/templates/"
Of = Callable[[str], Client]


def word(*paragraphs: str) -> bytes:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "ตราของเรา {{agency}}"
    for text in paragraphs:
        file.add_paragraph(text)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, content)
    return out.getvalue()


GOOD = word("หัวเรื่องของเรา {{title}}", "{{body}}")


def bring(client: Client, data: bytes = GOOD, kind: str = "memo", name: str = "ours.docx") -> object:
    return client.post(PAGE, {"kind": kind, "file": SimpleUploadedFile(name, data)})


def memo(client: Client) -> str:
    answer = client.post("/agencies/muang/2568/documents/download/", {"kind": "memo", "form": "docx"})
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        return "".join(
            archive.read(n).decode() for n in archive.namelist() if n.startswith("word/") and n.endswith(".xml")
        )


def test_a_template_is_used_and_one_can_go_back(planned: Cast, client_of: Of) -> None:
    admin, officer = client_of("agency_admin"), client_of("officer")
    assert "ตราของเรา" not in memo(officer)
    assert bring(admin).status_code == 302  # type: ignore[attr-defined]
    assert "ตราของเรา" in memo(officer)
    assert Download.objects.order_by("pk").last().template.version == 1  # type: ignore[union-attr]
    assert bring(admin, word("ฉบับสอง {{title}}", "{{body}}")).status_code == 302  # type: ignore[attr-defined]
    assert "ฉบับสอง" in memo(officer)
    first = Template.objects.get(version=1)
    assert admin.post(f"/templates/{first.pk}/use/", {"active": "yes"}).status_code == 302
    assert "หัวเรื่องของเรา" in memo(officer)
    assert Template.objects.filter(active=True).count() == 1
    assert admin.post(f"/templates/{first.pk}/use/", {"active": "no"}).status_code == 302
    assert "ตราของเรา" not in memo(officer)
    said = [
        sentence(entry) for entry in Entry.objects.filter(action__startswith="papers.", subject__startswith="papers")
    ]
    assert any("เลิกใช้แม่แบบบันทึกข้อความเสนอผู้บริหาร ฉบับที่ 1" in text for text in said)
    page = officer.get(PAGE).content.decode()
    assert "ours.docx" in page
    assert "ตรวจและนำเข้า" not in page  # the officer may see, not change


def test_a_template_for_all_kinds_stands_behind_one_of_the_kind(planned: Cast, client_of: Of) -> None:
    admin = client_of("agency_admin")
    bring(admin, word("ทุกชนิด {{title}}", "{{body}}"), kind="")
    assert "ทุกชนิด" in memo(client_of("officer"))
    bring(admin, word("เฉพาะบันทึก", "{{body}}"))
    assert "เฉพาะบันทึก" in memo(client_of("officer"))


ATTACKS = {
    "macro": (with_part(GOOD, "word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "มีมาโคร"),
    "object": (with_part(GOOD, "word/embeddings/oleObject1.bin", b"x"), "มีมาโคร วัตถุฝัง"),
    "expression": (word("{{ ''.__class__.__mro__ }}", "{{body}}"), "ไม่อนุญาตนิพจน์"),
    "loop": (word("{% for x in range(9) %}", "{{body}}"), "ไม่อนุญาตนิพจน์"),
    "unknown slot": (word("{{secret_key}}", "{{body}}"), "ไม่รู้จักช่อง"),
    "slot of another kind": (word("{{year}}", "{{body}}"), "ไม่รู้จักช่อง"),
    "entity": (with_part(GOOD, "word/extra.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
               "DOCTYPE"),
    "not word": (b"%PDF-1.7 hello", "หน้านี้รับเฉพาะ DOCX"),
    "empty": (b"", "ว่าง"),
}  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_refused_with_the_reason(planned: Cast, client_of: Of, attack: str) -> None:
    data, reason = ATTACKS[attack]
    answer = bring(client_of("agency_admin"), data)
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert reason in page
    assert Template.objects.count() == 0


def test_the_same_file_without_the_attack_is_taken(planned: Cast, client_of: Of) -> None:
    """The positive control: what the attacks were built on is fine by itself."""
    assert bring(client_of("agency_admin"), with_part(GOOD, "word/extra.xml", b"<x/>")).status_code == 302  # type: ignore[attr-defined]
    assert bring(client_of("agency_admin"), word("{{year}}", "{{body}}"), kind="progress").status_code == 302  # type: ignore[attr-defined]


def test_an_officer_cannot_bring_in_a_template(planned: Cast, client_of: Of) -> None:
    assert bring(client_of("officer")).status_code == 404  # type: ignore[attr-defined]
