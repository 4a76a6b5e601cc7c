"""Entries get the hash of their personal part and their place in the chain."""

from typing import Any

from django.db import migrations, models

from prongsai.ledger.record import personal_digest


def hash_personal_parts(apps: Any, _schema_editor: Any) -> None:
    Entry = apps.get_model("history", "Entry")
    some = []
    for entry in Entry.objects.exclude(salt="").only("personal", "salt").iterator(chunk_size=1000):
        entry.personal_hash = personal_digest(entry.personal, entry.salt)
        some.append(entry)
        if len(some) == 1000:
            Entry.objects.bulk_update(some, ["personal_hash"])
            some = []
    Entry.objects.bulk_update(some, ["personal_hash"])


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [
        migrations.AddField("Entry", "personal_hash", models.CharField(blank=True, max_length=64, default=""), False),
        migrations.RunPython(hash_personal_parts, migrations.RunPython.noop),
        migrations.AddField("Entry", "number", models.PositiveBigIntegerField(null=True, unique=True)),
        migrations.AddField("Entry", "link", models.CharField(blank=True, max_length=64, default=""), False),
        migrations.AddField("Entry", "signature", models.CharField(blank=True, max_length=128, default=""), False),
        migrations.AddIndex(
            "Entry",
            models.Index(fields=("id",), condition=models.Q(("number", None)), name="history_waiting"),
        ),
    ]
