"""Stores packed families: new ones by COPY, changed ones in place of the old, all or nothing."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

import psycopg

from cacah.registry.importing import packing
from cacah.registry.importing.packing import Packed

# OFFSET 0 keeps the planner from turning this about: each id is one look-up in one partition, also
# where the tables' statistics are old or missing, as they are during a first import.
_FIND = """
SELECT held.* FROM unnest(%s::bigint[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT id, kk_digest, content_digest, persons, source_id
    FROM registry_household WHERE id = asked.id
    OFFSET 0
) held
"""
# Only an import changes the area of a case, so this needs no lock, for which answers would wait.
_CASE_AREAS = "SELECT household_id, area FROM registry_case WHERE household_id = ANY(%s)"
# A submission was counted where its family lived then, so only an expected case moves.
_LOCK_CASES = """
SELECT household_id FROM registry_case WHERE household_id = ANY(%s) AND state = 'expected'
ORDER BY household_id FOR UPDATE
"""
_MOVE_CASES = """
UPDATE registry_case SET area = moved.area
FROM unnest(%s::bigint[], %s::text[]) AS moved (id, area) WHERE household_id = moved.id
"""
# <asm-generic/socket.h>; for root only.
SO_SNDBUFFORCE = 32
_CONFIRM = "UPDATE registry_household SET source_id = %s WHERE id = ANY(%s)"


@dataclass(slots=True)
class Stored:
    """What happened to the families so far; counts of families but for `persons_…`."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    persons_new: int = 0
    persons_updated: int = 0
    persons_unchanged: int = 0
    # (area) -> expected families, expected persons added by this import
    families: Counter[str] = field(default_factory=Counter)
    persons: Counter[str] = field(default_factory=Counter)


class Held(NamedTuple):
    """What the register holds of a family already."""

    id: int
    kk_digest: bytes
    content_digest: bytes
    persons: int
    source: int


class Move(NamedTuple):
    """A family that the file has in another area than its case."""

    old: str
    new: str
    persons: int


# Bytes that may be on their way to the database; the kernel gives less where it must.
ROOM = 8 << 20


def _give_room(connection: psycopg.Connection[Any]) -> None:
    """Let the kernel hold more of what is sent.

    Whenever its room is full the thread that feeds the database has to win the interpreter from
    those that pack, which costs more than the sending.
    """
    with socket.socket(fileno=os.dup(connection.fileno())) as wire:
        try:
            wire.setsockopt(socket.SOL_SOCKET, SO_SNDBUFFORCE, ROOM)
        except PermissionError:
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)


class Store:
    """Writes through one connection, inside the transaction that the caller holds."""

    def __init__(self, connection: psycopg.Connection[Any], as_of: date, source_id: int) -> None:
        self._cursor = connection.cursor()
        _give_room(connection)
        self._source_id = source_id
        self._moves: dict[int, Move] = {}
        self._confirmed: list[int] = []
        self._as_of = as_of
        self.stored = Stored()
        # The rows (file and row number) of families whose id is that of another in the register.
        self.same_id: list[list[int]] = []
        self._cursor.execute("SET LOCAL jit = off")
        self._cursor.execute("SELECT id, as_of FROM registry_registerimport")
        self._as_of_source: dict[int, date] = dict(self._cursor.fetchall())
        # A first import has nothing to look for, which saves a look-up for each family.
        self._cursor.execute("SELECT NOT EXISTS (SELECT FROM registry_household)")
        self._empty = self._cursor.fetchone() == (True,)

    def put(self, families: Packed) -> None:
        """Store some families, each of which comes only once in an import."""
        everyone = range(len(families.ids))
        held = {} if self._empty else self._find(families.ids)
        new: Sequence[int] = everyone
        changed: list[int] = []
        if held:
            new = [at for at in everyone if families.ids[at] not in held]
            changed = [at for at in everyone if self._replaces(families, at, held)]
            self._replace(families, changed, held)
            self._confirm()
        self._copy_all(families, new, changed)
        self._count_new(families, new)

    def _count_new(self, families: Packed, new: Sequence[int]) -> None:
        areas = [families.areas[at] for at in new]
        persons = [families.starts[at + 1] - families.starts[at] for at in new]
        stored = self.stored
        stored.new += len(new)
        stored.persons_new += sum(persons)
        stored.families.update(areas)
        counted = stored.persons
        for area, many in zip(areas, persons, strict=True):
            counted[area] += many

    def _copy_all(self, families: Packed, new: Sequence[int], changed: list[int]) -> None:
        households, persons, cases = (
            families.household_rows,
            families.person_rows,
            families.case_rows,
        )
        if len(new) < len(families.ids):
            written = [*new, *changed]
            households = packing.picked(households, written)
            persons = b"".join(map(families.persons_of, written))
            cases = packing.picked(cases, new)
        self._copy("registry_household", packing.HOUSEHOLD_COLUMNS, packing.rows_of(households))
        self._copy("registry_person", packing.PERSON_COLUMNS, persons)
        self._copy("registry_case", packing.CASE_COLUMNS, packing.rows_of(cases))

    def _find(self, ids: list[int]) -> dict[int, Held]:
        self._cursor.execute(_FIND, [ids])
        return {row[0]: Held(*row) for row in self._cursor.fetchall()}

    def _replaces(self, families: Packed, at: int, held: dict[int, Held]) -> bool:
        """Say whether a family in the register gives way to the one of the file, and count it."""
        before = held.get(families.ids[at])
        stored = self.stored
        if before is None:
            return False
        if before.kk_digest != families.kk_digests[at]:
            self.same_id.append(families.ords_of(at))
            return False
        as_of = self._as_of_source.get(before.source, self._as_of)
        if before.content_digest == families.content_digests[at]:
            stored.unchanged += 1
            stored.persons_unchanged += families.persons(at)
            if as_of < self._as_of:
                self._confirmed.append(before.id)
            return False
        if as_of > self._as_of or not families.wholes[at]:
            stored.kept += 1
            return False
        stored.updated += 1
        stored.persons_updated += families.persons(at)
        return True

    def _replace(self, families: Packed, changed: list[int], held: dict[int, Held]) -> None:
        if not changed:
            return
        cursor, stored = self._cursor, self.stored
        ids = [families.ids[at] for at in changed]
        cursor.execute("DELETE FROM registry_person WHERE household_id = ANY(%s)", [ids])
        cursor.execute("DELETE FROM registry_household WHERE id = ANY(%s)", [ids])
        cursor.execute(_CASE_AREAS, [ids])
        areas = dict(cursor.fetchall())
        for at in changed:
            household, persons = families.ids[at], families.persons(at)
            area, new_area = areas[household], families.areas[at]
            stored.persons[area] += persons - held[household].persons
            if area != new_area:
                self._moves[household] = Move(area, new_area, persons)

    def _confirm(self) -> None:
        """Let unchanged families count as of this file's day, so that no older file undoes it."""
        if self._confirmed:
            self._cursor.execute(_CONFIRM, [self._source_id, self._confirmed])
            self._confirmed.clear()

    def move_cases(self) -> None:
        """Take the cases of families that moved along; last of all, for answers wait for it."""
        if not self._moves:
            return
        self._cursor.execute(_LOCK_CASES, [list(self._moves)])
        ids = [household for (household,) in self._cursor.fetchall()]
        moves = [self._moves[household] for household in ids]
        self._cursor.execute(_MOVE_CASES, [ids, [move.new for move in moves]])
        stored = self.stored
        for move in moves:
            stored.families[move.old] -= 1
            stored.persons[move.old] -= move.persons
            stored.families[move.new] += 1
            stored.persons[move.new] += move.persons

    def _copy(self, table: str, columns: str, rows: bytes | memoryview) -> None:
        if not rows:
            return
        statement = f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)"
        with self._cursor.copy(statement.encode()) as copy:
            copy.write(packing.COPY_START)
            copy.write(rows)
            copy.write(packing.COPY_END)

    def count(self, day: date) -> None:
        """Append what the import adds to the expected families and persons of each area."""
        stored = self.stored
        seen = {*stored.families, *stored.persons}
        areas = sorted(a for a in seen if stored.families[a] or stored.persons[a])
        statement = (
            b"COPY registry_progressdelta (area, day, mode, expected_families, expected_persons,"
            b" opened_families, responded_families, responded_persons, complete_families,"
            b" complete_persons) FROM STDIN"
        )
        with self._cursor.copy(statement) as copy:
            for area in areas:
                counts = (stored.families[area], stored.persons[area])
                copy.write_row((area, day, "", *counts, 0, 0, 0, 0, 0))

    def remember(self, finished: datetime, rejected: tuple[int, int]) -> None:
        """Write the row of this import; `rejected` counts families and rows."""
        stored = self.stored
        persons = stored.persons_new + stored.persons_updated + stored.persons_unchanged
        self._cursor.execute(
            "INSERT INTO registry_registerimport (id, as_of, finished_at, families_new,"
            " families_updated, families_unchanged, families_kept, families_rejected, persons,"
            " rows_rejected) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [self._source_id, self._as_of, finished, stored.new, stored.updated, stored.unchanged,
             stored.kept, rejected[0], persons, rejected[1]],
        )  # fmt: skip
