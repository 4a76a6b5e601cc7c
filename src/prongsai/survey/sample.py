"""How many people must be asked, and which: the framework's number where it has one, and a draw to check."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from prongsai.errors import InputError, Problem
from prongsai.framework.model import Confidence, Framework, SampleRule, Sampling


@dataclass(frozen=True)
class Required:
    """How many respondents an agency needs. ``source`` says where the number comes from."""

    respondents: int
    source: str
    confidence: Confidence


def required(
    framework: Framework, container: str, group: str | None = None, size: str | None = None, heads: int | None = None
) -> Required:
    """The framework's number: for a group and size of agency from its table, or for a head count from its rule.

    A share of the head count is rounded *up* to whole people. That is our reading: the published sentence does not
    say how ITAS rounds. Raises ``InputError`` where the framework has neither such a line nor a rule, or the head
    count that the rule needs is missing or below 1. A rule that is only published as a sentence is shown in the
    error for the assessor to apply (``entered``): prose is not interpreted.
    """
    sampling = next((one for one in framework.sampling if one.of == container), None) or next(
        (one for one in framework.sampling if one.of == container.partition(".")[0]), None
    )
    where = f"{framework.id} {container}"
    if sampling:
        source = f"{framework.id} sampling {sampling.of}"
        for row in sampling.table:
            if group is not None and (row.group, row.size) == (group, size):
                return Required(row.respondents, source, sampling.confidence_of("table"))
        if sampling.rule:
            return Required(_by_rule(sampling, sampling.rule, heads, where), source, sampling.rule.confidence)
    sentence = sampling.minimum if sampling else None
    raise InputError(
        Problem(
            "sample.unknown_rule",
            where,
            f"เกณฑ์ที่มีคือ “{sentence}”" if sentence else "ไม่ทราบเกณฑ์จำนวนผู้ตอบขั้นต่ำ เพราะไม่มีการเผยแพร่",
            f"the rule is prose: {sentence}" if sentence else "the minimum number of respondents is not published",
            "ผู้ประเมินโปรดกรอกจำนวนผู้ตอบขั้นต่ำ",
        )
    )


def _by_rule(sampling: Sampling, rule: SampleRule, heads: int | None, where: str) -> int:
    if heads is None or heads < 1:
        raise InputError(
            Problem(
                "sample.heads",
                where,
                f"เกณฑ์คือ “{sampling.minimum}” จึงต้องทราบจำนวนบุคลากรก่อน",
                f"the rule needs a head count of at least 1, found {heads}",
                "โปรดกรอกจำนวนบุคลากรเป็นจำนวนเต็ม",
            )
        )
    if rule.above is not None and rule.respondents is not None and heads > rule.above:
        return rule.respondents
    return min(heads, max(rule.at_least, ceil(rule.percent * heads / 100)))  # Decimal: 10 % of 300 is exactly 30


def entered(respondents: int, who: str) -> Required:
    """The number that an assessor entered. Raises ``InputError`` below 1."""
    if respondents < 1:
        raise InputError(
            Problem(
                "sample.entered",
                "จำนวนผู้ตอบขั้นต่ำ",
                f"ต้องไม่น้อยกว่า 1 คน (พบ {respondents})",
                f"expected at least 1, found {respondents}",
                "โปรดกรอกจำนวนคน",
            )
        )
    return Required(respondents, who, Confidence.CONFIRMED)


def codes_needed(needed: Required, heads: int) -> int:
    """How many codes to issue for a head count: the required number, but no more than there are people."""
    return min(needed.respondents, heads)


def list_digest(people: Iterable[str]) -> str:
    """Digest of a list, the same in any order. Publish it *before* the seed is chosen: it fixes the list."""
    return hashlib.sha256("\n".join(_clean(people)).encode()).hexdigest()


def draw(people: Iterable[str], count: int, seed: str) -> tuple[str, ...]:
    """``count`` entries drawn from a list, the same for everybody who has list and seed.

    Each entry is ranked by SHA-256 over seed, list digest and entry; the lowest are drawn. The seed is chosen by
    the assessor after the list's digest is fixed, so that nobody can try lists until the draw suits them. Publish
    the seed only after the survey has closed: whoever has list and seed knows who was asked. Raises ``InputError``
    for entries that stand twice, a list that is too short, or an empty seed.
    """
    entries = _clean(people)
    if not seed.strip() or not 0 <= count <= len(entries):
        raise InputError(
            Problem(
                "sample.draw",
                "การสุ่มรายชื่อ",
                f"ต้องมีค่าเริ่มสุ่ม และจำนวนที่สุ่มต้องไม่เกิน {len(entries)} คน (พบ {count})",
                f"expected a seed and 0..{len(entries)} entries, found {count}",
                "โปรดตรวจสอบจำนวนและรายชื่อ",
            )
        )
    base = f"{len(seed)}:{seed}:{list_digest(entries)}:"
    ranked = sorted(entries, key=lambda entry: hashlib.sha256((base + entry).encode()).digest())
    return tuple(ranked[:count])


def verify_draw(people: Iterable[str], drawn: Iterable[str], seed: str, published_digest: str) -> bool:
    """Whether a draw is the one that list and seed give, and the list the one whose digest was published before."""
    entries, names = _clean(people), _clean(drawn)
    return list_digest(entries) == published_digest and sorted(draw(entries, len(names), seed)) == names


def _clean(people: Iterable[str]) -> list[str]:
    entries = sorted(" ".join(unicodedata.normalize("NFC", entry).split()) for entry in people)
    again = sorted({entry for entry, after in pairwise(entries) if entry == after})
    if again or "" in entries:
        raise InputError(
            Problem(
                "sample.repeated",
                "รายชื่อ",
                f"มีรายชื่อซ้ำหรือว่าง {max(1, len(again))} รายการ",
                "an entry is empty or stands twice",
                "โปรดใช้เลขประจำตำแหน่งหรือข้อความที่ไม่ซ้ำกันในแต่ละบรรทัด",
            )
        )
    return entries
