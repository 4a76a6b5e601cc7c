"""A nation's sheets kept as the live site keeps them: ``python live_tables.py FOLDER OUT.npz`` with DATABASE_URL set.

Tables and columns are those of ``site/surveys`` that the count needs; half of the answers were given in a questionnaire
of another version, whose lines stand in another order.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from prongsai.national.counted import Counted
from prongsai.national.engines.live import LiveEngine, Stored
from prongsai.national.nation import Nation, open_nation
from prongsai.scoring.wide import layout
from prongsai.survey.answers import answer
from prongsai.survey.questionnaire import Questionnaire, questionnaire

TABLES = (
    "CREATE TABLE surveys_survey (id integer PRIMARY KEY, agency integer, container varchar(20))",
    "CREATE TABLE surveys_box (id varchar(16) PRIMARY KEY, survey_id integer)",
    "CREATE TABLE surveys_answer"
    " (id integer PRIMARY KEY, box_id varchar(16), form_id varchar(16), packed varchar(200))",
)
ANSWERS = """
SELECT s.agency, a.form_id AS version, a.packed
FROM surveys_answer a JOIN surveys_box b ON b.id = a.box_id JOIN surveys_survey s ON s.id = b.survey_id
WHERE s.container = '{container}'
"""


def forms_of(nation: Nation, container: str) -> tuple[Questionnaire, Questionnaire]:
    """Two versions of a questionnaire."""
    form = questionnaire(nation.framework, container)
    return form, replace(form, questions=form.questions[::-1])


def stored(nation: Nation, container: str) -> Stored:
    """Where the answers of a survey are."""
    whole = layout(nation.tree, container)
    return Stored(whole, ANSWERS.format(container=container), forms_of(nation, container))


def fill(connection: Any, nation: Nation, mark: str) -> None:
    """Make and fill the tables. ``mark``: what stands for a parameter."""
    cursor = connection.cursor()
    for statement in TABLES:
        cursor.execute(statement)
    surveys: dict[tuple[str, int], int] = {}
    rows = (
        (number, f"b{surveys.setdefault((container, agency), len(surveys))}", version, packed)
        for number, (container, agency, version, packed) in enumerate(_answers(nation))
    )
    while some := list(islice(rows, 10_000)):
        cursor.executemany(f"INSERT INTO surveys_answer VALUES ({mark}, {mark}, {mark}, {mark})", some)
    made = [(number, agency, container) for (container, agency), number in surveys.items()]
    cursor.executemany(f"INSERT INTO surveys_survey VALUES ({mark}, {mark}, {mark})", made)
    boxes = [(f"b{number}", number) for number in surveys.values()]
    cursor.executemany(f"INSERT INTO surveys_box VALUES ({mark}, {mark})", boxes)
    connection.commit()


def _answers(nation: Nation) -> Iterator[tuple[str, int, str, str]]:
    for container, survey in nation.surveys.items():
        forms = forms_of(nation, container)
        rows = survey.layout.rows
        for turn, sheet in enumerate(pl.read_parquet(list(survey.files)).iter_rows(named=True)):
            given = {row.code: row.options[sheet[row.code]] for row in rows if sheet[row.code] is not None}
            form = forms[turn % 2]
            yield container, sheet["agency"], form.version, answer(form, given, all_needed=False).packed


def counted(engine: LiveEngine, nation: Nation) -> dict[str, Counted]:
    """Every survey, straight from the tables."""
    return {name: engine.count(stored(nation, name), nation.numbers, moments=True) for name in nation.surveys}


def main(folder: str, out: str) -> None:
    import psycopg

    nation = open_nation(Path(folder))
    with psycopg.connect(os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)) as connection:
        fill(connection, nation, "%s")
        found = counted(LiveEngine(connection, "postgres"), nation)
    fields = ("agencies", "sheets", "counts", "pairs")
    np.savez(out, **{f"{name}/{field}": getattr(one, field) for name, one in found.items() for field in fields})


if __name__ == "__main__":
    main(*sys.argv[1:])
