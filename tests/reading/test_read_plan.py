"""Plans read from tables and told under labels: counts, items, units, periods and places."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cases import case, invented
from mirror import read_back, rest, structure

from prongsai.analysis.findings import findings
from prongsai.documents.request import Request
from prongsai.framework import for_year
from prongsai.improvement.draft import draft_plan
from prongsai.improvement.files import read_plan
from prongsai.improvement.model import Measure, Period, Plan
from prongsai.reading.measures.cells import trailing_periods
from prongsai.reading.measures.lists import listing
from prongsai.reading.measures.periods import period, periods, spans
from prongsai.reading.measures.units import by_step, unit_groups, units
from prongsai.reading.model import Reading
from prongsai.reading.read import read_file
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score
from prongsai.simulation.agency import Spec, simulate
from prongsai.thai.text import squeeze

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = "ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2568 เทศบาลตำบลตัวอย่าง\n\n"


def plan_of(reading: Reading) -> Plan:
    assert reading.plan is not None, reading.unread
    return reading.plan


def measures(plan: Plan) -> list[Measure]:
    return [measure for point in plan.points for measure in point.measures]


def spell(start: str, end: str) -> Period:
    return Period(start=start, end=end)


# --- the real reports against the examples written from them


REAL = [
    ("000", "bangpla-2567"),
    ("001", "thatalat-2566"),
    ("002", "takbai-2565"),
    ("003", "krokkaeo-2562"),
    ("004", "sisaket-2568"),
]


@pytest.mark.parametrize(("number", "name"), REAL)
def test_a_real_report_has_the_points_measures_and_steps_of_its_example(number: str, name: str) -> None:
    found, wanted = plan_of(case(number)), read_plan(EXAMPLES / name / "plan.yaml")
    assert [len(point.measures) for point in found.points] == [len(point.measures) for point in wanted.points]
    steps = [sum(len(measure.steps) for measure in point.measures) for point in found.points]
    assert steps == [sum(len(measure.steps) for measure in point.measures) for point in wanted.points]
    assert (found.result_year, found.framework) == (wanted.result_year, wanted.framework)


@pytest.mark.parametrize(
    ("number", "name"), [("000", "bangpla-2567"), ("001", "thatalat-2566"), ("002", "takbai-2565")]
)
def test_items_are_those_of_the_example(number: str, name: str) -> None:
    found, wanted = plan_of(case(number)), read_plan(EXAMPLES / name / "plan.yaml")
    assert [set(point.items) for point in found.points] == [set(point.items) for point in wanted.points]


@pytest.mark.parametrize(
    ("number", "name"), [("001", "thatalat-2566"), ("003", "krokkaeo-2562"), ("004", "sisaket-2568")]
)
def test_indicators_are_those_of_the_example(number: str, name: str) -> None:
    found, wanted = plan_of(case(number)), read_plan(EXAMPLES / name / "plan.yaml")
    assert [point.indicators for point in found.points] == [point.indicators for point in wanted.points]


def _units(plan: Plan) -> list[set[str]]:
    return [{squeeze(u) for m in point.measures for step in m.steps for u in step.units} for point in plan.points]


@pytest.mark.parametrize(("number", "name"), [pair for pair in REAL if pair[0] not in ("001", "002")])
def test_units_are_those_of_the_example(number: str, name: str) -> None:
    assert _units(plan_of(case(number))) == _units(read_plan(EXAMPLES / name / "plan.yaml"))


def _dates(plan: Plan) -> list[set[tuple[dt.date | None, dt.date | None]]]:
    return [
        {(s.period.start, s.period.end) for m in point.measures for s in m.steps if s.period and s.period.start}
        for point in plan.points
    ]


@pytest.mark.parametrize(("number", "name"), REAL)
def test_periods_are_those_of_the_example(number: str, name: str) -> None:
    assert _dates(plan_of(case(number))) == _dates(read_plan(EXAMPLES / name / "plan.yaml"))


def test_measures_stand_under_four_of_the_seven_aspects() -> None:
    assert case("000").aspect_measures == [1, 2, 3, 4]


def test_a_plan_that_is_ticked_done_says_so() -> None:
    assert set(case("003").ticks.values()) == {True}
    assert len(case("003").ticks) == 5


def test_days_have_owner_and_purpose() -> None:
    days = [day for day in case("002").days if day.owner]
    assert any(day.purpose == "report" and day.end == dt.date(2023, 10, 31) for day in days)
    assert any(day.start == dt.date(2021, 10, 1) and day.purpose == "period" for day in days)


@pytest.mark.parametrize("number", [number for number, _ in REAL])
def test_every_point_measure_and_step_has_a_place(number: str) -> None:
    reading = case(number)
    for point in plan_of(reading).points:
        assert point.id in reading.places
        for measure in point.measures:
            assert measure.id in reading.places
            assert all(f"{measure.id}s{n}" in reading.places for n in range(1, len(measure.steps) + 1))


# --- invented twins of each table


def test_table_by_aspect(tmp_path: Path) -> None:
    text = (
        HEAD + "ประเด็นที่ ๑ กระบวนการปฏิบัติงานที่โปร่งใส\n\n"
        "ประเด็นที่ต้องยกระดับ การประเมิน\tมาตรการ โครงการ หรือกิจกรรม\tขั้นตอนหรือวิธีปฏิบัติ\t"
        "ช่วงระยะเวลา\tผู้รับผิดชอบ\n"
        "กระบวนการปฏิบัติงานที่โปร่งใส\tทำคู่มือ\t- ตั้งคณะทำงาน - ยกร่างคู่มือ\t๑ ต.ค. ๖๘ – ๓๐ ก.ย. ๖๙\tทุกส่วนราชการ\n"
    )
    reading = invented(tmp_path, text)
    (point,) = plan_of(reading).points
    assert point.topic == "กระบวนการปฏิบัติงานที่โปร่งใส"
    assert reading.aspect_measures == [1]
    (measure,) = point.measures
    assert [step.text for step in measure.steps] == ["ตั้งคณะทำงาน", "ยกร่างคู่มือ"]
    assert all(step.units == ["ทุกส่วนราชการ"] for step in measure.steps)
    assert measure.steps[0].period == spell("2025-10-01", "2026-09-30")


INDICATOR_HEAD = "ตัวชี้วัด\tมาตรการ/โครงการ/กิจกรรม\tผลการวิเคราะห์ตัวชี้วัด\tขั้นตอน/วิธีปฏิบัติ\tผู้รับผิดชอบ\tวัน เดือน ปี ที่ดำเนินการ\n"


def test_table_by_indicator_over_two_pages(tmp_path: Path) -> None:
    when = "1 เมษายน 2569 ถึง 30 กันยายน 2569"
    text = (
        HEAD + INDICATOR_HEAD + "1. การปฏิบัติ หน้าที่\tทำคู่มือ\tควรมีคู่มือ ให้ครบ\t"
        "1. ตั้งคณะ 2. ร่างคู่มือและเสนอ\tกองกลาง\t" + when + "\n\n"
        + INDICATOR_HEAD + "\tเล่มที่สอง\tทุกงาน\tให้ผู้บริหารเห็นชอบ\t\t\n\t2. อบรม\t\t1. เชิญวิทยากร 2. จัดอบรม\t\t" + when + "\n"
    )  # fmt: skip
    (point,) = plan_of(invented(tmp_path, text)).points
    assert point.indicators == ["1"]
    assert point.finding == "ควรมีคู่มือ ให้ครบ ทุกงาน"
    assert [measure.title for measure in point.measures] == ["ทำคู่มือ เล่มที่สอง", "อบรม"]
    first, second = point.measures
    assert [step.text for step in first.steps] == ["ตั้งคณะ", "ร่างคู่มือและเสนอ ให้ผู้บริหารเห็นชอบ"]
    assert second.steps[0].units == ["กองกลาง"]  # the cell above is merged


def test_several_measures_steps_units_and_months_in_one_row(tmp_path: Path) -> None:
    text = (
        HEAD + "หัวข้อการประเมิน\tมาตรการ/กิจกรรม/โครงการ\tขั้นตอน หรือวิธีปฏิบัติ\tผู้รับผิดชอบ /ผู้เกี่ยวข้อง\t"
        "วันดำเนินการ\tการกำกับติดตาม/การรายงานผล\n"
        "- ข้อ i1 เรื่องหนึ่ง - ข้อ i2 เรื่องสอง\t- อบรม - ยกย่อง\t๑. จัดอบรม ๒. คัดเลือกผู้ที่ยกย่อง\t"
        "สำนักปลัด กองคลัง\tมีนาคม ๖๙ เม.ย.-ก.ย.๖๙\tรายงานผล\n"
    )
    (point,) = plan_of(invented(tmp_path, text)).points
    assert point.items == ["i1", "i2"]
    first, second = point.measures
    assert (first.steps[0].units, second.steps[0].units) == (["สำนักปลัด"], ["กองคลัง"])
    assert second.steps[0].period == spell("2026-04-01", "2026-09-30")
    assert [measure.monitoring for measure in point.measures] == ["รายงานผล", "รายงานผล"]


def test_table_of_weak_points_with_ticks_under_two_heads(tmp_path: Path) -> None:
    text = (
        HEAD + "ด้าน IIT พบว่าตัวชี้วัดด้านการใช้งบประมาณ มีค่าต่ำสุด\n\n"
        "ประเด็นที่เป็นข้อบกพร่อง/จุดอ่อน\tแนวทางการนำผลการวิเคราะห์ไปสู่การปฏิบัติ\tมาตรการ\tผู้รับผิดชอบ\tการกำกับติดตาม\t\n"
        "\t\t\t\tดำเนินการแล้ว\tยังไม่ดำเนินการ\n"
        "บุคลากรไม่รู้แผน\t๑. ทำแผนให้สั้น ๒. แจ้งแผน\t๑. มาตรการแจ้งแผน\t๑. กองคลัง ๒. สำนักปลัด\t\t√\n"
    )
    reading = invented(tmp_path, text)
    (point,) = plan_of(reading).points
    assert point.indicators == ["2"]
    assert [step.text for step in point.measures[0].steps] == ["ทำแผนให้สั้น", "แจ้งแผน"]
    assert point.measures[0].steps[0].units == ["กองคลัง", "สำนักปลัด"]
    assert reading.ticks == {"p1m1": False}


def test_measures_told_under_labels(tmp_path: Path) -> None:
    text = (
        HEAD + "ตัวชี้วัดที่ 2 การใช้งบประมาณ\nข้อบกพร่อง\n"
        "ข้อ i4 หน่วยงานใช้จ่ายตรงวัตถุประสงค์ ผลการประเมิน เท่ากับ 70.00 คะแนน\n"
        "แสดงให้เห็นว่าบุคลากรไม่รู้แผน ดังนั้น ควรแจ้งแผน (อ้างอิงจาก o5)\nมาตรการ : แจ้งแผนทุกเดือน\nขั้นตอนหรือวิธีการ\n"
        "1) ทำแผน\n2) แจ้งแผนในที่\nประชุม\nผู้รับผิดชอบ\n-กองคลัง\n-สำนักปลัด\nระยะเวลา : ต.ค. ๖๘ - ธ.ค. ๖๘\n"
    )
    (point,) = plan_of(invented(tmp_path, text)).points
    assert (point.items, point.indicators) == (["i4"], ["2"])
    assert point.guideline == "ควรแจ้งแผน (อ้างอิงจาก o5)"
    (measure,) = point.measures
    assert [step.text for step in measure.steps] == ["ทำแผน", "แจ้งแผนในที่ ประชุม"]
    assert measure.steps[1].units == ["กองคลัง", "สำนักปลัด"]
    assert measure.steps[1].period == spell("2025-10-01", "2025-12-31")


def test_other_words_for_the_same_columns(tmp_path: Path) -> None:
    text = (
        HEAD + "ลำดับ\tจุดที่ต้องพัฒนา\tโครงการ/กิจกรรม\tวิธีดำเนินการ\tหน่วยงานรับผิดชอบ\tระยะเวลาดำเนินงาน\n"
        "1\tข้อ e5 การประชาสัมพันธ์\tเพิ่มช่องทาง\t1) เปิดเพจ 2) ลงข่าว\tกองยุทธศาสตร์\tตลอดปีงบประมาณ\n"
    )
    (point,) = plan_of(invented(tmp_path, text)).points
    assert point.items == ["e5"]
    assert point.measures[0].steps[1].period == Period(text="ตลอดปีงบประมาณ")


def test_findings_that_stand_without_a_guideline_are_given_to_their_points(tmp_path: Path) -> None:
    html = """<p>แผนปฏิบัติการ ปีงบประมาณ พ.ศ. 2568 จากผลการประเมิน ITA ปีงบประมาณ พ.ศ. 2567</p>
    <table><tr><th>ตัวชี้วัด</th><th>ประเด็นการประเมิน</th><th>ประเด็นที่ควรพัฒนา</th></tr>
    <tr><td>ตัวชี้วัดที่ 3 การใช้อำนาจ</td><td>(1) ธุระส่วนตัว</td>
    <td><p>ข้อ i7 ได้ 75.93 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน</p><p>ข้อ i8 ได้ 84.24 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน</p></td></tr></table>
    <p>มาตรการส่งเสริมคุณธรรมและความโปร่งใส</p>
    <table><tr><th>ประเด็นที่ต้องพัฒนา</th><th>มาตรการ</th><th>ขั้นตอน</th><th>ผู้รับผิดชอบ</th><th>ระยะเวลา</th></tr>
    <tr><td>ข้อ i7</td><td>มาตรการหนึ่ง</td><td>ประชุมชี้แจง</td><td>สำนักปลัด</td><td>มกราคม 2568</td></tr>
    <tr><td>ข้อ i8</td><td>มาตรการสอง</td><td>ประกาศนโยบาย</td><td>กองคลัง</td><td>มีนาคม 2568</td></tr></table>"""
    (tmp_path / "plan.html").write_text(html, encoding="utf-8")
    (read,) = read_file(tmp_path / "plan.html")
    found = [(point.items, point.finding) for point in plan_of(read).points]
    assert found == [
        (["i7"], "ข้อ i7 ได้ 75.93 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน"),
        (["i8"], "ข้อ i8 ได้ 84.24 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน"),
    ]


def test_a_table_with_measures_that_is_not_understood_is_said(tmp_path: Path) -> None:
    reading = invented(tmp_path, HEAD + "มาตรการ\tสีแดง\tสีเขียว\nทำคู่มือ\tก\tข\nอบรม\tค\tง\n")
    assert reading.plan is None
    assert any("มาตรการ" in unread.text for unread in reading.unread)


def test_tables_of_contents_scores_and_counts_are_no_plan(tmp_path: Path) -> None:
    text = (
        HEAD + "เรื่อง\tหน้า\nมาตรการส่งเสริมคุณธรรม\t5\n\n"
        "สถานะ\tจำนวนมาตรการ\tร้อยละ\nดำเนินการแล้ว\t3\t60.00\nยังไม่ดำเนินการ\t2\t40.00\n"
    )
    assert invented(tmp_path, text).plan is None


# --- pieces


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1. ก 2. ข ดูข้อ 9.1 3. ค", ("ก", "ข ดูข้อ 9.1", "ค")),
        ("๑) ก\n๒) ข", ("ก", "ข")),
        ("(๑) ก (๒) ข", ("ก", "ข")),
        ("- ก - ข", ("ก", "ข")),
        ("- ทำใน ต.ค. - ธ.ค.", ("ทำใน ต.ค. - ธ.ค.",)),
        ("ทำ 2 ครั้ง", ("ทำ 2 ครั้ง",)),
        ("๒. ข\n- ย่อย\n๓. ค", ("ข - ย่อย", "ค")),
    ],
)
def test_lists(text: str, items: tuple[str, ...]) -> None:
    assert listing(text).items == items


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("กองคลัง ทุกสำนัก/กอง งานนิติการ สำนักปลัด", [["กองคลัง"], ["ทุกสำนัก/กอง"], ["งานนิติการ สำนักปลัด"]]),
        ("สำนักปลัด/กองคลัง", [["สำนักปลัด", "กองคลัง"]]),
        ("กองยุทธศาสตร์และแผนงาน ร่วมกับ กองช่าง", [["กองยุทธศาสตร์และแผนงาน", "กองช่าง"]]),
        ("๑. สำนักปลัด ๒. กองสาธารณสุขและสิ่งแวดล้อม", [["สำนักปลัด"], ["กองสาธารณสุขและสิ่งแวดล้อม"]]),
        ("ยังไม่กำหนด", []),
    ],
)
def test_units(text: str, groups: list[list[str]]) -> None:
    assert unit_groups(text) == groups


def test_units_said_by_step() -> None:
    text = "ขั้นตอนที่ ๑–๒: กองคลัง, กองช่าง\nขั้นตอนที่ ๓: ยังไม่กำหนด\nขั้นตอนที่ ๔: กองการศึกษา ศาสนา\nและวัฒนธรรม"
    assert by_step(text, 4) == [["กองคลัง", "กองช่าง"]] * 2 + [[], ["กองการศึกษา ศาสนา และวัฒนธรรม"]]
    assert by_step("กองคลัง", 2) is None


def test_periods_behind_steps() -> None:
    found = trailing_periods(["ก (ต.ค. 2568)", "ข (หลังประชุมสภา (สมัยสามัญ))", "ค (ยังไม่กำหนด)"])
    assert [one and (one[0], one[1].text) for one in found] == [
        ("ก", "ต.ค. 2568"),
        ("ข", "หลังประชุมสภา (สมัยสามัญ)"),
        ("ค", "ยังไม่กำหนด"),
    ]
    assert found[1]
    assert found[1][1].period == Period(text="หลังประชุมสภา (สมัยสามัญ)")
    assert trailing_periods(["ประชุมพนักงาน (ทุกคน)", "ลงเว็บไซต์ (หน้าแรก)"]) == [None, None]
    assert [bool(one) for one in trailing_periods(["ประชุม (ทุกคน)", "ลงเว็บไซต์", "รายงาน (ตลอดปี)"])] == [
        False,
        False,
        True,
    ]


def test_units_by_commas_keep_their_strokes() -> None:
    assert units("สำนัก/กองเจ้าของเรื่อง, กองคลัง") == ["สำนัก/กองเจ้าของเรื่อง", "กองคลัง"]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("๑ ต.ค. ๖๗ – ๓๐ ก.ย. ๖๘", "2024-10-01", "2025-09-30"),
        ("ต.ค. – ก.ย. ๖๙", "2025-10-01", "2026-09-30"),
        ("1 เมษายน 2569 ถึงวันที่ 30 กันยายน 2569", "2026-04-01", "2026-09-30"),
        ("เดือน มกราคม 2569", "2026-01-01", "2026-01-31"),
        ("1-15 มกราคม 2569", "2026-01-01", "2026-01-15"),
        ("1/10/2568 - 30/9/2569", "2025-10-01", "2026-09-30"),
        ("ต.ค. 2024 – ธ.ค. 2024", "2024-10-01", "2024-12-31"),
    ],
)
def test_periods_of_dates(text: str, start: str, end: str) -> None:
    assert period(text) == spell(start, end)


@pytest.mark.parametrize("text", ["ตลอดปีงบประมาณ", "ทุกเดือน ตลอดปีงบประมาณ", "ไตรมาสที่ 2 ปีงบประมาณ 2569", "ต.ค. - ธ.ค."])
def test_periods_in_words_stay_words(text: str) -> None:
    assert period(text) == Period(text=text)


def test_one_end_of_a_period() -> None:
    assert period("ภายใน 30 กันยายน 2569") == Period(end="2026-09-30")
    assert period("ยังไม่กำหนด") is None


def test_several_periods_in_one_cell() -> None:
    found = [when.period for when in periods("ก.พ.-เม.ย.๖๖ ตลอด ปีงบประมาณ ต.ค.๖๕")]
    assert found == [spell("2023-02-01", "2023-04-30"), Period(text="ตลอดปีงบประมาณ"), spell("2022-10-01", "2022-10-31")]


def test_impossible_days_are_no_dates() -> None:
    assert spans("31 กันยายน 2569") == []


# --- the mirror


FORMATS = ("docx", "html", "xlsx", "pdf")
LAYOUTS = ("aspects", "indicators", "strengths", "instruments")


def example(name: str, layout: str) -> Request:
    folder = EXAMPLES / name
    sheet = score(load_results(folder / "results.yaml"))
    return Request(kind="measures", sheet=sheet, layout=layout, plan=read_plan(folder / "plan.yaml"))


def drafted(year: int, seed: int, layout: str) -> Request:
    sheet = score(simulate(Spec(for_year(year), seed=seed, disclosed=0.8, quality=0.8)).results)
    return Request(kind="measures", sheet=sheet, layout=layout, plan=draft_plan(sheet, findings(sheet)))


def same_structure(request: Request, form: str, folder: Path) -> None:
    reading = read_back(request, form, folder)
    assert sorted(map(repr, structure(reading.plan))) == sorted(map(repr, structure(request.plan)))
    assert reading.plan is not None
    assert request.plan is not None
    assert reading.plan.action_year == request.plan.action_year


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["sisaket-2568", "bangpla-2567"])
def test_a_plan_comes_back_from_every_layout_and_format(name: str, layout: str, form: str, tmp_path: Path) -> None:
    same_structure(example(name, layout), form, tmp_path)


@pytest.mark.parametrize("form", ["docx", "html", "xlsx"])
@pytest.mark.parametrize(
    ("name", "layout"), [("takbai-2565", "indicators"), ("takbai-2565", "strengths"), ("krokkaeo-2562", "instruments")]
)
def test_plans_of_older_years_come_back(name: str, layout: str, form: str, tmp_path: Path) -> None:
    same_structure(example(name, layout), form, tmp_path)


@pytest.mark.parametrize("layout", ["aspects", "indicators", "strengths"])
@pytest.mark.parametrize(("year", "seed"), [(2567, 2), (2568, 1), (2569, 3)])
def test_a_drafted_plan_comes_back(year: int, seed: int, layout: str, tmp_path: Path) -> None:
    same_structure(drafted(year, seed, layout), "html", tmp_path)


def test_what_else_a_point_says_comes_back(tmp_path: Path) -> None:
    request = drafted(2568, 1, "aspects")
    reading = read_back(request, "docx", tmp_path)
    assert request.plan is not None
    assert reading.plan is not None
    found = {frozenset(point.items): rest(point) for point in reading.plan.points}
    for point in request.plan.points:
        wanted = rest(point) | {"indicators": set()}  # aspects say nothing of indicators
        assert found[frozenset(point.items)] == wanted
