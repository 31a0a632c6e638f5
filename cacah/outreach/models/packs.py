"""Packs with which a session can be held without a signal; their keys are the collection room's."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from cacah.collection.models import Pack
from cacah.outreach.models.sessions import GuidedSession
from cacah.staff.models import Officer


class SessionPack(models.Model):
    """A pack that was prepared for a session: by whom, and of which families; none is named."""

    pack = models.OneToOneField(Pack, models.PROTECT, primary_key=True, related_name="+")
    session = models.ForeignKey(GuidedSession, models.PROTECT, related_name="packs")
    # Which of the session's packs it is, from 1: its laptop's seats begin at 1000 times this.
    serial = models.SmallIntegerField()
    # Null: a command on the server.
    made_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    areas = ArrayField(models.CharField(max_length=16))
    families = models.IntegerField()
    left_out = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "serial"], name="pack_serial_is_given_once"),
            models.CheckConstraint(condition=Q(serial__range=(1, 31)), name="pack_serial"),
        ]
