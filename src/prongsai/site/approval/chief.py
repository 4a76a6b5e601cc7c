"""Who stands for the agency today: the last rank of its chain, or whoever acts for that rank."""

from __future__ import annotations

from prongsai.site.agencies.models import Agency
from prongsai.site.approval.chain import ranks_of, usual_positions
from prongsai.site.approval.models import Rank
from prongsai.site.approval.seats import seats_of
from prongsai.site.people.models import Person


def signs_as_chief(person: Person, agency: Agency) -> str:
    """Name and post as a person signs in the seat of the last rank; empty for those who have no such seat.

    Until the agency has a chain of its own, the usual last post of its kind counts.
    """
    seats = seats_of(person, agency.pk)
    if not seats:
        return ""
    last = next(reversed(ranks_of(agency)), None) or Rank(position=usual_positions(agency)[-1])
    return next((seat.signed_as for seat in seats if seat.fits(last)), "")
