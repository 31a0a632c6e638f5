"""Keeps which foreign numbers were given lately, for the rosters that name such a person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("collection", "0005_drafts_under_a_code")]

    operations = [
        migrations.CreateModel(
            name="NewNumber",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=16)),
                ("household_id", models.BigIntegerField()),
            ],
        ),
    ]
