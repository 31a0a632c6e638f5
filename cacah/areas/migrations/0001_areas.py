"""Creates the table of areas."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "level",
                    models.SmallIntegerField(
                        choices=[
                            (1, "province"),
                            (2, "regency"),
                            (3, "district"),
                            (4, "village"),
                            (5, "sls"),
                        ]
                    ),
                ),
                ("name", models.CharField(max_length=100)),
                ("bps_code", models.CharField(max_length=16, null=True, unique=True)),
                ("projected_population", models.PositiveIntegerField(null=True)),
                ("target_percent", models.DecimalField(decimal_places=2, max_digits=5, null=True)),
                (
                    "parent",
                    models.ForeignKey(
                        db_column="parent",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="areas.area",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[0-9]+$"),
                            models.Q(
                                models.Q(("code__length", 2), ("level", 1), ("parent", None)),
                                models.Q(
                                    ("code__length", 4), ("level", 2), ("parent__isnull", False)
                                ),
                                models.Q(
                                    ("code__length", 6), ("level", 3), ("parent__isnull", False)
                                ),
                                models.Q(
                                    ("code__length", 10), ("level", 4), ("parent__isnull", False)
                                ),
                                models.Q(
                                    ("code__length", 16), ("level", 5), ("parent__isnull", False)
                                ),
                                _connector="OR",
                            ),
                        ),
                        name="area_code_says_level",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target_percent__range", (0, 100))),
                        name="area_target_is_per_cent",
                    ),
                ],
            },
        ),
    ]
