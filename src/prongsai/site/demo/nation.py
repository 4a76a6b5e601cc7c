"""A simulated nation put into a round as if it had been assessed here: closed surveys, verdicts, results.

For trying and measuring what looks at all agencies at once. The agencies are invented and say so in their codes.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
from django.db import transaction
from django.utils import timezone

from prongsai.analysis.disclosure import shown_score
from prongsai.national.counted import Counted
from prongsai.national.engines import count, engine
from prongsai.national.nation import NOT_JUDGED, Nation, open_nation
from prongsai.scoring.interval import shown
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.wide import ABSENT, AGENCY
from prongsai.simulation.nation import NationSpec, write_nation
from prongsai.site.agencies.models import Agency
from prongsai.site.results.models import Result, Source
from prongsai.site.results.stored import sheet_of_data
from prongsai.site.rounds.models import Assessment, Round
from prongsai.site.surveys.asked import asked
from prongsai.site.surveys.models import Answer, Box, Day, Form, Sums, Survey, SurveyState
from prongsai.survey.answers import CHARACTERS, NO_ANSWER

CODE = "sim-"  # codes of invented agencies begin so
_AT_ONCE, _DAYS = 250, 80
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def invent(into: Round, agencies: int, seed: int = 1, *, answers: bool = True) -> int:
    """Simulate a nation by the round's framework and load it; returns how many agencies came in."""
    with tempfile.TemporaryDirectory(prefix="prongsai-nation-") as folder:
        write_nation(NationSpec(into.framework, agencies, seed), Path(folder))
        return load(Path(folder), into, answers=answers)


@transaction.atomic
def load(folder: Path, into: Round, *, answers: bool = True) -> int:
    """Load a nation's folder into a round that has none of its agencies; returns how many agencies came in.

    ``answers``: each answer, too, which only the signals look at. Raises ``InputError`` as the folder's door does.
    """
    nation = open_nation(folder)
    counting = engine("polars")
    try:
        counted = count(nation, counting, moments=True)
    finally:
        counting.close()
    who = _agencies(nation)
    for start in range(0, len(who), _AT_ONCE):
        some = list(enumerate(who))[start : start + _AT_ONCE]
        surveys = _years(into, nation, counted, some)
        if answers:
            numbers = {int(nation.numbers[line]): agency.pk for line, agency in some}
            for container in counted:
                own = {one.assessment.agency_id: one for one in surveys if one.container == container}
                _answers(into, nation, container, {number: own[pk] for number, pk in numbers.items()})
    return len(who)


def _agencies(nation: Nation) -> list[Agency]:
    """The agencies in the nation's order; those that an earlier year brought are kept."""
    lines = nation.agencies.to_dicts()
    parents = _parents(nation.agencies)
    known = set(Agency.objects.filter(code__startswith=CODE).values_list("code", flat=True))
    made = [
        Agency(
            code=_code(line),
            name=line["name"],
            kind=line["kind"],
            province=line["province"],
            staff=line["staff"],
            parent=parents.get(line.get("ministry") or ""),
        )
        for line in lines
        if _code(line) not in known
    ]
    Agency.objects.bulk_create(made, batch_size=_AT_ONCE)
    found = {one.code: one for one in Agency.objects.filter(code__startswith=CODE)}
    return [found[_code(line)] for line in lines]


def _parents(table: pl.DataFrame) -> dict[str, Agency]:
    """The ministries that agencies name, as agencies above them."""
    names = table["ministry"].unique().drop_nulls().sort().to_list() if "ministry" in table.columns else []
    made = {}
    for number, name in enumerate(name for name in names if name):
        code = f"{CODE}ministry-{number}"
        made[name] = Agency.objects.get_or_create(name=name, parent=None, defaults={"code": code})[0]
    return made


def _code(line: dict[str, Any]) -> str:
    code = str(line["code"]).lower()
    return code if code.startswith(CODE) else f"{CODE}{code}"


def _years(into: Round, nation: Nation, counted: dict[str, Counted], who: list[tuple[int, Agency]]) -> list[Survey]:
    now = timezone.now()
    years, results = [], []
    for line, agency in who:
        data = _file(nation, counted, line, agency)
        year = Assessment(round=into, agency=agency, surveyed_at=now, inspected_at=now, results_at=now)
        _columns(year, sheet_of_data(data))
        years.append(year)
        results.append(Result(assessment=year, revision=1, source=Source.ASSESSED, data=data))
    Assessment.objects.bulk_create(years)
    Result.objects.bulk_create(results)
    surveys, sums = [], []
    for (line, agency), year in zip(who, years, strict=True):
        for order, (container, one) in enumerate(counted.items()):
            survey = Survey(
                assessment=year,
                container=container,
                state=SurveyState.CLOSED,
                heads=agency.staff if order == 0 else None,
                token=_token(year.pk * 8 + order),
                closed_at=now,
            )
            surveys.append(survey)
            sums.append(Sums(survey=survey, data=one.moments(line).as_data()))
    Survey.objects.bulk_create(surveys)
    Sums.objects.bulk_create(sums)
    return surveys


def _answers(into: Round, nation: Nation, container: str, surveys: dict[int, Survey]) -> None:
    """The answers of one survey of some agencies (by their number in the folder), and on which days they came."""
    asking = asked(into, container)
    form = Form.keep(asking)
    rows = {row.code: row for row in nation.surveys[container].layout.rows}
    mine = pl.col(AGENCY).is_in(list(surveys))
    table = pl.scan_parquet(list(nation.surveys[container].files)).filter(mine).collect()
    signs = [_signs(line.options, rows[line.code].options) if line.code in rows else "" for line in asking.lines]
    places = [
        table[line.code].fill_null(-1).to_list() if sign else [-1] * len(table)
        for line, sign in zip(asking.lines, signs, strict=True)
    ]
    boxes = {number: Box(survey=survey, closed=True) for number, survey in surveys.items()}
    found: list[Answer] = []
    for at, (number, *chosen) in enumerate(zip(table[AGENCY].to_list(), *places, strict=True)):
        boxes[number].filed += 1
        packed = "".join(sign[one] if one >= 0 else NO_ANSWER for sign, one in zip(signs, chosen, strict=True))
        found.append(Answer(id=f"{boxes[number].id}{at:x}", box=boxes[number], form=form, packed=packed))
    Survey.objects.filter(pk__in=[one.pk for one in surveys.values()]).update(form=form)
    Box.objects.bulk_create(boxes.values())
    Answer.objects.bulk_create(found, batch_size=2000)
    if (path := nation.folder / "arrivals.parquet").exists():
        came = pl.read_parquet(path).filter(mine & (pl.col("container") == container) & (pl.col("sheets") > 0))
        first = timezone.localdate() - dt.timedelta(days=_DAYS)
        lines = came.select(AGENCY, "day", "sheets").rows()
        Day.objects.bulk_create(
            [Day(survey=surveys[a], day=first + dt.timedelta(days=day), filed=filed) for a, day, filed in lines],
            batch_size=2000,
        )


def _signs(asked_as: tuple[str, ...], options: tuple[str, ...]) -> str:
    """The character of each option of the framework's order in packed answers, which have the questionnaire's."""
    return "".join(CHARACTERS[asked_as.index(option)] for option in options)


def _token(number: int) -> str:
    """An address that nobody can type: addresses of people have no zero."""
    text = ""
    while number:
        number, rest = divmod(number, len(_DIGITS))
        text = _DIGITS[rest] + text
    return f"0{text}"


def _file(nation: Nation, counted: dict[str, Counted], line: int, agency: Agency) -> dict[str, Any]:
    """The results file that surveys and inspection would make together."""
    about = {"name": agency.name, "kind": agency.kind, "province": agency.province}
    data: dict[str, Any] = {
        "agency": {key: value for key, value in about.items() if value},
        "framework": nation.framework.id,
        "fiscal_year": str(nation.framework.fiscal_year),
    }
    for order, (container, one) in enumerate(counted.items()):
        if not one.sheets[line]:
            continue
        codes = {row.node: row.code for row in one.layout.rows}
        for node, tally in one.tallies(line).items():
            place = data.setdefault("tallies", {})
            options = {key: str(n) for key, n in tally.counts.items()}
            if "." in container:
                place.setdefault(codes[node], {})[container] = options
            else:
                place[codes[node]] = options
        data.setdefault("respondents", {})[container] = str(int(one.sheets[line]))
        if order == 0 and agency.staff:
            data["population"] = {container: str(agency.staff)}
    verdicts = dict(_verdicts(nation, line))
    return data | ({"verdicts": verdicts} if verdicts else {})


def _verdicts(nation: Nation, line: int) -> Iterator[tuple[str, str]]:
    for layout, lines in nation.verdicts.values():
        for row, position in zip(layout.rows, lines[line], strict=True):
            if position == ABSENT:
                yield row.code, "not_applicable"
            elif position != NOT_JUDGED:
                yield row.code, row.options[position]


def _columns(year: Assessment, sheet: ScoreSheet) -> None:
    for column, node in (("overall", "overall"), ("iit", "IIT"), ("eit", "EIT"), ("oit", "OIT")):
        score = shown_score(sheet, node) if node in sheet.values else None
        setattr(year, column, None if score is None else shown(score))
    year.level = sheet.level.name or ""
