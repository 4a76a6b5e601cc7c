"""Reading an export back gives the same scores, to the last digit; and counting them again gives them, too."""

from __future__ import annotations

import datetime as dt
import os
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from published_sample import sample

from prongsai.framework import by_id
from prongsai.national.score import results_of
from prongsai.publishing import tables as about
from prongsai.publishing.gather import Edition, of_sheets
from prongsai.publishing.opendata.formats import csv, jsonl, names, parquet, xlsx
from prongsai.publishing.opendata.release import release
from prongsai.publishing.read import read_release
from prongsai.publishing.round import PublishedRound
from prongsai.scoring.results import Results
from prongsai.scoring.results_file import Agency
from prongsai.scoring.score import ScoreSheet, score
from prongsai.scoring.structure import structure
from prongsai.scoring.tally import Tally

FRAMEWORKS = ("ita-2562", "ita-2565", "ita-2568", "rehearsal")
READABLE = [name for name in names() if name != "xlsx"]
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(lambda text: text.strip())


@st.composite
def sheets(draw: st.DrawFn) -> dict[str, ScoreSheet]:
    """Some agencies of one framework: given numbers, tallies and verdicts of any kind, names of any letters."""
    framework = by_id(draw(st.sampled_from(FRAMEWORKS)))
    tree, found = structure(framework), {}
    for code in draw(
        st.lists(st.from_regex(r"[0-9A-Za-z=+\-]{1,8}", fullmatch=True), min_size=1, max_size=3, unique=True)
    ):
        leaves = [node for node in tree.nodes.values() if node.leaf and node.leaf.scale]
        tallies = {}
        for node in draw(st.lists(st.sampled_from(leaves), max_size=12, unique_by=lambda node: node.id)):
            keys = [option.key for option in node.leaf.scale.options]
            checklist = next(inst.kind for inst in framework.instruments if inst.code == node.instrument) == "checklist"
            if checklist:
                tallies[node.id] = Tally({draw(st.sampled_from(keys)): 1} if draw(st.booleans()) else {})
            else:
                counts = draw(st.lists(st.integers(0, 40), min_size=len(keys), max_size=len(keys)))
                tallies[node.id] = Tally(dict(zip(keys, counts, strict=True)))
        numbers = st.decimals(0, 100, places=draw(st.integers(0, 3)))
        given_nodes = draw(st.lists(st.sampled_from(list(tree.nodes)), max_size=8, unique=True))
        given_numbers = {node: draw(numbers) for node in given_nodes}
        agency = Agency(name=draw(NAMES), kind=draw(st.sampled_from([None, "province", "อื่น ๆ"])), province=None)
        found[code] = score(Results(agency=agency, framework=framework, given=given_numbers, tallies=tallies))
    return found


@given(found=sheets(), day=st.dates(dt.date(2000, 1, 1)))
@settings(
    max_examples=100 if os.environ.get("PRONGSAI_FULL") else 6, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_any_round_comes_back_to_the_last_digit_from_every_format(found: dict[str, ScoreSheet], day: dt.date) -> None:
    published = of_sheets(found, Edition(day, note="ก"))
    with TemporaryDirectory() as folder:
        made = release(published, Path(folder))
        for form in READABLE:
            assert read_release(made.folder, form).same(published), form
        (book,) = (made.folder / "xlsx").iterdir()
        known = published.scores.drop_nulls("low").select("agency_code", "node", "score", "low", "high")
        assert xlsx.scores(book).equals(known)


def test_every_score_there_is_survives_every_format(tmp_path: Path) -> None:
    """0.00 to 100.00, all of them: no format turns a decimal into a neighbour."""
    empty = sample().published()
    every = pl.Series([Decimal(n) / 100 for n in range(10001)], dtype=about.SCORE)
    codes = pl.Series([f"a{n:05}" for n in range(10001)])
    scores = pl.DataFrame(
        {"agency_code": codes, "node": "overall", "score": every, "low": every, "high": every, "origin": "given"}
    ).select(pl.lit(2568, pl.Int64).alias("fiscal_year_be"), pl.all())
    agencies = pl.DataFrame(
        {name: codes if name == "agency_code" else None for name in about.AGENCIES.schema},
        schema=about.AGENCIES.schema,
    ).with_columns(pl.lit("ก").alias("agency_name_th"))
    published = PublishedRound(
        empty.framework, 1, empty.published, agencies, scores,
        empty.respondents.clear(), empty.distributions.clear(), empty.verdicts.clear(),
    )  # fmt: skip
    for form in (csv, jsonl, parquet):
        form.write(published, tmp_path)
        assert form.read(tmp_path, about.SCORES).equals(scores), form.__name__
    (book,) = xlsx.write(published, tmp_path)
    assert xlsx.scores(book)["score"].equals(every)


@pytest.mark.parametrize("framework", ["ita-2568", "ita-2565"])
def test_the_scores_follow_again_from_the_export_alone(tmp_path: Path, framework: str) -> None:
    """Distributions and verdicts, counted again, give the published scores; exactly, not only as shown."""
    made = sample((12, 25, 40, 60), framework=framework)
    folder = release(made.published(), tmp_path).folder
    back = read_release(folder)
    again = 0
    for line, code in enumerate(back.agencies["agency_code"]):
        truth = score(results_of(made.scores.nation, made.counted, line))
        sheet = score(_results(back, code))
        of = back.scores.filter(pl.col("agency_code") == code)
        for node, shown_low in of.select("node", "low").iter_rows():
            value, exact = sheet.values[node], truth.values[node]
            if value.origin == "counted" and exact.origin == "counted":
                assert value.interval == exact.interval, node
                assert Fraction(shown_low) == (exact.interval.low * 100 + Fraction(1, 2)).__floor__() / Fraction(100)
                again += 1
    assert again > 100


def _results(back: PublishedRound, code: str) -> Results:
    """An agency's results as a researcher would make them of the export."""
    of = pl.col("agency_code") == code
    tallies = {}
    for line in back.distributions.filter(of).iter_rows(named=True):
        counts = {name.removeprefix("n_"): count for name, count in line.items() if name.startswith("n_")}
        tallies[line["node"]] = Tally({option: count for option, count in counts.items() if count})
    for _, _, node, verdict in back.verdicts.filter(of).iter_rows():
        tallies[node] = Tally({} if verdict == "not_applicable" else {verdict: 1})
    return Results(agency=Agency(name=code), framework=back.framework, tallies=tallies)
