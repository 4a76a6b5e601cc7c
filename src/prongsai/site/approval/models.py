"""Bundles of frozen documents, the chain of ranks that decides, how it was signed, and circulation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.text import T


class Verb(models.TextChoices):
    """What a rank does with a bundle. A negative opinion still goes up; a return needs a reason."""

    PROPOSE = "propose", T("เสนอ", "Propose")
    FORWARD = "forward", T("เสนอต่อ", "Forward")
    SUPPORT = "support", T("เห็นสมควร", "Support")
    OPPOSE = "oppose", T("ไม่เห็นสมควร", "Do not support")
    APPROVE = "approve", T("อนุมัติ", "Approve")
    REFUSE = "refuse", T("ไม่อนุมัติ", "Refuse")
    RETURN = "return", T("ส่งคืนแก้ไข", "Return")


class Rank(models.Model):
    """One rank of an agency's chain, lowest first. ``act``: forward, opine or decide (the last rank decides)."""

    ACTS = (
        ("forward", T("เสนอต่อ", "Forward")),
        ("opine", T("ให้ความเห็น", "Give an opinion")),
        ("decide", T("พิจารณาอนุมัติ", "Decide")),
    )
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="ranks")
    order = models.PositiveSmallIntegerField()
    position = models.CharField(max_length=200)
    role = models.ForeignKey("people.Role", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=10, choices=ACTS)
    may_be_author = models.BooleanField(default=False)  # whether whoever proposed may also act here

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("agency", "order"), name="rank_order_once"),)

    def __str__(self) -> str:
        return self.position


class BundleState(models.TextChoices):
    """What became of a bundle."""

    OPEN = "open", T("อยู่ระหว่างพิจารณา", "Under consideration")
    APPROVED = "approved", T("อนุมัติแล้ว", "Approved")
    REFUSED = "refused", T("ไม่อนุมัติ", "Refused")
    RETURNED = "returned", T("ส่งคืนแก้ไข", "Returned")
    SUPERSEDED = "superseded", T("มีฉบับใหม่แทน", "Superseded")


class Bundle(models.Model):
    """Rendered files frozen on submission. ``digest`` is of their names and hashes; decisions bind to it.

    ``subject``: ``plan``, ``report_6`` or ``report_12``. ``plan_revision`` is what was rendered.
    """

    SUBJECTS = (
        ("plan", T("มาตรการ", "Measures")),
        ("report_6", T("รายงานรอบ 6 เดือน", "Report at 6 months")),
        ("report_12", T("รายงานรอบ 12 เดือน", "Report at 12 months")),
    )
    plan = models.ForeignKey("plans.Plan", on_delete=models.CASCADE, related_name="bundles")
    subject = models.CharField(max_length=12, choices=SUBJECTS, default="plan")
    number = models.PositiveIntegerField()
    plan_revision = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    memo_number = models.CharField(max_length=100, blank=True)
    memo_date = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=BundleState.choices, default=BundleState.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_as = models.CharField(max_length=400, blank=True)  # name and post of whoever proposed
    at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = (models.UniqueConstraint(fields=("plan", "subject", "number"), name="bundle_number_once"),)

    def __str__(self) -> str:
        return f"{self.plan} · {self.subject} #{self.number}"


class BundleFile(models.Model):
    """One frozen file of a bundle."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="files")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    layout = models.CharField(max_length=20, blank=True)
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.title


class Turn(models.Model):
    """A rank of the chain as it was when the bundle was submitted, and what was done there."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="turns")
    order = models.PositiveSmallIntegerField()
    position = models.CharField(max_length=200)
    role = models.ForeignKey("people.Role", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=10, choices=Rank.ACTS)
    may_be_author = models.BooleanField(default=False)
    verb = models.CharField(max_length=10, choices=Verb.choices, blank=True)
    text = models.TextField(blank=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signature = models.ForeignKey("Signature", null=True, on_delete=models.SET_NULL, related_name="+")
    signed_as = models.CharField(max_length=400, blank=True)  # name and post as the sheet shows them
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("order",)
        constraints = (models.UniqueConstraint(fields=("bundle", "order"), name="turn_order_once"),)

    def __str__(self) -> str:
        return f"{self.bundle} · {self.position}"


class Signature(models.Model):
    """A signed paper that came back: a scan, or a digitally signed PDF with what was found in it.

    Whoever brought it in (``by``) typed what the paper says: who signed, when, and which decision.
    """

    METHODS = (
        ("scan", T("ลงนามบนกระดาษแล้วสแกน", "Signed on paper, scanned")),
        ("pades", T("ลายมือชื่อดิจิทัล", "Digital signature")),
    )
    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="signatures")
    method = models.CharField(max_length=10, choices=METHODS)
    file = models.ForeignKey("files.Stored", on_delete=models.PROTECT, related_name="+")
    verdict = models.JSONField(default=dict)
    verb = models.CharField(max_length=10, choices=Verb.choices, blank=True)
    signed_as = models.CharField(max_length=400, blank=True)
    signed_on = models.DateField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.bundle} · {self.method}"


class Circular(models.Model):
    """An approved bundle sent round to all units."""

    bundle = models.OneToOneField(Bundle, on_delete=models.CASCADE, related_name="circular")
    text = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.bundle)


class Acknowledgement(models.Model):
    """A unit has seen a circular."""

    circular = models.ForeignKey(Circular, on_delete=models.CASCADE, related_name="acknowledgements")
    unit = models.ForeignKey("agencies.Unit", on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("unit__order", "unit_id")
        constraints = (models.UniqueConstraint(fields=("circular", "unit"), name="acknowledged_once"),)

    def __str__(self) -> str:
        return f"{self.circular} · {self.unit}"
