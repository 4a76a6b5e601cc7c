"""Packed answers counted, or written as the sheets that ``scoring.sheets`` reads."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path

from prongsai.scoring.structure import at_part
from prongsai.scoring.tally import Tally
from prongsai.survey.answers import Answer, unpack
from prongsai.survey.questionnaire import Questionnaire


def sheets(answers: Iterable[Answer], form: Questionnaire) -> Iterator[dict[str, str]]:
    """One sheet per answer: line code → option key, empty where not answered. Raises ``InputError`` as ``unpack``."""
    for one in answers:
        given = unpack(one, form)
        yield {line.code: given.get(line.code, "") for line in form.lines}


def sheets_csv(answers: Iterable[Answer], form: Questionnaire) -> str:
    """A CSV of sheets in sorted order, which says nothing of who answered when.

    It holds single answers: it is for scoring, never for the agency. Raises ``InputError`` as ``unpack``.
    """
    target = StringIO()
    writer = csv.writer(target)
    writer.writerow([line.code for line in form.lines])
    writer.writerows(sorted(list(sheet.values()) for sheet in sheets(answers, form)))
    return target.getvalue()


def write_sheets(path: Path, answers: Iterable[Answer], form: Questionnaire) -> int:
    """Write ``sheets_csv`` to a file; returns how many answers it holds."""
    answers = list(answers)
    path.write_bytes(sheets_csv(answers, form).encode())
    return len(answers)


def tallies(answers: Iterable[Answer], form: Questionnaire) -> dict[str, Tally]:
    """Respondents per option of every line, by node id: what ``scoring.sheets.count`` gives for the same sheets."""
    counted: Counter[tuple[str, str]] = Counter()
    for one in answers:
        counted.update(unpack(one, form).items())
    part = form.container if "." in form.container else None  # only codes of parts have a dot (framework.model)
    return {
        at_part(line.code, part): Tally(
            {option: counted[line.code, option] for option in line.options if counted[line.code, option]}
        )
        for line in form.lines
    }
