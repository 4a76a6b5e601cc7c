"""The ASVS checklist has every row of levels 1 and 2, and no yes without something that shows it."""

from __future__ import annotations

import pytest
from named_tests import ROOT, stands
from write_security import ANSWERS, SECURITY, Row, asvs, asvs_page

# The levels of ASVS 5.0.0's requirements by section: the nth digit is the level of the nth (from its published CSV).
LEVELS = """
V1.1 22  V1.2 1111122223  V1.3 112222222223  V1.4 222  V1.5 123
V2.1 122  V2.2 112  V2.3 12223  V2.4 23
V3.1 3  V3.2 113  V3.3 12223  V3.4 11222233  V3.5 11122333  V3.6 3  V3.7 22333
V4.1 12233  V4.2 23333  V4.3 22  V4.4 1222
V5.1 2  V5.2 112333  V5.3 113  V5.4 222
V6.1 122  V6.2 111111112222  V6.3 11223333  V6.4 112233  V6.5 22222333  V6.6 2223  V6.7 33  V6.8 2222
V7.1 222  V7.2 1111  V7.3 22  V7.4 11222  V7.5 223  V7.6 22
V8.1 1233  V8.2 1123  V8.3 133  V8.4 23
V9.1 111  V9.2 1222
V10.1 22  V10.2 223  V10.3 22223  V10.4 1111122222233333  V10.5 22222  V10.6 22  V10.7 222
V11.1 2233  V11.2 22233  V11.3 11233  V11.4 1222  V11.5 23  V11.6 23  V11.7 33
V12.1 12233  V12.2 11  V12.3 22223
V13.1 2333  V13.2 222223  V13.3 2233  V13.4 1222233
V14.1 22  V14.2 12223333  V14.3 122
V15.1 12233  V15.2 12233  V15.3 1222222  V15.4 3333
V16.1 2  V16.2 22222  V16.3 2222  V16.4 222  V16.5 2223
V17.1 23  V17.2 22223333  V17.3 22
"""
_WORDS = LEVELS.split()
EVERY = {
    f"{section}.{number}": int(level)
    for section, levels in zip(_WORDS[::2], _WORDS[1::2], strict=True)
    for number, level in enumerate(levels, start=1)
}
CHAPTERS, ROWS = asvs()


def test_the_standard_has_as_many_rows_as_it_says() -> None:
    counts = [list(EVERY.values()).count(level) for level in (1, 2, 3)]
    assert (counts, sum(counts)) == ([70, 183, 92], 345)


def test_every_row_of_both_levels_is_answered_in_its_order() -> None:
    assert [(row.id, row.level) for row in ROWS] == [(name, level) for name, level in EVERY.items() if level < 3]
    assert {name.partition(".")[0] for name in EVERY} == set(CHAPTERS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_an_answer_is_shown_or_explained(row: Row) -> None:
    assert row.answer in ANSWERS
    assert row.says
    for one in row.by:
        if "::" in one:
            assert stands(one), f"{one}: no such test"
        else:
            assert (ROOT / one).exists(), f"{one}: no such file"
    if row.answer == "yes":
        assert row.by, "a yes names what shows it"
    else:
        assert row.note, "say why not, and what would be needed"
    if row.answer == "n.a.":
        assert not row.by


def test_the_page_is_fresh() -> None:
    assert (SECURITY / "asvs.md").read_text(encoding="utf-8") == asvs_page(), "stale; run make docs"
