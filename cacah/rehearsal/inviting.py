"""Invitations of a rehearsal: shared by institutions and their people, opened, and answered by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from random import Random

from django.utils import timezone

from cacah.institutions.models import Institution
from cacah.institutions.queries import subtree
from cacah.outreach.actions import invitations as verbs
from cacah.outreach.models import Invitation
from cacah.outreach.queries.invitations import of_people, own
from cacah.rehearsal.families import Family
from cacah.rehearsal.fates import Event, Step, left_alone
from cacah.rehearsal.life import Life, awake, hurried
from cacah.rehearsal.province import SEED
from cacah.staff.models import Officer

# Families that came by an institution's own link, and by those of its most eager people.
BY_THE_INSTITUTION, BY_PEOPLE = 17, (8, 6, 5, 4, 3, 2, 2, 1, 1)
# So often a link is opened for each family that answers, and by how many who never do.
OPENED, IN_VAIN = 3, 4
SINCE = timedelta(days=9)
# In a hundred of all families at most, so that small rehearsals keep some to try.
MOST_OF_ALL = 2


def share_links(families: Sequence[Family], *, coordinators: Mapping[int, Officer]) -> None:
    """Have institutions share links, each by its coordinator, and families answer by them.

    Safe to repeat: who has shared before does so no more. Raises NotARehearsal, NoCensus.
    """
    life = awake(families, seed=SEED)
    rng = Random(SEED)  # noqa: S311  (a rehearsal must repeat itself)
    with hurried():
        for pk, coordinator in coordinators.items():
            institution = Institution.objects.get(pk=pk)
            if own(institution) is None:
                _share(life, institution, coordinator, rng)


def _share(life: Life, institution: Institution, by: Officer, rng: Random) -> None:
    units = list(subtree(institution.pk).values_list("pk", flat=True))
    whole = verbs.invite(by=by, institution=institution)
    verbs.invite_people(by=by, institution=institution, units=units)
    people = of_people(units).order_by("entry")[: len(BY_PEOPLE)]
    free = _free(life, institution.area_id or "")
    for link, many in ((whole, BY_THE_INSTITUTION), *zip(people, BY_PEOPLE, strict=False)):
        _open_and_answer(life, link, many, free, rng)


def _free(life: Life, area: str) -> Iterator[int]:
    """Yield families of an area that have not answered, a few of all, by their places."""
    alone = left_alone(len(life.families))
    there: Iterable[int] = (
        n
        for n, family in enumerate(life.families)
        if n not in alone and family.village.startswith(area) and life.may_answer(n)
    )
    for count, n in enumerate(there):
        if count * 100 >= len(life.families) * MOST_OF_ALL:
            return
        yield n


def _open_and_answer(
    life: Life, link: Invitation, many: int, free: Iterator[int], rng: Random
) -> None:
    chosen = [n for n, _one in zip(free, range(many), strict=False)]
    for n in chosen:
        at = timezone.now() - SINCE * rng.random()
        life.submit_together([Event(at, Step.SUBMIT, n, invitation=link.code)])
    opened = OPENED * len(chosen) + rng.randrange(IN_VAIN)
    Invitation.objects.filter(pk=link.pk).update(opened=opened)
