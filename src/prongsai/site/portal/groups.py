"""Groups of agencies: a province, a ministry or a kind in one round, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, DecimalField, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import Http404, QueryDict
from django.urls import reverse

from prongsai.framework import by_id
from prongsai.national.book import upper
from prongsai.scoring.structure import structure
from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import T, pick
from prongsai.site.nation import draw
from prongsai.site.nation.reading import Reading
from prongsai.site.nation.table import Cell, Column, Lazy, Table, between, share
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.reading import current
from prongsai.site.portal.published import figure_of, kind_name
from prongsai.site.portal.search import group_name
from prongsai.site.results.show import name_of
from prongsai.thai import order

PAGE = 50
BY = {
    "province": T("จังหวัด", "Province"),
    "ministry": T("กระทรวงหรือสังกัด", "Ministry"),
    "kind": T("ประเภทหน่วยงาน", "Kind of agency"),
}
_OPEN = "open"  # how an address asks for agencies of several possible levels


def releases() -> list[Release]:
    """What can be read now, newest year first."""
    return list(current())


def release_of(found: Sequence[Release], slug: str) -> Release:
    """The release of a round, or the newest. Raises ``Http404`` where there is none of it."""
    chosen = next((one for one in found if one.round.slug == slug), None) if slug else next(iter(found), None)
    if chosen is None:
        raise Http404
    return chosen


def round_name(release: Release) -> str:
    """A release's round in the reader's language."""
    return pick(release.round.name, release.round.name_en or release.round.name)


@dataclass
class Group:
    """The agencies of a group in a release."""

    release: Release
    by: str
    key: str

    @property
    def name(self) -> str:
        """The group in the reader's language."""
        return group_name(self.by, self.key)

    @property
    def rows(self) -> QuerySet[PublishedAgency]:
        """Its agencies, heads only."""
        return PublishedAgency.objects.filter(release=self.release, **{self.by: self.key}).defer("detail")

    @property
    def nodes(self) -> list[str]:
        """Total, instruments and parts."""
        return heads_of(self.release)


def heads_of(release: Release) -> list[str]:
    """The scores at the head of an agency of a release: total, instruments, parts."""
    return upper(by_id(release.framework_id))


def build(group: Group, asked: QueryDict) -> dict[str, Any]:
    """The page of a group: levels, means both ways, its agencies as asked for."""
    levels = dict(group.rows.order_by().values_list("level").annotate(Count("pk")))
    if not levels:
        raise Http404
    bands = [band.name for band in by_id(group.release.framework_id).levels.bands]
    wanted = _asked(group, asked, bands)
    page = Paginator(_ordered(group, wanted), PAGE).get_page(asked.get("page"))
    rows = group.rows.in_bulk(list(page))
    for row in rows.values():
        row.release = group.release
    names = structure(by_id(group.release.framework_id)).nodes
    return {
        **wanted,
        "agencies": sum(levels.values()),
        "levels": _levels(bands, levels),
        "means": _means(group),
        "page": page,
        "shown": [
            (row, [figure_of(node, row.heads.get(node)) for node in group.nodes]) for row in map(rows.get, page) if row
        ],
        "columns": [(node, name_of(names[node])) for node in group.nodes],
        "bands": bands,
        "sort_names": [("name", pick("ชื่อ", "Name"))] + [(f"-{n}", name_of(names[n])) for n in group.nodes],
        "kinds": _kinds(group) if group.by != "kind" else [],
        "round": group.release.round,
    }


def _asked(group: Group, asked: QueryDict, bands: list[str]) -> dict[str, Any]:
    """Order and filters, those that are not understood left out."""
    sort = asked.get("sort", "")
    level = asked.get("level", "")
    return {
        "sort": sort if sort.removeprefix("-") in ("name", *group.nodes) else "name",
        "level": level if level in (*bands, _OPEN) else "",
        "kind": asked.get("kind", "")[:40],
        "q": asked.get("q", "")[:100].replace("\x00", "").strip(),
    }


def _ordered(group: Group, wanted: dict[str, Any]) -> list[int]:
    """The agencies that fit, in their order: by name as in a dictionary, or by a score."""
    rows = group.rows
    if wanted["level"]:
        rows = rows.filter(level="" if wanted["level"] == _OPEN else wanted["level"])
    if wanted["kind"] and group.by != "kind":
        rows = rows.filter(kind=wanted["kind"])
    if wanted["q"]:
        rows = rows.filter(name__icontains=wanted["q"])
    node, down = wanted["sort"].removeprefix("-"), wanted["sort"].startswith("-")
    if node == "name":
        names = list(rows.order_by("code").values_list("pk", "name"))
        return [pk for pk, _ in sorted(names, key=lambda one: order.key(one[1]), reverse=down)]
    # By the upper end: an exact score is its own; what is not known comes last.
    end = Cast(KT(f"heads__{node}__1"), DecimalField(max_digits=5, decimal_places=2))
    by_score = end.desc(nulls_last=True) if down else end.asc(nulls_last=True)
    return list(rows.order_by(by_score, "code").values_list("pk", flat=True))


def _levels(bands: list[str], counts: dict[str, int]) -> dict[str, Any]:
    rows = [(name, counts.get(name, 0), f"level{place}") for place, name in enumerate(bands)]
    total = sum(counts.values())
    if counts.get(""):
        rows.append((pick("ยังเป็นได้หลายระดับ", "Several levels possible"), counts[""], "level-open"))
    said = ", ".join(f"{name} {count:,}" for name, count, _ in rows)
    return {
        "rows": [(name, count, share(count, total).text, tone) for name, count, tone in rows],
        "drawing": draw.parts([(tone, count) for _, count, tone in rows], said),
    }


def _means(group: Group) -> list[dict[str, Any]]:
    """Means both ways of every head, from the published national figures; empty where those cannot be read."""
    if not group.release.result.public_file_id:
        return []
    reading = Reading(group.release.result, public=True)
    spreads = [(node, reading.book.spread(group.by, group.key, node)) for node in group.nodes]
    return [
        {
            "name": reading.name(node),
            "scored": spread.get("scored", 0),
            "mean": between(spread.get("mean_low"), spread.get("mean_high")).text,
            "weighted": between(spread.get("weighted_low"), spread.get("weighted_high")).text,
            "median": between(spread.get("median_low"), spread.get("median_high")).text,
            "least": between(spread.get("least_low"), spread.get("least_high")).text,
            "most": between(spread.get("most_low"), spread.get("most_high")).text,
        }
        for node, spread in spreads
        if spread and spread.get("scored")
    ]


def _kinds(group: Group) -> list[tuple[str, str]]:
    found = group.rows.order_by("kind").values_list("kind", flat=True).distinct()
    return [(kind, kind_name(kind)) for kind in found if kind]


def table(group: Group, asked: QueryDict) -> Table:
    """The same agencies as a file takes them along, all of them."""
    bands = [band.name for band in by_id(group.release.framework_id).levels.bands]
    every = group.rows.in_bulk()
    rows = [every[pk] for pk in _ordered(group, _asked(group, asked, bands))]
    names = structure(by_id(group.release.framework_id)).nodes
    columns = [Column(pick("รหัส", "Code")), Column(pick("หน่วยงาน", "Agency")), Column(pick("ประเภท", "Kind"))]
    columns += [Column(pick("จังหวัด", "Province")), Column(pick("ระดับ", "Level"))]
    for node in group.nodes:
        name = name_of(names[node])
        columns += [Column(f"{name} {end}", right=True) for end in (pick("ต่ำสุด", "low"), pick("สูงสุด", "high"))]

    def row(place: int) -> list[Cell]:
        one = rows[place]
        cells = [Cell(one.code), Cell(one.name), Cell(kind_name(one.kind)), Cell(one.province), Cell(one.level)]
        for node in group.nodes:
            figure = figure_of(node, one.heads.get(node))
            for end in (figure.low, figure.high):
                cells.append(Cell("–") if end is None else Cell(f"{end}", float(end)))
        return cells

    caption = f"{group.name} · {round_name(group.release)}"
    return Table(caption, columns, Lazy(row, range(len(rows))))


def basis(release: Release) -> list[tuple[str, str]]:
    """What numbers of a release rest on, as pages and files say it."""
    return [
        (pick("การประเมิน", "Round"), round_name(release)),
        (pick("ฉบับที่", "Revision"), str(release.revision)),
        (pick("เผยแพร่เมื่อ", "Published"), day(release.published_at)),
        (pick("กรอบการประเมิน", "Framework"), f"{release.framework_id} v{release.framework_version}"),
        ("SHA-256", release.digest or "–"),
    ]


def everything(release: Release) -> list[dict[str, Any]]:
    """All groups of a release: how many agencies each has; three queries."""
    found = []
    for by, name in BY.items():
        counts = (
            PublishedAgency.objects.filter(release=release).exclude(**{by: ""}).order_by().values_list(by)
        ).annotate(Count("pk"))
        rows = [(group_name(by, key), reverse(f"portal_{by}", args=(key,)), count) for key, count in counts]
        rows.sort(key=lambda row: (-row[2] if by == "kind" else 0, order.key(row[0])))
        found.append({"by": by, "name": name, "rows": rows})
    return [one for one in found if one["rows"]]
