"""Proofs that what was published or handed out is in the history: made when asked, for they lead to a posted head."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from prongsai.ledger.head import Head
from prongsai.site.base.views import signed_in
from prongsai.site.history import chain
from prongsai.site.history.models import Entry
from prongsai.site.integrity.models import Posting
from prongsai.site.opendata.access import readable
from prongsai.site.opendata.models import Release
from prongsai.site.people.access import agency_for
from prongsai.site.people.permissions import May

# What whoever checks must hear where the history lacks a link: that is not their mistake, and not a fault of the page.
_GAP = (
    "บัญชีประวัติของเว็บไซต์นี้ขาดรายการที่หลักฐานต้องใช้ จึงออกหลักฐานไม่ได้ อย่าเพิ่งถือว่าข้อมูลที่เผยแพร่ไม่ถูกแก้ "
    "โปรดแจ้งผู้ดูแลเว็บไซต์ และตรวจกับสำเนาหรือหลักฐานที่ดาวน์โหลดไว้ก่อน\n"
    "The history of this site lacks entries that the proof needs, so none can be given. Do not take what is published"
    " as unchanged: tell the site’s operator, and check against a copy or a proof that was downloaded before."
)


@require_safe
def release(request: HttpRequest, slug: str, revision: int) -> HttpResponse:
    """The proof of a release that can be read, beside its files: they never change, and this may lead further."""
    one = readable(slug, revision)
    subject = f"{Release._meta.label_lower}:{one.pk}"
    response = _proof(
        request, Entry.objects.filter(action="release.publish", subject=subject, facts__digest=one.digest)
    )
    response["Access-Control-Allow-Origin"] = "*"
    return response


release.public_page = True  # type: ignore[attr-defined]  # what asks for a person leaves it alone


@require_safe
@signed_in
def export(request: HttpRequest, code: str, sha256: str) -> HttpResponse:
    """The proof of an export of the agency."""
    agency = agency_for(request, code, May.MANAGE_AGENCY)
    return _proof(request, Entry.objects.filter(action="exchange.export", agency=agency, facts__sha256=sha256))


def _proof(request: HttpRequest, entries: object) -> HttpResponse:
    entry = entries.filter(number__isnull=False).select_related("agency").order_by("number").first()  # type: ignore[attr-defined]
    if entry is None:
        raise Http404
    try:
        proof = chain.proof(entry, _under(entry, request.GET.get("head", "")))
    except KeyError:
        return HttpResponse(f"{_GAP}\n", status=409, content_type="text/plain; charset=utf-8")
    response = HttpResponse(proof.text(), content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "public, max-age=60"
    return response


def _under(entry: Entry, asked: str) -> Head:
    """The posted head that is asked for, else the first one that covers the entry, else the head that it was itself."""
    posted = Posting.objects.filter(number__gte=entry.number).order_by("number", "pk")
    if asked:
        posted = posted.filter(number=int(asked)) if asked.isdigit() and len(asked) < 16 else posted.none()
    found = posted.first()
    if found:
        return found.head
    own = chain.head(entry.number)
    if asked or own is None:
        raise Http404
    return own
