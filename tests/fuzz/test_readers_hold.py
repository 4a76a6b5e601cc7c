"""Every reader, at whatever stands in its input: it reads, or it refuses in words. ``make fuzz`` asks for longer.

Samples are changed as files get changed on their way (cut, repeated, a byte flipped, a word of the format put in), and
some inputs are no sample at all. ``PRONGSAI_FULL`` tries a thousand a reader.
"""

from __future__ import annotations

import os
import warnings

import pytest
from every_target import every_target, is_of_the_site
from found import found
from fuzz_target import Target, place_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from prongsai.errors import InputError, Problem

FULL = bool(os.environ.get("PRONGSAI_FULL"))
TARGETS = every_target()
FOUND = found()
_TRIES = {False: 12, True: 2} if not FULL else {False: 1000, True: 150}  # by slow

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore")]


@st.composite
def changed(draw: st.DrawFn, seeds: list[bytes], words: tuple[str, ...]) -> bytes:
    """A sample after some accidents, or bytes of no sample."""
    data = draw(st.sampled_from(seeds)) if draw(st.integers(0, 9)) else draw(st.binary(max_size=200))
    pieces = st.one_of(st.binary(max_size=4), st.sampled_from(("", "\0", "๐", '"', "[" * 3000, *words)).map(str.encode))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        keep = draw(st.sampled_from((b"", data[start:end][:500] * 2)))
        data = data[:start] + draw(pieces) + keep + data[min(end, start + draw(st.integers(0, 40))) :]
    return data


@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_reads_or_refuses(name: str) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    assert seeds
    most = _TRIES[target.slow or is_of_the_site(name)]

    @settings(
        max_examples=most, deadline=None, derandomize=not FULL, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(changed(seeds, target.words))
    def holds(data: bytes) -> None:
        target.holds(data)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for seed in [*seeds, *FOUND.get(name, ())]:
            target.holds(seed)
        holds()


def test_what_was_found_is_of_targets_that_there_are() -> None:
    assert set(FOUND) <= set(TARGETS)


def test_what_nobody_expects_is_a_crash() -> None:
    """The control: a reader that is wrong is seen, and one that refuses is not."""

    def wrong(data: bytes) -> None:
        if b"\xff" in data:
            raise KeyError(data)
        raise InputError(Problem("a", "b", "c", "d"))

    Target(wrong, (), lambda: [b"a"]).holds(b"a")
    with pytest.raises(KeyError) as found:
        Target(wrong, (), lambda: [b"a"]).holds(b"\xff")
    assert place_of(found.value) == "KeyError at ?"
