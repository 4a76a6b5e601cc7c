"""Figures over all agencies show no more than the release beside them, also when earlier revisions say what changed."""

from __future__ import annotations

import numpy as np
import pytest
from published import ALIKE, SMALL, Published

from prongsai.national import book
from prongsai.national.book import STATES, Book
from prongsai.site.opendata.actions import PublishRelease
from prongsai.site.opendata.models import Release

LATE = "sim-07"  # an agency of which a few people's answers came late


def public_book(release: Release) -> Book:
    release.refresh_from_db()
    assert release.book is not None
    return book.read(release.book.read())


@pytest.fixture
def second(published: Published) -> Release:
    """A second revision, in which three more people of one agency had answered."""
    of = published.cast.round
    data = published.data(LATE, of)
    for item, counts in data["tallies"].items():
        if item.startswith("i"):
            counts[next(iter(counts))] = str(int(next(iter(counts.values()))) + 3)
    data["respondents"]["IIT"] = str(int(data["respondents"]["IIT"]) + 3)
    published.correct(LATE, of, data)
    made = published.prepare(published.gather(of), "คำตอบที่มาช้า")
    assert made.state == "ready", made.problem
    return made


def test_the_book_shows_what_the_release_shows(published: Published, second: Release) -> None:
    for release in (published.releases[2568], second):
        found = public_book(release)
        lines = {one.code: one.line for one in release.lines.all()}
        for code, line in found.places.items():
            for at, node in enumerate(found.nodes):
                low, _, origin = lines[code].scores[node]
                told = None if np.isnan(found.low[at, line]) else f"{found.low[at, line]:.2f}"
                assert told == low, (code, node)
                assert (STATES[found.state[at, line]] == "withheld") == (origin == "withheld" and low is None)
                error = lines[code].errors.get(node)
                assert np.isnan(found.se[at, line]) == (error is None), (code, node)
                if error is not None:
                    assert found.se[at, line] == pytest.approx(float(error[0]), abs=1e-9)


def test_what_came_late_is_withheld_everywhere_and_said_to_the_assessor(published: Published, second: Release) -> None:
    assert second.withheld == 1
    found, before = public_book(second), public_book(published.releases[2568])
    line, item = found.places[LATE], found.line("i1")
    assert STATES[before.state[item, line]] == "counted"
    assert STATES[found.state[item, line]] == "withheld"
    assert not np.isnan(found.low[found.line("IIT"), line])  # the instrument stays
    assert np.isnan(found.se[found.line("IIT"), line])  # its error does not


def test_nothing_over_all_agencies_counts_who_is_withheld(published: Published, second: Release) -> None:
    """Else the difference of two means, or of two shares of best answers, would be what the late ones answered."""
    found, before = public_book(second), public_book(published.releases[2568])
    kind = found.agencies["kind"][found.places[LATE]]
    for by, group in (("nation", ""), ("kind", kind)):
        new, old = found.spread(by, group, "i1"), before.spread(by, group, "i1")
        assert new is not None
        assert old is not None
        assert (new["scored"], new["withheld"]) == (old["scored"] - 1, old["withheld"] + 1)
    PublishRelease(by=published.cast.assessor, release=second).execute()
    of = published.cast.round
    gone = [one for one in published.data(LATE, of)["tallies"] if one.startswith("i")]
    assert gone
    # Without that agency at all, the figures of these items are the same.
    published.correct(LATE, of, {"agency": {"name": "x"}, "fiscal_year": 2568, "scores": {"items": {"o1": "100"}}})
    without = public_book(published.prepare(published.gather(of), "ไม่มีหน่วยงานนั้น"))
    for node in gone:
        new, less = found.spread("nation", "", node), without.spread("nation", "", node)
        assert new is not None
        assert less is not None
        assert [new[key] for key in ("mean_low", "sd", "best_answers")] == [
            less[key] for key in ("mean_low", "sd", "best_answers")
        ], node


def test_public_numbers_have_no_more_digits_than_are_shown(published: Published) -> None:
    """All digits of the score of six people would give their answers back."""
    found = public_book(published.releases[2568])
    for values, places in ((found.value, 2), (found.se, 4), (found.low95, 2), (found.high95, 2)):
        told = values[~np.isnan(values)]
        assert len(told)
        assert np.array_equal(told, np.round(told, places))
    sd = found.spreads["sd"].drop_nulls().to_numpy()
    assert np.array_equal(sd, np.round(sd, 2))
    inside = book.read(published.releases[2568].result.file.read())
    exact = inside.value[~np.isnan(inside.value)]
    assert not np.array_equal(exact, np.round(exact, 2))  # the control: the assessor's file has them all


def test_pinned_and_small_groups_have_no_number_in_the_book(published: Published) -> None:
    found = public_book(published.releases[2568])
    for code, nodes in ((ALIKE, ("overall", "IIT", "i1")), (SMALL, ("i1", "i2"))):
        for node in nodes:
            at, line = found.line(node), found.places[code]
            assert np.isnan([found.low[at, line], found.value[at, line], found.se[at, line]]).all(), (code, node)
