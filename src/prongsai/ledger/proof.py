"""A proof that a record is in a chain whose head was posted: for who has neither the chain nor trust in its keeper.

It holds the record's facts and the few links by which one comes from the head down to the record, each skipping as far
as it may (``chain.skip``; links of the first kind skip to none). Whoever has the posted head recomputes them; nothing
else in the file has to be believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.json_text import read_json
from prongsai.ledger.chain import NOTHING, link_hash, plain_hash, skip
from prongsai.ledger.head import Head, read_heads
from prongsai.ledger.record import canonical, sealed

FORMAT, VERSION = "prongsai-proof", 1
# Bytes of a proof's file. A chain of a thousand million links gives 150,000; one that begins with links of the first
# kind 160 more for each of them on the way.
_MOST = 1 << 23


@dataclass(frozen=True)
class Step:
    """What the hash of one link is made of: its digest, the hash of the link before and of that it skips to.

    ``earlier`` is empty for a link of the first kind (``chain.plain_hash``).
    """

    digest: str
    previous: str
    earlier: str

    def hash(self, number: int) -> str:
        """The hash that a link of this number has."""
        if not self.earlier:
            return plain_hash(number, self.digest, self.previous)
        return link_hash(number, self.digest, self.previous, self.earlier)


@dataclass(frozen=True)
class Proof:
    """``number``: of the record's link; ``facts`` of the record and the hash of its personal part; ``head``: the end.

    ``steps`` are those of the links on the way (``route``), from the head's down to the record's.
    """

    number: int
    facts: Mapping[str, Any]
    personal_hash: str
    steps: Sequence[Step]
    head: Head

    def holds(self) -> bool:
        """Whether the head, if it is the right one, could only have been made of a chain with this record."""
        at, expected, last = self.head.number, self.head.hash, len(self.steps) - 1
        for index, step in enumerate(self.steps):
            if step.hash(at) != expected:
                return False
            if at == self.number:
                return index == last and step.digest == sealed(self.facts, self.personal_hash)
            jumps = bool(step.earlier) and skip(at) >= self.number
            at, expected = (skip(at), step.earlier) if jumps else (at - 1, step.previous)
        return False

    def text(self) -> str:
        """The proof as a file."""
        return json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "number": self.number,
                "entry": dict(self.facts),
                "personal": self.personal_hash,
                "steps": [[step.digest, step.previous, step.earlier] for step in self.steps],
                "head": self.head.line(),
            },
            ensure_ascii=False,
            indent=1,
        )


def route(number: int, head: int) -> list[int]:
    """The links of a proof, from the head down to the record's: few hundred in a chain of thousands of millions."""
    found = [head]
    while found[-1] > number:
        found.append(skip(found[-1]) if skip(found[-1]) >= number else found[-1] - 1)
    return found


def prove(
    record: tuple[int, Mapping[str, Any], str], head: Head, look: Callable[[set[int]], Mapping[int, Any]]
) -> Proof:
    """The proof of a record (number, facts, hash of the personal part) under a head.

    ``look`` gives digest and hash of the links that are asked for by number.
    """
    number, facts, personal_hash = record
    wanted = route(number, head.number)
    steps = _steps(wanted, look)
    plain = next((one for one, step in zip(wanted, steps, strict=True) if not step.earlier), None)
    if plain is not None:  # so are all before it: from there on one link after the other
        steps = _steps([*(one for one in wanted if one > plain), *range(plain, number - 1, -1)], look)
    return Proof(number, facts, personal_hash, steps, head)


def read_proof(data: bytes, where: str) -> Proof:
    """A proof's file. Raises ``InputError`` for anything else; whether it ``holds`` is another question."""
    try:
        found = read_json(data if len(data) <= _MOST else b"")
        kinds = (found["format"], found["version"], type(found["entry"]), type(found["number"]))
        if kinds != (FORMAT, VERSION, dict, int) or not isinstance(found["entry"].get("facts", {}), dict):
            raise ValueError(kinds)
        canonical(found["entry"])
        steps = [Step(*(str(one) for one in step)) for step in found["steps"]]
        head = read_heads(str(found["head"]), where)[0]
        if not 0 < found["number"] <= head.number:
            raise ValueError(found["number"])
        return Proof(found["number"], found["entry"], str(found["personal"]), steps, head)
    except (ValueError, KeyError, TypeError):
        raise InputError(
            Problem(
                "ledger.proof",
                where,
                "ไม่ใช่ไฟล์หลักฐานการผนึกที่ครบถ้วน",
                f"no whole file of a proof ({FORMAT}, version {VERSION})",
                "โปรดดาวน์โหลดไฟล์หลักฐาน (.proof.json) จากหน้าเผยแพร่อีกครั้ง",
                "Download the .proof.json beside the release again.",
            )
        ) from None


def _steps(wanted: Sequence[int], look: Callable[[set[int]], Mapping[int, Any]]) -> list[Step]:
    links = look({*wanted, *(one - 1 for one in wanted), *(skip(one) for one in wanted)} - {0})

    def step(one: int) -> Step:
        digest, hashed = links[one]
        previous, earlier = (str(links[other][1]) if other else NOTHING for other in (one - 1, skip(one)))
        return Step(digest, previous, "" if hashed == plain_hash(one, digest, previous) else earlier)

    return [step(one) for one in wanted]
