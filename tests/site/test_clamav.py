"""Files are scanned before they are taken in; what is found is refused, and so is everything while the scanner is away.

The protocol is tried against a server on loopback, and against a real clamd where there is one.
"""

from __future__ import annotations

import io
import logging
import shutil
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cast import Cast
from clamd_world import Clamd, honest, real_clamd
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from office_sample import edited, having, word

from prongsai.errors import InputError
from prongsai.site.env import Environment
from prongsai.site.exchange.actions import ExportAgency
from prongsai.site.exchange.archive import opened
from prongsai.site.exchange.read_in import attempt
from prongsai.site.files import scanner
from prongsai.site.files.keep import Received, keep, receive
from prongsai.site.files.models import Stored
from prongsai.site.files.scanner import EICAR, ScannerDown, scan, version
from prongsai.site.operation.doctor import scanner as doctor

PAGE = "/agencies/muang/templates/"
Of = Callable[[str], Client]
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


def upload(data: bytes, name: str = "ความลับของนายสมชาย.txt") -> None:
    receive(SimpleUploadedFile(name, data), frozenset({"txt", "docx"}))


def refused(data: bytes = b"text") -> str:
    with pytest.raises(InputError) as caught:
        upload(data)
    assert caught.value.problems[0].next_en
    return caught.value.problems[0].code


@pytest.fixture
def clamd(settings: Any) -> Iterator[Clamd]:
    world = Clamd()
    with world.listening() as settings.CLAMAV:
        yield world


def test_clean_and_infected(clamd: Clamd, caplog: pytest.LogCaptureFixture) -> None:
    upload(b"clean")
    assert refused(EICAR) == "file.infected"
    assert clamd.seen == [b"clean", EICAR]
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "Eicar-Test-Signature found in a file of 68 bytes" in caplog.text
    assert "สมชาย" not in caplog.text  # neither name nor content
    assert EICAR.decode() not in caplog.text


def test_it_is_scanned_before_anything_opens_it(clamd: Clamd) -> None:
    """What would be refused for its kind has been seen by the scanner; what is too large has not."""
    assert refused(b"\x89PNG\r\n\x1a\nbroken") == "file.kind"
    assert len(clamd.seen) == 1
    clamd.seen.clear()
    with pytest.raises(InputError, match="at most"):
        upload(b"x" * (21 * 1024 * 1024))
    assert clamd.seen == []


def test_a_large_file_arrives_whole_in_pieces(clamd: Clamd, settings: Any) -> None:
    data = bytes(range(256)) * 20_000
    assert scan(data, settings.CLAMAV) == ""
    assert clamd.seen == [data]


def test_through_a_socket_of_unix(settings: Any) -> None:
    world = Clamd()
    with TemporaryDirectory() as folder, world.listening(Path(folder) / "s") as settings.CLAMAV:
        assert refused(EICAR) == "file.infected"
        assert version(settings.CLAMAV).startswith("ClamAV 1.")


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: OK",  # cut off
        b"stream: NOT OK\0",
        b"\0",
        b"",
        b"x" * 10_000,
    ],
)
def test_what_is_no_clear_word_is_no_clearance(clamd: Clamd, answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    clamd.answer = lambda line, data: answer
    assert refused() == "file.unscanned"
    assert "cannot be asked" in caplog.text


def test_nobody_listens(settings: Any) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        settings.CLAMAV = f"tcp:127.0.0.1:{line.getsockname()[1]}"
    assert refused() == "file.unscanned"
    settings.CLAMAV = "unix:/nowhere/clamd.ctl"
    assert refused() == "file.unscanned"


@pytest.mark.parametrize("drip", [False, True])
def test_silence_ends_with_the_time(clamd: Clamd, monkeypatch: pytest.MonkeyPatch, drip: bool) -> None:
    """Also where a byte comes now and then."""

    def slow(line: Any, _data: bytes) -> bytes:
        for _ in range(100):
            time.sleep(0.1)
            if drip:
                line.wfile.write(b"s")
        return b""

    monkeypatch.setattr(scanner, "WHOLE", 0.4)
    clamd.answer = slow
    start = time.monotonic()
    assert refused() == "file.unscanned"
    assert time.monotonic() - start < 5


def test_unset_is_not_scanned(settings: Any) -> None:
    settings.CLAMAV = ""
    upload(EICAR)


@pytest.mark.parametrize(
    ("given", "taken"),
    [("", True), ("unix:/run/clamav/clamd.ctl", True), ("tcp:clamav.local:3310", True), ("tcp:[::1]:3310", True),
     ("unix:clamd.ctl", False), ("tcp:host", False), ("http://host:1", False), ("/run/clamd", False)],
)  # fmt: skip
def test_the_setting(given: str, taken: bool) -> None:
    if taken:
        assert Environment(clamav=given).clamav == given
    else:
        with pytest.raises(ValueError, match="clamav"):
            Environment(clamav=given)


def test_at_the_page_nothing_is_kept_and_the_reason_is_told(planned: Cast, client_of: Of, clamd: Clamd) -> None:
    def bring() -> str:
        stored = Stored.objects.count()
        sent = SimpleUploadedFile("ours.docx", edited(word("{{title}}"), having("word/media/a.bin", EICAR)))
        clamd.answer = answers
        answer = client_of("agency_admin").post(PAGE, {"kind": "memo", "file": sent})
        assert answer.status_code == 400
        assert Stored.objects.count() == stored
        return answer.content.decode()

    def answers(_line: Any, data: bytes) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.read("word/media/a.bin") == EICAR
        return b"stream: Eicar-Test-Signature FOUND\0" if not down else b""

    down = False
    assert "พบไวรัสหรือรหัสอันตรายในไฟล์ (Eicar-Test-Signature)" in bring()
    down = True
    assert "ระบบตรวจไวรัสขัดข้องชั่วคราว" in bring()


def test_files_of_another_installation_are_scanned_too(
    planned: Cast, clamd: Clamd, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"
    keep(Received("a.csv", "csv", b"a,b\n" + EICAR), planned.agency, planned.officer)
    path = tmp_path / "agency.zip"
    ExportAgency(by=None, of=planned.agency, target=path).execute()
    with pytest.raises(InputError) as caught:
        attempt(opened(path), "copy")
    assert caught.value.problems[0].code == "file.infected"
    settings.CLAMAV = ""
    assert attempt(opened(path), "copy")


def test_the_doctor_says_how_it_stands(settings: Any, clamd: Clamd) -> None:
    def said() -> dict[str, str]:
        return {one.problem.code: one.state for one in doctor.check()}

    assert said() == {"scanner.ready": "ok"}
    clamd.answer = lambda line, data: b"stream: OK\0"
    assert said() == {"scanner.blind": "bad"}
    clamd.answer = lambda line, data: (
        honest(line, data) if len(data) < 100 else b"INSTREAM size limit exceeded. ERROR\0"
    )
    assert said() == {"scanner.small": "bad"}
    settings.CLAMAV = "unix:/nowhere"
    assert said() == {"scanner.away": "bad"}
    settings.CLAMAV = ""
    assert said() == {"scanner.unset": "note"}


def test_readiness_tells_it_and_stays_ready(db: None, settings: Any, clamd: Clamd, client: Client) -> None:
    """Pages are served all the same; only files are not taken in."""
    assert client.get("/ready/").json()["scanner"] == "ok"
    settings.CLAMAV = "unix:/nowhere"
    answer = client.get("/ready/")
    assert (answer.status_code, answer.json()["scanner"]) == (200, "unreachable")
    settings.CLAMAV = ""
    assert "scanner" not in client.get("/ready/").json()


@pytest.mark.skipif(not CLAMD, reason="clamd is not installed (Debian: clamav-daemon)")
def test_a_real_clamd(settings: Any) -> None:
    assert CLAMD
    with real_clamd(CLAMD) as settings.CLAMAV:
        assert version(settings.CLAMAV).startswith("ClamAV")
        upload(b"clean")
        assert refused(EICAR) == "file.infected"
        assert refused(edited(word(), having("word/media/a.bin", EICAR))) == "file.infected"  # it looks into archives
        with pytest.raises(ScannerDown):
            scan(b"\0" * 6_000_000, settings.CLAMAV)  # beyond its StreamMaxLength: it hangs up
        assert {one.problem.code for one in doctor.check()} == {"scanner.small"}
        settings.UPLOAD_LIMIT = 1_000_000
        assert {one.problem.code for one in doctor.check()} == {"scanner.ready"}
    assert refused() == "file.unscanned"
