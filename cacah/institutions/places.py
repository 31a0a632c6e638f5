"""Tells the staff room where an institution lies, so that coordinators can be invited."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from cacah.institutions.models import Institution
from cacah.staff.places import Place


class InstitutionPlaces:
    """What `cacah.staff.places` asks; a closed institution takes no new coordinator."""

    def places_of(self, institutions: Collection[int]) -> dict[int, Place]:
        """Return where institutions lie, by id, without those not there or closed; one query."""
        return {
            found.pk: Place(
                found.name,
                found.area_id or "",
                tuple(int(step) for step in found.path.strip("/").split("/")),
            )
            for found in Institution.objects.filter(pk__in=institutions, closed_at=None)
        }

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        """Return the ids of everything below these institutions, themselves left out."""
        paths = Institution.objects.filter(pk__in=institutions).values_list("path", flat=True)
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(path__startswith=path)
        below = Institution.objects.filter(within).exclude(pk__in=institutions)
        return list(below.values_list("pk", flat=True))
