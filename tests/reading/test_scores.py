"""Scores in running text, lists, charts and tables of invented reports."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_sample import covered, read_text, score, scores


@pytest.mark.parametrize(
    ("text", "node", "value"),
    [
        ("ผลการประเมิน ITA ได้คะแนนรวม ๙๑.๒๕ คะแนน อยู่ในระดับผ่านดี", "overall", "91.25"),
        ("โดยมีคะแนนภาพรวมอยู่ที่ 87.02 คะแนน", "overall", "87.02"),
        ("คะแนนเฉลี่ย 84.25 คะแนน ระดับผ่าน", "overall", "84.25"),
        ("ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่ โดยรวมได้คะแนนเท่ากับ ๙๙.๔๒ คะแนน เป็นตัวชี้วัดที่", "1", "99.42"),
        ("ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร = 80.11", "7", "80.11"),
        ("๓) การใช้อำนาจ : ๗๙.๓๒ คะแนน", "3", "79.32"),
        ("ตัวชี้วัดที่ 8 การปรับปรุงระบบการทำงาน\nได้คะแนน 79.32 คะแนน", "8", "79.32"),
        ("ตัวชี้วัด การใช้ทรัพยากราชการ ได้คะแนนเท่ากับร้อยละ 93.34", "4", "93.34"),
        ("ผลคะแนนของตัวชี้วัดด้านการเปิดเผยข้อมูล มีค่าต่ำสุด เท่ากับ ๗๔.๔๘ ซึ่งในด้าน", "9", "74.48"),
        ("แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (Internal) ได้คัดแนน เท่ากับร้อยละ 89.04", "IIT", "89.04"),
        ("ตัวชี้วัดย่อยที่ ๙.๒ การบริหารงานและการใช้จ่ายงบประมาณ ๗๕.๕๐ คะแนน", "9.2", "75.50"),
        ("ข้อ I7 ท่านทราบข้อมูลหรือไม่ มากน้อยเพียงใด ผลการประเมิน\nที่ได้รับ เท่ากับ 79.27 คะแนน", "i7", "79.27"),
        ("EIT ส่วนที่ ๑ ได้คะแนน ๙๓.๕๕ คะแนน", "EIT.1", "93.55"),
        ("ข้อ e2 ความเท่าเทียมของผู้รับบริการ (EIT ส่วนที่ 2 78.00 คะแนน) ต่ำกว่าเกณฑ์ 85 คะแนน", "e2@EIT.2", "78.00"),
        ("แผนภูมิที่ 1\nการใช้งบประมาณ\n79.90", "2", "79.90"),
    ],
)
def test_running_text(tmp_path: Path, text: str, node: str, value: str) -> None:
    reading = read_text(tmp_path, covered(text))
    assert score(reading, node) == value
    assert len(reading.values) == 1


@pytest.mark.parametrize(
    "text",
    [
        "เป้าหมายคือ มีผลการประเมิน ITA ในภาพรวม ๘๕ คะแนนขึ้นไป",
        "บรรลุค่าเป้าหมายคะแนนรวม 85 คะแนน",
        "คะแนนรวมต้องไม่น้อยกว่า 85.00 คะแนน",
        "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้คะแนนระหว่าง 98.84 ถึง 100.00 คะแนน",
        "OIT 56.75–100.00",
        "คะแนนรวมขาดอีก 1.75 คะแนน",
        "หากข้อที่ได้ 0 คะแนนกลับมาได้คะแนนเต็ม คะแนนรวมจะได้ 96.89 คะแนน",
        "ปีงบประมาณ พ.ศ. 2566 ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้คะแนน 80.11 คะแนน",
        "ค่าเฉลี่ยระดับประเทศ 93.05 คะแนน",
        "จัดทำแผนปฏิบัติการป้องกันการทุจริต งบประมาณ 20,000.00 บาท",
        "ร้อยละ 80 ของโครงการตามแผน",
        "3.1 การใช้อำนาจ\n3.2 การใช้งบประมาณ",
        "วันที่ 10.04.2568 เวลา 08.30 น.",
    ],
)
def test_thresholds_ranges_and_other_figures_are_no_scores(tmp_path: Path, text: str) -> None:
    assert read_text(tmp_path, covered(text)).values == []


def test_several_nodes_share_one_score_where_they_are_listed(tmp_path: Path) -> None:
    text = "ตัวชี้วัดที่ได้คะแนนสูงสุด คือ “การป้องกันการทุจริต” และ “การเปิดเผยข้อมูล” โดยคะแนนอยู่ที่ ร้อยละ ๑๐๐.๐๐ ทั้งสองตัวชี้วัด"
    reading = read_text(tmp_path, covered(text))
    assert (score(reading, "9"), score(reading, "10")) == ("100.00", "100.00")


def test_ranges_of_items_name_every_item_between(tmp_path: Path) -> None:
    reading = read_text(tmp_path, covered("ข้อ o1-o3 , ๐๗-๐๙ และ o๑๑ (100 คะแนน) สะท้อนให้เห็น"))
    assert set(scores(reading)) == {"o1", "o2", "o3", "o7", "o8", "o9", "o11"}


@pytest.mark.parametrize(
    ("indicator", "printed", "code"),
    [("1 การปฏิบัติหน้าที่", "12", "i2"), ("4 การใช้ทรัพย์สินของราชการ", "111", "i11"),
     ("4 การใช้ทรัพย์สินของราชการ", "๑๑๐", "i10"), ("4 การใช้ทรัพย์สินของราชการ", "12", "i12"),
     ("9 การเปิดเผยข้อมูล", "08", "o8"), ("9 การเปิดเผยข้อมูล", "๐๑๑", "o11"), ("2 การใช้งบประมาณ", "l5", "i5")],
)  # fmt: skip
def test_codes_are_told_by_the_indicator_they_stand_under(
    tmp_path: Path, indicator: str, printed: str, code: str
) -> None:
    text = f"ตัวชี้วัดที่ {indicator}\nจุดแข็ง คือ ข้อ {printed} (98.73 คะแนน) สะท้อนให้เห็นว่า"
    assert scores(read_text(tmp_path, covered(text))).keys() == {code}


def test_a_code_that_its_place_does_not_decide_is_unread_not_guessed(tmp_path: Path) -> None:
    reading = read_text(tmp_path, covered("โดยสรุป ข้อ 12 (98.73 คะแนน) ควรพัฒนา"))
    assert reading.values == []
    assert "98.73" in reading.unread[0].text


def test_codes_in_tables_are_told_by_aspect_and_wording(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ประเด็นที่ ๕ กระบวนการสร้างความโปร่งใสในการใช้งบประมาณและการจัดซื้อจัดจ้าง",
            "ประเด็นข้อคำถาม\tคะแนน\tการวิเคราะห์",
            "i๔ หน่วยงานของท่าน ใช้จ่ายงบประมาณเป็นไปตามวัตถุประสงค์ มากน้อยเพียงใด\t๙๘.๐๖\t",
            "๑๑๓ รายงานผลการจัดซื้อจัดจ้างหรือการจัดหาพัสดุประจำปี\t๑๐๐.๐๐\t",
            "๐๑๒ รายการการจัดซื้อจัดจ้างหรือการจัดหาพัสดุ\t๐.๐๐\t",
        ]
    )
    reading = read_text(tmp_path, covered(rows))
    assert set(scores(reading)) == {"i4", "o13", "o12"}
    assert reading.aspects == {5: ["i4", "o13", "o12"]}
    assert score(reading, "o12") == "0.00"


def test_a_table_by_instrument_with_numbers_and_empty_first_cells(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "แบบ\tลำดับ\tรายละเอียดตัวชี้วัด\tคะแนน",
            "IIT\t1\tการปฏิบัติหน้าที่\t99.42",
            "\t2\tการใช้งบประมาณ\t99.46",
            "EIT\t8\tการปรับปรุงระบบการทำงาน\t99.58",
            "คะแนน OIT\t\t\t83.25",
            "คะแนนรวม (ระดับผ่าน)\t\t\t92.89",
        ]
    )
    reading = read_text(tmp_path, covered(rows))
    assert {node: str(min(found)) for node, found in scores(reading).items()} == {
        "1": "99.42",
        "2": "99.46",
        "8": "99.58",
        "OIT": "83.25",
        "overall": "92.89",
    }
    assert [word.text for word in reading.levels] == ["ผ่าน"]
    assert {value.role for value in reading.values} == {"table"}


def test_bare_item_numbers_take_their_letter_from_the_instrument(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "เครื่องมือ\tตัวชี้วัด\tข้อ\tคำถาม\tคะแนน",
            "IIT\t1. การปฏิบัติหน้าที่\t1\tการปฏิบัติงานหรือให้บริการ\t90.50",
            "\t\t3\tมีการเรียกรับสินบน\t99.50",
            "OIT\t9. การเปิดเผยข้อมูล\t1\tโครงสร้างและอำนาจหน้าที่\t100",
        ]
    )
    assert set(scores(read_text(tmp_path, covered(rows)))) == {"i1", "i3", "o1"}


def test_wordings_without_codes_are_told_within_their_indicator(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ตัวชี้วัด\tหัวข้อการประเมิน\tค่าเฉลี่ยคะแนน",
            "ตัวชี้วัดที่ ๔ การใช้ทรัพย์สินของราชการ\tขั้นตอนการขออนุญาตเพื่อยืมทรัพย์สินของราชการ ไป ใช้ปฏิบัติงานในหน่วยงานของท่าน มีความสะดวกมาก น้อยเพียงใด\t๘๙.๒๓",
            "\tเรื่องที่ไม่มีในแบบวัดเลยแม้แต่น้อย\t๗๗.๗๗",
        ]
    )
    reading = read_text(tmp_path, covered(rows, 2565))
    assert set(scores(reading)) == {"i20"}
    assert "๗๗.๗๗" in reading.unread[0].text


def test_columns_of_parts_and_of_years(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ข้อคำถาม\tEIT ส่วนที่ 1\tEIT ส่วนที่ 2\tเฉลี่ย",
            "e1 เจ้าหน้าที่ปฏิบัติงานหรือให้บริการแก่ท่าน เป็นไปตามขั้นตอนและระยะเวลา\t90.11\t85.00\t87.56",
        ]
    )
    found = scores(read_text(tmp_path, covered(rows)))
    assert {node: str(min(values)) for node, values in found.items()} == {
        "e1@EIT.1": "90.11",
        "e1@EIT.2": "85.00",
        "e1": "87.56",
    }


def test_a_table_run_together_into_one_line(tmp_path: Path) -> None:
    text = "การปฏิบัติหน้าที่ การใช้งบประมาณ การใช้อำนาจ การใช้ทรัพย์สินของราชการ 88.28 86.56 89.35 80.75"
    found = scores(read_text(tmp_path, covered(text)))
    assert {node: str(min(values)) for node, values in found.items()} == {
        "1": "88.28",
        "2": "86.56",
        "3": "89.35",
        "4": "80.75",
    }


def test_scores_on_the_instruments_own_scale_keep_their_full_mark(tmp_path: Path) -> None:
    reading = read_text(tmp_path, covered("IIT 25.04 (เต็ม 30) EIT 26.41/30 OIT 22.85 จาก 40 คะแนน", 2563))
    assert [(v.node, v.text, str(v.of)) for v in reading.values] == [
        ("IIT", "25.04", "30"),
        ("EIT", "26.41", "30"),
        ("OIT", "22.85", "40"),
    ]


def test_two_values_of_one_node_are_both_kept_with_their_places(tmp_path: Path) -> None:
    text = "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร มีค่าต่ำสุด เท่ากับ ๗๔.๐๒\nตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร มีค่าต่ำสุด เท่ากับ ๙๔.๐๒"
    reading = read_text(tmp_path, covered(text, 2562))
    assert [(v.text, v.where.line) for v in reading.printed("7")] == [("๗๔.๐๒", 5), ("๙๔.๐๒", 6)]


def test_projected_scores_in_tables_are_left_out(tmp_path: Path) -> None:
    rows = "ข้อที่ได้คะแนนเต็ม\tคะแนนรวมที่จะได้\tระดับที่เป็นไปได้\nข้อ o27\t96.89\tผ่านดี\nข้อ o6\t95.59\tผ่าน"
    reading = read_text(tmp_path, covered(rows))
    assert reading.values == []
    assert reading.levels == []


def test_respondents_where_stated_but_not_estimated(tmp_path: Path) -> None:
    text = "ผู้ตอบแบบวัด IIT จำนวน ๑,๐๔๕ คน ผู้ตอบ EIT ส่วนที่ 1 จำนวน 120 คน\nคะแนนรายข้อของ IIT สอดคล้องกับจำนวนผู้ตอบ 31 คน"
    reading = read_text(tmp_path, covered(text))
    assert [(value.node, str(value.value)) for value in reading.respondents] == [("IIT", "1045"), ("EIT.1", "120")]


def test_the_next_level_and_level_rules_are_not_the_level(tmp_path: Path) -> None:
    text = "ระดับถัดไปคือ ระดับผ่านดี ซึ่งต้องมีคะแนนรวมตั้งแต่ 85\nคะแนนรวม 80.10 คะแนน อยู่ในระดับ “ต้องปรับปรุง”"
    assert [word.text for word in read_text(tmp_path, covered(text)).levels] == ["ต้องปรับปรุง"]
