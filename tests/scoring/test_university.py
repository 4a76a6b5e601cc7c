"""A university's own units of 2563: printed indicators must give the printed overall score and level."""

import csv
import io
import os
from decimal import Decimal
from pathlib import Path

import pytest

from prongsai.scoring.interval import shown
from result_sample import sheet

# Three invented rows in the same columns, worked out by hand: 0.3 IIT + 0.3 EIT + 0.4 OIT. The second lacks a field.
TWIN = """\
unit,fiscal_year_be,level,overall,iit_weighted,eit_weighted,oit_weighted,indicator_1,indicator_2,indicator_3,indicator_4,indicator_5,indicator_6,indicator_7,indicator_8,indicator_9,indicator_10
หน่วยสมมติหนึ่ง,2563,B,78.00,24.00,27.00,27.00,90.00,80.00,70.00,80.00,80.00,90.00,90.00,90.00,75.00,60.00
หน่วยสมมติสอง,2563,C,66.17,24.90,,16.33,88.00,80.00,86.00,79.00,82.00,88.50,79.00,81.90,66.65,15.00
หน่วยสมมติสาม,2563,AA,95.00,28.50,28.50,38.00,95.00,95.00,95.00,95.00,95.00,95.00,95.00,95.00,90.00,100.00
"""
CASES = Path(os.environ.get("PRONGSAI_CASES") or Path(__file__).parents[2].parent / "shared" / "cases")
FILE = CASES / "university-units-2563.csv"
SHARES = {"IIT": ("iit_weighted", 30), "EIT": ("eit_weighted", 30), "OIT": ("oit_weighted", 40)}


def check(row: dict[str, str]) -> None:
    indicators = {str(n): Decimal(row[f"indicator_{n}"]) for n in range(1, 11)}
    found = sheet(int(row["fiscal_year_be"]), scores={"indicators": indicators})
    overall = found.score("overall")
    assert overall is not None
    assert abs(shown(overall) - Decimal(row["overall"])) <= Decimal("0.01"), row["unit"]
    assert found.level.name == row["level"], row["unit"]
    for instrument, (column, weight) in SHARES.items():
        computed = found.score(instrument)
        assert computed is not None
        if row[column]:
            assert abs(shown(computed * weight / 100) - Decimal(row[column])) <= Decimal("0.01"), (row["unit"], column)


@pytest.mark.parametrize("row", list(csv.DictReader(io.StringIO(TWIN))), ids=lambda row: row["level"])
def test_invented_units(row: dict[str, str]) -> None:
    check(row)


def test_a_wrong_level_or_overall_is_noticed() -> None:
    row = next(csv.DictReader(io.StringIO(TWIN)))
    for change in ({"level": "A"}, {"overall": "78.02"}, {"oit_weighted": "27.02"}):
        with pytest.raises(AssertionError):
            check({**row, **change})


@pytest.mark.skipif(not FILE.exists(), reason=f"{FILE.name} is not here; PRONGSAI_CASES names its folder")
def test_the_published_units() -> None:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 39
    assert sum(1 for row in rows if not row["eit_weighted"]) == 1
    for row in rows:
        check(row)
