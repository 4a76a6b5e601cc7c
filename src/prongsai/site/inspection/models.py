"""OIT from assignment to a confirmed score: one ``Evidence`` per item, and what is done about it.

The agency's side: ``states.py`` (who may move to where), ``checklist.py`` (an agency's items read for pages),
``filing.py`` (may this person change this item now), ``actions/assign.py``, ``actions/fill.py``,
``actions/check.py`` + ``jobs.py`` (advisory checks in the background), ``actions/confirm.py`` + ``frozen.py``
(confirmation by the chief executive and what exactly was confirmed), ``table.py`` (the public table of links),
``copies.py`` (the store of preserved copies).
The inspector's side: ``Assignment``, ``Mark``, ``Conflict``; the answer to it: ``Clarification``, ``Decision``.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from prongsai.site.base.jobs import BackgroundJob
from prongsai.site.base.text import T

MAX_URL = 2000


class State(models.TextChoices):
    """Where the evidence of one item stands; ``states.py`` says which steps lead from each."""

    OPEN = "open", T("กำลังจัดเตรียม", "Being prepared")
    READY = "ready", T("พร้อมเสนอ", "Ready")
    CONFIRMED = "confirmed", T("ผู้บริหารยืนยันแล้ว", "Confirmed")
    LOCKED = "locked", T("ปิดรับแล้ว รอตรวจประเมิน", "Locked, waits for inspection")
    MARKED = "marked", T("ตรวจประเมินแล้ว", "Marked")
    PRELIMINARY = "preliminary", T("แจ้งผลเบื้องต้นแล้ว", "Preliminary result open")
    CLARIFYING = "clarifying", T("อยู่ระหว่างพิจารณาคำชี้แจง", "Clarification being considered")
    DECIDED = "decided", T("วินิจฉัยคำชี้แจงแล้ว", "Clarification decided")
    APPEALED = "appealed", T("อยู่ระหว่างพิจารณาอุทธรณ์", "Appeal being considered")
    FINAL = "final", T("ผลเป็นที่สุด", "Final")


class Evidence(models.Model):
    """What an agency files for one item, and what became of it. A row exists from the first assignment or typing on.

    ``item``: code in the round's framework. ``effective``: from when what is disclosed is in force. ``version`` counts
    savings of the agency's part. ``verdict`` (an option of the item's scale, or ``not_applicable``) and ``points``
    (where the framework knows partial points) are what stands now: preliminary until ``state`` is final.
    ``again``: why a further mark is wanted (``sample``, ``disagreement``); empty where one is enough.
    """

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="evidence")
    item = models.CharField(max_length=10)
    unit = models.ForeignKey("agencies.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="evidence")
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    not_applicable = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    effective = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    again = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=40, blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    final_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("assessment", "id")
        constraints = (models.UniqueConstraint(fields=("assessment", "item"), name="evidence_once_an_item"),)
        indexes = (models.Index(fields=("item", "state")), models.Index(fields=("state",)))

    def __str__(self) -> str:
        return f"{self.item} {self.assessment}"

    @property
    def told_state(self) -> State:
        """Where it stands as the agency is told.

        Marked or not is one until the result is opened: who saw which items are not done after a first mark would
        know which ones a second inspector repeats.
        """
        return State.LOCKED if self.state == State.MARKED else State(self.state)


class Link(models.Model):
    """A public address filed for an item. ``elements``: texts of the framework's elements that it is to prove.

    The same address may be filed for several items and years; each use is a row of its own.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="links")
    order = models.PositiveSmallIntegerField(default=0)
    url = models.CharField(max_length=MAX_URL)
    label = models.CharField(max_length=300, blank=True)
    elements = models.JSONField(default=list, blank=True)
    latest = models.ForeignKey("Check", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("order", "id")

    def __str__(self) -> str:
        return self.url


class CheckRun(BackgroundJob):
    """A look at some links of an agency, carried out by a job. ``evidence``: the one item, or None for all."""

    STATES = (
        ("waiting", T("รอดำเนินการ", "Waiting")),
        ("running", T("กำลังตรวจสอบ", "Running")),
        ("done", T("ตรวจสอบแล้ว", "Done")),
        ("failed", T("ตรวจสอบไม่สำเร็จ", "Failed")),
    )
    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="check_runs")
    evidence = models.ForeignKey(Evidence, null=True, on_delete=models.CASCADE, related_name="check_runs")
    occasion = models.CharField(max_length=12, default="asked")  # asked, confirmation, watch
    state = models.CharField(max_length=10, choices=STATES, default="waiting")
    error = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.assessment} {self.done}/{self.total}"


class Check(models.Model):
    """What the checks saw of a link: advice, never a result. ``data``: ``evidence.results.Result.as_json``.

    ``url``: what was looked at; it counts for the link only while the link still says that.
    """

    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="checks")
    run = models.ForeignKey(CheckRun, null=True, on_delete=models.SET_NULL, related_name="checks")
    url = models.CharField(max_length=MAX_URL)
    at = models.DateTimeField()
    severity = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.severity} {self.url}"

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Each finding: code, severity, th, en."""
        found: list[dict[str, Any]] = self.data.get("findings", [])
        return found


class Preserved(models.Model):
    """A copy of what a link showed at a moment, as ``evidence/preserve`` keeps it: inspectors judge this.

    ``name`` is that of its manifest in the store (``copies.py``); ``manifest`` the same as data, for lists; ``sha256``
    of the body as fetched (equal ones are kept once). ``failure``: why there is nothing, in Thai.
    """

    OCCASIONS = (
        ("submission", T("ขณะส่งหลักฐาน", "At submission")),
        ("inspection", T("ขณะตรวจประเมิน", "At inspection")),
    )
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="copies")
    link = models.ForeignKey(Link, null=True, on_delete=models.SET_NULL, related_name="copies")
    url = models.CharField(max_length=MAX_URL)
    occasion = models.CharField(max_length=12, choices=OCCASIONS)
    at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    name = models.CharField(max_length=64, blank=True)
    manifest = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return f"{self.url} {self.at:%Y-%m-%d}"


class Confirmation(models.Model):
    """The chief executive (or a delegate) stands by what is filed. ``content`` is exactly that; ``digest`` is of it.

    The public table of links is made from ``content`` and nothing else. Taken back: ``withdrawn_at`` is set.
    """

    assessment = models.ForeignKey("rounds.Assessment", on_delete=models.CASCADE, related_name="confirmations")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    signed_as = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("assessment", "number"), name="confirmation_number_once"),
            models.UniqueConstraint(
                fields=("assessment",), condition=models.Q(withdrawn_at=None), name="one_confirmation_stands"
            ),
        )

    def __str__(self) -> str:
        return f"{self.assessment} {self.number}"


class Assignment(models.Model):
    """What an inspector is given to mark in a round: an item, an agency, or an item of one agency (the other empty).

    ``order``: which mark is asked for (1 first, 2 second); a third follows from a disagreement.
    """

    round = models.ForeignKey("rounds.Round", on_delete=models.CASCADE, related_name="inspections")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="inspections")
    item = models.CharField(max_length=10, blank=True)
    agency = models.ForeignKey("agencies.Agency", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("round", "item", "id")
        indexes = (models.Index(fields=("inspector", "round")),)

    def __str__(self) -> str:
        return f"{self.inspector} {self.item or '*'} {self.agency or '*'}"


class Mark(models.Model):
    """What one inspector says of one item. ``order``: 1 first, 2 second (sample), 3 after a disagreement.

    A rejection names the ``missing`` element and says so in a ``sentence``. ``copies``: the preserved copies that
    were judged; ``live``: whether the inspector opened the link itself as well.
    """

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="marks")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="marks")
    order = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=40)
    missing = models.CharField(max_length=500, blank=True)
    sentence = models.TextField(blank=True)
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    copies = models.ManyToManyField(Preserved, related_name="marks", blank=True)
    live = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("evidence", "order")
        constraints = (models.UniqueConstraint(fields=("evidence", "order"), name="mark_order_once"),)

    def __str__(self) -> str:
        return f"{self.evidence} {self.order}: {self.verdict}"


class Conflict(models.Model):
    """An inspector says that an agency is not to be theirs (family, earlier post …)."""

    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(
                fields=("inspector", "agency"), condition=models.Q(withdrawn_at=None), name="conflict_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspector} × {self.agency}"


class Clarification(models.Model):
    """The agency's answer to a preliminary verdict, on the links already filed; or its appeal after that.

    ``links``: those of the filed ones that it points to. What is allowed besides is the framework's to say.
    """

    KINDS = (
        ("clarification", T("คำชี้แจงเพิ่มเติม", "Clarification")),
        ("appeal", T("อุทธรณ์", "Appeal")),
    )
    STATES = (
        ("draft", T("ฉบับร่าง", "Draft")),
        ("filed", T("ยื่นแล้ว", "Filed")),
        ("withdrawn", T("ถอนแล้ว", "Withdrawn")),
        ("decided", T("วินิจฉัยแล้ว", "Decided")),
    )
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="clarifications")
    kind = models.CharField(max_length=15, choices=KINDS, default="clarification")
    text = models.TextField()
    links = models.ManyToManyField(Link, related_name="clarifications", blank=True)
    state = models.CharField(max_length=10, choices=STATES, default="draft")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("evidence", "id")
        constraints = (models.UniqueConstraint(fields=("evidence", "kind"), name="clarification_once_a_kind"),)

    def __str__(self) -> str:
        return f"{self.evidence} {self.kind}"


class Decision(models.Model):
    """The verdict on a clarification or appeal, by someone who did not mark the item before."""

    clarification = models.ForeignKey(Clarification, on_delete=models.CASCADE, related_name="decisions")
    inspector = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    verdict = models.CharField(max_length=40)
    missing = models.CharField(max_length=500, blank=True)
    sentence = models.TextField()
    points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    copies = models.ManyToManyField(Preserved, related_name="decisions", blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("clarification", "at")

    def __str__(self) -> str:
        return f"{self.clarification}: {self.verdict}"


class WatchedAddress(models.Model):
    """What the watch has seen of a published address so far. ``failures`` in a row, the first at ``failing_since``."""

    digest = models.CharField(max_length=64, primary_key=True)
    url = models.CharField(max_length=MAX_URL)
    checked = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.url
