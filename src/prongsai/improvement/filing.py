"""Under which OIT item of which year a document is filed: three years that are easily mixed up."""

from __future__ import annotations

from prongsai.errors import InputError
from prongsai.framework import Framework, for_year
from prongsai.framework.model import Filing
from prongsai.improvement.model import FiledAs

_FARTHEST = 4


def filed_as(document: str, result_year: int, action_year: int | None = None, months: int = 12) -> FiledAs | None:
    """The OIT item and fiscal year of a document; None where the frameworks do not say.

    Documents on measures are found from the year of the results they answer. Action plans and their reports
    are found from the year they run in: the plan and the six-month report in that year, the yearly report
    in a later one.
    """
    if document.startswith("action_plan"):
        year = action_year or result_year + 1
        half_year = document.endswith("_progress") and months != 12
        earliest = year if document == "action_plan" or half_year else year + 1
    else:
        year, earliest = result_year, result_year
    for filing_year in range(earliest, earliest + _FARTHEST):
        try:
            framework: Framework = for_year(filing_year)
        except InputError:
            return None
        for filing in framework.filings:
            if filing.document != document:
                continue
            if filing.result_year_offset is None:
                return None  # which year's document this item takes is not published, so nothing later is sure
            if filing.result_year_offset == year - filing_year:
                return _at(filing, filing_year)
    return None


def _at(filing: Filing, year: int) -> FiledAs:
    return FiledAs(fiscal_year=year, item=filing.item)
