"""The questionnaire of a round as it will be asked: the framework's, with the assessor's wordings and translations."""

from __future__ import annotations

from prongsai.site.rounds.models import Round
from prongsai.site.surveys.models import Survey, Wording
from prongsai.survey.questionnaire import THAI, Questionnaire, questionnaire
from prongsai.survey.shipped import shipped
from prongsai.survey.wording import Wording as Texts
from prongsai.survey.wording import with_wording


def own_form(of: Round, container: str) -> Questionnaire:
    """The framework's questionnaire alone. Raises ``InputError`` where it asks nobody under this name."""
    return questionnaire(of.framework, container)


def asked(of: Round, container: str) -> Questionnaire:
    """What is asked when a survey of the round is opened now: Thai wordings first, then the translations of them."""
    form = own_form(of, container)
    kept = Wording.objects.filter(round=of, container=container)
    for one in sorted(kept, key=lambda one: (one.language != THAI, one.language)):
        form = with_wording(form, Texts(form.id, one.language, "draft" if one.draft else "reviewed", dict(one.texts)))
    return shipped(form)


def form_of(survey: Survey) -> Questionnaire:
    """What a survey asks: fixed since it was opened, else as it would be asked now."""
    return survey.form.asked if survey.form else asked(survey.assessment.round, survey.container)
