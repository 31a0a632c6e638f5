"""Statements prepared once a connection and sent in binary: what the door asks for each family.

psycopg's adaptation of a submission's sixteen values costs 130 µs of CPU, this 35: a tenth of what
a family may cost. Everything rarer goes through psycopg's ordinary `execute`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from select import POLLIN, poll
from struct import Struct
from typing import Any

from psycopg import Connection, OperationalError, RawCursor, errors, pq
from psycopg.postgres import types

from cacah.registry.partitions import PARTITIONS, partition_of

Rows = Connection[tuple[Any, ...]]

PLACEHOLDER = re.compile(r"%\((\w+)\)")
NUMBERED = re.compile(r"\$([0-9]+)")
# PostgreSQL counts time in microseconds and days from here.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
EPOCH_DAY = EPOCH.date()
MICROSECOND = timedelta(microseconds=1)
ARRAY_HEAD = Struct(">iiIii")
LENGTH = Struct(">i")
UNKNOWN_STATEMENT = b"26000"
READY = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)


@dataclass(frozen=True, slots=True)
class Type:
    """A type of PostgreSQL: its oid and how a value of it is written in binary."""

    oid: int
    write: Callable[[Any], bytes]


def write_array(items: Sequence[bytes], oid: int) -> bytes:
    """Return a one-dimensional array of elements that are already in binary."""
    head = ARRAY_HEAD.pack(1 if items else 0, 0, oid, len(items), 1)[: 20 if items else 12]
    return head + b"".join(LENGTH.pack(len(item)) + item for item in items)


INT2 = Type(21, Struct(">h").pack)
INT4 = Type(23, Struct(">i").pack)
INT8 = Type(20, Struct(">q").pack)
BYTEA = Type(17, bytes)
TEXT = Type(25, str.encode)
TIMESTAMPTZ = Type(1184, lambda at: INT8.write((at - EPOCH) // MICROSECOND))
DATE = Type(1082, lambda day: INT4.write((day - EPOCH_DAY).days))
BYTEAS = Type(1001, lambda items: write_array(items, BYTEA.oid))
TEXTS = Type(1009, lambda items: write_array([item.encode() for item in items], TEXT.oid))


def read_int(raw: bytes) -> int:
    """Return the int2, int4 or int8 of a binary result."""
    return int.from_bytes(raw, "big", signed=True)


def read_moment(raw: bytes) -> datetime:
    """Return the timestamptz of a binary result, in UTC."""
    return EPOCH + timedelta(microseconds=read_int(raw))


@dataclass
class Statement:
    """One statement with `%(name)` placeholders, each of a type given by name."""

    name: bytes
    sql: str
    types: Mapping[str, Type]
    order: list[str] = field(init=False)
    formats: list[int] = field(init=False)
    writing: list[tuple[str, Callable[[Any], bytes]]] = field(init=False)

    def __post_init__(self) -> None:
        self.order = list(self.types)
        self.writing = [(name, kind.write) for name, kind in self.types.items()]
        self.formats = [1] * len(self.order)
        places = {name: f"${n}" for n, name in enumerate(self.order, start=1)}
        self.sql = PLACEHOLDER.sub(lambda found: places[found[1]], self.sql)

    def prepare(self, connection: Rows) -> None:
        """Have the server parse it on a new connection; raises psycopg.Error."""
        oids = [self.types[name].oid for name in self.order]
        checked(connection, connection.pgconn.prepare(self.name, self.sql.encode(), oids))

    def run(self, connection: Rows, values: Mapping[str, Any]) -> pq.abc.PGresult:
        """Run it outside a transaction and return its rows in binary; raises psycopg.Error."""
        return self.run_all(connection, [values])[0]

    def run_all(self, connection: Rows, rows: Sequence[Mapping[str, Any]]) -> list[pq.abc.PGresult]:
        """Run it for each of `rows` in one transaction and one round trip, all or nothing.

        Returns the result of each in binary; raises psycopg.Error.
        """
        results = self.send(connection.pgconn, rows)
        if any(is_unknown(result) for result in results):
            # psycopg deallocates everything after a ROLLBACK, and a pooler may switch servers.
            self.prepare(connection)
            results = self.send(connection.pgconn, rows)
        for result in results:
            checked(connection, result)
        return results

    def name_for(self, row: Mapping[str, Any]) -> bytes:
        """Return under which name this row's statement is prepared."""
        return self.name

    def within(self, connection: Rows, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Run it in the transaction that the caller holds; return its first row as Python has it.

        For any connection: nothing is prepared, because inside a transaction that could not be
        done anew.
        """
        cursor = RawCursor(connection)
        return cursor.execute(self.typed, [values[name] for name in self.order]).fetchone()

    @cached_property
    def typed(self) -> str:
        """The SQL with the type of each placeholder in it."""
        return NUMBERED.sub(
            lambda found: f"{found[0]}::{type_name(self.types[self.order[int(found[1]) - 1]])}",
            self.sql,
        )

    def send(
        self, pgconn: pq.abc.PGconn, rows: Sequence[Mapping[str, Any]]
    ) -> list[pq.abc.PGresult]:
        """Return the result of each row, good or not."""
        writing = self.writing
        written = [
            (self.name_for(row), [write(row[name]) for name, write in writing]) for row in rows
        ]
        if len(written) == 1:
            return [pgconn.exec_prepared(*written[0], self.formats, 1)]
        pgconn.enter_pipeline_mode()
        try:
            for name, values in written:
                pgconn.send_query_prepared(name, values, self.formats, 1)
            pgconn.pipeline_sync()
            results = [answer_of(pgconn) for _ in written]
            answer_of(pgconn)
        finally:
            pgconn.exit_pipeline_mode()
        return results


def type_name(of: Type) -> str:
    """Return how SQL calls a type."""
    known = types[of.oid]
    return f"{known.name}[]" if of.oid == known.array_oid else known.name


class OfHousehold(Statement):
    """A statement about one household, which names the household's own partition of each table.

    `{part}` in its SQL is the partition's number as the tables' names have it.
    """

    def prepare(self, connection: Rows) -> None:
        """Have the server parse it for every partition."""
        oids = [self.types[name].oid for name in self.order]
        for n in range(PARTITIONS):
            sql = self.sql.replace("{part}", f"{n:02}").encode()
            checked(connection, connection.pgconn.prepare(self.names[n], sql, oids))

    @cached_property
    def names(self) -> list[bytes]:
        """Under which names it is prepared, by partition."""
        return [self.name + b"_%02d" % n for n in range(PARTITIONS)]

    def name_for(self, row: Mapping[str, Any]) -> bytes:
        """Return the name for the partition of the row's household."""
        return self.names[partition_of(row["household_id"])]


def answer_of(pgconn: pq.abc.PGconn) -> pq.abc.PGresult:
    """Return the next result of a pipeline; raises OperationalError where the wire broke."""
    wait_for(pgconn)
    result = pgconn.get_result()
    if result is None:
        raise OperationalError("the connection is lost")
    if result.status != pq.ExecStatus.PIPELINE_SYNC:
        wait_for(pgconn)
        pgconn.get_result()  # the end of this statement's results
    return result


def wait_for(pgconn: pq.abc.PGconn) -> None:
    """Wait until a result has come, and let other threads work meanwhile."""
    if not pgconn.is_busy():
        return
    readable = poll()  # select() would refuse numbers from 1024 on
    readable.register(pgconn.socket, POLLIN)
    while pgconn.is_busy():
        readable.poll()
        pgconn.consume_input()


def is_unknown(result: pq.abc.PGresult) -> bool:
    """Tell whether the server does not know the prepared statement."""
    return (
        result.status == pq.ExecStatus.FATAL_ERROR
        and result.error_field(pq.DiagnosticField.SQLSTATE) == UNKNOWN_STATEMENT
    )


def checked(connection: Rows, result: pq.abc.PGresult) -> pq.abc.PGresult:
    """Return a result that is one; raises the psycopg.Error that the server or the wire gave."""
    if result.status in READY:
        return result
    # An error without a code is libpq's own: a server that ends at once leaves the connection "OK".
    from_server = result.error_field(pq.DiagnosticField.SQLSTATE) is not None
    if connection.pgconn.status != pq.ConnStatus.OK or not from_server:
        raise OperationalError("the connection is lost")
    raise errors.error_from_result(result, encoding="utf-8")
