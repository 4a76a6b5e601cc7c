"""What an export is made of: complete, valid for those who read it, harmless, written once."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from published_sample import sample
from python_calamine import CalamineWorkbook

from prongsai.errors import InputError
from prongsai.publishing.about import About, Licence, load_about
from prongsai.publishing.opendata.formats import module, names, xlsx
from prongsai.publishing.opendata.release import Release, release
from prongsai.publishing.read import read_release
from prongsai.publishing.round import PublishedRound

ABOUT = About(
    publisher="สำนักงานสมมติ",
    publisher_url="https://example.go.th/",
    organisation="example-office",
    contact_name="ฝ่ายข้อมูล",
    contact_email="data@example.go.th",
    address="https://example.go.th/opendata",
    licence=Licence(
        id="CC-BY-4.0", title="Creative Commons Attribution 4.0", url="https://creativecommons.org/licenses/by/4.0/"
    ),
)
WICKED = '=HYPERLINK("https://example.org";"x")'


@pytest.fixture(scope="module")
def published() -> PublishedRound:
    return sample().published()


@pytest.fixture(scope="module")
def made(published: PublishedRound, tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(published, tmp_path_factory.mktemp("open"), (), ABOUT)


def test_every_format_and_every_description_is_there(made: Release) -> None:
    assert made.folder.parts[-2:] == ("ita-2568", "revision-1")
    assert names() == ("csv", "csv-excel", "jsonl", "parquet", "xlsx")
    assert {path.name for path in made.folder.iterdir()} == {
        *names(), "datapackage.json", "dcat.jsonld", "metadata-th.csv", "ckan.json", "README.md", "SHA256SUMS",
    }  # fmt: skip
    tables = {table.name for table, _ in made.published.tables()}
    for name in ("csv", "csv-excel", "jsonl", "parquet"):
        assert {path.stem for path in (made.folder / name).iterdir()} == tables


def test_checksums_cover_every_file_and_find_a_change(made: Release, tmp_path: Path) -> None:
    told = dict(line.split("  ")[::-1] for line in (made.folder / "SHA256SUMS").read_text().splitlines())
    found = {path.relative_to(made.folder).as_posix(): path for path in made.folder.rglob("*") if path.is_file()}
    assert told.keys() == found.keys() - {"SHA256SUMS"}
    assert all(hashlib.sha256(found[name].read_bytes()).hexdigest() == digest for name, digest in told.items())
    again = release(made.published, tmp_path, ["parquet"])
    with (again.folder / "csv" / "levels.csv").open("a") as file:
        file.write(" ")
    (again.folder / "README.md").unlink()
    with pytest.raises(InputError) as caught:
        read_release(again.folder)
    assert {problem.code for problem in caught.value.problems} == {"export.changed"}
    assert {Path(problem.where).name for problem in caught.value.problems} == {"levels.csv", "README.md"}


def test_the_same_round_gives_the_same_bytes(made: Release, tmp_path: Path) -> None:
    again = release(made.published, tmp_path, (), ABOUT)
    assert (again.folder / "SHA256SUMS").read_text() == (made.folder / "SHA256SUMS").read_text()


def test_frictionless_finds_the_package_valid(made: Release) -> None:
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(made.folder / "datapackage.json"))
    assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldNumber", "type", "message"])[:5]
    assert report.stats["tasks"] == len(made.published.tables())


def test_frictionless_finds_what_is_wrong(made: Release, tmp_path: Path) -> None:
    """The control: the schema is strict enough to see a score of 101 and an agency that is not there."""
    frictionless = pytest.importorskip("frictionless")
    scores = made.published.scores
    nobody = pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("nobody")).otherwise("agency_code").alias("agency_code")
    high = pl.when(pl.int_range(pl.len()) == 1).then(pl.lit(101).cast(scores["score"].dtype)).otherwise("score")
    wrong = replace(made.published, scores=scores.with_columns(nobody, high.alias("score")))
    folder = release(wrong, tmp_path, ["csv"]).folder
    report = frictionless.validate(str(folder / "datapackage.json"))
    found = {kind for task in report.tasks for kind, *_ in task.flatten(["type"])}
    assert {"foreign-key", "constraint-error"} <= found


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix spdx: <http://spdx.org/rdf/terms#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Catalog ;
  sh:property [ sh:path dct:title ; sh:minCount 2 ; sh:uniqueLang true ], [ sh:path dct:description ; sh:minCount 1 ],
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ],
    [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ;
  sh:property [ sh:path dct:title ; sh:minCount 2 ; sh:uniqueLang true ], [ sh:path dct:description ; sh:minCount 1 ],
    [ sh:path dct:issued ; sh:datatype xsd:date ; sh:minCount 1 ], [ sh:path dcat:keyword ; sh:minCount 1 ],
    [ sh:path dct:temporal ; sh:class dct:PeriodOfTime ; sh:minCount 1 ],
    [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ],
    [ sh:path dct:license ; sh:minCount 1 ; sh:nodeKind sh:IRI ], [ sh:path dcat:mediaType ; sh:nodeKind sh:IRI ],
    [ sh:path dcat:byteSize ; sh:datatype xsd:nonNegativeInteger ; sh:minCount 1 ],
    [ sh:path spdx:checksum ; sh:minCount 1 ] .
"""


def test_dcat_has_the_shape_that_harvesters_ask_for(made: Release) -> None:
    rdflib, pyshacl = pytest.importorskip("rdflib"), pytest.importorskip("pyshacl")
    graph = rdflib.Graph().parse(made.folder / "dcat.jsonld", format="json-ld")
    shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    conforms, _, told = pyshacl.validate(graph, shacl_graph=shapes)
    assert conforms, told
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    links = {str(link) for link in graph.objects(None, dcat.downloadURL)}
    root = "https://example.go.th/opendata/ita-2568/revision-1/"
    assert links == {root + file.path for file in made.files}
    for subject in graph.subjects(rdflib.RDF.type, dcat.Catalog):
        graph.remove((subject, rdflib.DCTERMS.publisher, None))
    assert not pyshacl.validate(graph, shacl_graph=shapes)[0], "the shapes are strict enough to miss a publisher"


def test_the_governments_sheet_says_what_is_known_and_what_is_not(made: Release, tmp_path: Path) -> None:
    def sheet(folder: Path) -> dict[str, str]:
        raw = (folder / "metadata-th.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        return {line["field"]: line["value"] for line in csv.DictReader(raw.decode("utf-8-sig").splitlines())}

    known = sheet(made.folder)
    assert known["organization"] == "สำนักงานสมมติ"
    assert known["update_frequency_unit"] == "ปี"
    assert known["data_category"] == "ไม่ทราบ (unknown)"
    bare = sheet(release(made.published, tmp_path, ["csv"]).folder)
    assert {bare[name] for name in ("organization", "contact_email", "license", "data_type", "objective")} == {
        "ไม่ทราบ (unknown)"
    }


def test_ckan_gets_what_its_actions_take(made: Release) -> None:
    told = json.loads((made.folder / "ckan.json").read_text(encoding="utf-8"))
    package = told["package"]
    assert package["name"] == "ita-2568-r1"
    assert package["owner_org"] == "example-office"
    assert package["license_id"] == "CC-BY-4.0"
    assert "data_category" not in package, "what is not known is left out"
    assert [one["path"] for one in told["resources"]] == [file.path for file in made.files]


def test_the_dictionary_explains_every_column_in_both_languages(made: Release) -> None:
    page = (made.folder / "README.md").read_text(encoding="utf-8")
    for table, _ in made.published.tables():
        assert f"## {table.name}: {table.th}" in page
        for column in table.columns:
            assert f"| `{column.name}` |" in page
            assert column.th.replace("|", "\\|") in page
            assert column.en.replace("|", "\\|") in page


def test_excels_csv_differs_by_its_mark_alone(made: Release) -> None:
    for path in (made.folder / "csv").iterdir():
        plain, marked = path.read_bytes(), (made.folder / "csv-excel" / path.name).read_bytes()
        assert not plain.startswith(b"\xef\xbb\xbf")
        assert marked == b"\xef\xbb\xbf" + plain


@pytest.mark.parametrize("text", [WICKED, "+1", "-1", "@SUM(A1)", "'=1", "＝1", "\tx", "ปกติ", '"', "a,b", "'"])
def test_no_text_is_a_formula_and_every_text_comes_back(published: PublishedRound, tmp_path: Path, text: str) -> None:
    agencies = published.agencies.with_columns(pl.lit(text).alias("agency_name_th"))
    folder = release(replace(published, agencies=agencies), tmp_path).folder
    for form in ("csv", "csv-excel", "jsonl", "parquet"):
        assert set(read_release(folder, form).agencies["agency_name_th"]) == {text}
    with (folder / "csv" / "agencies.csv").open(encoding="utf-8") as file:
        cells = {line["agency_name_th"] for line in csv.DictReader(file)}
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "＝")) for cell in cells)
    sheet = CalamineWorkbook.from_path(str(next((folder / "xlsx").iterdir()))).get_sheet_by_name("agencies")
    assert {row[2] for row in sheet.to_python()[1:]} == {text}
    import zipfile

    with zipfile.ZipFile(next((folder / "xlsx").iterdir())) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist() if "worksheets" in name)


def test_codes_keep_their_zeros(published: PublishedRound, tmp_path: Path) -> None:
    agencies = published.agencies.head(1).with_columns(pl.lit("00123").alias("agency_code"))
    nothing = {
        name: getattr(published, name).clear() for name in ("scores", "respondents", "distributions", "verdicts")
    }
    folder = release(replace(published, agencies=agencies, **nothing), tmp_path).folder
    for form in ("csv", "jsonl", "parquet"):
        assert read_release(folder, form).agencies["agency_code"].to_list() == ["00123"]
    assert '"00123"' in (folder / "csv" / "agencies.csv").read_text(encoding="utf-8")
    sheet = CalamineWorkbook.from_path(str(next((folder / "xlsx").iterdir()))).get_sheet_by_name("agencies")
    assert sheet.to_python()[1][1] == "00123"


def test_a_workbook_is_split_below_the_limit_of_rows(published: PublishedRound, tmp_path: Path) -> None:
    (path,) = xlsx.write(published, tmp_path, rows=5)
    book = CalamineWorkbook.from_path(str(path))
    assert {"scores", "scores 2", "scores 3", "distributions 2"} <= set(book.sheet_names)
    assert max(len(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names) == 1 + 5
    known = published.scores.drop_nulls("low").select("agency_code", "node", "score", "low", "high")
    assert xlsx.scores(path).equals(known), "what is split is read as one"
    assert xlsx.ROWS < 1_048_576


def test_what_is_published_is_never_written_again(made: Release) -> None:
    before = {path: path.stat().st_mtime_ns for path in made.folder.rglob("*")}
    with pytest.raises(InputError, match="never changed"):
        release(made.published, made.folder.parents[1])
    assert {path: path.stat().st_mtime_ns for path in made.folder.rglob("*")} == before
    with pytest.raises(InputError, match="revision 2 is not there"):
        release(replace(made.published, revision=3), made.folder.parents[1])


def test_a_correction_is_a_new_revision_beside_the_old(published: PublishedRound, tmp_path: Path) -> None:
    release(published, tmp_path, ["parquet"])
    again = release(replace(published, revision=2, note="แก้ไขชื่อหน่วยงาน"), tmp_path, ["csv"])
    assert again.published.note == read_release(again.folder).note == "แก้ไขชื่อหน่วยงาน"
    told = json.loads((tmp_path / "ita-2568" / "revisions.json").read_text())
    assert [one["revision"] for one in told] == [2, 1]
    assert (tmp_path / "ita-2568" / told[1]["path"]).exists()


def test_a_failure_leaves_nothing_behind(published: PublishedRound, tmp_path: Path, monkeypatch) -> None:
    with pytest.raises(InputError, match="no format"):
        release(published, tmp_path, ["pdf"])
    assert list(tmp_path.iterdir()) == []

    def breaks(*_: object) -> list[Path]:
        raise OSError("disk full")

    monkeypatch.setattr(module("jsonl"), "write", breaks)
    with pytest.raises(OSError, match="disk full"):
        release(published, tmp_path, ["csv", "jsonl"])
    assert [path.name for path in tmp_path.rglob("*")] == ["ita-2568"]


def test_who_publishes_is_read_strictly(tmp_path: Path) -> None:
    path = tmp_path / "about.yaml"
    path.write_text("publisher: ก\nlicense: MIT\ncontact_email: nobody\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_about(path)
    assert {problem.where.partition(" ")[0] for problem in caught.value.problems}
    assert len(caught.value.problems) == 2
    path.write_text("publisher: ก\nlicence: {id: CC-BY-4.0, title: CC BY 4.0}\n", encoding="utf-8")
    assert load_about(path).licence == Licence(id="CC-BY-4.0", title="CC BY 4.0")
    assert load_about(None) == About()
