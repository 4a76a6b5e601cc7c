"""Surveys, their boxes, and the letterbox. Read ``survey/letterbox.py`` first: these are its tables.

``Code`` and ``Letter`` share no key, and ``Answer`` shares none with either. ``store.py`` alone writes them, in SQL.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.jobs import BackgroundJob
from prongsai.site.base.text import T
from prongsai.survey.codes import ALPHABET
from prongsai.survey.frozen import from_data, to_data
from prongsai.survey.questionnaire import Questionnaire

TOKEN_LENGTH = 6  # of an address that people type


def new_token() -> str:
    """The end of a typable address: no look-alikes, small letters. It is an address, not a secret.

    Surveys and service points share one space of addresses, and a nation's surveys are enough to meet by chance.
    """
    while True:
        token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH)).lower()
        if not Survey.objects.filter(token=token).exists() and not Place.objects.filter(token=token).exists():
            return token


def new_box() -> str:
    """The id of a box."""
    return secrets.token_hex(8)


class Form(models.Model):
    """A questionnaire as it was asked, in all its languages. A row is never edited: a change is another version.

    ``lines`` repeats codes and option keys for the view ``answer_rows``.
    """

    version = models.CharField(max_length=16, primary_key=True)
    questionnaire = models.CharField(max_length=80)
    container = models.CharField(max_length=20)
    data = models.JSONField()
    lines = models.JSONField()

    def __str__(self) -> str:
        return f"{self.questionnaire} {self.version}"

    @property
    def asked(self) -> Questionnaire:
        """The questionnaire."""
        return from_data(self.data)

    @classmethod
    def keep(cls, form: Questionnaire) -> Form:
        """The row of a questionnaire, made where there is none."""
        made: dict[str, Any] = {
            "questionnaire": form.id,
            "container": form.container,
            "data": to_data(form),
            "lines": [{"code": line.code, "options": list(line.options)} for line in form.lines],
        }
        return cls.objects.get_or_create(version=form.version, defaults=made)[0]


class SurveyState(models.TextChoices):
    """Where a survey stands. ``CLOSING``: nobody can answer any more, the mixer has not finished."""

    DRAFT = "draft", T("เตรียมการ", "Being prepared")
    OPEN = "open", T("เปิดรับคำตอบ", "Open")
    CLOSING = "closing", T("กำลังปิด", "Closing")
    CLOSED = "closed", T("ปิดแล้ว", "Closed")


class Survey(models.Model):
    """One questionnaire asked of one agency in one round. Its window is the step ``survey`` of the round's calendar.

    ``required`` is how many respondents are needed, with where that number comes from; ``heads`` how many people could
    answer. ``by_codes``, ``by_link``, ``by_places``: by which doors answers come in. ``token`` is its open address.
    ``published_at``: since when its results by service point are public.
    """

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="surveys")
    container = models.CharField(max_length=20)
    form = models.ForeignKey(Form, null=True, on_delete=models.PROTECT, related_name="surveys")
    state = models.CharField(max_length=10, choices=SurveyState.choices, default=SurveyState.DRAFT)
    heads = models.PositiveIntegerField(null=True, blank=True)
    required = models.PositiveIntegerField(null=True, blank=True)
    required_source = models.CharField(max_length=300, blank=True)
    by_codes = models.BooleanField(default=False)
    by_link = models.BooleanField(default=False)
    by_places = models.BooleanField(default=False)
    by_interview = models.BooleanField(default=False)
    token = models.CharField(max_length=12, unique=True, default=new_token)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("container",)
        constraints = (models.UniqueConstraint(fields=("assessment", "container"), name="survey_once"),)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.container}"


class Place(models.Model):
    """A service point with an address of its own: which counter, never which person."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="places")
    unit = models.ForeignKey("agencies.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    token = models.CharField(max_length=12, unique=True, default=new_token)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("survey", "name"), name="place_once"),)

    def __str__(self) -> str:
        return self.name


class Box(models.Model):
    """Where answers of one survey (or of one of its service points) wait and are mixed: k holds for each box.

    ``batch`` is the open batch; none before the mixer has prepared the box and after the close. ``filed`` counts.
    """

    id = models.CharField(max_length=16, primary_key=True, default=new_box)
    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="boxes")
    place = models.OneToOneField(Place, null=True, on_delete=models.CASCADE, related_name="box")
    batch = models.CharField(max_length=32, null=True)
    closed = models.BooleanField(default=False)
    filed = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.id


class CodeSet(models.Model):
    """Codes that were issued together. The codes themselves are shown once and kept nowhere.

    ``way``: ``heads`` (as many as are needed, nobody is drawn) or ``list`` (a draw by the assessor, to be checked by
    its ``list_digest`` and, after the close, its ``seed``). ``voided_at``: when its unspent codes were made void.
    """

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="code_sets")
    way = models.CharField(max_length=10)
    count = models.PositiveIntegerField()
    list_digest = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.survey}: {self.count}"


class Code(models.Model):
    """The keyed digest of a one-time code, and whether it is spent. ``nonce`` is dropped at the next mixing.

    ``set``: with which it was issued, so that a lost sheet can be made void.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="codes")
    set = models.ForeignKey(CodeSet, null=True, on_delete=models.SET_NULL, related_name="codes")
    spent = models.BooleanField(default=False)
    receipt = models.CharField(max_length=16, blank=True)
    nonce = models.CharField(max_length=32, blank=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Seen(models.Model):
    """A form that came in through an open door: tells a double click, and an interview that is sent again.

    ``until``: the day after which the form itself is refused, so that the row can go.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    until = models.DateField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Letter(models.Model):
    """A sealed answer that is not mixed yet."""

    id = models.CharField(max_length=32, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="letters")
    batch = models.CharField(max_length=32)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.id


class Answer(models.Model):
    """A mixed answer: one character per line of its form."""

    id = models.CharField(max_length=32, primary_key=True)
    box = models.ForeignKey(Box, on_delete=models.CASCADE, related_name="answers")
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="answers")
    packed = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.id


class Sums(models.Model):
    """The moments of a closed survey (``scoring.tally.Moments``): for standard errors, never shown or published."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="sums")
    data = models.JSONField()

    def __str__(self) -> str:
        return f"{self.survey}"


class Sealed(models.Model):
    """What a closed survey's answers and tally are verified against (``survey/seal.py``), never shown or exported.

    ``boxes``: box → seal; ``secret`` keys them and is emptied with the answers. ``tally``, ``tally_secret``: the same.
    """

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="sealed")
    secret = models.CharField(max_length=64, blank=True)
    boxes = models.JSONField()
    tally_secret = models.CharField(max_length=64)
    tally = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.survey}"


class Day(models.Model):
    """How many answers a survey got on a day: for the forecast. Counts only; answers carry no day."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    filed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day",)
        constraints = (models.UniqueConstraint(fields=("survey", "day"), name="survey_day_once"),)

    def __str__(self) -> str:
        return f"{self.survey} {self.day}"


class Wording(models.Model):
    """Texts that an assessor adds to a round's questionnaire, in one language. Surveys already open keep theirs."""

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="wordings")
    container = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    draft = models.BooleanField(default=False)
    texts = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("container", "language")
        constraints = (models.UniqueConstraint(fields=("round", "container", "language"), name="wording_once"),)

    def __str__(self) -> str:
        return f"{self.round} · {self.container} · {self.language}"


class PeopleList(models.Model):
    """Whom an agency named as possible respondents, until the assessor has drawn from it; then the row goes."""

    survey = models.OneToOneField(Survey, on_delete=models.CASCADE, related_name="people")
    entries = models.JSONField()
    digest = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.survey}: {self.digest[:12]}"


class JobKind(models.TextChoices):
    """What can be done for all agencies of a round at once."""

    PREPARE = "prepare", T("เตรียมแบบสำรวจ", "Prepare the surveys")
    OPEN = "open", T("เปิดรับคำตอบ", "Open the surveys")
    GATHER = "gather", T("ประมวลผลคะแนน", "Make the results")


class Job(BackgroundJob):
    """One thing done for all agencies of a round in the background, agency by agency.

    ``refused``: agencies for which it was not possible, with the reason in both languages.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="survey_jobs")
    kind = models.CharField(max_length=10, choices=JobKind.choices)
    options = models.JSONField(default=dict)
    refused = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.round} {self.kind} {self.done}/{self.total}"
