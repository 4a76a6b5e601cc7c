"""Every number can be walked down to its sources, as far as disclosure allows."""

import re

import pytest

from prongsai.analysis.explain import Line, explain
from prongsai.errors import InputError
from prongsai.scoring.score import ScoreSheet
from result_sample import sheet, tallies


def full(counts: dict[int, int]) -> ScoreSheet:
    return sheet(
        2568,
        tallies={**tallies(2568, "IIT", counts), **tallies(2568, "EIT", counts)},
        scores={"components": {"OIT": 83.25}},
    )


def words(line: Line) -> str:
    return "\n".join(found.th for _, found in line.flat())


def nodes(line: Line) -> list[str]:
    return [found.node for _, found in line.flat()]


SHEET = full({0: 9, 1: 3})


def test_an_item_is_walked_to_its_options_with_counts_points_and_source() -> None:
    line = explain(SHEET, "i12")
    assert line.node == "i12"
    assert line.th.endswith("95.00")
    assert [found.node for found in line.below] == ["i12:4", "i12:5", "i12:n"]
    assert "3 × 80" in line.below[0].th
    assert "9 × 100" in line.below[1].th
    assert "12 คำตอบ" in line.below[2].th
    assert "ที่มา: case 004" in line.below[2].th


def test_a_negative_item_shows_the_points_it_earns() -> None:
    text = words(explain(SHEET, "i11"))
    assert "ตัวเลือก 0: 9 × 100" in text
    assert "ตัวเลือก 1: 3 × 80" in text


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("i12", "i12"),
        ("ข้อ i๑๒", "i12"),
        ("I12", "i12"),
        ("iit", "IIT"),
        ("EIT.1", "EIT.1"),
        ("e1@eit.1", "e1@EIT.1"),
        ("ตัวชี้วัดที่ ๔", "4"),
        ("4", "4"),
        ("overall", "overall"),
        ("คะแนนรวม", "overall"),
        ("๐6", "o6"),
        ("level", "level"),
        ("ระดับ", "level"),
    ],
)
def test_names_as_people_type_them(name: str, node: str) -> None:
    assert explain(SHEET, name).node == node


def test_an_unknown_name_is_refused_with_examples() -> None:
    with pytest.raises(InputError) as caught:
        explain(SHEET, "i99")
    (problem,) = caught.value.problems
    assert (problem.code, problem.where) == ("explain.node", "i99")
    assert "i12" in problem.next_th


def test_the_overall_score_rests_on_weights_instruments_and_everything_below() -> None:
    line = explain(SHEET, "overall")
    assert "× 30%" in line.below[0].th
    assert "× 40%" in line.below[0].th
    found = nodes(line)
    for node in ("IIT", "EIT.1", "1", "i1", "i12:5", "OIT"):
        assert node in found
    assert "คะแนนตามผลที่ได้รับ" in words(explain(SHEET, "OIT"))
    assert explain(SHEET, "overall").as_json()["below"][0]["node"] == line.below[0].node


def test_every_number_said_is_the_score_of_its_node() -> None:
    for _, line in explain(SHEET, "overall").flat():
        value = SHEET.values.get(line.node)
        if value and value.score is not None and ": " in line.th:
            last = re.findall(r"[0-9]+\.[0-9]{2}", line.th)[-1]
            assert last == value.interval.as_json()["score"]


def test_depth_ends_the_walk() -> None:
    assert nodes(explain(SHEET, "overall", 0)) == ["overall"]
    assert nodes(explain(SHEET, "overall", 1)) == ["overall", "overall:weights"]
    assert "i1" not in nodes(explain(SHEET, "overall", 3))


def test_the_level_names_each_band_and_marks_the_one_reached() -> None:
    line = explain(SHEET, "level")
    bands = {found.node: found.th for found in line.below if found.node.startswith("level:")}
    assert len(bands) == 5
    assert [name for name, th in bands.items() if "เข้าเกณฑ์" in th] == ["level:ผ่าน"]
    assert {"IIT", "EIT.1", "EIT.2", "OIT", "overall"} <= {found.node for found in line.below}


def test_below_k_the_walk_ends_at_the_instrument_and_says_why() -> None:
    small = full({0: 6, 1: 3})
    for name in ("overall", "IIT", "level", "1", "i12", "EIT", "e1@EIT.1"):
        line = explain(small, name)
        text = words(line)
        assert "น้อยกว่า 10 คน" in text
        assert not {node for node in nodes(line) if re.match(r"[ie][0-9]+:", node)}
        hidden = {small.values[node].interval.as_json()["score"] for node in ("1", "i1", "i3", "e1@EIT.1")}
        assert small.values["IIT"].interval.as_json()["score"] not in hidden
        for number in hidden:
            assert number not in text, f"{number} in the walk of {name}"


def test_equal_answers_are_not_counted_out() -> None:
    text = words(explain(full({0: 40}), "i12"))
    assert "เหมือนกัน" in text
    assert "40" not in text


def test_an_item_of_unknown_scale_says_so() -> None:
    found = sheet(2566, tallies={"i1": {"4": 10, "3": 2}})
    assert "ไม่ทราบ" in words(explain(found, "i1"))


def test_what_was_not_assessed_and_what_is_missing_differ() -> None:
    found = sheet(2564, verdicts={"o1": "not_applicable", "o2": "disclosed"})
    assert "ไม่นับรวมในตัวหาร" in words(explain(found, "o1"))
    assert "ไม่ทราบคะแนน" in words(explain(found, "o3"))
    assert "โดยไม่นับ o1" in words(explain(found, "9.1"))
