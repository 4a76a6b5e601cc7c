"""The questionnaire of one instrument or part, made from a framework version and never edited after.

Every text stands at a node, so that a wording or translation file (``wording``) can name it: ``title``, ``eligible``
(the eligibility question), an indicator's number (a heading), ``i1``, ``i1.2`` (row 2), ``six_level:5`` (an option).
What the framework does not publish has no text: ``missing`` lists it, and nothing is made up in its place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from prongsai.errors import InputError, Problem
from prongsai.framework.model import Framework, Indicator, Instrument, Item, Polarity, Sampling

THAI = "th"
ELIGIBLE = "eligible"
# Our own words around the framework's description of who may answer.
_ASK_TH = "ท่านเป็นบุคคลดังต่อไปนี้หรือไม่: {eligible}"


@dataclass(frozen=True)
class Line:
    """One answer to give: an item, or one row of an item. ``options`` are keys in the order of the scale."""

    code: str
    scale: str | None
    options: tuple[str, ...]
    polarity: Polarity

    @property
    def countable(self) -> bool:
        """Whether scoring knows what each option earns; otherwise the line cannot be asked."""
        return bool(self.options) and self.polarity != "unknown"


@dataclass(frozen=True)
class Question:
    """One item as it is asked: one line of its own code, or several rows below its text."""

    code: str
    indicator: str
    lines: tuple[Line, ...]

    @property
    def has_rows(self) -> bool:
        """Whether the item asks about several things."""
        return self.lines[0].code != self.code


@dataclass(frozen=True)
class Questionnaire:
    """What is asked, in every language it can be asked in. Two with the same ``version`` are equal.

    ``container`` is the instrument (``IIT``) or part (``EIT.1``) that is scored. ``texts``: language → node → text.
    Changing anything makes another questionnaire with another version; answers of the old one stay its own.
    """

    framework: str
    framework_version: int
    container: str
    questions: tuple[Question, ...]
    texts: Mapping[str, Mapping[str, str]]
    drafts: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Which questionnaire this is, over all its versions: ``ita-2568/EIT.1``."""
        return f"{self.framework}/{self.container}"

    @cached_property
    def version(self) -> str:
        """Digest (16 hex digits) of all that is asked: codes, options, polarity, texts of *all* languages.

        One version covers all languages, so that an answer's version does not tell in which it was given.
        """
        shape = [
            [question.code, question.indicator, [[n.code, n.scale, n.options, n.polarity] for n in question.lines]]
            for question in self.questions
        ]
        texts = {language: dict(texts) for language, texts in self.texts.items()}
        whole = [self.framework, self.framework_version, self.container, shape, texts, sorted(self.drafts)]
        canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All answers to give, in the order in which they are packed."""
        return tuple(line for question in self.questions for line in question.lines)

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Every place where a text can stand, in reading order."""
        nodes = ["title", ELIGIBLE]
        for question in self.questions:
            nodes += [question.indicator, question.code, *(line.code for line in question.lines)]
        nodes += [option_node(line.scale, key) for line in self.lines if line.scale for key in line.options]
        return tuple(dict.fromkeys(nodes))

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages in which every question and option can be read, Thai first; drafts are among them."""
        whole = [language for language in self.texts if not self.missing(language)]
        return tuple(sorted(whole, key=lambda language: (language != THAI, language)))

    def text(self, node: str, language: str = THAI) -> str | None:
        """The text of a node, in Thai where the language has none; None where nothing is published."""
        return self.texts.get(language, {}).get(node) or self.texts.get(THAI, {}).get(node)

    def missing(self, language: str = THAI) -> tuple[str, ...]:
        """Nodes without a text in a language; headings and title may be missing."""
        optional = {"title", *(question.indicator for question in self.questions)}
        known = self.texts.get(language, {})
        return tuple(node for node in self.nodes if node not in optional and not known.get(node))

    def require_askable(self) -> None:
        """Raise ``InputError`` with everything that keeps people from being asked: unknown wordings and scales."""
        problems = [
            Problem(
                "questionnaire.unknown_scale",
                f"{self.id} {line.code}",
                "ไม่ทราบตัวเลือกหรือทิศทางการให้คะแนนของข้อนี้ เพราะไม่มีการเผยแพร่",
                "options or polarity of this line are not published; it cannot be asked and scored",
                "โปรดใช้กรอบการประเมินที่ระบุตัวเลือกและทิศทางการให้คะแนนครบ",
            )
            for line in self.lines
            if not line.countable
        ]
        problems += [
            Problem(
                "questionnaire.no_text",
                f"{self.id} {node}",
                "ไม่ทราบถ้อยคำของข้อนี้ เพราะไม่มีการเผยแพร่",
                "the framework does not publish this wording",
                "ผู้ประเมินโปรดเพิ่มถ้อยคำในไฟล์ถ้อยคำ (language: th)",
            )
            for node in self.missing()
        ]
        if problems:
            raise InputError(problems)


def option_node(scale: str | None, key: str) -> str:
    """The node of an option's label."""
    return f"{scale}:{key}"


def containers(framework: Framework) -> tuple[str, ...]:
    """What can be asked: the survey instruments, by part where they have parts (``IIT``, ``EIT.1``, ``EIT.2``)."""
    surveys = (instrument for instrument in framework.instruments if instrument.kind == "survey")
    return tuple(code for one in surveys for code in ([part.code for part in one.parts] or [one.code]))


def questionnaire(framework: Framework, container: str) -> Questionnaire:
    """The questionnaire of an instrument or part, in the languages the framework has.

    Raises ``InputError`` where the framework asks nobody under this name.
    """
    if container not in containers(framework):
        known = ", ".join(containers(framework))
        raise InputError(
            Problem(
                "questionnaire.unknown",
                f"{framework.id} {container}",
                f"กรอบการประเมินนี้ไม่มีแบบสอบถาม “{container}”",
                f"no questionnaire {container!r}; there are: {known}",
                f"โปรดเลือกจาก {known}",
            )
        )
    instrument = next(i for i in framework.instruments if container in (i.code, *(p.code for p in i.parts)))
    questions = tuple(
        _question(framework, indicator, item) for indicator in instrument.indicators for item in indicator.items
    )
    texts = _texts(framework, instrument, container)
    return Questionnaire(framework.id, framework.version, container, questions, texts)


def _question(framework: Framework, indicator: Indicator, item: Item) -> Question:
    def line(code: str, scale: str | None, polarity: Polarity) -> Line:
        known = framework.scales.get(scale or "")
        return Line(code, scale, tuple(option.key for option in known.options) if known else (), polarity)

    rows = tuple(line(f"{item.code}.{row.number}", row.scale or item.scale, row.polarity) for row in item.rows)
    return Question(item.code, indicator.number, rows or (line(item.code, item.scale, item.polarity),))


def _texts(framework: Framework, instrument: Instrument, container: str) -> Mapping[str, Mapping[str, str]]:
    part = next((part for part in instrument.parts if part.code == container), None)
    title = part.name if part else instrument.name
    eligible = _sampling(framework, instrument, container)
    thai: dict[str, str | None] = {"title": title.th}
    thai[ELIGIBLE] = _ASK_TH.format(eligible=eligible.eligible) if eligible and eligible.eligible else None
    english: dict[str, str | None] = {"title": title.en}
    used = set()
    for indicator in instrument.indicators:
        thai[indicator.number], english[indicator.number] = indicator.name.th, indicator.name.en
        for item in indicator.items:
            thai[item.code] = item.text
            used |= {item.scale, *(row.scale for row in item.rows)}
            thai |= {f"{item.code}.{row.number}": row.text for row in item.rows}
    for name, scale in framework.scales.items():
        if name in used:
            thai |= {option_node(name, option.key): option.label for option in scale.options}
    return frozen({THAI: thai, "en": english})


def _sampling(framework: Framework, instrument: Instrument, container: str) -> Sampling | None:
    by_name = {sampling.of: sampling for sampling in framework.sampling}
    return by_name.get(container) or by_name.get(instrument.code)


def frozen(texts: Mapping[str, Mapping[str, str | None]]) -> Mapping[str, Mapping[str, str]]:
    """Texts that cannot be changed any more, without the empty ones."""
    return MappingProxyType(
        {
            language: MappingProxyType({node: text for node, text in known.items() if text})
            for language, known in texts.items()
            if any(known.values())
        }
    )


def same_shape(forms: Iterable[Questionnaire]) -> bool:
    """Whether answers of these versions may be counted together: same codes, options and polarity."""
    return len({(form.id, form.lines) for form in forms}) <= 1
