"""Takes a count away that nothing keeps: families are counted from their cases."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outreach", "0002_who_gets_a_souvenir")]

    operations = [
        migrations.RemoveConstraint("invitation", "invitation_counts"),
        migrations.RemoveField("invitation", "completed"),
        migrations.AddConstraint(
            "invitation",
            models.CheckConstraint(
                condition=models.Q(("opened__gte", 0)), name="invitation_counts"
            ),
        ),
    ]
