from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from prongsai.errors import InputError
from prongsai.evidence.links import read_links
from prongsai.framework import for_year

FRAMEWORK = for_year("2569")


def table(folder: Path, text: str | bytes) -> Path:
    path = folder / "links.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def problems(folder: Path, text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        read_links(table(folder, text), FRAMEWORK)
    assert all(problem.th and problem.next_th for problem in caught.value.problems)
    return [(problem.where, problem.code) for problem in caught.value.problems]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_codes_and_dates_as_people_type_them(tmp_path: Path, mark: str) -> None:
    text = (
        f"{mark}item,url,effective date,note\r\n"
        "๐๑๑,https://a.example.test/1,๑๕/๐๑/๒๕๖๙,\r\n"
        "\r\n"
        'ข้อ ๑,https://a.example.test/2,,"สอง\r\nบรรทัด"\r\n'
        "O2,https://a.example.test/3,2026-01-15,\r\n"
    )
    links = read_links(table(tmp_path, text), FRAMEWORK)
    assert [(link.line, link.item) for link in links] == [(2, "o11"), (4, "o1"), (6, "o2")]
    assert [link.effective for link in links] == [dt.date(2026, 1, 15), None, dt.date(2026, 1, 15)]
    assert links[0].url == "https://a.example.test/1"


def test_thai_heading_in_any_order_and_further_columns(tmp_path: Path) -> None:
    links = read_links(table(tmp_path, "หน่วยงาน,ลิงก์,ข้อ\nก,https://a.example.test/,o1\n"), FRAMEWORK)
    assert (links[0].item, links[0].url) == ("o1", "https://a.example.test/")


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    text = "item,url,effective date\no99,https://a.example.test/,\no1,,\no2,https://a.example.test/,พรุ่งนี้\n"
    assert problems(tmp_path, text) == [
        ("links.csv:2", "links.item"),
        ("links.csv:3", "links.no_url"),
        ("links.csv:4", "links.date"),
    ]


@pytest.mark.parametrize(
    ("text", "where", "code"),
    [
        ("item,url\n", "links.csv", "links.empty"),
        ("", "links.csv", "links.empty"),
        ("item,note\no1,x\n", "links.csv:1", "links.heading"),
        ("item,url,url\no1,x,y\n", "links.csv:1", "links.heading"),
        ("item,url\no1,x,y,z\n", "links.csv:2", "links.broken"),
        ('item,url\no1,"x\n', "links.csv:2", "links.broken"),
        ("item,url\nก,ข\n".encode("cp874"), "links.csv", "file.encoding"),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str | bytes, where: str, code: str) -> None:
    assert problems(tmp_path, text) == [(where, code)]
