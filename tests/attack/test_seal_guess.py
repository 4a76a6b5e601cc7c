"""What the history keeps of a closed survey tells nothing of an answer: no guess can be tested, nothing is ordered."""

from __future__ import annotations

import hashlib
import itertools
import random

from prongsai.ledger.record import canonical
from prongsai.survey.seal import new_secret, of_box, of_tally, root

QUESTIONS, OPTIONS = 3, "12345"
EVERY = ["".join(one) for one in itertools.product(OPTIONS, repeat=QUESTIONS)]


def naive(answers: list[str]) -> str:
    """The control: a plain hash over the sorted answers."""
    return hashlib.sha256(canonical({"answers": sorted(answers)})).hexdigest()


def test_who_knows_all_other_answers_cannot_test_the_last_one() -> None:
    """The chief's attack: nine of ten colleagues told theirs, and the root stands in the history for everybody."""
    draw = random.Random(7)
    answers = [draw.choice(EVERY) for _ in range(10)]
    known, last = answers[:9], answers[9]
    assert [one for one in EVERY if naive([*known, one]) == naive(answers)] == [last]  # the attack works where it can
    secret = new_secret()
    said = root({"box": of_box(secret, "box", [("form", one) for one in answers])})
    # What the attacker has: everything but the secret. Every key that stands in the history or is empty is tried.
    for key in ("", said, "0" * 64, hashlib.sha256(b"box").hexdigest()):
        tried = [root({"box": of_box(key, "box", [("form", one) for one in [*known, guess]])}) for guess in EVERY]
        assert said not in tried
    tried = [root({"box": of_box(secret, "box", [("form", one) for one in [*known, guess]])}) for guess in EVERY]
    assert said in tried  # and with the secret, which lies with the answers themselves, it would


def test_nor_the_tally_of_a_few() -> None:
    tallies = [{"i1": dict.fromkeys(OPTIONS, 0) | {option: 3}} for option in OPTIONS]
    said = of_tally(new_secret(), tallies[0])
    assert said not in {of_tally("", one) for one in tallies} | {of_tally("0" * 64, one) for one in tallies}


def test_the_seal_is_the_same_in_whatever_order_people_came() -> None:
    """So nothing in it can follow who came when: it is a function of the bag of answers and the secret alone."""
    answers, secret = [("form", one) for one in EVERY[:30]], new_secret()
    first = of_box(secret, "box", answers)
    for seed in range(20):
        random.Random(seed).shuffle(answers)
        assert of_box(secret, "box", answers) == first
    assert of_box(secret, "box", [*answers[:-1], ("form", EVERY[40])]) != first


def test_equal_answers_of_two_surveys_look_different() -> None:
    """Nobody sees from two roots that two agencies, or two years, answered alike."""
    answers = [("form", EVERY[0])] * 12
    assert of_box(new_secret(), "box", answers) != of_box(new_secret(), "box", answers)
