"""Preserved copies in one folder: kept once, found by URL, read back verified.

::

    store/ab/abcd…      every part under its SHA-256: manifests, WARC files, pictures, texts, time stamps
    bodies/ab/abcd…     of each body the WARC file that holds it
    urls/ab/abcd….list  of each URL (by its SHA-256) one line per retrieval: time, manifest
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from prongsai.disk import sync_folder
from prongsai.errors import Problem
from prongsai.evidence.content import Content, kind_of
from prongsai.evidence.fetch import Failure, Fetched, Hop
from prongsai.evidence.preserve import warc
from prongsai.evidence.preserve.manifest import Manifest, Note, manifest_of
from prongsai.evidence.preserve.store import Damaged, Store, write_whole
from prongsai.json_text import read_json


@dataclass(frozen=True)
class Picture:
    """A picture of a page (PNG), or why none was taken."""

    png: bytes | None = None
    missing: Note | None = None


@dataclass(frozen=True)
class Stamp:
    """A time stamp token (DER), or why there is none."""

    token: bytes | None = None
    missing: Note | None = None


NO_PICTURE = Picture(missing=Note("picture.not_asked", "ไม่ได้กำหนดให้ถ่ายภาพหน้าจอ", "no picture was asked for"))
NO_STAMP = Stamp(
    missing=Note("timestamp.none", "ไม่ได้กำหนดผู้ให้บริการประทับรับรองเวลา", "no time stamping authority is configured")
)


class Copies:
    """Use from several threads and processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store = Store(folder / "store")

    # --- keeping

    def keep(self, fetched: Fetched, content: Content | None = None, picture: Picture = NO_PICTURE) -> Manifest:
        """Keep a retrieval, also one that failed: then it is kept that it failed. ``finish`` makes it count."""
        digest = hashlib.sha256(fetched.body).hexdigest() if fetched.ok else None
        earlier = self._earlier(digest) if digest and fetched.body else None
        file = self._store.put(warc.write(fetched, digest or "", earlier, picture.png))
        if digest and fetched.body and earlier is None:
            found = {"warc": file, "url": fetched.final_url, "date": warc.warc_date(fetched)}
            # Where it is lost with the machine, the body is only kept once more.
            write_whole(self._body_path(digest), json.dumps(found).encode(), lasting=False)
        failure = fetched.failure
        return Manifest(
            url=fetched.url,
            final_url=fetched.final_url,
            redirects=tuple((hop.url, hop.status) for hop in fetched.hops[:-1]),
            status=fetched.status,
            retrieved_at=fetched.at,
            headers=fetched.headers or {},
            tries=fetched.tries,
            certificate_until=fetched.certificate_until,
            failure=(failure.code, failure.th, failure.en) if failure else None,
            kind=kind_of(fetched.body) if fetched.ok else "",
            size=len(fetched.body),
            sha256=digest,
            whole=fetched.ok and fetched.whole,
            warc=file,
            body_in=(earlier.warc if earlier else file) if digest and fetched.body else None,
            text=self._store.put(content.text.encode(errors="replace")) if content and content.text else None,
            picture=hashlib.sha256(picture.png).hexdigest() if picture.png else None,
            notes=tuple(note for note in (_cut(fetched), picture.missing) if note),
        )

    def finish(self, kept: Manifest, stamp: Stamp = NO_STAMP) -> str:
        """Write the manifest; from now on the copy is found by its URL. Returns the manifest's SHA-256."""
        token = self._store.put(stamp.token) if stamp.token else None
        notes = (*kept.notes, stamp.missing) if stamp.missing else kept.notes
        manifest = replace(kept, timestamp=token, notes=notes)
        name = self._store.put(manifest.as_bytes())
        path = self._url_path(manifest.url)
        path.parent.mkdir(parents=True, exist_ok=True)
        new = not path.exists()
        with path.open("ab") as file:
            # A line of its own even after one that was torn by a sudden end.
            file.write(f"{'' if new else chr(10)}{manifest.retrieved_at.isoformat()} {name}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        if new:
            sync_folder(path.parent)
        return name

    # --- reading back; every part is verified

    def names_of(self, url: str) -> list[str]:
        """The manifests of a URL, the oldest retrieval first."""
        return [name for _, name in _lines(self._url_path(url))]

    def latest(self, url: str, since: dt.datetime) -> str | None:
        """The newest manifest of a URL that was retrieved since then."""
        return next((name for at, name in reversed(_lines(self._url_path(url))) if at >= since), None)

    def names(self) -> Iterator[str]:
        """The manifests of all URLs."""
        for path in sorted((self._folder / "urls").rglob("*.list")):
            for _, name in _lines(path):
                yield name

    def manifest(self, name: str) -> Manifest:
        """One retrieval. Raises ``Damaged``."""
        try:
            return manifest_of(self._store.get(name))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise _damaged(name, f"not a manifest: {error!r}"[:200]) from error

    def body(self, manifest: Manifest) -> bytes:
        """The body as far as it was read. Never to be shown inline from the site's own origin. Raises ``Damaged``."""
        if manifest.body_in is None:
            return b""
        return self._verified(warc.body_of(self._store.get(manifest.body_in)), manifest.sha256, manifest.body_in)

    def text(self, manifest: Manifest) -> str:
        """The text layer; empty where there is none. Raises ``Damaged``."""
        return self._store.get(manifest.text).decode() if manifest.text else ""

    def picture(self, manifest: Manifest) -> bytes | None:
        """The picture of the page (PNG). Raises ``Damaged``."""
        if manifest.picture is None:
            return None
        return self._verified(warc.picture_of(self._store.get(manifest.warc)), manifest.picture, manifest.warc)

    def file(self, manifest: Manifest) -> bytes:
        """The WARC file of this retrieval. Raises ``Damaged``."""
        return self._store.get(manifest.warc)

    def token(self, manifest: Manifest) -> bytes | None:
        """The time stamp token over the WARC file's SHA-256 (DER). Raises ``Damaged``."""
        return self._store.get(manifest.timestamp) if manifest.timestamp else None

    def fetched(self, manifest: Manifest) -> Fetched:
        """The retrieval as it was, so that checks can look at the copy instead of the live link. Raises ``Damaged``."""
        hops = [Hop(url, status) for url, status in manifest.redirects]
        if manifest.status is not None:
            hops.append(Hop(manifest.final_url, manifest.status))
        return Fetched(
            manifest.url,
            manifest.retrieved_at,
            tuple(hops),
            manifest.headers,
            self.body(manifest),
            manifest.whole,
            manifest.certificate_until,
            manifest.tries,
            Failure(*manifest.failure) if manifest.failure else None,
        )

    # --- where things are

    @staticmethod
    def _verified(data: bytes, digest: str | None, file: str) -> bytes:
        if hashlib.sha256(data).hexdigest() != digest:
            raise _damaged(file, "what stands in the WARC file has another SHA-256 than the manifest says")
        return data

    def _body_path(self, digest: str) -> Path:
        return self._folder / "bodies" / digest[:2] / digest

    def _url_path(self, url: str) -> Path:
        digest = hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / "urls" / digest[:2] / f"{digest}.list"

    def _earlier(self, digest: str) -> warc.Earlier | None:
        """Where the body is kept already, if it can still be read there; else it is kept anew."""
        with suppress(OSError, ValueError, TypeError, Damaged):
            found = warc.Earlier(**read_json(self._body_path(digest).read_bytes()))
            if hashlib.sha256(warc.body_of(self._store.get(found.warc))).hexdigest() == digest:
                return found
        return None


def _lines(path: Path) -> list[tuple[dt.datetime, str]]:
    """Time and manifest of every retrieval in a URL's list."""
    try:
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    found = []
    for line in text.splitlines():
        at, _, name = line.partition(" ")
        if len(name) == 64:  # else torn by a sudden end
            with suppress(ValueError):
                found.append((dt.datetime.fromisoformat(at), name))
    return found


def _cut(fetched: Fetched) -> Note | None:
    if fetched.whole or not fetched.ok:
        return None
    size, said = len(fetched.body), fetched.header("content-length")
    known = said.isdecimal() and len(said) < 16 and int(said) > size
    th = f"เก็บเฉพาะ {size:,} ไบต์แรก" + (f" จากที่เว็บไซต์แจ้ง {int(said):,} ไบต์" if known else "")
    en = f"only the first {size:,} bytes were kept" + (f" of {int(said):,}" if known else "")
    return Note("cut.size", f"{th} เพราะไฟล์ใหญ่เกินขีดจำกัด", f"{en}: larger than the limit")


def _damaged(name: str, en: str) -> Damaged:
    th, next_th = "สำเนาที่เก็บไว้เสียหาย", "โปรดแจ้งผู้ดูแลระบบให้นำสำเนาจากข้อมูลสำรองกลับมา"
    return Damaged(Problem("copies.damaged", name, th, en, next_th, "Restore the copy from the backup."))
