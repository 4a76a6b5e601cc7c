"""Agencies and their units, by the agency's own names."""

from __future__ import annotations

from django.db import models

from prongsai.scoring.agency_kinds import AGENCY_KINDS


class Agency(models.Model):
    """An agency that is assessed. ``code`` is its address in URLs; ``parent`` a department or ministry above it."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=255)
    name_en = models.CharField(max_length=255, blank=True)
    kind = models.CharField(max_length=40, choices=[*AGENCY_KINDS.items()], blank=True)
    district = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=100, blank=True, db_index=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    website = models.URLField(blank=True)
    staff = models.PositiveIntegerField(null=True, blank=True)
    emblem = models.ForeignKey("files.Stored", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def kind_name(self) -> str:
        """The kind in Thai, e.g. เทศบาลเมือง."""
        return AGENCY_KINDS.get(self.kind, "")

    @property
    def place(self) -> str:
        """อำเภอ… จังหวัด… as far as known."""
        parts = (f"อำเภอ{self.district}" if self.district else "", f"จังหวัด{self.province}" if self.province else "")
        return " ".join(part for part in parts if part)


class Unit(models.Model):
    """A unit inside an agency (สำนัก/กอง) that owns measures."""

    agency = models.ForeignKey(Agency, on_delete=models.CASCADE, related_name="units")
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("order", "id")
        constraints = (models.UniqueConstraint(fields=("agency", "name"), name="unit_name_once"),)

    def __str__(self) -> str:
        return self.name
