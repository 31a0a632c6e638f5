"""How many minutes it takes from each place of a problem to each other one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cacah.outreach.planning.problem import Speeds, Spot

EARTH_KM = 6371.0
# Digits of province, regency, district and village.
LEVELS = (2, 4, 6, 10)


def minutes(spots: Sequence[Spot], speeds: Speeds) -> NDArray[np.int64]:
    """Return the square of minutes between these spots; 0 from each to itself."""
    known = np.array([spot.is_located for spot in spots], dtype=bool)
    measured = np.ceil(_kilometres(spots) * speeds.road_factor / speeds.kmh * 60)
    both = known[:, None] & known[None, :]
    ways = np.where(both, np.maximum(measured, speeds.least), _by_area(spots, speeds))
    np.fill_diagonal(ways, 0)
    return ways.astype(np.int64)


def _kilometres(spots: Sequence[Spot]) -> NDArray[np.float64]:
    """Return great-circle distances (haversine); what is nowhere counts as at 0, 0."""
    latitude = np.radians([spot.latitude or 0.0 for spot in spots])
    longitude = np.radians([spot.longitude or 0.0 for spot in spots])
    half = np.sin((latitude[:, None] - latitude) / 2) ** 2
    half += (
        np.cos(latitude)[:, None]
        * np.cos(latitude)
        * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    kilometres: NDArray[np.float64] = 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return kilometres


def _by_area(spots: Sequence[Spot], speeds: Speeds) -> NDArray[np.float64]:
    """Return the minutes that stand for two spots' smallest common area."""
    ways = np.full((len(spots), len(spots)), float(speeds.elsewhere))
    within = (
        speeds.same_province,
        speeds.same_regency,
        speeds.same_district,
        speeds.same_village,
    )
    for digits, usual in zip(LEVELS, within, strict=True):
        # An area that is larger than this level is in none of its areas.
        codes = [
            spot.area[:digits] if len(spot.area) >= digits else f"?{n}"
            for n, spot in enumerate(spots)
        ]
        _names, numbers = np.unique(codes, return_inverse=True)
        ways[numbers[:, None] == numbers] = usual
    return ways
