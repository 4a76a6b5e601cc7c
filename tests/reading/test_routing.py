"""The ranks of a memo: who, the box ticked, the opinion written; names of persons are not kept."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import case, invented
from mirror import read_back

from prongsai.documents.ranks import route
from prongsai.documents.request import Person, Request
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score

EXAMPLES = Path(__file__).parents[2] / "examples"
MEMO = (
    "บันทึกข้อความ\nส่วนราชการ สำนักปลัด เทศบาลตำบลตัวอย่าง\nที่ ตย 55001/7 วันที่ 10 เมษายน 2569\n"
    "เรื่อง รายงานผลการประเมิน ประจำปีงบประมาณ พ.ศ. 2568\n"
    "เรียน นายกเทศมนตรี\nจึงเรียนมาเพื่อโปรดพิจารณา\n(นางสมมติ ตัวอย่าง)\nนักวิเคราะห์นโยบายและแผน\n"
)


def test_the_real_memo_goes_through_three_ranks() -> None:
    found = case("003").routing
    assert [opinion.position for opinion in found] == ["หัวหน้าสำนักปลัดเทศบาล", "ปลัดเทศบาล", "นายกเทศมนตรีตำบลโกรกแก้ว"]
    assert [opinion.ticked for opinion in found] == [None, None, None]


@pytest.mark.parametrize("number", ["000", "001", "002", "004"])
def test_a_report_without_a_memo_has_no_ranks(number: str) -> None:
    assert case(number).routing == []


def test_ticks_and_opinions(tmp_path: Path) -> None:
    text = (
        MEMO + "เรียน ปลัดเทศบาล\n( / ) เห็นควรดำเนินการตามเสนอ\n(   ) เห็นควรให้ทบทวน เนื่องจาก ……………\n"
        "ความเห็นเพิ่มเติม ……………\n(………………………………)\nหัวหน้าสำนักปลัด\n"
        "วันที่ ……/……/……\nความเห็นของนายกเทศมนตรี\n☐ อนุมัติ\n☑ ไม่อนุมัติ เนื่องจาก งบประมาณไม่พอ\n"
        "ให้เสนอใหม่ปีหน้า\nลงชื่อ ……………\n(นายสมมติ ตัวอย่าง)\nนายกเทศมนตรี\n"
    )
    head, chief = invented(tmp_path, text).routing
    assert (head.position, head.ticked, head.text) == ("หัวหน้าสำนักปลัด", "เห็นควรดำเนินการตามเสนอ", None)
    assert (chief.position, chief.ticked) == ("นายกเทศมนตรี", "ไม่อนุมัติ เนื่องจาก งบประมาณไม่พอ")
    assert chief.text == "ให้เสนอใหม่ปีหน้า"


def test_names_of_persons_are_not_kept(tmp_path: Path) -> None:
    text = MEMO + "เรียน นายกเทศมนตรี\nเห็นชอบตามเสนอ\n(นางสาวสมมติ ตัวอย่าง)\nปลัดเทศบาล\n"
    found = invented(tmp_path, text).routing
    assert [opinion.position for opinion in found] == ["ปลัดเทศบาล"]
    assert "สมมติ" not in repr(found)


def test_the_date_of_the_memo_is_a_letters(tmp_path: Path) -> None:
    (day,) = [day for day in invented(tmp_path, MEMO).days if day.purpose == "letter"]
    assert day.start.isoformat() == "2026-04-10"


@pytest.mark.parametrize("form", ["docx", "html", "pdf"])
@pytest.mark.parametrize("name", ["sisaket-2568", "thatalat-2566"])
def test_the_ranks_of_our_memo_come_back(name: str, form: str, tmp_path: Path) -> None:
    request = Request(kind="memo", sheet=score(load_results(EXAMPLES / name / "results.yaml")))
    ranks: tuple[Person, ...] = route(request)
    found = read_back(request, form, tmp_path).routing
    assert [opinion.position for opinion in found] == [person.position for person in ranks]
    assert all(opinion.ticked is None and opinion.text is None for opinion in found)
