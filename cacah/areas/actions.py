"""The only writer of areas: the packaged tree, targets, the SLS of the register, boundaries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from psycopg import Cursor

from cacah.areas import codes
from cacah.areas.models import Area, Boundary
from cacah.areas.packaged import packaged_areas
from cacah.areas.targets import RejectedRow, Target, read_targets

_STAGE = """
CREATE TEMPORARY TABLE area_stage (code varchar(16), parent varchar(16), level smallint, name text)
ON COMMIT DROP
"""
_MERGE = """
INSERT INTO areas_area AS area (code, parent, level, name)
SELECT code, parent, level, name FROM area_stage ORDER BY level, code
ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE area.name <> excluded.name
"""
_SET_TARGETS = """
UPDATE areas_area SET
    projected_population = coalesce(new.population, projected_population),
    target_percent = coalesce(new.percent, target_percent)
FROM unnest(%s::text[], %s::integer[], %s::numeric[]) AS new (code, population, percent)
WHERE areas_area.code = new.code
RETURNING areas_area.code
"""


class NotLoaded(LookupError):
    """Raised with the undotted codes of areas that are not loaded."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(missing)
        self.codes = missing


@dataclass(frozen=True, slots=True)
class Outline:
    """The simplified boundary of an area: SVG path data and its left, top, right and bottom."""

    code: str
    path: str
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class TargetsReport:
    """What an import of targets did: areas written, and rows that could not be used."""

    updated: int
    rejected: list[RejectedRow] = field(default_factory=list)


def load() -> int:
    """Load the packaged areas; return how many rows are new or renamed.

    Safe to repeat: targets, projections and SLS stay, nothing is deleted.
    """
    return put_areas(packaged_areas().items())


def put_areas(areas: Iterable[tuple[str, str]]) -> int:
    """Insert or rename areas, (undotted code, name) each, by COPY; return the rows written.

    Raises IntegrityError at commit where a parent is missing.
    """
    with transaction.atomic(), connection.cursor() as wrapped:
        cursor: Cursor[tuple[object, ...]] = wrapped.cursor
        wrapped.execute(_STAGE)
        with cursor.copy("COPY area_stage FROM STDIN") as copy:
            for code, name in areas:
                copy.write_row((code, codes.parent_of(code), codes.level_of(code), name))
        wrapped.execute(_MERGE)
        written = wrapped.rowcount
        wrapped.execute("DROP TABLE area_stage")
        return int(written)


def import_targets(path: Path) -> TargetsReport:
    """Set projection and target of the areas in a CSV (docs/register.md); bad rows are listed.

    Raises `cacah.areas.targets.BadTargetsFile` when the file has no usable header.
    """
    targets, rejected = read_targets(path)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            _SET_TARGETS,
            [
                [target.code for target in targets],
                [target.projected_population for target in targets],
                [target.target_percent for target in targets],
            ],
        )
        known = {code for (code,) in cursor.fetchall()}
    rejected += [_not_loaded(target) for target in targets if target.code not in known]
    return TargetsReport(len(known), sorted(rejected, key=lambda reject: reject.row))


def put_boundaries(outlines: Iterable[Outline]) -> int:
    """Store the outlines of loaded areas, over those that they had; return how many.

    Raises `NotLoaded` where an area is not there, and stores nothing then.
    """
    drawn = {outline.code: outline for outline in outlines}
    with transaction.atomic():
        loaded = set(Area.objects.filter(code__in=drawn).values_list("code", flat=True))
        if missing := sorted(drawn.keys() - loaded):
            raise NotLoaded(missing)
        Boundary.objects.bulk_create(
            [_boundary(each) for each in drawn.values()],
            batch_size=1_000,
            update_conflicts=True,
            unique_fields=["area"],
            update_fields=["path", "left", "top", "right", "bottom"],
        )
    return len(drawn)


def _boundary(outline: Outline) -> Boundary:
    left, top, right, bottom = outline.box
    return Boundary(
        area_id=outline.code, path=outline.path, left=left, top=top, right=right, bottom=bottom
    )


def _not_loaded(target: Target) -> RejectedRow:
    return RejectedRow(target.row, "code", "no such area is loaded")
