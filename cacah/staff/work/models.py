"""What exists of work beside the queue itself: how far a job is."""

from __future__ import annotations

from django.db import models


class Advance(models.Model):
    """How far a job of the queue has come, in whatever it counts: rows, pages, mails."""

    # Of procrastinate_jobs; no foreign key, so that a finished job can go without waiting.
    job_id = models.BigIntegerField(primary_key=True)
    done = models.IntegerField()
    # 0 while it is not known how many there will be.
    of = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__gte=0, of__gte=0), name="advance_is_counted"
            ),
        ]
