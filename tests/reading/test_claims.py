"""What invented reports claim and state of themselves."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from reading_sample import claims, covered, read_text


def test_highest_and_lowest_with_what_they_are_said_of(tmp_path: Path) -> None:
    text = (
        "ตัวชี้วัดที่ได้คะแนนสูงสุด ได้แก่ การใช้อำนาจ (89.35) และตัวชี้วัดที่ได้คะแนนต่ำสุด ได้แก่ การปรับปรุงระบบการทำงาน (79.32)\n"
        "ด้าน IIT พบว่า ผลคะแนนของตัวชี้วัดด้านการใช้งบประมาณ มีค่าต่ำสุด เท่ากับ ๗๓.๘๐"
    )
    reading = read_text(tmp_path, covered(text))
    found = [(c.kind, c.nodes, str(c.number), c.subject) for c in reading.claims]
    assert ("highest", ("3",), "89.35", None) in found
    assert ("lowest", ("8",), "79.32", None) in found
    assert ("lowest", ("2",), "73.80", "IIT") in found


def test_chief_executives_are_not_claims(tmp_path: Path) -> None:
    text = "ผู้บริหารสูงสุดของหน่วยงานให้ความสำคัญ เพื่อประโยชน์สูงสุดต่อประชาชน ตัวชี้วัดที่ 5 การแก้ไขปัญหาการทุจริต"
    assert read_text(tmp_path, covered(text)).claims == []


def test_the_lowest_item_of_an_aspect(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ประเด็นที่ 1 กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ",
            "ประเด็นข้อคำถาม\tคะแนน\tการวิเคราะห์",
            "i1 การปฏิบัติงานหรือให้บริการ\t96.77\tข้อคำถามที่ได้คะแนนน้อยที่สุด : i๑ การปฏิบัติงานหรือให้บริการ",
            "i2 ความเท่าเทียม\t98.06\t",
        ]
    )
    reading = read_text(tmp_path, covered(rows))
    [lowest] = claims(reading, "lowest")
    assert (lowest.nodes, lowest.subject) == (("i1",), "aspect:1")
    [said] = reading.statements
    assert (said.kind, said.aspect, said.items) == ("weakness", 1, ("i1",))


def test_a_sentence_that_goes_down_a_list(tmp_path: Path) -> None:
    text = "การเปิดเผยข้อมูล ได้คะแนนเท่ากับ ร้อยละ ๑๐๐ รองลงมา คือ คุณภาพการดำเนินงาน ได้คะแนน ๙๕.๙๖ และการใช้อำนาจ ได้คะแนน ๙๖.๕๗"
    [down] = claims(read_text(tmp_path, covered(text)), "descending")
    assert down.nodes == ("9", "6", "3")


def test_a_ranked_table_is_split_where_instruments_stand_between(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "คะแนนจากมากไปหาน้อยตามเครื่องมือการประเมิน",
            "เครื่องมือและตัวชี้วัด\tคะแนน",
            "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)\t99.10",
            "ตัวชี้วัดที่ 3 การใช้อำนาจ\t99.58",
            "ตัวชี้วัดที่ 2 การใช้งบประมาณ\t99.46",
            "แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT)\t83.25",
            "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล\t86.50",
            "ตัวชี้วัดที่ 10 การป้องกันการทุจริต\t80.00",
        ]
    )
    reading = read_text(tmp_path, covered(rows))
    assert [(c.subject, c.nodes) for c in claims(reading, "descending")] == [("IIT", ("3", "2")), ("OIT", ("9", "10"))]
    assert {value.role for value in reading.values} == {"ranking"}


def test_components_said_to_reach_a_mark_but_not_rules(tmp_path: Path) -> None:
    text = (
        "มีคะแนนรายเครื่องมือประกอบด้วย IIT, EIT ส่วนที่ ๑, EIT ส่วนที่ ๒ และ OIT ที่มีค่าคะแนน ๘๕ คะแนนขึ้นไป\n"
        "ระดับถัดไปต้องมีคะแนนทุกองค์ประกอบ (IIT, EIT ส่วนที่ 1, EIT ส่วนที่ 2, OIT) ตั้งแต่ 85 คะแนนขึ้นไป"
    )
    [reach] = claims(read_text(tmp_path, covered(text)), "all_at_least")
    assert (reach.nodes, reach.number, reach.where.line) == (("IIT", "EIT.1", "EIT.2", "OIT"), Decimal(85), 5)


def test_the_target_said_to_be_reached(tmp_path: Path) -> None:
    text = "อยู่ในระดับผ่านดีและบรรลุค่าเป้าหมาย คือ มีผลการประเมิน ITA ในภาพรวม ๘๕ คะแนนขึ้นไป\nไม่บรรลุค่าเป้าหมายคะแนนรวม 95 คะแนน"
    [target] = claims(read_text(tmp_path, covered(text)), "target_reached")
    assert (target.nodes, target.number) == (("overall",), Decimal(85))


def test_counts_of_items_with_the_items_listed(tmp_path: Path) -> None:
    text = "จุดแข็ง\nข้อ i3 ไม่เรียกรับสินบน (99.50 คะแนน)\nจุดที่ต้องพัฒนา จำนวน 3 ข้อ\nข้อ i4 การใช้จ่าย (88.00 คะแนน)\nข้อ o6 แผน (0 คะแนน)"
    reading = read_text(tmp_path, covered(text))
    [count] = claims(reading, "count")
    assert (count.number, count.subject, count.nodes) == (Decimal(3), "weakness", ("i4", "o6"))
    assert [(said.kind, said.items) for said in reading.statements] == [
        ("strength", ("i3",)),
        ("weakness", ("i4",)),
        ("weakness", ("o6",)),
    ]


def test_attachments_and_pictures_that_the_text_speaks_of(tmp_path: Path) -> None:
    text = "รายละเอียดดังภาพที่ ๒ และปรากฏตามเอกสารแนบ\nภาพที่ 3 การประชุม"
    reading = read_text(tmp_path, covered(text))
    assert [claim.subject for claim in claims(reading, "attached")] == ["ภาพที่2", "เอกสารแนบ"]
    assert [figure.text for figure in reading.figures] == ["ภาพที่ 2", "ภาพที่ 3"]


def test_statements_by_indicator_with_citations(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "(4) ตัวชี้วัดที่ 4 การใช้ทรัพย์สินของราชการ โดยรวมได้คะแนนเท่ากับ 97.61 คะแนน",
            "จุดแข็ง คือ ข้อ 111 (98.73 คะแนน) สะท้อนให้เห็นว่ามีแนวทาง (อ้างอิงจาก o23) และการกำกับ (อ้างอิงจาก i12)",
            "จุดอ่อนหรือข้อบกพร่อง คือ ข้อ 110 (97.69 คะแนน) และข้อ 112 (96.42 คะแนน) ควรระบุไว้ในคู่มือ (อ้างอิงจาก ๐8)",
        ]
    )
    strength, weakness = read_text(tmp_path, covered(text)).statements
    assert (strength.indicator, strength.items) == ("4", ("i11",))
    assert (strength.cited, strength.other_items) == (("o23",), ("i12",))
    assert (weakness.kind, weakness.items, weakness.cited) == ("weakness", ("i10", "i12"), ("o8",))


def test_an_explanation_under_two_items_stands_for_both(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "ตัวชี้วัดที่ 2 การใช้งบประมาณ",
            "ข้อบกพร่อง",
            "ข้อ I4 หน่วยงานของท่าน ใช้จ่ายงบประมาณเป็นไปตามวัตถุประสงค์ มากน้อยเพียงใด เท่ากับ 53.56 คะแนน",
            "ข้อ I5 มีเจ้าหน้าที่เบิกจ่ายเงินเป็นเท็จ มากน้อยเพียงใด เท่ากับ 77.27 คะแนน",
            "แสดงให้เห็นว่าบุคลากรบางรายไม่ทราบเรื่องการใช้จ่ายงบประมาณของหน่วยงาน จึงควรเผยแพร่แผนการใช้จ่าย (อ้างอิงจาก o6)",
            "มาตรการ : เผยแพร่ข้อมูล",
            "ตัวชี้วัดที่ 3 การใช้อำนาจ",
        ]
    )
    reading = read_text(tmp_path, covered(text))
    [said] = reading.statements
    assert (said.indicator, said.items, said.cited) == ("2", ("i4", "i5"), ("o6",))
    assert [word.code for word in reading.wordings] == ["i4", "i5"]
