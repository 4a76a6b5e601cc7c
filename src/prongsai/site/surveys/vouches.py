"""What the entry of a closing vouches for: the survey's mixed answers, box by box, and its tally."""

from __future__ import annotations

from collections.abc import Iterator

from prongsai.site.history.models import Entry
from prongsai.site.history.vouched import row_of, vouches
from prongsai.site.surveys.models import Survey, SurveyState
from prongsai.site.surveys.sealing import altered


@vouches("surveys.closed")
def closing(entry: Entry) -> Iterator[str]:
    """The survey is closed, and its answers and tally are those of then."""
    survey = Survey.objects.filter(pk=row_of(entry)).first()
    if survey is None or survey.state != SurveyState.CLOSED:
        yield entry.subject
    elif root := entry.facts.get("root"):  # surveys that an earlier version closed have none
        yield from altered(survey, root, str(entry.facts.get("tally")))
