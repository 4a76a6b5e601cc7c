from typing import Any

from django.db import migrations, models
from django.utils import timezone


def count_from_now(apps: Any, _schema_editor: Any) -> None:
    """When a password was handed out was not noted before."""
    apps.get_model("people", "Person").objects.filter(must_change=True).update(handed_out=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("people", "0004_sessions_and_administration")]

    operations = [
        migrations.AddField("Person", "handed_out", models.DateTimeField(blank=True, null=True)),
        migrations.RunPython(count_from_now, migrations.RunPython.noop),
    ]
