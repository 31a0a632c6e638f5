"""What exists in the areas room: one row for each area of the tree."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Length


class Level(models.IntegerChoices):
    """How deep an area lies in the tree; the code's length says the same."""

    PROVINCE = 1, "province"
    REGENCY = 2, "regency"
    DISTRICT = 3, "district"
    VILLAGE = 4, "village"
    SLS = 5, "sls"


class Area(models.Model):
    """A province, regency, district, village or SLS under its undotted Kemendagri code."""

    code = models.CharField(primary_key=True, max_length=16)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_column="parent"
    )
    level = models.SmallIntegerField(choices=Level)
    name = models.CharField(max_length=100)
    # The statistics office's own code: 10 digits to the village, 16 with the SLS.
    bps_code = models.CharField(max_length=16, null=True, unique=True)
    # Persons on the census's reference date, as the statistics office projected them.
    projected_population = models.PositiveIntegerField(null=True)
    # Per cent of `projected_population` that the area is to reach online.
    target_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(code__regex="^[0-9]+$")
                & (
                    models.Q(level=Level.PROVINCE, code__length=2, parent=None)
                    | models.Q(level=Level.REGENCY, code__length=4, parent__isnull=False)
                    | models.Q(level=Level.DISTRICT, code__length=6, parent__isnull=False)
                    | models.Q(level=Level.VILLAGE, code__length=10, parent__isnull=False)
                    | models.Q(level=Level.SLS, code__length=16, parent__isnull=False)
                ),
                name="area_code_says_level",
            ),
            models.CheckConstraint(
                condition=models.Q(target_percent__range=(0, 100)), name="area_target_is_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Boundary(models.Model):
    """The outline of an area as maps draw it, simplified together with its siblings."""

    area = models.OneToOneField(
        Area, models.CASCADE, primary_key=True, related_name="boundary", db_column="area"
    )
    # SVG path data in the units of `cacah.areas.outlines`, the same for all areas of a level.
    path = models.TextField()
    left = models.IntegerField()
    top = models.IntegerField()
    right = models.IntegerField()
    bottom = models.IntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(right__gte=models.F("left"), bottom__gte=models.F("top")),
                name="boundary_has_corners",
            ),
        ]


models.CharField.register_lookup(Length)
