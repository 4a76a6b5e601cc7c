"""A salt without a personal part proves nothing, and anybody could change it unseen: it goes."""

from typing import Any

from django.db import migrations


def empty(apps: Any, _schema_editor: Any) -> None:
    apps.get_model("history", "Entry").objects.filter(personal_hash="").exclude(salt="").update(salt="")


class Migration(migrations.Migration):
    dependencies = [("history", "0002_chain")]

    operations = [migrations.RunPython(empty, migrations.RunPython.noop)]
