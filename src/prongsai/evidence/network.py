"""Where the fetcher may connect: vets URL, port and address, and connects to the very address it vetted.

A name is resolved once, at the moment of connecting, and TLS still verifies the name; so a name that changes its
address between look and connection gains nothing. There is no setting that opens a private network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import httpcore
import httpx

PORTS = {"http": 80, "https": 443}
_MAX_ADDRESSES = 4
_NAME = re.compile(rb"[a-z0-9_.-]{1,253}")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Global by the registries or by Python's older tables, and yet answered by the machine's own surroundings: a cloud's
# agent (168.63.129.16), protocol assignments among which another cloud keeps its metadata (192.0.0.0/24), relays to the
# nearest machine that offers itself (192.88.99.0/24), documentation (3fff::/20, RFC 9637).
_SURROUNDINGS = tuple(
    ipaddress.ip_network(one) for one in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
)


class Refused(Exception):
    """What may not be fetched: ``code``, Thai and English."""

    def __init__(self, code: str, th: str, en: str) -> None:
        super().__init__(en)
        self.code, self.th, self.en = code, th, en


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, also where it carries another address inside."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inside = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inside is None and ip in _NAT64:
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return is_public(str(inside))
        if ip.is_site_local or ip.scope_id:
            return False
    if any(ip.version == one.version and ip in one for one in _SURROUNDINGS):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not ip.is_unspecified


def is_web_port(port: int) -> bool:
    """80 or 443."""
    return port in PORTS.values()


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses of a host by the system's resolver. Raises ``OSError`` where there are none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True)
class Network:
    """How names are resolved and what may be connected to. Only tests give anything else than these defaults."""

    resolve: Callable[[str, int], Awaitable[Sequence[str]]] = system_resolver
    may_connect: Callable[[str], bool] = is_public
    may_use_port: Callable[[int], bool] = is_web_port
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    def vetted(self, text: str) -> httpx.URL:
        """The URL, when its form allows fetching. Raises ``Refused``; the address is vetted when connecting."""
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, TypeError, ValueError) as error:
            raise Refused("url_broken", "รูปแบบของลิงก์ไม่ถูกต้อง", f"not a URL: {error}") from error
        if url.scheme not in PORTS:
            raise Refused(
                "url_scheme",
                "ลิงก์ต้องขึ้นต้นด้วย http:// หรือ https://",
                f"only http and https are fetched, not {url.scheme or 'a bare text'!r}",
            )
        if not url.host:
            raise Refused("url_no_host", "ลิงก์ไม่มีชื่อเว็บไซต์", "the URL has no host")
        if url.userinfo:
            raise Refused("url_credentials", "ลิงก์มีชื่อผู้ใช้หรือรหัสผ่านอยู่ภายใน จึงไม่เปิด", "the URL carries credentials")
        if ":" not in url.host and not _NAME.fullmatch(url.raw_host):  # a colon: an IPv6 address, parsed as one
            raise Refused("url_broken", "ชื่อเว็บไซต์ในลิงก์ไม่ถูกต้อง", f"not a host name: {url.host[:80]!r}")
        self._check_port(PORTS[url.scheme] if url.port is None else url.port)
        return url

    def _check_port(self, port: int) -> None:
        if not self.may_use_port(port):
            raise Refused("url_port", f"ลิงก์ใช้พอร์ต {port} ซึ่งไม่ใช่พอร์ตของเว็บไซต์ทั่วไป", f"port {port} is not 80 or 443")

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses to connect to, all vetted. Raises ``Refused``, also where only one of them is private."""
        self._check_port(port)
        try:
            found = await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise Refused("name_unknown", f"ไม่พบเว็บไซต์ชื่อ {host}", f"cannot resolve {host}: {error}") from error
        if not found:
            raise Refused("name_unknown", f"ไม่พบเว็บไซต์ชื่อ {host}", f"{host} has no address")
        if not all(self.may_connect(address) for address in found):
            raise Refused(
                "address_private",
                f"{host} ชี้ไปยังเครือข่ายภายใน จึงไม่เปิด และบุคคลภายนอกเปิดไม่ได้",
                f"{host} points into a private network",
            )
        return found[:_MAX_ADDRESSES]


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to vetted addresses only; the pool above keeps speaking of names, so TLS verifies the name."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._plain = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        error: Exception | None = None
        for address in await self._network.addresses(host, port):
            try:
                return await self._plain.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error or httpcore.ConnectError("no address")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        raise Refused("url_scheme", "ลิงก์ต้องขึ้นต้นด้วย http:// หรือ https://", f"no socket is opened: {path}")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class _Stream(httpx.AsyncByteStream):
    def __init__(self, inner: Any) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._inner:
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx over connections that ``Network`` vetted. Errors are those of httpcore, and ``Refused``."""

    def __init__(self, network: Network, connections: int) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=network.tls,
            max_connections=connections,
            max_keepalive_connections=connections,
            keepalive_expiry=5,
            network_backend=_Backend(network),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request, its body not yet read."""
        url = request.url
        answer = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=cast(Any, request.stream),
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer.stream), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._pool.aclose()
