"""All agencies of a round counted at once where their answers are: no export, and no agency by agency.

Separate from ``outcome``, which counts one survey, because it loads the engines of the national room.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import numpy as np
from django.db import connection

from prongsai.national.counted import Counted
from prongsai.national.engines.live import LiveEngine, Stored
from prongsai.scoring.structure import structure
from prongsai.scoring.wide import Layout, containers, layout
from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Form, SurveyState

_ANSWERS = """
SELECT t.agency_id AS agency, a.form_id AS version, a.packed
FROM surveys_answer a
JOIN surveys_box b ON b.id = a.box_id
JOIN surveys_survey s ON s.id = b.survey_id
JOIN rounds_assessment t ON t.id = s.assessment_id
WHERE t.round_id = {round} AND s.container = '{container}' AND s.state = '{closed}'
"""


def count_round(of: Round, agencies: Iterable[int], *, moments: bool = False) -> dict[str, Counted]:
    """The counts of a round's closed surveys, by container. ``agencies``: their numbers here, a line each, ascending.

    Raises ``InputError`` where answers do not fit their questionnaire, or are of an agency that is not named.
    """
    numbers = np.array(sorted(agencies), np.int64)
    dialect: Literal["postgres", "sqlite"] = "postgres" if connection.vendor == "postgresql" else "sqlite"
    engine = LiveEngine(connection, dialect)
    tree = structure(of.framework)
    return {
        container: engine.count(_stored(of, container, layout(tree, container)), numbers, moments=moments)
        for container in containers(of.framework, "survey")
    }


def _stored(of: Round, container: str, rows: Layout) -> Stored:
    # Django quotes no literals; these three are a number, a code of the framework and a constant of ours.
    answers = _ANSWERS.format(round=int(of.pk), container=container, closed=SurveyState.CLOSED.value)
    forms = Form.objects.filter(surveys__assessment__round=of, surveys__container=container).distinct()
    return Stored(rows, answers, tuple(form.asked for form in forms.order_by("version")))
