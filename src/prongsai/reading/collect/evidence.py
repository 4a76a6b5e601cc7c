"""Proof: documents cited in text and annex, links, pictures, and what the annex shows for each indicator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from prongsai.reading.measures.citations import Citation, citations, links
from prongsai.reading.measures.lists import plain
from prongsai.reading.measures.proof_list import Listed, proof_list
from prongsai.reading.measures.prose import ANNEX, ANNEX_RESULT, blocks
from prongsai.reading.model import Evidence, Reading, Word
from prongsai.reading.source import Line, Picture, Table, Where
from prongsai.thai.digits import to_arabic
from prongsai.thai.text import likeness, squeeze

ORDER = 75

_FIGURE = re.compile(r"(?:ภาพ|รูป)(?:ภาพ|ประกอบ|ถ่าย)?ที่\s*([0-9]{1,3})")
_IMAGE = re.compile(r"\[image:\s*([^\]]*)\]|!\[([^\]]*)\]", re.IGNORECASE)
_INDICATOR = re.compile(r"^\W*(?:\(?[0-9]{1,2}[.)]\s*)?ตัวชี้วัดที่\s*([0-9]{1,2})(?![0-9.])")
_ANNEX_BEGINS = re.compile(r"^\W*(?P<lead>(?:ผลการ)?ดำเนิน(?:การ|งาน)ตาม\s*มาตรการ)\s*[:：]")
_ENDS_TITLE = re.compile(r"(?:คือ|ดังนี้|ได้แก่)\s*[:：]?\s*$")
_LISTED_IN_CONTENTS = re.compile(r"(?:\.{3,}|…|\t|\s{2,})\s*[0-9]+$|\s[0-9]{1,3}$")
_HEADING_LENGTH, _ALIKE, _CONTEXT = 150, 0.4, 200


def collect(reading: Reading) -> None:
    """Fill ``evidence`` and ``figures``."""
    _Walk(reading).through()
    reading.evidence.extend(_listed(reading))


@dataclass
class _Result:
    title: str
    where: Where
    indicator: str | None
    open_title: bool
    body: list[str] = field(default_factory=list)


class _Walk:
    """Goes through the file knowing the measure and, in the annex, the indicator that a place belongs to."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.places = {where: own for own, where in reading.places.items() if re.fullmatch(r"p\d+m\d+", own)}
        self.owners = {
            measure.id: point for point in (reading.plan.points if reading.plan else []) for measure in point.measures
        }
        self.measure: str | None = None
        self.annex = False
        self.indicator: str | None = None
        self.result: _Result | None = None
        self.after_measures = not self.places

    def through(self) -> None:
        """Walk all blocks."""
        for block in blocks(self.reading.source):
            if isinstance(block, Table):
                self._table(block)
            elif isinstance(block, Picture):
                self._picture(block.text, block.where)
                self._figures(block.text, block.where)
            else:
                self._line(block)
        self._close()

    # --- text

    def _line(self, line: Line) -> None:
        text = to_arabic(line.text.strip())
        if line.where in self.places:
            self.measure, self.after_measures = self.places[line.where], True
        if self._begins_annex(text):
            self.annex, self.measure, self.indicator = True, None, None
            return
        self._figures(line.text, line.where)
        if image := _IMAGE.search(line.text):
            self._close()
            self._picture((image.group(1) or image.group(2) or "").strip(), line.where)
            return
        if self.annex and self._annex_line(line, text):
            return
        self._documents(line.text, line.where)

    def _begins_annex(self, text: str) -> bool:
        """A heading of an annex behind the measures, not its line in the table of contents."""
        return (
            not self.annex
            and self.after_measures
            and len(text) <= _HEADING_LENGTH
            and bool(ANNEX.match(text))
            and not _LISTED_IN_CONTENTS.search(text)
        )

    def _annex_line(self, line: Line, text: str) -> bool:
        """Headings and results of the annex; whatever else stands there belongs to the open result."""
        match = _INDICATOR.match(text)
        if match and len(text) <= _HEADING_LENGTH:
            self._close()
            self.indicator = str(int(match.group(1)))
            self._add("section", plain(line.text), line.where)
            return True
        if _ANNEX_BEGINS.match(text):
            self._close()
            whole = ANNEX_RESULT.match(text)
            title = whole.group("title") if whole else text
            self.result = _Result(title, line.where, self.indicator, not _ENDS_TITLE.search(text))
            return True
        if re.match(r"^\W*(?:ด้าน|ส่วนที่\s*[0-9])", text) and len(text) <= _HEADING_LENGTH:
            self._close()
            return True
        if self.result is None:
            return False
        if self.result.open_title and _ENDS_TITLE.search(text) and len(text) <= 60:
            self.result.title += f" {_ENDS_TITLE.sub('', text)}"
        else:
            self.result.body.append(line.text)
            self._documents(line.text, line.where)
        self.result.open_title = False
        return True

    def _close(self) -> None:
        """Store the open result of the annex with the measure that it names."""
        result, self.result = self.result, None
        if result is not None:
            title = plain(result.title)
            measure = self._named(title, result.indicator)
            text = plain("\n".join(result.body))
            found = Evidence("result", text, result.where, None, None, result.indicator, measure, True, title)
            self.reading.evidence.append(found)

    def _named(self, title: str, indicator: str | None) -> str | None:
        """The measure whose title is most alike; of several with the same title the one under this indicator."""
        best: tuple[float, bool, str] | None = None
        for own, point in self.owners.items():
            wanted = next(measure.title for measure in point.measures if measure.id == own)
            score = 1.0 if squeeze(wanted) == squeeze(title) else likeness(wanted, title)
            rank = (round(score, 3), indicator in point.indicators, own)
            if score >= _ALIKE and (best is None or rank[:2] > best[:2]):
                best = rank
        return best[2] if best else None

    # --- tables

    def _table(self, table: Table) -> None:
        self._close()
        before, inside = self.measure, False
        for row in table.rows:
            for cell in row:
                if cell.where in self.places:
                    self.measure, self.after_measures, inside = self.places[cell.where], True, True
                self._documents(cell.text, cell.where)
                self._figures(cell.text, cell.where)
        self.measure = None if inside else before

    # --- what is found

    def _documents(self, text: str, where: Where) -> None:
        for cited in citations(text) if "ที่" in text else ():
            self.reading.evidence.append(self._cited(cited, where))
        for link in links(text):
            self._add("link", link, where)

    def _cited(self, cited: Citation, where: Where) -> Evidence:
        indicator = self.indicator if self.annex else self._indicator_of(self.measure)
        return Evidence(
            cited.kind, cited.text, where, cited.number, cited.date, indicator, self.measure, self.annex, cited.subject
        )

    def _indicator_of(self, measure: str | None) -> str | None:
        point = self.owners.get(measure or "")
        return point.indicators[0] if point and point.indicators else None

    def _picture(self, text: str, where: Where) -> None:
        self._add("picture", text, where)

    def _add(self, kind: str, text: str, where: Where) -> None:
        indicator = self.indicator if self.annex else self._indicator_of(self.measure)
        self.reading.evidence.append(
            Evidence(kind, text, where, indicator=indicator, measure=self.measure, in_annex=self.annex)
        )

    def _figures(self, text: str, where: Where) -> None:
        arabic = to_arabic(text)
        for match in _FIGURE.finditer(arabic):
            context = plain(text[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT])
            self.reading.figures.append(Word(f"ภาพที่ {int(match.group(1))}", where, context))


def _listed(reading: Reading) -> Iterator[Evidence]:
    """The pieces of a numbered list of proof, once for each measure they support."""
    owners: dict[str, list[str]] = {}
    for point in reading.plan.points if reading.plan else []:
        for measure in point.measures:
            owners.setdefault(squeeze(measure.title), []).append(measure.id)
    for listed in proof_list(reading.source):
        used = [own for title in listed.titles for own in owners.get(squeeze(title), [])]
        yield from (_piece(listed, own) for own in used)
        if not used:
            yield _piece(listed, None)


def _piece(listed: Listed, measure: str | None) -> Evidence:
    proof = listed.proof
    return Evidence(
        proof.kind, plain(listed.text), listed.where, proof.number, proof.date, None, measure, True, proof.title
    )
