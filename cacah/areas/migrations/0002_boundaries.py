"""Makes room for the boundaries that maps draw."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_areas")]

    operations = [
        migrations.CreateModel(
            name="Boundary",
            fields=[
                (
                    "area",
                    models.OneToOneField(
                        db_column="area",
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="boundary",
                        serialize=False,
                        to="areas.area",
                    ),
                ),
                ("path", models.TextField()),
                ("left", models.IntegerField()),
                ("top", models.IntegerField()),
                ("right", models.IntegerField()),
                ("bottom", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("bottom__gte", models.F("top")), ("right__gte", models.F("left"))
                        ),
                        name="boundary_has_corners",
                    )
                ],
            },
        ),
    ]
