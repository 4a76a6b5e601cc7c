"""Rules about numbers alone: each with an example that fires and a consistent one that stays silent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hand_made import at, found, nodes, printed, reading, strength, values, weakness

from prongsai.framework import Confidence
from prongsai.reading.model import Word

IIT_2568 = (("i1", "96.77"), ("i2", "98.06"), ("i3", "100.00"))


def test_an_indicator_that_is_not_the_mean_of_its_items() -> None:
    [finding] = found(reading(values=values(("1", "88.28"), *IIT_2568)), "mean.indicator")
    assert finding.nodes == ("1",)
    assert "(96.77 + 98.06 + 100.00) ÷ 3 = 98.28" in (finding.computed or "")
    assert "ต่างกัน 10.00" in finding.th
    assert "10.00" in finding.en
    assert finding.printed == ("88.28", "96.77", "98.06", "100.00")
    assert len(finding.where) == 4


def test_rounding_is_no_contradiction() -> None:
    assert found(reading(values=values(("1", "98.28"), *IIT_2568)), "mean.indicator") == []
    # (90.005 + 90.005 + 90.005) / 3 may be shown as 90.01 while the items are shown as 90.00 or 90.01
    assert (
        found(
            reading(values=values(("1", "90.01"), ("i1", "90.00"), ("i2", "90.01"), ("i3", "90.01"))), "mean.indicator"
        )
        == []
    )
    assert found(reading(values=values(("1", "98.3"), *IIT_2568)), "mean.indicator") == []


def test_a_missing_item_is_silence_unless_nothing_fits() -> None:
    assert found(reading(values=values(("1", "88.28"), ("i1", "96.77"))), "mean.indicator") == []
    assert nodes(reading(values=values(("1", "30.00"), ("i1", "96.77"), ("i2", "98.06"))), "mean.indicator") == [("1",)]


def test_the_overall_score_follows_from_instruments_or_from_indicators_below_them() -> None:
    good = values(("overall", "90.50"), ("IIT", "95.00"), ("EIT", "90.00"), ("OIT", "87.50"))
    assert found(reading(values=good), "sum.overall") == []
    wrong = values(("overall", "95.28"), ("IIT", "89.04"), ("EIT", "95.15"), ("OIT", "100"))
    [finding] = found(reading(2565, values=wrong), "sum.overall")
    assert "95.26" in finding.th
    assert "EIT ต้องเป็น 95.23" in (finding.computed or "")
    indicators = [(str(n), "90.00") for n in range(1, 11)]
    assert nodes(reading(values=values(("overall", "80.00"), *indicators)), "sum.overall") == [("overall",)]
    assert found(reading(values=values(("overall", "90.00"), *indicators)), "sum.overall") == []


def test_an_instrument_printed_on_its_own_scale() -> None:
    twelve = [(str(n), "80.00") for n in range(1, 6)]
    good = [*values(*twelve), printed("IIT", "24.00", 9, of=Decimal(30))]
    assert found(reading(values=good), "mean.instrument") == []
    assert nodes(reading(values=[*values(*twelve), printed("IIT", "25.00", 9, of=Decimal(30))]), "mean.instrument") == [
        ("IIT",)
    ]


def test_every_combination_of_values_printed_twice_is_tried() -> None:
    twice = values(("IIT", "90.00"), ("1", "90.00"), ("2", "90.00"), ("3", "90.00"), ("4", "90.00"), ("5", "80.00"))
    assert found(reading(values=[*twice, printed("5", "90.00", 9)]), "mean.instrument") == []
    [finding] = found(reading(values=[*twice, printed("5", "70.00", 9)]), "mean.instrument")
    assert "ครบทั้ง 2 ชุด" in finding.th


def test_items_of_an_instrument_with_parts_only_warn() -> None:
    items = (("e1", "99.19"), ("e2", "98.72"), ("e3", "100.00"))
    [finding] = found(reading(values=values(("6", "99.52"), *items)), "mean.part_not_stated")
    assert finding.rule.severity == "warning"
    assert finding.confidence == Confidence.INFERRED
    assert found(reading(values=values(("6", "99.52"), *items)), "mean.indicator") == []
    assert found(reading(values=values(("6", "99.30"), *items)), "mean.part_not_stated") == []
    with_part = values(("6", "99.52"), *items, context="คะแนน EIT ส่วนที่ 1")
    assert found(reading(values=with_part), "mean.part_not_stated") == []


def test_an_unknown_weighting_binds_by_its_bounds_and_shares() -> None:
    assert nodes(
        reading(values=values(("EIT", "99.00"), ("EIT.1", "80.00"), ("EIT.2", "90.00"))), "mean.instrument"
    ) == [("EIT",)]
    assert (
        found(reading(values=values(("EIT", "83.00"), ("EIT.1", "80.00"), ("EIT.2", "90.00"))), "mean.instrument") == []
    )


def test_checklist_items_that_cannot_weigh_alike() -> None:
    passed = [(f"o{n}", "100") for n in range(1, 21) if n not in (6, 15)]
    made = reading(values=values(("9", "86.50"), *passed), statements=[weakness("o6", "o15", indicator="9")])
    [finding] = found(made, "oit.not_plain_mean")
    assert finding.nodes == ("9", "o6", "o15")
    assert finding.confidence == Confidence.UNKNOWN
    assert finding.rule.severity == "note"
    assert "18 ÷ 20" in (finding.computed or "")
    made.values[0] = printed("9", "90.00")
    assert found(made, "oit.not_plain_mean") == []
    few = reading(values=values(("9", "86.50"), *passed[:4]), statements=[weakness("o6")])
    assert found(few, "oit.not_plain_mean") == []


@pytest.mark.parametrize(
    ("year", "overall", "level", "wrong"),
    [
        (2562, "79.83", "C", True),
        (2562, "79.83", "B", False),
        (2565, "95.28", "AA", False),
        (2568, "92.89", "ผ่าน", False),
        (2568, "92.89", "ผ่านดีเยี่ยม", True),
        (2568, "92.89", "ระดับ ผ่านดี", False),
    ],
)
def test_level_against_score(year: int, overall: str, level: str, wrong: bool) -> None:
    context = f"มีคะแนนรวม {overall} อยู่ในระดับ {level}"
    made = reading(year, values=values(("overall", overall), context=context), levels=[Word(level, at(), context)])
    assert bool(found(made, "level.score")) == wrong


def test_level_against_components() -> None:
    made = reading(values=values(("overall", "92.89"), ("OIT", "83.25")), levels=[Word("ผ่านดี", at())])
    [finding] = found(made, "level.score")
    assert "ระดับ ผ่าน" in finding.th
    made = reading(
        2565,
        values=values(("IIT", "89.04"), context="IIT 89.04 ระดับ AA"),
        levels=[Word("AA", at(), "IIT 89.04 ระดับ AA")],
    )
    assert nodes(made, "level.score") == [("level", "IIT")]


def test_level_of_another_year() -> None:
    made = reading(2568, values=values(("overall", "92.89")), levels=[Word("A", at())])
    assert nodes(made, "level.other_year") == [("level",)]
    assert found(reading(2565, values=values(("overall", "92.89")), levels=[Word("A", at())]), "level.other_year") == []


def test_two_values_of_one_node() -> None:
    made = reading(values=[printed("2", "97.57", 3), printed("2", "87.57", 9)])
    [finding] = found(made, "value.twice")
    assert finding.printed == ("97.57", "87.57")
    assert [place.line for place in finding.where] == [3, 9]


@pytest.mark.parametrize(
    "other",
    [
        printed("2", "97.6", 9),
        printed("2", "97.57", 9),
        printed("2", "91.20", 9, context="ปีงบประมาณ พ.ศ. 2566 ได้ 91.20 คะแนน"),
        printed("2", "99.10", 9, context="คะแนนรวมที่จะได้"),
        printed("2", "1.20", 9, context="เพิ่มขึ้นจากปีที่ผ่านมา 1.20"),
    ],
)
def test_other_numbers_are_no_second_value(other) -> None:
    assert found(reading(values=[printed("2", "97.57", 3), other]), "value.twice") == []


def test_values_of_parts_are_no_second_value() -> None:
    made = reading(values=[printed("e1", "97.57", 3, context="ส่วนที่ 1"), printed("e1", "87.57", 9, context="ส่วนที่ 2")])
    assert found(made, "value.twice") == []


def test_neighbours_copied_from_another_instrument() -> None:
    iit = (("1", "99.42"), ("2", "99.46"), ("3", "99.58"), ("4", "97.61"), ("5", "99.42"))
    made = reading(values=values(*iit, ("6", "99.52"), ("7", "99.46"), ("8", "99.58")))
    assert nodes(made, "digits.copied") == [("7", "8", "2", "3")]
    made = reading(values=values(*iit, ("6", "99.52"), ("7", "99.46"), ("8", "99.10")))
    assert found(made, "digits.copied") == []
    whole = [(str(n), "100.00") for n in range(1, 11)]
    assert found(reading(values=values(*whole)), "digits.copied") == []


def test_equal_items_where_chance_is_unlikely() -> None:
    five = (
        ("e2@EIT.1", "82.50"),
        ("e7@EIT.1", "84.59"),
        ("e13@EIT.1", "81.31"),
        ("e14@EIT.1", "84.59"),
        ("e15@EIT.1", "84.59"),
    )
    assert nodes(reading(2566, values=values(*five)), "digits.equal_items") == [("e7@EIT.1", "e14@EIT.1", "e15@EIT.1")]
    # ten people give few different scores: equal ones are no wonder
    few = (("i1", "92.00"), ("i2", "92.00"), ("i4", "92.00"), ("i5", "88.00"), ("i6", "96.00"))
    assert found(reading(values=values(*few)), "digits.equal_items") == []


def test_equal_items_near_the_top_of_the_scale_are_no_wonder() -> None:
    """One of twelve people gave the second best answer, thrice; another item lies far below."""
    three = [(f"{code}@EIT.2", "98.33") for code in ("e4", "e6", "e8")]
    top = [*three, ("e1@EIT.2", "90.00"), ("e5@EIT.2", "73.33")]
    assert found(reading(2567, values=values(*top)), "digits.equal_items") == []
    # of a thousand people hardly three times as many do
    stated = [printed("EIT.2", "1000", 20)]
    assert nodes(reading(2567, values=values(*top), respondents=stated), "digits.equal_items")


def test_the_stated_number_of_respondents_says_whether_equal_items_are_a_wonder() -> None:
    five = [("e2@EIT.1", "82.50"), ("e13@EIT.1", "81.31"), *((f"e{n}@EIT.1", "84.59") for n in (7, 14, 15))]
    stated = [printed("EIT.1", "12", 20)]
    assert found(reading(2566, values=values(*five), respondents=stated), "digits.equal_items") == []


SCORES_OF_31 = (
    "96.77",
    "98.06",
    "98.06",
    "95.48",
    "96.13",
    "98.71",
    "99.35",
    "84.52",
    "89.03",
    "97.42",
    "95.48",
    "96.13",
)


def test_a_score_that_the_implied_number_cannot_give() -> None:
    codes = ("i1", "i2", "i4", "i5", "i6", "i7", "i8", "i10", "i12", "i13", "i14", "i15")
    good = list(zip(codes, SCORES_OF_31, strict=True))
    assert nodes(reading(2567, values=values(*good, ("i11", "88.71"))), "respondents.implied") == [("i11",)]
    assert found(reading(2567, values=values(*good, ("i11", "98.71"))), "respondents.implied") == []
    # 29 of 31 answered the item: 29 people can give it
    assert found(reading(2567, values=values(*good, ("i11", "88.97"))), "respondents.implied") == []
    # 32 people can give it: one of them may have left out all the others
    assert found(reading(2567, values=values(*good, ("i11", "88.75"))), "respondents.implied") == []
    assert found(reading(2567, values=values(*good[:4])), "respondents.implied") == []


def test_twice_as_many_people_may_have_answered_of_whom_some_left_an_item_out() -> None:
    """22 people: few scores that happen to be whole for eleven do not rule them out; 20 of them give 59.00."""
    texts = ("69.09", "72.73", "57.14", "70.91", "80.00", "59.00", "56.36", "80.00", "63.64")
    few = [(f"e{number}@EIT.2", text) for number, text in enumerate(texts, 1)]
    assert found(reading(2567, values=values(*few)), "respondents.implied") == []
    codes = ("i1", "i2", "i4", "i5", "i6", "i7", "i8", "i10", "i12", "i13", "i14", "i15")
    elevenths = ["69.09", "72.73", "70.91", "80.00", "61.82", "56.36"]
    elevenths += ["63.64", "65.45", "74.55", "67.27", "76.36", "78.18"]
    many = list(zip(codes, elevenths, strict=True))  # so many would: then 59.00 is a misprint
    assert nodes(reading(2567, values=values(*many, ("i11", "59.00"))), "respondents.implied") == [("i11",)]


def test_a_score_that_the_stated_number_cannot_give() -> None:
    codes = ("i1", "i2", "i4", "i5", "i6", "i7", "i8", "i10", "i12", "i13", "i14", "i15")
    good = values(*zip(codes, SCORES_OF_31, strict=True))
    stated = [printed("IIT", "31", 20)]
    made = reading(2567, values=[*good, printed("i11", "88.71", 30)], respondents=stated)
    assert nodes(made, "respondents.stated") == [("i11",)]
    assert found(reading(2567, values=good, respondents=stated), "respondents.stated") == []
    assert found(reading(2567, values=good, respondents=[printed("IIT", "40", 20)]), "respondents.stated") == []


def test_a_year_with_another_model() -> None:
    made = reading(None, values=values(("overall", "80.00")))
    made.fiscal_year = 2560
    assert len(found(made, "year.other_model")) == 1
    assert found(reading(2568), "year.other_model") == []


def test_a_full_mark_that_is_not_the_weight() -> None:
    assert nodes(reading(values=[printed("IIT", "25.04", of=Decimal(40))]), "scale.full_mark") == [("IIT",)]
    assert found(reading(values=[printed("IIT", "25.04", of=Decimal(30))]), "scale.full_mark") == []


def test_no_totals() -> None:
    assert nodes(reading(values=values(("i1", "90.00"), ("i2", "80.00"))), "totals.missing") == [("overall",)]
    assert found(reading(values=values(("i1", "90.00"), ("1", "80.00"))), "totals.missing") == []
    assert (
        found(reading(values=values(("i1", "90.00")), lines=["คะแนนรวมอยู่ระหว่าง 80.00–90.00"]), "totals.missing") == []
    )


def test_strength_that_cites_the_weakest_item() -> None:
    scores = values(("i10", "97.69"), ("i11", "98.73"), ("i12", "96.42"))
    made = reading(values=scores, statements=[strength("i11", indicator="4", other_items=("i12",))])
    assert nodes(made, "strength.cites_weakest") == [("i11", "i12")]
    made = reading(values=scores, statements=[strength("i11", indicator="4", other_items=("i10",))])
    assert found(made, "strength.cites_weakest") == []


def test_a_score_above_its_full_mark() -> None:
    [finding] = found(reading(values=[printed("2", "975.70", 3)]), "value.impossible")
    assert finding.printed == ("975.70",)
    assert "เกินคะแนนเต็ม 100" in finding.th
    assert found(reading(values=[printed("2", "100.00", 3)]), "value.impossible") == []
