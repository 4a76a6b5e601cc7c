"""Parts of an instrument whose number was misread: ``EIT ส่วนที่ 7`` where there are two, ``EIT ส่วนที่ 2`` twice.

A number is put right only where the table or line leaves one part to be meant; else nothing is named there.
"""

from __future__ import annotations

from collections.abc import Sequence

from prongsai.reading.squeezed import squeeze
from prongsai.reading.vocabulary import Vocabulary

LOST = "lost_"  # groups of the vocabulary's pattern that stand for a part with an unknown number


def parts_of(instrument: str, words: Vocabulary) -> list[str]:
    """The parts of an instrument in order."""
    return [part.code for one in words.framework.instruments if one.code == instrument for part in one.parts]


def lost_part(text: str, words: Vocabulary) -> str | None:
    """The instrument of which a short text names a part that it does not have."""
    if "ส" not in text and "art" not in text:
        return None
    for match in words.pattern.finditer(squeeze(text)):
        if match.lastgroup and match.lastgroup.startswith(LOST):
            return match.lastgroup.removeprefix(LOST)
    return None


def by_turns(indicators: Sequence[str | None], named: Sequence[str | None], words: Vocabulary) -> dict[int, str]:
    """Which part the rows of a table stand under where a part's own row was lost: row → part.

    ``indicators``: the indicator that each row names; ``named``: the part. Where a part is named and an indicator of
    its instrument comes once for each part, the turns tell the parts.
    """
    found: dict[int, str] = {}
    for instrument in {part.split(".")[0] for part in named if part}:
        parts = parts_of(instrument, words)
        if all(part in named for part in parts):
            continue
        turns: dict[str, list[int]] = {}
        for row, indicator in enumerate(indicators):
            if indicator and words.instrument_of.get(indicator) == instrument:
                turns.setdefault(indicator, []).append(row)
        for rows in turns.values():
            if len(rows) == len(parts):
                found.update(zip(rows, parts, strict=True))
    return found


def put_right(named: Sequence[str | None], lost: Sequence[str | None], words: Vocabulary) -> dict[int, str]:
    """Which part the places of one table mean: place → part, for those that do not mean what they print.

    ``named``: the part that each place names, ``lost``: the instrument whose unknown part it names. Each part is
    meant once, in order.
    """
    instruments = {code for code in lost if code} | {part.split(".")[0] for part in named if part}
    found: dict[int, str] = {}
    for instrument in instruments:
        parts = parts_of(instrument, words)
        left = [part for part in parts if part not in named]
        unknown = [place for place, code in enumerate(lost) if code == instrument]
        if unknown and len(unknown) == len(left):
            found.update(zip(unknown, left, strict=True))
        elif not unknown and len(left) == 1:
            twice = [part for part in parts if list(named).count(part) == 2]
            places = [place for place, part in enumerate(named) if twice and part == twice[0]]
            if len(twice) == 1:
                found[places[0] if left[0] < twice[0] else places[1]] = left[0]
    return found
