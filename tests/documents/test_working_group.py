"""The order that appoints the working group: every item with its owner, blanks where nothing is given."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from notice_sample import AGENCY, LONG_NAME, bare, pages, word_text

from prongsai.documents.notices.working_group import BLANK, NO_LAW, Member, Owner, WorkingGroup, build
from prongsai.documents.request import Letter, Person
from prongsai.documents.tree import Table
from prongsai.documents.walk import cell_text, tables
from prongsai.documents.writers import write
from prongsai.errors import InputError
from prongsai.framework import by_id, for_year

FRAMEWORK = for_year(2568)
ITEMS = {item.code: item for inst in FRAMEWORK.instruments if inst.kind == "checklist"
         for indicator in inst.indicators for item in indicator.items}  # fmt: skip
GROUP = WorkingGroup(
    AGENCY,
    FRAMEWORK,
    members=(Member("ปลัดเทศบาล", "ประธานคณะทำงาน", "นายสมมติ ตัวอย่าง"), Member("นิติกร", "เลขานุการ")),
    owners=(Owner("o1", "สำนักปลัดเทศบาล", ("นางสาวสมหญิง ตัวอย่าง",), dt.date(2025, 3, 15)), Owner("o2", "กองคลัง")),
    agency_kind="town_municipality",
)


def owners(group: WorkingGroup) -> Table:
    return next(table for table, _ in tables(build(group)) if table.name == "ผู้รับผิดชอบ OIT")


def rows(group: WorkingGroup) -> dict[str, list[str]]:
    found = [[cell_text(cell) for cell in row] for row in owners(group).rows if row[0].colspan == 1]
    return {row[0]: row[1:] for row in found}


def test_every_item_of_the_framework_is_there_with_its_wording() -> None:
    found = rows(GROUP)
    assert list(found) == list(ITEMS)
    assert all(found[code][0] == item.text for code, item in ITEMS.items() if item.text)


def test_owner_people_and_day_stand_at_their_item() -> None:
    assert rows(GROUP)["o1"][1:] == ["สำนักปลัดเทศบาล", "นางสาวสมหญิง ตัวอย่าง", "15\u00a0มี.ค.\u00a02568"]
    assert rows(GROUP)["o2"][1:3] == ["กองคลัง", BLANK]
    assert rows(GROUP)["o3"][1] == BLANK


def test_columns_nobody_fills_are_left_out() -> None:
    assert len(owners(replace(GROUP, owners=(Owner("o1", "กองคลัง"),))).columns) == 3


def test_number_date_and_law_are_given_or_blank() -> None:
    text = bare("".join(pages(write(build(GROUP), "pdf"))))
    assert bare(NO_LAW) in text  # no source of ours names a law, so none is invented
    assert bare("ที่ ………… / …………") in text
    assert "พระราชบัญญัติ" not in text
    letter = Letter(number="12/2568", date=dt.date(2025, 1, 5), legal=("ระเบียบ ก", "ระเบียบ ข"),
                    route=(Person("นายกเทศมนตรี", "นางสาวสมจริง ตัวอย่าง"),))  # fmt: skip
    text = bare("".join(pages(write(build(replace(GROUP, letter=letter)), "pdf"))))
    for part in ("ที่ 12/2568", "สั่ง ณ 5 มกราคม 2568", "อาศัยอำนาจตามระเบียบ ก และระเบียบ ข", "(นางสาวสมจริง ตัวอย่าง)"):
        assert bare(part) in text
    assert bare(NO_LAW) not in text


def test_members_with_names_get_a_column_for_them() -> None:
    (table,) = (table for table, _ in tables(build(GROUP)) if table.name == "คณะทำงาน")
    assert [[cell_text(cell) for cell in row] for row in table.rows] == [
        ["1", "นายสมมติ ตัวอย่าง", "ปลัดเทศบาล", "ประธานคณะทำงาน"],
        ["2", BLANK, "นิติกร", "เลขานุการ"],
    ]
    (table,) = (table for table, _ in tables(build(replace(GROUP, members=()))) if table.name == "คณะทำงาน")
    assert len(table.columns) == 3  # the usual ranks of a municipality, without names
    assert cell_text(table.rows[0][1]) == "นายกเทศมนตรี"


def test_thai_digits_everywhere_in_word_and_pdf() -> None:
    thai = build(replace(GROUP, digits="thai"))
    assert "ปีงบประมาณพ.ศ.๒๕๖๘" in bare("".join(pages(write(thai, "pdf"))))
    assert "o๑" in word_text(thai)
    assert "2568" not in "".join(cell_text(cell) for table, _ in tables(thai) for row in table.rows for cell in row)


def test_all_wrong_owners_are_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        build(replace(GROUP, owners=(Owner("o1"), Owner("o1"), Owner("o99"), Owner("i1"))))
    assert [problem.where for problem in caught.value.problems] == ["o1", "o99", "i1"]
    assert "o1–o" in caught.value.problems[1].next_th


def test_long_names_and_a_framework_without_checklist() -> None:
    long = replace(GROUP, agency=LONG_NAME, owners=(Owner("o1", LONG_NAME, (LONG_NAME,) * 5, dt.date(2025, 3, 15)),))
    assert bare(LONG_NAME) in "".join(pages(write(build(long), "pdf")))
    empty = WorkingGroup("", by_id("service-point"))
    assert [table.name for table, _ in tables(build(empty))] == ["คณะทำงาน"]
    assert write(build(empty), "docx")
