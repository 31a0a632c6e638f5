"""What a pack's laptop has handed over to the centre; empty everywhere else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

models.BinaryField.register_lookup(Length)


class Kind(models.TextChoices):
    """What a laptop has that the centre must get; the order is that in which one needs another."""

    UNLISTED = "unlisted", "unlisted"
    SUBMISSION = "submission", "submission"
    VISIT = "visit", "visit"
    SEAT = "seat", "seat"


class Outcome(models.TextChoices):
    """What the centre said of it."""

    STORED = "stored", "stored"
    # It was there: an earlier try had brought it, and its answer was lost on the way.
    AGAIN = "again", "again"
    # The family has answered otherwise meanwhile: kept there, and not counted.
    BESIDE = "beside", "beside"
    REFUSED = "refused", "refused"


class Delivered(models.Model):
    """Something that the centre has been given, and what became of it.

    It saves the link and tells the team; what it forgets is delivered again, and is there already.
    """

    # Names the thing: the digest of a receipt or a reference, or one of what was sent.
    key = models.BinaryField(primary_key=True, max_length=16)
    kind = models.CharField(max_length=10, choices=Kind)
    outcome = models.CharField(max_length=8, choices=Outcome)
    # The code of why it was refused.
    why = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(key__length=16), name="delivered_key_is_whole"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="delivered_kind"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="delivered_outcome"
            ),
        ]
