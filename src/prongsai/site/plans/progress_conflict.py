"""Two people reported on the same measure: what differs, and a form that has both, so that nothing is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from prongsai.site.base.templatetags.prongsai import day
from prongsai.site.base.text import pick
from prongsai.site.plans.models import Deed, Proof, Report
from prongsai.site.plans.progress_forms import Sheet, add_row, numbers


@dataclass(frozen=True)
class Difference:
    """One thing that the other saved and this person typed otherwise. Empty: not there."""

    label: str
    theirs: str
    mine: str


def differences(sheet: Sheet, saved: Report) -> list[Difference]:
    """What of the typed form is not as it is saved now."""
    typed = sheet.main.cleaned_data
    status = dict(Report.STATUSES)
    found = [Difference(pick("สถานะ", "Status"), str(status[saved.status]), str(status[typed["status"]]))]
    found.append(Difference(pick("ผลที่ได้รับ", "Result"), saved.result, typed["result"]))
    found.append(Difference(pick("ปัญหาอุปสรรค", "Obstacles"), saved.obstacles, typed["obstacles"]))
    deeds = {form.cleaned_data.get("pk"): form.cleaned_data for form in sheet.deeds if form.kept}
    proofs = {form.cleaned_data.get("pk"): form.cleaned_data for form in sheet.proofs if form.kept}
    found += _rows(pick("สิ่งที่ดำเนินการ", "What was done"), list(saved.deeds.all()), deeds)
    found += _rows(pick("หลักฐาน", "Proof"), list(saved.proofs.all()), proofs)
    return [each for each in found if each.theirs != each.mine]


def _rows(label: str, saved: list[Any], typed: dict[Any, dict[str, Any]]) -> list[Difference]:
    theirs = {row.pk: _words(vars(row)) for row in saved}
    mine = {pk: _words(values) for pk, values in typed.items() if pk}
    return [Difference(label, theirs.get(pk, ""), mine.get(pk, "")) for pk in (*theirs, *(set(mine) - set(theirs)))]


def _words(values: dict[str, Any]) -> str:
    """A row in one line."""
    texts = [values.get(name) for name in ("text", "title", "number", "subject", "url")]
    dates = [day(values[name]) for name in ("date", "end") if values.get(name)]
    return " · ".join([text for text in texts if text] + dates) or pick("(ไม่มีคำอธิบาย)", "(no description)")


def merge(data: QueryDict, saved: Report) -> None:
    """Give the typed form the saved version and the rows that the other added; rows that were deleted become new."""
    data["version"] = str(saved.version)
    _merge_rows(data, "deed", list(saved.deeds.all()), ("text", "date", "end"))
    _merge_rows(data, "proof", list(saved.proofs.all()), ("kind", "title", "number", "date", "subject", "url"))


def _merge_rows(data: QueryDict, name: str, saved: list[Deed] | list[Proof], columns: tuple[str, ...]) -> None:
    known = {str(row.pk) for row in saved}
    typed = set()
    for number in numbers(data, name):
        pk = data.get(f"{name}-{number}-pk", "")
        typed.add(pk)
        if pk and pk not in known:
            data[f"{name}-{number}-pk"] = ""
    for row in saved:
        if str(row.pk) not in typed:
            add_row(data, name, {"pk": row.pk, **{column: getattr(row, column) for column in columns}})
