"""What somebody holds, a downloaded release or an agency's export, against its proof: no database, no account."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prongsai.errors import InputError, Problem, unreadable
from prongsai.ledger.head import Head
from prongsai.ledger.proof import Proof, read_proof
from prongsai.ledger.verify import Finding
from prongsai.publishing.read import SUMS
from prongsai.publishing.sums import altered

RELEASE, EXPORT = "release.publish", "exchange.export"


@dataclass(frozen=True)
class Trust:
    """What the reader got from elsewhere: posted heads, public keys."""

    heads: Sequence[Head]
    keys: Sequence[Ed25519PublicKey]


def is_release(path: Path) -> bool:
    """A release's folder, or the whole of it as ZIP."""
    return (path / SUMS).is_file() if path.is_dir() else SUMS in _names(path)


def is_export(path: Path) -> bool:
    """An agency's export."""
    return path.is_file() and "manifest.json" in _names(path)


def proof_beside(path: Path, given: Path | None) -> Proof:
    """The proof that is given, or that lies beside under the same name. Raises ``InputError`` where there is none."""
    place = given or path.with_name(f"{path.stem if path.is_file() else path.name}.proof.json")
    try:
        return read_proof(place.read_bytes(), str(place))
    except OSError as error:
        raise unreadable(place, error) from error


def check_release(path: Path, proof: Proof, trust: Trust) -> list[Finding]:
    """The proof first, then each file. Raises ``InputError`` where nothing that is trusted says anything of it."""
    found = list(_vouched(proof, RELEASE, trust))
    names = altered(path, str(proof.facts.get("facts", {}).get("digest", "")))
    return found + [Finding(proof.number, name, "covered") for name in names]


def check_export(path: Path, sha256: str, proof: Proof, trust: Trust) -> list[Finding]:
    """The proof first, then the archive, whose hash is given."""
    found = list(_vouched(proof, EXPORT, trust))
    if proof.facts.get("facts", {}).get("sha256") != sha256:
        found.append(Finding(proof.number, path.name, "covered"))
    return found


def _vouched(proof: Proof, action: str, trust: Trust) -> list[Finding]:
    name = f"history.entry {proof.number}"
    if proof.facts.get("action") != action or not proof.holds():
        return [Finding(proof.number, name, "altered")]
    posted = [head for head in trust.heads if head.number == proof.head.number]
    if not posted and not trust.keys:
        numbers = ", ".join(f"{head.number}" for head in trust.heads if head.number >= proof.number)
        raise InputError(
            Problem(
                "ledger.trust",
                f"head {proof.head.number}",
                "ไม่มีสิ่งที่เชื่อถือได้จากภายนอกมาเทียบ: ไม่มีหัวบัญชีที่ประกาศลำดับเดียวกับในไฟล์หลักฐาน และไม่ได้ระบุกุญแจสาธารณะ",
                "nothing from elsewhere to hold it against: no posted head with the number of the proof's, and no key",
                "ระบุ --head หรือ --key"
                + (f" หรือดาวน์โหลดไฟล์หลักฐานใหม่โดยเติม ?head= ด้วยลำดับที่ {numbers}" if numbers else ""),
                "give --head or --key" + (f", or fetch the proof with ?head={numbers}" if numbers else ""),
            )
        )
    if any(head.hash != proof.head.hash for head in posted):
        return [Finding(proof.head.number, name, "head")]
    if trust.keys and not proof.head.by(trust.keys):
        return [Finding(proof.head.number, name, "signature")]
    return []


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return []
