"""Agency by agency into columns: the same numbers as counting the whole nation, and official numbers beside them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from nation_sample import odd_nation

from prongsai.framework import for_year
from prongsai.national import book
from prongsai.national.columns import ABSENT, COMPUTED
from prongsai.national.counted import Counted
from prongsai.national.disclosed import withheld
from prongsai.national.engines import count, engine
from prongsai.national.gather import About, Gathered, Gathering
from prongsai.national.nation import Nation, open_nation
from prongsai.national.score import NationScores, results_of, score_nation
from prongsai.national.uncertain import estimates
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.score import score

YEAR, COUNT = 2568, 30  # the sample's framework


@pytest.fixture(scope="module")
def world(tmp_path_factory: Any) -> tuple[Nation, dict[str, Counted], NationScores, Gathered]:
    nation = open_nation(odd_nation(tmp_path_factory.mktemp("nation"), COUNT))
    counted = count(nation, engine("polars"), moments=True)
    found = Gathering(nation.framework)
    for line in reversed(range(COUNT)):  # in any order
        found.add(_about(nation, line), score(results_of(nation, counted, line, moments=True)))
    return nation, counted, score_nation(nation, counted), found.done()


def _about(nation: Nation, line: int) -> About:
    row = nation.agencies.row(line, named=True)
    return About(row["agency"], row["code"], row["name"], row["kind"], row["province"], "", row["staff"])


def test_columns_are_those_of_the_whole_nation(world: Any) -> None:
    _, counted, scores, gathered = world
    for name in ("shown_low", "shown_high", "exact", "state", "levels"):
        assert np.array_equal(getattr(gathered.scores, name), getattr(scores, name)), name
    assert int(np.abs(gathered.scores.low - scores.low).max()) <= 8  # digits that columns cut off
    for name, one in counted.items():
        assert one.same(gathered.counted[name]), name
        assert one.same(gathered.summed[name]), name


def test_errors_are_those_of_the_whole_nation(world: Any) -> None:
    nation, counted, scores, gathered = world
    whole, own = estimates(scores, counted), estimates(gathered.scores, gathered.summed)
    np.testing.assert_allclose(own.se, whole.se, rtol=1e-9)
    assert np.array_equal(own.reason, whole.reason)
    assert nation.numbers.tolist() == gathered.scores.nation.numbers.tolist()


def test_what_is_hidden_is_what_the_rule_hides(world: Any) -> None:
    _, counted, scores, gathered = world
    assert gathered.hidden.any(), "the sample needs a small group"
    told = scores.state >= COMPUTED
    assert np.array_equal(gathered.hidden & told, withheld(scores, counted) & told)
    assert gathered.hidden[scores.line("overall")].any(), "and one that has no choice"


def test_official_numbers_stand_beside_counted_ones(world: Any) -> None:
    nation, counted, _, _ = world
    found = Gathering(nation.framework)
    found.add(_about(nation, 0), score(results_of(nation, counted, 0, moments=True)))
    given = {"overall": Decimal("91.25"), "IIT": Decimal("88.10"), "i1": Decimal("90.00")}
    official = Results(agency=Agency(name="นำเข้า"), framework=nation.framework, given=given, respondents={"IIT": 40})
    found.add(About(10**6, "given", "นำเข้า"), score(official))
    gathered = found.done()
    scores = gathered.scores
    assert (scores.shown_low[scores.line("overall"), 1], scores.exact[scores.line("overall"), 1]) == (9125, True)
    assert not gathered.hidden[:, 1].any()
    assert (gathered.summed["IIT"].sheets[1], scores.sheets["IIT"][1]) == (0, 40)
    own = estimates(scores, gathered.summed)
    assert np.isnan(own.se[own.line("IIT"), 1])
    assert not np.isnan(own.se[own.line("IIT"), 0]) or own.reason[own.line("IIT"), 0]


def test_other_frameworks_are_refused(world: Any) -> None:
    nation, counted, _, _ = world
    with pytest.raises(ValueError, match="expected ita-2567"):
        Gathering(for_year(YEAR - 1)).add(_about(nation, 0), score(results_of(nation, counted, 0)))
    with pytest.raises(ValueError, match="nothing"):
        Gathering(nation.framework).done()


def test_the_file_gives_the_numbers_back_and_is_the_same_twice(world: Any) -> None:
    *_, scores, gathered = world
    data = book.write(gathered, {"round": "ทดสอบ"})
    assert data == book.write(gathered, {"round": "ทดสอบ"})
    back = book.read(data)
    told = (scores.state >= COMPUTED) & ~gathered.hidden
    assert np.array_equal(np.rint(back.low[told] * 100).astype(int), scores.shown_low[told])
    assert np.array_equal(~np.isnan(back.value), told & scores.exact)
    assert back.about["round"] == "ทดสอบ"
    assert back.agencies["code"].to_list() == scores.nation.agencies["code"].to_list()
    spread = back.spread("nation", "", "IIT")
    assert spread is not None
    assert spread["scored"] == told[scores.line("IIT")].sum()


def test_the_file_is_read_piece_by_piece(world: Any) -> None:
    *_, gathered = world
    data = book.write(gathered, {})
    back, whole = book.read(data), book.read(data)
    assert back.spread("nation", "", "IIT") == whole.spread("nation", "", "IIT")
    assert back.row(3) == whole.agencies.to_dicts()[3]
    assert "_scores" not in vars(back), "what stands for groups and agencies is found without the scores"
    for name in ("value", "se", "degrees"):
        array = getattr(whole, name)
        np.testing.assert_array_equal(
            back.lines(name, ["EIT.1", "IIT"]), array[[whole.line("EIT.1"), whole.line("IIT")]]
        )
        np.testing.assert_array_equal(whole.lines(name, ["OIT"])[0], array[whole.line("OIT")])
        assert name not in vars(back)
    for line in (0, COUNT - 1):
        for name, values in back.numbers_of(line).items():
            np.testing.assert_array_equal(values, getattr(whole, name)[:, line])


def test_nothing_withheld_is_in_the_file(world: Any) -> None:
    """Not even the places behind the comma: two files that differ in withheld scores alone are equal there."""
    *_, gathered = world
    back = book.read(book.write(gathered, {}))
    hidden = gathered.hidden & (gathered.scores.state >= COMPUTED)
    for values in (back.low, back.high, back.value, back.se, back.low95, back.high95, back.degrees):
        assert np.isnan(values[hidden]).all()
    assert (back.state[hidden] == book.WITHHELD).all()
    for node in ("overall", "IIT"):
        silent = hidden[back.line(node)]
        assert silent.any()
        for name in book.RANKS:
            assert back.agencies[f"{name} {node}"].filter(silent).is_null().all(), "a rank would say how high it is"
    changed = np.where(hidden, gathered.scores.low // 2, gathered.scores.low)
    upper = np.where(hidden, changed, gathered.scores.high)
    other = replace(gathered, scores=replace(gathered.scores, low=changed, high=upper))
    again = book.read(book.write(other, {}))
    assert again.spreads.drop("best_answers").equals(back.spreads.drop("best_answers"))
    assert (back.state[gathered.scores.state == ABSENT] == ABSENT).all()
