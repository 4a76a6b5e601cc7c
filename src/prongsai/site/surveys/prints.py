"""What is printed of a survey: posters, banners and sheets of codes, from the documents room."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import Literal

from django.conf import settings

from prongsai.documents.notices import banner, codes, poster
from prongsai.documents.qr import qr_svg
from prongsai.documents.writers import write
from prongsai.site.base.text import pick
from prongsai.site.rounds.deadlines import deadline
from prongsai.site.rounds.models import StageKind
from prongsai.site.surveys.asked import form_of
from prongsai.site.surveys.models import Place, Survey
from prongsai.site.surveys.numbers import sampling_of

Paper = Literal["a4", "a5"]
_PUBLIC = "EIT"  # the instrument that asks those outside; all others ask the agency's own people


def address(token: str = "") -> str:
    """Where people answer: with a token an open door, without it where a code is typed."""
    return f"{settings.SITE_ADDRESS}/a/{token}/" if token else f"{settings.SITE_ADDRESS}/a/"


def address_of(survey: Survey) -> str:
    """The address that a survey's poster shows: its open door, or where codes are typed."""
    return address(survey.token if survey.by_link else "")


def title_of(survey: Survey) -> str:
    """What the survey is called."""
    return form_of(survey).text("title") or survey.container


def poster_pdf(survey: Survey, place: Place | None, paper: Paper) -> bytes:
    """One page to put on the wall."""
    found = sampling_of(survey.assessment.round.framework, survey.container)
    window = deadline(survey.assessment, StageKind.SURVEY)
    made = poster.Poster(
        agency=survey.assessment.agency.name,
        title=title_of(survey),
        address=address(place.token) if place else address_of(survey),
        audience=_audience(survey, place),
        eligible=found.eligible if found else None,
        closes=window.closes if window else None,
        place=place.name if place else None,
        paper=paper,
    )
    return write(poster.build(made), "pdf")


def _audience(survey: Survey, place: Place | None) -> poster.Audience:
    if place:
        return "service_point"
    return "public" if survey.container.partition(".")[0] == _PUBLIC else "staff"


def banner_svg(survey: Survey, size: banner.Size) -> str:
    """The banner for the agency's home page."""
    return banner.svg(banner.Banner(survey.assessment.agency.name, title_of(survey), address_of(survey)), size)


def qr(survey: Survey, place: Place | None = None) -> str:
    """The QR code alone."""
    return qr_svg(address(place.token) if place else address_of(survey))


def sheets(survey: Survey, issued: Sequence[str], people: Sequence[str] = ()) -> bytes:
    """Everything about a set of codes in one ZIP: slips to cut out, the same as a table, and who was drawn, if anyone.

    Codes and people stand in separate files and in orders of their own: which slip goes to whom, nobody writes down.
    """
    window = deadline(survey.assessment, StageKind.SURVEY)
    sheet = codes.CodeSheet(
        agency=survey.assessment.agency.name,
        title=title_of(survey),
        address=address(),
        codes=tuple(issued),
        closes=window.closes if window else None,
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("codes.pdf", write(codes.build(sheet), "pdf"))
        archive.writestr("codes.xlsx", write(codes.as_table(sheet), "xlsx"))
        if people:
            archive.writestr("drawn.csv", "\ufeff" + "".join(f"{_plain(one)}\r\n" for one in people))
        archive.writestr("READ-ME.txt", "\ufeff" + _read_me(bool(people)))
    return target.getvalue()


def _plain(entry: str) -> str:
    """A CSV field; nothing that a spreadsheet would take for a formula."""
    text = f"'{entry}" if entry[:1] in "=+-@\t" else entry
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\n') else text


def _read_me(drawn: bool) -> str:
    lines = [
        pick(
            "ระบบไม่เก็บรหัสเหล่านี้ ไฟล์นี้ดาวน์โหลดได้ครั้งเดียว หากหาย ให้ยกเลิกรหัสชุดนี้แล้วออกใหม่",
            "The system does not keep these codes. If this file is lost, make the set void and issue another.",
        ),
        pick(
            "แจกสลิปโดยให้หยิบเอง ไม่จดว่าใครได้รหัสใด แล้วลบไฟล์นี้เมื่อแจกครบ",
            "Let people take a slip themselves; write down nothing of who has which. Delete this file afterwards.",
        ),
    ]
    if drawn:
        lines.append(
            pick(
                "drawn.csv คือผู้ถูกสุ่ม ห้ามส่งให้หน่วยงาน ลำดับของรายชื่อกับลำดับของรหัสไม่เกี่ยวข้องกัน",
                "drawn.csv names who was drawn; do not give it to the agency. Its order says nothing of the codes.",
            )
        )
    return "\r\n".join(lines) + "\r\n"
