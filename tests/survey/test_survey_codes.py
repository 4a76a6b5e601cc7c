"""Codes people can type, and draws that can be checked."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.survey import codes, sample
from prongsai.thai.digits import to_thai

KEY = bytes(range(32))
SCOPE = "round-1/agency-7/IIT"
signs = st.text(alphabet=codes.ALPHABET, min_size=codes.LENGTH - 1, max_size=codes.LENGTH - 1)


def with_check(body: str) -> str:
    """The one ending that reads; tried, not computed as the code does."""
    fitting = []
    for sign in codes.ALPHABET:
        try:
            codes.read_code(body + sign)
            fitting.append(body + sign)
        except InputError:
            pass
    assert len(fitting) == 1
    return fitting[0]


def reads(text: str) -> bool:
    try:
        codes.read_code(text)
    except InputError:
        return False
    return True


@given(signs)
def test_every_single_wrong_character_is_found(body: str) -> None:
    good = with_check(body)
    for position in range(codes.LENGTH):
        for sign in codes.ALPHABET:
            if sign != good[position]:
                assert not reads(good[:position] + sign + good[position + 1 :])


@given(signs)
def test_every_swap_of_two_is_found(body: str) -> None:
    good = with_check(body)
    for a in range(codes.LENGTH):
        for b in range(a + 1, codes.LENGTH):
            if good[a] != good[b]:
                swapped = list(good)
                swapped[a], swapped[b] = swapped[b], swapped[a]
                assert not reads("".join(swapped))


def test_a_code_reads_however_it_is_typed() -> None:
    for _ in range(200):
        code = codes.new_code()
        plain = code.replace("-", "")
        ways = [plain, plain.lower(), f"  {code} ", to_thai(code), " ".join(plain), code.replace("-", "–")]
        slips = [code.replace("8", "b"), code.replace("5", "S"), code.replace("2", "z"), code.replace("6", "G")]
        assert {codes.read_code(way) for way in ways + slips} == {code}


def test_no_look_alikes_and_a_prime_alphabet() -> None:
    assert len(set(codes.ALPHABET)) == 23
    assert not set(codes.ALPHABET) & set("01OQDILUVBSZG")


@pytest.mark.parametrize("typed", ["", "4K7M", "4K7M-9XRT-2HW", "กขคงจฉชซฌญฎฏ", "0" * 12, "x" * 10**7])
def test_what_is_no_code_is_refused_in_thai_without_repeating_it(typed: str) -> None:
    with pytest.raises(InputError) as caught:
        codes.read_code(typed)
    problem = caught.value.problems[0]
    assert problem.next_th
    assert not typed or typed not in str(problem.as_json())


def test_the_digest_needs_key_and_scope() -> None:
    code = codes.new_code()
    kept = codes.digest(code, KEY, SCOPE)
    assert codes.matches(code.lower(), kept, KEY, SCOPE)
    assert not codes.matches(code, kept, KEY[::-1], SCOPE)
    assert not codes.matches(code, kept, KEY, "round-1/agency-8/IIT")
    assert not codes.matches(codes.new_code(), kept, KEY, SCOPE)
    assert code.replace("-", "").encode() not in kept
    with pytest.raises(ValueError, match="32 bytes"):
        codes.digest(code, b"short", SCOPE)


def test_issued_codes_differ_and_their_order_is_lost() -> None:
    issued = codes.issue(300, KEY, SCOPE)
    assert len(set(issued.codes)) == len(set(issued.digests)) == 300
    assert list(issued.digests) == sorted(issued.digests)
    assert {codes.digest(code, KEY, SCOPE) for code in issued.codes} == set(issued.digests)
    used = Counter("".join(issued.codes).replace("-", ""))
    assert set(used) == set(codes.ALPHABET)  # 3,600 characters: each of 23 is met


def test_the_table_gives_a_number_and_prose_is_left_to_the_assessor() -> None:
    framework = by_id("ita-2567")
    needed = sample.required(framework, "EIT.1", "เทศบาลตำบล", "S")
    assert (needed.respondents, needed.confidence.value) == (60, "inferred")
    assert sample.codes_needed(needed, 41) == 41
    assert sample.codes_needed(needed, 400) == 60
    for container, words in (("IIT", "ไม่มีการเผยแพร่"), ("EIT.2", "ไม่มีการเผยแพร่")):
        with pytest.raises(InputError, match="not published") as caught:
            sample.required(framework, container, "เทศบาลตำบล", "S")
        assert words in caught.value.problems[0].th
    with pytest.raises(InputError) as caught:
        sample.required(by_id("ita-2564"), "IIT")
    assert "ร้อยละ 10 ของบุคลากร" in caught.value.problems[0].th
    assert sample.entered(30, "ผู้ประเมิน").respondents == 30
    with pytest.raises(InputError):
        sample.entered(0, "ผู้ประเมิน")


names = st.lists(st.text(alphabet="กขคงabc123", min_size=1, max_size=8), min_size=1, max_size=40, unique=True)


@given(names, st.randoms(), st.text(alphabet="0123456789", min_size=1, max_size=12), st.data())
def test_a_draw_can_be_done_again_in_any_order(people: list[str], random, seed: str, data) -> None:
    count = data.draw(st.integers(0, len(people)))
    drawn = sample.draw(people, count, seed)
    shuffled = people[:]
    random.shuffle(shuffled)
    assert sample.draw(shuffled, count, seed) == drawn
    assert len(set(drawn)) == count
    assert set(drawn) <= set(people)
    published = sample.list_digest(people)
    assert sample.verify_draw(shuffled, drawn, seed, published)
    assert not sample.verify_draw([*people, "คนที่เพิ่มภายหลัง"], drawn, seed, published)
    if 0 < count < len(people):
        other = next(one for one in people if one not in drawn)
        assert not sample.verify_draw(people, [*drawn[1:], other], seed, published)


def test_one_name_more_or_less_draws_anew() -> None:
    """Otherwise whoever makes the list could add names until the draw suits, and keep the rest of it."""
    people = [f"p{number}" for number in range(30)]
    same = 0
    for seed in map(str, range(50)):
        drawn = sample.draw(people, 5, seed)
        fewer = [name for name in people if name in drawn or name != max(set(people) - set(drawn))]
        same += sample.draw(fewer, 5, seed) == drawn
    assert same == 0


def test_every_entry_is_drawn_equally_often() -> None:
    people = [f"p{number}" for number in range(10)]
    drawn = Counter(name for seed in range(2000) for name in sample.draw(people, 3, str(seed)))
    assert all(500 < drawn[name] < 700 for name in people)  # 600 expected, standard deviation about 20


def test_a_bad_list_is_refused() -> None:
    for people in (["ก", "ก"], ["ก", " "], ["ก  ข", "ก ข"]):
        with pytest.raises(InputError):
            sample.draw(people, 1, "7")
    for count, seed in ((3, "7"), (-1, "7"), (1, " ")):
        with pytest.raises(InputError):
            sample.draw(["ก", "ข"], count, seed)
