"""RFC 3161 time stamps: another authority's signed word that a copy existed at a time, by the SHA-256 of its WARC file.

The authority's address and its root certificates come from whoever runs Prongsai; none is built in.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from prongsai.evidence.preserve.copies import Stamp
from prongsai.evidence.preserve.manifest import Note

_MAX_ANSWER = 200_000
_ERRORS = (ValueError, TypeError, KeyError, AttributeError, IndexError)


class StampRefused(Exception):
    """A token that does not prove what it should; the message is for developers."""


@dataclass(frozen=True)
class Authority:
    """Who stamps. ``roots``: the certificates (DER or PEM) that the authority's own must lead to; seconds per try."""

    url: str
    roots: tuple[bytes, ...]
    seconds: float = 15

    async def stamp(self, digest: str) -> Stamp:
        """A verified token over a SHA-256 (hexadecimal). Never raises: a copy without a stamp is still a copy."""
        try:
            token = await self._token(bytes.fromhex(digest))
            await asyncio.to_thread(verified, token, digest, self.roots)
        except StampRefused as error:
            th = "ผู้ให้บริการประทับรับรองเวลาตอบกลับมาไม่ถูกต้อง จึงไม่มีการประทับรับรองเวลา"
            return Stamp(missing=Note("timestamp.refused", th, f"not stamped: {error}"))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            th = "ติดต่อผู้ให้บริการประทับรับรองเวลาไม่ได้ จึงไม่มีการประทับรับรองเวลา"
            return Stamp(missing=Note("timestamp.unreachable", th, f"not stamped: {error or type(error).__name__}"))
        return Stamp(token)

    async def _token(self, digest: bytes) -> bytes:
        from asn1crypto import tsp
        from pyhanko.sign.timestamps.api import TimeStamper
        from pyhanko.sign.timestamps.common_utils import TimestampRequestError, handle_tsp_response

        made: Any = TimeStamper  # pyHanko's is untyped
        nonce, request = made().request_cms(digest, "sha256")
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        answer = await self._post(request.dump(), headers)
        try:
            return bytes(handle_tsp_response(tsp.TimeStampResp.load(answer), nonce).dump())
        except (TimestampRequestError, *_ERRORS) as error:
            raise StampRefused(f"no token in the answer: {error}"[:300]) from error

    async def _post(self, request: bytes, headers: dict[str, str]) -> bytes:
        async with (
            asyncio.timeout(self.seconds),
            httpx.AsyncClient(timeout=self.seconds, trust_env=False) as client,
            client.stream("POST", self.url, content=request, headers=headers) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise StampRefused(f"the authority answered {answer.status_code}")
            parts, size = [], 0
            async for part in answer.aiter_bytes():
                parts.append(part)
                size += len(part)
                if size > _MAX_ANSWER:
                    raise StampRefused("the answer is too long")
            return b"".join(parts)


def verified(token: bytes, digest: str, roots: Sequence[bytes]) -> dt.datetime:
    """The time that a token gives for a SHA-256 (hexadecimal), by a certificate that leads to one of ``roots``.

    The certificate is asked for that very time, so that a stamp outlives it. Raises ``StampRefused`` for anything else.
    """
    from asn1crypto import cms
    from pyhanko.sign.general import SigningError
    from pyhanko.sign.validation.errors import SignatureValidationError
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
    from pyhanko.sign.validation.status import TimestampSignatureStatus
    from pyhanko_certvalidator import ValidationContext
    from pyhanko_certvalidator.errors import PathError

    try:
        signed = cms.ContentInfo.load(token)["content"]
        info = signed["encap_content_info"]["content"].parsed
        at = info["gen_time"].native
        if info["message_imprint"]["hash_algorithm"]["algorithm"].native != "sha256":
            raise StampRefused("the token is not over a SHA-256")
        if info["message_imprint"]["hashed_message"].native.hex() != digest:
            raise StampRefused("the token is over something else")
        trust = [_certificate(root) for root in roots]
        context = ValidationContext(trust_roots=trust, moment=at, allow_fetching=False)
        said = asyncio.run(validate_tst_signed_data(signed, context, lambda _: bytes.fromhex(digest)))
        status = TimestampSignatureStatus(**said)
    except (*_ERRORS, SignatureValidationError, SigningError, PathError) as error:
        raise StampRefused(f"cannot be verified: {error!r}"[:300]) from error
    if not (status.intact and status.valid and status.trusted):
        raise StampRefused("the signature does not verify, or its certificate leads to no trusted root")
    found: dt.datetime = status.timestamp
    return found


def _certificate(data: bytes) -> Any:
    from asn1crypto import pem, x509

    return x509.Certificate.load(pem.unarmor(data)[2] if pem.detect(data) else data)
