"""The service-point summary: exact figures, and documents that do not change with what they must not tell."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from notice_sample import AGENCY, LONG_NAME, bare, pages, word_text, workbook

from prongsai.documents.notices.service import NOT_SHOWN, Period, Summary, UnitAnswers, build, publication
from prongsai.documents.notices.service_scores import figures
from prongsai.documents.tree import Chart, Document, Table
from prongsai.documents.walk import cell_text, tables
from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.scoring.tally import Tally

FRAMEWORK = by_id("service-point")
ITEMS = tuple(item.code for inst in FRAMEWORK.instruments for ind in inst.indicators for item in ind.items)


def unit(name: str, best: int, worst: int, **special: dict[str, int]) -> UnitAnswers:
    """A unit in which so many chose the best and the worst of every item."""
    tallies = {code: Tally({"5": best, "1": worst}) for code in ITEMS if code != "s6"}
    tallies["s6"] = Tally({"no": best, "yes": worst})
    return UnitAnswers(name, {**tallies, **{code: Tally(counts) for code, counts in special.items()}})


REGISTRY, FINANCE, CHILDREN = unit("งานทะเบียน", 45, 5), unit("กองคลัง", 28, 12), unit("ศูนย์เด็กเล็ก", 38, 2)
WORKS, HEALTH = unit("กองช่าง", 1, 3), unit("กองสาธารณสุข", 20, 2)
NOW = Period(2569, 2, (REGISTRY, FINANCE, WORKS, HEALTH, CHILDREN))
BEFORE = Period(2569, 1, (unit("งานทะเบียน", 16, 4), unit("กองคลัง", 18, 6), unit("ศูนย์เด็กเล็ก", 2, 2),
                          unit("กองช่าง", 15, 5), unit("กองสาธารณสุข", 15, 6)))  # fmt: skip
SUMMARY = Summary(AGENCY, FRAMEWORK, NOW, BEFORE, agency_kind="town_municipality")


def table(document: Document, name: str) -> dict[str, list[str]]:
    found = next(one for one, _ in tables(document) if one.name == name)
    first = 1 if name == "ผลรายหน่วยบริการ" else 0
    return {cell_text(row[first]): [cell_text(cell) for cell in row[first + 1 :]] for row in found.rows}


def test_units_have_their_figures_and_the_small_ones_none() -> None:
    found = table(build(SUMMARY), "ผลรายหน่วยบริการ")
    assert found["งานทะเบียน"] == ["50", "90.00", "+10.00", "บรรลุค่าเป้าหมาย"]
    assert found["กองคลัง"] == ["40", "70.00", "−5.00", "ต่ำกว่าค่าเป้าหมาย"]
    assert found["กองช่าง"] == found["กองสาธารณสุข"] == [NOT_SHOWN, NOT_SHOWN, "–", NOT_SHOWN]
    assert found["รวม"][:2] == ["156", "84.62"]  # 132 of 156


def test_items_are_scored_as_the_framework_says() -> None:
    now = replace(NOW, units=(unit("ก", 40, 0, s2={"5": 10, "3": 10, "1": 20}), unit("ข", 20, 20)))
    found = figures(FRAMEWORK, now)
    assert found.units[0].item("s2") == Fraction(75, 2)
    assert found.units[0].item("s6") == 100  # nobody was asked for money
    assert found.total.item("s2") == Fraction(10 * 100 + 10 * 50 + 20 * 100, 80)
    # The mean of the indicators, which are means of their items.
    assert found.units[0].overall == (Fraction(100 + Fraction(75, 2) + 100, 3) + 100 + 100) / 3


@pytest.mark.parametrize("fmt", ["pdf", "html", "docx", "xlsx"])
def test_documents_do_not_change_with_what_they_must_not_tell(fmt: str) -> None:
    """Answers move between the two hidden units; their sum stays. Not a byte of any format may differ."""
    moved = (REGISTRY, FINANCE, unit("กองช่าง", 6, 0), unit("กองสาธารณสุข", 15, 5), CHILDREN)
    other = replace(SUMMARY, now=replace(NOW, units=moved))
    assert build(other) == build(SUMMARY)
    assert write(build(other), fmt) == write(build(SUMMARY), fmt)


def test_the_test_above_would_see_a_difference() -> None:
    moved = (REGISTRY, FINANCE, unit("กองช่าง", 10, 0), unit("กองสาธารณสุข", 20, 2), CHILDREN)
    assert build(replace(SUMMARY, now=replace(NOW, units=moved))) != build(SUMMARY)


def test_a_unit_hidden_in_one_half_has_no_score_of_the_year() -> None:
    """Children are best by far in the second half; a score of the year would give the first half away."""
    text = "".join(pages(write(build(SUMMARY), "pdf")))
    assert bare("หน่วยบริการดีเด่นของปีงบประมาณ พ.ศ. 2569 คือ งานทะเบียน (87.14 คะแนน)") in text  # 61 of 70
    alone = "".join(pages(write(build(replace(SUMMARY, before=None)), "pdf")))
    assert bare("หน่วยบริการที่ได้คะแนนสูงสุดในครึ่งปีหลัง ปีงบประมาณ พ.ศ. 2569 คือ ศูนย์เด็กเล็ก (95.00 คะแนน)") in alone


def test_equal_units_share_the_honour() -> None:
    now = Period(2569, 1, (unit("ก", 18, 2), unit("ข", 27, 3), unit("ค", 10, 10)))
    assert bare("คือ ก และ ข (90.00 คะแนน)") in "".join(
        pages(write(build(replace(SUMMARY, now=now, before=None)), "pdf"))
    )


def test_everything_hidden_is_said_and_shows_no_number() -> None:
    now = Period(2569, 2, (unit("กองช่าง", 1, 3), unit("กองคลัง", 2, 1)))
    document = build(replace(SUMMARY, now=now, before=None))
    assert {cell for row in table(document, "คะแนนรายข้อ").values() for cell in row} == {NOT_SHOWN}
    assert not [block for section in document.sections for block in section.blocks if isinstance(block, Chart)]
    text = "".join(pages(write(document, "pdf")))
    assert bare("มีผู้ตอบไม่เพียงพอที่จะแสดงคะแนนรวม") in text
    assert bare("ยังไม่มีหน่วยบริการที่แสดงคะแนนได้") in text


def test_nobody_answered_looks_like_a_small_group() -> None:
    now = replace(NOW, units=(REGISTRY, FINANCE, UnitAnswers("กองช่าง", {}), CHILDREN))
    found = table(build(replace(SUMMARY, now=now, before=None)), "ผลรายหน่วยบริการ")
    assert found["กองช่าง"] == [NOT_SHOWN, NOT_SHOWN, NOT_SHOWN]
    assert found["งานทะเบียน"][0] == "50"


def test_below_the_target_is_named_with_what_may_help() -> None:
    slow = replace(NOW, units=(unit("งานทะเบียน", 45, 5, s2={"5": 5, "1": 45}), CHILDREN))
    text = "".join(pages(write(build(replace(SUMMARY, now=slow, before=None)), "pdf")))
    assert bare("s2 เวลารอ ได้ 47.78 คะแนน") in text  # 43 of 90
    assert "ข้อเสนอแนะ:" in text
    assert bare("งานทะเบียน: s2 (10.00)") in text


def test_e_service_is_a_share_only_where_its_use_is_asked() -> None:
    text = "".join(pages(write(build(SUMMARY), "pdf")))
    assert bare("s3 บริการออนไลน์ของจุดบริการนี้: คะแนน 84.62") in text
    assert bare("ไม่ได้ถามว่าเคยใช้หรือไม่") in text
    data = FRAMEWORK.model_dump(by_alias=True)
    for indicator in data["instruments"][0]["indicators"]:
        for item in indicator["items"]:
            item["scale"] = "yes_no" if item["code"] == "s3" else item["scale"]
    asked = type(FRAMEWORK).model_validate(data)
    now = Period(2569, 2, (unit("ก", 15, 5, s3={"yes": 12, "no": 8}), unit("ข", 15, 5, s3={"yes": 10, "no": 10})))
    text = "".join(pages(write(build(Summary(AGENCY, asked, now)), "pdf")))
    assert bare("ร้อยละ 55.00") in text
    none = build(replace(SUMMARY, online=()))
    assert bare("ไม่ได้ถามเรื่องบริการออนไลน์") in "".join(pages(write(none, "pdf")))


def test_memo_table_and_chart_are_there_in_every_format() -> None:
    document = build(replace(SUMMARY, comments=("ช่วงปรับปรุงอาคาร",), digits="thai"))
    text = "".join(pages(write(document, "pdf")))
    for part in ("บันทึกข้อความ", "เรียน นายกเทศมนตรี", "๙๐.๐๐", "ช่วงปรับปรุงอาคาร", "๑ เมษายน ๒๕๖๙ ถึง ๓๐ กันยายน ๒๕๖๙"):
        assert bare(part) in text
    assert "บันทึกข้อความ" in word_text(document)
    assert "<svg" in write(document, "html").decode()
    book = workbook(document)
    assert 90.0 in [cell for row in book["ผลรายหน่วยบริการ"] for cell in row]
    assert any("น้อยกว่า ๑๐ คน" in str(cell) for row in book["รายการตาราง"] for cell in row)


def test_the_publication_has_no_memo() -> None:
    text = "".join(pages(write(publication(SUMMARY), "pdf")))
    assert "บันทึกข้อความ" not in text
    assert publication(SUMMARY).sections == build(SUMMARY).sections[1:]


def test_many_units_with_long_names() -> None:
    many = tuple(unit(f"{LONG_NAME} หน่วยที่ {n}", 15 + n, 5) for n in range(40))
    document = build(replace(SUMMARY, now=Period(2569, 2, many), before=None))
    assert len([block for section in document.sections for block in section.blocks if isinstance(block, Chart)]) == 3
    assert bare(many[-1].name) in "".join(pages(write(document, "pdf")))


def test_free_text_is_text() -> None:
    nasty = replace(SUMMARY, now=replace(NOW, units=(unit("=1+1<script>", 20, 5), *NOW.units)))
    assert b"<script>" not in write(build(nasty), "html")
    assert "=1+1<script>" in [cell for row in workbook(build(nasty))["ผลรายหน่วยบริการ"] for cell in row]


@pytest.mark.parametrize(
    "now",
    [
        Period(2569, 2, ()),
        Period(2569, 2, (REGISTRY, REGISTRY)),
        Period(2569, 2, (UnitAnswers("ก", {"s99": Tally({"5": 20})}),)),
        Period(2569, 2, (UnitAnswers("ก", {"s1": Tally({"7": 20})}),)),
        Period(2569, 1, (REGISTRY,)),
    ],
    ids=["no unit", "unit twice", "unknown item", "unknown option", "not after the period before"],
)
def test_bad_input_is_refused(now: Period) -> None:
    with pytest.raises(InputError):
        build(replace(SUMMARY, now=now))


def test_tables_are_whole() -> None:
    for one, _ in tables(build(SUMMARY)):
        assert isinstance(one, Table)
        assert all(sum(cell.colspan for cell in row) == len(one.columns) for row in (*one.head, *one.rows))
