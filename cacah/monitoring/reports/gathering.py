"""Everything that the report of an area tells, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass

from cacah.areas.codes import level_of, parent_of
from cacah.areas.models import Level
from cacah.institutions.outsiders import Row, View
from cacah.monitoring import queries
from cacah.monitoring.figures import Ranked, ranked
from cacah.monitoring.measures import RANKED_BY
from cacah.monitoring.moment import Moment, moment
from cacah.monitoring.siblings import Sibling
from cacah.registry.models import Census
from cacah.registry.queries import census, waiting_families

# So many of the best, and as many of the last; fewer areas than twice that are all shown.
MOST = 5


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A report: figures, the areas below by rank, who waits for a visit, institutions."""

    census: Census
    found: Moment
    # The areas directly below of which the register has persons, the highest per cent first.
    places: list[Ranked]
    # Unlisted families that nobody has verified yet, and families that ask for a visit.
    to_be_verified: int
    to_be_visited: int
    # Rows that an outsider may see, the best first; none where there are no institutions.
    institutions: list[Row]

    @property
    def area(self) -> str:
        return self.found.figures.area

    @property
    def best(self) -> list[Ranked]:
        """The areas at the top, or all where they are few."""
        return self.places if len(self.places) <= 2 * MOST else self.places[:MOST]

    @property
    def last(self) -> list[Ranked]:
        """The areas at the bottom, the last first; none where all are shown already."""
        return [] if len(self.places) <= 2 * MOST else self.places[: -MOST - 1 : -1]


def sibling_of(place: Ranked) -> Sibling:
    """Return the figures of a place with its pace."""
    assert isinstance(place.figures, Sibling)
    return place.figures


def evaluation(area: str) -> Evaluation | None:
    """Return the report's content (undotted code, "" for the nation); None for an unknown area.

    Reports go down to districts: what they say of an area among its siblings is public there.
    Raises registry.queries.NoCensus.
    """
    if area and level_of(area) > Level.DISTRICT:
        return None
    with queries.one_moment():
        found = moment(area, parent=(parent_of(area) or "") if area else None)
        if found is None:
            return None
        return Evaluation(
            census(),
            found,
            [each for each in ranked(found.below, RANKED_BY) if each.value is not None],
            *waiting_families(area=area),
            View(area).league(),
        )
