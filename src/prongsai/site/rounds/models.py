"""Rounds, their stage calendar, and each agency's assessment."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.framework import Framework, by_id
from prongsai.site.base.text import T


class Round(models.Model):
    """One run of one framework version over some agencies. ``slug`` is its address in URLs, e.g. the fiscal year.

    ``own``: the agency that runs it for itself, a rehearsal for instance; such rounds are in no list of rounds.
    """

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    fiscal_year = models.PositiveSmallIntegerField(null=True)  # B.E.
    framework_id = models.CharField(max_length=60)
    framework_version = models.PositiveIntegerField()
    open = models.BooleanField(default=True)
    own = models.ForeignKey(
        "agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="own_rounds"
    )

    class Meta:
        ordering = ("-fiscal_year", "slug")

    def __str__(self) -> str:
        return self.name

    @property
    def framework(self) -> Framework:
        """The framework the round is pinned to. Raises ``InputError`` where this installation lacks it."""
        return by_id(self.framework_id)


class StageKind(models.TextChoices):
    """The steps of an agency's year that have a deadline, in the order of the year."""

    SURVEY = "survey", T("สำรวจความคิดเห็น (IIT และ EIT)", "Surveys (IIT and EIT)")
    EVIDENCE = "evidence", T("เปิดเผยข้อมูลและส่งหลักฐาน (OIT)", "Disclose and submit evidence (OIT)")
    INSPECTION = "inspection", T("ตรวจประเมิน OIT", "Inspection of OIT")
    CLARIFICATION = "clarification", T("ชี้แจงเพิ่มเติม", "Clarification")
    APPEAL = "appeal", T("อุทธรณ์ผลการตรวจประเมิน", "Appeal")
    RESULTS = "results", T("นำเข้าผลการประเมิน", "Bring in the results")
    PLAN = "plan", T("จัดทำมาตรการ", "Draw up measures")
    APPROVAL = "approval", T("เสนอผู้บริหารพิจารณา", "Approval by the chief executive")
    PUBLICATION = "publication", T("แจ้งเวียนและเผยแพร่", "Circulate and publish")
    REPORT_6 = "report_6", T("รายงานผลรอบ 6 เดือน", "Report at 6 months")
    REPORT_12 = "report_12", T("รายงานผลรอบ 12 เดือน", "Report at 12 months")


# Steps of rounds that are assessed here; rounds whose results come from elsewhere have only those of ``IMPROVING``.
ASSESSING = (StageKind.SURVEY, StageKind.EVIDENCE, StageKind.INSPECTION, StageKind.CLARIFICATION, StageKind.APPEAL)
IMPROVING = tuple(kind for kind in StageKind if kind not in ASSESSING)

# The column of an assessment that says when a step was done.
DONE_AT = {
    StageKind.SURVEY: "surveyed_at",
    StageKind.EVIDENCE: "evidence_at",
    StageKind.INSPECTION: "inspected_at",
    StageKind.CLARIFICATION: "clarified_at",
    StageKind.APPEAL: "appealed_at",
    StageKind.RESULTS: "results_at",
    StageKind.PLAN: "submitted_at",
    StageKind.APPROVAL: "approved_at",
    StageKind.PUBLICATION: "published_at",
    StageKind.REPORT_6: "reported_6_at",
    StageKind.REPORT_12: "reported_12_at",
}


class Stage(models.Model):
    """When a step opens and closes: at 23:59:59 of the day in Bangkok."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=20, choices=StageKind.choices)
    opens = models.DateField()
    closes = models.DateField()

    class Meta:
        ordering = ("opens", "closes")
        constraints = (models.UniqueConstraint(fields=("round", "kind"), name="stage_once_a_round"),)

    def __str__(self) -> str:
        return f"{self.round} · {self.kind}"


class Extension(models.Model):
    """A later closing day, for all agencies of the round or for one, with its reason."""

    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="extensions")
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    closes = models.DateField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.stage} → {self.closes}"


class Assessment(models.Model):
    """One agency in one round. The columns below ``contact`` repeat what lists sort by; results and plans set them."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="assessments")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="assessments")
    contact = models.CharField(max_length=300, blank=True)
    overall = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    level = models.CharField(max_length=60, blank=True)
    iit = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    eit = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    oit = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    surveyed_at = models.DateTimeField(null=True, blank=True)
    evidence_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    clarified_at = models.DateTimeField(null=True, blank=True)
    appealed_at = models.DateTimeField(null=True, blank=True)
    results_at = models.DateTimeField(null=True, blank=True)
    plan_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    reported_6_at = models.DateTimeField(null=True, blank=True)
    reported_12_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-round__fiscal_year", "agency__name")
        constraints = (models.UniqueConstraint(fields=("round", "agency"), name="agency_once_a_round"),)
        indexes = (models.Index(fields=("round", "overall")), models.Index(fields=("round", "level")))

    def __str__(self) -> str:
        return f"{self.agency} · {self.round}"

    def done_at(self, stage: str) -> dt.datetime | None:
        """When a step was done; None while it is open."""
        found: dt.datetime | None = getattr(self, DONE_AT[StageKind(stage)])
        return found
