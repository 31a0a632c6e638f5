"""Counts unlisted families, keeps where they are, and who asks to be visited.

Columns are added with a constant default, which rewrites no row of a large table.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0002_hash_partitions"),
    ]

    operations = [
        migrations.AddField(
            model_name="progressdelta",
            name="unlisted_families",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="progressdelta",
            name="unlisted_persons",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="progressdelta",
            name="unverified_families",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="progressdelta",
            name="unverified_persons",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="Unlisted",
            fields=[
                (
                    "household",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.household",
                    ),
                ),
                ("area", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                ("visit", models.BooleanField()),
            ],
            options={
                "indexes": [models.Index(fields=["area"], name="unlisted_by_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("household_id__lt", 0)), name="unlisted_id_is_negative"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitRequest",
            fields=[
                (
                    "household",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.household",
                    ),
                ),
                ("area", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_signal", "no_signal"),
                            ("no_device", "no_device"),
                            ("cannot_read", "cannot_read"),
                            ("no_documents", "no_documents"),
                            ("other", "other"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["area"], name="visit_request_by_area")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["no_signal", "no_device", "cannot_read", "no_documents", "other"],
                            )
                        ),
                        name="visit_request_reason_is_known",
                    )
                ],
            },
        ),
    ]
