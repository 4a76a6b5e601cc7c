"""Changes from year to year: R's numbers, the promised rate of false discoveries, and what cannot be tested."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from prongsai.analysis.comparable import ALL, NOT_ALL, OTHER_RULE, counterparts
from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.national.change import NO_ERROR, NO_SAMPLING, TESTED, UNKNOWN, Year, changes, false_discovery, t_tests

REFERENCE = Path(__file__).parent / "r" / "compare.csv"


def reference(what: str) -> dict[int, dict[str, float]]:
    """R's numbers by place and name."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for line in REFERENCE.read_text(encoding="utf-8").splitlines()[2:]:
        kind, place, name, value = line.split(",")
        if kind == what:
            found[int(place)][name] = float(value)
    return found


def year(framework: str, codes, value, se, degrees, nodes=("IIT",), assumed=()) -> Year:
    arrays = [np.asarray(one, float).reshape(len(nodes), -1) for one in (value, se, degrees)]
    return Year(by_id(framework), tuple(codes), tuple(nodes), *arrays, tuple(assumed))


def test_as_r_tests_two_samples() -> None:
    data, known = reference("data"), reference("change")
    assert len(known) == 3
    for place, one in data.items():
        difference = np.array([one["after_mean"] - one["before_mean"]])
        errors = np.array([one["before_se"]]), np.array([one["after_se"]])
        degrees = np.array([one["before_n"] - 1]), np.array([one["after_n"] - 1])
        se, t, freedom, p = t_tests(difference, errors, degrees)
        assert t[0] == pytest.approx(known[place]["t"], rel=1e-12)
        assert freedom[0] == pytest.approx(known[place]["degrees"], rel=1e-12)
        assert p[0] == pytest.approx(max(known[place]["welch"], known[place]["student"]), rel=1e-11)
        assert se[0] == pytest.approx(np.hypot(*errors)[0])


@pytest.mark.parametrize("method", ["bh", "by"])
def test_as_r_adjusts(method: str) -> None:
    known = reference("false")
    p, q = (np.array([one[name] for one in known.values()]) for name in ("p", method))
    np.testing.assert_allclose(false_discovery(p, method), q, rtol=1e-12)


def test_what_cannot_be_tested_has_a_reason_and_no_p() -> None:
    codes = ("a", "b", "c", "d", "e", "f")
    before = year("ita-2567", codes, [80, 80, 80, np.nan, 80, 80], [2, np.nan, 0, 2, 0, 2], [9, 9, 9, 9, 9, 9])
    after = year("ita-2568", codes, [90, 90, 90, 90, 90, 80], [2, 2, 0, 2, 2, 2], [9, 9, 9, 9, 9, 9])
    found = changes(before, after)
    assert found.reason[0].tolist() == [TESTED, NO_ERROR, NO_SAMPLING, UNKNOWN, TESTED, TESTED]
    assert np.isnan(found.p[0]).tolist() == np.isnan(found.q[0]).tolist() == [False, True, True, True, False, False]
    assert found.difference[0, 2] == 10
    assert not found.found()[0, [1, 2, 3]].any()
    assert found.p[0, 4] == pytest.approx(2 * stats.t.sf(5, 9)), "a year without sampling error needs no degrees"
    assert found.p[0, 5] == 1


def test_agencies_are_matched_by_code() -> None:
    before = year("ita-2567", ("x", "b", "a"), [10, 20, 30], [1, 1, 1], [9, 9, 9])
    after = year("ita-2568", ("a", "new", "b"), [31, 50, 22], [1, 1, 1], [9, 9, 9])
    found = changes(before, after)
    assert found.codes == ("a", "b")
    assert found.difference[0].tolist() == [1, 2]
    assert found.lines.tolist() == [0, 2]
    assert found.lines_before.tolist() == [2, 1]
    assert (found.only_before, found.only_after) == (("x",), ("new",))


def test_only_what_means_the_same_is_compared() -> None:
    nodes = ("IIT", "EIT", "OIT", "overall", "i1")
    numbers = [[50.0]] * 5, [[1.0]] * 5, [[9.0]] * 5
    found = changes(year("ita-2567", "a", *numbers, nodes), year("ita-2568", "a", *numbers, nodes))
    assert found.nodes == ("IIT", "EIT", "i1")
    assert found.left_out.keys() == {"OIT", "overall"}
    guessed = year("ita-2567", "a", *numbers, nodes, ("eit-mean-of-parts",))
    found = changes(guessed, year("ita-2568", "a", *numbers, nodes))
    assert found.nodes == ("IIT", "i1"), "EIT rests on a hypothesis in one year only"
    with pytest.raises(InputError):
        changes(year("ita-2566", "a", *numbers, nodes), year("ita-2568", "a", *numbers, nodes))


def test_a_score_is_comparable_where_all_its_items_and_its_rule_are() -> None:
    same = counterparts(by_id("ita-2564"), by_id("ita-2563"))
    assert same["overall"].comparable
    assert same["overall"].reason == ALL
    then = counterparts(by_id("ita-2567"), by_id("ita-2566"))
    assert not then["overall"].comparable
    assert then["overall"].reason in (NOT_ALL, OTHER_RULE)
    for after in ("ita-2565", "ita-2566", "ita-2567", "ita-2568", "ita-2569"):
        framework = by_id(after)
        links = {i.code: i.previous for one in framework.instruments for n in one.indicators for i in n.items}
        for node, pair in counterparts(framework, by_id(framework.previous or "")).items():
            link = links.get(node.split("@")[0])
            if link and pair.comparable:
                assert (link.comparable, link.items) == ("yes", (pair.node.split("@")[0],))


def test_another_rule_below_is_another_score_above() -> None:
    before, after = by_id("ita-2563"), by_id("ita-2564")
    inside = after.instruments[0]
    rule = inside.rules.indicator.model_copy(update={"kind": "unknown"})
    inside = inside.model_copy(update={"rules": inside.rules.model_copy(update={"indicator": rule})})
    other = after.model_copy(update={"instruments": (inside, *after.instruments[1:])})
    found = counterparts(other, before)
    assert [found[node].comparable for node in ("i1", "1", "IIT", "overall", "EIT")] == [
        True,
        False,
        False,
        False,
        True,
    ]
    assert found["IIT"].reason == OTHER_RULE


def drawn(dice: np.random.Generator, level, people, items: int = 15):
    """Mean, standard error and degrees of agencies whose people answer from a latent level with a ceiling."""
    difficulty = np.random.default_rng(9).normal(0, 0.3, items)
    value, se = [], []
    for own, n in zip(level, people, strict=True):
        latent = own + dice.normal(0, 0.75, (n, 1)) + difficulty + dice.normal(0, 0.65, (n, items))
        sheets = (20 * np.clip(np.floor((latent + 1.6) / 0.4) + 1, 0, 5)).mean(axis=1)
        value.append(sheets.mean())
        error = sheets.std(ddof=1) / np.sqrt(n)
        se.append(error if error else np.nan)
    return np.array(value), np.array(se), np.array(people) - 1


def nation(dice: np.random.Generator, agencies: int = 150):
    """Levels near the ceiling, as in the real nation, and people of both years, up to four times as many in one."""
    level = dice.normal(1.2, 0.6, agencies)
    people = dice.integers(8, 60, agencies)
    return level, people, np.maximum(5, (people * dice.choice([0.5, 1, 1, 1, 2, 4], agencies)).astype(int))


def test_without_any_change_false_discoveries_are_as_rare_as_promised() -> None:
    """Every discovery is false here, so the rate is that of nations with any: 5 % at most."""
    dice = np.random.default_rng(11)
    nations, rejected, p = 60, 0, []
    for _ in range(nations):
        level, first, second = nation(dice)
        codes = [str(k) for k in range(len(level))]
        before = year("ita-2567", codes, *drawn(dice, level, first))
        after = year("ita-2568", codes, *drawn(dice, level, second))
        found = changes(before, after)
        rejected += bool(found.found(0.05).any())
        p.append(found.p[0])
    every = np.concatenate(p)
    assert rejected / nations <= 0.05
    assert np.nanmean(every <= 0.05) <= 0.05
    assert np.nanmean(every <= 0.05) > 0.015, "a test that never rejects would pass, too"


def test_planted_changes_are_found_and_few_others() -> None:
    dice = np.random.default_rng(12)
    false, power = [], []
    for _ in range(12):
        level, first, _ = nation(dice, 400)
        first = np.maximum(first, 25)
        moved = dice.random(len(level)) < 0.2
        codes = [str(k) for k in range(len(level))]
        before = year("ita-2567", codes, *drawn(dice, level, first))
        after = year("ita-2568", codes, *drawn(dice, level - 1.2 * moved, first))
        sure = changes(before, after).found(0.05)[0]
        false.append((sure & ~moved).sum() / max(sure.sum(), 1))
        power.append(sure[moved].mean())
    assert np.mean(false) <= 0.05
    assert np.mean(power) > 0.8
