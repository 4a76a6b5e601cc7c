"""Measures, their proof and what they answer: each rule with an example that fires and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hand_made import at, claim, found, nodes, plan, printed, reading, strength, values, weakness

from prongsai.improvement.model import Progress
from prongsai.improvement.proposals import proposals
from prongsai.reading.model import Evidence
from prongsai.reading.rules import fit

STEP = "ประชาสัมพันธ์เผยแพร่มาตรฐานทางจริยธรรมหรือประมวลจริยธรรมสำหรับเจ้าหน้าที่ทางเว็บไซต์"
COPIED = [
    "จัดให้มีช่องทางการสื่อสารเพื่ออำนวยความสะดวกให้แก่ประชาชนผู้รับบริการ",
    "จัดให้มีแบบสอบถามความพึงพอใจในการบริการของเจ้าหน้าที่ทุกส่วนราชการ",
    "เผยแพร่ผลการดำเนินงานและข้อมูลที่เป็นประโยชน์ให้เป็นปัจจุบันทางสื่อต่าง ๆ",
]


def test_a_failed_item_that_no_measure_names() -> None:
    made = reading(statements=[weakness("o6", "o27", indicator="9")])
    made.plan = plan(
        {"indicators": ["9"], "measures": {"มาตรการปรับปรุงการเปิดเผยข้อมูลสาธารณะ": ["ตั้งคณะทำงาน", "แก้ไขข้อ O27"]}}
    )
    assert nodes(made, "failed.unanswered") == [("o6",)]
    words = "จัดทำแผนและความก้าวหน้าในการดำเนินงานและการใช้งบประมาณประจำปีให้ครบองค์ประกอบ"
    made.plan = plan(
        {"indicators": ["9"], "measures": {"มาตรการเปิดเผยข้อมูล": [words]}}, {"items": ["o27"], "measures": {"ก": []}}
    )
    assert found(made, "failed.unanswered") == []


def test_a_weak_item_left_out_of_a_plan_by_items() -> None:
    made = reading(2565, values=values(("i25", "85.94"), ("i29", "83.14")), statements=[weakness("i25", "i29")])
    made.plan = plan({"items": ["i25", "i28"], "measures": {"มาตรการหนึ่ง": ["ทำ"]}}, result=2565, action=2566)
    [finding] = found(made, "weakness.unanswered")
    assert finding.nodes == ("i29",)
    assert "ต่ำที่สุดของตัวชี้วัดที่ 5" in finding.th
    made.plan = plan({"indicators": ["5"], "measures": {"มาตรการหนึ่ง": ["ทำ"]}}, result=2565, action=2566)
    assert found(made, "weakness.unanswered") == []


def test_a_list_of_what_is_below_names_weak_items_too() -> None:
    made = reading(2565, claims=[claim("all_below", ("i25", "i29"), "90", text="ที่ต้องพัฒนา ต่ำกว่าร้อยละ ๙๐")])
    made.plan = plan({"items": ["i25"], "measures": {"มาตรการหนึ่ง": ["ทำ"]}}, result=2565, action=2566)
    assert nodes(made, "weakness.unanswered") == [("i29",)]


def test_an_aspect_cut_off_is_said_once() -> None:
    made = reading(2567, statements=[weakness("i5"), weakness("o22")])
    made.aspects = {1: ["i1"], 5: ["i4", "i5"], 7: ["o22"]}
    made.aspect_measures = [1]
    made.plan = plan({"items": ["i1", "i4"], "measures": {"มาตรการหนึ่ง": ["ทำ"]}}, result=2567, action=2568)
    assert found(made, "weakness.unanswered") == []
    assert found(made, "failed.unanswered") == []
    assert nodes(made, "aspect.measures_missing") == [("aspect:5", "aspect:7")]
    made.aspect_measures = [1, 5, 7]
    assert found(made, "aspect.measures_missing") == []


def test_an_aspect_said_to_need_no_measure_is_not_missing() -> None:
    lines = ["ประเด็นที่ ๑", "ตารางข้อ", "ประเด็นที่ ๕", "ตารางข้อ", "ประเด็นที่ ๑", "ตารางมาตรการ", "ประเด็นที่ ๕"]
    keys = {"aspects": {1: ["i1"], 5: ["i4"]}, "aspect_measures": [1], "statements": [weakness("i4")]}
    places = {"aspect:1": at(2), "aspect:5": at(4), "aspect:1:measures": at(6)}
    said = [*lines, "ทุกข้อได้คะแนนเต็ม จึงไม่กำหนดมาตรการเพิ่มเติมในประเด็นนี้"]
    assert found(reading(2567, lines=said, places=places, **keys), "aspect.measures_missing") == []
    for cut in (lines, [*lines, "ประเด็นที่ ๖ กระบวนการควบคุมตรวจสอบการใช้อำนาจ"]):
        made = reading(2567, lines=cut, places=places, **keys)
        assert nodes(made, "aspect.measures_missing") == [("aspect:5",)]


def test_items_in_no_aspect() -> None:
    made = reading(2567)
    framework = made.framework
    assert framework is not None
    made.aspects = {aspect.number: list(aspect.items) for aspect in framework.aspects}
    assert nodes(made, "aspect.items_left_out") == [("o7", "o8", "o9", "o10")]
    made.aspects[3] += ["o7", "o8", "o9", "o10"]
    assert found(made, "aspect.items_left_out") == []
    made.aspects = {1: ["i1", "i2", "i3"]}  # a report on one aspect is not meant to be whole
    assert found(made, "aspect.items_left_out") == []


def test_a_plan_ticked_as_done() -> None:
    made = reading(2562, ticks={"p1m1": True, "p1m2": False}, action_year=2563)
    assert nodes(made, "plan.ticked_done") == [("p1m1",)]
    made.ticks = {"p1m1": False}
    assert found(made, "plan.ticked_done") == []
    made.ticks = {"p1m1": True}
    made.progress = progress_of(plan({"measures": {"มาตรการ": ["ทำ"]}}), done=[{"text": "อบรมแล้ว"}])
    assert found(made, "plan.ticked_done") == []


def progress_of(made, **told) -> Progress:
    return Progress.model_validate({"plan": made, "measures": [{"measure": "p1m1", "status": "done", **told}]})


@pytest.mark.parametrize(
    ("told", "restates"),
    [
        ({"done": [{"text": f"ดำเนินการ{STEP}"}]}, True),
        ({"done": [{"text": f"ดำเนินการ{STEP} เมื่อวันที่ 3 มีนาคม 2568"}]}, False),
        ({"done": [{"text": f"{STEP} มีผู้อ่าน 210 คน"}]}, False),
        ({"done": [{"text": f"ดำเนินการ{STEP}"}], "proof": [{"kind": "link", "url": "https://example.org/a"}]}, False),
        ({"done": [{"text": "ประชุมชี้แจงบุคลากรทุกส่วนราชการ และทดสอบความเข้าใจหลังการประชุม"}]}, False),
    ],
)
def test_results_that_restate_the_plan(told, restates) -> None:
    made = reading()
    made.plan = plan({"measures": {"มาตรการจริยธรรม": [STEP]}})
    made.progress = progress_of(made.plan, **told)
    assert bool(found(made, "progress.restates_plan")) == restates


def test_steps_copied_between_measures() -> None:
    made = reading(2566)
    made.plan = plan(
        {"items": ["e2"], "measures": {"ปรับปรุงบริการ": COPIED}},
        {"items": ["e7"], "measures": {"ปรับปรุงการสื่อสาร": [*COPIED, "มอบหมายเจ้าหน้าที่ดูแลเว็บไซต์ให้เป็นปัจจุบันทุกสัปดาห์"]}},
        {"items": ["e14"], "measures": {"เปิดให้มีส่วนร่วม": ["เปิดโอกาสให้บุคคลภายนอกเข้ามามีส่วนร่วมในการดำเนินงาน"]}},
        result=2566,
    )
    assert nodes(made, "copied.steps") == [("e2", "e7")]
    made.plan = plan({"items": ["e2", "e7"], "measures": {"ปรับปรุงบริการ": COPIED}}, result=2566)
    assert found(made, "copied.steps") == []


def test_one_measure_for_two_items_of_an_indicator_is_sensible() -> None:
    made = reading()
    made.plan = plan(
        {"items": ["e1"], "measures": {"มาตรการเดียว": COPIED}}, {"items": ["e2"], "measures": {"มาตรการเดียว": COPIED}}
    )
    assert found(made, "copied.steps") == []


def test_a_measure_with_the_name_of_anothers() -> None:
    title = "มาตรการการบริหารทรัพยากรบุคคล"
    made = reading(2566)
    hr = {"items": ["i14"], "finding": "การบริหารทรัพยากรบุคคลยังไม่เป็นธรรม", "measures": {title: ["กำหนดนโยบาย"]}}
    ethics = {"items": ["i27"], "finding": "บุคลากรยังไม่ทราบประมวลจริยธรรม", "measures": {title: [STEP]}}
    made.plan = plan(hr, ethics, result=2566)
    assert nodes(made, "copied.title") == [("i14", "i27")]
    made.plan = plan(hr, {**ethics, "measures": {"มาตรการเสริมสร้างจริยธรรม": [STEP]}}, result=2566)
    assert found(made, "copied.title") == []
    both = {**ethics, "finding": "การบริหารทรัพยากรบุคคลยังไม่เปิดเผย"}
    made.plan = plan(hr, both, result=2566)
    assert found(made, "copied.title") == []


I8_ALONE = "แสดงให้เห็นว่าบุคลากรบางรายไม่เคยเข้าไปมีส่วนร่วมในกระบวนการงบประมาณ ดังนั้น ควรให้มีส่วนร่วมให้เป็นไปตามวัตถุประสงค์และคุ้มค่า"
I8_AND_I9 = "แสดงให้เห็นว่าบุคลากรไม่เคยเข้าไปมีส่วนร่วมในกระบวนการงบประมาณ และเห็นว่าใช้จ่ายงบประมาณไม่เป็นไปตามวัตถุประสงค์และคุ้มค่า ดังนั้น"


def test_an_explanation_that_leaves_an_item_out() -> None:
    made = reading(2566)
    made.plan = plan({"items": ["i8", "i9"], "finding": I8_ALONE, "measures": {"ก": ["ข"]}}, result=2566)
    assert nodes(made, "item.unexplained") == [("i9",)]
    made.plan = plan({"items": ["i8", "i9"], "finding": I8_AND_I9, "measures": {"ก": ["ข"]}}, result=2566)
    assert found(made, "item.unexplained") == []
    made.plan = None
    made.statements = [weakness("i8", "i9", text=I8_ALONE)]
    assert nodes(made, "item.unexplained") == [("i9",)]


def test_measures_that_do_not_fit() -> None:
    made = reading()
    titles = {"มาตรการป้องกันผลประโยชน์ทับซ้อนและการรับสินบน": ["ก"], "มาตรการปฏิบัติตามคู่มือประชาชน": ["ข"]}
    made.plan = plan({"indicators": ["4"], "measures": titles})
    assert nodes(made, "measure.unfit") == [("4", "p1m1", "p1m2")]
    made.plan = plan({"indicators": ["4"], "measures": {**titles, "มาตรการตรวจสอบการยืมทรัพย์สิน": ["ค"]}})
    assert found(made, "measure.unfit") == []
    made.plan = plan({"indicators": ["4"], "measures": {"มาตรการจัดทำคู่มือการปฏิบัติงาน": ["ก"]}})
    assert found(made, "measure.unfit") == []
    made.plan = plan({"indicators": ["1"], "measures": titles})
    assert found(made, "measure.unfit") == []


def test_no_proposal_of_ours_is_called_unfit() -> None:
    for theme, offered in proposals().items():
        key = theme.split(".")[0]
        if key in fit.matters() and fit.matters()[key].own:
            for proposal in offered:
                own = any(word in proposal.title for word in fit.matters()[key].own)
                assert own or fit._told(proposal.title, key) is None, proposal.title


def annex(indicator: str, text: str, line: int, title: str | None = None) -> Evidence:
    return Evidence("result", text, at(line), indicator=indicator, in_annex=True, title=title)


def with_annex(*proof: Evidence):
    made = reading(2566, evidence=list(proof))
    made.plan = plan(
        {"items": ["i7"], "measures": {"เผยแพร่ข้อมูลเกี่ยวกับงบประมาณประจำปี": ["เผยแพร่ข้อบัญญัติงบประมาณทางเว็บไซต์"]}},
        {"items": ["i14"], "measures": {"การบริหารทรัพยากรบุคคล": ["กำหนดนโยบายการบริหารทรัพยากรบุคคล"]}},
        {"items": ["i27"], "measures": {"เสริมสร้างจริยธรรม": [STEP]}},
        result=2566,
    )
    return made


BUDGET = annex("2", "ได้เผยแพร่ข้อบัญญัติงบประมาณประจำปีทางเว็บไซต์", 5, "เผยแพร่ข้อมูลเกี่ยวกับงบประมาณประจำปี")
PEOPLE = annex("3", "ได้กำหนดนโยบายการบริหารทรัพยากรบุคคลแล้ว", 6, "มาตรการการบริหารทรัพยากรบุคคล")
ETHICS = annex("5", f"จัดให้มีการ{STEP}", 7, "เสริมสร้างจริยธรรม")


def test_a_whole_annex() -> None:
    made = with_annex(BUDGET, PEOPLE, ETHICS)
    assert not any(found(made, code) for code in ("proof.missing", "proof.other_indicator", "measure.renamed"))


def test_an_indicator_without_proof() -> None:
    assert nodes(with_annex(BUDGET, PEOPLE), "proof.missing") == [("5",)]
    assert found(with_annex(BUDGET), "proof.missing") == []  # one part alone is no annex in order


def test_proof_under_another_indicator() -> None:
    assert nodes(with_annex(BUDGET, annex("3", f"จัดให้มีการ{STEP}", 6)), "proof.other_indicator") == [("3", "5")]


def test_a_measure_with_another_name_in_the_annex() -> None:
    other = annex("2", "ได้เผยแพร่แล้ว", 5, "เผยแพร่ข้อมูลแผนการใช้จ่ายงบประมาณประจำปี")
    assert nodes(with_annex(other, PEOPLE), "measure.renamed") == [("p1m1",)]


def test_every_rule_has_an_example_that_fires() -> None:
    """Each code of every family stands in a test of this folder."""
    from prongsai.reading.audit import families

    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_rule_*.py"))
    elsewhere = {"repair.digits"}  # tested with the repair
    codes = {rule.code for family in families() for rule in family.rules}
    assert {code for code in codes - elsewhere if f'"{code}"' not in tests} == set()


def test_rows_to_an_item() -> None:
    rows = [printed("i1.1", "80.00", 1), printed("i1.2", "90.00", 2)]
    assert nodes(reading(2565, values=[*rows, printed("i1", "95.00", 3)]), "mean.item") == [("i1",)]
    assert found(reading(2565, values=[*rows, printed("i1", "85.00", 3)]), "mean.item") == []
    assert found(reading(statements=[strength("i1")]), "strength.cites_weakest") == []
