"""A nation's result as pages read it: which revision, for whom, at which addresses, and the years before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from prongsai.framework.model import Title
from prongsai.national import book
from prongsai.national.book import Book
from prongsai.scoring.agency_kinds import AGENCY_KINDS
from prongsai.scoring.score import hypotheses
from prongsai.scoring.structure import Kind as NodeKind
from prongsai.scoring.structure import Structure, structure
from prongsai.site.base.text import pick
from prongsai.site.files.models import Stored
from prongsai.site.nation.models import NationResult
from prongsai.site.results.show import name_of, title_of
from prongsai.site.rounds.models import Round

_KEPT = 6  # results held in memory; one of a whole nation takes some 50 MB
_YEARS = 5


@lru_cache(maxsize=_KEPT)
def kept(_sha256: str, pk: int) -> Book:
    """The numbers of a kept file. A file never changes, so its hash is all there is to know of it."""
    return book.read(Stored.objects.get(pk=pk).read())


def book_of(file: Stored) -> Book:
    """The numbers of a kept file."""
    return kept(file.sha256, file.pk)


def published_file(result: NationResult) -> Stored:
    """What everybody may read of a revision that is published."""
    assert result.public_file is not None, f"{result} is not published"
    return result.public_file


@dataclass(frozen=True)
class Reading:
    """One revision and who reads it. ``public``: without an account, at the public addresses."""

    result: NationResult
    public: bool

    @property
    def round(self) -> Round:
        """The round."""
        return self.result.round

    @property
    def round_name(self) -> str:
        """The round's name in the reader's language."""
        return pick(self.round.name, self.round.name_en or self.round.name)

    @property
    def file(self) -> Stored:
        """Its file: what may be shown to the assessor, or to everybody."""
        return published_file(self.result) if self.public else self.result.file

    @cached_property
    def book(self) -> Book:
        """Its numbers."""
        return book_of(self.file)

    @property
    def revision(self) -> int:
        """Which it is for this reader: gatherings are counted for the assessor, publications for everybody."""
        return int(self.book.about.get("revision", self.result.revision)) if self.public else self.result.revision

    def address(self, page: str = "", *args: Any, **query: Any) -> str:
        """The address of a page (``league``; empty: the first) for this reader."""
        name = ("public_nation" if self.public else "nation") + (f"_{page}" if page else "")
        asked = {key: value for key, value in query.items() if value not in ("", None)}
        return reverse(name, args=[self.round.slug, *args]) + (f"?{urlencode(asked)}" if asked else "")

    @cached_property
    def earlier(self) -> list[Reading]:
        """Results of years before, newest first, as far as this reader may see them; one query."""
        year = self.round.fiscal_year
        if year is None:
            return []
        found = NationResult.objects.select_related("round", "file", "public_file").filter(
            round__own=None, round__fiscal_year__lt=year, round__fiscal_year__gte=year - _YEARS
        )
        if self.public:
            found = found.filter(published_at__isnull=False)
        newest: dict[int, NationResult] = {}
        for one in found.order_by("-revision"):
            newest.setdefault(one.round.fiscal_year or 0, one)
        return [Reading(newest[key], self.public) for key in sorted(newest, reverse=True)]

    @property
    def before(self) -> Reading | None:
        """The year before, where there is one."""
        year = self.round.fiscal_year
        return next((one for one in self.earlier if year is not None and one.round.fiscal_year == year - 1), None)

    # --- what may be looked at

    @cached_property
    def nodes(self) -> list[str]:
        """The overall score, instruments and parts of which something is known."""
        spreads = {node: self.book.spread("nation", "", node) or {} for node in book.upper(self.book.framework)}
        return [node for node, one in spreads.items() if one.get("scored", 0) + one.get("withheld", 0)]

    @cached_property
    def usual(self) -> str:
        """What is shown unless something else is asked for: the overall score, if most agencies are ranked by it."""

        def ranked(node: str) -> bool:
            return self.book.agencies[f"rank {node}"].count() > len(self.book.agencies) / 2

        return next((node for node in self.nodes if ranked(node)), self.nodes[0] if self.nodes else "overall")

    def node(self, asked: QueryDict) -> str:
        """The score that is asked for."""
        wanted = asked.get("score", "")
        return wanted if wanted in self.nodes else self.usual

    @cached_property
    def _tree(self) -> Structure:
        return structure(self.book.framework)

    def name(self, node: str) -> str:
        """What a node is called: คะแนนรวม, IIT, EIT ส่วนที่ 1, ตัวชี้วัดที่ 3."""
        return name_of(self._tree.nodes[node])

    def title(self, node: str) -> str:
        """A node's name in the framework."""
        return "" if node == "overall" else title_of(self.book.framework, self._tree.nodes[node])

    def instrument(self, node: str) -> str:
        """The instrument of a node; empty for the overall score."""
        return self._tree.nodes[node].instrument or ""

    @property
    def parts(self) -> list[str]:
        """The parts of instruments that are collected in parts."""
        return [part.code for one in self.book.framework.instruments for part in one.parts]

    def of_kind(self, *kinds: NodeKind, part: str | None = None) -> list[str]:
        """The nodes of a kind within one part (None: the whole), in the framework's order."""
        return [node.id for node in self._tree.of_kind(*kinds, part=part) if self.book.spread("nation", "", node.id)]

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kinds of agency that there are, with their names."""
        there = set(self.book.agencies["kind"].unique().to_list())
        return {key: name for key, name in AGENCY_KINDS.items() if key in there}

    @cached_property
    def provinces(self) -> list[str]:
        """The provinces of the agencies."""
        return sorted(one for one in self.book.agencies["province"].unique().to_list() if one)

    @cached_property
    def assumed(self) -> list[tuple[Title, int]]:
        """The hypotheses that scores rest on, and of how many agencies."""
        known = hypotheses(self.book.framework)
        return [(known[name].title, count) for name, count in self.book.about["assumed"].items() if name in known]
