"""Runs an import: reads and checks every file, then stores their families in one transaction."""

from __future__ import annotations

import gc
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

import psycopg
import pyarrow as pa
from django.db import connection, transaction
from django.utils import timezone

from cacah.areas import actions as areas
from cacah.areas import queries as area_queries
from cacah.registry.importing.buckets import Buckets
from cacah.registry.importing.checking import THREADS, Checker
from cacah.registry.importing.csv_source import CsvSource
from cacah.registry.importing.grouping import Grouping
from cacah.registry.importing.packing import Packed, Packer
from cacah.registry.importing.placing import bucket_bits, placed
from cacah.registry.importing.reading import ROW_BITS, BadRegisterFile, Source
from cacah.registry.importing.rejects import Reject, RejectsFile
from cacah.registry.importing.spill import Spill
from cacah.registry.importing.storing import Store, Stored
from cacah.registry.importing.table_sources import ParquetSource, XlsxSource
from cacah.registry.importing.twice import Twice
from cacah.registry.keys import server_keys
from cacah.registry.partitions import PARTITIONS

# (what is being done, how much is done, of how much if that is known)
Progress = Callable[[str, int, int | None], None]
_KINDS: dict[str, Callable[[Path], Source]] = {
    ".csv": CsvSource.open,
    ".txt": CsvSource.open,
    ".tsv": CsvSource.open,
    ".xlsx": XlsxSource.open,
    ".parquet": ParquetSource.open,
}
# A number that nothing else in the database locks; it is the same on every site.
_LOCK = 20_200_215
_WAITING = 2
# About 54,000 rows of CSV; a Parquet or xlsx file is packed five times as tightly.
_BUCKET_BYTES = 8 << 20
_PACKED = 5
_MOST_BUCKETS = 512
# About two million NIKs, each with its row, which are 32 MB.
_HEAP_BYTES = 256 << 20
# Batches; each bucket's share of one would be too small a piece to write.
_DEALT_AT_ONCE = 2


class ImportRunning(RuntimeError):
    """Raised when another import of the register is at work on the same database."""


class NoAreas(RuntimeError):
    """Raised when no villages are loaded, so that every row would be rejected."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import did; counts alone."""

    stored: Stored
    rows: int
    rows_rejected: int
    fields_left_empty: int
    families_rejected: int
    # `column:code` of each reason
    reasons: Counter[str]
    rejects_files: list[Path]
    unused_columns: list[str]


def open_source(path: Path) -> Source:
    """Open a register file by its suffix; raises `BadRegisterFile`, or OSError."""
    if path.suffix.lower() not in _KINDS:
        raise BadRegisterFile(f"{path.name}: the name must end in {', '.join(_KINDS)}")
    return _KINDS[path.suffix.lower()](path)


def import_register(
    paths: list[Path], *, as_of: date, progress: Progress = lambda *_: None
) -> Summary:
    """Bring register files into the register, as families of the day `as_of`.

    Raises `BadRegisterFile` for a file that is no register, `ImportRunning` beside another import,
    `NoAreas` before areas are loaded. Whatever is raised, the register is as it was.
    """
    _refuse_twice(paths)
    sources = [open_source(path) for path in paths]
    with _alone():
        villages = area_queries.village_codes()
        if not villages:
            raise NoAreas
        size = _bytes_of_csv(sources)
        bits = bucket_bits(min(size // _BUCKET_BYTES + 1, _MOST_BUCKETS))
        count, heaps = PARTITIONS << bits, size // _HEAP_BYTES + 1
        with (
            closing(Checker(villages, as_of)) as checker,
            Spill(count) as rows_spill,
            Spill(heaps) as niks_spill,
        ):
            buckets, twice = Buckets(rows_spill, count), Twice(niks_spill, heaps)
            rows = _Reading(checker, twice, (buckets, bits)).run(sources, progress)
            grouping = Grouping(checker.duckdb, twice.found())
            return _Storing(sources, grouping, buckets, as_of).run(rows, progress)


def _refuse_twice(paths: list[Path]) -> None:
    seen: set[Path] = set()
    for path in paths:
        if path.resolve() in seen:
            raise BadRegisterFile(f"{path.name}: the same file is named twice")
        seen.add(path.resolve())


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if cursor.fetchone() != (True,):
            raise ImportRunning
        try:
            yield
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _bytes_of_csv(sources: list[Source]) -> int:
    """Return about how many bytes the files have or would have as CSV."""
    return sum(
        source.path.stat().st_size * (1 if isinstance(source, CsvSource) else _PACKED)
        for source in sources
    )


class _Reading:
    """The first half of an import: rows are checked and dealt out into buckets."""

    def __init__(self, checker: Checker, twice: Twice, buckets: tuple[Buckets, int]) -> None:
        """`buckets` come with the number of bits of an id by which they differ."""
        self._checker = checker
        self._twice = twice
        self._buckets, self._bits = buckets
        self._rows = 0

    def run(self, sources: list[Source], progress: Progress) -> int:
        """Deal the checked rows of every file into the buckets; return how many there are."""
        for number, source in enumerate(sources):
            self._deal(source.batches(number), progress)
        return self._rows

    def _deal(self, batches: Iterator[pa.RecordBatch], progress: Progress) -> None:
        several: list[pa.Table] = []
        for rows in _side_by_side(self._checked, batches):
            self._twice.note(rows)
            several.append(rows)
            if len(several) == _DEALT_AT_ONCE:
                self._buckets.deal(pa.concat_tables(several))
                several.clear()
            self._rows += rows.num_rows
            progress("read", self._rows, None)
        if several:
            self._buckets.deal(pa.concat_tables(several))

    def _checked(self, batch: pa.RecordBatch) -> pa.Table:
        return placed(self._checker.check(batch), server_keys(), self._bits)


def _side_by_side(
    work: Callable[[pa.RecordBatch], pa.Table], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.Table]:
    """Yield what comes of each batch, in their order, while the next ones are worked on."""
    with ThreadPoolExecutor(THREADS) as pool:
        waiting = deque(pool.submit(work, batch) for batch in islice(batches, THREADS))
        while waiting:
            done = waiting.popleft().result()
            waiting.extend(pool.submit(work, batch) for batch in islice(batches, 1))
            yield done


class _Storing:
    """The second half of an import: buckets become families, families become rows."""

    def __init__(
        self, sources: list[Source], grouping: Grouping, buckets: Buckets, as_of: date
    ) -> None:
        self._sources = sources
        self._buckets = buckets
        self._as_of = as_of
        self._grouping = grouping

    def run(self, rows: int, progress: Progress) -> Summary:
        grouping = self._grouping
        files: list[RejectsFile] = []
        try:
            with transaction.atomic():
                raw = connection.connection
                source_id = _next_id(raw)
                store = Store(raw, self._as_of, source_id)
                packer = Packer(server_keys(), source_id)
                with closing(self._families(packer, rows, progress)) as families:
                    _put_all(store, families)
                for ords in store.same_id:
                    grouping.reject(ords)
                rejects = grouping.rejects()
                rejected = sum(not loaded for _, _, loaded in rejects)
                files = self._write_rejects(rejects)
                areas.put_areas(grouping.sls())
                # From here on families whose cases move wait with their answers: only a moment.
                store.move_cases()
                store.count(timezone.localdate())
                store.remember(timezone.now(), (grouping.families_rejected, rejected))
        except BaseException:
            for file in files:
                file.discard()
            raise
        return Summary(
            stored=store.stored,
            rows=rows,
            rows_rejected=rejected,
            fields_left_empty=len(rejects) - rejected,
            families_rejected=grouping.families_rejected,
            reasons=Counter(code for _, code, _ in rejects),
            rejects_files=[path for file in files if (path := file.put_in_place())],
            unused_columns=[h for source in self._sources for h in source.header.unused],
        )

    def _families(
        self, packer: Packer, rows: int, progress: Progress
    ) -> Generator[Packed, None, None]:
        done = 0
        numbers = iter(range(self._buckets.count))
        # DuckDB groups the next bucket while this one is packed.
        with ThreadPoolExecutor(1) as pool:
            grouped = pool.submit(self._group, next(numbers))
            while grouped is not None:
                families, size = grouped.result()
                following = next(numbers, None)
                grouped = None if following is None else pool.submit(self._group, following)
                if families is not None and families.num_rows:
                    yield packer.pack(families)
                done += size
                progress("store", done, rows)

    def _group(self, number: int) -> tuple[pa.Table | None, int]:
        """Return the persons of a bucket's families, and how many rows the bucket has."""
        bucket = self._buckets.take(number)
        return (None, 0) if bucket is None else (self._grouping.families(bucket), bucket.num_rows)

    def _write_rejects(self, rejects: list[tuple[int, str, bool]]) -> list[RejectsFile]:
        by_file: dict[int, list[Reject]] = {}
        for ord_, code, loaded in rejects:
            column, reason = code.split(":")
            row = ord_ & ((1 << ROW_BITS) - 1)
            by_file.setdefault(ord_ >> ROW_BITS, []).append(Reject(row, column, reason, loaded))
        files = [RejectsFile(s, by_file.get(n, ())) for n, s in enumerate(self._sources)]
        for file in files:
            file.write()
        return files


def _next_id(raw: psycopg.Connection[tuple[int]]) -> int:
    row = raw.execute(
        "SELECT nextval(pg_get_serial_sequence('registry_registerimport', 'id'))"
    ).fetchone()
    return row[0] if row else 0


def _put_all(store: Store, families: Iterable[Packed]) -> None:
    """Store while the next families are sealed: the database works beside this process."""
    waiting: deque[Future[None]] = deque()
    with _in_step(), ThreadPoolExecutor(1) as pool:
        for some in families:
            if len(waiting) == _WAITING:
                waiting.popleft().result()
            waiting.append(pool.submit(store.put, some))
        for future in waiting:
            future.result()


@contextmanager
def _in_step() -> Iterator[None]:
    """Let the two threads of an import change over quickly, and leave its objects uncollected.

    The thread that feeds the database needs the interpreter often but briefly, each time for
    128 kB, and would wait 5 ms; looking for cycles among millions of small objects costs a tenth
    of the time.
    """
    collected, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collected:
            gc.enable()
