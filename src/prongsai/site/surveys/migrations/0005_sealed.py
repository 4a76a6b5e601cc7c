"""What a closed survey's answers are verified against."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("surveys", "0004_sums")]

    operations = [
        migrations.CreateModel(
            name="Sealed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("secret", models.CharField(blank=True, max_length=64)),
                ("boxes", models.JSONField()),
                ("tally_secret", models.CharField(max_length=64)),
                ("tally", models.CharField(max_length=64)),
                (
                    "survey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="sealed", to="surveys.survey"
                    ),
                ),
            ],
        ),
    ]
