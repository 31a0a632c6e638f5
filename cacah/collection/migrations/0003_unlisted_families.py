"""Marks submissions to be verified, and keeps the review list of shared numbers.

Columns are added with a constant default, which rewrites no row of a large table.
"""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("collection", "0002_hash_partitions"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="to_be_verified",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="ForeignNumber",
            fields=[
                ("digest", models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                (
                    "households",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("digest__length", 16)),
                        name="foreign_number_digest_is_whole",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SharedNumber",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lower_id",
                        "higher_id",
                        "digest",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("lower_id", models.BigIntegerField()),
                ("higher_id", models.BigIntegerField()),
                ("digest", models.BinaryField(max_length=16)),
                ("noticed_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "ruling",
                    models.CharField(
                        choices=[("same", "same"), ("different", "different")],
                        max_length=9,
                        null=True,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("lower_id__lt", models.F("higher_id"))),
                        name="shared_number_lower_first",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ruling__isnull", True), ("settled_at__isnull", True)),
                            models.Q(
                                ("ruling__in", ["same", "different"]), ("settled_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="shared_number_settled_with_ruling",
                    ),
                ],
            },
        ),
    ]
