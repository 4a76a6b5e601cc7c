"""The chain finds whatever is changed, names the first row, and lets personal parts be erased."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.ledger.chain import Link, Tip, link_hash, next_link, plain_hash
from prongsai.ledger.head import make_head, read_heads
from prongsai.ledger.record import digest, new_salt, personal_digest
from prongsai.ledger.verify import Finding, Record, Report, verify

KEY = Ed25519PrivateKey.generate()
KEYS = (KEY.public_key(),)
AT = dt.datetime(2026, 11, 21, 10, 15, tzinfo=dt.timezone(dt.timedelta(hours=7)))
Chain = list[tuple[Link, Record]]


def record(number: int, reason: str = "") -> Record:
    facts = {"action": "plan.change", "number": number}
    personal = {"actor": "นางสาวทดสอบ ตัวอย่าง", "reason": reason} if reason else {}
    salt = new_salt() if personal else ""
    return Record(
        f"entry:{number}", facts, personal, salt, personal_digest(personal, salt), digest(facts, personal, salt)
    )


def chained(records: list[Record], key: Ed25519PrivateKey = KEY) -> Chain:
    chain, tip = [], Tip()
    for one in records:
        link = next_link(tip, one.digest, key)
        tip = tip.then(link.hash)
        chain.append((link, one))
    return chain


def made(count: int) -> Chain:
    return chained([record(number, f"เหตุผลที่ {number}" if number % 2 else "") for number in range(1, count + 1)])


def faults(report: Report) -> list[tuple[int, str]]:
    return [(one.number, one.fault) for one in report.findings]


def test_an_untouched_chain_is_whole() -> None:
    report = verify(made(7), KEYS)
    assert (report.whole, report.links, report.erased) == (True, 7, 0)
    assert verify([], KEYS).whole


def begun_plain(count: int, plain: int) -> Chain:
    """A chain whose first links are of the first kind, as installations of before have them."""
    chain, tip = [], Tip()
    for one in (record(number) for number in range(1, count + 1)):
        link = next_link(tip, one.digest, KEY)
        if link.number <= plain:
            found = plain_hash(link.number, one.digest, tip.hash)
            link = Link(link.number, one.digest, found, KEY.sign(bytes.fromhex(found)))
        tip = tip.then(link.hash)
        chain.append((link, one))
    return chain


@pytest.mark.parametrize("plain", [1, 4, 9])
def test_a_chain_of_before_goes_on_and_its_first_links_still_hold(plain: int) -> None:
    chain = begun_plain(9, plain)
    assert verify(chain, KEYS).whole
    for number in range(1, 10):
        link, one = chain[number - 1]
        bent = [*chain[: number - 1], (replace(link, hash="0" * 64), one), *chain[number:]]
        assert faults(verify(bent, KEYS))[0][0] == number
        assert number == 9 or not verify([*chain[: number - 1], *chain[number:]], KEYS).whole  # the end: by a head


def test_a_link_of_the_first_kind_stands_nowhere_else() -> None:
    chain = begun_plain(9, 2)
    one = chain[6][1]
    found = plain_hash(7, one.digest, chain[5][0].hash)
    chain[6] = (Link(7, one.digest, found, KEY.sign(bytes.fromhex(found))), one)
    assert (7, "link") in faults(verify(chain, KEYS))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.sampled_from(["facts", "digest", "personal", "salt", "cut", "swap", "link", "signature"]))
def test_any_change_is_found_at_its_row(number: int, what: str) -> None:
    chain = made(10)
    link, row = chain[number - 1]
    if what == "facts":
        chain[number - 1] = (link, replace(row, facts={**row.facts, "number": 99}))
    elif what == "digest":  # facts and digest changed together: the link still holds the old one
        facts = {**row.facts, "number": 99}
        chain[number - 1] = (link, replace(row, facts=facts, digest=digest(facts, row.personal, row.salt)))
    elif what == "personal":
        chain[number - 1] = (link, replace(row, personal={"actor": "ผู้อื่น"}))
    elif what == "salt":
        chain[number - 1] = (link, replace(row, salt=new_salt(), personal={"actor": "ผู้อื่น"}))
    elif what == "cut":
        del chain[number - 1]
    elif what == "swap":
        chain[number - 1], chain[number] = chain[number], chain[number - 1]
    elif what == "link":
        forged = link_hash(number, link.digest, "0" * 63 + "1", "0" * 64)
        chain[number - 1] = (replace(link, hash=forged), row)
    else:
        chain[number - 1] = (replace(link, signature=bytes(64)), row)
    report = verify(chain, KEYS)
    assert not report.whole
    first = report.findings[0].number
    assert first == (number)


def test_a_row_that_is_gone_is_named_and_the_rest_still_verifies() -> None:
    chain = made(5)
    del chain[2]
    assert verify(chain, KEYS).findings == [Finding(3, "", "missing")]


def test_one_change_is_told_once() -> None:
    chain = made(6)
    forged = chained([record(2, "ใหม่")])[0][1]
    chain[1] = (replace(chain[1][0], digest=forged.digest), forged)
    assert faults(verify(chain, KEYS)) == [(2, "link")]


def test_erasure_takes_text_and_salt_and_leaves_the_proof() -> None:
    chain = made(5)
    for place in (0, 2):
        link, row = chain[place]
        chain[place] = (link, replace(row, personal={}, salt=""))
    report = verify(chain, KEYS)
    assert (report.whole, report.erased) == (True, 2)
    link, row = chain[0]
    chain[0] = (link, replace(row, personal={"actor": "ใส่ชื่อใหม่"}))  # a text without its salt proves nothing
    assert faults(verify(chain, KEYS)) == [(1, "personal")]


def test_nobody_without_the_key_can_make_the_chain_anew() -> None:
    other = Ed25519PrivateKey.generate()
    forged = chained([row for _, row in made(4)], other)
    assert {fault for _, fault in faults(verify(forged, KEYS))} == {"signature"}
    assert verify(forged, (other.public_key(), *KEYS)).whole  # a key that was changed on purpose is trusted beside


def test_a_posted_head_holds_even_whoever_has_the_key() -> None:
    chain = made(6)
    head = make_head(4, chain[3][0].hash, AT, KEY)
    posted = read_heads(f"ประกาศวันนี้\n  {head.line()}  \n", "posted.txt")
    assert posted == [head]
    assert verify(chain, KEYS, posted).whole
    rewritten = chained([record(99), *[row for _, row in chain[1:]]])
    assert faults(verify(rewritten, KEYS)) == []  # the operator's own chain is consistent
    assert faults(verify(rewritten, KEYS, posted)) == [(4, "head")]
    assert faults(verify(chain[:3], KEYS, posted)) == [(4, "shorter")]


def test_a_head_of_somebody_else_or_a_broken_one_is_refused() -> None:
    chain = made(2)
    alien = make_head(2, chain[1][0].hash, AT, Ed25519PrivateKey.generate())
    assert faults(verify(chain, KEYS, [alien])) == [(2, "head")]
    line = make_head(2, chain[1][0].hash, AT, KEY).line()
    for text in ("", "ไม่มีอะไร", line[:-3], line.replace("+07:00", ""), line.replace("head 2 ", "head two ")):
        with pytest.raises(InputError, match=r"posted\.txt"):
            read_heads(text, "posted.txt")


def test_most_findings() -> None:
    forged = chained([row for _, row in made(9)], Ed25519PrivateKey.generate())
    assert len(verify(forged, KEYS, most=3).findings) == 3
