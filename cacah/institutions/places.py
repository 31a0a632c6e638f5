"""Tells the staff room where an institution lies, so that coordinators can be invited."""

from __future__ import annotations

from django.db.models import Q

from cacah.institutions.models import Institution
from cacah.staff.places import Place


class InstitutionPlaces:
    """What `cacah.staff.places` asks; a closed institution takes no new coordinator."""

    def place_of(self, institution: int) -> Place | None:
        """Return where an institution lies, None for one that is not there or is closed."""
        found = Institution.objects.filter(pk=institution, closed_at=None).first()
        if found is None:
            return None
        path = tuple(int(step) for step in found.path.strip("/").split("/"))
        return Place(found.name, found.area_id or "", path)

    def below(self, institutions: tuple[int, ...]) -> list[int]:
        """Return the ids of everything below these institutions, themselves left out."""
        paths = Institution.objects.filter(pk__in=institutions).values_list("path", flat=True)
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(path__startswith=path)
        below = Institution.objects.filter(within).exclude(pk__in=institutions)
        return list(below.values_list("pk", flat=True))
