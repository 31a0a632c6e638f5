"""Creates the waiting room's three small tables: arrivals by second, the frontier, who serves."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collection", "0003_unlisted_families")]

    operations = [
        migrations.CreateModel(
            name="Arrival",
            fields=[
                ("second", models.BigIntegerField(primary_key=True, serialize=False)),
                ("places", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Frontier",
            fields=[
                (
                    "id",
                    models.SmallIntegerField(default=1, primary_key=True, serialize=False),
                ),
                ("stands_at", models.BigIntegerField()),
                ("is_full", models.BooleanField(default=False)),
                ("moved_at", models.DateTimeField()),
                ("capacity", models.FloatField()),
                ("rate", models.FloatField()),
                ("speed", models.FloatField()),
                ("turnout", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="frontier_is_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Serving",
            fields=[
                (
                    "process",
                    models.CharField(max_length=16, primary_key=True, serialize=False),
                ),
                ("reported_at", models.DateTimeField()),
                ("load", models.FloatField()),
                ("starts", models.FloatField()),
                ("submits", models.FloatField()),
                ("sessions", models.FloatField()),
            ],
        ),
    ]
