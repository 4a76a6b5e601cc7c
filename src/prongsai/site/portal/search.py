"""Finding agencies: by name as people type it, by province, by code. The register lives in memory."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.site.nation.overview import places, province_name
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.reading import current
from prongsai.site.portal.published import kind_name
from prongsai.thai.abbreviations import written_out
from prongsai.thai.digits import to_arabic
from prongsai.thai.lookup import Names, folded

LONGEST = 100  # letters of a question that are looked at
MOST = 50
_NEAR, _GUESS = 6, 0.3


@dataclass(frozen=True)
class Known:
    """An agency that has a published result, by the newest of them."""

    code: str
    name: str
    kind: str
    province: str
    ministry: str


@dataclass(frozen=True)
class Group:
    """A province, ministry or kind that was asked for by its name. ``by``: which of them."""

    by: str
    key: str
    name: str


class Register:
    """Every agency of the given releases once, and how to find it."""

    def __init__(self, releases: tuple[int, ...]) -> None:
        found: dict[str, Known] = {}
        columns = ("code", "name", "kind", "province", "ministry")
        for release in releases:  # newest year first
            for row in PublishedAgency.objects.filter(release=release).values_list(*columns):
                found.setdefault(row[0], Known(*row))
        self.agencies = list(found.values())
        self.by_code = {one.code.lower(): one for one in self.agencies}
        self.names = Names(
            [one.name for one in self.agencies], [f"{one.province} {one.ministry}" for one in self.agencies]
        )
        self.groups = self._groups()

    def find(self, typed: str, most: int = MOST) -> list[Known]:
        """Those that answer, best first: a code, else names with their places."""
        plain = _plain(typed)
        own = self.by_code.get(plain.lower())
        asked = [plain, *(one.key for one in self.group(typed) if one.by == "province")]  # จังหวัดยะลา: and all of ยะลา
        hits = [self.agencies[hit.place] for name in dict.fromkeys(asked) for hit in self.names.find(name, most)]
        return list(dict.fromkeys([own, *hits] if own else hits))[:most]

    def near(self, typed: str) -> list[Known]:
        """Those that may have been meant, where nothing answers."""
        plain = _plain(typed)
        alike = [one for code, one in self.by_code.items() if len(plain) > 2 and code.startswith(plain.lower()[:-1])]
        guesses = [self.agencies[hit.place] for hit in self.names.find(plain, _NEAR, _GUESS)]
        return list(dict.fromkeys([*alike[:_NEAR], *guesses]))[:_NEAR]

    def group(self, typed: str) -> list[Group]:
        """Provinces, ministries and kinds of that name."""
        return self.groups.get(folded(_plain(typed)), [])

    def _groups(self) -> dict[str, list[Group]]:
        found: dict[str, dict[Group, None]] = {}
        for one in self.agencies:
            for by, key in (("province", one.province), ("ministry", one.ministry), ("kind", one.kind)):
                if key:
                    written = AGENCY_KINDS.get(key, key) if by == "kind" else key
                    for name in (written, f"จังหวัด{written}") if by == "province" else (written,):
                        found.setdefault(folded(name), {})[Group(by, key, group_name(by, key))] = None
        return {name: list(groups) for name, groups in found.items()}


def group_name(by: str, key: str) -> str:
    """A group in the reader's language."""
    return province_name(key) if by == "province" else kind_name(key) if by == "kind" else key


def register() -> Register:
    """Of what is published now. One query; building anew, after a release, takes half a second for all who wait."""
    releases = tuple((one.pk, one.digest) for one in current())
    with _building:
        return _register(releases)


_building = Lock()


@lru_cache(maxsize=1)
def _register(releases: tuple[tuple[int, str], ...]) -> Register:
    return Register(tuple(pk for pk, _ in releases))


@lru_cache(maxsize=1)
def _english() -> dict[str, str]:
    """Provinces by their English names, as one types them."""
    return {english.lower(): thai for thai, (_, _, _, english) in places().items()}


def _plain(typed: str) -> str:
    """What was typed, bounded, with abbreviations written out and provinces in Thai."""
    plain = to_arabic(typed[:LONGEST]).strip()
    low = plain.lower()
    thai = next((thai for english, thai in _english().items() if english in low), None)
    return thai if thai and low in _english() else written_out(plain)


def rows_of(agencies: list[Known], releases: list[Release]) -> list[PublishedAgency]:
    """The newest published head of each, in the same order; one query, nothing unpacked."""
    codes = [one.code for one in agencies]
    rows = PublishedAgency.objects.filter(code__in=codes, release__in=[one.pk for one in releases]).defer("detail")
    by_pk = {one.pk: (place, one) for place, one in enumerate(releases)}
    newest: dict[str, PublishedAgency] = {}
    for row in sorted(rows, key=lambda row: by_pk[row.release_id][0]):
        row.release = by_pk[row.release_id][1]
        newest.setdefault(row.code, row)
    return [newest[code] for code in codes if code in newest]
