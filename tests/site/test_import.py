"""Bringing in results: a dry run that changes nothing, then all or nothing; undo; and files that cannot be used."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cast import Cast
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prongsai.framework import for_year
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.results import from_yaml, load_results
from prongsai.scoring.score import score
from prongsai.scoring.template import write_template
from prongsai.simulation import Spec, simulate
from prongsai.site.history.action import Refused
from prongsai.site.history.models import Entry
from prongsai.site.history.sentences import sentence
from prongsai.site.results.actions import AcceptImport
from prongsai.site.results.models import Import, Result
from prongsai.site.results.sheet import current_sheet
from prongsai.site.results.stored import data_of, plain, sheet_of_data
from prongsai.site.rounds.models import Assessment, Round
from prongsai.yaml_file import dump, parse, read

ClientOf = Callable[[str], Client]
ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*/results.yaml"))
ADDRESS = "/agencies/muang/2568/import/"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108020000009077"
    "53de0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)
REPORT = """รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)
{agency} จังหวัดนครปฐม
ประจำปีงบประมาณ พ.ศ. {year}

คะแนนรวม 92.89 คะแนน อยู่ในระดับ ผ่าน
ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ 99.42 คะแนน
ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ 90.75 คะแนน
ข้อ i1 99.42 คะแนน

สรุป ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ ได้ 90.57 คะแนน
"""


def report(agency: str = "เทศบาลเมืองตัวอย่าง", year: str = "2568") -> bytes:
    return REPORT.format(agency=agency, year=year).encode()


def results(name: str = "เทศบาลเมืองตัวอย่าง", year: int = 2568, **scores: Any) -> bytes:
    given = {"items": {"i1": Decimal("90.10"), "i2": 80}, **scores}
    return dump({"agency": {"name": name}, "fiscal_year": year, "scores": given}).encode()


def form(year: int = 2568, agency: str = "เทศบาลเมืองตัวอย่าง", **items: float) -> bytes:
    values: dict[tuple[str, ...], object] = {("scores", "items", code): value for code, value in items.items()}
    return write_template(for_year(year), agency, values)


def send(client: Client, name: str, data: bytes) -> Any:
    return client.post(ADDRESS, {"file": SimpleUploadedFile(name, data)})


def tried(client: Client, name: str, data: bytes) -> tuple[str, str]:
    """Address and page of the dry run."""
    answer = send(client, name, data)
    assert answer.status_code == 302, refusal(answer)
    return answer["Location"], client.get(answer["Location"]).content.decode()


def refusal(answer: Any) -> str:
    assert answer.status_code == 400
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def nothing_changed() -> bool:
    return not Import.objects.exists() and not Result.objects.exists() and not Entry.objects.exists()


def test_template_dry_run_and_acceptance(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    given = client.get(f"{ADDRESS}template.xlsx")
    assert given.status_code == 200
    assert given.content[:2] == b"PK"
    where, page = tried(client, "ผล.xlsx", form(i1=90.1, i2=80, o1=100))
    assert "ข้อ i1" in page
    assert "90.10" in page
    assert "แบบกรอกข้อมูล XLSX" in page
    assert not Result.objects.exists()
    cast.assessment.refresh_from_db()
    assert cast.assessment.results_at is None
    assert client.post(where, {"do": "accept", "base": "0"})["Location"] == "/agencies/muang/2568/results/"
    made = Result.objects.get()
    assert (made.revision, made.source, made.by) == (1, "template", cast.officer)
    assert made.data["scores"]["items"]["i1"] == "90.1"
    assert made.file
    assert made.file.kind == "xlsx"
    assert len(made.file.sha256) == 64
    assert made.file.read()[:2] == b"PK"
    said = sentence(Entry.objects.get(action="results.accept_import"))
    assert "ฉบับที่ 1" in said
    assert "ผล.xlsx" in said
    assert made.file.sha256[:12] in said
    assert client.post(where, {"do": "accept", "base": "1"}).status_code == 409  # once only


def test_the_template_is_prefilled(cast: Cast, client_of: ClientOf, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(client_of("officer").get(f"{ADDRESS}template.xlsx").content)
    found = load_results(path)
    assert (found.agency.name, found.agency.province, found.agency.staff) == ("เทศบาลเมืองตัวอย่าง", "นครปฐม", 120)
    assert found.fiscal_year == 2568


def test_columns_of_the_list_follow_the_newest_revision_and_undo(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    first = {"overall": Decimal("92.89"), "level": "ผ่าน", "instruments": {"IIT": Decimal("99.1"), "EIT": 99, "OIT": 88}}
    where, _ = tried(client, "a.yaml", results(**first))
    client.post(where, {"do": "accept", "base": "0"})
    cast.assessment.refresh_from_db()
    found = cast.assessment
    assert (found.overall, found.iit, found.eit, found.oit) == (
        Decimal("92.89"), Decimal("99.10"), Decimal("99.00"), Decimal("88.00"),
    )  # fmt: skip
    assert found.level == "ผ่าน"
    when = found.results_at
    where, page = tried(client, "b.yaml", results(overall=Decimal("60.5"), instruments={"IIT": 70}))
    assert re.search(r"92\.89 → <strong>60\.50", page)
    assert "ที่เคยมีแต่ไม่มีในไฟล์นี้" in page
    client.post(where, {"do": "accept", "base": "1"})
    cast.assessment.refresh_from_db()
    assert (cast.assessment.overall, cast.assessment.eit, cast.assessment.results_at) == (Decimal("60.50"), None, when)
    assert client.post(f"{ADDRESS}restore/1/").status_code == 302
    cast.assessment.refresh_from_db()
    assert cast.assessment.overall == Decimal("92.89")
    newest = Result.objects.first()
    assert newest
    assert newest.revision == 3
    assert newest.data == Result.objects.get(revision=1).data
    assert "ย้อนกลับไปใช้ผลฉบับที่ 1 เป็นฉบับที่ 3" in sentence(Entry.objects.get(action="results.restore"))
    page = client.get(ADDRESS).content.decode()
    assert page.count("SHA-256") == 3
    assert "a.yaml" in page
    assert "b.yaml" in page
    assert client.post(f"{ADDRESS}restore/3/").status_code == 409
    assert client.post(f"{ADDRESS}restore/9/").status_code == 404


def test_dropping_changes_nothing(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    where, _ = tried(client, "a.yaml", results())
    assert client.post(where, {"do": "drop"})["Location"] == ADDRESS
    assert Import.objects.get().state == "dropped"
    assert not Result.objects.exists()
    assert client.post(where, {"do": "accept", "base": "0"}).status_code == 409
    assert "ยกเลิกแล้ว" in client.get(where).content.decode()


def test_a_preview_that_is_stale_is_not_accepted(cast: Cast, client_of: ClientOf) -> None:
    one, two = client_of("officer"), client_of("assessor")
    where, _ = tried(one, "a.yaml", results())
    other, _ = tried(two, "b.yaml", results(overall=80))
    assert two.post(other, {"do": "accept", "base": "0"}).status_code == 302
    answer = one.post(where, {"do": "accept", "base": "0"})
    assert answer.status_code == 409
    assert "หลังจากที่ท่านเปิดดูตัวอย่าง" in answer.content.decode()
    assert Result.objects.count() == 1
    assert one.post(where, {"do": "accept", "base": "1"}).status_code == 302  # after looking again
    assert one.post(where, {"do": "accept", "base": "x"}).status_code == 409


# --- reports


def test_a_report_with_two_values_has_to_be_decided(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    where, page = tried(client, "รายงาน.txt", report())
    assert "ค่าที่ต้องเลือก 1 รายการ" in page
    assert "90.75" in page
    assert "90.57" in page
    assert "ข้อสังเกตจากการตรวจรายงาน" in page
    answer = client.post(where, {"do": "accept", "base": "0"})
    assert answer.status_code == 409
    assert "ยังไม่ได้เลือก 1 รายการ: 4" in answer.content.decode()
    looked = client.post(where, {"do": "look", "base": "0", "choose:4": "90.57"})
    assert looked.status_code == 200
    assert not Result.objects.exists()
    assert client.post(where, {"do": "accept", "base": "0", "choose:4": "12.34"}).status_code == 409  # not offered
    assert client.post(where, {"do": "accept", "base": "0", "choose:4": "90.57"}).status_code == 302
    made = Result.objects.get()
    assert made.source == "report"
    assert made.data["scores"]["indicators"]["4"] == "90.57"
    assert made.data["printed"]["4"] == ["90.75", "90.57"]
    assert any("4: ใช้ 90.57" in note for note in made.data["notes"])
    assert made.findings
    assert {"severity", "message_th", "where", "nodes"} <= set(made.findings[0])


def test_repairs_are_offered_with_evidence_and_never_applied(cast: Cast, client_of: ClientOf) -> None:
    """Three item scores that make the indicator's 90.75, one of them with a confused digit."""
    items = [item.code for ind in for_year(2568).instruments[0].indicators if ind.number == "1" for item in ind.items]
    values = ["90.00", "80.00", "85.00", "88.00", "92.00", "95.00"][: len(items)]
    mean = sum(Decimal(v) for v in values) / len(values)
    lines = [f"ข้อ {code} {value} คะแนน" for code, value in zip(items, values, strict=True)]
    lines[0] = lines[0].replace("90.00", "60.00")
    text = f"""รายงานผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)
เทศบาลเมืองตัวอย่าง
ประจำปีงบประมาณ พ.ศ. 2568

ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ {mean:.2f} คะแนน
""" + "\n".join(lines)
    client = client_of("officer")
    where, page = tried(client, "r.txt", text.encode())
    assert "ข้อเสนอซ่อม" in page
    attempt = Import.objects.get()
    choice = attempt.reading["choices"][items[0]]
    assert choice["default"] == "60.00"  # as printed, until somebody decides
    assert [o["value"] for o in choice["options"] if o["kind"] == "repair"]
    assert any(o["evidence"] for o in choice["options"])
    assert attempt.data["scores"]["items"][items[0]] == "60.00"
    repaired = next(o["value"] for o in choice["options"] if o["kind"] == "repair")
    client.post(where, {"do": "accept", "base": "0", f"choose:{items[0]}": repaired})
    made = Result.objects.get()
    assert made.data["scores"]["items"][items[0]] == repaired
    assert made.data["printed"][items[0]] == ["60.00"]
    assert any("แทนที่พิมพ์ว่า 60.00" in note for note in made.data["notes"])


@pytest.mark.parametrize("suffix", ["html", "txt"])
def test_reports_of_other_formats(suffix: str, cast: Cast, client_of: ClientOf) -> None:
    text = report()
    if suffix == "html":
        body = "".join(f"<p>{line}</p>" for line in text.decode().splitlines())
        text = f"<!doctype html><html><body>{body}<script>alert(1)</script></body></html>".encode()
    _, page = tried(client_of("officer"), f"r.{suffix}", text)
    assert "92.89" in page
    assert "alert(1)" not in page


def test_a_table_of_several_agencies_gives_the_right_one(cast: Cast, client_of: ClientOf) -> None:
    def table(*names: str) -> bytes:
        rows = "".join(f"<tr><td>{n}</td><td>{name}</td><td>9{n}.25</td></tr>" for n, name in enumerate(names, start=1))
        head = "<tr><th>ที่</th><th>หน่วยงาน</th><th>คะแนนรวม</th></tr>"
        title = "<h1>ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2568</h1>"
        return f"<!doctype html><html><body>{title}<table>{head}{rows}</table></body></html>".encode()

    client = client_of("officer")
    said = refusal(send(client, "t.html", table("เทศบาลตำบลหนึ่ง", "เทศบาลตำบลสอง", "เทศบาลตำบลสาม")))
    assert "เทศบาลตำบลหนึ่ง" in said
    assert "เทศบาลเมืองตัวอย่าง" in said
    assert nothing_changed()
    _where, page = tried(client, "t.html", table("เทศบาลตำบลหนึ่ง", "เทศบาลเมืองตัวอย่าง", "เทศบาลตำบลสาม"))
    assert "92.25" in page
    assert "91.25" not in page


def test_a_similar_name_is_said_and_the_registry_s_is_kept(cast: Cast, client_of: ClientOf) -> None:
    type(cast.agency).objects.filter(pk=cast.agency.pk).update(name="เทศบาลเมืองหนองบัวใต้สามัคคี")
    client = client_of("officer")
    where, page = tried(client, "a.yaml", results("เทศบาลเมืองหนองบัวใต้สามัคดี"))
    assert "เทศบาลเมืองหนองบัวใต้สามัคดี" in page
    assert "คล้ายกันแต่ไม่เหมือนกัน" in page
    client.post(where, {"do": "accept", "base": "0"})
    assert Result.objects.get().data["agency"]["name"] == "เทศบาลเมืองหนองบัวใต้สามัคคี"


# --- files that cannot be used


def with_formula() -> bytes:
    """The form of this year with a formula in one cell."""
    source, out = zipfile.ZipFile(io.BytesIO(form(i1=90.0))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet2.xml":
                match = re.search(rb'<c r="(C\d+)"( s="\d+")><v>90</v></c>', content)
                assert match
                new = b'<c r="%s"%s><f>AVERAGE(1,2)</f><v>90</v></c>' % (match.group(1), match.group(2))
                content = content.replace(match.group(), new)
            target.writestr(name, content)
    return out.getvalue()


def locked_pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
BAD: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "wrong agency": (
        "a.yaml", results("เทศบาลตำบลบางปลา"), ("“เทศบาลตำบลบางปลา”", "“เทศบาลเมืองตัวอย่าง จังหวัดนครปฐม”"),
    ),
    "wrong agency, template": ("a.xlsx", form(agency="ทต.บางปลา", i1=90), ("ทต.บางปลา", "เทศบาลเมืองตัวอย่าง")),
    "wrong agency, report": ("a.txt", report("เทศบาลเมืองพิษณุโลก"), ("เทศบาลเมืองพิษณุโลก", "เทศบาลเมืองตัวอย่าง")),
    "last year's template": ("a.xlsx", form(2567, i1=90), ("พ.ศ. 2567", "พ.ศ. 2568")),
    "last year's results": ("a.yaml", results(year=2567), ("พ.ศ. 2567", "พ.ศ. 2568")),
    "last year's report": ("a.txt", report(year="2567"), ("พ.ศ. 2567", "พ.ศ. 2568")),
    "empty template": ("a.xlsx", form(), ("ไม่พบคะแนน",)),
    "formula": ("a.xlsx", with_formula(), ("เป็นสูตร โปรดวางเป็นค่า", "ช่อง C")),
    "image with a script": ("a.xlsx", PNG + b"<script>alert(1)</script>", ("หน้านี้รับเฉพาะ",)),
    "svg": ("a.svg", SVG, ("หน้านี้รับเฉพาะ",)),
    "svg as xlsx": ("a.xlsx", SVG, ("หน้านี้รับเฉพาะ",)),
    "svg as html": ("a.html", SVG, ("หน้านี้รับเฉพาะ",)),
    "html as xlsx": ("a.xlsx", b"<!doctype html><html><script>1</script></html>", ("หน้านี้รับเฉพาะ",)),
    "zip as xlsx": ("a.xlsx", b"PK\x03\x04 broken", ("หน้านี้รับเฉพาะ",)),
    "encrypted pdf": ("a.pdf", locked_pdf(), ("PDF มีรหัสผ่าน",)),
    "broken pdf": ("a.pdf", b"%PDF-1.7 nothing", ("a.pdf",)),
    "another scheme": (
        "a.txt",
        "การประเมินคุณธรรมและความโปร่งใส MITAS\nEB 1 EB 2 EB 3 MOIT 1 MOIT 2 MOIT 3 คะแนน 90".encode(),
        ("กระทรวงสาธารณสุข",),
    ),
    "sheets, absolute": ("a.yaml", results() + b"sheets: {IIT: /etc/passwd}\n", ("sheets",)),
    "sheets, above": ("a.yaml", results() + b"sheets: {IIT: ../../secret.csv}\n", ("sheets",)),
    "no score": ("a.txt", "บันทึกการประชุม ไม่มีตัวเลขใด".encode(), ("ไม่พบคะแนน",)),
    "no score, yaml": ("a.yaml", results(items={}), ("ไม่พบคะแนน",)),
    "unknown item": ("a.yaml", results(items={"i99": 1}), ("i99",)),
    "score above 100": ("a.yaml", results(overall=120), ("a.yaml:", "overall")),
    "aliases": ("a.yaml", b"a: &a [1]\nb: *a\n", ("a.yaml",)),
    "empty": ("a.yaml", b"", ("ว่างเปล่า",)),
    "a list": ("a.json", b"[1, 2]", ("ไฟล์ผลต้องเป็นรายการคีย์และค่า",)),
    "binary": ("a.txt", b"\x00\x01\x02", ("หน้านี้รับเฉพาะ",)),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_used_says_why_and_changes_nothing(case: str, cast: Cast, client_of: ClientOf) -> None:
    name, data, words = BAD[case]
    answer = send(client_of("officer"), name, data)
    said = refusal(answer)
    for word in words:
        assert word in said, said
    assert nothing_changed()


def test_errors_name_every_cell(cast: Cast, client_of: ClientOf) -> None:
    said = refusal(send(client_of("officer"), "ผล.xlsx", form(i1=900.0, i2=-1.0)))
    assert len(re.findall(r"ผล\.xlsx แผ่น (?:\"|&quot;)คะแนน(?:\"|&quot;) ช่อง C\d+", said)) == 2


@override_settings(UPLOAD_LIMIT=20 * 1024 * 1024)
def test_a_file_of_100_mb(cast: Cast, client_of: ClientOf) -> None:
    said = refusal(send(client_of("officer"), "big.pdf", b"%PDF-" + b"0" * (100 * 1024 * 1024)))
    assert "100 เมกะไบต์" in said
    assert "20 เมกะไบต์" in said
    assert nothing_changed()


def test_no_file_at_all(cast: Cast, client_of: ClientOf) -> None:
    assert "โปรดกรอกช่องนี้" in refusal(client_of("officer").post(ADDRESS, {}))
    assert nothing_changed()


def test_a_closed_round_takes_nothing(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    where, _ = tried(client, "a.yaml", results())
    Round.objects.filter(pk=cast.round.pk).update(open=False)
    assert "ปิดการประเมินแล้ว" in refusal(send(client, "a.yaml", results()))
    assert client.post(where, {"do": "accept", "base": "0"}).status_code == 409
    assert not Result.objects.exists()


def test_an_import_of_another_agency_is_not_there(cast: Cast, client_of: ClientOf) -> None:
    where, _ = tried(client_of("officer"), "a.yaml", results())
    pk = where.rstrip("/").split("/")[-1]
    assert client_of("other_officer").get(where).status_code == 404
    assert client_of("other_officer").get(f"/agencies/other/2568/import/{pk}/").status_code == 404


def test_all_or_nothing(cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault in the middle of accepting leaves no revision behind."""
    tried(client_of("officer"), "a.yaml", results())

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(AcceptImport, "facts", broken)
    with pytest.raises(RuntimeError):
        AcceptImport(by=cast.officer, attempt=Import.objects.get(), base=0).execute()
    assert not Result.objects.exists()
    assert Import.objects.get().state == "tried"
    assert Assessment.objects.get(pk=cast.assessment.pk).results_at is None


def test_import_pages_take_few_queries(cast: Cast, client_of: ClientOf, django_assert_max_num_queries: Any) -> None:
    client = client_of("officer")
    for revision in range(6):
        where, _ = tried(client, f"{revision}.yaml", results(overall=60 + revision))
        client.post(where, {"do": "accept", "base": str(revision)})
    where, _ = tried(client, "r.txt", report())
    for address in (ADDRESS, where):
        with django_assert_max_num_queries(20):
            assert client.get(address).status_code == 200


# --- the same sheet as the command line gives


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_stored_results_give_the_sheet_of_the_command_line(path: Path, cast: Cast, client_of: ClientOf) -> None:
    expected = score(load_results(path))
    year = expected.results.fiscal_year
    agency = cast.agency
    agency.name, agency.province = expected.results.agency.name, expected.results.agency.province or ""
    agency.save()
    framework = expected.framework
    Round.objects.filter(pk=cast.round.pk).update(
        fiscal_year=year, framework_id=framework.id, framework_version=framework.version
    )
    client = client_of("officer")
    where, _ = tried(client, "results.yaml", path.read_bytes())
    assert client.post(where, {"do": "accept", "base": "0"}).status_code == 302
    found = current_sheet(Assessment.objects.get(pk=cast.assessment.pk))
    assert found
    assert sheet_json(found) == sheet_json(expected)
    assert found.results.printed == expected.results.printed


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), year=st.sampled_from([2564, 2566, 2568]), quality=st.floats(0.3, 1))
def test_plain_data_keeps_every_digit(seed: int, year: int, quality: float) -> None:
    """Tallies, verdicts and scores of simulated agencies: YAML → JSON → the same sheet."""
    import json

    simulated = simulate(Spec(for_year(year), seed=seed, quality=quality))
    sheet = score(simulated.results)
    tallies: dict[str, Any] = {}
    for node, tally in simulated.results.tallies.items():
        code, _, part = node.partition("@")
        item, dot, row = code.partition(".")
        key = [item, *([part] if part else []), *([row] if dot else [])]
        branch = tallies
        for step in key[:-1]:
            branch = branch.setdefault(step, {})
        branch[key[-1]] = dict(tally.counts)
    verdicts = {c: next(iter(tallies.pop(c)), "not_applicable") for c in list(tallies) if c.startswith("o")}
    scores = {"overall": sheet.results.given.get("overall", Decimal("71.005"))}
    data = {
        "agency": {"name": "ก", "staff": 12},
        "fiscal_year": year,
        "scores": scores,
        "tallies": tallies,
        "verdicts": verdicts,
    }
    file = parse(dump(data), "results.yaml")
    expected = score(from_yaml(file))
    kept = json.loads(json.dumps(plain(file.data)))
    assert not any(isinstance(leaf, int | float) for leaf in leaves(kept))
    assert sheet_json(sheet_of_data(kept, name="results.yaml")) == sheet_json(expected)


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [value]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_results_as_read_become_the_same_data(path: Path) -> None:
    """What reading gives (results by node) goes through a results file's shape without loss."""
    known = from_yaml(read(path))
    again = sheet_of_data(data_of(known)).results
    assert (again.given, again.level, again.printed) == (known.given, known.level, known.printed)
    assert again.respondents == known.respondents
    assert again.agency == known.agency


def test_nothing_is_accepted_without_the_right(cast: Cast, client_of: ClientOf) -> None:
    client = client_of("officer")
    tried(client, "r.txt", report())
    with pytest.raises(Refused, match="not chosen yet"):
        AcceptImport(by=cast.officer, attempt=Import.objects.get(), base=0).execute()
