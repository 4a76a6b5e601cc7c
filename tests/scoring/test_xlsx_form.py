"""The XLSX form: filled, it gives the same scores as YAML; errors name worksheet and cell; odd files stay out."""

import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prongsai.errors import InputError, Problem
from prongsai.framework import Framework, by_id, catalog, for_year
from prongsai.scoring.as_json import sheet_json
from prongsai.scoring.results import from_yaml, load_results
from prongsai.scoring.score import score
from prongsai.scoring.template import layout, read_template, write, write_template
from prongsai.scoring.template.layout import Page, Row, pages
from prongsai.thai.digits import to_thai
from prongsai.yaml_file import Key, YamlFile, parse, read
from result_sample import NAME

EXAMPLES = Path(__file__).parents[2] / "examples"
FRAMEWORKS = [entry.id for entry in catalog()]


def by_key(data: dict[str, Any], framework: Framework) -> dict[Key, object]:
    """The data of a results file by the keys of the form's cells."""
    parted = {item.code: inst.code for inst in framework.instruments if inst.parts for ind in inst.indicators
              for item in ind.items}  # fmt: skip
    found: dict[Key, object] = {}

    def walk(value: Any, key: Key) -> None:
        if isinstance(value, dict):
            for name, child in value.items():
                walk(child, (*key, name))
            return
        if key[:2] == ("scores", "components"):
            key = ("scores", "instruments", *key[2:])
        if key[:2] == ("scores", "items") and len(key) == 3 and key[2] in parted:
            key = (*key, parted[key[2]])
        found[key] = value

    walk({name: child for name, child in data.items() if name not in ("printed", "notes", "source", "fiscal_year")}, ())
    return found


def form(
    folder: Path, framework: Framework, values: dict[Key, object] | None = None, agency: str | None = NAME
) -> Path:
    path = folder / "ผล.xlsx"
    path.write_bytes(write_template(framework, agency, values))
    return path


def refused(path: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        load_results(path)
    for problem in caught.value.problems:
        assert problem.th
        assert problem.next_th
        assert "ผล" in problem.where
    return list(caught.value.problems)


def same_scores(folder: Path, data: dict[str, Any], framework: Framework) -> None:
    data = {name: child for name, child in data.items() if name not in ("printed", "notes", "source")}
    values = by_key(data, framework)
    known = {key for page in pages(framework) for row in page.rows for key in row.cells.values()}
    assert set(values) <= known, sorted(set(values) - known)
    found = score(load_results(form(folder, framework, values, None)))
    assert sheet_json(found) == sheet_json(score(from_yaml(YamlFile("x.yaml", data))))


@pytest.mark.parametrize("name", sorted(path.parent.name for path in EXAMPLES.glob("*/results.yaml")))
def test_a_filled_form_scores_like_the_yaml_file(tmp_path: Path, name: str) -> None:
    data = read(EXAMPLES / name / "results.yaml").data
    same_scores(tmp_path, data, for_year(data["fiscal_year"]))


@pytest.mark.parametrize("framework_id", FRAMEWORKS)
def test_every_cell_of_every_form_is_read_back(tmp_path: Path, framework_id: str) -> None:
    framework = by_id(framework_id)
    values: dict[Key, object] = {}
    for page in pages(framework):
        for number, row in enumerate(page.rows):
            for column, key in enumerate(row.cells.values()):
                amount = number * 7 + column
                if row.choices:
                    values[key] = list(row.choices)[number % len(row.choices)]
                elif row.kind == "count":
                    values[key] = amount
                elif row.kind == "score":
                    values[key] = Decimal(amount % 10_000) / 100
                else:
                    values[key] = f"ข้อความ {number}"
    values[("fiscal_year",)] = framework.fiscal_year
    file = read_template(form(tmp_path, framework, values))
    expected: dict[str, Any] = {"framework": framework.id}
    if framework.fiscal_year:
        expected["fiscal_year"] = framework.fiscal_year
    for key, value in values.items():
        branch = expected
        for part in key[:-1]:
            branch = branch.setdefault(part, {})
        if key != ("fiscal_year",):
            branch[key[-1]] = value
    assert file.data == expected
    assert set(file.places) == set(values) - (set() if framework.fiscal_year else {("fiscal_year",)})
    assert len(set(file.places.values())) == len(file.places), "one cell per key"
    from_yaml(file)


def test_tallies_parts_and_verdicts_score_like_yaml(tmp_path: Path) -> None:
    text = f"""
agency: {{name: {NAME}, kind: town_municipality, province: ยะลา, staff: 210}}
fiscal_year: 2568
scores: {{components: {{EIT.2: 98.70}}, indicators: {{1: 99.40}}, items: {{i1: 100, e2: {{EIT.2: 97}}}}}}
tallies: {{i1: {{5: 160, 4: 10, 3: 3}}, i3: {{"no": 170, "yes": 3}}, e1: {{EIT.1: {{5: 40, 0: 2}}, EIT.2: {{5: 20}}}}}}
verdicts: {{o1: disclosed, o6: not_disclosed, o7: not_applicable, o8: not_assessed}}
respondents: {{IIT: 173, EIT.1: 42, EIT.2: 20}}
population: {{IIT: 210}}
"""
    same_scores(tmp_path, parse(text, "x.yaml").data, for_year(2568))


def test_rows_score_like_yaml(tmp_path: Path) -> None:
    tallies = {"i1": {"1": {"4": 10, "3": 2}, "2": {"4": 6, "3": 6}}, "e1": {"1": {"1": 5}, "2": {"2": 5}}}
    data = {"agency": {"name": NAME}, "fiscal_year": 2564, "tallies": tallies, "scores": {"items": {"i1.1": 94}}}
    same_scores(tmp_path, data, for_year(2564))


def test_what_is_typed_by_hand_is_understood(tmp_path: Path) -> None:
    values: dict[Key, object] = {
        ("agency", "name"): " เทศบาลตําบลตัวอย่าง ",
        ("agency", "staff"): "๑,๒๑๐",
        ("agency", "kind"): "town_municipality",
        ("scores", "overall"): to_thai("92.89"),
        ("scores", "items", "i1"): "99.42",
        ("scores", "items", "i2"): 98.84,
        ("scores", "items", "i3"): 66.66666666666667,
        ("tallies", "i1", "5"): "๑๖๐",
        ("verdicts", "o6"): "not_disclosed",
        ("verdicts", "o7"): "disclosed",
    }
    found = load_results(form(tmp_path, for_year(2568), values))
    assert found.agency.name == "เทศบาลตำบลตัวอย่าง"
    assert found.agency.staff == 1210
    assert found.agency.kind == "town_municipality"
    assert found.given == {
        "overall": Decimal("92.89"),
        "i1": Decimal("99.42"),
        "i2": Decimal("98.84"),
        "i3": Decimal("66.66666666666667"),
    }
    assert found.tallies["i1"].counts == {"5": 160}
    assert found.tallies["o6"].counts == {"not_disclosed": 1}


def cell(key: Key, framework: Framework | None = None) -> str:
    """Where a key stands in the form, counted from the layout."""
    for page in pages(framework or for_year(2568)):
        for number, row in enumerate(page.rows):
            for heading, found in row.cells.items():
                if found == key:
                    line = number + (4 if page.notes else 3)
                    return f'ผล.xlsx แผ่น "{page.name}" ช่อง {"ABCDEFGHIJKLMNOP"[page.headings.index(heading)]}{line}'
    raise AssertionError(key)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        (("scores", "items", "i1"), "เก้าสิบ", "เก้าสิบ"),
        (("scores", "items", "i1"), 101, "101"),
        (("scores", "items", "e1", "EIT.1"), -1, "-1"),
        (("scores", "overall"), "#DIV/0!", "#DIV/0!"),
        (("scores", "level"), "AA", "AA"),
        (("tallies", "i1", "5"), 1.5, "1.5"),
        (("tallies", "e1", "EIT.2", "5"), "x", "x"),
        (("verdicts", "o6"), "อาจจะ", "อาจจะ"),
        (("respondents", "IIT"), "-3", "-3"),
        (("fiscal_year",), "2567", "2567"),
        (("fiscal_year",), "ปีนี้", "ปีนี้"),
    ],
)
def test_a_wrong_value_is_named_by_its_cell(tmp_path: Path, key: Key, value: object, words: str) -> None:
    (problem,) = refused(form(tmp_path, for_year(2568), {key: value}))
    assert problem.where == cell(key)
    assert words in f"{problem.th} {problem.en}"


def test_cells_are_counted_as_a_person_counts_them(tmp_path: Path) -> None:
    (problem,) = refused(form(tmp_path, for_year(2568), {("scores", "overall"): "มาก"}))
    assert problem.where == 'ผล.xlsx แผ่น "คะแนน" ช่อง C11'


def test_a_missing_name_is_named_by_its_cell_and_all_problems_come_at_once(tmp_path: Path) -> None:
    values: dict[Key, object] = {("scores", "items", "i1"): "x", ("scores", "items", "i2"): 102}
    found = refused(form(tmp_path, for_year(2568), values, None))
    assert [p.where for p in found] == [cell(("agency", "name")), *map(cell, values)]


def changed(change: Callable[[Page], Page], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the form be written with other lines than it should have."""
    original = layout.pages
    monkeypatch.setattr(write, "pages", lambda framework: [change(page) for page in original(framework)])


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        (Row("i99", "ข้อแปลกปลอม", "score", {layout.VALUE: ("x",)}), "xlsx.unknown_code", "A3"),
        (Row("i1", "ข้อซ้ำ", "score", {layout.VALUE: ("x",)}), "xlsx.repeated", None),
        (Row("i1", "ข้อซ้ำ", "score", {"EIT.1": ("x",)}), "xlsx.unused", "D3"),
        (Row(" ", "ไม่มีรหัส", "score", {layout.VALUE: ("x",)}), "xlsx.unknown_code", "A3"),
    ],
)
def test_lines_that_do_not_belong_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: Row, code: str, place: str | None
) -> None:
    changed(lambda page: replace(page, rows=(row, *page.rows)) if page.name == "คะแนน" else page, monkeypatch)
    found = refused(form(tmp_path, for_year(2568), {("x",): 50}))
    assert code in [problem.code for problem in found]
    if place:
        assert found[0].where == f'ผล.xlsx แผ่น "คะแนน" ช่อง {place}'


def test_moved_and_deleted_lines_do_no_harm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values: dict[Key, object] = {("scores", "items", "i1"): 90, ("scores", "overall"): 95, ("tallies", "i2", "5"): 9}
    changed(lambda page: replace(page, rows=tuple(row for row in reversed(page.rows) if row.code != "i3")), monkeypatch)
    found = load_results(form(tmp_path, for_year(2568), values))
    assert found.given == {"i1": 90, "overall": 95}
    assert found.tallies["i2"].counts == {"5": 9}


def test_a_code_typed_as_a_number_is_the_same_code(tmp_path: Path) -> None:
    place = cell(("scores", "indicators", "1")).split(" ")[-1].replace("C", "A")
    path = form(tmp_path, for_year(2568), {("scores", "indicators", "1"): 99})

    def change(entries: dict[str, bytes]) -> None:
        text = entries["xl/worksheets/sheet2.xml"].decode()
        number, count = re.subn(f'<c r="{place}"[^>]*><v>[0-9]+</v></c>', f'<c r="{place}"><v>1</v></c>', text)
        assert count == 1
        entries["xl/worksheets/sheet2.xml"] = number.encode()

    assert load_results(repacked(path, change)).given == {"1": 99}


def test_a_lost_heading_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed(lambda page: replace(page, headings=("โค้ด", *page.headings[1:])), monkeypatch)
    assert {problem.code for problem in refused(form(tmp_path, for_year(2568)))} == {"xlsx.heading"}


def test_the_form_is_made_for_people(tmp_path: Path) -> None:
    import python_calamine

    path = form(tmp_path, for_year(2568))
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    assert book.sheet_names == ["คำแนะนำ", "คะแนน", "จำนวนผู้ตอบ", "ผลการตรวจ", "ระบบ"]
    hidden = [sheet.name for sheet in book.sheets_metadata if not str(sheet.visible).endswith("Visible")]
    assert hidden == ["ระบบ"]
    rows = book.get_sheet_by_name("คะแนน").to_python(skip_empty_area=False)
    assert rows[1][0] == "ตัวอย่าง"
    codes = {row[0]: row for row in rows}
    assert codes["1"][1] == "ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่"  # a text cell: a number would come back as 1.0
    names = zipfile.ZipFile(path).namelist()
    assert not any("vba" in name.lower() for name in names)
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet2.xml").decode()
    assert 'state="frozen"' in sheet
    assert "คะแนนต้องเป็นตัวเลขตั้งแต่ 0 ถึง 100" in sheet
    assert '<dataValidation type="list"' in sheet
    assert '<dataValidation type="decimal"' in sheet
    for formula in ("=cmd|' /C calc'!A0", "+1+1", "@SUM(1)"):
        found = load_results(form(tmp_path, for_year(2568), agency=formula))
        assert found.agency.name == formula  # text, never a formula


# Files that are no form, or worse.


def repacked(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    with zipfile.ZipFile(path) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return path


def edit(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], None]:
    def change(entries: dict[str, bytes]) -> None:
        assert old in entries["xl/worksheets/sheet2.xml"]
        entries["xl/worksheets/sheet2.xml"] = entries["xl/worksheets/sheet2.xml"].replace(old, new, 1)

    return change


def add(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda entries: entries.update({name: content})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (add("xl/vbaProject.bin", b"x"), "xlsx.macros"),
        (add("xl/media/zeros.bin", bytes(60_000_000)), "file.too_large"),
        (lambda entries: entries.update({f"x{n}": b"" for n in range(600)}), "file.too_large"),
        (edit(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "xlsx.extent"),
        (edit(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>'), "xlsx.extent"),
        (edit(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet'), "xlsx.broken"),
        (edit(b"</sheetData>", b"</wrong>"), "xlsx.broken"),
        (lambda entries: entries.pop("xl/workbook.xml"), "xlsx.broken"),
        (lambda entries: entries.pop("xl/worksheets/sheet5.xml"), "xlsx.broken"),
    ],
)
def test_harmful_and_broken_workbooks_are_refused(
    tmp_path: Path, change: Callable[[dict[str, bytes]], Any], code: str
) -> None:
    (problem,) = refused(repacked(form(tmp_path, for_year(2568)), change))
    assert problem.code == code


def test_empty_styled_cells_far_away_are_no_harm(tmp_path: Path) -> None:
    far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    assert load_results(repacked(form(tmp_path, for_year(2568)), edit(b"</sheetData>", far)))


def test_a_size_that_lies_is_no_way_around_the_limit(tmp_path: Path) -> None:
    path = repacked(form(tmp_path, for_year(2568)), add("xl/media/zeros.bin", bytes(60_000_000)))
    raw = path.read_bytes()
    assert raw.count(struct.pack("<I", 60_000_000)) == 2
    path.write_bytes(raw.replace(struct.pack("<I", 60_000_000), struct.pack("<I", 10)))
    assert refused(path)[0].code == "xlsx.broken"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("ผล.xlsx", b"", "file.empty"),
        ("ผล.xlsx", b"just text", "xlsx.broken"),
        ("ผล.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "xlsx.broken"),  # encrypted, or an old .xls
        ("ผล.xls", b"anything", "xlsx.old"),
        ("ผล.xlsm", b"anything", "xlsx.macros"),
        ("ผล.xlsx", bytes(5_000_001), "file.too_large"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert [problem.code for problem in refused(path)] == [code]


def test_a_cut_off_file_and_a_missing_one(tmp_path: Path) -> None:
    path = form(tmp_path, for_year(2568))
    path.write_bytes(path.read_bytes()[:-500])
    assert refused(path)[0].code == "xlsx.broken"
    path.unlink()
    assert refused(path)[0].code == "file.unreadable"


def test_a_workbook_of_another_origin_is_refused(tmp_path: Path) -> None:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("คะแนน").write(0, 0, "รหัส")
    path = tmp_path / "ผล.xlsx"
    path.write_bytes(target.getvalue())
    assert refused(path)[0].code == "xlsx.template"


def test_a_form_of_another_version_is_refused_with_both_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    framework = for_year(2568)
    (problem,) = refused(form(tmp_path, framework.model_copy(update={"version": framework.version + 1})))
    assert problem.code == "xlsx.framework_version"
    assert f"รุ่นที่ {framework.version + 1}" in problem.th
    assert f"รุ่นที่ {framework.version}" in problem.th
    assert "prongsai template" in problem.next_th
    (problem,) = refused(form(tmp_path, framework.model_copy(update={"id": "ita-2599"})))
    assert problem.code == "framework.unknown"
    monkeypatch.setattr(write, "TEMPLATE_VERSION", 99)
    assert refused(form(tmp_path, framework))[0].code == "xlsx.template"
