"""Files of published releases: the right bytes, each with its hash, and nothing beside them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from urllib.parse import quote

from django.test import Client
from published import FORMULA, Published

from prongsai.publishing.read import SUMS
from prongsai.site.opendata.files import listing

HERE = "/data/2568/revision-1/"
TRICKS = (
    "../revision-1/csv/scores.csv", "csv/../csv/scores.csv", "/etc/passwd", "..%2f..%2f..%2fprongsai.sqlite3", "csv",
    "csv/", "", "csv//scores.csv", "./csv/scores.csv", "CSV/scores.csv", "csv/scores.csv/", "csv%5cscores.csv",
    "../../../about.yaml", "csv/scores.csv%00", "%2e%2e/revisions.json", "x" * 5000,
)  # fmt: skip


def test_every_file_comes_as_it_was_published(published: Published) -> None:
    release = published.releases[2568]
    told = dict(line.split("  ")[::-1] for line in (release.folder / SUMS).read_text().splitlines())
    found = listing(release)
    assert {one.path for one in found} == set(told) | {SUMS}
    for one in found:
        answer = Client().get(HERE + quote(one.path))
        data = answer.getvalue()
        assert answer.status_code == 200, one.path
        assert hashlib.sha256(data).hexdigest() == told.get(one.path, release.digest)
        assert answer["ETag"] == f'"{one.sha256}"'
        assert int(answer["Content-Length"]) == one.size == len(data)
        assert "immutable" in answer["Cache-Control"]
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["Content-Type"] == one.media
        assert "Set-Cookie" not in answer.headers
        assert not answer.cookies


def test_all_of_them_in_one(published: Published) -> None:
    answer = Client().get("/data/2568/revision-1.zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as archive:
        assert set(archive.namelist()) == {one.path for one in listing(published.releases[2568])}
        for one in listing(published.releases[2568]):
            assert hashlib.sha256(archive.read(one.path)).hexdigest() == one.sha256


def test_nobody_fetches_twice_what_he_has(published: Published) -> None:
    for address in (f"{HERE}csv/scores.csv", "/data/2568/revision-1.zip"):
        tag = Client().get(address)["ETag"]
        again = Client().get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert Client().get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_download_that_broke_off_goes_on(published: Published) -> None:
    data = (published.releases[2568].folder / "csv/scores.csv").read_bytes()
    for asked, status, expected in (
        ("bytes=0-9", 206, data[:10]),
        ("bytes=10-", 206, data[10:]),
        ("bytes=-7", 206, data[-7:]),
        ("bytes=5-999999999", 206, data[5:]),
        ("bytes=999999999-", 416, None),
        ("bytes=9-3", 416, None),
        ("bytes=a-b", 200, data),
        ("bytes=0-1,4-5", 200, data),
        ("lines=0-1", 200, data),
    ):
        answer = Client().get(f"{HERE}csv/scores.csv", headers={"Range": asked})
        assert answer.status_code == status, asked
        assert expected is None or answer.getvalue() == expected, asked
        other = Client().get(f"{HERE}csv/scores.csv", headers={"Range": asked, "If-Range": '"another file"'})
        assert other.status_code == 200, asked


def test_only_what_was_published_has_an_address(published: Published) -> None:
    for trick in TRICKS:
        answer = Client().get(HERE + trick)
        assert answer.status_code == 404, trick
    for address in ("/data/2568/revision-2/csv/scores.csv", "/data/2568/revision-0.zip", "/data/none/revision-1.zip"):
        assert Client().get(address).status_code == 404
    assert Client().post(f"{HERE}csv/scores.csv").status_code == 405


def test_a_spreadsheet_reads_no_formula(published: Published) -> None:
    table = Client().get(f"{HERE}csv-excel/agencies.csv").getvalue().decode("utf-8-sig")
    line = next(line for line in table.splitlines() if FORMULA in line)
    assert "\"'=HYPERLINK" in line
