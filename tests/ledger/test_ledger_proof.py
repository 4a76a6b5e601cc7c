"""A proof leads from a posted head to one record, is short, and holds for nothing else."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.ledger.chain import Tip, next_link, plain_hash, reach, skip
from prongsai.ledger.head import make_head
from prongsai.ledger.proof import Proof, prove, read_proof, route
from prongsai.ledger.record import sealed

KEY = Ed25519PrivateKey.generate()
AT = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
MANY = 130


def _chain() -> dict[int, tuple[str, str]]:
    found, tip = {}, Tip()
    for number in range(1, MANY + 1):
        link = next_link(tip, sealed({"number": number}, ""), KEY)
        tip = tip.then(link.hash)
        found[number] = (link.digest, link.hash)
    return found


CHAIN = _chain()


def proof(number: int, head: int) -> Proof:
    return prove((number, {"number": number}, ""), make_head(head, CHAIN[head][1], AT, KEY), lambda _: CHAIN)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_record_under_any_later_head_and_no_other(data: st.DataObject) -> None:
    head = data.draw(st.integers(1, MANY))
    number = data.draw(st.integers(1, head))
    one = read_proof(proof(number, head).text().encode(), "one.proof.json")
    assert one.holds()
    assert one == proof(number, head)
    text = one.text()
    place = data.draw(st.sampled_from([index for index, sign in enumerate(text) if sign in "0123456789abcdef"]))
    other = text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]
    try:
        changed = read_proof(other.encode(), "other")
    except InputError:
        return
    # What still holds says the same: of the time and the signature of the head the reader's posted head and key tell.
    same = (changed.number, changed.facts, changed.head.number, changed.head.hash) == (
        number,
        one.facts,
        head,
        one.head.hash,
    )
    assert not changed.holds() or same


def test_it_is_short_in_a_long_chain() -> None:
    for head in (10**6, 10**6 + 1, 2**20, 2**30):
        assert max(len(route(number, head)) for number in (1, 2, 3, head // 3, head // 2, head - 1)) < 480
        assert len(reach(head)) <= 31
    assert len(route(1, 2**20)) < 250
    assert [skip(number) for number in (1, 2, 3, 6, 8, 12)] == [0, 0, 2, 4, 0, 8]


@pytest.mark.parametrize("plain", [1, 5, 8, 20])
def test_what_was_sealed_before_links_skipped_is_proven_too(plain: int) -> None:
    """An installation that an earlier version began: its first links name only the one before."""
    chain, tip = dict[int, tuple[str, str]](), Tip()
    for number in range(1, 21):
        digest = sealed({"number": number}, "")
        found = plain_hash(number, digest, tip.hash) if number <= plain else next_link(tip, digest, KEY).hash
        tip = tip.then(found)
        chain[number] = (digest, found)
    for head in range(1, 21):
        for number in range(1, head + 1):
            one = prove((number, {"number": number}, ""), make_head(head, chain[head][1], AT, KEY), lambda _: chain)
            again = read_proof(one.text().encode(), "one")
            assert again.holds(), (number, head)
            assert not replace(again, facts={"number": 0}).holds()
            assert not replace(again, steps=[*again.steps, again.steps[-1]]).holds()
            assert not replace(again, steps=again.steps[:-1]).holds()


@pytest.mark.parametrize("change", [{"format": "x"}, {"version": 2}, {"number": 0}, {"number": 99}, {"steps": [["a"]]},
                                    {"entry": []}, {"entry": {"facts": []}},
                                    {"entry": {"score": 1.5}}, {"head": "prongsai head"}])  # fmt: skip
def test_what_is_no_proof_is_refused(change: dict[str, object]) -> None:
    text = json.dumps({**json.loads(proof(3, 9).text()), **change})
    with pytest.raises(InputError, match="one"):
        read_proof(text.encode(), "one")
    for junk in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000):
        with pytest.raises(InputError, match="one"):
            read_proof(junk, "one")
