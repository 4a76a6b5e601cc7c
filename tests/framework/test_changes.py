"""What changed in the rules between two frameworks."""

from __future__ import annotations

import pytest

from prongsai.framework import Confidence, Framework, for_year, previous_of
from prongsai.framework.changes import changes
from prongsai.framework.model import Title

YEARS = range(2563, 2570)


def found(year: int):
    after = for_year(year)
    before = previous_of(after)
    assert before
    result = changes(before, after)
    assert result
    return result


@pytest.mark.parametrize("year", YEARS)
def test_every_item_is_counted_once(year: int) -> None:
    result = found(year)
    codes = [code for group in result.unmatched for code in group.codes]
    assert len(codes) == len(set(codes))
    assert result.comparable + len(codes) == result.items_after
    assert result.items_after == sum(len(ind.items) for inst in result.after.instruments for ind in inst.indicators)


def test_counts_and_filings_of_two_real_years() -> None:
    result = found(2569)
    assert [(count.code, count.before, count.after) for count in result.counts] == [
        ("IIT", 15, 15),
        ("EIT", 9, 9),
        ("OIT", 28, 26),
    ]
    filed = {filed.document: filed for filed in result.filings}
    assert (filed["measures"].before, filed["measures"].after) == (("o27",), ("o25",))
    assert filed["measures"].changed
    assert not result.levels.changed
    assert not result.levels.sure  # the rules of the later year are assumed


def test_letters_gave_way_to_levels_with_components() -> None:
    levels = found(2566).levels
    assert levels.changed
    assert levels.before[0].name == "AA"
    assert levels.before[0].component_min is None
    assert levels.after[0].component_min == 95
    assert (levels.components_before, len(levels.components_after)) == ((), 4)


def test_a_document_without_predecessor() -> None:
    filed = {filed.document: filed for filed in found(2563).filings}
    assert (filed["measures"].before, filed["measures"].after) == ((), ("o42",))


def test_no_changes_between_years_that_do_not_follow() -> None:
    assert changes(for_year(2565), for_year(2568)) is None
    assert changes(for_year(2568), for_year(2567)) is None


def renamed(framework: Framework, number: str, name: str, **keys: object) -> Framework:
    """The framework with another name for one indicator."""
    instruments = []
    for inst in framework.instruments:
        indicators = [
            ind.model_copy(update={"name": Title(th=name), **keys}) if ind.number == number else ind
            for ind in inst.indicators
        ]
        instruments.append(inst.model_copy(update={"indicators": tuple(indicators)}))
    return framework.model_copy(update={"instruments": tuple(instruments)})


def test_renamed_indicator_but_not_one_that_had_both_names() -> None:
    before, after = for_year(2568), for_year(2569)
    result = changes(before, renamed(after, "1", "ชื่อใหม่", other_names=()))
    assert result
    assert [(one.number, one.after) for one in result.renamed] == [("1", "ชื่อใหม่")]
    same = changes(before, renamed(after, "1", "ชื่อใหม่", other_names=("การปฏิบัติหน้าที่",)))
    assert same
    assert same.renamed == ()
    assert all(found(year).renamed == () for year in YEARS)


def test_indicator_and_instrument_added_and_dropped() -> None:
    before, after = for_year(2568), for_year(2569)
    less = after.model_copy(update={"instruments": after.instruments[:2]})
    result = changes(before, less)
    assert result
    assert [number for number, _ in result.indicators_dropped] == ["9", "10"]
    assert (result.counts[-1].code, result.counts[-1].after) == ("OIT", None)
    more = changes(before.model_copy(update={"instruments": before.instruments[:2]}), after)
    assert more
    assert [number for number, _ in more.indicators_added] == ["9", "10"]
    assert more.counts[-1].before is None


def test_sure_only_where_all_is_confirmed() -> None:
    before, after = for_year(2568), for_year(2569)

    def confirmed(framework: Framework) -> Framework:
        bands = tuple(band.model_copy(update={"confidence": Confidence.CONFIRMED}) for band in framework.levels.bands)
        levels = framework.levels.model_copy(update={"bands": bands, "confidence": Confidence.CONFIRMED})
        return framework.model_copy(update={"levels": levels})

    result = changes(confirmed(before), confirmed(after))
    assert result
    assert result.levels.sure
