"""Creates the sealed submissions and the counters of wrong guesses."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Guess",
            fields=[
                ("key", models.BinaryField(max_length=17, primary_key=True, serialize=False)),
                ("failures", models.IntegerField(default=1)),
                ("last_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["expires_at"], name="guess_by_expiry")],
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "household_id",
                        "revision",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
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
                ("key_digest", models.BinaryField(max_length=16)),
                ("receipt_digest", models.BinaryField(max_length=16)),
                (
                    "nik_digests",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BinaryField(max_length=16), size=None
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["receipt_digest"], name="submission_by_receipt")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("persons__range", (0, 60)), ("revision__gte", 1)),
                        name="submission_counts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("key_digest__length", 16), ("receipt_digest__length", 16)
                        ),
                        name="submission_digests_are_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["cawi", "guided", "capi", "odk"])),
                        name="submission_mode_is_known",
                    ),
                ],
            },
        ),
    ]
