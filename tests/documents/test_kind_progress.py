"""The progress report: summary, details per indicator, the sheet to key in, proof."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from document_sample import PNG
from report_sample import (
    all_measures,
    arabic,
    cells,
    example,
    example_progress,
    head,
    items,
    made,
    named,
    plan,
    request,
    texts,
    titles,
    with_head,
)

from prongsai.documents.request import Person, Request
from prongsai.documents.tree import Cell, Document, Paragraph, Picture, Run, Signature
from prongsai.documents.walk import cell_text, tables
from prongsai.errors import InputError
from prongsai.improvement.model import Progress

COLUMNS = (
    "ข้อบกพร่อง/จุดอ่อนและคะแนน",
    "สิ่งที่ผลการประเมินแสดงให้เห็น",
    "มาตรการ",
    "ขั้นตอนหรือวิธีการ",
    "ผู้รับผิดชอบ",
    "ผลการดำเนินการตามมาตรการ",
)
SHEET = "แผ่นข้อมูลสำหรับกรอกในระบบ E-Plan"
ORDER = {"kind": "order", "number": "12/2569", "date": "2026-02-03", "subject": "แต่งตั้งคณะทำงานสมมติ"}
ENTRIES = [
    {
        "measure": "m1",
        "status": "done",
        "done": [
            {"text": "ทำสิ่งแรก", "date": "2026-01-05"},
            {"text": "ทำสิ่งที่สอง", "date": "2026-02-01", "end": "2026-02-28"},
        ],
        "result": "ผลดีขึ้น",
        "proof": [
            ORDER,
            {"kind": "link", "title": "หน้าเว็บ", "url": "https://example.go.th/ita?y=2569"},
            {"kind": "picture", "title": "ภาพประชุม", "path": "รูป/ประชุม.png"},
            {"kind": "picture", "title": "ภาพหาย", "path": "C:\\users\\me\\หาย.png"},
        ],
    },
    {"measure": "m2", "status": "done", "proof": [ORDER]},
    {"measure": "m3", "status": "not_started", "obstacles": "ยังไม่มีงบ"},
]


def progress(kind: str = "measures", **keys: Any) -> Progress:
    return Progress.model_validate({"plan": plan(kind=kind), "measures": ENTRIES} | keys)


def wanted(found: Progress | None = None, **keys: Any) -> Request:
    made_request = request("progress", None, overall=92, items=items(2568, i1=84.99, o6=0))
    pictures = {"รูป/ประชุม.png": PNG}
    return replace(made_request, progress=found or progress(), pictures=pictures, **keys)


def flat(document: Document) -> str:
    return "\n".join(texts(document))


def detail_lines(document: Document) -> list[str]:
    found = [cell_text(cell) for table in with_head(document, *COLUMNS) for cell in cells(table)]
    return [line for text in found for line in text.split("\n")]


def test_sections_in_order() -> None:
    document = made(wanted())
    assert titles(document) == ["สรุปผลการดำเนินการ", "ผลการดำเนินการรายมาตรการ", "ภาคผนวก หลักฐานประกอบการดำเนินการ"]
    assert [text.rpartition("(")[2] for text in titles(document, 2) if text.endswith("T)")] == ["IIT)", "EIT)", "OIT)"]
    assert titles(document, 3)[:2] == ["ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่", "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร"]
    assert [section.landscape for section in document.sections[2:]] == [False, True, False]


def test_opening_says_years_and_round() -> None:
    text = flat(made(wanted(progress(as_of="2026-09-30"))))
    assert "ประจำปีงบประมาณ พ.ศ.\u00a02568" in text
    assert "ดำเนินการในปีงบประมาณ พ.ศ.\u00a02569 ซึ่งเปิดเผยเป็นข้อ o25 ปีงบประมาณ พ.ศ.\u00a02569" in text
    assert "รายงานสิ้นปี ข้อมูล ณ วันที่ 30\u00a0กันยายน\u00a02569" in text
    six = flat(made(wanted(progress("action_plan", months=6))))
    assert "รอบ 6 เดือน" in six
    assert "รายงานสิ้นปี" not in six
    assert "รอบ 12 เดือน" in flat(made(wanted(progress("action_plan"))))


def test_summary_by_status() -> None:
    rows = [[cell_text(cell) for cell in row] for row in named(made(wanted()), "สรุปตามสถานะ").rows]
    assert rows == [
        ["ดำเนินการแล้ว", "2", "50.00"],
        ["อยู่ระหว่างดำเนินการ", "0", "0.00"],
        ["ยังไม่ดำเนินการ", "2", "50.00"],
        ["รวม", "4", "100.00"],
    ]


def test_share_is_held_against_the_target_for_action_plans_only() -> None:
    assert "ร้อยละ 80" not in flat(made(wanted()))
    assert "คิดเป็นร้อยละ 50.00 ยังไม่ถึงเป้าหมาย" in flat(made(wanted(progress("action_plan"))))
    done = [{"measure": measure.id, "status": "done"} for measure in all_measures(plan())]
    assert "คิดเป็นร้อยละ 100.00 ถึงเป้าหมาย" in flat(made(wanted(progress("action_plan", measures=done))))


def test_every_measure_step_and_unit_stands_once() -> None:
    document = made(wanted())
    lines = detail_lines(document)
    for measure in all_measures(plan()):
        assert lines.count(measure.title) == 1
        for step in measure.steps:
            assert sum(step.text in line for line in lines) == 1
    assert [line for line in lines if line.startswith("ขั้นตอนที่")] == [
        "ขั้นตอนที่\u00a01–2: กองหนึ่ง",
        "ขั้นตอนที่\u00a03: กองสอง",
    ]
    assert "1) ขั้นตอนกอหนึ่ง (ตลอดปีงบประมาณ)" in lines
    assert "2) ขั้นตอนกอสอง (ไตรมาสสอง)" in lines
    assert "1) ขั้นตอนคอ" in lines
    assert lines.count("ระยะเวลา: ยังไม่กำหนด") == 1
    assert lines.count("ยังไม่กำหนดมาตรการ") == 1
    assert any("84.99\u00a0คะแนน" in line for line in lines)


def test_the_topic_stands_above_the_items() -> None:
    cell = next(text for text in map(cell_text, all_cells(made(wanted()))) if "84.99" in text)
    assert cell.split("\n")[0] == "เรื่องหนึ่ง"


def all_cells(document: Document) -> list[Cell]:
    return [cell for table in with_head(document, *COLUMNS) for cell in cells(table)]


def test_lead_says_round_day_and_results() -> None:
    half = made(wanted(progress("action_plan", months=6, as_of="2026-03-31")))
    assert half.lead == (
        "รอบ 6 เดือน",
        "ข้อมูล ณ วันที่ 31\u00a0มีนาคม\u00a02569",
        "จากผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ ประจำปีงบประมาณ พ.ศ.\u00a02568",
    )
    assert made(wanted(digits="thai")).lead[-1].endswith("พ.ศ.\u00a0๒๕๖๘")


def test_a_relative_path_is_kept() -> None:
    paths = ["งาน/2569/บันทึก.pdf", "งาน\\บันทึก.pdf", "/home/me/บันทึก.pdf", "~/บันทึก.pdf"]
    proof = [{"kind": "file", "path": path} for path in paths]
    found = progress(measures=[{"measure": "m1", "status": "done", "proof": proof}])
    rows = named(made(wanted(found)), "รายการหลักฐาน").rows
    names = [cell_text(row[2]).removeprefix("ไฟล์ ") for row in rows]
    assert names == [*paths[:2], "บันทึก.pdf", "บันทึก.pdf"]


def test_result_in_words_with_dates_obstacles_and_proof() -> None:
    lines = detail_lines(made(wanted()))
    assert "1) ทำสิ่งแรก (5\u00a0ม.ค.\u00a02569)" in lines
    assert "2) ทำสิ่งที่สอง (1\u00a0ก.พ.\u00a02569 – 28\u00a0ก.พ.\u00a02569)" in lines
    assert "ผลที่ได้: ผลดีขึ้น" in lines
    assert "ปัญหาอุปสรรค: ยังไม่มีงบ" in lines
    assert "หลักฐาน: เอกสารหมายเลข 1, 2, 3, 4" in lines
    assert "หลักฐาน: เอกสารหมายเลข 1" in lines  # the same order for a second measure
    assert "ไม่ได้บันทึกรายละเอียดสิ่งที่ดำเนินการ" in lines
    unreported = Progress.model_validate({"plan": plan(), "measures": []})
    assert detail_lines(made(wanted(unreported))).count("ยังไม่ดำเนินการ") == 4


def test_annex_of_proof() -> None:
    document = made(wanted())
    rows = named(document, "รายการหลักฐาน").rows
    assert [cell_text(row[0]) for row in rows] == ["1", "2", "3", "4"]
    assert cell_text(rows[0][2]) == "ที่ 12/2569 ลงวันที่ 3\u00a0กุมภาพันธ์\u00a02569 เรื่อง แต่งตั้งคณะทำงานสมมติ"
    assert cell_text(rows[0][3]) == "มาตรการกอ\nมาตรการขอ"
    (link,) = [run for run in runs_of(rows[1][2]) if run.link]
    assert link.link == link.text == "https://example.go.th/ita?y=2569"
    assert cell_text(rows[3][2]) == "ภาพหาย\nไฟล์ หาย.png\nไม่พบไฟล์ภาพ"
    (picture,) = [b for section in document.sections for b in section.blocks if isinstance(b, Picture)]
    assert picture.data == PNG
    assert picture.caption == "เอกสารหมายเลข 3 ภาพประชุม"
    assert picture.alternative == "ภาพประชุม"


def runs_of(cell: Cell) -> list[Run]:
    assert isinstance(cell.text, tuple)
    paragraphs = [part for part in cell.text if isinstance(part, Paragraph)]
    return [run for paragraph in paragraphs if isinstance(paragraph.text, tuple) for run in paragraph.text]


def test_only_web_addresses_become_links() -> None:
    proof = [{"kind": "link", "url": "javascript:alert(1)"}, {"kind": "order", "number": "1/2569"}, {"kind": "file"}]
    found = progress(measures=[{"measure": "m1", "status": "done", "proof": proof}])
    rows = named(made(wanted(found)), "รายการหลักฐาน").rows
    assert [run.link for run in runs_of(rows[0][2])] == [None]
    assert "ยังไม่ระบุวันที่" in cell_text(rows[1][2])
    assert cell_text(rows[2][2]) == "ยังไม่ระบุรายละเอียด"


def test_no_proof_is_said() -> None:
    found = progress(measures=[{"measure": "m1", "status": "done", "done": [{"text": "ทำแล้ว"}]}])
    document = made(wanted(found))
    assert "หลักฐาน: ยังไม่มีหลักฐานแนบ" in detail_lines(document)
    assert "ยังไม่มีหลักฐานแนบในรายงานฉบับนี้" in flat(document)


def test_sheet_to_key_in_for_action_plans() -> None:
    document = made(wanted(progress("action_plan")))
    assert SHEET in titles(document)
    table = named(document, SHEET)
    assert head(table) == ["ลำดับ", "มาตรการ/โครงการ", "งบประมาณ", "สถานะ", "ผลการดำเนินงาน", "ปัญหาอุปสรรค"]
    rows = [[cell_text(cell) for cell in row] for row in table.rows]
    assert [row[:4] for row in rows] == [
        ["1", "มาตรการกอ", "20,000", "ดำเนินการแล้ว"],
        ["2", "มาตรการขอ", "–", "ดำเนินการแล้ว"],
        ["3", "มาตรการคอ", "–", "ยังไม่ดำเนินการ"],
        ["4", "มาตรการงอ", "–", "ยังไม่ดำเนินการ"],
    ]
    assert rows[2][5] == "ยังไม่มีงบ"
    assert "ยังไม่เป็นที่ทราบ" in flat(document)
    assert SHEET not in titles(made(wanted()))


def test_author_signs() -> None:
    base = wanted()
    signed = replace(base, letter=replace(base.letter, author=Person("นักวิเคราะห์สมมติ")))
    found = [b for section in made(signed).sections for b in section.blocks if isinstance(b, Signature)]
    assert [signature.position for signature in found] == [("นักวิเคราะห์สมมติ", "ผู้รายงาน")]


def test_without_progress_the_error_says_what_to_run() -> None:
    with pytest.raises(InputError) as caught:
        made(request("progress", None))
    assert "prongsai progress" in caught.value.problems[0].next_th


def test_progress_on_other_results_is_refused() -> None:
    with pytest.raises(InputError, match="ita-2567"):
        made(wanted(Progress(plan=plan(2567))))


def test_a_plan_without_measures() -> None:
    empty = Progress(plan=plan(points=[], kind="action_plan"))
    text = flat(made(wanted(empty)))
    assert "แผนยังไม่มีมาตรการที่จะรายงาน" in text
    assert "แผนยังไม่มีมาตรการที่จะกรอก" in text


@pytest.mark.parametrize("name", ["krokkaeo-2562", "thatalat-2566"])
def test_real_examples(name: str) -> None:
    base = example(name, "progress", None, digits="thai")
    document = made(replace(base, progress=example_progress(name)))
    assert arabic(document) == []
    assert base.plan
    lines = detail_lines(document)
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    for measure in all_measures(base.plan):
        assert lines.count(measure.title.translate(thai)) == 1
    assert sum(1 for table, _ in tables(document)) >= 3
