"""Answers and identity never meet: what the letterbox may and may not let happen."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prongsai.survey import codes, letterbox
from prongsai.survey.in_memory import MemoryKeys, MemoryStorage, memory
from prongsai.survey.letterbox import LetterboxError, Move, file_answer, mix, open_box, sweep

BOX, OTHER = "round-1/agency-7/IIT", "round-1/agency-8/IIT"
K = 4


def digest(number: int, box: str = BOX) -> bytes:
    return codes.digest(_CODES[number], bytes(32), box)


_CODES = codes.issue(60, bytes(32), BOX).codes


def packed(number: int) -> str:
    return f"{number:04d}"


def made() -> tuple[MemoryStorage, MemoryKeys]:
    storage, keys = memory({box: [digest(n, box) for n in range(60)] for box in (BOX, OTHER)})
    open_box(BOX, storage, keys)
    open_box(OTHER, storage, keys)
    return storage, keys


def give(storage: MemoryStorage, keys: MemoryKeys, number: int, text: str, nonce: str = "") -> letterbox.Filed:
    return file_answer(storage, keys, BOX, (digest(number), nonce or f"nonce {number}"), text)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 9), st.just("mix")), max_size=60))
def test_nothing_is_lost_doubled_or_moved_too_early(steps: list[int | str]) -> None:
    storage, keys = made()
    given_answers: list[str] = []
    for step in steps:
        if step == "mix":
            before = len(storage.answers.get(BOX, []))
            moved = mix(storage, keys, BOX, K)
            assert moved == 0 or moved >= K
            assert len(storage.answers.get(BOX, [])) == before + moved
            assert moved == 0 or len(storage.letterbox[BOX]) == K
        elif len(given_answers) < 60:
            text = packed(int(step))
            assert give(storage, keys, len(given_answers), text).outcome == "filed"
            given_answers.append(text)
        assert len(storage.answers.get(BOX, [])) + len(storage.letterbox.get(BOX, [])) == len(given_answers)
        assert len(storage.spends.get(BOX, {})) == len(given_answers)
    left = len(storage.letterbox.get(BOX, []))
    assert mix(storage, keys, BOX, K, close=True) == left
    assert left >= min(K, len(given_answers))
    assert Counter(text for _, text in storage.answers[BOX]) == Counter(given_answers)
    assert storage.letterbox[BOX] == []
    assert storage.open_batch(BOX) is None
    assert keys.batches() == [storage.open_batch(OTHER)]


def test_a_code_is_spent_once_and_a_double_click_gets_its_receipt_again() -> None:
    storage, keys = made()
    first = give(storage, keys, 0, "aaaa", "n1")
    assert give(storage, keys, 0, "bbbb", "n1") == first
    assert give(storage, keys, 0, "bbbb", "n2") == letterbox.Filed("spent")
    assert file_answer(storage, keys, BOX, (b"foreign", "n"), "cccc") == letterbox.Filed("unknown")
    assert file_answer(storage, keys, OTHER, (digest(0), "n"), "cccc") == letterbox.Filed("unknown")
    mix(storage, keys, BOX, K, close=True)
    assert [text for _, text in storage.answers[BOX]] == ["aaaa"]
    assert storage.spends[BOX][digest(0)].nonce is None
    assert give(storage, keys, 0, "aaaa", "n1").outcome == "closed"
    assert give(storage, keys, 1, "aaaa").outcome == "closed"
    open_box(BOX, storage, keys)
    assert storage.open_batch(BOX) is None
    assert len(keys.batches()) == 1


def test_what_is_kept_holds_neither_code_nor_receipt_nor_answer() -> None:
    storage, keys = made()
    receipts = [give(storage, keys, n, packed(n)).receipt for n in range(20)]
    assert len(set(receipts)) == 20
    letters = storage.letterbox[BOX]
    assert {tuple(vars(letter)) for letter in letters} == {("id", "batch", "sealed")}
    assert len({len(letter.sealed) for letter in letters}) == 1
    for number, letter in enumerate(letters):
        whole = letter.id.encode() + letter.batch.encode() + letter.sealed
        for secret in (digest(number), digest(number).hex().encode(), str(receipts[number]).encode(), b"nonce"):
            assert secret not in whole
        assert packed(number).encode() not in letter.sealed
    mix(storage, keys, BOX, K)
    known = {letter.id for letter in letters} | {str(receipt) for receipt in receipts}
    rows = storage.answers[BOX]
    assert not known & {row for row, _ in rows}
    assert not known & {letter.id for letter in storage.letterbox[BOX]}
    assert [row for row, _ in rows] == sorted(row for row, _ in rows)


def test_receipts_do_not_follow_from_code_or_answer() -> None:
    def receipts() -> list[str | None]:
        storage, keys = made()
        return [give(storage, keys, n, "same").receipt for n in range(10)]

    assert not set(receipts()) & set(receipts())


def test_order_of_arrival_is_no_better_than_a_guess() -> None:
    """Ten people, then mixing, often: the one who came first must be anywhere in the answers; a plain table fails."""
    places: Counter[int] = Counter()
    stayed = naive = 0
    runs = 400
    for _ in range(runs):
        storage, keys = made()
        for number in range(10):
            give(storage, keys, number, packed(number))
        mix(storage, keys, BOX, 5)
        early = [text for _, text in storage.answers[BOX]]
        stayed += packed(0) not in early
        mix(storage, keys, BOX, 5, close=True)
        places[[text for _, text in storage.answers[BOX]].index(packed(0))] += 1
        naive += [packed(number) for number in range(10)].index(packed(0)) == 0
    assert naive == runs  # the same look at a table in order of arrival links every time
    assert max(places.values()) < 75  # 40 expected at each of ten places, standard deviation 6
    assert 140 < stayed < 260  # 200 expected, standard deviation 10


def test_a_copy_from_before_cannot_be_opened_after() -> None:
    storage, keys = made()
    for number in range(12):
        give(storage, keys, number, packed(number))
    copy = list(storage.letterbox[BOX])
    first = copy[0].batch
    while_open = keys.private(first)
    assert mix(storage, keys, BOX, K) == 8
    assert keys.private(first) is None
    assert keys.public(first) is None
    now = keys.private(str(storage.open_batch(BOX)))
    assert now is not None
    assert while_open is not None
    for letter in copy:
        assert letterbox.unseal(letter, while_open)  # the positive control: before mixing, the key opens it
        with pytest.raises(LetterboxError):
            letterbox.unseal(letter, now)
        with pytest.raises(LetterboxError):
            letterbox.unseal(replace(letter, batch="another"), while_open)
        with pytest.raises(LetterboxError):
            letterbox.unseal(replace(letter, sealed=letter.sealed[:-1] + bytes([letter.sealed[-1] ^ 1])), while_open)


def test_a_letter_that_comes_in_while_mixing_is_not_lost() -> None:
    storage, keys = made()
    for number in range(10):
        give(storage, keys, number, packed(number))

    class Late(MemoryStorage):
        def move(self, move: Move) -> bool:
            if len(self.spends[BOX]) == 10:
                give(self, keys, 10, packed(10))
            return super().move(move)

    late = Late(**vars(storage))
    assert mix(late, keys, BOX, K) == 0
    assert len(keys.batches()) == 2  # the key made in vain is gone
    assert mix(late, keys, BOX, K) == 7
    mix(late, keys, BOX, K, close=True)
    assert sorted(text for _, text in late.answers[BOX]) == [packed(n) for n in range(11)]


def test_a_deposit_for_a_batch_that_was_just_mixed_goes_to_the_next() -> None:
    storage, keys = made()
    for number in range(10):
        give(storage, keys, number, packed(number))

    class Slow(MemoryKeys):
        def public(self, batch: str) -> bytes | None:
            found = super().public(batch)
            if len(storage.letterbox[BOX]) == 10:
                mix(storage, keys, BOX, K)
            return found

    assert give(storage, Slow(keys.pairs), 10, packed(10)).outcome == "filed"
    mix(storage, keys, BOX, K, close=True)
    assert sorted(text for _, text in storage.answers[BOX]) == [packed(n) for n in range(11)]


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_crash_around_the_move_loses_nothing_and_sweeping_forgets_old_keys(moment: str) -> None:
    storage, keys = made()
    for number in range(10):
        give(storage, keys, number, packed(number))

    class Crash(MemoryStorage):
        def move(self, move: Move) -> bool:
            if moment == "after":
                super().move(move)
            raise KeyboardInterrupt

    crashing = Crash(**vars(storage))
    with pytest.raises(KeyboardInterrupt):
        mix(crashing, keys, BOX, K)
    again = MemoryStorage(**vars(crashing))
    assert len(keys.batches()) == 3
    assert sweep(again, keys, [BOX, OTHER]) == 1
    assert set(keys.batches()) == {again.open_batch(BOX), again.open_batch(OTHER)}
    mix(again, keys, BOX, K, close=True)
    assert sorted(text for _, text in again.answers[BOX]) == [packed(n) for n in range(10)]


def test_a_lost_key_takes_no_answer_and_moves_none() -> None:
    storage, keys = made()
    give(storage, keys, 0, packed(0))
    lost = MemoryKeys()
    with pytest.raises(LetterboxError, match="no answer was taken"):
        give(storage, lost, 1, packed(1))
    assert digest(1) not in storage.spends[BOX]
    with pytest.raises(LetterboxError):
        mix(storage, lost, BOX, K, close=True)
    assert len(storage.letterbox[BOX]) == 1


def test_a_mix_of_one_is_refused() -> None:
    storage, keys = made()
    with pytest.raises(ValueError, match="hides nothing"):
        mix(storage, keys, BOX, 1)


def test_mixing_does_not_use_a_predictable_order() -> None:
    """Seeding the ordinary generator must not repeat a mixing."""
    orders = set()
    for _ in range(4):
        random.seed(7)
        storage, keys = made()
        for number in range(20):
            give(storage, keys, number, packed(number))
        mix(storage, keys, BOX, K)
        orders.add(tuple(sorted(text for _, text in storage.answers[BOX])))
    assert len(orders) > 1
