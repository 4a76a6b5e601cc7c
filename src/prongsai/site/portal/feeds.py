"""New results as Atom and RSS: of everything, of a province or kind of agency, or of one agency."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.http import urlencode

from prongsai.documents.walk import clean
from prongsai.publishing.agency.card import in_words
from prongsai.site.base.text import pick
from prongsai.site.opendata.models import PublishedAgency
from prongsai.site.portal.caching import public_page
from prongsai.site.portal.changelog import Event, events
from prongsai.site.portal.found import card_of
from prongsai.site.portal.published import Published, kind_name

_LONGEST = 50  # entries of a feed


@dataclass(frozen=True)
class _Wanted:
    """What a feed is of: everything, or the agencies that have this value in this column."""

    by: str = ""
    value: str = ""

    @property
    def rows(self) -> QuerySet[PublishedAgency]:
        """The agencies, in every release there was."""
        column = {"agency": "code"}.get(self.by, self.by)
        return PublishedAgency.objects.filter(**{column: self.value}) if self.by else PublishedAgency.objects.all()

    @property
    def query(self) -> str:
        """The same in an address."""
        return f"?{urlencode({self.by: self.value})}" if self.by else ""


@public_page()
def atom(request: HttpRequest) -> HttpResponse:
    """New results as Atom."""
    return _written(request, Atom1Feed, "portal_atom", "application/atom+xml; charset=utf-8")


@public_page()
def rss(request: HttpRequest) -> HttpResponse:
    """New results as RSS 2.0."""
    return _written(request, Rss201rev2Feed, "portal_rss", "application/rss+xml; charset=utf-8")


def _written(request: HttpRequest, form: type[SyndicationFeed], name: str, media: str) -> HttpResponse:
    wanted = _asked(request)
    feed = form(
        title=_title(wanted),
        link=_whole(reverse("portal_changes")),
        description=pick(
            "ผลการประเมิน ITA ที่เผยแพร่ใหม่ แก้ไข หรือถอน", "ITA results newly published, corrected or withdrawn"
        ),
        language=pick("th", "en"),
        feed_url=_whole(reverse(name) + wanted.query),
        author_name=pick("โปร่งใส", "Prongsai"),
    )
    for event in _of(wanted)[:_LONGEST]:
        feed.add_item(
            title=clean(event.title),
            link=_whole(_address(event, wanted)),
            description=escape(clean(_told(event, wanted))),
            unique_id=_whole(reverse("portal_changes") + wanted.query) + f"#{event.anchor}",
            unique_id_is_permalink=False,
            pubdate=event.at,
            updateddate=event.at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=media)


def _asked(request: HttpRequest) -> _Wanted:
    """What the address asks for. Raises ``Http404`` where nothing of it was ever published."""
    for by in ("agency", "province", "kind"):
        value = request.GET.get(by, "")[:100]
        if value:
            wanted = _Wanted(by, value)
            if "\0" in value or not wanted.rows.exists():
                raise Http404(value)
            return wanted
    return _Wanted()


def _of(wanted: _Wanted) -> list[Event]:
    there = set(wanted.rows.values_list("release_id", flat=True).distinct()) if wanted.by else None
    return [event for event in events() if there is None or event.release.pk in there]


def _title(wanted: _Wanted) -> str:
    head = pick("ผลการประเมิน ITA", "ITA results")
    if wanted.by == "agency":
        row = wanted.rows.order_by("-release").only("name").first()
        return f"{head} {row.name if row else wanted.value}"
    if wanted.by == "kind":
        return f"{head} {kind_name(wanted.value)}"
    return f"{head} {wanted.value}".strip()


def _address(event: Event, wanted: _Wanted) -> str:
    slug = event.release.round.slug
    if event.withdrawn or not event.readable:
        return f"{reverse('portal_changes')}#{event.anchor}"
    if wanted.by == "agency":
        return reverse("portal_agency_year", args=[wanted.value, slug])
    if wanted.by:
        return reverse(f"portal_{wanted.by}", args=[wanted.value])
    return reverse("portal_data_of", args=[slug])


def _told(event: Event, wanted: _Wanted) -> str:
    """An entry in words. Of what was taken back no number is said."""
    note = event.release.withdrawn_reason if event.withdrawn else event.release.note
    said = [note] if note else []
    if event.readable and wanted.by == "agency":
        row = wanted.rows.filter(release=event.release).select_related("release__round").first()
        said = [in_words(card_of(Published(row))), *said] if row else said
    elif event.readable:
        counted = wanted.rows.filter(release=event.release).aggregate(agencies=Count("pk"))["agencies"]
        said = [pick(f"{counted:,} หน่วยงาน", f"{counted:,} agencies"), *said]
    return " · ".join(said) or event.title


def _whole(path: str) -> str:
    return f"{settings.SITE_ADDRESS}{path}"
