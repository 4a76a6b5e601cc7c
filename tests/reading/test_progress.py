"""Progress read from ticked columns, result columns and told results, with its proof."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cases import case, invented
from mirror import entry, read_back, structure

from prongsai.documents.request import Request
from prongsai.improvement.files import read_progress
from prongsai.improvement.model import MeasureProgress, Progress
from prongsai.reading.measures.citations import citations
from prongsai.reading.measures.draft import Report
from prongsai.reading.measures.reports import told
from prongsai.reading.model import Reading
from prongsai.scoring.results import load_results
from prongsai.scoring.score import score

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = "รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2569\nเทศบาลตำบลตัวอย่าง\n\n"


def progress_of(reading: Reading) -> Progress:
    assert reading.progress is not None
    return reading.progress


# --- the real reports


def test_every_told_result_is_progress() -> None:
    found, wanted = progress_of(case("001")), read_progress(EXAMPLES / "thatalat-2566" / "progress.yaml")
    assert [one.status for one in found.measures] == [one.status for one in wanted.measures]
    assert (found.months, found.as_of) == (12, None)
    assert all(one.done for one in found.measures)


def test_the_order_is_proof_of_both_measures_that_cite_it() -> None:
    cited = [(one.measure, proof) for one in progress_of(case("001")).measures for proof in one.proof]
    assert [(measure, proof.kind, proof.number, proof.date) for measure, proof in cited] == [
        ("p8m1", "order", "149/2566", dt.date(2020, 3, 3)),
        ("p9m1", "order", "149/2566", None),
    ]
    assert "149" not in progress_of(case("001")).measures[7].done[0].text


def test_a_ticked_plan_is_progress_without_deeds() -> None:
    found = progress_of(case("003"))
    assert [(one.status, one.done, one.proof) for one in found.measures] == [("done", [], [])] * 5


@pytest.mark.parametrize("number", ["000", "002", "004"])
def test_a_plan_that_reports_nothing_has_no_progress(number: str) -> None:
    assert case(number).progress is None


# --- invented twins


def test_result_and_status_columns(tmp_path: Path) -> None:
    text = (
        HEAD + "ที่\tตัวชี้วัด\tมาตรการ\tผู้รับผิดชอบ\tสถานะ\tผลการดำเนินงาน\tปัญหาอุปสรรค\n"
        "1\tการใช้งบประมาณ\tแจ้งแผน\tกองคลัง\tดำเนินการแล้ว\t1) ประชุมเมื่อวันที่ 15 มกราคม 2569 2) ลงเว็บไซต์\t-\n"
        "2\tการใช้อำนาจ\tทำเกณฑ์\tกองกลาง\tอยู่ระหว่างดำเนินการ\tร่างเกณฑ์แล้ว\tขาดคน\n"
        "3\tการปฏิบัติหน้าที่\tอบรม\tกองกลาง\tยังไม่ดำเนินการ\t\tไม่มีงบ\n"
    )
    first, second, third = progress_of(invented(tmp_path, text)).measures
    assert first.status == "done"
    assert [deed.date for deed in first.done] == [dt.date(2026, 1, 15), None]
    assert (second.status, second.obstacles) == ("in_progress", "ขาดคน")
    assert (third.status, third.obstacles, third.done) == ("not_started", "ไม่มีงบ", [])


def test_told_results_that_are_not_yet_done(tmp_path: Path) -> None:
    text = (
        HEAD + "รอบ 6 เดือน\nตัวชี้วัดที่ 3 การใช้อำนาจ\nมาตรการ : ทำเกณฑ์การประเมิน\nผู้รับผิดชอบ\nกองกลาง\n"
        "ผลการดำเนินการตามมาตรการ\nอยู่ระหว่างดำเนินการ\nปัญหา/อุปสรรค : รอระเบียบใหม่\n"
    )
    found = progress_of(invented(tmp_path, text))
    assert found.months == 6
    (one,) = found.measures
    assert (one.status, one.obstacles) == ("in_progress", "รอระเบียบใหม่")


def test_a_deed_keeps_its_span() -> None:
    (deed,) = told(Report(result="อบรมเจ้าหน้าที่ (1 ก.พ. 2569 – 28 ก.พ. 2569)")).done
    assert (deed.text, deed.date, deed.end) == ("อบรมเจ้าหน้าที่", dt.date(2026, 2, 1), dt.date(2026, 2, 28))


@pytest.mark.parametrize(
    ("text", "kind", "number", "date"),
    [
        ("คำสั่งเทศบาล ที่ 12/2569 ลงวันที่ 3 กุมภาพันธ์ 2569 เรื่อง แต่งตั้งคณะทำงาน", "order", "12/2569", dt.date(2026, 2, 3)),
        ("หนังสือจังหวัด ที่ กท 0808.2/ว 1234 ลงวันที่ ๕ ม.ค. ๒๕๖๙", "letter", "กท 0808.2/ว 1234", dt.date(2026, 1, 5)),
        ("ที่ ๗/๒๕๖๙ ลงวันที่", "order", "7/2569", None),
        ("รายงานการประชุม ครั้งที่ 2/2569 เมื่อวันที่ 9 มกราคม 2569", "minutes", "2/2569", dt.date(2026, 1, 9)),
    ],
)
def test_cited_documents(text: str, kind: str, number: str, date: dt.date | None) -> None:
    (found,) = citations(text)
    assert (found.kind, found.number, found.date) == (kind, number, date)


@pytest.mark.parametrize("text", ["ตัวชี้วัดที่ 3 การใช้อำนาจ", "ประเด็นที่ 1/7", "ส่วนที่ 2", "วันที่ 3 มีนาคม 2569"])
def test_other_numbers_are_no_documents(text: str) -> None:
    assert list(citations(text)) == []


# --- the mirror


@pytest.mark.parametrize("form", ["docx", "html", "xlsx", "pdf"])
@pytest.mark.parametrize("name", ["krokkaeo-2562", "thatalat-2566"])
def test_progress_comes_back(name: str, form: str, tmp_path: Path) -> None:
    wanted = read_progress(EXAMPLES / name / "progress.yaml")
    sheet = score(load_results(EXAMPLES / name / "results.yaml"))
    reading = read_back(Request(kind="progress", sheet=sheet, plan=wanted.plan, progress=wanted), form, tmp_path)
    found = progress_of(reading)
    assert list(map(entry, found.measures)) == list(map(entry, wanted.measures))
    titles = [[measure[0] for measure in point] for point in structure(found.plan)]
    assert titles == [[measure[0] for measure in point] for point in structure(wanted.plan)]
    assert (found.months, found.as_of) == (wanted.months, wanted.as_of)


@pytest.mark.parametrize("digits", ["arabic", "thai"])
@pytest.mark.parametrize("kind", ["measures", "action_plan"])
def test_every_kind_of_entry_comes_back(kind: str, digits: Any, tmp_path: Path) -> None:
    wanted = read_progress(EXAMPLES / "thatalat-2566" / "progress.yaml")
    entries = [
        {"status": "done", "done": [{"text": "ทำแล้ว", "date": "2024-01-05", "end": "2024-01-09"}], "result": "ดีขึ้น",
         "proof": [{"kind": "minutes", "number": "2/2567", "date": "2024-01-09", "subject": "ประชุมพนักงาน"},
                   {"kind": "link", "title": "หน้าเว็บ", "url": "https://example.go.th/ita"}]},
        {"status": "in_progress", "done": [{"text": "ร่างแล้ว"}, {"text": "เวียนแล้ว"}], "obstacles": "รอระเบียบ"},
        {"status": "not_started", "obstacles": "ไม่มีงบ"},
    ]  # fmt: skip
    measures = [
        MeasureProgress.model_validate({"measure": old.measure, **new})
        for old, new in zip(wanted.measures, entries, strict=False)
    ]
    plan = wanted.plan.model_copy(update={"kind": kind})
    given = wanted.model_copy(update={"plan": plan, "measures": measures})
    sheet = score(load_results(EXAMPLES / "thatalat-2566" / "results.yaml"))
    request = Request(kind="progress", sheet=sheet, plan=plan, progress=given, digits=digits)
    found = progress_of(read_back(request, "docx", tmp_path))
    assert found.plan.kind == kind
    assert list(map(entry, found.measures[:3])) == list(map(entry, measures))
    assert len(found.measures) == len(wanted.measures)
