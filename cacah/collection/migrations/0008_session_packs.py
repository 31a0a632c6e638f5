"""Knows session packs, what they delivered beside other answers, and their requests for a visit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collection", "0007_refusals_in_the_waiting_room"),
    ]

    operations = [
        migrations.CreateModel(
            name="Pack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("public_key", models.BinaryField(max_length=32)),
                ("session_code", models.CharField(max_length=12)),
                ("instrument", models.CharField(max_length=16)),
                ("made_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["session_code"], name="pack_by_session")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("public_key__length", 32)), name="pack_key_is_whole"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PackVisit",
            fields=[
                ("digest", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                (
                    "pack",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collection.pack",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Beside",
            fields=[
                (
                    "receipt_digest",
                    models.BinaryField(max_length=16, primary_key=True, serialize=False),
                ),
                ("household_id", models.BigIntegerField()),
                ("revision", models.SmallIntegerField()),
                ("issued_at", models.DateTimeField()),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("cawi", "cawi"),
                            ("guided", "guided"),
                            ("capi", "capi"),
                            ("odk", "odk"),
                        ],
                        max_length=6,
                    ),
                ),
                ("persons", models.SmallIntegerField()),
                ("instrument", models.CharField(max_length=16)),
                ("sealed", models.BinaryField()),
                ("delivered_at", models.DateTimeField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="collection.pack",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["household_id"], name="beside_by_household")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("receipt_digest__length", 16)),
                        name="beside_digest_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("persons__range", (0, 60)), ("revision__gte", 1)),
                        name="beside_counts",
                    ),
                ],
            },
        ),
    ]
