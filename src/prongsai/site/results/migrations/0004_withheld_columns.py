"""Scores of a few people that may not be shown any more leave the columns that lists sort by (decision 013)."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from prongsai.analysis.disclosure import may_show_score
from prongsai.errors import InputError
from prongsai.site.results.stored import sheet_of_data

COLUMNS = {"overall": "overall", "iit": "IIT", "eit": "EIT", "oit": "OIT"}


def withhold(apps: Any, _schema: Any) -> None:
    """Empty what the newest revision of an assessment may not show. Official numbers without answers are passed over."""
    results, assessments = apps.get_model("results", "Result"), apps.get_model("rounds", "Assessment")
    newest = dict(results.objects.order_by("revision").values_list("assessment_id", "pk"))
    for assessment, pk in newest.items():
        data, assume = results.objects.values_list("data", "assume").get(pk=pk)
        if not data.get("tallies"):
            continue
        try:
            sheet = sheet_of_data(data, assume)
        except InputError:  # made by a framework that is not here any more: no page shows it either
            continue
        closed = [
            name for name, node in COLUMNS.items() if node in sheet.values and not may_show_score(sheet, node).shown
        ]
        if closed:
            assessments.objects.filter(pk=assessment).update(**dict.fromkeys(closed))


class Migration(migrations.Migration):
    dependencies = (("results", "0003_assessed_here"), ("rounds", "0003_own_rounds"))
    operations = (migrations.RunPython(withhold, migrations.RunPython.noop),)
