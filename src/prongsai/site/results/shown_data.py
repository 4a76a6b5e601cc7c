"""Results that were counted here, as they may leave the house: what ``analysis.disclosure`` lets through, nothing else.

Whoever takes an export away may be the chief or the officer, before whom the answers of a few are protected. What
goes out is a results file again, and scoring it gives the numbers that the pages show.
"""

from __future__ import annotations

from typing import Any

from prongsai.analysis.disclosure import WHOLE, may_show_score, may_show_tally, shown_score
from prongsai.errors import InputError
from prongsai.scoring.interval import shown, written
from prongsai.scoring.score import ScoreSheet
from prongsai.scoring.structure import Node
from prongsai.site.results.models import Result, Source
from prongsai.site.results.stored import data_of, place_of, plain, put, sheet_of_data


def outgoing(results: list[Result]) -> dict[int, dict[str, Any]]:
    """What leaves of an assessment's revisions, by their key: whole where it came in, as it may be shown where counted.

    Beside the newest that was counted here an earlier one with other answers to a survey would give those away that
    came or went between them: of that survey only its score goes out with the earlier.
    """
    going = {result.pk: result.data for result in results if result.source != Source.ASSESSED}
    newest: ScoreSheet | None = None
    for result in sorted(results, key=lambda one: -one.revision):
        if result.source != Source.ASSESSED:
            continue
        try:
            sheet = sheet_of_data(result.data, result.assume)
        except InputError:  # made by a framework that is not here any more: nobody can say what may be shown
            going[result.pk] = {key: value for key, value in result.data.items() if key != "tallies"}
            continue
        newest = newest or sheet
        going[result.pk] = shown_data(result.data, sheet, _other_answers(sheet, newest))
    return going


def shown_data(data: dict[str, Any], sheet: ScoreSheet, closed: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The results file ``data``, of which ``sheet`` is the scores, without what may not be shown; the same if all may.

    Tallies stay where they may be shown; where all answered alike, the item's score stands instead. Of a survey with
    too few people, and of those in ``closed`` (instruments, parts), the scores that are shown of it and above it stand
    as given, rounded as shown, with the level. Verdicts, respondents and official numbers stay.
    """
    nodes, tallies = sheet.structure.nodes, sheet.results.tallies
    surveyed = [name for name in tallies if _is_survey(sheet, nodes[name])]
    shut = {name for name in surveyed if _container(nodes[name]) in closed or not may_show_score(sheet, name).shown}
    alike = {name for name in surveyed if name not in shut and not may_show_tally(sheet, name).shown}
    if not shut | alike:
        return data
    out = data_of(sheet.results) | {key: data[key] for key in ("verdicts", "population", "notes") if key in data}
    for name in surveyed:
        if name not in shut | alike and (key := place_of(sheet.results, nodes[name])):
            put(out, ("tallies", *key[2:]), plain(tallies[name].counts))
    for name in sorted(alike | _whole_above(sheet, shut)):
        score, key = shown_score(sheet, name), place_of(sheet.results, nodes[name])
        if score is not None and key:
            put(out, key, written(shown(score)))
    if shut and sheet.level.name:
        put(out, ("scores", "level"), sheet.level.name)
    return out


def _whole_above(sheet: ScoreSheet, shut: set[str]) -> set[str]:
    """Parts, instruments and the total that rest on a tally that does not leave."""
    touched = set(shut)
    for node in sheet.structure.nodes.values():  # children before parents
        if any(child in touched for way in node.ways for child in way.children):
            touched.add(node.id)
    return {name for name in touched if sheet.structure.nodes[name].kind in WHOLE}


def _other_answers(sheet: ScoreSheet, newest: ScoreSheet) -> frozenset[str]:
    """Surveys of which two revisions were counted from other answers."""
    mine, theirs, nodes = sheet.results.tallies, newest.results.tallies, sheet.structure.nodes
    return frozenset(_container(nodes[name]) for name in mine if mine[name] != theirs.get(name))


def _container(node: Node) -> str:
    return node.part or str(node.instrument)


def _is_survey(sheet: ScoreSheet, node: Node) -> bool:
    return any(one.code == node.instrument and one.kind == "survey" for one in sheet.framework.instruments)
