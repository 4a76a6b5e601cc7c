"""Gets what a link shows, within limits: per host, in time, in bytes, in redirects; never outside the public web."""

from __future__ import annotations

import asyncio
import datetime as dt
import email.utils
import hashlib
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpcore
import httpx

from prongsai.evidence.network import GuardedTransport, Network, Refused

_NETWORK_ERRORS = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    httpx.HTTPError,
    httpx.StreamError,
    httpx.InvalidURL,
    OSError,
)
_TEMPORARY = {"timeout", "connection", "answer_broken"}
_HEADERS = ("content-type", "last-modified", "content-disposition", "content-length")
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts. ``seconds`` is for one try of one link with all its redirects."""

    at_once: int = 16
    per_host: int = 2
    delay: float = 0.5  # between two requests to the same host
    seconds: float = 60
    step: float = 20  # for one connection or one read
    size: int = 32_000_000  # of the body, after decompression
    redirects: int = 8
    tries: int = 2  # where the fault may be passing
    pause: float = 3  # before the second try


Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Hop:
    """One answer on the way, with what was sent and what came back before its body; for what is kept of it."""

    url: str
    status: int
    reason: str = ""
    sent: Headers = ()
    got: Headers = ()
    address: str = ""


@dataclass(frozen=True)
class Failure:
    """Why nothing was seen."""

    code: str
    th: str
    en: str


@dataclass(frozen=True)
class Fetched:
    """What came of a link. ``whole``: the body was read to its end; only then is there a ``sha256``."""

    url: str
    at: dt.datetime
    hops: tuple[Hop, ...] = ()
    headers: Mapping[str, str] | None = None
    body: bytes = b""
    whole: bool = False
    certificate_until: dt.datetime | None = None
    tries: int = 1
    failure: Failure | None = None

    @property
    def status(self) -> int | None:
        """The last status, None where no answer came."""
        return self.hops[-1].status if self.hops else None

    @property
    def final_url(self) -> str:
        """Where the redirects ended."""
        return self.hops[-1].url if self.hops else self.url

    @property
    def ok(self) -> bool:
        """Whether there is something to look at."""
        return self.failure is None and self.status is not None and 200 <= self.status < 300

    @property
    def sha256(self) -> str | None:
        """Of the whole body."""
        return hashlib.sha256(self.body).hexdigest() if self.ok and self.whole else None

    def header(self, name: str) -> str:
        """A header's text, or an empty text."""
        return (self.headers or {}).get(name, "")


class _Door:
    """One host: so many requests at once, and a pause between their beginnings."""

    def __init__(self, limits: Limits) -> None:
        self._places = asyncio.Semaphore(limits.per_host)
        self._delay = limits.delay
        self._next = 0.0

    @asynccontextmanager
    async def passed(self) -> AsyncIterator[None]:
        async with self._places:
            now = asyncio.get_running_loop().time()
            start = max(now, self._next)
            self._next = start + self._delay
            if start > now:
                await asyncio.sleep(start - now)
            yield


class Fetcher:
    """Fetches links side by side; use as ``async with``. One instance keeps the limits of each host."""

    def __init__(self, limits: Limits | None = None, network: Network | None = None) -> None:
        self.limits = limits or Limits()
        self._network = network or Network()
        self._transport = GuardedTransport(self._network, self.limits.at_once * 2)
        self._places = asyncio.Semaphore(self.limits.at_once)
        self._doors: dict[str, _Door] = {}

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._transport.aclose()

    async def fetch(self, url: str) -> Fetched:
        """What the link shows now. A fault never raises: it stands in ``failure``."""
        found = await self._once(url)
        for again in range(2, self.limits.tries + 1):
            passing = found.failure.code in _TEMPORARY if found.failure else (found.status or 0) >= 500
            if not passing:
                break
            await asyncio.sleep(self.limits.pause)
            found = replace(await self._once(url), tries=again)
        return found

    async def _once(self, url: str) -> Fetched:
        trip = _Trip(url, self.limits)
        # A client of its own, so that no cookie of one link is sent with another.
        client = httpx.AsyncClient(
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
            timeout=self.limits.step,
            headers={
                "User-Agent": "Mozilla/5.0 (compatible; Prongsai; disclosure link check)",
                "Accept": "*/*",
                "Accept-Language": "th,en;q=0.5",
                "Accept-Encoding": "gzip",  # the one kind that is unpacked here, within the size limit
            },
        )
        try:
            while trip.onward is not None:
                target = self._network.vetted(trip.onward)
                door = self._doors.setdefault(target.host.rstrip("."), _Door(self.limits))
                async with door.passed(), self._places:
                    await trip.step(client, target)
        except Refused as error:
            trip.failure = Failure(error.code, error.th, error.en)
        except TimeoutError:
            trip.failure = _timeout(f"no whole answer within {self.limits.seconds:g} seconds")
        except _NETWORK_ERRORS as error:
            trip.failure = _failure(error)
        return trip.fetched()


class _Trip:
    """One try of one link through its redirects."""

    def __init__(self, url: str, limits: Limits) -> None:
        self.url, self.limits = url, limits
        self.onward: str | None = url
        self.failure: Failure | None = None
        self._left = limits.seconds
        self._hops: list[Hop] = []
        self._seen: set[tuple[str, str]] = set()
        self._headers: dict[str, str] = {}
        self._body = b""
        self._whole = False
        self._until: dt.datetime | None = None

    async def step(self, client: httpx.AsyncClient, target: httpx.URL) -> None:
        """One request; sets where to go on."""
        state = (str(target), str(sorted((c.name, c.value) for c in client.cookies.jar)))
        if state in self._seen:  # a site may send one back to the same page with a cookie: that is no loop
            raise Refused("redirect_loop", "ลิงก์ส่งต่อวนกลับมาที่เดิมไม่สิ้นสุด", f"redirects loop at {target}")
        self._seen.add(state)
        if len(self._hops) > self.limits.redirects:
            raise Refused(
                "redirects_many",
                f"ลิงก์ถูกส่งต่อเกิน {self.limits.redirects} ครั้ง",
                f"more than {self.limits.redirects} redirects",
            )
        clock = asyncio.get_running_loop().time
        start = clock()
        async with asyncio.timeout(max(self._left, 0.01)):
            answer = await client.send(client.build_request("GET", target), stream=True)
            try:
                await self._take(answer, target)
            finally:
                await answer.aclose()
        self._left -= clock() - start

    async def _take(self, answer: httpx.Response, target: httpx.URL) -> None:
        self._hops.append(_hop(answer, target))
        self._until = _certificate_until(answer) or self._until
        place = answer.headers.get("location")
        if answer.status_code in _REDIRECTS and place:
            try:
                self.onward = str(target.join(place))
            except httpx.InvalidURL as error:
                raise Refused("url_broken", "ลิงก์ถูกส่งต่อไปยังที่อยู่ที่ผิดรูปแบบ", f"broken redirect: {error}") from error
            return
        self.onward = None
        self._headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
        if 200 <= answer.status_code < 300:
            self._body, self._whole = await _body(answer, self.limits.size)

    def fetched(self) -> Fetched:
        """What is known now."""
        return Fetched(
            self.url,
            dt.datetime.now(dt.UTC),
            tuple(self._hops),
            self._headers,
            self._body,
            self._whole,
            self._until,
            failure=self.failure,
        )


def _hop(answer: httpx.Response, target: httpx.URL) -> Hop:
    stream: Any = answer.extensions.get("network_stream")
    address = stream.get_extra_info("server_addr") if stream else None
    sent, got = (
        tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)
        for headers in (answer.request.headers, answer.headers)
    )
    return Hop(str(target), answer.status_code, answer.reason_phrase, sent, got, str(address[0]) if address else "")


async def _body(answer: httpx.Response, limit: int) -> tuple[bytes, bool]:
    """The body up to the limit, unpacked no further than that, and whether that is all of it."""
    packing = answer.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip"):
        raise Refused("packing", "เว็บไซต์ส่งข้อมูลบีบอัดชนิดที่อ่านไม่ได้", f"unknown content encoding {packing[:40]!r}")
    unpack = zlib.decompressobj(31) if "gzip" in packing else None
    parts, size, taken = [], 0, 0
    async for raw in answer.aiter_raw():
        taken += len(raw)
        try:
            part = unpack.decompress(raw, limit - size + 1) if unpack else raw
        except zlib.error as error:
            raise Refused("packing", "ข้อมูลที่เว็บไซต์บีบอัดส่งมาเสียหาย", f"broken gzip body: {error}") from error
        parts.append(part[: limit - size])
        size += len(part)
        if size > limit or taken > limit:
            return b"".join(parts), False
    return b"".join(parts), unpack is None or unpack.eof or taken == 0


def _certificate_until(answer: httpx.Response) -> dt.datetime | None:
    stream: Any = answer.extensions.get("network_stream")
    tls = stream.get_extra_info("ssl_object") if stream else None
    text = (tls.getpeercert() or {}).get("notAfter") if tls else None
    return dt.datetime.fromtimestamp(ssl.cert_time_to_seconds(text), dt.UTC) if text else None


def _timeout(en: str) -> Failure:
    return Failure("timeout", "เว็บไซต์ตอบช้าเกินเวลาที่กำหนด", en)


def _failure(error: Exception) -> Failure:
    text = str(error) or type(error).__name__
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return _certificate(cause)
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore.TimeoutException | httpx.TimeoutException):
        return _timeout(f"timed out: {text}")
    if isinstance(error, httpcore.ProtocolError | httpx.ProtocolError):
        return Failure("answer_broken", "เว็บไซต์ตอบกลับผิดรูปแบบหรือขาดตอน", f"broken answer: {text}")
    if "SSL" in text or "TLS" in text:
        return Failure("tls", "เชื่อมต่อแบบเข้ารหัส (https) ไม่สำเร็จ", f"TLS failed: {text}")
    return Failure("connection", "เชื่อมต่อเว็บไซต์ไม่ได้", f"cannot connect: {text}")


_EXPIRED, _SELF_SIGNED, _WRONG_NAME = (10,), (18, 19), (62, 64)  # X509_V_ERR_… of OpenSSL


def _certificate(error: ssl.SSLCertVerificationError) -> Failure:
    said = f"certificate not trusted: {error.verify_message}"
    if error.verify_code in _EXPIRED:
        return Failure("certificate_expired", "ใบรับรองความปลอดภัย (https) ของเว็บไซต์หมดอายุแล้ว", said)
    if error.verify_code in _SELF_SIGNED:
        return Failure("certificate_untrusted", "ใบรับรองความปลอดภัย (https) ออกโดยผู้ที่ไม่น่าเชื่อถือ", said)
    if error.verify_code in _WRONG_NAME:
        return Failure("certificate_name", "ใบรับรองความปลอดภัย (https) เป็นของเว็บไซต์อื่น", said)
    return Failure("certificate_untrusted", "ตรวจสอบใบรับรองความปลอดภัย (https) ของเว็บไซต์ไม่ผ่าน", said)


def http_date(text: str) -> dt.datetime | None:
    """A date as HTTP writes it, or None."""
    try:
        found = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
