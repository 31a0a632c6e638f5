"""How an officer stands to an institution: it is their own, lies below them, or is unknown."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from cacah.institutions.models import Institution
from cacah.institutions.queries import ancestors, is_within, subtree
from cacah.staff.door import OfficeRequest
from cacah.staff.roles import Permission


@dataclass(frozen=True, slots=True)
class Seat:
    """An institution as one officer may see it."""

    institution: Institution
    # From the top down to it, itself last.
    above: list[Institution]
    # The officer coordinates it, or one above it: sees its people, and nothing else of them.
    is_own: bool

    @property
    def names_open(self) -> bool:
        """Whether the mandate lets officers above see its people."""
        return any(each.names_to_officers for each in self.above)

    def units(self) -> list[Institution]:
        """Return it and all below it, by path."""
        return list(subtree(self.institution.pk))


def seat(request: OfficeRequest, institution: int) -> Seat:
    """Return how the officer stands to an institution; raises Http404 for one not to be seen."""
    found = Institution.objects.filter(pk=institution, closed_at=None).first()
    if found is None:
        raise Http404
    is_own = is_within(found, request.scope.institutions(Permission.MANAGE_ROSTER))
    if not is_own and not request.scope.sees(found.area_id or "", Permission.SEE_INSTITUTIONS):
        raise Http404
    return Seat(found, ancestors(found), is_own)


def own_seat(request: OfficeRequest, institution: int) -> Seat:
    """Return it for those who coordinate it; raises Http404 for everybody else."""
    found = seat(request, institution)
    if not found.is_own:
        raise Http404
    return found


def whole_number(text: str) -> int:
    """Return the id that an address or a form gives, 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
