"""Slips with one-time codes: all of them, in order, whole, and never in an address."""

from __future__ import annotations

import csv
import datetime as dt
import io
import time
from dataclasses import replace

import pypdfium2
import pytest
from notice_sample import ADDRESS, AGENCY, LONG_ADDRESS, LONG_NAME, TYPED, bare, pages, word_text, workbook
from pypdfium2.raw import FPDF_PAGEOBJ_PATH

from prongsai.documents.fonts import SARABUN_SCALE
from prongsai.documents.notices.codes import PROMISE, CodeSheet, as_csv, as_table, build
from prongsai.documents.tree import Run, Slips
from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.survey.codes import new_code

CODES = tuple(dict.fromkeys(new_code() for _ in range(21)))
SHEET = CodeSheet(AGENCY, "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT)", ADDRESS, CODES, dt.date(2026, 6, 30))


def test_every_code_once_in_the_order_given() -> None:
    text = "".join(pages(write(build(SHEET), "pdf")))
    assert all(text.count(code) == 1 for code in CODES)
    slips = build(SHEET).sections[0].blocks[0]
    assert isinstance(slips, Slips)
    assert [paragraph.text[0].text for slip in slips.slips for paragraph in slip[2:3]] == list(CODES)  # type: ignore[union-attr]


@pytest.mark.parametrize(("per_page", "on_pages"), [(10, [10, 10, 1]), (8, [8, 8, 5])])
def test_slips_to_a_page(per_page: int, on_pages: list[int]) -> None:
    found = pages(write(build(replace(SHEET, per_page=per_page)), "pdf"))  # type: ignore[arg-type]
    assert [sum(code in page for code in CODES) for page in found] == on_pages


def test_each_slip_says_what_to_do_and_promises() -> None:
    first = pages(write(build(SHEET), "pdf"))[0]
    for part in (AGENCY, TYPED, PROMISE, "ภายในวันที่ 30 มิถุนายน 2569"):
        assert first.count(bare(part)) == 10


def test_the_qr_code_is_that_of_the_address_alone() -> None:
    slips = build(SHEET).sections[0].blocks[0]
    assert isinstance(slips, Slips)
    assert slips.address == ADDRESS
    assert not any(code in slips.address or code.replace("-", "") in slips.address for code in CODES)


def test_an_address_with_a_code_in_it_is_refused() -> None:
    for inside in (CODES[0], CODES[0].replace("-", "").lower()):
        with pytest.raises(InputError, match="none of them in the address"):
            build(replace(SHEET, address=f"{ADDRESS}/{inside}"))


@pytest.mark.parametrize("codes", [(), (CODES[0], CODES[0]), (CODES[0], CODES[0].lower().replace("-", " "))])
def test_no_codes_or_codes_twice_are_refused(codes: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="expected codes"):
        build(replace(SHEET, codes=codes))


def test_a_mistyped_code_is_refused_before_it_is_printed() -> None:
    wrong = CODES[0][:-1] + ("2" if CODES[0][-1] != "2" else "3")
    with pytest.raises(InputError):
        build(replace(SHEET, codes=(*CODES[1:], wrong)))


def test_long_names_and_addresses_stay_inside_the_slip() -> None:
    """Nothing of a slip may lie outside its part of the page, or it is cut off."""
    many = replace(SHEET, agency=LONG_NAME, title=LONG_NAME, address=LONG_ADDRESS)
    pdf = write(build(many), "pdf")
    with pypdfium2.PdfDocument(pdf) as file:
        page = file[0]
        width, height = page.get_size()
        text = page.get_textpage()
        found = [text.get_charbox(at) for at in range(text.count_chars())]
        drawn = [one.get_bounds() for one in page.get_objects() if one.type == FPDF_PAGEOBJ_PATH]
    codes = [(x, y, to_x, to_y) for x, y, to_x, to_y in drawn if to_x - x > 70 and to_y - y > 70 and to_y - y < 90]
    assert len(codes) == 10
    assert not [1 for left, low, right, high in found for x, y, to_x, to_y in codes
                if right > left and left < to_x and right > x and low < to_y and high > y]  # fmt: skip
    margin, edge = 72 / 2.54, 3
    cuts = [margin + (height - 2 * margin) / 5 * row for row in range(6)]
    assert all(margin < left and right < width - margin for left, _, right, _ in found if right > left)
    middle = width / 2
    assert not [1 for left, _, right, _ in found if left < middle - edge and right > middle + edge]
    assert not [cut for cut in cuts for _, low, _, high in found if high > low and low < cut - 1 < cut + 1 < high]


def test_the_address_stands_on_one_line() -> None:
    slips = build(replace(SHEET, address=LONG_ADDRESS)).sections[0].blocks[0]
    assert isinstance(slips, Slips)
    (run,) = slips.slips[0][4].text
    assert isinstance(run, Run)
    assert run.text == LONG_ADDRESS.removeprefix("https://")
    assert len(run.text) * 0.602 * (run.size or 0) * SARABUN_SCALE <= (19.0 / 2) / 2.54 * 72 - 24


def test_a_name_of_usual_length_is_not_cut() -> None:
    agency = "องค์การบริหารส่วนตำบลหนองตัวอย่างเหนือ อำเภอสมมติ จังหวัดตัวอย่าง"
    assert pages(write(build(replace(SHEET, agency=agency)), "pdf"))[0].count(bare(agency)) == 10


def test_thai_digits_spare_code_and_address() -> None:
    text = "".join(pages(write(build(replace(SHEET, digits="thai")), "pdf")))
    assert all(code in text for code in CODES)
    assert TYPED in text
    assert "๓๐มิถุนายน๒๕๖๙" in text


def test_four_hundred_codes_are_quick() -> None:
    codes = tuple(dict.fromkeys(new_code() for _ in range(400)))
    start = time.process_time()
    text = "".join(pages(write(build(replace(SHEET, codes=codes)), "pdf")))
    assert time.process_time() - start < 5
    assert all(code in text for code in codes)


def test_the_list_for_senders() -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(SHEET).decode("utf-8-sig"))))
    assert as_csv(SHEET).startswith(b"\xef\xbb\xbf")
    assert [row["code"] for row in rows] == list(CODES)
    assert {(row["address"], row["closes"]) for row in rows} == {(ADDRESS, "2026-06-30")}
    sheet = workbook(as_table(SHEET))["รหัสเข้าตอบ"]
    assert [row[1] for row in sheet[-len(CODES) :]] == list(CODES)


def test_word_and_html_hold_the_slips_too() -> None:
    word, page = word_text(build(SHEET)), write(build(SHEET), "html").decode()
    assert all(code in word and code in page for code in CODES)
