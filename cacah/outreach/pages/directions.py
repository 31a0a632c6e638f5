"""The way to a visit, as links that a phone opens in its map."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from cacah.areas.queries import full_name
from cacah.outreach.models import Visit
from cacah.outreach.queries.problems import spot_of

OPENSTREETMAP = "https://www.openstreetmap.org"


@dataclass(frozen=True, slots=True)
class Directions:
    """Addresses of a map; `geo` is "" where the place has no coordinates."""

    geo: str
    map: str


def directions(visit: Visit) -> Directions:
    """Return the links of a visit; without coordinates the map is asked for the address."""
    spot = spot_of(visit)
    if spot.is_located:
        at = f"{spot.latitude:.6f},{spot.longitude:.6f}"
        pin = urlencode({"mlat": f"{spot.latitude:.6f}", "mlon": f"{spot.longitude:.6f}"})
        place = f"{OPENSTREETMAP}/?{pin}#map=17/{spot.latitude:.6f}/{spot.longitude:.6f}"
        return Directions(f"geo:{at}?q={at}({quote(visit.title)})", place)
    asked = ", ".join(part for part in (visit.address, full_name(visit.area_id)) if part)
    return Directions("", f"{OPENSTREETMAP}/search?{urlencode({'query': asked})}")
