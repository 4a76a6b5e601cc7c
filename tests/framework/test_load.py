"""A framework file with any slip in it is refused, with file, line and key."""

from collections.abc import Callable
from pathlib import Path

import pytest

from prongsai.errors import InputError, Problem
from prongsai.framework import catalog, load
from prongsai.framework.load import from_yaml
from prongsai.yaml_file import parse

SOUND = next(entry for entry in catalog() if entry.fiscal_year == 2568).path.read_text(encoding="utf-8")
OLD = next(entry for entry in catalog() if entry.fiscal_year == 2564).path.read_text(encoding="utf-8")


def broken(change: Callable[[str], str], sound: str = SOUND) -> list[Problem]:
    """Problems of a shipped framework after a change of its text."""
    text = change(sound)
    assert text != sound, "the change changed nothing"
    with pytest.raises(InputError) as caught:
        from_yaml(parse(text, "กรอบ.yaml"))
    for problem in caught.value.problems:
        assert problem.where.startswith("กรอบ.yaml:")
        assert problem.th
        assert problem.en
    return list(caught.value.problems)


def swap(old: str, new: str, count: int = 1) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, old
        return text.replace(old, new, count)

    return change


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_shipped_file_is_sound() -> None:
    assert from_yaml(parse(SOUND, "x.yaml")).id == "ita-2568"


def test_an_unknown_key_is_named_with_line_and_key() -> None:
    (problem,) = broken(swap("    code: IIT".lstrip(), "code: IIT\n    colour: blue"))
    assert problem.where == f"กรอบ.yaml:{line_of(SOUND, 'code: IIT') + 1} instruments.0.colour"
    assert "colour" in problem.where
    assert "blue" in problem.th


def test_a_missing_key_is_named_below_its_parent() -> None:
    (problem,) = broken(lambda text: text.replace("disclosure:\n  k: 10", "disclosure:\n  note: x", 1))
    assert problem.where.endswith(" disclosure.k")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("kind: survey", "kind: poll", "instruments.0.kind"),
        ("confidence: confirmed", "confidence: sure", "confidence"),
        ("points: 100}", "points: 101}", "points"),
        ("points: 100}", "points: all}", "points"),
        ("points: 100}", "points: -1}", "points"),
        ('comparable: "yes"', "comparable: maybe", "comparable"),
        ("version: 1", "version: 0", "version"),
        ("fiscal_year: 2568", "fiscal_year: 2025", "fiscal_year"),
        ("id: ita-2568", "id: ITA 2568", "id"),
        ("code: i1\n", "code: I-1\n", "code"),
        ("k: 10", "k: 1", "disclosure.k"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_its_key(old: str, new: str, key: str) -> None:
    found = broken(swap(old, new))
    assert len(found) == 1, found
    assert found[0].code == "framework.shape"
    assert found[0].where.split(" ")[1].endswith(key)
    assert found[0].where.split(" ")[0] == f"กรอบ.yaml:{line_of(SOUND, old)}"


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (swap("weights: {IIT: 30, EIT: 30, OIT: 40}", "weights: {IIT: 30, EIT: 30, OIT: 41}"), "weights", "101"),
        (swap("weights: {IIT: 30, EIT: 30, OIT: 40}", "weights: {IIT: 60, OIT: 40}"), "weights", "EIT"),
        (
            swap("weights: {IIT: 30, EIT: 30, OIT: 40}", "weights: {IIT: 30, EIT: 30, OIT: 40, XIT: 0}"),
            "weights",
            "XIT",
        ),
        (swap("weights: {IIT: 30, EIT: 30, OIT: 40}", "weights: {IIT: 60, EIT: 0, OIT: 40}"), "weights", "EIT"),
        (swap("weights: {IIT: 30, EIT: 30, OIT: 40}", "weights: {IIT: 130, EIT: -70, OIT: 40}"), "weights", "EIT"),
        (swap("source: [case 004]", "source: [case 999]"), "source", "case 999"),
        (swap("  vru: ", "  other: "), "source", "vru"),
        (swap("marks: {measures:", "marks: {meazures:"), "mark", "meazures"),
        (swap("scale: six_level", "scale: seven_level"), "scale", "seven_level"),
        (swap("            scale: six_level\n", "            scale: null\n"), "missing", "scale"),
        (swap("code: i2\n", "code: i1\n"), "repeated", "i1"),
        (swap("code: e1\n", "code: i99\n"), "letter", "i"),
        (swap('number: "2"', 'number: "1"'), "repeated", "1"),
        (swap("components: [IIT, EIT.1, EIT.2, OIT]", "components: [IIT, EIT.3, OIT]"), "levels", "EIT.3"),
        (swap("overall_min: 0, passes: false", "overall_min: 1, passes: false"), "levels", "0"),
        (swap("of: [o6, o15]", "of: [o6, o99]"), "shares", "o99"),
    ],
)
def test_each_rule_is_kept(change: Callable[[str], str], code: str, words: str) -> None:
    found = broken(change)
    assert f"framework.{code}" in {problem.code for problem in found}
    assert any(words in problem.en for problem in found if problem.code == f"framework.{code}")


def test_a_text_may_be_missing_only_where_it_is_unknown() -> None:
    text = next(line for line in SOUND.splitlines() if line.strip().startswith("text: การปฏิบัติงานหรือให้บริการ"))
    (problem,) = broken(swap(text, text.split("text:")[0] + "text: null"))
    assert problem.code == "framework.missing"
    assert problem.where.endswith(".text")
    assert problem.where.startswith(f"กรอบ.yaml:{line_of(SOUND, text)} ")
    unknown = SOUND.replace(text, text.split("text:")[0] + "text: null").replace(
        "marks: {text: {source: [case 000], confidence: inferred}", "marks: {text: {confidence: unknown}", 1
    )
    assert from_yaml(parse(unknown, "x.yaml"))


def test_every_item_is_in_exactly_one_sub_indicator() -> None:
    start = OLD.index("sub_indicators:")
    listed = OLD[OLD.index("items: [", start) : OLD.index("]", OLD.index("items: [", start)) + 1]
    codes = listed.removeprefix("items: [").removesuffix("]").split(", ")
    lost = broken(swap(listed, f"items: [{', '.join(codes[1:])}]"), OLD)
    assert {problem.code for problem in lost} >= {"framework.orphan"}
    assert all(codes[0] in problem.en for problem in lost if problem.code == "framework.orphan")
    twice = broken(swap(listed, f"items: [{', '.join([*codes, codes[0]])}]"), OLD)
    assert any(problem.code == "framework.orphan" and f"item {codes[0]} " in problem.en for problem in twice)


def test_groupings_and_filings_name_only_items_that_exist() -> None:
    aspect = SOUND.index("aspects:")
    listed = SOUND.index("items: [", aspect)
    found = broken(lambda text: text[:listed] + "items: [i99, " + text[listed + len("items: [") :])
    assert any(p.code == "framework.orphan" and "i99" in p.en for p in found)
    filing = SOUND.index("item: o", SOUND.index("filings:"))
    found = broken(lambda text: text[:filing] + "item: o99 # " + text[filing:])
    assert any(p.code == "framework.filings" and "o99" in p.en for p in found)


def test_parts_need_a_rule() -> None:
    start = SOUND.index("      parts:\n", SOUND.index("code: EIT\n"))
    rule = SOUND[start:]
    following = min(
        position
        for position in range(1, len(rule))
        if rule[position - 1] == "\n" and not rule[position:].startswith("       ")
    )
    found = broken(lambda text: text[:start] + text[start + following :])
    assert any(problem.code == "framework.rule" and "parts" in problem.en for problem in found)


def test_all_problems_are_reported_at_once() -> None:
    found = broken(lambda text: swap("scale: six_level", "scale: none")(swap("OIT: 40}", "OIT: 39}")(text)))
    assert {"framework.weights", "framework.scale"} <= {problem.code for problem in found}


def test_a_file_of_ones_own_is_loaded_by_path(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(SOUND.replace("id: ita-2568", "id: own"), encoding="utf-8")
    assert load(path).id == "own"
    path.write_text("just text", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.problems[0].where == "own.yaml:1"
