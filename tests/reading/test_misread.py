"""What a copy did to a report: digits misread in codes and scores, marks lost, rows moved or gone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading_sample import covered, read_text, score, scores

from prongsai.reading.as_json import results_of
from prongsai.reading.audit import audit
from prongsai.reading.loosely import covered as held
from prongsai.reading.loosely import loose, one_off, unmarked

I4 = "หน่วยงานของท่าน ใช้จ่ายงบประมาณเป็นไปตามวัตถุประสงค์ มากน้อยเพียงใด"
I5 = "ในหน่วยงานของท่าน มีเจ้าหน้าที่เบิกจ่ายเงินเป็นเท็จ เช่น ค่าทำงานล่วงเวลา ค่าวัสดุอุปกรณ์ หรือค่าเดินทาง ฯลฯ มากน้อยเพียงใด"
I6 = "หน่วยงานของท่าน มีการใช้งบประมาณหรือการจัดซื้อจัดจ้างที่เอื้อประโยชน์ให้บุคคลใดบุคคลหนึ่ง มากน้อยเพียงใด"
I8 = "ผู้บังคับบัญชาในหน่วยงานของท่าน มีการสั่งให้เจ้าหน้าที่ทำในสิ่งที่เป็นการทุจริตหรือประพฤติมิชอบ มากน้อยเพียงใด"


def by_node(folder: Path, text: str, year: int = 2568) -> dict[str, set[str]]:
    return {node: {str(v) for v in found} for node, found in scores(read_text(folder, covered(text, year))).items()}


def table(*rows: str) -> str:
    return "\n".join(["ข้อคำถาม\tคะแนน", *(row.replace("|", "\t") for row in rows)])


# --- words without their marks


def test_a_word_is_found_without_its_marks_and_a_short_one_only_as_it_is() -> None:
    assert re.fullmatch(loose("ตัวชี้วัด(?:ที่)?"), "ตวชีวัด")
    assert not re.search(loose("วัน"), "ส่วน".replace("่", ""))
    assert re.search(loose("(?<!ปฏิบัติ)หน้าที่"), "หนาที")
    assert unmarked("ที่ นี่") == "ทน"


@pytest.mark.parametrize(
    ("text", "node", "value"),
    [
        ("ตวชี้วัดที่ ๑ การปฏิบัติหนาที่ ได้คะแนน ๙๙.๔๒ คะแนน", "1", "99.42"),
        ("ตัวชี้วัดที 7 ประสิทธภาพการสือสาร = 80.11", "7", "80.11"),
        ("แบบวัดการรับรู้ของผู้มีส่วนไดส่วนเสียภายใน (Internal) เท่ากับรอยละ 89.04", "IIT", "89.04"),
        ("EIT สวนท่ ๑ ได้คะแนน ๙๓.๕๕ คะแนน", "EIT.1", "93.55"),
        ("ขอ i7 ท่านทราบข้อมูลหรือไม่ มากน้อยเพียงใด ผลการประเมิน เท่ากับ 79.27 คะแนน", "i7", "79.27"),
    ],
)
def test_names_are_known_without_marks(tmp_path: Path, text: str, node: str, value: str) -> None:
    assert by_node(tmp_path, text) == {node: {value}}


@pytest.mark.parametrize("text", ["คะแนนรวมต้องไมน้อยกว่า 85.00 คะแนน", "บรรลุค่าเปาหมายคะแนนรวม 85.00 คะแนน"])
def test_thresholds_are_known_without_marks(tmp_path: Path, text: str) -> None:
    assert by_node(tmp_path, text) == {}


# --- scores


def test_a_full_score_with_a_misread_digit_is_kept_as_printed(tmp_path: Path) -> None:
    rows = table(
        "o1 โครงสร้างและอำนาจหน้าที่|108.00", "o2 ข้อมูลผู้บริหาร|๗๐๐.๐๐", "o3 ข้อมูลการติดต่อ|100.08", "o4 ข่าวประชาสัมพันธ์|125.50"
    )
    reading = read_text(tmp_path, covered(rows))
    assert [(v.node, v.text) for v in reading.values] == [("o1", "108.00"), ("o2", "๗๐๐.๐๐"), ("o3", "100.08")]
    assert results_of(reading).given == {}  # none can be scored


def test_a_full_score_with_a_misread_digit_is_kept_in_text_too(tmp_path: Path) -> None:
    assert by_node(tmp_path, "ข้อ o2 ข้อมูลผู้บริหาร (100.08 คะแนน) และงบประมาณ 125.50 คะแนน") == {"o2": {"100.08"}}


def test_a_possible_score_goes_before_a_misread_one(tmp_path: Path) -> None:
    rows = "ข้อ o1 โครงสร้างและอำนาจหน้าที่ (100.00 คะแนน)\n" + table(
        "o1 โครงสร้างและอำนาจหน้าที่|180.00", "o2 ข้อมูลผู้บริหาร|100.00"
    )
    reading = read_text(tmp_path, covered(rows))
    assert {v.text for v in reading.printed("o1")} == {"100.00", "180.00"}
    assert str(results_of(reading).given["o1"]) == "100.00"


# --- item codes


def test_one_off_keeps_places() -> None:
    assert one_off("03", range(1, 30)) == [1, 2, 4, 5, 6, 7, 8, 9, 13, 23]
    assert one_off("5", range(1, 30)) == [1, 2, 3, 4, 6, 7, 8, 9]
    assert held("ใช้จ่ายงบประมาณตามวัตถุประสงค์", I4) > 0.7


def test_a_row_belongs_to_the_item_whose_wording_it_prints(tmp_path: Path) -> None:
    reading = read_text(tmp_path, covered(table(f"i4 {I4}|77.67", f"i6 {I5}|80.11", f"i6 {I6}|95.33")))
    assert {v.node: v.text for v in reading.values} == {"i4": "77.67", "i5": "80.11", "i6": "95.33"}
    assert "i6" in reading.printed("i5")[0].context  # the code as printed stays to be seen
    assert "wording.other_item" in {finding.rule.code for finding in audit(reading)}


def test_a_wording_copied_from_a_row_that_is_there_moves_nothing(tmp_path: Path) -> None:
    assert by_node(tmp_path, table(f"i4 {I4}|77.67", f"i5 {I4}|80.11", f"i6 {I6}|95.33")) == {
        "i4": {"77.67"},
        "i5": {"80.11"},
        "i6": {"95.33"},
    }


def test_rows_that_all_bear_other_numbers_are_another_numbering(tmp_path: Path) -> None:
    rows = table(f"i1 {I4}|77.67", f"i2 {I5}|80.11", f"i3 {I6}|95.33")
    assert set(by_node(tmp_path, rows)) == {"i1", "i2", "i3"}


def test_a_code_twice_is_the_one_that_is_left_out_between_its_neighbours(tmp_path: Path) -> None:
    rows = "ข้อ\tคะแนน\ni1\t81.00\ni2\t82.00\ni8\t83.00\ni4\t84.00\ni7\t87.00\ni8\t88.00"
    assert by_node(tmp_path, rows) == {f"i{n}": {f"8{n}.00"} for n in (1, 2, 3, 4, 7, 8)}


def test_a_code_that_no_item_has_is_told_by_its_wording(tmp_path: Path) -> None:
    assert by_node(tmp_path, table(f"i4 {I4}|77.67", "o53 เรื่องอื่น|10.00", f"i58 {I8}|88.00")) == {
        "i4": {"77.67"},
        "i8": {"88.00"},
    }
    text = "ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ\nจุดแข็ง คือ ข้อ i๕๐ การขอยืมทรัพย์สินของราชการอย่างถูกต้อง (๙๕.๒๕ คะแนน) สะท้อนว่า"
    assert by_node(tmp_path, text) == {"i10": {"95.25"}}
    rows = "ข้อ\tคะแนน\nตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ\t\ni50\t95.25\ni11\t91.11"
    assert by_node(tmp_path, rows) == {"i10": {"95.25"}, "i11": {"91.11"}}


def test_a_score_in_text_moves_with_its_wording_where_the_score_is_printed_again(tmp_path: Path) -> None:
    rows = table(f"i4 {I4}|77.67", f"i5 {I5}|80.11")
    said = "ข้อ i5 การใช้จ่ายงบประมาณตามวัตถุประสงค์ ({} คะแนน) สะท้อนว่า\n"
    assert by_node(tmp_path, said.format("77.67") + rows) == {"i4": {"77.67"}, "i5": {"80.11"}}
    assert by_node(tmp_path, said.format("70.00") + rows) == {"i4": {"77.67"}, "i5": {"80.11", "70.00"}}


def test_a_code_twice_in_a_list_is_the_one_that_has_this_score_elsewhere(tmp_path: Path) -> None:
    rows = table(f"i4 {I4}|77.67", f"i5 {I5}|80.11", f"i6 {I6}|95.33")
    text = "ข้อที่ควรแก้ไขก่อน ได้แก่ i5 (77.67), i5 (80.11), i6 (95.33)\n" + rows
    assert by_node(tmp_path, text) == {"i4": {"77.67"}, "i5": {"80.11"}, "i6": {"95.33"}}


def test_two_values_of_one_item_stay_two_without_other_evidence(tmp_path: Path) -> None:
    rows = table(f"i4 {I4}|77.67", f"i5 {I5}|80.11")
    assert by_node(tmp_path, "ข้อ i5 (77.67 คะแนน) ควรพัฒนา\n" + rows)["i5"] == {"77.67", "80.11"}


# --- parts


def parts_table(first: str, second: str) -> str:
    names = ("6 คุณภาพการดำเนินงาน", "7 ประสิทธิภาพการสื่อสาร")
    rows = [f"{first}\t88.96\t60", *(f"ตัวชี้วัดที่ {name}\t9{n}.11\t" for n, name in enumerate(names))]
    rows += [f"{second}\t85.45\t60", *(f"ตัวชี้วัดที่ {name}\t8{n}.22\t" for n, name in enumerate(names))]
    return "\n".join(["รายการ\tคะแนน\tจำนวนชุดคำตอบ", *(row for row in rows if not row.startswith("\t"))])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("EIT ส่วนที่ 1", "EIT ส่วนที่ 2"),
        ("EIT ส่วนที่ 7", "EIT ส่วนที่ 2"),
        ("EIT ส่วนที่ 1", "EIT ส่วนที่ 9"),
        ("EIT ส่วนที่ 2", "EIT ส่วนที่ 2"),
        ("EIT ส่วนที่ 1", "EIT ส่วนที่ 1"),
        ("", "EIT ส่วนที่ 2"),
        ("EIT ส่วนที่ 1", ""),
    ],
)
def test_parts_whose_row_is_misread_or_lost_are_told_by_the_other(tmp_path: Path, first: str, second: str) -> None:
    found = by_node(tmp_path, parts_table(first, second))
    assert {node: found[node] for node in found if "@" in node} == {
        "6@EIT.1": {"90.11"},
        "7@EIT.1": {"91.11"},
        "6@EIT.2": {"80.22"},
        "7@EIT.2": {"81.22"},
    }
    assert found.get("EIT.1") == ({"88.96"} if first else None)
    assert found.get("EIT.2") == ({"85.45"} if second else None)
    assert not {"EIT", "6", "7"} & set(found)


def test_a_part_that_nothing_tells_is_unread(tmp_path: Path) -> None:
    reading = read_text(tmp_path, covered("รายการ\tคะแนน\nEIT ส่วนที่ 7\t85.45\nOIT\t90.00"))
    assert {v.node for v in reading.values} == {"OIT"}
    assert "85.45" in reading.unread[0].text


def test_a_column_of_a_part_with_a_misread_number(tmp_path: Path) -> None:
    rows = "ข้อคำถาม\tEIT ส่วนที่ 1\tEIT ส่วนที่ 7\tเฉลี่ย\ne1 เจ้าหน้าที่ปฏิบัติงานหรือให้บริการแก่ท่าน\t90.11\t85.00\t87.56"
    assert by_node(tmp_path, rows) == {"e1@EIT.1": {"90.11"}, "e1@EIT.2": {"85.00"}, "e1": {"87.56"}}


def test_a_part_with_a_misread_number_in_a_sentence(tmp_path: Path) -> None:
    text = "คะแนนรายเครื่องมือ: IIT 85.26, EIT ส่วนที่ 1 88.96, EIT ส่วนที่ 8 85.45, OIT 92.50"
    assert by_node(tmp_path, text)["EIT.2"] == {"85.45"}
    assert "EIT" not in by_node(tmp_path, "คะแนนรายเครื่องมือ: IIT 85.26, EIT ส่วนที่ 8 85.45, OIT 92.50")


# --- rows and heads


def test_a_head_below_the_first_row_and_a_head_that_is_gone(tmp_path: Path) -> None:
    head, rows = "ข้อที่ได้คะแนนเต็ม\tคะแนนรวมที่จะได้\tระดับที่เป็นไปได้", ["ข้อ o27\t96.89\tผ่านดี", "ข้อ o6\t95.59\tผ่าน"]
    said = "หากข้อที่ได้ 0 คะแนนกลับมาได้คะแนนเต็ม ผลจะเป็นดังตาราง"
    for lines in ([rows[0], head, rows[1]], [said, *rows]):
        assert by_node(tmp_path, "\n".join(lines)) == {}


def test_a_heading_repeated_over_the_columns_is_no_content_of_them(tmp_path: Path) -> None:
    heading = "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ (ไม่ทราบคะแนน)"
    rows = [f"{heading}\t{heading}", "i1\tไม่เข้าข่าย", heading + "\t" + heading, f"i4 {I4}\t77.67"]
    assert score(read_text(tmp_path, covered("\n".join(["ข้อ\tคะแนน", *rows]))), "i4") == "77.67"
