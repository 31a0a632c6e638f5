"""Takes over the rows of which every cell is clean, which are nearly all, in Arrow and NumPy.

A cell is clean when it is seen at a glance what `mending` would make of it. A row with any other
cell is left to `mending`, whatever is the matter with it: here nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry.importing import columns
from cacah.registry.importing.glance import Flags, Numbers, dates, distinct, numbers
from cacah.registry.importing.mending import LONGEST_NAME, OLDEST_YEAR
from cacah.registry.importing.persons import WEIGHTS

CHECKED = pa.schema(
    [("ord", pa.int64()), ("kk", pa.int64()), ("nik", pa.int64()), ("head", pa.bool_())]
    + [(name, pa.string()) for name in ("area", "sls_name", "home", "name", "birth_place")]
    + [("born", pa.int32()), ("codes", pa.int32()), ("problem", pa.string()), ("note", pa.string())]
)
# Those that are no plain space (Unicode's Zs): `mending` takes them off the ends, too.
_OTHER_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# What JSON need not escape; no space at either end.
_NO_SPACE = rf'[^ "\\\x00-\x1f\x7f{_OTHER_SPACES}]'
_PLAIN = rf"({_NO_SPACE}+( +{_NO_SPACE}+)*)?"
# Words with one space between them, two letters at the start.
_NAME = rf"^\p{{L}}[.]? ?\p{{L}}{_NO_SPACE}*( {_NO_SPACE}+)*$"
_plain = re.compile(_PLAIN).fullmatch
_HOME = ("address", "rt", "rw")


class Clean:
    """Knows the villages, the words and the day of the register."""

    def __init__(self, villages: Iterable[str], as_of: date) -> None:
        self._villages = frozenset(villages)
        self._as_of = as_of.year * 10_000 + as_of.month * 100 + as_of.day
        self._places: dict[str, dict[str, int]] = {field: {} for field in columns.CODED}
        for field, word, code in columns.vocabulary():
            self._places[field][word] = columns.CODES[field].index(code) + 1
        for field in columns.CODED:
            if field not in columns.NEEDED:
                self._places[field][""] = 0

    def part(self, rows: pa.RecordBatch) -> tuple[pa.Table, pa.RecordBatch]:
        """Part rows of `reading.SCHEMA` into the clean ones, as `CHECKED`, and the others."""
        kk, clean = numbers(rows["kk"])
        nik, clean_nik = numbers(rows["nik"])
        born, clean_born = dates(rows["birth_date"], OLDEST_YEAR * 10_000, self._as_of)
        codes, clean_codes = self._codes(rows)
        place = distinct(rows["birth_place"], _json)
        name = rows["name"]
        clean = clean & clean_nik & clean_born & clean_codes & place.clean & _are_names(name)
        clean &= _flags(pc.is_null(rows["flaw"]))
        head = codes // WEIGHTS["relationship"] == 1
        homes = self._homes(rows, clean, head)
        none = pa.nulls(len(rows), pa.string())
        found = [rows["ord"], kk, nik, head, *homes, name, place.texts(), born, codes, none, none]
        checked = pa.table(found, schema=CHECKED)
        if clean.all():
            return checked, rows.slice(0, 0)
        return checked.filter(clean), rows.filter(pa.array(~clean))

    def _codes(self, rows: pa.RecordBatch) -> tuple[Numbers, Flags]:
        codes, clean = np.zeros(len(rows), np.int32), np.ones(len(rows), np.bool_)
        for field, weight in WEIGHTS.items():
            places = self._places[field]
            found = distinct(rows[field], lambda cell, known=places: known.get(_word(cell)))
            codes += found.numbers() * np.int32(weight)
            clean &= found.clean
        return codes, clean

    def _homes(self, rows: pa.RecordBatch, clean: Flags, head: Flags) -> list[pa.StringArray]:
        """Return `area`, `sls_name` and `home`; what is not clean is taken out of `clean`."""
        village, sls = distinct(rows["village"], self._village), distinct(rows["sls"], _sls)
        clean &= village.clean & sls.clean
        heads = np.flatnonzero(clean & head)
        texts = {field: rows[field].take(pa.array(heads)) for field in (*_HOME, "sls_name")}
        plain = np.ones(len(heads), np.bool_)
        for text in texts.values():
            plain &= _flags(pc.match_substring_regex(text, f"^{_PLAIN}$"))
        clean[heads[~plain]] = False
        sls_name = texts.pop("sls_name")
        area = pc.binary_join_element_wise(village.texts(heads), sls.texts(heads), "")
        found = (area, pc.if_else(pc.equal(sls_name, ""), None, sls_name), _home(texts))
        where = np.full(len(rows), -1)
        where[heads] = np.arange(len(heads))
        places = pa.array(where, mask=where < 0)
        return [column.take(places) for column in found]

    def _village(self, cell: str) -> str | None:
        code = cell.strip(" ")
        if len(code) == 13 and code[2] == code[5] == code[8] == ".":
            code = code.replace(".", "")
        return code if code in self._villages else None


def _word(cell: str) -> str | None:
    """A cell as the vocabulary has it; nothing else than ASCII is put in capitals alike."""
    return cell.strip(" ").upper() if cell.isascii() else None


def _sls(cell: str) -> str | None:
    code = cell.strip(" ")
    if not code or (code.isascii() and code.isdigit() and len(code) == 6):
        return code
    return None


def _json(cell: str) -> str | None:
    """A text as JSON."""
    if not cell:
        return "null"
    return f'"{cell}"' if _plain(cell) else None


def _are_names(cells: pa.StringArray) -> Flags:
    short = pc.less_equal(pc.binary_length(cells), LONGEST_NAME)
    return _flags(pc.and_(pc.match_substring_regex(cells, _NAME), short))


def _home(texts: dict[str, pa.StringArray]) -> pa.StringArray:
    """What the record says of a home, as JSON."""
    parts: list[pa.StringArray | str] = []
    for field, cells in texts.items():
        quoted = pc.binary_join_element_wise('"', cells, '"', "")
        json = pc.if_else(pc.equal(cells, ""), "null", quoted)
        parts += [f'{"," if parts else "{"}"{field}":', json]
    return pc.binary_join_element_wise(*parts, "}", "")


def _flags(values: pa.BooleanArray) -> Flags:
    flags: Flags = values.to_numpy(zero_copy_only=False)
    return flags
