"""Time stamps by an authority that the tests start: a real HTTP server, a real certificate."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from asn1crypto import keys, tsp, x509
from cryptography import x509 as certificates
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from evidence_world import World, serving
from pyhanko.sign.timestamps import DummyTimeStamper

from prongsai.evidence.preserve.copies import Stamp
from prongsai.evidence.preserve.timestamp import Authority, StampRefused, verified

DIGEST = hashlib.sha256(b"a copy").hexdigest()
OTHER = hashlib.sha256(b"another").hexdigest()


class TimeAuthority:
    """Root and signer; ``purpose``: what the signer's certificate is for."""

    def __init__(self, purpose=ExtendedKeyUsageOID.TIME_STAMPING) -> None:
        self.root_key = rsa.generate_private_key(65537, 2048)
        self.key = rsa.generate_private_key(65537, 2048)
        self.root = self._certificate("Test time root", self.root_key.public_key(), None)
        self.signer = self._certificate("Test time stamper", self.key.public_key(), purpose)
        self.roots = (self.root.public_bytes(serialization.Encoding.PEM),)

    def _certificate(self, name: str, key, purpose):
        now = dt.datetime.now(dt.UTC)
        root = certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, "Test time root")])
        builder = (
            certificates.CertificateBuilder()
            .subject_name(certificates.Name([certificates.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(root)
            .public_key(key)
            .serial_number(certificates.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=10))
            .not_valid_after(now + dt.timedelta(days=10))
            .add_extension(certificates.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
        )
        if purpose:
            builder = builder.add_extension(certificates.ExtendedKeyUsage([purpose]), critical=True)
        return builder.sign(self.root_key, hashes.SHA256())

    def answer(self, request: bytes, at: dt.datetime | None = None) -> bytes:
        der = serialization.Encoding.DER
        private = self.key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        stamper = DummyTimeStamper(
            x509.Certificate.load(self.signer.public_bytes(der)), keys.PrivateKeyInfo.load(private), fixed_dt=at
        )
        return stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump()


@pytest.fixture(scope="module")
def authority() -> TimeAuthority:
    return TimeAuthority()


@pytest.fixture
def stamped_by() -> Iterator[Callable[..., Stamp]]:
    """A stamp over ``DIGEST`` by a server that answers as told."""
    with serving() as world:

        def stamp(answer: Callable[[bytes], bytes], roots, status: int = 200, kind="application/timestamp-reply"):
            def post(handler: BaseHTTPRequestHandler) -> None:
                body = answer(handler.rfile.read(int(handler.headers["Content-Length"])))
                assert handler.headers["Content-Type"] == "application/timestamp-query"
                handler.send_response(status)
                handler.send_header("Content-Type", kind)
                handler.send_header("Content-Length", str(len(body)))
                handler.end_headers()
                handler.wfile.write(body)

            world.answers["/tsa"] = post
            return asyncio.run(Authority(f"http://127.0.0.1:{world.port}/tsa", roots, seconds=5).stamp(DIGEST))

        yield stamp


def test_a_stamp_is_given_and_verifies(stamped_by, authority: TimeAuthority) -> None:
    at = dt.datetime.now(dt.UTC).replace(microsecond=0)
    stamp = stamped_by(lambda request: authority.answer(request, at), authority.roots)
    assert stamp.missing is None
    assert stamp.token
    assert verified(stamp.token, DIGEST, authority.roots) == at


def test_a_token_proves_only_what_it_was_made_for(stamped_by, authority: TimeAuthority) -> None:
    token = stamped_by(authority.answer, authority.roots).token
    with pytest.raises(StampRefused, match="something else"):
        verified(token, OTHER, authority.roots)
    for index in (len(token) - 5, len(token) // 2):
        broken = bytearray(token)
        broken[index] ^= 1
        with pytest.raises(StampRefused):
            verified(bytes(broken), DIGEST, authority.roots)
    with pytest.raises(StampRefused):
        verified(token, DIGEST, TimeAuthority().roots)
    with pytest.raises(StampRefused):
        verified(token, DIGEST, ())
    with pytest.raises(StampRefused):
        verified(b"no token", DIGEST, authority.roots)


@pytest.mark.parametrize("name", ["another root", "another digest", "an old answer", "nonsense", "an error", "no TSA"])
def test_what_is_no_proof_is_not_kept(stamped_by, authority: TimeAuthority, name: str) -> None:
    def altered(request: bytes, part: str) -> bytes:
        found = tsp.TimeStampReq.load(request)
        if part == "digest":
            found["message_imprint"]["hashed_message"] = bytes.fromhex(OTHER)
        else:
            found["nonce"] = 1
        return authority.answer(found.dump())

    answers = {
        "another root": (TimeAuthority().answer, 200),
        "another digest": (lambda request: altered(request, "digest"), 200),
        "an old answer": (lambda request: altered(request, "nonce"), 200),
        "nonsense": (lambda request: b"\x30\x03abc", 200),
        "an error": (authority.answer, 500),
        "no TSA": (TimeAuthority(ExtendedKeyUsageOID.SERVER_AUTH).answer, 200),
    }
    answer, status = answers[name]
    stamp = stamped_by(answer, authority.roots, status)
    assert stamp.token is None
    assert stamp.missing.code == "timestamp.refused"
    assert "ประทับรับรองเวลา" in stamp.missing.th


def test_nobody_answers() -> None:
    with serving() as world:
        gone = f"http://127.0.0.1:{world.port}/tsa"
    stamp = asyncio.run(Authority(gone, (), seconds=2).stamp(DIGEST))
    assert stamp.missing is not None
    assert stamp.missing.code == "timestamp.unreachable"


def test_a_silent_authority(world: World) -> None:
    import time

    world.answers["/tsa"] = lambda handler: time.sleep(2)
    stamp = asyncio.run(Authority(f"http://127.0.0.1:{world.port}/tsa", (), seconds=0.3).stamp(DIGEST))
    assert stamp.missing is not None
    assert stamp.missing.code == "timestamp.unreachable"
