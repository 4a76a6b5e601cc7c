"""Agencies by name: what people type to search, and whether a name in a file means an agency."""

from __future__ import annotations

from enum import Enum

from django.db.models import Q

from prongsai.reading.collect.agency import kind_of
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.agencies.models import Agency
from prongsai.thai.abbreviations import abbreviations
from prongsai.thai.text import likeness, repair, squeeze

# Abbreviations in common use, written before the agency's own name.
SHORT = {one.short: one.kind for one in abbreviations() if one.kind}
ALIKE_ENOUGH = 0.75


class Match(Enum):
    """How a name in a file stands to an agency."""

    SAME = "same"
    SIMILAR = "similar"  # a misread or misspelt name; a person has to look
    OTHER = "other"


def short_kind(agency: Agency) -> str:
    """The kind as lists show it: its abbreviation where there is one in common use."""
    return next((short for short, kind in SHORT.items() if kind == agency.kind), agency.kind_name)


def expanded(text: str) -> str:
    """Repaired text with abbreviations written out: ``ทต.บางปลา`` → ``เทศบาลตำบล บางปลา``."""
    text = repair(text).strip()
    for short, kind in SHORT.items():
        text = text.replace(short, f" {AGENCY_KINDS[kind]} ")
    return " ".join(text.split())


def matching(text: str) -> Q:
    """Agencies that what was typed may mean: every word of it in the name, in either language, or in the code."""
    found = Q()
    for word in expanded(text).split()[:8]:
        found &= Q(agency__name__icontains=word) | Q(agency__name_en__icontains=word) | Q(agency__code__iexact=word)
    return found


def match(agency: Agency, name: str, province: str | None = None) -> Match:
    """Whether a name (and province, where the file says one) means an agency.

    Names of one kind that begin alike are many, so only the part after the kind is compared; two agencies of the
    same name in two provinces are two agencies.
    """
    if province and agency.province and squeeze(province) != squeeze(agency.province):
        return Match.OTHER
    if squeeze(expanded(name)) in (squeeze(expanded(agency.name)), squeeze(agency.name_en)):
        return Match.SAME
    (kind, own), (other_kind, other) = _parts(name), _parts(agency.name)
    if kind != other_kind:
        return Match.OTHER
    if own == other:
        return Match.SAME
    return Match.SIMILAR if likeness(own, other) >= ALIKE_ENOUGH else Match.OTHER


def _parts(name: str) -> tuple[str | None, str]:
    """Kind and own name, squeezed, without the place that may follow it."""
    words = expanded(name)
    for place in (" อำเภอ", " จังหวัด", " อ.", " จ."):
        words = words.split(place)[0]
    plain = squeeze(words)
    kind = kind_of(plain)
    return kind, plain.removeprefix(squeeze(AGENCY_KINDS.get(kind or "", "")))
