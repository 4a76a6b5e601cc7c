"""Claims against the numbers printed beside them: each rule with an example that fires and one that does not."""

from __future__ import annotations

from hand_made import at, claim, found, nodes, printed, reading, values

from prongsai.reading.model import Word


def test_highest_and_lowest_against_the_values_beside_them() -> None:
    scores = values(("1", "94.16"), ("2", "97.57"), ("3", "90.57"), ("4", "93.34"))
    made = reading(2565, values=scores, claims=[claim("lowest", ("4",), line=5)])
    [finding] = found(made, "claim.lowest")
    assert finding.nodes == ("4", "3")
    assert "90.57 < 93.34" in (finding.computed or "")
    assert found(reading(2565, values=scores, claims=[claim("lowest", ("3",))]), "claim.lowest") == []
    assert nodes(reading(2565, values=scores, claims=[claim("highest", ("1",))]), "claim.highest") == [("1", "2")]
    assert found(reading(2565, values=scores, claims=[claim("highest", ("2",))]), "claim.highest") == []


def test_a_claim_is_held_against_the_nearest_of_two_values() -> None:
    scores = [*values(("3", "90.57"), ("4", "93.34")), printed("4", "83.34", 40)]
    assert nodes(reading(2565, values=scores, claims=[claim("lowest", ("4",), line=3)]), "claim.lowest") == [("4", "3")]
    assert found(reading(2565, values=scores, claims=[claim("lowest", ("4",), line=41)]), "claim.lowest") == []


def test_equal_scores_are_both_the_lowest() -> None:
    scores = values(("i1", "90.00"), ("i2", "90.00"), ("i3", "100"))
    assert found(reading(values=scores, claims=[claim("lowest", ("i1",))]), "claim.lowest") == []


def test_an_item_is_only_held_against_fellows_of_its_indicator_and_aspect() -> None:
    scores = values(("i1", "90.00"), ("i2", "95.00"), ("i4", "70.00"), ("e1", "60.00"))
    assert found(reading(values=scores, claims=[claim("lowest", ("i1",))]), "claim.lowest") == []
    scores = values(("i1", "96.00"), ("i2", "95.00"))
    assert nodes(reading(values=scores, claims=[claim("lowest", ("i1",))]), "claim.lowest") == [("i1", "i2")]
    apart = {1: ["i1"], 2: ["i2"]}
    assert found(reading(values=scores, claims=[claim("lowest", ("i1",))], aspects=apart), "claim.lowest") == []


def test_a_list_said_to_be_in_order() -> None:
    listed = ("9", "10", "6", "1", "3", "5", "2")
    scores = ("100", "100", "95.96", "94.16", "90.57", "94.16", "97.57")
    made = reading(2565, values=values(*zip(listed, scores, strict=True), role="ranking"))
    made.claims = [claim("descending", listed)]
    [finding] = found(made, "claim.descending")
    assert finding.nodes == ("3", "5", "2")
    made.values = values(*zip(listed, sorted(scores, key=float, reverse=True), strict=True), role="ranking")
    assert found(made, "claim.descending") == []


def test_all_are_said_to_reach_a_threshold() -> None:
    components = ("IIT", "EIT.1", "EIT.2", "OIT")
    made = reading(values=values(("9", "86.50"), ("10", "80.00"), ("IIT", "99.10")), levels=[Word("ผ่าน", at())])
    made.claims = [claim("all_at_least", components, "85")]
    [finding] = found(made, "claim.all_at_least")
    assert finding.nodes == ("OIT",)
    assert "83.25" in finding.th
    assert "(86.50 + 80.00) ÷ 2 = 83.25 < 85" in (finding.computed or "")
    assert "ระดับผ่านที่พิมพ์ไว้ก็แสดงว่า" in finding.th
    made.values = values(("9", "90.50"), ("10", "80.00"), ("IIT", "99.10"))
    assert found(made, "claim.all_at_least") == []
    made.values = values(("9", "86.50"))  # the other indicator may have anything
    assert found(made, "claim.all_at_least") == []


def test_a_list_headed_below() -> None:
    scores = values(("5", "89.16"), ("2", "79.57"), ("4", "83.34"), first_line=3)
    made = reading(2565, values=scores, claims=[claim("all_below", ("5", "2", "4"), "80", text="ต่ำกว่าร้อยละ ๘๐")])
    [finding] = found(made, "claim.all_below")
    assert finding.nodes == ("5", "4")
    made.claims = [claim("all_below", ("5", "2", "4"), "90")]
    assert found(made, "claim.all_below") == []


def test_a_sentence_about_one_score_heads_no_list() -> None:
    made = reading(values=values(("i2", "95.00"), first_line=3))
    made.claims = [claim("all_below", ("i2",), "85", text="ข้อ i1 ได้ 84.29 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน")]
    assert found(made, "claim.all_below") == []


def test_the_target() -> None:
    made = reading(values=values(("overall", "84.99")), claims=[claim("target_reached", ("overall",))])
    assert nodes(made, "claim.target") == [("overall",)]
    made.values = values(("overall", "85.00"))
    assert found(made, "claim.target") == []


def test_counts_against_lists_and_against_what_there_is() -> None:
    strong = ("9", "10", "6", "7", "8", "1", "3")
    weak = ("5", "2", "4")
    made = reading(
        2565,
        values=[
            *values(*((n, "95.00") for n in strong), first_line=2),
            *values(*((n, "79.00") for n in weak), first_line=12),
        ],
    )
    text = "จำนวน ๙ ตัวชี้วัด"
    made.claims = [
        claim("count", strong, "9", line=1, subject="strength", text=text),
        claim("count", weak, "3", line=11, subject="weakness", text=text),
    ]
    assert nodes(made, "count.listed") == [strong]
    [total] = found(made, "count.total")
    assert "9 + 3 = 12 > 10" in (total.computed or "")
    made.claims[0] = claim("count", strong, "7", line=1, subject="strength", text=text)
    assert found(made, "count.listed") == []
    assert found(made, "count.total") == []
