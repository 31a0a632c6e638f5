"""Brings the rows of a bucket together into families, and rejects what cannot be one.

A row that is bad by itself is left out and its family comes in without that person, who can be
added in the questionnaire: so that one wrong digit does not keep a whole family from being found.
A family without exactly one head, or with more than 60 people, is rejected whole.
"""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

MOST_PERSONS = 60
SAME_ID = "kk:same-id"

# Two KK numbers that give the same id (see `keys.household_id_of`) cannot both be stored.
_JUDGE = f"""
CREATE OR REPLACE TEMPORARY TABLE judged AS
WITH line AS (
    SELECT bucket.*, coalesce(problem, CASE WHEN twice.ord IS NOT NULL THEN 'nik:twice' END) AS why
    FROM bucket LEFT JOIN twice USING (ord)
), counted AS (
    SELECT id, kk, count(*) FILTER (why IS NULL) AS good, count(*) FILTER (why IS NOT NULL) AS bad,
        count(*) FILTER (why IS NULL AND head) AS heads,
        count(*) FILTER (why IS NOT NULL AND head) AS bad_heads, min(ord) AS earliest
    FROM line WHERE kk IS NOT NULL GROUP BY id, kk
), taken AS (
    SELECT id, min(earliest) AS earliest FROM counted GROUP BY id HAVING count(*) > 1
), family AS (
    SELECT counted.*, counted.earliest > taken.earliest AS second
    FROM counted LEFT JOIN taken USING (id)
)
SELECT line.ord, line.id, line.kk, line.nik, line.head, line.area, line.sls_name, line.home,
    line.person, line.note, family.bad = 0 AS whole,
    CASE
        WHEN why IS NOT NULL THEN why
        WHEN heads = 0 AND bad_heads > 0 THEN 'kk:head-rejected'
        WHEN heads = 0 THEN 'kk:no-head'
        WHEN heads > 1 THEN 'kk:two-heads'
        WHEN good > {MOST_PERSONS} THEN 'kk:too-many'
        WHEN second THEN '{SAME_ID}'
    END AS why
FROM line LEFT JOIN family USING (kk)
"""  # noqa: S608
_REJECT = "INSERT INTO rejects SELECT ord, why, false FROM judged WHERE why IS NOT NULL"
_NOTE = """
INSERT INTO rejects SELECT ord, note, true FROM judged WHERE why IS NULL AND note IS NOT NULL
"""
_COUNT = """
SELECT count(*) FROM (
    SELECT kk FROM judged WHERE kk IS NOT NULL GROUP BY kk HAVING bool_and(why IS NOT NULL)
)
"""
_SLS = """
INSERT INTO sls SELECT area, max(sls_name) FROM judged
WHERE why IS NULL AND head AND length(area) = 16 GROUP BY area
"""
_FAMILIES = """
SELECT ord, id, kk::VARCHAR AS kk, nik::VARCHAR AS nik, area, home, person, whole
FROM judged WHERE why IS NULL ORDER BY id, head DESC, ord
"""


class Grouping:
    """Judges buckets one after the other; `rejects` and `sls` gather in the given DuckDB."""

    def __init__(self, database: duckdb.DuckDBPyConnection) -> None:
        self._duckdb = database
        self.families_rejected = 0
        database.execute("CREATE TABLE rejects (ord BIGINT, code VARCHAR, loaded BOOLEAN)")
        database.execute("CREATE TABLE sls (code VARCHAR, name VARCHAR)")

    def families(self, bucket: pa.Table) -> pa.Table:
        """Return the persons of a bucket's families as `Packer.pack` takes them, ordered by id."""
        database = self._duckdb
        database.register("bucket", bucket)
        database.execute(_JUDGE)
        database.unregister("bucket")
        for statement in (_REJECT, _NOTE, _SLS):
            database.execute(statement)
        self.families_rejected += _number(database, _COUNT)
        return database.sql(_FAMILIES).to_arrow_table()

    def reject(self, ords: Iterable[int]) -> None:
        """Reject a family that was good by itself, for its id is another family's."""
        self.families_rejected += 1
        rows = pa.table({"ord": pa.array(ords, pa.int64())})
        self._duckdb.register("same_id", rows)
        self._duckdb.execute("DELETE FROM rejects WHERE ord IN (SELECT ord FROM same_id)")
        self._duckdb.execute("INSERT INTO rejects SELECT ord, $1, false FROM same_id", [SAME_ID])
        self._duckdb.unregister("same_id")

    def sls(self) -> list[tuple[str, str]]:
        """Return (code, name) of the SLS in which the families of all buckets live."""
        return self._duckdb.execute(
            "SELECT code, coalesce(max(name), 'SLS ' || code[11:16]) FROM sls GROUP BY code"
        ).fetchall()

    def rejects(self) -> list[tuple[int, str, bool]]:
        """Return (ord, `column:code`, loaded) of rows that were rejected or lost a field."""
        return self._duckdb.execute("SELECT * FROM rejects ORDER BY ord").fetchall()


def _number(database: duckdb.DuckDBPyConnection, query: str) -> int:
    return int(database.execute(query).fetchall()[0][0])
