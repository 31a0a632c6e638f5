"""Notes when an officer was let in again, so that sessions from before stay ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0001_officers"),
    ]

    operations = [
        migrations.AddField(
            model_name="officer",
            name="reinstated_at",
            field=models.DateTimeField(null=True),
        ),
    ]
