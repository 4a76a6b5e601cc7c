"""The public pages: drawn for nobody, from what is published alone."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.http import content_disposition_header, urlencode

from prongsai.site.base.text import pick
from prongsai.site.files.keep import MEDIA_TYPES
from prongsai.site.files.serve import attachment
from prongsai.site.nation.table import as_csv, as_xlsx
from prongsai.site.opendata.models import PublishedAgency, Release
from prongsai.site.opendata.reading import withdrawn, years_of
from prongsai.site.portal import agency as one_agency
from prongsai.site.portal import compare as side_by_side
from prongsai.site.portal import groups as grouped
from prongsai.site.portal.caching import public_page
from prongsai.site.portal.doing import document_of, doing_key, doing_of
from prongsai.site.portal.neighbours import near_in_size
from prongsai.site.portal.published import Published
from prongsai.site.portal.search import LONGEST, MOST, group_name, register, rows_of

_NEWEST = 3
_SUGGESTED = 8


@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """The first page: search, what is newest, how to read a level. With a question: who answers it."""
    q = request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    releases = grouped.releases()
    if q:
        return _found(request, q, releases)
    context = {
        "releases": releases[:_NEWEST],
        "older": releases[_NEWEST:],
        "newest": releases[0] if releases else None,
        "bands": releases[0].round.framework.levels.bands if releases else (),
        "groups": grouped.everything(releases[0]) if releases else [],
        "heading": pick("ผลการประเมิน ITA ของหน่วยงานภาครัฐ", "ITA results of public agencies"),
        "canonical": "/",
    }
    return render(request, "portal/home.html", context)


def _found(request: HttpRequest, q: str, releases: list[Release]) -> HttpResponse:
    """The agencies that answer a question, best first; near names where none does."""
    known = register()
    hits = known.find(q)
    context = {
        "q": q,
        "shown": [Published(row) for row in rows_of(hits, releases)],
        "more": len(hits) >= MOST,
        "matching": [(one, reverse(f"portal_{one.by}", args=(one.key,))) for one in known.group(q)],
        "near": [] if hits else known.near(q),
        "heading": pick(f"ค้นหา “{q}”", f"Search: “{q}”"),
        "canonical": reverse("portal_home"),
    }
    return render(request, "portal/home_found.html", context)


@public_page()
def suggest(request: HttpRequest) -> HttpResponse:
    """The best few names, for the list below the search box."""
    q = request.GET.get("q", "")[:LONGEST].replace("\x00", "").strip()
    return render(request, "portal/home_suggest.html", {"found": register().find(q, _SUGGESTED) if q else []})


# --- an agency


def unknown(request: HttpRequest, typed: str) -> HttpResponse:
    """No such agency: 404, with the names that may have been meant."""
    known = register()
    near = known.find(typed, 6) or known.near(typed)
    heading = pick("ไม่พบหน่วยงานนี้", "No such agency")
    context = {"typed": typed[:LONGEST], "near": near, "heading": heading}
    return render(request, "portal/agency_unknown.html", context, status=404)


def _key(_request: HttpRequest, code: str, **_: Any) -> str:
    return doing_key(code)


@public_page(key=_key)
def agency(request: HttpRequest, code: str, slug: str = "") -> HttpResponse:
    """An agency in a round; without one, in the newest."""
    rows = list(years_of(code))
    if slug and withdrawn(slug):
        raise Http404  # gone: 410, with the reason
    if not rows:
        return unknown(request, code)
    years = [Published(row) for row in rows]
    of = next((one for one in years if one.slug == slug), None) if slug else years[0]
    if of is None:
        return _other_year(request, years)
    place = years.index(of)
    before = next((one for one in years[place + 1 :] if of.framework.previous == one.framework.id), None)
    context = {
        "of": of,
        "row": of.row,
        "years": years,
        "doing": doing_of(code, of.slug),
        "cards": one_agency.cards(of),
        "rules": one_agency.rules(of),
        "indicators": one_agency.indicators(of, before),
        "before": before,
        "items": one_agency.items(of),
        "aspects": one_agency.aspects(of),
        "over_years": one_agency.years(years, of),
        "peers": one_agency.peers(of),
        "near": near_in_size(of),
        "chances": one_agency.chances(of),
        "basis": grouped.basis(of.release),
        "province": group_name("province", of.row.province),
        "embedding": _around("portal_embedding", of.row.code, of.slug),
        **_head_of(of),
    }
    return render(request, "portal/agency.html", context)


def _around(name: str, *args: str) -> str:
    """The address of a page of another part of the portal; empty where that part is not there."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _head_of(of: Published) -> dict[str, Any]:
    """What stands in the head of an agency's page: title, description, picture, the way there."""
    scores = " ".join(f"{inst.code} {of.head(inst.code).text}" for inst in of.instruments)
    crumbs = [(of.row.name, "")]
    for by, value in (("province", of.row.province), ("ministry", of.row.ministry), ("kind", of.row.kind)):
        if value:
            crumbs.insert(0, (group_name(by, value), reverse(f"portal_{by}", args=(value,))))
            break
    return {
        "heading": f"{of.row.name} · {of.short_name}",
        "summary": pick(
            f"ระดับ {of.level_text} · คะแนนรวม {of.head('overall').text} · {scores}",
            f"Level {of.level_text} · overall {of.head('overall').text} · {scores}",
        ),
        "canonical": reverse("portal_agency_year", args=(of.row.code, of.slug)),
        "picture": f"/results/{of.row.code}/{of.slug}/picture.png",
        "crumbs": crumbs,
    }


def _other_year(request: HttpRequest, years: list[Published]) -> HttpResponse:
    """The agency has no published result in that round: 404, with the years that it has."""
    heading = pick("ไม่มีผลที่เผยแพร่ในปีนี้", "Nothing is published for that year")
    context = {"years": years, "row": years[0].row, "heading": heading}
    return render(request, "portal/agency_year_unknown.html", context, status=404)


@public_page(key=_key)
def document(_request: HttpRequest, code: str, slug: str, pk: int) -> HttpResponse:
    """A document that the agency made public, as it was frozen."""
    return attachment(document_of(code, slug, pk).file)


# --- groups


@public_page()
def groups(request: HttpRequest) -> HttpResponse:
    """Every province, ministry and kind."""
    releases = grouped.releases()
    context: dict[str, Any] = {"heading": pick("จังหวัด กระทรวง และประเภทหน่วยงาน", "Provinces, ministries and kinds")}
    if releases:
        release = grouped.release_of(releases, "")
        context |= {"release": release, "groups": grouped.everything(release)}
    return render(request, "portal/groups.html", context)


@public_page()
def group(request: HttpRequest, by: str, name: str) -> HttpResponse:
    """The agencies of a province, ministry or kind in a round."""
    releases = grouped.releases()
    found = grouped.Group(grouped.release_of(releases, request.GET.get("round", "")), by, name)
    try:
        built = grouped.build(found, request.GET)
    except Http404:
        return _no_group(request, found, releases)
    context = {
        "group": found,
        "releases": releases,
        "basis": grouped.basis(found.release),
        "by_name": grouped.BY[by],
        "heading": f"{found.name} · {grouped.round_name(found.release)}",
        "summary": pick(
            f"{grouped.BY[by]} {found.name}: {built['agencies']:,} หน่วยงาน",
            f"{found.name}: {built['agencies']:,} agencies",
        ),
        "crumbs": [(str(grouped.BY[by]), reverse("portal_groups")), (found.name, "")],
        "files": [(form.upper(), reverse(f"portal_{by}_file", args=(name, form))) for form in ("xlsx", "csv")],
        **built,
    }
    return render(request, "portal/group.html", context)


def _no_group(request: HttpRequest, group: grouped.Group, releases: list[Release]) -> HttpResponse:
    """No agency of that group: 404, with where it has some."""
    of = PublishedAgency.objects.filter(release__in=[one.pk for one in releases], **{group.by: group.key})
    with_some = set(of.order_by().values_list("release", flat=True).distinct())
    context = {
        "group": group,
        "by_name": grouped.BY[group.by],
        "elsewhere": [one for one in releases if one.pk in with_some],
        "matching": [(one, reverse(f"portal_{one.by}", args=(one.key,))) for one in register().group(group.key)],
        "heading": pick("ไม่พบกลุ่มนี้", "No such group"),
    }
    return render(request, "portal/group_unknown.html", context, status=404)


@public_page()
def group_file(request: HttpRequest, by: str, name: str, form: str) -> HttpResponse:
    """The table of a group, all of it, to take along."""
    found = grouped.Group(grouped.release_of(grouped.releases(), request.GET.get("round", "")), by, name)
    if form not in ("csv", "xlsx") or not found.rows.exists():
        raise Http404
    table = grouped.table(found, request.GET)
    data = as_csv(table) if form == "csv" else as_xlsx(table, grouped.basis(found.release))
    response = HttpResponse(data, content_type=MEDIA_TYPES[form])
    release = found.release
    file_name = f"ita-{release.round.slug}-r{release.revision}-{found.key}.{form}"
    response["Content-Disposition"] = content_disposition_header(True, file_name) or "attachment"
    return response


# --- side by side


@public_page()
def compare(request: HttpRequest) -> HttpResponse:
    """Up to five agencies side by side."""
    asked = side_by_side.asked_of(request.GET)
    names = register().by_code
    context = {
        "asked": asked,
        "chosen_list": [(names[code.lower()].name, _without(request, asked.codes, code)) for code in asked.codes],
        "found_list": [(one, _with(request, asked.codes, one.code)) for one in asked.found],
        "most": side_by_side.MOST,
        "heading": pick("เปรียบเทียบหน่วยงาน", "Compare agencies"),
        "canonical": reverse("portal_compare"),
        **side_by_side.build(asked, grouped.releases(), request.GET.get("round", "")),
    }
    return render(request, "portal/compare.html", context)


def _with(request: HttpRequest, codes: list[str], code: str) -> str:
    """The comparison with one more."""
    return _query(request, [*codes, code])


def _without(request: HttpRequest, codes: list[str], code: str) -> str:
    """The comparison with one less."""
    return _query(request, [one for one in codes if one != code])


def _query(request: HttpRequest, codes: list[str]) -> str:
    kept = {key: value for key in ("round", "language") if (value := request.GET.get(key))}
    return f"?{urlencode({'a': codes, **kept}, doseq=True)}"
