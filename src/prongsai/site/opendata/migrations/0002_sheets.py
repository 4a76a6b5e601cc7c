"""How many answered the survey inside an agency stands in a column, so that agencies near in size are found."""

from __future__ import annotations

import zlib
from typing import Any

from django.db import migrations, models

from prongsai.errors import InputError
from prongsai.framework import by_id
from prongsai.publishing.lines import Line
from prongsai.site.opendata.project import inside


def count(apps: Any, _schema: Any) -> None:
    """Fill the column from the lines; a framework that is not here any more leaves it empty."""
    lines = apps.get_model("opendata", "PublishedAgency").objects
    for release in apps.get_model("opendata", "Release").objects.all():
        try:
            framework = by_id(release.framework_id)
        except InputError:
            continue
        for one in lines.filter(release=release).only("detail").iterator(500):
            told = Line.of_json(zlib.decompress(bytes(one.detail))).respondents
            lines.filter(pk=one.pk).update(sheets=inside(framework, told))


class Migration(migrations.Migration):
    dependencies = (("opendata", "0001_releases"),)
    operations = (
        migrations.AddField("publishedagency", "sheets", models.PositiveIntegerField(null=True)),
        migrations.RunPython(count, migrations.RunPython.noop),
        migrations.RemoveIndex("publishedagency", "opendata_pu_release_3150e7_idx"),
        migrations.AddIndex(
            "publishedagency",
            models.Index(fields=["release", "kind", "sheets"], name="opendata_near_in_size"),
        ),
    )
