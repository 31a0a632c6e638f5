"""Knows the role of those who go out in a team; nothing changes in the database."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("staff", "0002_reinstated"),
    ]

    operations = [
        migrations.AlterField(
            model_name="grant",
            name="role",
            field=models.CharField(
                choices=[
                    ("national", "National officer"),
                    ("province", "Province officer"),
                    ("regency", "Regency officer"),
                    ("district", "District officer"),
                    ("statistician", "Statistician"),
                    ("help_desk", "Help desk"),
                    ("coordinator", "Institution coordinator"),
                    ("team", "Team member"),
                ],
                max_length=20,
            ),
        ),
    ]
