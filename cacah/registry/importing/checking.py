"""Checks rows and brings them into one form, vectorised in DuckDB.

What comes out, a row for each row of the file that says anything:

    ord       int64    file and row number
    kk, nik   int64    null where the file has none that is usable
    head      bool
    area      string   village code, or village + SLS code
    sls_name  string
    home      string   JSON {"address", "rt", "rw"}, of heads only
    person    string   JSON of the person as the record holds it
    problem   string   `column:code` of the first thing wrong, null when the row is good
    note      string   `column:code` of a field that is left empty, null when there is none
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

import duckdb
import pyarrow as pa

from cacah.registry.importing import columns
from cacah.registry.importing.reading import ROW_BITS

OLDEST_YEAR = 1895
LONGEST_NAME = 100
_THREADS = 2

# Nearly all cells of a register are clean already. So each is first asked cheaply whether it is,
# and only the others go through what mends or refuses them.
_READ = """
SELECT *,
    CASE WHEN strlen(kk) = 16 THEN try_cast(kk AS BIGINT) END AS kk_direct,
    CASE WHEN strlen(nik) = 16 THEN try_cast(nik AS BIGINT) END AS nik_direct,
    CASE WHEN regexp_matches(name, '^ | $|  |[\\t\\n\\f\\r]')
        THEN trim(regexp_replace(name, '\\s+', ' ', 'g')) ELSE name
    END AS whole_name,
    {coded},
    CASE WHEN regexp_full_match(birth_date, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')
        THEN birth_date ELSE {mended_date}
    END AS born,
    CASE WHEN regexp_full_match(village, '[0-9]{{10}}') THEN village ELSE {mended_village}
    END AS village_code,
    CASE WHEN regexp_full_match(sls, '[0-9]{{6}}') THEN sls ELSE {mended_sls} END AS sls_code
FROM source
"""
_MENDED_DATE = """
CASE
    WHEN regexp_full_match(
        trim(birth_date), '[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}([ T]00:00:00.*)?'
    )
        THEN trim(birth_date)[1:4] || '-' || trim(birth_date)[6:7] || '-'
            || trim(birth_date)[9:10]
    WHEN regexp_full_match(trim(birth_date), '[0-9]{2}[-/.][0-9]{2}[-/.][0-9]{4}')
        THEN trim(birth_date)[7:10] || '-' || trim(birth_date)[4:5] || '-'
            || trim(birth_date)[1:2]
END
"""
_MENDED_VILLAGE = """
CASE
    WHEN regexp_full_match(
        trim(village), '[0-9]{10}|[0-9]{2}\\.[0-9]{2}\\.[0-9]{2}\\.[0-9]{4}'
    ) THEN replace(trim(village), '.', '')
END
"""
_MENDED_SLS = """
CASE
    WHEN regexp_full_match(trim(sls), '[0-9]{6}') THEN trim(sls)
    WHEN regexp_full_match(trim(sls), '[0-9]{4}') THEN trim(sls) || '00'
    WHEN regexp_full_match(replace(trim(sls), '.', ''), '[0-9]{16}')
        AND starts_with(replace(trim(sls), '.', ''), replace(trim(village), '.', ''))
        THEN replace(trim(sls), '.', '')[11:16]
    WHEN trim(sls) = '' THEN ''
END
"""
_PARSED = """
SELECT *, try_cast(born AS DATE) AS born_direct,
    CASE WHEN kk_direct >= 1000000000000000 THEN kk_direct ELSE {mended_kk} END AS kk_number,
    CASE WHEN nik_direct >= 1000000000000000 THEN nik_direct ELSE {mended_nik} END AS nik_number
FROM read
"""
_MENDED_NUMBER = """
CASE WHEN regexp_full_match({trimmed}, '[1-9][0-9]{{15}}') THEN try_cast({trimmed} AS BIGINT) END
"""
# A day or month that the register does not know is written 00 there and 98 in the questionnaire.
_DATED = """
SELECT parsed.*, known.code IS NOT NULL AS village_known,
    CASE WHEN born_direct IS NOT NULL THEN day(born_direct)::VARCHAR
        WHEN ends_with(born, '00') THEN '98' ELSE ltrim(born[9:10], '0')
    END AS birth_day,
    CASE WHEN born_direct IS NOT NULL THEN month(born_direct)::VARCHAR
        WHEN born[6:7] = '00' THEN '98' ELSE ltrim(born[6:7], '0')
    END AS birth_month,
    CASE WHEN born_direct IS NOT NULL THEN born_direct ELSE try_cast(
        born[1:4] || '-' || replace(born[6:7], '00', '01') || '-' || replace(born[9:10], '00', '01')
    AS DATE) END AS birthday
FROM parsed LEFT JOIN villages AS known ON known.code = village_code
"""
_EXCEL = "'[0-9]([.,][0-9]+)?[eE]\\+?[0-9]+'"
_FINAL = """
SELECT ord, kk_number AS kk, nik_number AS nik,
    coalesce(relationship_code = '01', false) AS head,
    village_code || sls_code AS area, {sls_name} AS sls_name,
    CASE WHEN relationship_code = '01'
        THEN to_json(struct_pack(address := {address}, rt := {rt}, rw := {rw}))
    END AS home,
    {person} AS person,
    CASE
        WHEN flaw IS NOT NULL THEN flaw
        WHEN kk_number IS NULL THEN CASE WHEN {kk} = '' THEN 'kk:empty'
            WHEN regexp_full_match({kk}, {excel}) THEN 'kk:excel' ELSE 'kk:digits' END
        WHEN nik_number IS NULL THEN CASE WHEN {nik} = '' THEN 'nik:empty'
            WHEN regexp_full_match({nik}, {excel}) THEN 'nik:excel' ELSE 'nik:digits' END
        WHEN NOT regexp_matches(whole_name, '\\p{{L}}.*\\p{{L}}') THEN 'name:letters'
        WHEN length(whole_name) > {longest_name} THEN 'name:long'
        WHEN relationship_code IS NULL THEN 'relationship:unknown'
        WHEN sex_code IS NULL THEN 'sex:sex'
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

_TWICE = """
CREATE TABLE twice AS
WITH many AS (
    SELECT nik, min(ord) AS earliest FROM seen GROUP BY nik HAVING count(*) > 1
)
SELECT ord FROM seen JOIN many USING (nik) WHERE ord <> earliest
"""


def _person() -> str:
    """The person's JSON put together by hand: a third of the time that `to_json` of a row takes.

    Only names of persons and places may hold what must be escaped. Where what must not be missing
    is missing, no JSON comes out, but such a row has a problem and its person is never used.
    """
    coded = (f"""',"{field}":', coalesce({field}_json, 'null')""" for field in columns.CODED[2:])
    parts = [
        """'{"name":', to_json(whole_name)""",
        """',"nik":"', nik_number, '","relationship":"', relationship_code""",
        """'","sex":"', sex_code, '","birth_place":'""",
        f"coalesce(to_json({_text('birth_place')}), 'null')",
        """',"birth_day":"', birth_day, '","birth_month":"', birth_month""",
        """'","birth_year":', year(birthday)""",
        *coded,
        "'}'",
    ]
    return f"concat({', '.join(parts)})"


def _text(field: str) -> str:
    """A text without spaces around it, null where nothing is left."""
    spaced = f"starts_with({field}, ' ') OR ends_with({field}, ' ') OR {field} = ''"
    return f"CASE WHEN {spaced} THEN nullif(trim({field}), '') ELSE {field} END"


def _number(field: str) -> str:
    """A number as it was typed, without what spreadsheets put around it."""
    return f"ltrim(trim({field}), '''')"


def _code_of(field: str) -> str:
    """The code of a word as a CASE: a join with so small a table costs far more memory and time.

    Fields that only stand in the person's JSON are at once what stands there.
    """
    name, quote = (f"{field}_json", '"') if field in columns.CODED[2:] else (f"{field}_code", "")
    words = [(word, code) for column, word, code in columns.vocabulary() if column == field]
    codes = dict.fromkeys(code for _, code in words)
    clean = " ".join(f"WHEN '{code}' THEN '{quote}{code}{quote}'" for code in codes)
    whens = " ".join(f"WHEN '{word}' THEN '{quote}{code}{quote}'" for word, code in words)
    return f"CASE {field} {clean} ELSE CASE upper(trim({field})) {whens} END END AS {name}"


def _sql() -> str:
    note = "WHEN {0}_json IS NULL AND trim({0}) <> '' THEN '{0}:unknown'"
    typed = {field: _number(field) for field in ("kk", "nik")}
    texts = {field: _text(field) for field in ("address", "rt", "rw", "sls_name")}
    final = _FINAL.format(
        excel=_EXCEL,
        person=_person(),
        longest_name=LONGEST_NAME,
        oldest_year=OLDEST_YEAR,
        notes=" ".join(note.format(field) for field in columns.CODED[2:]),
        **typed,
        **texts,
    )
    read = _READ.format(
        coded=", ".join(map(_code_of, columns.CODED)),
        mended_date=_MENDED_DATE,
        mended_village=_MENDED_VILLAGE,
        mended_sls=_MENDED_SLS,
    )
    mended = {f"mended_{field}": _MENDED_NUMBER.format(trimmed=typed[field]) for field in typed}
    parsed = _PARSED.format(**mended)
    return f"WITH read AS ({read}), parsed AS ({parsed}), dated AS ({_DATED}) {final}"


_SQL = _sql()


class Checker:
    """A DuckDB of its own that knows the villages and the words; it writes nothing to disk."""

    def __init__(self, villages: list[str], as_of: date) -> None:
        self.duckdb = duckdb.connect(
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "temp_directory": "",
                "threads": str(_THREADS),
                "preserve_insertion_order": "false",
            }
        )
        self._parameters = {"as_of": as_of}
        given = pa.table({"code": pa.array(villages, pa.string())})
        self.duckdb.register("given", given)
        self.duckdb.execute("CREATE TABLE villages AS SELECT * FROM given")
        self.duckdb.unregister("given")
        self.duckdb.execute("CREATE TABLE seen (nik BIGINT, ord BIGINT)")

    def close(self) -> None:
        """Free DuckDB's memory."""
        self.duckdb.close()

    def check_all(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
        """Yield the checked rows of each batch of `reading.SCHEMA`, two batches at a time."""
        batches = iter(batches)
        with ThreadPoolExecutor(_THREADS) as pool:
            waiting = deque(pool.submit(self._check, b) for b in islice(batches, _THREADS))
            while waiting:
                checked = waiting.popleft().result()
                waiting.extend(pool.submit(self._check, batch) for batch in islice(batches, 1))
                yield checked

    def _check(self, batch: pa.RecordBatch) -> pa.Table:
        database = self.duckdb.cursor()
        database.register("source", pa.Table.from_batches([batch]))
        checked = database.sql(_SQL, params=self._parameters).to_arrow_table()
        database.register("checked", checked)
        database.execute("INSERT INTO seen SELECT nik, ord FROM checked WHERE problem IS NULL")
        database.close()
        return checked

    def find_twice(self) -> None:
        """Make the table `twice` of rows whose NIK a good row before them has already."""
        self.duckdb.execute(_TWICE)
        self.duckdb.execute("DROP TABLE seen")

    def forget(self, file: int) -> None:
        """Forget the NIKs of a file that is about to be read again from its start."""
        self.duckdb.execute("DELETE FROM seen WHERE ord >> $1 = $2", [ROW_BITS, file])
