"""A small place with figures, for tests of the pages of progress."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from cacah.areas.actions import put_areas
from cacah.areas.models import Area
from cacah.registry.models import Census, ProgressDelta

AREAS = [
    ("33", "Jawa Tengah"),
    ("3325", "Kabupaten Batang"),
    ("332511", "Batang"),
    ("332512", "Bandar"),
    ("3325111015", "Kauman"),
    ("3325111016", "Proyonanggan Utara"),
    ("3325122001", "Wonokerto"),
    ("3326", "Kabupaten Pekalongan"),
    ("332601", "Kandangserang"),
    ("51", "Bali"),
    ("5101", "Kabupaten Jembrana"),
]


def settle(*, days_left: int = 10) -> None:
    """Make the areas, their targets and a census that began 20 days ago."""
    lay_out()
    today = datetime.combine(timezone.localdate(), datetime.min.time(), tzinfo=UTC)
    Census.objects.create(
        code="sp2020",
        name="Sensus Penduduk 2020",
        reference_date=date(2020, 2, 15),
        opens_at=today - timedelta(days=20),
        closes_at=today + timedelta(days=days_left, hours=-7),
    )


def lay_out() -> None:
    """Make the areas, with a target of 20 % of the persons in the register."""
    put_areas(AREAS)
    Area.objects.filter(level=1).update(target_percent=Decimal(20))


def change(area: str, *, ago: int = 0, mode: str = "cawi", **counts: int) -> None:
    """Add to the counts of an area, so many days ago; `expected_families=3` and the like."""
    day = timezone.localdate() - timedelta(days=ago)
    ProgressDelta.objects.create(area=area, day=day, mode=mode, **counts)


def expect(area: str, families: int, persons: int) -> None:
    change(area, ago=20, mode="", expected_families=families, expected_persons=persons)


def respond(area: str, families: int, persons: int, *, ago: int = 0, mode: str = "cawi") -> None:
    """Let families open their form and answer at once."""
    change(
        area,
        ago=ago,
        mode=mode,
        opened_families=families,
        responded_families=families,
        responded_persons=persons,
        complete_families=families,
        complete_persons=persons,
    )
