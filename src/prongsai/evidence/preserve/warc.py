"""One retrieval as a WARC/1.1 file (ISO 28500): every request and answer on the way, and the picture of the page.

The body stands in it as it was read, unpacked; a body that an earlier file holds is referred to (``revisit``), not kept
twice. Pages, being text, are packed; what is packed already (PDF, pictures, office files) is not packed again.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prongsai import __version__
from prongsai.evidence.content import kind_of
from prongsai.evidence.fetch import Fetched, Headers, Hop

_TEXTUAL = ("html", "text")
# Not true of the body as it is kept; renamed as web archives do, so that nothing is lost.
_OF_THE_WIRE = {"content-encoding", "transfer-encoding", "content-length"}


@dataclass(frozen=True)
class Earlier:
    """Where the same body was kept before: SHA-256 of that WARC file, and its record's URL and date."""

    warc: str
    url: str
    date: str


def warc_date(fetched: Fetched) -> str:
    """The time of the retrieval as WARC writes it."""
    return fetched.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def write(fetched: Fetched, digest: str, earlier: Earlier | None, picture: bytes | None) -> bytes:
    """The file. ``digest``: SHA-256 of the body as far as it was read."""
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=kind_of(fetched.body) in _TEXTUAL, warc_version="WARC/1.1")
    info = {"software": f"prongsai {__version__}", "format": "WARC File Format 1.1", "conformsTo": "ISO 28500:2017"}
    writer.write_record(writer.create_warcinfo_record(None, info))
    for hop in fetched.hops:
        last = hop is fetched.hops[-1] and fetched.failure is None
        response = _response(writer, fetched, hop, (digest, earlier) if last and fetched.body else None)
        writer.write_request_response_pair(_request(writer, hop, warc_date(fetched)), response)
    if picture:
        writer.write_record(
            writer.create_warc_record(
                f"urn:picture:{fetched.final_url}",
                "resource",
                payload=io.BytesIO(picture),
                length=len(picture),
                warc_content_type="image/png",
                warc_headers_dict={"WARC-Date": warc_date(fetched)},
            )
        )
    return out.getvalue()


def body_of(file: bytes) -> bytes:
    """The body in a file that ``write`` made; empty where it holds none. Whoever asks verifies its SHA-256."""
    return _last(file, "response")


def picture_of(file: bytes) -> bytes:
    """The picture in a file that ``write`` made; empty where it holds none. Whoever asks verifies its SHA-256."""
    return _last(file, "resource")


def _last(file: bytes, kind: str) -> bytes:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    found = b""
    try:
        for record in ArchiveIterator(io.BytesIO(file)):
            if record.rec_type == kind:
                found = record.raw_stream.read()  # not content_stream: nothing is unpacked by what a site claims
    except (ArchiveLoadFailed, AttributeError, ValueError, EOFError, zlib.error):  # a file that is none of ours
        return b""
    return found


def _request(writer: Any, hop: Hop, date: str) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    target = hop.url.split("://", 1)[-1]
    path = target[target.find("/") :] if "/" in target else "/"
    headers = StatusAndHeaders(f"GET {path.split('#')[0]} HTTP/1.1", list(hop.sent), is_http_request=True)
    return writer.create_warc_record(
        hop.url, "request", http_headers=headers, warc_headers_dict=_about(hop, date, cut=None)
    )


def _response(writer: Any, fetched: Fetched, hop: Hop, body: tuple[str, Earlier | None] | None) -> Any:
    from warcio.statusandheaders import StatusAndHeaders

    status, date = f"{hop.status} {hop.reason}".rstrip(), warc_date(fetched)
    if body is None:  # of redirects and faults only the head is read
        headers = StatusAndHeaders(status, _honest(hop.got, 0), protocol="HTTP/1.1")
        about = _about(hop, date, None if ("content-length", "0") in _lower(hop.got) else "unspecified")
        return writer.create_warc_record(hop.url, "response", http_headers=headers, warc_headers_dict=about)
    digest, earlier = body
    headers = StatusAndHeaders(status, _honest(hop.got, len(fetched.body)), protocol="HTTP/1.1")
    about = _about(hop, date, None if fetched.whole else "length")
    if earlier:
        return writer.create_revisit_record(
            hop.url, f"sha256:{digest}", earlier.url, earlier.date, headers, warc_headers_dict=about
        )
    return writer.create_warc_record(
        hop.url,
        "response",
        payload=io.BytesIO(fetched.body),
        length=len(fetched.body),
        http_headers=headers,
        warc_headers_dict={**about, "WARC-Payload-Digest": f"sha256:{digest}"},
    )


def _about(hop: Hop, date: str, cut: str | None) -> dict[str, str]:
    found = {"WARC-Date": date}
    if hop.address:
        found["WARC-IP-Address"] = hop.address
    return found | ({"WARC-Truncated": cut} if cut else {})


def _honest(headers: Headers, length: int) -> list[tuple[str, str]]:
    kept = [(f"X-Archive-Orig-{name}" if name.lower() in _OF_THE_WIRE else name, value) for name, value in headers]
    return [*kept, ("Content-Length", str(length))]


def _lower(headers: Headers) -> Sequence[tuple[str, str]]:
    return [(name.lower(), value) for name, value in headers]
