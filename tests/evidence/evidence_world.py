"""A small web of its own for the tests: a real server on this machine, names that lead to it, and its certificates.

Loopback may be reached only because the tests hand the fetcher a ``Network`` that says so.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import io
import ssl
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from prongsai.evidence.fetch import Fetched, Fetcher, Limits
from prongsai.evidence.network import Network, is_public

QUICK = Limits(delay=0, seconds=5, step=2, size=200_000, redirects=5, tries=1, pause=0.01)
FILLER = "ข้อมูลเผยแพร่ของเทศบาลตำบลสมมติ " * 5


def page(body: str, head: str = "<title>หน้าทดสอบ</title>") -> bytes:
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'.encode()
    )


def pdf(*texts: str) -> bytes:
    """A PDF with one page per text; an empty text makes a page without a text layer."""
    count = len(texts)
    kids = " ".join(f"{3 + 2 * index} 0 R" for index in range(count))
    parts = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {count}/Kids[{kids}]>>"]
    for index, text in enumerate(texts):
        drawn = f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET" if text else "0 0 100 100 re f"
        font = "<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
        parts.append(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {4 + 2 * index} 0 R/Resources{font}>>")
        parts.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    out, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return f"{out}xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{tail}".encode()


@dataclass
class World:
    """The server's answers by path, and what it was asked."""

    port: int = 0
    answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)  # host, path
    busy: int = 0
    most_busy: int = 0
    scheme: str = "http"

    def url(self, path: str = "/", host: str = "www.example.test") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, kind: str = "text/html", status: int = 200, **headers: str) -> str:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path.split("?", maxsplit=1)[0]] = answer
        return self.url(path)

    def redirect(self, path: str, to: str) -> str:
        return self.serve(path, b"", status=302, Location=to)


@contextmanager
def serving(context: ssl.SSLContext | None = None, address: str = "127.0.0.1") -> Iterator[World]:
    world, lock = World(scheme="https" if context else "http"), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_GET(self) -> None:
            with lock:
                world.asked.append((self.headers.get("Host", "").split(":")[0], self.path))
                world.busy += 1
                world.most_busy = max(world.most_busy, world.busy)
            try:
                answer = world.answers.get(self.path.split("?")[0])
                if answer:
                    answer(self)
                else:
                    self.send_error(404)
            except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
                self.close_connection = True
            finally:
                with lock:
                    world.busy -= 1

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 100

        def get_request(self):
            plain, address = super().get_request()
            if context:
                plain = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
            return plain, address

        def handle_error(self, *_: object) -> None:
            pass

    server = Server((address, 0), Handler)
    world.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()


async def home(host: str, port: int) -> list[str]:
    """Every name leads to this machine."""
    return ["127.0.0.1"]


def open_network(**changes: object) -> Network:
    """The exception for loopback: an address of this machine and any port may be used, and nothing else changes."""
    parts: dict[str, object] = {
        "resolve": home,
        "may_connect": lambda address: address == "127.0.0.1" or is_public(address),
        "may_use_port": lambda port: True,
    }
    return Network(**{**parts, **changes})  # type: ignore[arg-type]


def fetch(url: str, network: Network | None = None, limits: Limits = QUICK) -> Fetched:
    async def work() -> Fetched:
        async with Fetcher(limits, network or open_network()) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(work())


class Authority:
    """A certificate authority of the tests."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        self.certificate = self._sign(self.name, self.key.public_key(), 400, authority=True)

    def _sign(self, subject, key, days: int, host: str | None = None, authority: bool = False):
        now = dt.datetime.now(dt.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=500))
            .not_valid_after(now + dt.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if host:
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def server(self, folder: Path, host: str, days: int) -> ssl.SSLContext:
        """A server's side with a certificate for the host, valid for so many more days."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        signed = self._sign(subject, key.public_key(), days, host)
        file = folder / f"{host}{days}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            + signed.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def trusted(self) -> ssl.SSLContext:
        """The visitor's side that trusts this authority."""
        return ssl.create_default_context(
            cadata=self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
        )


def endless(handler: BaseHTTPRequestHandler) -> None:
    """A body without an end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.end_headers()
    while True:
        handler.wfile.write(b"%PDF-" + b"x" * 50_000)


def dripping(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for ever: no single read is slow."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.05)


def bomb(size: int) -> bytes:
    return gzip.compress(b"0" * size)


def huge(handler: BaseHTTPRequestHandler) -> None:
    """Says 2 GB and would send them."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/pdf")
    handler.send_header("Content-Length", "2000000000")
    handler.end_headers()
    while True:
        handler.wfile.write(b"%PDF-" + b"x" * 50_000)


def office(**parts: str) -> bytes:
    """A packed file of XML parts, as office files are; ``__`` stands for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name.replace("__", "/") + ".xml", text)
    return file.getvalue()
