"""What may change about an agency and its units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from prongsai.site.agencies.models import Agency, Unit
from prongsai.site.files.models import Stored
from prongsai.site.history.action import Action, refuse


@dataclass(kw_only=True)
class CreateAgency(Action):
    """A new agency; its code becomes its address and stays."""

    values: Mapping[str, Any]

    code = "agencies.create"
    th = "{actor} เพิ่มหน่วยงาน {name}"
    en = "{actor} added the agency {name}"
    made: Agency | None = None

    def agency(self) -> Agency | None:
        """The new one."""
        return self.made

    subject = agency

    def check(self) -> None:
        """The code must be free."""
        if Agency.objects.filter(code=self.values["code"]).exists():
            raise refuse(
                "agencies.code_taken",
                "มีหน่วยงานที่ใช้รหัสนี้แล้ว",
                "another agency has this code",
                "โปรดใช้รหัสอื่น",
                "Please use another code.",
            )

    def do(self) -> Agency:
        """Make it."""
        self.made = Agency.objects.create(**self.values)
        return self.made

    def facts(self) -> dict[str, Any]:
        """Its name."""
        return {"name": self.values["name"]}


@dataclass(kw_only=True)
class ChangeAgency(Action):
    """New data of an agency. ``version`` is the one that was edited: a newer one is never written over."""

    of: Agency
    version: int
    values: Mapping[str, Any]
    emblem: Stored | None = None

    code = "agencies.change"
    th = "{actor} แก้ไขข้อมูลหน่วยงาน: {fields}"
    en = "{actor} changed the agency's data: {fields}"

    def agency(self) -> Agency:
        """The agency."""
        return self.of

    subject = agency

    def check(self) -> None:
        """Nobody else may have changed it since the form was opened."""
        self.of = Agency.objects.select_for_update().get(pk=self.of.pk)
        if self.of.version != self.version:
            raise refuse(
                "agencies.changed_meanwhile",
                "มีผู้แก้ไขข้อมูลหน่วยงานระหว่างที่ท่านกำลังกรอก ข้อมูลล่าสุดแสดงอยู่ด้านล่าง",
                "someone else changed the agency's data meanwhile; the latest stands below",
                "โปรดเทียบกับสิ่งที่ท่านกรอก แล้วบันทึกอีกครั้ง",
                "Compare it with what you typed, then save again.",
            )
        self.changed = [name for name, value in self.values.items() if getattr(self.of, name) != value]
        self.changed += ["emblem"] if self.emblem else []

    def do(self) -> Agency:
        """Write the data."""
        for name, value in self.values.items():
            setattr(self.of, name, value)
        if self.emblem:
            self.of.emblem = self.emblem
        self.of.version += 1
        self.of.save()
        return self.of

    def facts(self) -> dict[str, Any]:
        """Which fields changed."""
        return {"fields": ", ".join(self.changed) or "–"}


@dataclass(kw_only=True)
class _OfUnit(Action):
    unit: Unit

    def agency(self) -> Agency:
        """The unit's agency."""
        return self.unit.agency

    def subject(self) -> Unit:
        """The unit."""
        return self.unit

    def facts(self) -> dict[str, Any]:
        """Its name."""
        return {"unit": self.unit.name}


@dataclass(kw_only=True)
class SaveUnit(_OfUnit):
    """A new unit, or another name, telephone or e-mail of one."""

    values: Mapping[str, Any]

    code = "agencies.unit_save"
    th = "{actor} บันทึกส่วนราชการ {unit} (เดิม: {before})"
    en = "{actor} saved the unit {unit} (before: {before})"

    def check(self) -> None:
        """A name is used once in an agency."""
        self.before = Unit.objects.filter(pk=self.unit.pk).values_list("name", flat=True).first() or "–"
        same = Unit.objects.filter(agency=self.unit.agency, name=self.values["name"]).exclude(pk=self.unit.pk)
        if same.exists():
            raise refuse(
                "agencies.unit_twice",
                f"มีส่วนราชการชื่อ “{self.values['name']}” อยู่แล้ว",
                f"there is a unit named “{self.values['name']}” already",
                "โปรดใช้ชื่ออื่น หรือนำส่วนราชการเดิมกลับมาใช้",
                "Use another name, or bring the former unit back.",
            )

    def do(self) -> Unit:
        """Write it; a new one stands last."""
        for name, value in self.values.items():
            setattr(self.unit, name, value)
        if not self.unit.pk:
            last: int = Unit.objects.filter(agency=self.unit.agency).aggregate(last=Max("order"))["last"] or 0
            self.unit.order = last + 1
        self.unit.save()
        return self.unit

    def facts(self) -> dict[str, Any]:
        """Name now and before."""
        return {"unit": self.unit.name, "before": self.before}


@dataclass(kw_only=True)
class MoveUnit(_OfUnit):
    """One place up or down in the agency's own order."""

    up: bool

    code = "agencies.unit_move"
    th = "{actor} เปลี่ยนลำดับส่วนราชการ {unit}"
    en = "{actor} moved the unit {unit}"

    def do(self) -> None:
        """Number all of the agency's units anew with this one moved."""
        units = list(self.unit.agency.units.all())
        at = units.index(self.unit)
        units.insert(max(0, at - 1) if self.up else at + 1, units.pop(at))
        for number, unit in enumerate(units, start=1):
            unit.order = number
        Unit.objects.bulk_update(units, ["order"])


@dataclass(kw_only=True)
class RetireUnit(_OfUnit):
    """The unit is no longer offered; measures and history that name it stay."""

    code = "agencies.unit_retire"
    th = "{actor} เลิกใช้ส่วนราชการ {unit}"
    en = "{actor} retired the unit {unit}"
    active = False

    def do(self) -> None:
        """Switch it."""
        self.unit.active = self.active
        self.unit.save(update_fields=["active"])


@dataclass(kw_only=True)
class RestoreUnit(RetireUnit):
    """A retired unit is offered again."""

    code = "agencies.unit_restore"
    th = "{actor} นำส่วนราชการ {unit} กลับมาใช้"
    en = "{actor} took the unit {unit} back into use"
    active = True
