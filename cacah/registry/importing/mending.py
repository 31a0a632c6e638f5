"""Mends rows whose cells are not clean, or says what is wrong with them; vectorised in DuckDB.

It is the judge of every row: `clean` only spares it those of which it would say the same.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pyarrow as pa

from cacah.registry.importing import columns
from cacah.registry.importing.persons import WEIGHTS

OLDEST_YEAR = 1895
LONGEST_NAME = 100

_READ = """
SELECT *,
    trim(regexp_replace(name, '\\s+', ' ', 'g')) AS whole_name,
    {coded},
    CASE
        WHEN regexp_full_match(
            trim(birth_date), '[0-9]{{4}}[-/.][0-9]{{2}}[-/.][0-9]{{2}}([ T]00:00:00.*)?'
        )
            THEN trim(birth_date)[1:4] || '-' || trim(birth_date)[6:7] || '-'
                || trim(birth_date)[9:10]
        WHEN regexp_full_match(trim(birth_date), '[0-9]{{2}}[-/.][0-9]{{2}}[-/.][0-9]{{4}}')
            THEN trim(birth_date)[7:10] || '-' || trim(birth_date)[4:5] || '-'
                || trim(birth_date)[1:2]
    END AS born,
    CASE
        WHEN regexp_full_match(
            trim(village), '[0-9]{{10}}|[0-9]{{2}}\\.[0-9]{{2}}\\.[0-9]{{2}}\\.[0-9]{{4}}'
        ) THEN replace(trim(village), '.', '')
    END AS village_code,
    CASE
        WHEN regexp_full_match(trim(sls), '[0-9]{{6}}') THEN trim(sls)
        WHEN regexp_full_match(trim(sls), '[0-9]{{4}}') THEN trim(sls) || '00'
        WHEN regexp_full_match(replace(trim(sls), '.', ''), '[0-9]{{16}}')
            AND starts_with(replace(trim(sls), '.', ''), replace(trim(village), '.', ''))
            THEN replace(trim(sls), '.', '')[11:16]
        WHEN trim(sls) = '' THEN ''
    END AS sls_code
FROM source
"""
_PARSED = """
SELECT *,
    CASE WHEN regexp_full_match({kk}, '[1-9][0-9]{{15}}') THEN try_cast({kk} AS BIGINT) END
        AS kk_number,
    CASE WHEN regexp_full_match({nik}, '[1-9][0-9]{{15}}') THEN try_cast({nik} AS BIGINT) END
        AS nik_number
FROM read
"""
# A day or month that the register does not know is written 00 there and 98 in the questionnaire.
_DATED = """
SELECT parsed.*, known.code IS NOT NULL AS village_known,
    CASE WHEN born[9:10] = '00' THEN 98 ELSE try_cast(born[9:10] AS INTEGER) END AS birth_day,
    CASE WHEN born[6:7] = '00' THEN 98 ELSE try_cast(born[6:7] AS INTEGER) END AS birth_month,
    try_cast(
        born[1:4] || '-' || replace(born[6:7], '00', '01') || '-' || replace(born[9:10], '00', '01')
    AS DATE) AS birthday
FROM parsed LEFT JOIN villages AS known ON known.code = village_code
"""
_EXCEL = "'[0-9]([.,][0-9]+)?[eE]\\+?[0-9]+'"
_FINAL = """
SELECT ord, kk_number AS kk, nik_number AS nik, coalesce(relationship_place = 1, false) AS head,
    CASE WHEN head THEN village_code || sls_code END AS area,
    CASE WHEN head THEN {sls_name} END AS sls_name,
    CASE WHEN head
        THEN to_json(struct_pack(address := {address}, rt := {rt}, rw := {rw}))::VARCHAR
    END AS home,
    (to_json(whole_name)::VARCHAR)[2:-2] AS name,
    coalesce(to_json({birth_place})::VARCHAR, 'null') AS birth_place,
    (year(birthday) * 10000 + birth_month * 100 + birth_day)::INTEGER AS born,
    ({codes})::INTEGER AS codes,
    CASE
        WHEN flaw IS NOT NULL THEN flaw
        WHEN kk_number IS NULL THEN CASE WHEN {kk} = '' THEN 'kk:empty'
            WHEN regexp_full_match({kk}, {excel}) THEN 'kk:excel' ELSE 'kk:digits' END
        WHEN nik_number IS NULL THEN CASE WHEN {nik} = '' THEN 'nik:empty'
            WHEN regexp_full_match({nik}, {excel}) THEN 'nik:excel' ELSE 'nik:digits' END
        WHEN NOT regexp_matches(whole_name, '\\p{{L}}.*\\p{{L}}') THEN 'name:letters'
        WHEN length(whole_name) > {longest_name} THEN 'name:long'
        WHEN relationship_place IS NULL THEN 'relationship:unknown'
        WHEN sex_place IS NULL THEN 'sex:sex'
        WHEN birthday IS NULL AND trim(birth_date) = '' THEN 'birth_date:empty'
        WHEN birthday IS NULL OR year(birthday) < {oldest_year} THEN 'birth_date:impossible'
        WHEN birthday > $as_of THEN 'birth_date:future'
        WHEN village_code IS NULL THEN 'village:digits'
        WHEN NOT village_known THEN 'village:no-village'
        WHEN sls_code IS NULL THEN 'sls:digits'
    END AS problem,
    CASE {notes} END AS note
FROM dated
WHERE kk_number IS NOT NULL OR flaw IS NOT NULL
    OR {kk} <> '' OR {nik} <> '' OR whole_name <> '' OR trim(village) <> ''
"""


def _place_of(field: str) -> str:
    """The place of a word as a CASE: a join with so small a table costs far more memory and time.

    It counts from 1 in the order of `columns.CODES`.
    """
    codes = columns.CODES[field]
    words = [(word, code) for column, word, code in columns.vocabulary() if column == field]
    whens = " ".join(f"WHEN '{word}' THEN {codes.index(code) + 1}" for word, code in words)
    return f"CASE upper(trim({field})) {whens} END AS {field}_place"


def _sql() -> str:
    note = "WHEN {0}_place IS NULL AND trim({0}) <> '' THEN '{0}:unknown'"
    # Numbers are without what spreadsheets put around them, texts null where nothing is left.
    typed = {field: f"ltrim(trim({field}), '''')" for field in ("kk", "nik")}
    texts = ("address", "rt", "rw", "sls_name", "birth_place")
    final = _FINAL.format(
        excel=_EXCEL,
        codes=" + ".join(f"coalesce({name}_place, 0) * {by}" for name, by in WEIGHTS.items()),
        longest_name=LONGEST_NAME,
        oldest_year=OLDEST_YEAR,
        notes=" ".join(note.format(field) for field in columns.CODED[2:]),
        **typed,
        **{field: f"nullif(trim({field}), '')" for field in texts},
    )
    read = _READ.format(coded=", ".join(map(_place_of, columns.CODED)))
    parsed = _PARSED.format(**typed)
    return f"WITH read AS ({read}), parsed AS ({parsed}), dated AS ({_DATED}) {final}"


_SQL = _sql()


def prepare(database: duckdb.DuckDBPyConnection, villages: pa.Array) -> None:
    """Tell DuckDB the codes of all villages."""
    given = pa.table({"code": villages})
    database.register("given", given)
    database.execute("CREATE TABLE villages AS SELECT * FROM given")
    database.unregister("given")


def mended(database: duckdb.DuckDBPyConnection, rows: pa.RecordBatch, as_of: date) -> pa.Table:
    """Return what `checking` says of rows of `reading.SCHEMA`; rows that say nothing are left out.

    `database` is a cursor of its own, on a database that `prepare` has prepared.
    """
    database.register("source", pa.Table.from_batches([rows]))
    return database.sql(_SQL, params={"as_of": as_of}).to_arrow_table()
