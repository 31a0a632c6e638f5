"""Invitations that a tutor shares: how often they were opened, never by whom."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cacah.areas.models import Area
from cacah.institutions.models import Institution, RosterEntry


class InvitationKind(models.TextChoices):
    """Whose invitation it is; officers see the word of the page."""

    PERSON = "person", "person"
    INSTITUTION = "institution", "institution"


class Invitation(models.Model):
    """A link and a poster of one person on a roster, or of an institution as a whole."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=11, choices=InvitationKind)
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, related_name="+")
    # Null once the person is on no roster any more: what was reached stays.
    entry = models.ForeignKey(RosterEntry, models.SET_NULL, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    # Families that answered by it are counted from their cases (queries.invitations).
    opened = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(entry__isnull=False), name="invitation_of_a_person"
            ),
            models.UniqueConstraint(
                fields=["institution"],
                condition=Q(kind="institution"),
                name="invitation_of_an_institution",
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(kind="institution", institution__isnull=False),
                name="invitation_of_an_institution_names_it",
            ),
            models.CheckConstraint(condition=Q(opened__gte=0), name="invitation_counts"),
        ]
