"""A picture of a page by headless Chromium, which is an ordinary user in its own sandbox and reaches only ``Proxy``.

Chromium is spoken to over two pipes, so no port is opened for that. It resolves no names, every address goes to the
proxy (those of this machine too), and what it leaves on disk is removed. There is no way to run it without its sandbox:
where that cannot be, no picture is taken, and the copy says so.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from prongsai.evidence.network import Network, Refused
from prongsai.evidence.preserve.copies import Picture
from prongsai.evidence.preserve.manifest import Note
from prongsai.evidence.preserve.proxy import PageLimits, Proxy, Seen
from prongsai.json_text import read_json

# Debian's own wrapper reads further options from /etc; the program itself takes only ours.
_PLACES = ("/usr/lib/chromium/chromium", "/usr/lib/chromium-browser/chromium-browser")
_NAMES = ("chromium", "chromium-browser")
_MAX_MESSAGE = 100_000_000
_OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--proxy-bypass-list=<-loopback>",  # not even this machine is reached without the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-features=OptimizationHints,MediaRouter,DialMediaRouteProvider,Translate,AutofillServerCommunication,"
    "CertificateTransparencyComponentUpdater,InterestFeedContentSuggestions",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--mute-audio",
    "--hide-scrollbars",
    "--deny-permission-prompts",
    "--block-new-web-contents",
    "--password-store=basic",
    "--lang=th",
)


@dataclass(frozen=True)
class Frame:
    """Pixels of a picture and seconds for it. ``settle``: after the page said that it is loaded."""

    width: int = 1280
    height: int = 900
    longest: int = 8000
    load: float = 15
    settle: float = 1
    seconds: float = 35


class _Missed(Exception):
    """Why there is no picture."""

    def __init__(self, code: str, th: str, en: str) -> None:
        super().__init__(en)
        self.note = Note(f"picture.{code}", f"ไม่ได้ถ่ายภาพหน้าจอ เพราะ{th}", f"no picture: {en}")


@dataclass
class Camera:
    """Takes one picture at a time. ``user``: the ordinary user that Chromium becomes where this process is root.

    ``seen`` is what the last page asked for.
    """

    network: Network = field(default_factory=Network)
    limits: PageLimits = field(default_factory=PageLimits)
    frame: Frame = field(default_factory=Frame)
    user: str = "nobody"
    seen: Seen = field(default_factory=Seen)
    _turn: tuple[asyncio.AbstractEventLoop, asyncio.Lock] | None = None

    async def take(self, url: str) -> Picture:
        """The page as it looks now. Never raises for what a page does: ``missing`` then says why there is none."""
        loop = asyncio.get_running_loop()
        if self._turn is None or self._turn[0] is not loop:
            self._turn = (loop, asyncio.Lock())
        async with self._turn[1]:
            try:
                target = str(self.network.vetted(url))
                command, user = browser(), ordinary(self.user)
                async with Proxy(self.network, self.limits) as proxy:
                    self.seen = proxy.seen
                    async with asyncio.timeout(self.frame.seconds):
                        return Picture(
                            await self._shot(target, [*command, f"--proxy-server=127.0.0.1:{proxy.port}"], user)
                        )
            except _Missed as missed:
                return Picture(missing=missed.note)
            except Refused as refused:
                return Picture(missing=_Missed("refused", refused.th, refused.en).note)
            except TimeoutError:
                said = f"not done within {self.frame.seconds:g} seconds"
                return Picture(missing=_Missed("time", "หน้าเว็บแสดงผลไม่เสร็จภายในเวลาที่กำหนด", said).note)
            except OSError as error:  # no room for a profile, no process to be had
                return Picture(missing=_Missed("system", "ระบบเริ่ม Chromium ไม่ได้", f"cannot start: {error}"[:200]).note)

    async def _shot(self, url: str, command: list[str], user: str) -> bytes:
        with _folder(user) as folder, _started(command, user, folder) as (process, go, come):
            pipe = _Pipe(go, come)
            try:
                return await _picture(pipe, url, self.frame)
            except (EOFError, OSError, ValueError, KeyError, asyncio.LimitOverrunError) as error:
                raise _fell(process, folder, error) from error
            finally:
                pipe.close()


def browser() -> list[str]:
    """Chromium with what it is always told. Raises ``_Missed`` where there is none."""
    if os.name != "posix":
        raise _Missed("system", "ระบบปฏิบัติการนี้ไม่รองรับ", "not on this operating system")
    found = next((place for place in _PLACES if Path(place).exists()), None) or next(
        filter(None, map(shutil.which, _NAMES)), None
    )
    if found is None:
        raise _Missed("no_browser", "เครื่องนี้ไม่มี Chromium", "no Chromium on this machine (Debian: chromium)")
    return [found, *_OPTIONS]


def ordinary(user: str) -> str:
    """Whom Chromium must become: nobody else (an empty text) unless this process is root. Raises ``_Missed``."""
    import pwd

    if os.getuid() != 0:
        return ""
    try:
        if pwd.getpwnam(user).pw_uid != 0:
            return user
    except KeyError:
        pass
    th = "ระบบทำงานด้วยสิทธิ์ root และไม่มีผู้ใช้ทั่วไปให้เปลี่ยนไปใช้"
    raise _Missed("root", th, f"this process is root and there is no ordinary user {user!r}")


@contextmanager
def _folder(user: str) -> Iterator[Path]:
    """A fresh folder for profile, home and temporary files; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="prongsai-picture-"))
    try:
        _lend_thai(folder)
        if user:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _lend_thai(folder: Path) -> None:
    """A Thai face for machines that have none: else a picture would show boxes. The page's own faces come first."""
    import importlib.util

    spec = importlib.util.find_spec("fontpkg_sarabun")
    for place in (spec.submodule_search_locations or []) if spec else []:
        for face in (*Path(place).rglob("*-Regular.ttf"), *Path(place).rglob("*-Bold.ttf")):
            shutil.copy(face, folder)
    text = f"<fontconfig><include ignore_missing='yes'>/etc/fonts/fonts.conf</include><dir>{folder}</dir></fontconfig>"
    (folder / "fonts.conf").write_text(f"<?xml version='1.0'?>{text}", encoding="utf-8")


@contextmanager
def _started(command: list[str], user: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], int, int]]:
    """Chromium with our ends of its pipes; ended with all its children."""
    theirs_in, go = os.pipe()
    come, theirs_out = os.pipe()
    home = {name: str(folder) for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")}
    launch = [sys.executable, "-I", "-S", str(Path(__file__).with_name("launch.py"))]
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(  # noqa: S603 - the browser, its options ours, no shell
            [*launch, str(theirs_in), str(theirs_out), user, *command, f"--user-data-dir={folder / 'profile'}"],
            pass_fds=(theirs_in, theirs_out),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "FONTCONFIG_FILE": str(folder / "fonts.conf"), **home},
            start_new_session=True,
        )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield process, go, come
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _fell(process: subprocess.Popen[bytes], folder: Path, error: Exception) -> _Missed:
    """What to say where Chromium ended or spoke nonsense."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(1)
    said = (folder / "said").read_bytes()[-20_000:].decode("utf-8", "replace")
    if "No usable sandbox" in said or "sandbox" in said.lower():
        return _Missed("no_sandbox", "เครื่องนี้ใช้ sandbox ของ Chromium ไม่ได้", "Chromium's sandbox cannot run here")
    lines = [line for line in said.splitlines() if line.strip()]
    return _Missed("browser", "Chromium ทำงานไม่สำเร็จ", f"Chromium failed: {lines[-1][:200] if lines else error!r}")


# --- speaking to it


class _Pipe:
    """Chromium's protocol over its pipes: JSON texts, each ended by a zero byte."""

    def __init__(self, go: int, come: int) -> None:
        self._go, self._come = os.fdopen(go, "wb", buffering=0), os.fdopen(come, "rb", buffering=0)
        self._reader: asyncio.StreamReader | None = None
        self._transport: asyncio.BaseTransport | None = None
        self._number = 0
        self.loaded = False
        self.session = ""

    async def ask(self, method: str, **values: Any) -> dict[str, Any]:
        """One command and its answer; what happens meanwhile is noted. Raises ``ValueError`` where it is refused."""
        number = self._send(method, values)
        while True:
            found = await self._next()
            if found.get("id") == number:
                if "error" in found:
                    raise ValueError(f"{method}: {found['error']}"[:300])
                return dict(found["result"])

    async def wait_loaded(self) -> None:
        """Until the page says that it is loaded."""
        while not self.loaded:
            await self._next()

    def _send(self, method: str, values: dict[str, Any]) -> int:
        self._number += 1
        text: dict[str, Any] = {"id": self._number, "method": method, "params": values}
        if self.session:
            text["sessionId"] = self.session
        self._go.write(json.dumps(text).encode() + b"\0")
        return self._number

    async def _next(self) -> dict[str, Any]:
        if self._reader is None:
            self._reader = reader = asyncio.StreamReader(limit=_MAX_MESSAGE)
            self._transport, _ = await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(reader), self._come
            )
        found: dict[str, Any] = read_json((await self._reader.readuntil(b"\0"))[:-1])
        if found.get("method") == "Page.loadEventFired":
            self.loaded = True
        elif found.get("method") == "Page.javascriptDialogOpening":
            self._send("Page.handleJavaScriptDialog", {"accept": False})
        return found

    def close(self) -> None:
        """Close both pipes; Chromium then ends by itself."""
        if self._transport:
            self._transport.close()
        else:
            self._come.close()
        self._go.close()


async def _picture(pipe: _Pipe, url: str, frame: Frame) -> bytes:
    await pipe.ask("Browser.setDownloadBehavior", behavior="deny")
    target = (await pipe.ask("Target.createTarget", url="about:blank"))["targetId"]
    pipe.session = (await pipe.ask("Target.attachToTarget", targetId=target, flatten=True))["sessionId"]
    await pipe.ask("Page.enable")
    size = {"width": frame.width, "height": frame.height}
    await pipe.ask("Emulation.setDeviceMetricsOverride", **size, deviceScaleFactor=1, mobile=False)
    went = await pipe.ask("Page.navigate", url=url)
    if went.get("errorText"):
        said = str(went["errorText"])[:100]
        raise _Missed("not_shown", f" Chromium เปิดหน้านี้ไม่ได้ ({said})", f"the page does not open: {said}")
    with suppress(TimeoutError):  # a page that never ends loading is taken as it stands
        async with asyncio.timeout(frame.load):
            await pipe.wait_loaded()
    await asyncio.sleep(frame.settle)
    whole = (await pipe.ask("Page.getLayoutMetrics"))["cssContentSize"]
    clip = {
        "x": 0,
        "y": 0,
        "width": min(max(int(whole["width"]), frame.width), 2 * frame.width),
        "height": min(max(int(whole["height"]), frame.height), frame.longest),
        "scale": 1,
    }
    shot = await pipe.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
    png = base64.b64decode(shot["data"], validate=True)
    if not png.startswith(b"\x89PNG\r\n"):
        raise ValueError("not a picture")
    return png
