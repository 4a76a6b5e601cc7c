"""A proof that a record is in a chain whose head was posted: for who has neither the chain nor trust in its keeper.

It holds the record's facts and the few links by which one comes from the head down to the record, each skipping as far
as it may (``chain.skip``). Whoever has the posted head recomputes them; nothing else in the file has to be believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from prongsai.errors import InputError, Problem
from prongsai.ledger.chain import NOTHING, link_hash, skip
from prongsai.ledger.head import Head, read_heads
from prongsai.ledger.record import canonical, sealed

FORMAT, VERSION = "prongsai-proof", 1
_MOST = 1 << 20  # bytes of a proof's file; a chain of a thousand million links gives 150,000


@dataclass(frozen=True)
class Step:
    """What the hash of one link is made of: its digest, the hash of the link before and of that it skips to."""

    digest: str
    previous: str
    earlier: str


@dataclass(frozen=True)
class Proof:
    """``number``: of the record's link; ``facts`` of the record and the hash of its personal part; ``head``: the end.

    ``steps`` are those of the links that ``route(number, head.number)`` names.
    """

    number: int
    facts: Mapping[str, Any]
    personal_hash: str
    steps: Sequence[Step]
    head: Head

    def holds(self) -> bool:
        """Whether the head, if it is the right one, could only have been made of a chain with this record."""
        route, expected = list(_route(self.number, self.head.number)), self.head.hash
        if len(route) != len(self.steps):
            return False
        for (number, jumped), step in zip(route, self.steps, strict=True):
            if link_hash(number, step.digest, step.previous, step.earlier) != expected:
                return False
            expected = step.earlier if jumped else step.previous
        return self.steps[-1].digest == sealed(self.facts, self.personal_hash)

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
    return [one for one, _ in _route(number, head)]


def prove(
    record: tuple[int, Mapping[str, Any], str], head: Head, look: Callable[[set[int]], Mapping[int, Any]]
) -> Proof:
    """The proof of a record (number, facts, hash of the personal part) under a head.

    ``look`` gives digest and hash of the links that are asked for by number.
    """
    number, facts, personal_hash = record
    wanted = route(number, head.number)
    links = look({*wanted, *(one - 1 for one in wanted), *(skip(one) for one in wanted)} - {0})

    def hashed(one: int) -> str:
        return str(links[one][1]) if one else NOTHING

    steps = [Step(links[one][0], hashed(one - 1), hashed(skip(one))) for one in wanted]
    return Proof(number, facts, personal_hash, steps, head)


def read_proof(data: bytes, where: str) -> Proof:
    """A proof's file. Raises ``InputError`` for anything else; whether it ``holds`` is another question."""
    try:
        found = json.loads(data if len(data) <= _MOST else b"")
        kinds = (found["format"], found["version"], type(found["entry"]), type(found["number"]))
        if kinds != (FORMAT, VERSION, dict, int):
            raise ValueError(kinds)
        canonical(found["entry"])
        steps = [Step(*(str(one) for one in step)) for step in found["steps"]]
        head = read_heads(str(found["head"]), where)[0]
        if not 0 < found["number"] <= head.number:
            raise ValueError(found["number"])
        return Proof(found["number"], found["entry"], str(found["personal"]), steps, head)
    except (ValueError, KeyError, TypeError, RecursionError):
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


def _route(number: int, head: int) -> list[tuple[int, bool]]:
    """Each link on the way and whether one leaves it by its skip."""
    found, at = [], head
    while at > number:
        jumped = skip(at) >= number
        found.append((at, jumped))
        at = skip(at) if jumped else at - 1
    return [*found, (number, False)] if at == number else []
