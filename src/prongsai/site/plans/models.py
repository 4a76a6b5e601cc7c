"""Plans of measures as people edit them, and what was done; ``convert.py`` gives the improvement room's shape."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.agencies.models import Unit
from prongsai.site.base.text import T


class PlanState(models.TextChoices):
    """Where a plan stands. Editing an approved plan makes it a draft again, which needs approval anew."""

    DRAFT = "draft", T("กำลังจัดทำ", "Draft")
    SUBMITTED = "submitted", T("เสนอพิจารณา", "Submitted")
    APPROVED = "approved", T("อนุมัติแล้ว", "Approved")
    PUBLISHED = "published", T("เผยแพร่แล้ว", "Published")


class Plan(models.Model):
    """The plan that answers one assessment's results. ``revision`` grows with every change."""

    KINDS = (("measures", T("มาตรการส่งเสริมคุณธรรมฯ", "Measures")), ("action_plan", T("แผนปฏิบัติการ", "Action plan")))
    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="plans")
    kind = models.CharField(max_length=20, choices=KINDS, default="measures")
    action_year = models.PositiveSmallIntegerField()  # B.E.
    filed_year = models.PositiveSmallIntegerField(null=True, blank=True)
    filed_item = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=12, choices=PlanState.choices, default=PlanState.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)  # sent back and not yet proposed again
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-action_year", "id")
        constraints = (models.UniqueConstraint(fields=("assessment", "kind"), name="plan_kind_once"),)

    def __str__(self) -> str:
        return f"{self.assessment} · {self.kind}"


class Choice(models.TextChoices):
    """What the officer decided on a proposal."""

    PROPOSED = "proposed", T("ระบบเสนอ", "Proposed")
    ACCEPTED = "accepted", T("รับไว้", "Accepted")
    DROPPED = "dropped", T("ตัดออก", "Dropped")


class Point(models.Model):
    """A point to raise. ``version`` guards against two people writing over each other."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=20)
    items = models.JSONField(default=list)
    indicators = models.JSONField(default=list)
    topic = models.TextField(blank=True)
    finding = models.TextField(blank=True)
    guideline = models.TextField(blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged")
    dropped = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=("plan", "key"), name="point_key_once"),)

    def __str__(self) -> str:
        return self.topic or self.key


class Measure(models.Model):
    """One measure, proposed or written by the officer. ``key`` is its id in plan files and never changes."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=30)
    title = models.TextField()
    monitoring = models.TextField(blank=True)
    budget = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    budget_source = models.CharField(max_length=200, blank=True)
    success_indicator = models.TextField(blank=True)
    proposal = models.CharField(max_length=60, blank=True)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    choice = models.CharField(max_length=10, choices=Choice.choices, default=Choice.PROPOSED)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One step of a measure with its units and period."""

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    units = models.ManyToManyField("agencies.Unit", blank=True, related_name="steps")
    start = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    period_text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.text

    @cached_property
    def unit_list(self) -> list[Unit]:
        """Its units as they were when first read here: pages ask hundreds of steps several times over."""
        return list(self.units.all())


class Report(models.Model):
    """What became of one measure at 6 or 12 months, as its units report it."""

    STATUSES = (
        ("not_started", T("ยังไม่เริ่มดำเนินการ", "Not started")),
        ("in_progress", T("อยู่ระหว่างดำเนินการ", "In progress")),
        ("done", T("ดำเนินการแล้วเสร็จ", "Done")),
    )
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="reports")
    months = models.PositiveSmallIntegerField(
        choices=((6, T("รอบ 6 เดือน", "6 months")), (12, T("รอบ 12 เดือน", "12 months")))
    )
    status = models.CharField(max_length=12, choices=STATUSES, default="not_started")
    obstacles = models.TextField(blank=True)
    result = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("months",)
        constraints = (models.UniqueConstraint(fields=("measure", "months"), name="report_once_a_period"),)

    def __str__(self) -> str:
        return f"{self.measure} · {self.months}"


class Deed(models.Model):
    """Something that was done, and when."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="deeds")
    text = models.TextField()
    date = models.DateField(null=True, blank=True)
    end = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("date", "id")

    def __str__(self) -> str:
        return self.text


class Proof(models.Model):
    """Evidence that something was done; ``kind`` as in plan files (picture, link, order, letter, minutes, …)."""

    KINDS = (
        ("picture", T("ภาพถ่าย", "Picture")),
        ("link", T("ลิงก์", "Link")),
        ("file", T("ไฟล์", "File")),
        ("order", T("คำสั่ง", "Order")),
        ("letter", T("หนังสือราชการ", "Letter")),
        ("minutes", T("รายงานการประชุม", "Minutes")),
        ("project_report", T("รายงานผลโครงการ", "Project report")),
    )
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="proofs")
    kind = models.CharField(max_length=20, choices=KINDS)
    title = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=100, blank=True)
    date = models.DateField(null=True, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    file = models.ForeignKey("files.Stored", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.title or self.kind


class Comment(models.Model):
    """Advice of a supervisor or a question inside the agency; never a mark."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="comments")
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return self.text
