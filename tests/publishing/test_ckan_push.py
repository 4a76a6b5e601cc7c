"""Sending a release to a catalogue: a real server that answers as CKAN's actions do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from published_sample import sample

from prongsai.errors import InputError
from prongsai.publishing.about import About
from prongsai.publishing.opendata.ckan import push
from prongsai.publishing.opendata.release import Release, release


class Catalogue(ThreadingHTTPServer):
    """Keeps what it was sent; knows one token."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Action)
        self.packages: dict[str, dict] = {}
        self.files: dict[str, bytes] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Action(BaseHTTPRequestHandler):
    server: Catalogue

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Authorization") != "token":
            self.answer(403, {"success": False, "error": {"__type": "Authorization Error"}})
        elif self.path == "/api/3/action/package_create":
            package = json.loads(body)
            if package["name"] in self.server.packages:
                self.answer(409, {"success": False, "error": {"name": ["That URL is already in use."]}})
                return
            self.server.packages[package["name"]] = package
            self.answer(200, {"success": True, "result": {**package, "id": "id-1"}})
        elif self.path == "/api/3/action/resource_create":
            head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
            parts = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + body).iter_parts()
            found = {
                part.get_param("name", header="content-disposition"): part.get_payload(decode=True) for part in parts
            }
            assert found["package_id"] == b"id-1"
            self.server.files[found["hash"].decode()] = found["upload"]
            self.answer(200, {"success": True, "result": {"id": "r"}})
        else:
            self.answer(404, {"success": False})

    def answer(self, status: int, told: dict) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    server = Catalogue()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return release(sample().published(), tmp_path_factory.mktemp("open"), ["csv", "xlsx"], About(organisation="office"))


def test_everything_arrives_as_it_was_published(made: Release, catalogue: Catalogue) -> None:
    assert push(made.folder, catalogue.address, "token")[0] == "ita-2568-r1"
    assert catalogue.packages["ita-2568-r1"]["owner_org"] == "office"
    assert {file.sha256: (made.folder / file.path).read_bytes() for file in made.files} == catalogue.files


def test_what_is_there_is_not_changed(made: Release, catalogue: Catalogue) -> None:
    push(made.folder, catalogue.address, "token")
    with pytest.raises(InputError, match="already in use"):
        push(made.folder, catalogue.address, "token")


@pytest.mark.parametrize("address", ["{}", "{}/elsewhere", "http://127.0.0.1:9"])
def test_a_refusal_is_said(made: Release, catalogue: Catalogue, address: str) -> None:
    token = "wrong" if address == "{}" else "token"
    with pytest.raises(InputError) as caught:
        push(made.folder, address.format(catalogue.address), token)
    assert caught.value.problems[0].code == "export.ckan"
    assert "token" not in caught.value.problems[0].en
    assert not catalogue.files


def test_a_changed_file_is_not_sent(made: Release, catalogue: Catalogue, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(made.folder, copy)
    (copy / "csv" / "levels.csv").write_text("x")
    with pytest.raises(InputError, match="not the one that was published"):
        push(copy, catalogue.address, "token")
    assert not catalogue.packages
