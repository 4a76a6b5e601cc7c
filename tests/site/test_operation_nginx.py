"""The server in front: its limits are wider than the site's own, and its static pages tell people what to do."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from prongsai.site.ask import limits

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
CONF = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
WORKERS = 2
nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not on this machine (Debian: nginx-light)")


def test_its_limits_let_through_what_the_site_would() -> None:
    rates = {name: int(rate) for name, rate in re.findall(r"zone=(\w+):\w+ rate=(\d+)r/s", CONF)}
    bursts = {name: int(burst) for name, burst in re.findall(r"limit_req zone=(\w+) burst=(\d+) nodelay", CONF)}
    assert set(rates) == set(bursts) == {"respondents", "pages", "login"}
    assert rates["respondents"] >= WORKERS * limits.requests.rate
    assert bursts["respondents"] >= limits.requests.burst
    at_once = {name: int(most) for name, most in re.findall(r"limit_conn (\w+) (\d+);", CONF)}
    assert at_once["pages_at_once"] < at_once["respondents_at_once"]
    assert "limit_req" not in CONF[CONF.index("location ~ ^/(metrics|ready)/") :].split("}")[0]


@pytest.mark.parametrize("name", ["waiting.html", "waiting-sent.html", "too-large.html"])
def test_a_static_page_needs_nothing_else(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert not re.search(r"<script|style=|src=|https?://|<link", text)
    assert 'lang="th"' in text
    assert 'lang="en"' in text
    assert len(text.encode()) < 2500
    # Loading itself anew would ask without the form, and what was filled in would be gone.
    assert ("http-equiv" in text) == (name == "waiting.html")


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        busy = self.path.startswith("/busy")
        body = b"the site's own words"
        self.send_response(503 if busy else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


def _free() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """nginx with our file, plain instead of encrypted: its port, and that of the site behind."""
    port, behind = _free(), _free()
    own = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", CONF, count=1, flags=re.S)
    own = re.sub(r"\n    ssl_\w+ [^;]+;", "", own).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    own = own.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("/var/cache/prongsai-nginx", f"{tmp_path}/kept")
    own = own.replace("/usr/share/prongsai/", f"{tmp_path}/pages/")
    shutil.copytree(FOLDER, tmp_path / "pages")
    for folder in (tmp_path, *tmp_path.parents):  # its workers are another user, where the tests run as root
        with contextlib.suppress(OSError):
            if "pytest-of-" in str(folder):
                folder.chmod(0o755)
    places = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "own.conf").write_text(own, encoding="utf-8")
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/errors; daemon off; events {{}}\n"
        f"http {{ access_log off; {places} default_type text/html; include {tmp_path}/own.conf; }}\n",
        encoding="utf-8",
    )
    server = subprocess.Popen(["nginx", "-c", str(tmp_path / "nginx.conf"), "-p", str(tmp_path)])
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield port, behind
    finally:
        server.terminate()
        server.wait(10)


def _ask(port: int, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with contextlib.closing(line):
        line.request(method, path, "a=1" if method == "POST" else None)
        answer = line.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read().decode()


@nginx
def test_when_the_site_is_down_people_read_what_to_do(front: tuple[int, int]) -> None:
    port, _ = front
    status, headers, page = _ask(port, "/a/")
    assert (status, headers["retry-after"]) == (503, "30")
    assert "หน้านี้จะลองใหม่เอง" in page
    status, _, page = _ask(port, "/a/go/", "POST")
    assert status == 503
    assert "ยืนยันการส่งอีกครั้ง" in page
    assert "http-equiv" not in page
    status, headers, text = _ask(port, "/api/v1/rounds")
    assert (status, headers["content-type"]) == (503, "application/json")
    assert json.loads(text)["error"]["code"] == "busy"


@nginx
@pytest.mark.parametrize(
    ("path", "megabytes", "status"),
    [
        ("/accounts/login/", 0.9, 200),
        ("/accounts/login/", 1.1, 413),
        ("/a/go/", 1.1, 413),
        ("/api/v1/own/results", 2.1, 200),  # the site itself says that it is too much
        ("/agencies/muang/plan/", 60, 200),
        ("/agencies/muang/plan/", 62, 413),
        ("/import-agency/", 62, 200),
    ],
)
def test_who_sends_too_much_reads_what_to_do(front: tuple[int, int], path: str, megabytes: float, status: int) -> None:
    port, behind = front
    site = ThreadingHTTPServer(("127.0.0.1", behind), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        with socket.create_connection(("127.0.0.1", port), 30) as line:
            size = int(megabytes * 1024**2)
            line.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode())
            if status == 200:
                line.sendall(bytes(size))
            answer = http.client.HTTPResponse(line)
            answer.begin()
            text = answer.read().decode()
    finally:
        site.shutdown()
        site.server_close()
    assert answer.status == status
    assert ("ส่งไฟล์ที่เล็กลง" in text) == (status == 413)


@nginx
def test_five_hundred_people_behind_one_address_pass_and_what_the_site_says_stays(front: tuple[int, int]) -> None:
    port, behind = front
    site = ThreadingHTTPServer(("127.0.0.1", behind), _Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        statuses = Counter(_ask(port, "/a/")[0] for _ in range(500 * 3))
        assert statuses == {200: 1500}
        assert _ask(port, "/busy")[::2] == (503, "the site's own words")
        wild = Counter(_ask(port, "/accounts/login/")[0] for _ in range(300))  # the control: one machine runs wild
        assert wild[429] > 100
        assert wild[200] >= 100
    finally:
        site.shutdown()
        site.server_close()
