"""Samples of each minute, for walls."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0001_progress_of_every_area")]

    operations = [
        migrations.CreateModel(
            name="Sample",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "area", "at", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=4)),
                ("at", models.DateTimeField()),
                ("responded_families", models.BigIntegerField()),
            ],
        ),
    ]
