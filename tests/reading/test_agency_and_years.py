"""Agency, place and years of invented reports; files of several agencies or years; reports of other schemes."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_sample import covered, read_all, read_text, score

from prongsai.errors import InputError

PLACE = "อำเภอตัวอย่าง จังหวัดจำลอง"


@pytest.mark.parametrize(
    ("lines", "name", "kind"),
    [
        (f"องค์การบริหารส่วนตำบลในเมืองเก่า {PLACE}", "องค์การบริหารส่วนตำบลในเมืองเก่า", "subdistrict_organization"),
        (f"เทศบาลตำบลเชียงของใหม่\n{PLACE}", "เทศบาลตำบลเชียงของใหม่", "subdistrict_municipality"),
        (f"รายงานของเทศบาลเมืองสมมติ{PLACE}", "เทศบาลเมืองสมมติ", "town_municipality"),
        (f"อบต.หนองตัวอย่าง {PLACE}", "องค์การบริหารส่วนตำบลหนองตัวอย่าง", "subdistrict_organization"),
        ("ผลการประเมินของเทศบาลนครสมมติได้คะแนน 90.11 คะแนน ซึ่งเทศบาลนครสมมติจะดำเนินการ", "เทศบาลนครสมมติ", "city_municipality"),
        ("มหาวิทยาลัยราชภัฏสมมติ", "มหาวิทยาลัยราชภัฏสมมติ", "higher_education"),
        ("กรมตัวอย่าง", "กรมตัวอย่าง", "department"),
    ],
)  # fmt: skip
def test_the_agency_and_its_kind(tmp_path: Path, lines: str, name: str, kind: str) -> None:
    reading = read_text(tmp_path, f"รายงานผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. 2567\n{lines}\n")
    assert reading.agency is not None
    assert (reading.agency.text, reading.kind) == (name, kind)
    if "อำเภอ" in lines:
        assert (reading.district, reading.province) == ("ตัวอย่าง", "จำลอง")


def test_the_assessor_is_not_the_agency(tmp_path: Path) -> None:
    text = "สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ ได้จัดให้มีการประเมิน"
    assert read_text(tmp_path, text).agency is None


@pytest.mark.parametrize(
    ("text", "result", "action"),
    [
        ("รายงานการวิเคราะห์ผลการประเมินคุณธรรม ปีงบประมาณ พ.ศ. 2568\nมาตรการเพื่อขับเคลื่อน ประจำปีงบประมาณ พ.ศ. 2569", 2568, 2569),
        ("มาตรการส่งเสริมคุณธรรมและความโปร่งใส\nประจำปีงบประมาณ พ.ศ. ๒๕๖๖\nผลคะแนนสะท้อนการปฏิบัติงานในรอบปีงบประมาณ พ.ศ. ๒๕๖๕", 2565, 2566),
        ("รายงานผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. ๒๕๖7\nตามที่ได้วิเคราะห์ผลการประเมิน ปีงบประมาณ พ.ศ. 2566", 2566, 2567),
        ("ผลการประเมิน ITA ปีงบประมาณ 2562\nการนำผลการประเมินไปปรับปรุงและพัฒนา ในปีงบประมาณ พ.ศ. ๒๕๖๓", 2562, 2563),
        ("ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ.๒๕๖๗", 2567, None),
        ("สั่ง ณ วันที่ 10 เมษายน 2563", None, None),
    ],
)  # fmt: skip
def test_result_year_and_action_year(tmp_path: Path, text: str, result: int | None, action: int | None) -> None:
    reading = read_text(tmp_path, text)
    assert (reading.fiscal_year, reading.action_year) == (result, action)


@pytest.mark.parametrize(
    ("head", "when", "result", "action"),
    [
        ("ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567", ("ต.ค. 67 – ก.ย. 68", "1 ม.ค. 2568"), 2567, 2568),  # said by its dates
        ("ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567", ("ต.ค. 67", "ต.ค. 68"), 2567, None),  # dates of two years
        ("ผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567", ("ตลอดปี", "ก.ย. 67"), 2567, None),  # the year assessed itself
        ("มาตรการส่งเสริมคุณธรรม ประจำปีงบประมาณ พ.ศ. 2569", ("ตลอดปี", "ตลอดปี"), 2568, 2569),
    ],
)  # fmt: skip
def test_years_of_a_plan(tmp_path: Path, head: str, when: tuple[str, str], result: int, action: int | None) -> None:
    rows = "".join(f"การใช้อำนาจ\tทำเกณฑ์ {n}\tกองกลาง\t{text}\n" for n, text in enumerate(when))
    text = f"{head}\nเทศบาลตำบลตัวอย่าง\n\nประเด็น\tมาตรการ\tผู้รับผิดชอบ\tระยะเวลา\n{rows}"
    reading = read_text(tmp_path, text)
    assert reading.plan is not None
    assert (reading.fiscal_year, reading.action_year) == (result, action)


def test_years_keep_where_they_stand(tmp_path: Path) -> None:
    text = covered("ก\n" * 30 + "เอกสารประกอบการดำเนินการ\nผลการดำเนินการตามมาตรการ ประจำปีงบประมาณ พ.ศ. 2566", 2567)
    roles = {(year.year, year.role) for year in read_text(tmp_path, text).years}
    assert {(2567, "cover"), (2567, "result"), (2566, "annex")} <= roles


def test_without_a_year_the_framework_follows_from_what_is_printed(tmp_path: Path) -> None:
    reading = read_text(tmp_path, "ข้อ i30 (90.11 คะแนน) ข้อ o43 (100 คะแนน) อยู่ในระดับ A")
    assert reading.fiscal_year is None
    assert reading.framework is not None
    assert reading.framework.id == "ita-2565"


def test_a_province_table_is_one_reading_for_each_agency(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ผลการประเมิน ITA ขององค์กรปกครองส่วนท้องถิ่น จังหวัดจำลอง ประจำปีงบประมาณ พ.ศ. 2566",
            "ที่\tหน่วยงาน\tอำเภอ\tคะแนน\tระดับ",
            "1\tอบต.หนองสมมติ\tเมือง\t95.11\tผ่านดีเยี่ยม",
            "2\tเทศบาลตำบลทุ่งสมมติ\tบ้านไร่\t๘๔.๒๐\tต้องปรับปรุง",
        ]
    )
    first, second = read_all(tmp_path, rows)
    assert first.agency is not None
    assert (first.agency.text, first.district, first.province) == ("อบต.หนองสมมติ", "เมือง", "จำลอง")
    assert (first.fiscal_year, score(first, "overall"), first.levels[0].text) == (2566, "95.11", "ผ่านดีเยี่ยม")
    assert (second.kind, score(second, "overall")) == ("subdistrict_municipality", "84.20")
    assert second.values[0].where.row == 3


def test_a_wide_table_of_indicators(tmp_path: Path) -> None:
    rows = "agency,fiscal_year,level,overall,indicator_1,indicator_2,oit_weighted\nคณะสมมติ,2563,C,74.30,91.76,79.93,22.85\nคณะจำลอง,2564,A,85.00,92.00,,\n"
    first, second = read_all(tmp_path, rows, "units.csv")
    assert (first.fiscal_year, second.fiscal_year) == (2563, 2564)
    assert [(v.node, v.text, v.of and str(v.of)) for v in first.values] == [
        ("overall", "74.30", None),
        ("1", "91.76", None),
        ("2", "79.93", None),
        ("OIT", "22.85", "40"),
    ]
    assert score(second, "2") is None


def test_columns_of_years_are_readings_of_their_own(tmp_path: Path) -> None:
    rows = "\n".join(
        [
            "ตัวชี้วัด\tคะแนนปี 2566\tคะแนนปี 2567\tผลต่าง",
            "1. การปฏิบัติหน้าที่\t90.11\t93.56\t+3.45",
            "2. การใช้งบประมาณ\t88.00\t91.22\t+3.22",
        ]
    )
    main, before = read_all(tmp_path, covered(rows, 2567))
    assert (main.fiscal_year, score(main, "1"), score(main, "2")) == (2567, "93.56", "91.22")
    assert (before.fiscal_year, score(before, "1")) == (2566, "90.11")
    assert before.agency == main.agency


def test_rows_of_years_are_readings_of_their_own(tmp_path: Path) -> None:
    rows = "ปีงบประมาณ,คะแนน,ระดับ\n2565,85.44,A\n2566,90.10,ผ่านดี\n"
    readings = read_all(tmp_path, rows, "years.csv")
    found = [(r.fiscal_year, score(r, "overall"), r.levels[0].text) for r in readings]
    assert found == [(2566, "90.10", "ผ่านดี"), (2565, "85.44", "A")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("รายงาน MOIT ของโรงพยาบาลสมมติ\nMOIT 1 วางระบบ MOIT 2 เปิดเผย MOIT 3 รายงาน MITAS", "MOIT"),
        ("ผลการประเมินคุณธรรมและความโปร่งใสของสถานศึกษาออนไลน์ (ITA Online) 2566\nโรงเรียนสมมติ IIT EIT OIT ตัวชี้วัดที่ 1 90.11", "schools"),
        ("ผลการประเมินประสิทธิภาพขององค์กรปกครองส่วนท้องถิ่น (Local Performance Assessment: LPA) ด้านที่ 1 ร้อยละ 90.11", "LPA"),
        ("รายงาน PMQA 4.0 ประจำปี 2567 หมวด 1 PMQA หมวด 2 PMQA หมวด 3", "PMQA"),
    ],
)  # fmt: skip
def test_reports_of_other_schemes_are_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        read_all(tmp_path, text)
    [problem] = caught.value.problems
    assert problem.code == "reading.other_scheme"
    assert named in problem.en


@pytest.mark.parametrize(
    "aside",
    [
        "ทั้งนี้ หน่วยงานได้รับการประเมิน LPA ด้วย และนำผล LPA มาประกอบ",
        "ประชาสัมพันธ์ให้ผู้ปกครองของโรงเรียนในสังกัดทราบถึงการประเมิน ITA Online",
        "โรงพยาบาลส่งเสริมสุขภาพตำบลรายงาน MOIT 1 MOIT 2 MOIT 3 ให้กระทรวงสาธารณสุข",
        "การประเมิน PMQA PMQA PMQA เป็นอีกเรื่องหนึ่ง",
    ],
)
def test_a_report_that_mentions_another_scheme_is_not_refused(tmp_path: Path, aside: str) -> None:
    text = covered(f"ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ ได้คะแนน 90.11 คะแนน IIT EIT OIT\n{aside}")
    assert score(read_text(tmp_path, text), "1") == "90.11"
