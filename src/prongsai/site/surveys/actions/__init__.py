"""Every change of surveys, one file per group; imported here so that the log knows their sentences."""

from prongsai.site.surveys.actions import elsewhere, lists, own, wordings  # noqa: F401
from prongsai.site.surveys.actions.codes import CODE_SCOPE, IssueCodes, VoidCodes
from prongsai.site.surveys.actions.everywhere import StartJob
from prongsai.site.surveys.actions.open import (
    CloseEarly,
    CloseSurvey,
    FinishClosing,
    GiveUpLost,
    OpenSurvey,
    PrepareSurveys,
)
from prongsai.site.surveys.actions.places import AddPlace, RenamePlace
from prongsai.site.surveys.actions.setting import SetUpSurvey

__all__ = [
    "CODE_SCOPE",
    "AddPlace",
    "CloseEarly",
    "CloseSurvey",
    "FinishClosing",
    "GiveUpLost",
    "IssueCodes",
    "OpenSurvey",
    "PrepareSurveys",
    "RenamePlace",
    "SetUpSurvey",
    "StartJob",
    "VoidCodes",
]
