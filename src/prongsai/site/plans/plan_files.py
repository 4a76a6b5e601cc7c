"""Reading an uploaded plan file, and what taking it over would change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from prongsai.errors import InputError, Problem
from prongsai.improvement import model
from prongsai.improvement.checks import PlanProblem, check_plan
from prongsai.improvement.files import read_plan
from prongsai.site.plans.actions.files import new_units
from prongsai.site.plans.convert import as_plan
from prongsai.site.plans.models import Plan

# What no one can mend by editing afterwards: the file is not about this framework.
_FATAL = ("plan.unknown_item", "plan.repeated_id")


@dataclass(frozen=True)
class Preview:
    """What a file would change, before anything is changed. Titles of measures, names of units."""

    shape: model.Plan
    added: list[str]
    changed: list[str]
    removed: list[str]
    kept: int
    new_units: list[str]
    problems: list[PlanProblem]

    @property
    def nothing(self) -> bool:
        """Whether the file says what the plan says."""
        return not (self.added or self.changed or self.removed)


def read_upload(data: bytes, name: str, plan: Plan) -> model.Plan:
    """A plan file for this plan. Raises ``InputError``: unreadable, or another agency's, framework's or year's."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "plan.yaml")
        path.write_bytes(data)
        shape = read_plan(path)
    here = as_plan(plan, [])
    wrong = []
    if shape.agency.name.split() != here.agency.name.split():
        wrong.append(
            Problem(
                "plan.agency",
                f"{name} agency.name",
                f"ไฟล์นี้เป็นของ “{shape.agency.name}” แต่ท่านกำลังทำแผนของ “{here.agency.name}”",
                f"the file is of “{shape.agency.name}”, this plan of “{here.agency.name}”",
                "โปรดเลือกไฟล์ของหน่วยงานนี้ หรือแก้ชื่อหน่วยงานในไฟล์ให้ตรงกัน",
                "Choose the file of this agency, or correct the agency’s name in the file.",
            )
        )
    for key, what, theirs, ours in (
        ("framework", "กรอบการประเมิน", shape.framework, here.framework),
        ("result_year", "ปีของผลการประเมิน", shape.result_year, here.result_year),
    ):
        if theirs != ours:
            wrong.append(
                Problem(
                    f"plan.{key}",
                    f"{name} {key}",
                    f"{what}ในไฟล์คือ {theirs} แต่แผนนี้คือ {ours}",
                    f"{key} is {theirs} in the file, expected {ours}",
                    "โปรดเลือกไฟล์แผนของปีนี้ หากต้องการใช้มาตรการของปีก่อน ให้ใช้ “นำมาตรการปีก่อนมาใช้ต่อ”",
                    "Choose this year’s plan file. To use last year’s measures, use “Carry over last year’s measures”.",
                )
            )
    wrong += [
        Problem(
            found.code,
            f"{name} {found.where}",
            found.th,
            found.en,
            "โปรดแก้ในไฟล์แล้วนำเข้าอีกครั้ง",
            "Mend it in the file and import again.",
        )
        for found in check_plan(shape)
        if found.code in _FATAL and not wrong
    ]
    if wrong:
        raise InputError(wrong)
    return shape


def preview(plan: Plan, shape: model.Plan) -> Preview:
    """Compare a file with the accepted measures, by id."""
    now = {m.id: (p.id, m) for p in as_plan(plan).points for m in p.measures}
    wanted = {m.id: (p.id, m) for p in shape.points for m in p.measures}
    same = [key for key in wanted if now.get(key) == wanted[key]]
    known = set(plan.assessment.agency.units.values_list("name", flat=True))
    return Preview(
        shape,
        [wanted[key][1].title for key in wanted if key not in now],
        [wanted[key][1].title for key in wanted if key in now and key not in same],
        [now[key][1].title for key in now if key not in wanted],
        len(same),
        new_units(shape, known),
        check_plan(shape),
    )
