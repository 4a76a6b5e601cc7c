"""Verify records against the chain: which row is the first that is not what was sealed.

Personal parts are covered by a salted hash only. Where text and salt were erased together the record still verifies,
and the report says "erased"; a changed text, or a text without its salt, does not.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from prongsai.ledger.chain import NOTHING, Link, Tip, link_hash, plain_hash, reach, signed, skip
from prongsai.ledger.head import Head
from prongsai.ledger.record import personal_digest, sealed

Fault = Literal["missing", "inserted", "altered", "personal", "link", "signature", "shorter", "head", "covered"]
# What each is called, Thai and English.
FAULTS: dict[Fault, tuple[str, str]] = {
    "missing": ("รายการหายไป", "missing"),
    "inserted": ("มีรายการแทรกเข้ามา", "put in"),
    "altered": ("ข้อมูลไม่ตรงกับที่ผนึกไว้", "not as it was sealed"),
    "personal": ("ชื่อหรือข้อความไม่ตรงกับที่ผนึกไว้", "names or texts not as they were sealed"),
    "link": ("ไม่ต่อกับรายการก่อนหน้า", "not tied to the entries before"),
    "signature": ("ไม่ได้ผนึกด้วยกุญแจที่เชื่อถือ", "not signed by a trusted key"),
    "shorter": ("บัญชีสั้นกว่าหัวบัญชีที่เคยประกาศ", "shorter than a posted head"),
    "head": ("ไม่ตรงกับหัวบัญชีที่เคยประกาศ", "not the posted head"),
    "covered": ("แถวหรือไฟล์ไม่ตรงกับที่ผนึกไว้", "a row or file not as it was sealed"),
}


@dataclass(frozen=True)
class Record:
    """One sealed row. ``name`` is what people call it (table and number); ``personal_hash`` was kept when sealed."""

    name: str
    facts: Mapping[str, Any]
    personal: Mapping[str, Any]
    salt: str
    personal_hash: str
    digest: str


@dataclass(frozen=True)
class Finding:
    """What is wrong. ``number``: of the link; ``name``: of its record, empty where that is gone.

    ``covered``: the record is as it was, and ``name`` is what it vouches for and is not: a row or a file.
    """

    number: int
    name: str
    fault: Fault


@dataclass
class Report:
    """What was found, in the order of the chain. ``links``: number of the last link; ``last``: its hash.

    ``looked``: how many links were looked at; ``tip``: where the next verification may begin.
    """

    links: int = 0
    last: str = NOTHING
    looked: int = 0
    erased: int = 0
    tip: Tip = field(default_factory=Tip)
    findings: list[Finding] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether nothing was changed."""
        return not self.findings


def verify(
    chain: Iterable[tuple[Link, Record | None]],
    keys: Sequence[Ed25519PublicKey],
    heads: Sequence[Head] = (),
    start: Tip | None = None,
    most: int = 100,
    older: bool = False,
) -> Report:
    """Walk the chain from its first link, or from behind ``start``, which the caller trusts.

    A row that cannot be read is given as None. ``heads`` are those that were posted; at most ``most`` findings are
    kept. After what does not fit the walk goes on both from what stands there and from what should, so that one change
    is told once. Links of the first kind (``chain.plain_hash``) may stand only before all others: at the beginning,
    or in an ``older`` part of a chain.
    """
    walk = _Walk(keys, heads, start or Tip(), most)
    walk.plain = older or not walk.number
    return walk.over(chain)


class _Walk:
    def __init__(self, keys: Sequence[Ed25519PublicKey], heads: Sequence[Head], start: Tip, most: int) -> None:
        self.keys, self.most, self.number = keys, most, start.number
        self.report = Report(start.number, start.hash, tip=start)
        # Of each link that later ones name: what its hash may be. None there: the link is gone, nobody knows.
        self.hashes: dict[int, tuple[str, ...]] = {0: (NOTHING,)}
        self.hashes.update({number: (one,) for number, one in start.hashes.items()})
        self.plain = False  # whether links of the first kind may still come
        self.posted: dict[int, list[Head]] = {}
        for head in heads:
            self.posted.setdefault(head.number, []).append(head)

    def over(self, chain: Iterable[tuple[Link, Record | None]]) -> Report:
        report, begun = self.report, self.number
        for link, record in chain:
            name = record.name if record else ""
            if link.number <= self.number:
                self.say(link.number, name, "inserted")
                continue
            if link.number > self.number + 1:
                self.say(self.number + 1, "", "missing")
            self.link(link, name)
            if fault := _fault(record, link.digest):
                self.say(link.number, name, fault)
            elif record and record.personal_hash and not record.salt:
                report.erased += 1
            self.number = link.number
            report.looked += 1
            self.heads(link, name)
        report.links = self.number
        known = {one: self.hashes.get(one, ("",))[0] for one in reach(self.number)}
        report.tip = Tip(self.number, known)
        report.last = report.tip.hash
        for number in sorted(one for one in self.posted if one > begun):
            self.say(number, "", "shorter" if number > self.number else "missing")
        return report

    def link(self, link: Link, name: str) -> None:
        """Whether a link fits to those before and is signed; remembers what its hash is and should be."""
        before = self.hashes.get(link.number - 1, ())
        earlier = self.hashes.get(skip(link.number), ())
        plain = [plain_hash(link.number, link.digest, one) for one in before] if self.plain else []
        skips = [link_hash(link.number, link.digest, one, other) for one in before for other in earlier]
        should = plain[:1] + skips[:1]
        if link.hash in skips:
            self.plain, should = False, [link.hash]
        elif link.hash in plain:
            should = [link.hash]
        elif skips:
            self.say(link.number, name, "link")
        if not _is_hash(link.hash) or not signed(bytes.fromhex(link.hash), link.signature, self.keys):
            self.say(link.number, name, "signature")
        found = tuple(dict.fromkeys((link.hash, *should)))
        wanted = reach(link.number)
        self.hashes = {0: (NOTHING,)} | {one: self.hashes[one] for one in wanted if one in self.hashes}
        self.hashes[link.number] = found

    def heads(self, link: Link, name: str) -> None:
        for head in self.posted.pop(link.number, []):
            if head.hash != link.hash or not head.by(self.keys):
                self.say(link.number, name, "head")

    def say(self, number: int, name: str, fault: Fault) -> None:
        if len(self.report.findings) < self.most:
            self.report.findings.append(Finding(number, name, fault))


def _is_hash(text: str) -> bool:
    return len(text) == len(NOTHING) and not set(text) - set("0123456789abcdef")


def _fault(record: Record | None, digest: str) -> Fault | None:
    if record is None:
        return "altered"
    try:
        found, personal = sealed(record.facts, record.personal_hash), personal_digest(record.personal, record.salt)
    except ValueError:  # a float: no record was ever sealed with one
        return "altered"
    if not hmac.compare_digest(found.encode(), digest.encode()) or record.digest != digest:
        return "altered"
    if record.salt or not record.personal_hash:
        return None if personal == record.personal_hash and bool(record.salt) == bool(personal) else "personal"
    return "personal" if record.personal else None
