"""Codes, numbers and years against words: each rule with an example that fires and one that does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hand_made import at, claim, day, found, nodes, reading, table, weakness, year

from prongsai.reading.model import Evidence, Word, Wording

I4 = "หน่วยงานของท่าน ใช้จ่ายงบประมาณเป็นไปตามวัตถุประสงค์ มากน้อยเพียงใด"
I5 = "ในหน่วยงานของท่าน มีเจ้าหน้าที่เบิกจ่ายเงินเป็นเท็จ เช่น ค่าทำงานล่วงเวลา ค่าวัสดุอุปกรณ์ หรือค่าเดินทาง ฯลฯ มากน้อยเพียงใด"


def test_an_item_with_the_wording_of_another() -> None:
    made = reading(2567, wordings=[Wording("i5", "i๕", "ใน" + I4, at())])
    assert nodes(made, "wording.other_item") == [("i5", "i4")]
    scanned = I5.replace("เบิกจ่าย", "เบิกจำย").replace("วัสดุ", "วัสคุ")
    made = reading(2567, wordings=[Wording("i5", "i๕", scanned, at()), Wording("i4", "i๔", "ใช้จ่ายงบประมาณ", at())])
    assert found(made, "wording.other_item") == []


def test_items_much_alike_are_told_apart() -> None:
    """e1 and i1 ask nearly the same; likeness to the right one settles it."""
    text = "เจ้าหน้าที่ปฏิบัติงานหรือให้บริการแก่ท่าน เป็นไปตามขั้นตอนและระยะเวลา"
    assert found(reading(wordings=[Wording("e1", "e1", text, at())]), "wording.other_item") == []


def test_an_indicator_called_by_another_number() -> None:
    wrong = [Wording("1", "ตัวชี้วัดที่ ๑ การเปิดเผยข้อมูล", "การเปิดเผยข้อมูล", at(7))]
    assert nodes(reading(2565, names=wrong), "indicator.number") == [("9", "1")]
    right = [Wording("9", "ตัวชี้วัดที่ ๙", "การเปิดเผยข้อมูล", at()), Wording("8", "8", "การปรับปรุงการทำงาน", at())]
    assert found(reading(2565, names=right), "indicator.number") == []
    lines = ["คือตัวชี้วัดที่ ๕ และ ๑๐ การเปิดเผยข้อมูล และการป้องกันการทุจริต ส่วนที่ต้องพัฒนา"]
    assert nodes(reading(2565, lines=lines), "indicator.number") == [("9", "5")]


def test_an_item_analysed_under_another_indicator() -> None:
    lines = ["จากผลการประเมินด้านคุณภาพการดำเนินงาน ในข้อ E7 ซึ่งเป็นข้อที่ได้คะแนนค่อนข้างน้อย"]
    assert nodes(reading(2566, lines=lines), "item.other_indicator") == [("e7", "6")]
    made = reading(statements=[weakness("e7", indicator="6")])
    assert nodes(made, "item.other_indicator") == [("e7", "6")]
    lines = ["จากผลการประเมินด้านประสิทธิภาพการสื่อสาร ในข้อ E7 ซึ่งเป็นข้อที่ได้คะแนนค่อนข้างน้อย"]
    assert found(reading(2566, lines=lines, statements=[weakness("e2", indicator="6")]), "item.other_indicator") == []


def test_a_row_is_under_an_indicator_only_by_its_number() -> None:
    for label, expected in (("การใช้งบประมาณ", []), ("ตัวชี้วัดที่ ๒ การใช้งบประมาณ", [("i7", "2")])):
        rows = table(3, (label, "มาตรการ"), ("การไม่สั่งให้ทำธุระส่วนตัว ข้อ i7", "กำชับ"))
        made = reading(2567, statements=[replace(weakness("i7", indicator="2"), where=rows.rows[1][0].where)])
        made.source = replace(made.source, blocks=(rows,))
        assert nodes(made, "item.other_indicator") == expected


def test_cover_and_annex() -> None:
    own = "รายงานผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. "
    made = reading(2566, years=[year(2567, "cover", 1, own), year(2566, "annex", 9, own)])
    assert len(found(made, "year.annex")) == 1
    made.years[1] = year(2567, "annex", 9, own)
    assert found(made, "year.annex") == []
    result = "รายงานการวิเคราะห์ผลการประเมิน ประจำปีงบประมาณ พ.ศ. 2566"
    assert found(reading(2566, years=[year(2567, "cover", 1, own), year(2566, "annex", 9, result)]), "year.annex") == []


def test_measures_headed_with_one_year_and_dated_in_another() -> None:
    lines = ["มาตรการเพื่อขับเคลื่อนการส่งเสริมคุณธรรมและความโปร่งใส", "ของเทศบาลตำบลสมมติ ประจำปีงบประมาณ พ.ศ. ๒๕๖๗"]
    periods = [day("2024-10-01", "2025-09-30"), day("2024-10-01", "2025-03-31")]
    made = reading(2567, lines=lines, days=periods, years=[year(2567, "heading", 2, lines[1])])
    [finding] = found(made, "year.measures_head")
    assert "2568" in finding.th
    made.years = [year(2568, "heading", 2, lines[1].replace("๒๕๖๗", "๒๕๖๘"))]
    assert found(made, "year.measures_head") == []
    made.years = [year(2567, "heading", 2, "มาตรการตามผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2567")]
    assert found(reading(2567, days=periods, years=made.years), "year.measures_head") == []


def test_periods_outside_the_year_of_action() -> None:
    good = [day("2022-10-01", "2023-09-30"), day("2023-03-01", "2023-03-31"), day("2022-10-01", "2022-10-31")]
    made = reading(2565, action_year=2566, days=[*good, day("2021-10-01", "2021-10-31", "ตุลาคม ๖๔", owner="p3m3")])
    assert nodes(made, "period.outside_year") == [("p3m3",)]
    assert found(reading(2565, action_year=2566, days=good), "period.outside_year") == []
    assert found(reading(2565, days=[day("2021-10-01", "2021-10-31")]), "period.outside_year") == []


def test_a_report_may_fall_in_the_month_after() -> None:
    october = day("2023-10-01", "2023-10-31", "๑๒ เดือน ต.ค.๖๖", "report")
    assert found(reading(2565, action_year=2566, days=[october]), "period.outside_year") == []
    december = day("2023-10-01", "2023-12-31", "ต.ค.-ธ.ค.๖๖")
    assert len(found(reading(2565, action_year=2566, days=[december]), "period.outside_year")) == 1


def test_an_order_dated_before_its_year_and_cited_without_its_date() -> None:
    dated = Evidence("order", "ที่ ๑๔๙/2566 ลงวันที่ ๓ มีนาคม 2563", at(3), "๑๔๙/2566", dt.date(2020, 3, 3))
    bare = Evidence("order", "ที่ 149/2566 ลงวันที่", at(9), "149/2566")
    made = reading(2566, evidence=[dated, bare])
    [early] = found(made, "order.dated_before_year")
    assert "พ.ศ. 2563 < 2566" in (early.computed or "")
    assert [place.line for place in found(made, "order.undated")[0].where] == [9, 3]
    right = Evidence("order", "ที่ 149/2566", at(3), "149/2566", dt.date(2023, 3, 3))
    # numbered by the fiscal year, which begins in October
    october = Evidence("order", "ที่ 2/2566", at(4), "2/2566", dt.date(2022, 10, 5))
    assert found(reading(2566, evidence=[right, october]), "order.dated_before_year") == []
    assert found(reading(2566, evidence=[right, october]), "order.undated") == []


def test_figures_numbered_with_gaps() -> None:
    assert nodes(reading(figures=[Word("ภาพที่ 2", at())]), "figure.gap") == [("ภาพ:1",)]
    good = [Word("ภาพที่ ๑", at()), Word("ภาพที่ ๒", at()), Word("ตารางที่ 1", at())]
    assert found(reading(figures=good), "figure.gap") == []


def test_an_annex_listed_and_absent() -> None:
    contents = ["สารบัญ", "คำนำ", "ภาคผนวก", "บทนำ", "เนื้อความ"]
    assert nodes(reading(lines=contents), "annex.absent") == [("annex",)]
    assert found(reading(lines=[*contents, "ภาคผนวก ก คำสั่งแต่งตั้ง"]), "annex.absent") == []
    assert found(reading(lines=["คำนำ", "เนื้อความ"]), "annex.absent") == []
    said = reading(lines=["รายละเอียดตามภาคผนวก"], claims=[claim("attached", (), subject="ภาคผนวก")])
    assert nodes(said, "annex.absent") == [("annex",)]
    made = reading(lines=["สารบัญ"])
    made.source = type(made.source)(
        made.source.name, "text", (*made.source.blocks, table(2, ("เรื่อง", "หน้า"), ("ภาคผนวก", "")))
    )
    assert nodes(made, "annex.absent") == [("annex",)]
