"""Keeps how far a job is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Advance",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("done", models.IntegerField()),
                ("of", models.IntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("done__gte", 0), ("of__gte", 0)),
                        name="advance_is_counted",
                    )
                ],
            },
        ),
    ]
