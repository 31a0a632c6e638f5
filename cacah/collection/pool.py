"""The door's own connections to PostgreSQL, one pool a process, that outlive a database restart.

Every statement of the door is prepared once a connection and planned once: the plan of a look-up
in one of 16 partitions costs three times what the look-up does.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from threading import Lock
from typing import TypeVar

import psycopg
from django.db import connection as django_connection
from psycopg_pool import ConnectionPool, PoolTimeout

from cacah.collection.actions import SUBMIT
from cacah.collection.queries import FIND_FAMILY
from cacah.collection.statements import Rows

T = TypeVar("T")

WAIT_SECONDS = 3.0
CANNOT_WORK = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.InternalError,
    PoolTimeout,
)
HOT = (FIND_FAMILY, SUBMIT)

# What Django's wrapper adds for itself; the rest is libpq's, and the operator's wish.
DJANGOS_OWN = {"context", "cursor_factory", "prepare_threshold", "server_side_binding", "pool"}
# A database that vanishes without a word, with its machine or on its way, is given up within half a
# minute: whoever waits for it holds up those who are stored together. DATABASE_URL may say else.
VANISHED = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}

_lock = Lock()
_pools: dict[int, ConnectionPool[Rows]] = {}
_keepers: list[Keeper] = []


class DatabaseUnreachable(Exception):
    """The database cannot be asked now; whatever was tried may be tried again."""


def run(work: Callable[[Rows], T], keeper: Keeper | None = None) -> T:
    """Return `work(connection)`, tried once more on a fresh connection if the first one broke.

    `work` must be safe to repeat; the connection is that of the `keeper`, if there is one. Raises
    DatabaseUnreachable.
    """
    connections = pool()
    try:
        return keeper.lent(connections, work) if keeper else lent(connections, work)
    except CANNOT_WORK:
        pass
    try:
        # After a restart of the database every pooled connection is dead: sort them out at once.
        connections.check()
        return lent(connections, work)
    except CANNOT_WORK as problem:
        raise DatabaseUnreachable from problem


def lent(connections: ConnectionPool[Rows], work: Callable[[Rows], T]) -> T:
    """Return `work(connection)` with a connection of the pool.

    The pool's context manager would commit what commits itself; a transaction that `work` leaves
    open is rolled back when the pool takes the connection back.
    """
    connection = connections.getconn()
    try:
        return work(connection)
    finally:
        connections.putconn(connection)


class Keeper:
    """Keeps one connection of the pool for one kind of work.

    The pool hands its connections round in turn: every backend would do a little of everything, and
    find its part of the processor's caches cold.
    """

    def __init__(self) -> None:
        self.kept: list[tuple[ConnectionPool[Rows], Rows]] = []
        _keepers.append(self)

    def lent(self, connections: ConnectionPool[Rows], work: Callable[[Rows], T]) -> T:
        """Return `work(connection)`; the connection is kept if that went well."""
        connection = self.take(connections)
        try:
            outcome = work(connection)
        except BaseException:
            connections.putconn(connection)
            raise
        if self.kept:  # two were at work
            connections.putconn(connection)
        else:
            self.kept.append((connections, connection))
        return outcome

    def take(self, connections: ConnectionPool[Rows]) -> Rows:
        """Return the connection that is kept, else another of the pool."""
        try:
            of, connection = self.kept.pop()
        except IndexError:
            return connections.getconn()
        return connection if of is connections else connections.getconn()

    def let_go(self) -> None:
        """Give the connection back."""
        for connections, connection in self.kept:
            connections.putconn(connection)
        self.kept.clear()


def pool() -> ConnectionPool[Rows]:
    """Return this process's pool, made at its first use (workers are forked before)."""
    found = _pools.get(os.getpid())
    if found is not None:
        return found
    with _lock:
        return _pools.get(os.getpid()) or _pools.setdefault(os.getpid(), open_pool())


def open_pool() -> ConnectionPool[Rows]:
    """Return a new pool to the database that Django's settings name."""
    parameters = django_connection.get_connection_params()
    return ConnectionPool(
        kwargs=VANISHED
        | {k: v for k, v in parameters.items() if k not in DJANGOS_OWN}
        | {"autocommit": True, "prepare_threshold": 0, "application_name": "cacah door"},
        min_size=1,
        max_size=16,
        timeout=WAIT_SECONDS,
        # Else a pool that has failed for minutes waits for minutes before it tries again: whoever
        # asks for a connection after this has it try at once.
        reconnect_timeout=WAIT_SECONDS,
        configure=configure,
        open=True,
    )


def configure(connection: Rows) -> None:
    """Prepare a new connection: plan once, and never compile a plan that takes 50 µs."""
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.execute("SET jit = off")
    # Rather "try later" than a thread that waits for as long as somebody holds a case.
    connection.execute("SET lock_timeout = '1s'")
    connection.execute("SET timezone = 'UTC'")
    # A statement of the door that has not ended by now never will: let the device try again.
    connection.execute("SET statement_timeout = '15s'")
    for statement in HOT:
        statement.prepare(connection)


def close() -> None:
    """Close this process's pool; the next use opens another."""
    for keeper in _keepers:
        keeper.let_go()
    with _lock:
        found = _pools.pop(os.getpid(), None)
    if found is not None:
        found.close()
