import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.thai.dates import FIRST_MODERN_YEAR, long_date, month_year, read_date, short_date
from prongsai.thai.digits import to_thai
from prongsai.thai.fiscal_year import FiscalYear, be_year

LEAP = dt.date(2024, 2, 29)
DAYS = st.dates(dt.date(FIRST_MODERN_YEAR - 543, 1, 1), dt.date(2150, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2567-02-29",
        "๒๕๖๗-๐๒-๒๙",
        "2024-02-29",
        "29/02/2567",
        "29/2/2567",
        "29.02.2567",
        "29-2-2024",
        "๒๙/๐๒/๒๕๖๗",
        "29 กุมภาพันธ์ 2567",
        "๒๙ กุมภาพันธ์ พ.ศ. ๒๕๖๗",
        "29 กุมภาพันธ์ ค.ศ. 2024",
        "วันที่ 29 กุมภาพันธ์ 2567",
        "29 ก.พ. 2567",
        "29 กพ 2567",
        "29\u00a0ก.พ.\u00a02567",
        " 29ก.พ.2567 ",
        LEAP,
        dt.datetime(2024, 2, 29, 12, 0),
    ],
)
def test_the_leap_day_in_every_form(text: object) -> None:
    assert read_date(text) == LEAP


@pytest.mark.parametrize(
    "text",
    [
        "29/02/2568",  # 2025 is no leap year
        "31/04/2567",
        "15/13/2567",
        "15 มกรา 2568",
        "15 ม.ค. 68",  # two digits: the era cannot be told
        "15/01/2300",
        "1 มกราคม 2470",  # the year began in April then
        "01/02/1900",
        "มกราคม 2568",
        "พรุ่งนี้",
        "",
        None,
    ],
)
def test_what_is_no_day_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"not a|month|day|before|neither"):
        read_date(text)


@given(DAYS)
def test_written_dates_read_back(day: dt.date) -> None:
    for write in (long_date, short_date):
        assert read_date(write(day)) == day
        assert read_date(write(day, thai_digits=True)) == day
    assert read_date(f"{day.day}/{day.month}/{day.year + 543}") == day
    assert read_date(day.isoformat()) == day


def test_dates_are_written_in_the_buddhist_era_and_never_break() -> None:
    assert long_date(LEAP) == "29\u00a0กุมภาพันธ์\u00a02567"
    assert short_date(dt.date(2025, 1, 15), thai_digits=True) == "๑๕\u00a0ม.ค.\u00a0๒๕๖๘"
    assert month_year(dt.date(2025, 1, 15)) == "มกราคม\u00a02568"


@pytest.mark.parametrize(
    "value",
    [2568, "2568", "๒๕๖๘", " พ.ศ. 2568 ", "ปีงบประมาณ พ.ศ. ๒๕๖๘", "2025", "ค.ศ. 2025", "FY 2568", FiscalYear(2568)],
)
def test_a_fiscal_year_is_read_in_either_era(value: object) -> None:
    assert FiscalYear.read(value) == FiscalYear(2568)


@pytest.mark.parametrize("value", ["68", "2300", "2399", "2701", "25680", "2568.0", "สองพัน", "", None])
def test_what_is_no_year_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"not a year|neither"):
        FiscalYear.read(value)


@pytest.mark.parametrize(("year", "expected"), [(2400, 2400), (2700, 2700), (1900, 2443), (2200, 2743)])
def test_the_borders_of_the_eras(year: int, expected: int) -> None:
    assert be_year(year) == expected


def test_a_fiscal_year_runs_from_october_to_september() -> None:
    year = FiscalYear(2568)
    assert (year.start, year.end) == (dt.date(2024, 10, 1), dt.date(2025, 9, 30))
    assert dt.date(2024, 9, 30) not in year
    assert dt.date(2024, 10, 1) in year
    assert dt.date(2025, 9, 30) in year
    assert dt.date(2025, 10, 1) not in year
    assert sorted([FiscalYear(2569), year])[0] == year
    assert to_thai(str(year)) == "๒๕๖๘"


@given(DAYS)
def test_every_day_lies_in_its_own_fiscal_year_only(day: dt.date) -> None:
    year = FiscalYear.of(day)
    assert day in year
    assert day not in FiscalYear(year.be - 1)
    assert day not in FiscalYear(year.be + 1)
