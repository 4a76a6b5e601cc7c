"""How reports name the nodes of a framework: instruments, parts, indicators by number or by any of their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from prongsai.framework import Framework
from prongsai.framework.catalog import by_id, catalog
from prongsai.reading.loosely import loose, unmarked
from prongsai.reading.squeezed import squeeze
from prongsai.thai.text import likeness

# An indicator's name as printed must be this much alike to be taken for a known one.
ALIKE_ENOUGH = 0.55
_SURVEYED = re.compile(r"ผู้มีส่วนได้(?:ส่วน)?เสีย")


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The names of one framework, squeezed. ``pattern`` finds any mention; ``names`` name → indicator number."""

    framework: Framework
    names: dict[str, str]
    sub_names: dict[str, str]
    items: dict[str, str]  # item code -> indicator number
    instrument_of: dict[str, str]  # item code or indicator number -> instrument
    pattern: re.Pattern[str]
    unmarked: dict[str, str]  # as ``names``, without marks above and below

    def number_of(self, name: str) -> str | None:
        """The indicator that a squeezed name is of, marks not counting."""
        return self.names.get(name) or self.unmarked.get(unmarked(name))

    def letter(self, instrument: str | None) -> str | None:
        """The letter of an instrument's item codes."""
        for code, owner in self.instrument_of.items():
            if owner == instrument and code[0].isalpha():
                return code.rstrip("0123456789")
        return None

    def count(self, letter: str) -> int:
        """The highest item number with this letter."""
        return max((int(code[len(letter) :]) for code in self.items if code.startswith(letter)), default=0)

    def indicator_like(self, text: str) -> str | None:
        """The indicator whose name is most alike to a printed name, or None where none is alike enough."""
        plain = squeeze(text).strip("“”\"'()[]:.-–0123456789 ")
        if known := self.number_of(plain):
            return known
        if not 8 <= len(plain) <= 60:
            return None
        scored = sorted(((likeness(plain, name), number) for name, number in self.names.items()), reverse=True)
        best, number = scored[0]
        second = next((score for score, other in scored if other != number), 0.0)
        return number if best >= ALIKE_ENOUGH and best - second > 0.08 else None


def vocabulary(framework: Framework) -> Vocabulary:
    """The vocabulary of a framework, made once per framework."""
    return _made(framework.id, _Held(framework))


class _Held:
    """Carries a framework through a cache that looks at its id alone."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.framework is self.framework


@lru_cache(maxsize=32)
def _made(_: str, held: _Held) -> Vocabulary:
    framework = held.framework
    names: dict[str, str] = {}
    sub_names: dict[str, str] = {}
    items: dict[str, str] = {}
    owner: dict[str, str] = {}
    for instrument in framework.instruments:
        for indicator in instrument.indicators:
            owner[indicator.number] = instrument.code
            for name in (indicator.name.th, *indicator.other_names):
                names.setdefault(squeeze(name), indicator.number)
            for sub in indicator.sub_indicators:
                sub_names.setdefault(squeeze(sub.name.th), sub.number)
            for item in indicator.items:
                items[item.code] = indicator.number
                owner[item.code] = instrument.code
    if framework.fiscal_year is not None:
        for name, number in _national_names().items():
            if number in owner:
                names.setdefault(name, number)
    bare: dict[str, str] = {}
    for name, number in names.items():
        bare.setdefault(unmarked(name), number)
    return Vocabulary(framework, names, sub_names, items, owner, _pattern(framework, names), bare)


@lru_cache(maxsize=1)
def _national_names() -> dict[str, str]:
    """Every name that an indicator number of the national assessment has had: reports keep using older ones."""
    names: dict[str, str] = {}
    for entry in catalog():
        if entry.fiscal_year is None:
            continue
        for instrument in by_id(entry.id).instruments:
            for indicator in instrument.indicators:
                for name in (indicator.name.th, *indicator.other_names):
                    names.setdefault(squeeze(name), indicator.number)
    return names


def _pattern(framework: Framework, names: dict[str, str]) -> re.Pattern[str]:
    """One pattern for every kind of mention; the named group that matched says which."""
    letters = "".join(
        sorted({i.code[0] for inst in framework.instruments for ind in inst.indicators for i in ind.items})
    )
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    subs = (
        "|".join(
            re.escape(squeeze(sub.name.th))
            for instrument in framework.instruments
            for indicator in instrument.indicators
            for sub in indicator.sub_indicators
        )
        or "\\ue001"
    )
    # words that a name may be the tail or head of without being the indicator
    whole = (
        rf"(?<!ปฏิบัติ)(?<!แผน)(?<!มาตร)(?:{known})"
        r"(?!แห่งชาติ|และปราบปราม|สาธารณะ|ข่าวสาร|ต่าง|ที่เป็นปัจจุบัน|ของผู้บังคับ|ในประเด็น|อย่าง)"
    )
    return re.compile(
        loose(
            "|".join(
                [
                    rf"(?P<sub>ตัวชี้วัด(?:ย่อย)?(?:ที?่?)?(?P<subno>\d{{1,2}}\.\d)(?!\d)(?:{subs})?)",
                    r"(?P<pair>ตัวชี้วัด(?:ที?่?)?(?P<pairno>\d{1,2}(?:(?:,|และ)\d{1,2})+)"
                    rf"(?P<pairnames>{whole}(?:(?:,|และ)?(?:{whole}))+))",
                    rf"(?P<ind>ตัวชี้วัด(?:ที?่?)?[“\"'(]{{0,2}}(?P<indno>\d{{1,2}})(?!\d|\.\d)[”\"')]{{0,2}}[.:]?[“\"']?(?P<indname>{whole})?)",
                    rf"(?P<name>(?:ตัวชี้วัด(?:ด้าน)?|ด้าน)?[“\"'(]{{0,2}}(?P<nameonly>{whole}))",
                    r"(?P<this>ตัวชี้วัดนี้)",
                    r"(?P<loose>(?:ตัวชี้วัด(?:ด้าน)?|ด้าน)[“\"']?(?=[ก-๙]{8}))",
                    *_instruments(framework),
                    rf"(?P<item>(?:ข้?อ(?:คำถาม|ที่)?:?)?(?<![A-Za-z0-9])(?P<letter>[{letters}{letters.upper()}])"
                    r"[ \-]?0*(?P<itemno>[1-9]\d?)(?:\.(?P<row>\d))?(?![\dA-Za-z]))",
                    r"(?P<bare>ข้?อ(?:คำถาม|ที่)?(?P<bareno>[l|!]?\d{1,3})(?![\d/.]))",
                    r"(?P<zero>(?<![\d.,/A-Za-z])0(?P<zerono>[1-9]\d?)(?![\d/:]|\.\d|-[1-9]))",
                    r"(?P<overall>(?:ผล)?(?:ค่า)?คะแนน(?:ผลการประเมิน|การประเมิน|ITA|เฉลี่ย|ใน|โดย){0,4}(?:รวม|ภาพรวม)"
                    r"(?:ทั้งหมด|ทั้งสิ้น|ของหน่วยงาน|ITA|เฉลี่ย)?"
                    r"|(?:ใน|โดย)ภาพรวม|(?:ผลการประเมิน)?ภาพรวม(?:ของหน่วยงาน)?|โดยรวม)",
                    r"(?P<result>ผลการประเมิน(?:คุณธรรม|ระดับคุณธรรม|ITA)|(?:ผล)?คะแนน(?:การประเมิน)?(?:คุณธรรม|ITA))",
                ]
            )
        )
    )


def _instruments(framework: Framework) -> list[str]:
    """Patterns of instruments and parts. The national three have names that vary from year to year."""
    found = []
    for instrument in framework.instruments:
        code = instrument.code
        words = [re.escape(squeeze(instrument.name.th))]
        if _SURVEYED.search(instrument.name.th):
            inner = "ภายใน" if "ภายใน" in instrument.name.th else "ภายนอก"
            words.append(rf"(?:แบบ(?:วัด|สำรวจ)[ก-๙]{{0,24}})?ผู้มีส่วนได้(?:ส่วน)?เสีย{inner}(?:หน่วยงาน)?")
        elif instrument.kind == "checklist":
            words.append(r"(?:แบบ(?:ตรวจ|วัด))?การเปิดเผยข้อมูลสาธารณะ")
        english = r"(?:\((?:Internal|External|Open ?[Dd]ata)[^()]{0,80}\))?"
        latin = rf"(?<![A-Za-z]){code}(?![A-Za-z])"
        for part in instrument.parts:
            number = part.code.rsplit(".", 1)[1]
            nick = re.escape(part.nickname) if part.nickname else r"\ue001"
            found.append(
                rf"(?P<part_{code}_{number}>{latin}[ \-.(]{{0,3}}(?:ส่วนที่|ส่วน|[Pp]art ?)?\(?{number}(?![\d.])\)?"
                rf"|ส่วนที่{number}(?!\d)(?:\({nick}\))?|{nick})"
            )
        if instrument.parts:
            found.append(rf"(?P<lost_{code}>{latin}[ \-.(]{{0,3}}(?:ส่วนที่|ส่วน|[Pp]art ?)\(?\d(?![\d.])\)?)")
        found.append(rf"(?P<inst_{code}>(?:{'|'.join(words)}){english}\(?(?:{latin})?\)?|{latin}\)?)")
    return found
