"""The rule that says which digits were confused, what they should read, and where that stays open."""

from __future__ import annotations

from decimal import Decimal

from hand_made import at, reading, values

from prongsai.framework import Confidence
from prongsai.reading.model import Printed
from prongsai.reading.rules import repair_digits
from prongsai.thai.digits import to_arabic

TRUE = (("IIT", "90.06"), ("1", "95.10"), ("2", "91.20"), ("3", "88.30"), ("4", "85.40"), ("5", "90.30"))


def thai(node: str, text: str, line: int) -> Printed:
    return Printed(node, Decimal(to_arabic(text)), text, at(line))


def test_what_holds_is_not_mentioned() -> None:
    assert list(repair_digits.check(reading(values=values(*TRUE)))) == []


def test_a_confused_digit_is_put_right_with_place_glyph_and_arithmetic() -> None:
    prints = [
        thai("IIT", "๙๓.๑๒", 1),
        *(thai(str(n), text, n + 1) for n, text in enumerate(("๙๕.๑๐", "๙๑.๒๐", "๙๓.๕๐", "๙๕.๔๐", "๙๐.๔๐"), 1)),
    ]
    assert list(repair_digits.check(reading(values=prints))) == []
    prints[0] = thai("IIT", "๘๓.๑๒", 1)
    [found] = repair_digits.check(reading(values=prints))
    assert found.rule.code == "repair.digits"
    assert found.severity is None
    assert found.printed == ("๘๓.๑๒",)
    assert found.where == (at(1),)
    assert found.nodes == ("IIT",)
    assert found.confidence == Confidence.CONFIRMED
    assert found.th == (
        "เครื่องมือ IIT พิมพ์ ๘๓.๑๒ ควรเป็น ๙๓.๑๒ (เลข ๙ พิมพ์เป็น ๘) ตามสมการ IIT = (95.10 + 91.20 + 93.50 + 95.40 + 90.40) / 5 = 93.12 → 93.12"
    )
    assert found.en == "IIT: printed ๘๓.๑๒ for ๙๓.๑๒; the equations need 93.12"
    repair = found.as_json()["repair"]["IIT"]
    assert (repair["from"], repair["to"], repair["decided"]) == (["๘๓.๑๒"], "93.12", True)
    assert repair["glyphs"] == [{"text": "๘๓.๑๒", "meant": "๙๓.๑๒", "place": 1, "from": "๘", "to": "๙"}]


def test_numbers_of_which_any_may_be_wrong_are_one_open_finding() -> None:
    prints = [thai("i1", "๘๖.๐๐", 1), thai("i2", "๘๔.๐๐", 2), thai("i3", "๙๑.๐๐", 3), thai("1", "๙๐.๓๓", 4)]
    [found] = repair_digits.check(reading(values=prints))
    assert found.severity == "warning"
    assert set(found.nodes) == {"i1", "i2"}
    assert "(i1 = 96.00)" in found.th
    assert "(i2 = 94.00)" in found.th
    assert "not decidable" in found.en
    assert {found.as_json()["repair"][node]["to"] for node in found.nodes} == {None}


def test_two_prints_without_an_equation_are_left_to_another_rule() -> None:
    assert list(repair_digits.check(reading(values=values(("7", "74.02"), ("7", "94.02"))))) == []


def test_it_says_why_it_is_silent() -> None:
    assert repair_digits.lacks(reading(None, values=values(*TRUE)))
    assert repair_digits.lacks(reading(values=values(("7", "74.02"))))
    assert repair_digits.lacks(reading(values=values(*TRUE))) is None
