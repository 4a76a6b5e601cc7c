"""What passing a failed item would do is what scoring says when it is passed."""

import pytest

from prongsai.analysis.next_level import next_level
from result_sample import sheet


@pytest.mark.parametrize("gone", [{}, {"o2": "not_applicable", "o3": "not_applicable"}])
def test_a_what_if_equals_the_score_with_the_item_passed(gone: dict[str, str]) -> None:
    """An item that left the denominator is no part of it in the what-if either."""
    verdicts = {f"o{number}": "disclosed" for number in range(1, 44)} | {"o1": "not_disclosed"} | gone
    scores = {"instruments": {"IIT": 80, "EIT": 80}}
    found = next_level(sheet(2564, scores=scores, verdicts=verdicts))
    assert found
    (what_if,) = found.what_if
    passed = sheet(2564, scores=scores, verdicts={**verdicts, "o1": "disclosed"})
    assert what_if.items == ("o1",)
    assert what_if.overall == passed.values["overall"].interval
    assert what_if.levels == passed.level.names
