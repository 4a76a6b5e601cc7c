"""Nobody can compute back what is hidden: from one export, from its totals, from two revisions, from several years."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction

import polars as pl
import pytest
from published_sample import PARTLY, SIZES, Sample, sample
from solving import Attacker, rows, score_of

from prongsai.analysis.disclosure import may_show_score, may_show_tally
from prongsai.national.score import results_of
from prongsai.publishing.gather import Edition, of_sheets
from prongsai.publishing.opendata.release import release
from prongsai.publishing.read import read_release
from prongsai.publishing.revisions import beside_earlier
from prongsai.publishing.round import PublishedRound
from prongsai.scoring.score import score

FULL = bool(os.environ.get("PRONGSAI_FULL"))
SURVEYS = ("IIT", "EIT.1", "EIT.2")
K = 10


@pytest.fixture(scope="module")
def made() -> Sample:
    return sample()


@pytest.fixture(scope="module")
def published(made: Sample) -> PublishedRound:
    return made.published()


def code(published: PublishedRound, size: int) -> str:
    return str(published.agencies["agency_code"][SIZES.index(size)])


def knowing(published: PublishedRound, agency: str, container: str, framework) -> Attacker:
    """All that an export says of one survey of one agency."""
    attacker = Attacker()
    of = pl.col("agency_code") == agency
    people = published.respondents.filter(of, pl.col("node") == container)["respondents"].item()
    attacker.person_counts(agency, framework, container, people)
    mine = rows(framework, container)
    for line in published.distributions.filter(of).iter_rows(named=True):
        for option in mine.get(line["node"], ()):
            attacker.equal({(agency, line["node"], option): Fraction(1)}, line[f"n_{option}"])
    for line in published.scores.filter(of, pl.col("score").is_not_null()).iter_rows(named=True):
        expression = score_of(framework, agency, line["node"], people)
        if expression and all(key in attacker.unknowns for key in expression):
            attacker.shown(expression, float(line["score"]))
    return attacker


def hidden_rows(published: PublishedRound, agency: str, container: str, framework) -> list[str]:
    shown = set(published.distributions.filter(pl.col("agency_code") == agency)["node"])
    return [row for row in rows(framework, container) if row not in shown]


@pytest.mark.parametrize("container", SURVEYS if FULL else ("IIT",))
@pytest.mark.parametrize("size", [size for size in SIZES if size < K] if FULL else (1, 5))
def test_no_hidden_count_and_no_hidden_score_is_determined(made, published, size, container) -> None:
    framework, agency = made.framework, code(published, size)
    attacker = knowing(published, agency, container, framework)
    hidden = hidden_rows(published, agency, container, framework)
    assert hidden == list(rows(framework, container)), "nothing below a small group is shown"
    for row in hidden if FULL else hidden[::6]:
        options = rows(framework, container)[row]
        known = attacker.determined((agency, row, option) for option in options)
        # A high score of the instrument says of itself that the worst options were not chosen; never which was.
        assert not any(known.values())
        assert len(known) <= len(options) - 2
        expression = score_of(framework, agency, row, size)
        assert expression is not None
        low, high = attacker.spread(expression)
        assert high - low >= 100 / size / 5 - 1e-6, "one answer more or less at least"


def test_a_score_that_leaves_no_choice_is_not_published(made, published) -> None:
    """Three people and 100.00: nothing is open. Nor may the total give it back; the level stays."""
    agency = code(published, 3)
    origins = dict(published.scores.filter(pl.col("agency_code") == agency).select("node", "origin").iter_rows())
    assert [origins[node] for node in ("EIT.1", "EIT", "overall")] == ["withheld"] * 3
    assert [origins[node] for node in ("IIT", "EIT.2", "OIT")] == ["counted"] * 3
    assert published.agencies.filter(pl.col("agency_code") == agency)["levels_possible"].item()


def silent(made: Sample, published: PublishedRound, size: int, container: str, mercy: float) -> Attacker:
    """What follows from a score being withheld for being high: less than the largest step, and ``mercy``, below 100."""
    framework, agency = made.framework, code(published, size)
    attacker = knowing(published, agency, container, framework)
    expression = score_of(framework, agency, container, size)
    assert expression is not None
    step = 0.0
    for row, options in rows(framework, container).items():
        best, second = sorted({float(expression.get((agency, row, option), 0)) for option in options})[:-3:-1]
        step = max(step, best - second)
    attacker.lines.append((expression, 100 - step - mercy, 100))
    return attacker


@pytest.mark.parametrize("size", [2, 3])
def test_that_a_score_is_withheld_tells_nothing_either(made, published, size) -> None:
    """All of two or three people said the best of two answers. Hiding exactly such scores would tell: the control."""
    framework, agency = made.framework, code(published, size)
    two = [row for row, options in rows(framework, "EIT.1").items() if len(options) == 2]
    assert two
    told = [(agency, row, option) for row in two for option in rows(framework, "EIT.1")[row]]
    assert list(silent(made, published, size, "EIT.1", -1e-3).determined(told)) == told, "the control"
    quiet = silent(made, published, size, "EIT.1", 1e-3)
    assert not quiet.determined(told)
    for row in list(rows(framework, "EIT.1"))[::4]:
        expression = score_of(framework, agency, row, size)
        assert expression is not None
        low, high = quiet.spread(expression)
        assert high - low >= 100 / size / 5 - 1e-6, "one answer more or less at least"


@pytest.mark.parametrize(("size", "container"), [(1, "IIT"), (3, "EIT.1")])
def test_the_attack_works_on_such_a_score(made, published, size, container) -> None:
    framework, agency = made.framework, code(published, size)
    attacker = knowing(published, agency, container, framework)
    value = score(results_of(made.scores.nation, made.counted, SIZES.index(size))).score(container)
    expression = score_of(framework, agency, container, size)
    assert expression is not None
    assert value is not None
    attacker.shown(expression, round(float(value), 2))
    every = [(agency, row, option) for row, options in rows(framework, container).items() for option in options]
    assert any(attacker.determined(every).values())


def test_the_attack_works_where_one_item_alone_is_left_out(made, published) -> None:
    """The control: hide one item of a small group, show its siblings, and its score comes back."""
    framework, size = made.framework, 5
    agency, line = code(published, size), SIZES.index(size)
    sheet = score(results_of(made.scores.nation, made.counted, line))
    attacker = Attacker()
    attacker.person_counts(agency, framework, "IIT", size)
    secret, *others = rows(framework, "IIT")
    for node in [*others, "IIT"]:
        expression, value = score_of(framework, agency, node, size), sheet.score(node)
        assert expression is not None
        assert value is not None
        attacker.shown(expression, round(float(value), 2))
    wanted = score_of(framework, agency, secret, size)
    assert wanted is not None
    low, high = attacker.spread(wanted)
    assert high - low < 1e-6
    assert low == pytest.approx(float(sheet.score(secret)))


def test_totals_are_sums_of_what_is_shown(published) -> None:
    """A total less what is shown is nothing, for every group, item and option."""
    options = [name for name in published.distributions.columns if name.startswith("n_")]
    totals = next(frame for table, frame in published.tables() if table.name == "totals")
    about = published.agencies.select("agency_code", "kind", "province")
    for group, key in (("kind", pl.col("kind")), ("province", pl.col("province")), ("all", pl.lit("all"))):
        mine = totals.filter(pl.col("group") == group)
        assert len(mine)
        shown = published.distributions.join(about, on="agency_code").with_columns(key.alias("name"))
        sums = shown.group_by("name", "node").agg(pl.col(options).sum(), pl.len().alias("agencies"))
        both = mine.join(sums, on=["name", "node"], suffix="_again", how="full")
        for name in (*options, "agencies"):
            assert (both[name].fill_null(0) == both[f"{name}_again"]).all()


def test_the_attack_works_on_totals_of_everybody(made, published) -> None:
    """The control: a total over all agencies, of which one is hidden, gives every count of it back."""
    framework, hidden = made.framework, code(published, 7)
    sizes = [7, *(size for size in SIZES if size >= K)]
    kept, lines = [code(published, size) for size in sizes], [SIZES.index(size) for size in sizes]
    attacker = Attacker()
    for agency, size in zip(kept, sizes, strict=True):
        attacker.person_counts(agency, framework, "IIT", size)
    one = made.counted["IIT"]
    for place, row in enumerate(one.layout.rows):
        counts = one.counts[:, one.layout.starts[place] : one.layout.starts[place + 1]]
        for at, option in enumerate(row.options):
            attacker.equal({(agency, row.node, option): Fraction(1) for agency in kept}, int(counts[lines, at].sum()))
            for agency, line in zip(kept[1:], lines[1:], strict=True):
                attacker.equal({(agency, row.node, option): Fraction(1)}, int(counts[line, at]))
    some = [(hidden, row, option) for row, options in list(rows(framework, "IIT").items())[:2] for option in options]
    assert list(attacker.determined(some)) == some


def revised(sizes: tuple[int, ...], protect: bool = True) -> tuple[Sample, PublishedRound, PublishedRound]:
    first, second = sample(), sample(sizes)
    old, new = first.published(), second.published(2)
    return second, old, beside_earlier(new, [old]) if protect else new


def came(old: PublishedRound, new: PublishedRound, agency: str, framework, people: int) -> Attacker:
    """What two revisions say of those who came between them: the unknowns are their answers alone."""
    attacker = Attacker()
    attacker.person_counts("came", framework, "IIT", people)
    of = pl.col("agency_code") == agency
    before = {line["node"]: line for line in old.distributions.filter(of).iter_rows(named=True)}
    for line in new.distributions.filter(of).iter_rows(named=True):
        for option in rows(framework, "IIT").get(line["node"], ()):
            if line["node"] in before:
                name = f"n_{option}"
                attacker.equal({("came", line["node"], option): Fraction(1)}, line[name] - before[line["node"]][name])
    return attacker


def test_two_revisions_do_not_give_away_who_came_between_them() -> None:
    sizes = tuple(13 if size == 12 else size for size in SIZES)
    made, old, new = revised(sizes)
    agency, framework = code(old, 12), made.framework
    below = new.scores.filter(pl.col("agency_code") == agency, pl.col("origin") == "withheld")["node"].to_list()
    assert {"i1", "1", "e1", "e1@EIT.1", "6"} <= set(below)
    assert not {"IIT", "EIT", "EIT.1", "overall", "o1", "9"} & set(below)
    attacker = came(old, new, agency, framework, 1)
    row = next(iter(rows(framework, "IIT")))
    assert not attacker.determined(("came", row, option) for option in rows(framework, "IIT")[row])
    others = pl.col("agency_code") != agency
    assert new.scores.filter(others).equals(old.scores.filter(others)), "nobody else is touched"


def test_the_attack_works_on_revisions_without_protection() -> None:
    sizes = tuple(13 if size == 12 else size for size in SIZES)
    made, old, new = revised(sizes, protect=False)
    agency, framework = code(old, 12), made.framework
    attacker = came(old, new, agency, framework, 1)
    shown = set(old.distributions.filter(pl.col("agency_code") == agency)["node"])
    row = next(row for row in rows(framework, "IIT") if row in shown)
    some = [("came", row, option) for option in rows(framework, "IIT")[row]]
    assert list(attacker.determined(some)) == some


def test_many_who_came_may_be_shown_and_nothing_changed_is_the_same() -> None:
    _, old, same = revised(SIZES)
    assert same.scores.equals(old.scores)
    assert same.distributions.equals(old.distributions)
    sizes = tuple(25 + 30 if size == 25 else size for size in SIZES)
    _, old, new = revised(sizes, protect=False)
    agency = code(old, 25)
    assert _alike(old, new, agency), "the case is there: many came, and to one item all of them gave one answer"
    seen = beside_earlier(new, [old]).scores.filter(pl.col("agency_code") == agency)
    origins = dict(seen.select("node", "origin").iter_rows())
    assert origins["i1"] == "withheld"
    assert origins["e1@EIT.1"] == "counted", "in the other surveys the many who came gave different answers"


def _alike(old: PublishedRound, new: PublishedRound, agency: str) -> bool:
    """Whether those who came gave one answer to an item that both revisions show."""
    options = [name for name in old.distributions.columns if name.startswith("n_")]
    lines = {line["node"]: line for line in old.distributions.filter(pl.col("agency_code") == agency).to_dicts()}
    return any(
        sum((line[name] or 0) != (lines[line["node"]][name] or 0) for name in options) < 2
        for line in new.distributions.filter(pl.col("agency_code") == agency).to_dicts()
        if line["node"] in lines
    )


def test_a_third_revision_is_held_against_the_first_too() -> None:
    _, old, second = revised(tuple(13 if size == 12 else size for size in SIZES))
    third = sample(tuple(14 if size == 12 else size for size in SIZES)).published(3)
    agency = code(old, 12)
    alone = beside_earlier(third, [second])
    below = pl.col("agency_code") == agency, pl.col("node") == "i1"
    assert alone.scores.filter(*below)["origin"].item() != "withheld", "the second showed nothing to compare with"
    assert beside_earlier(third, [old, second]).scores.filter(*below)["origin"].item() == "withheld"


def test_one_year_says_nothing_of_another(published) -> None:
    year = published.framework.fiscal_year
    for table, frame in published.tables():
        if "fiscal_year_be" in frame.columns:
            assert set(frame["fiscal_year_be"]) == {year}, table.name
        assert not [name for name in frame.columns if "previous" in name or "change" in name]


def test_an_item_that_few_answered_closes_its_survey() -> None:
    """Its score would come back from the instrument's less its siblings'."""
    published = sample(partly=True).published()
    of = pl.col("agency_code") == code(published, PARTLY)
    assert published.distributions.filter(of).is_empty()
    cut = published.scores.filter(of, pl.col("origin") == "withheld")["node"].to_list()
    assert {"i1", "i2", "1", "e2@EIT.1", "e2"} <= set(cut)


def test_a_release_is_held_against_those_before_it(tmp_path) -> None:
    release(sample().published(), tmp_path, ["csv"])
    more = sample(tuple(13 if size == 12 else size for size in SIZES)).published(2)
    again = release(more, tmp_path, ["csv"])
    of = pl.col("agency_code") == code(more, 12)
    assert not more.distributions.filter(of).is_empty()
    for shown in (again.published, read_release(again.folder)):
        assert shown.distributions.filter(of).is_empty()
        assert "withheld" in set(shown.scores.filter(of)["origin"])


@pytest.mark.parametrize("partly", [False, True])
def test_columns_publish_what_single_sheets_publish(partly) -> None:
    """The nation at once hides exactly what ``analysis.disclosure`` hides agency by agency."""
    made = sample(partly=partly)
    published = made.published()
    for line, agency in enumerate(published.agencies["agency_code"]):
        sheet = score(results_of(made.scores.nation, made.counted, line))
        of = pl.col("agency_code") == agency
        origins = dict(published.scores.filter(of).select("node", "origin").iter_rows())
        shown = set(published.distributions.filter(of)["node"])
        for node in sheet.structure.nodes.values():
            assert (origins[node.id] != "withheld") == may_show_score(sheet, node.id).shown, (agency, node.id)
            if node.id in sheet.results.tallies and node.instrument != "OIT":
                assert (node.id in shown) == may_show_tally(sheet, node.id).shown, (agency, node.id)
        alone = of_sheets({agency: sheet}, Edition(published.published))
        for name in ("scores", "distributions", "verdicts", "respondents"):
            mine, theirs = getattr(alone, name), getattr(published, name).filter(of)
            assert mine.equals(theirs), (agency, name)


def test_a_small_group_has_no_error_at_any_level(published) -> None:
    """Mean and error of two people are the answers of both."""
    for size in SIZES:
        nodes = set(published.uncertainty.filter(pl.col("agency_code") == code(published, size))["node"])
        assert bool(nodes & {"IIT", "EIT.1", "i1"}) == (size >= K), size


def test_a_revision_closes_the_errors_of_all_that_its_survey_is_part_of() -> None:
    _, old, new = revised(tuple(13 if size == 12 else size for size in SIZES))
    of = pl.col("agency_code") == code(old, 12)
    assert len(old.uncertainty.filter(of))
    assert new.uncertainty.filter(of).is_empty()
    assert new.uncertainty.filter(~of).equals(old.uncertainty.filter(~of))


def test_nothing_hidden_is_kept_in_the_object(published) -> None:
    cut = published.scores.filter(pl.col("origin") == "withheld")
    assert len(cut)
    assert cut.select(pl.col("score", "low", "high").null_count()).row(0) == (len(cut),) * 3
    options = [name for name in published.distributions.columns if name.startswith("n_")]
    counts = published.distributions.select(
        pl.sum_horizontal(options).alias("people"),
        pl.sum_horizontal((pl.col(name).fill_null(0) > 0).cast(pl.Int64) for name in options).alias("ways"),
    )
    assert counts["people"].min() >= K
    assert counts["ways"].min() >= 2


def test_revisions_of_another_round_are_refused(published) -> None:
    with pytest.raises(ValueError, match="columns"):
        replace(published, scores=published.agencies)
