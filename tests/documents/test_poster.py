"""The poster: one page whatever the names, a code that holds the address and nothing else, and what is (not) kept."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pypdfium2
import pypdfium2.raw
import pytest
from notice_sample import ADDRESS, AGENCY, LONG_ADDRESS, LONG_NAME, TYPED, bare, pages, word_text
from PIL import Image

from prongsai.documents.errors import DocumentError
from prongsai.documents.notices.poster import NOT_KEPT, Poster, build
from prongsai.documents.qr import QUIET, qr_png, qr_side, qr_svg
from prongsai.documents.tree import QrCode
from prongsai.documents.writers import write

POSTER = Poster(
    agency=AGENCY,
    title="แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT)",
    address=ADDRESS,
    audience="public",
    eligible="บุคคลที่เคยติดต่อหรือรับบริการจากหน่วยงาน",
    closes=dt.date(2026, 6, 30),
)


def code(poster: Poster) -> QrCode:
    return next(block for block in build(poster).sections[0].blocks if isinstance(block, QrCode))


def test_everything_a_respondent_needs_is_on_it() -> None:
    (text,) = pages(write(build(POSTER), "pdf"))
    for part in (AGENCY, POSTER.title, POSTER.eligible, TYPED, NOT_KEPT, "เก็บเฉพาะคำตอบ", "30 มิถุนายน 2569", "Tell us"):
        assert bare(part or "") in text


def test_the_code_holds_the_address_as_given_and_is_large() -> None:
    assert code(POSTER).address == ADDRESS
    assert code(POSTER).width >= 8  # read from across a counter
    assert code(replace(POSTER, paper="a5")).width >= 5


@pytest.mark.parametrize(("audience", "kept"), [("staff", "คำตอบ"), ("service_point", "คำตอบและจุดบริการ")])
def test_what_is_kept_is_said_for_each_audience(audience: str, kept: str) -> None:
    (text,) = pages(write(build(replace(POSTER, audience=audience, place="งานทะเบียน ช่อง 3")), "pdf"))  # type: ignore[arg-type]
    assert f"เก็บเฉพาะ{kept}" in text
    assert "งานทะเบียนช่อง3" in text


@pytest.mark.parametrize("paper", ["a4", "a5"])
def test_long_names_stay_on_one_page(paper: str) -> None:
    long = replace(POSTER, agency=LONG_NAME, place=LONG_NAME, address=LONG_ADDRESS, paper=paper)  # type: ignore[arg-type]
    pdf = write(build(long), "pdf")
    (text,) = pages(pdf)
    assert bare(LONG_NAME) in text
    with pypdfium2.PdfDocument(pdf) as file:
        size = file[0].get_size()
    assert [round(side / 72 * 2.54, 1) for side in size] == ([21.0, 29.7] if paper == "a4" else [14.8, 21.0])


def test_the_code_is_drawn_as_lines_not_as_dots() -> None:
    with pypdfium2.PdfDocument(write(build(POSTER), "pdf")) as file:
        kinds = {one.type for one in file[0].get_objects(max_depth=5)}
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds


def test_the_drawing_has_the_modules_of_the_code() -> None:
    """Drawn and then sampled module by module, it is what the encoder made."""
    import resvg_py

    drawn = Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=qr_svg(ADDRESS), width=qr_side(ADDRESS) * 8))))
    made = Image.open(io.BytesIO(qr_png(ADDRESS, 8)))
    side = qr_side(ADDRESS)
    assert drawn.size == made.size == (side * 8, side * 8)
    grey, other = drawn.convert("L"), made.convert("L")
    centres = [(x * 8 + 4, y * 8 + 4) for x in range(side) for y in range(side)]
    assert [grey.getpixel(at) for at in centres] == [other.getpixel(at) for at in centres]
    assert grey.getpixel((QUIET * 8 + 4, QUIET * 8 + 4)) == 0  # the first finder pattern
    assert all(grey.getpixel((x, 4)) == 255 for x in range(side * 8))  # the quiet zone


def test_thai_digits_spare_what_is_typed() -> None:
    (text,) = pages(write(build(replace(POSTER, digits="thai")), "pdf"))
    assert "๓๐มิถุนายน๒๕๖๙" in text
    assert TYPED in text


def test_what_is_not_known_is_not_said() -> None:
    (text,) = pages(write(build(replace(POSTER, eligible=None, closes=None)), "pdf"))
    assert "ผู้มีสิทธิ" not in text
    assert "ตอบได้ถึง" not in text


def test_other_formats_hold_the_same() -> None:
    word, page = word_text(build(POSTER)), write(build(POSTER), "html").decode()
    assert TYPED in word
    assert "pic:pic" in word
    assert TYPED in page.partition("<code>")[2].partition("</code>")[0]
    assert "<path" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)",
        "ftp://a.go.th",
        "https://",
        "https://a.go.th/มี ช่อง",
        "https://user:secret@a.go.th",
        "https://a.go.th/\n",
        "https://a.go.th/" + "x" * 80,
        "https://[broken",
    ],
)
def test_an_address_nobody_can_type_is_refused(address: str) -> None:
    with pytest.raises(DocumentError) as caught:
        build(replace(POSTER, address=address))
    assert caught.value.where == "address"


def test_names_are_text_never_markup() -> None:
    (text,) = pages(write(build(replace(POSTER, agency="#let x = 1 *a* <script>")), "pdf"))
    assert "#letx=1*a*<script>" in text
    assert b"<script>" not in write(build(replace(POSTER, agency="<script>")), "html")
