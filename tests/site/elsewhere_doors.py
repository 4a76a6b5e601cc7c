"""Doors of answers that are brought in from elsewhere."""

from __future__ import annotations

from doors import Door
from surveys_doors import ASSESSES, survey

DOORS = [
    Door("survey_elsewhere", ASSESSES, survey),
    Door("survey_xlsform", ASSESSES, survey, ok=(400,)),  # this year's option labels are not published
]
