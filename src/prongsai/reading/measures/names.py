"""Which items and indicators a text names: by code, by number, or by the framework's own wording."""

from __future__ import annotations

import re

from prongsai.framework import Framework
from prongsai.reading.measures.lists import listing
from prongsai.reading.vocabulary import Vocabulary, vocabulary
from prongsai.thai.codes import read_code
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import squeeze

_CITED = re.compile(r"\(?(?:อ้างอิง|ตาม(?:ข้อ)?|ดู)\s*(?:จาก)?\s*(?:ข้อ\s*)?(?:OIT\s*)?[oO0๐][^)]*\)?")
_CODE = re.compile(r"(?<![A-Za-z0-9.])([iIeEoO])\s?([0-9]{1,2})(?![0-9A-Za-z]|\.[0-9])")
_RANGE = re.compile(r"^\s*(?:–|—|-|ถึง)\s*(?:ข้อ\s*)?$")
_ZERO_CODE = re.compile(r"ข้อ(?:ที่)?\s*(0[0-9]{1,2})(?![0-9])")
_NUMBERED_NAME = re.compile(r"^\W*(?:ตัวชี้วัดที่\s*)?([0-9]{1,2})[\s.)]*\s*([ก-๙].*)$", re.DOTALL)
_INDICATOR = re.compile(r"ตัวชี้วัดที่\s*([0-9]{1,2})(?![0-9.])")
_SCORE = re.compile(r"\(?\s*(?:ร้อยละ\s*)?[0-9]{1,3}\.[0-9]{1,2}\s*(?:คะแนน)?\s*\)?")
_LONG_ENOUGH = 24


_ROWS_FOLLOW = re.compile(r"(?:ตาม|ใน|โดยคำนึงถึง)?\s*(?:ประเด็น|ลักษณะ|สิ่ง|การดำเนินการ)?\s*ดังต่อไปนี้")
_ALIKE, _AHEAD = 0.5, 0.06
_Wordings = tuple[tuple[str, frozenset[str]], ...]


def _grams(text: str) -> frozenset[str]:
    plain = squeeze(re.sub(r"มากน้อยเพียงใด|หรือไม่|อย่างไร", "", text))
    return frozenset(plain[at : at + 3] for at in range(len(plain) - 2))


_made: dict[str, _Wordings] = {}


def _wordings(key: str, words: Vocabulary) -> _Wordings:
    """The wordings of survey items, and of those with rows also with the rows put in their place."""
    if key not in _made:
        found: list[tuple[str, frozenset[str]]] = []
        for instrument in words.framework.instruments:
            for item in (item for indicator in instrument.indicators for item in indicator.items):
                rows = " ".join(row.text for row in item.rows if row.text)
                texts = [item.text, _ROWS_FOLLOW.sub(rows, item.text) if rows and item.text else None]
                found += [(item.code, _grams(text)) for text in texts if text]
        _made[key] = tuple(found)
    return _made[key]


def _most_like(text: str, wordings: _Wordings) -> str | None:
    """The item whose wording is most alike, where it is clearly ahead of the others (as ``likeness`` counts)."""
    own = _grams(text)
    scores: dict[str, float] = {}
    for code, grams in wordings:
        alike = 2 * len(own & grams) / max(1, len(own) + len(grams))
        scores[code] = max(alike, scores.get(code, 0.0))
    ranked = sorted(scores, key=lambda code: -scores[code])
    if not ranked or scores[ranked[0]] < _ALIKE:
        return None
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if scores[ranked[0]] - second >= _AHEAD else None


class Names:
    """Looks names up in one framework; without one, codes are taken as printed."""

    def __init__(self, framework: Framework | None) -> None:
        self.words: Vocabulary | None = vocabulary(framework) if framework else None

    def items(self, text: str) -> list[str]:
        """Items named by code (``i1``, ``E๗``, ``๐๑๑``, ``o1–o5``), without those only cited as support."""
        plain = to_arabic(_CITED.sub(" ", text))
        found: list[str] = []
        end = -1
        for match in _CODE.finditer(plain):
            code = f"{match.group(1).lower()}{int(match.group(2))}"
            if found and _RANGE.match(plain[end : match.start()]):
                found += self._between(found[-1], code)
            found.append(code)
            end = match.end()
        found += [read_code(match.group(1)) for match in _ZERO_CODE.finditer(plain)]
        return [code for code in dict.fromkeys(found) if self.words is None or code in self.words.items]

    def items_by_wording(self, text: str) -> list[str]:
        """Items whose wording a list repeats without codes."""
        if self.words is None:
            return []
        wordings = _wordings(self.words.framework.id, self.words)
        found = [_most_like(part, wordings) for part in listing(text).items if len(squeeze(part)) >= _LONG_ENOUGH]
        return list(dict.fromkeys(code for code in found if code))

    def indicator(self, text: str) -> str | None:
        """The indicator that a text names: by a known name, else by its number."""
        plain = _SCORE.sub(" ", to_arabic(text)).strip()
        match = _NUMBERED_NAME.match(plain)
        if self.words is not None:
            return self.words.indicator_like(match.group(2) if match else plain)
        return str(int(match.group(1))) if match else None

    def indicators(self, text: str) -> list[str]:
        """Indicators named by number in running text."""
        numbers = [str(int(number)) for number in _INDICATOR.findall(to_arabic(text))]
        return [number for number in dict.fromkeys(numbers) if self._is_indicator(number)]

    def indicator_of_sentence(self, name: str) -> str | None:
        """The indicator whose name begins a phrase."""
        if self.words is None:
            return None
        plain = squeeze(to_arabic(name))
        hits = [(len(known), number) for known, number in self.words.names.items() if plain.startswith(squeeze(known))]
        return max(hits)[1] if hits else self.words.indicator_like(name)

    def _is_indicator(self, number: str) -> bool:
        return self.words is None or str(int(number)) in self.words.names.values()

    def _between(self, first: str, last: str) -> list[str]:
        if first[0] != last[0]:
            return []
        return [f"{first[0]}{number}" for number in range(int(first[1:]) + 1, int(last[1:]))]
