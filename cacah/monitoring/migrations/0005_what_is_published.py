"""Keeps what everybody was shown, so that it only ever goes on by steps."""

from __future__ import annotations

from django.db import migrations, models

NUMBERS = (
    "expected_families",
    "expected_persons",
    "responded_families",
    "responded_persons",
    "complete_families",
    "complete_persons",
)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0004_reports")]

    operations = [
        migrations.CreateModel(
            name="Published",
            fields=[
                (
                    "area",
                    models.CharField(blank=True, max_length=6, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField()),
                *((name, models.IntegerField()) for name in NUMBERS),
            ],
        ),
        migrations.CreateModel(
            name="PublishedDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "area", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("area", models.CharField(blank=True, max_length=6)),
                ("day", models.DateField()),
                ("responded_families", models.IntegerField()),
            ],
        ),
    ]
