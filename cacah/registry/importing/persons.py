"""What a row says of a person, packed into two numbers and two texts, and put together as JSON.

`codes` holds the places of all coded fields, counted from 1 in the order of `columns.CODES`, 0
where the register says nothing; `born` is year, month and day as one number, a month or day that
is not known as 98. Rows travel in this form because it takes a third of the room of the JSON.
"""

from __future__ import annotations

from itertools import accumulate, product
from operator import mul

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry.importing import columns

_SIZES = {field: len(columns.CODES[field]) + 1 for field in columns.CODED}
# By what a field's place is multiplied in `codes`; the last field's is 1.
WEIGHTS = dict(
    zip(
        columns.CODED,
        reversed([*accumulate(reversed([*_SIZES.values()][1:]), mul, initial=1)]),
        strict=True,
    )
)
_TAILS = WEIGHTS["sex"]


def _quoted(field: str, place: int) -> str:
    return f'"{columns.CODES[field][place - 1]}"' if place else "null"


def _json_of(fields: tuple[str, ...]) -> list[str]:
    """Return the JSON of some fields for every combination of their places."""
    return [
        ",".join(
            f'"{field}":{_quoted(field, at)}' for field, at in zip(fields, places, strict=True)
        )
        for places in product(*(range(_SIZES[field]) for field in fields))
    ]


def _binary(texts: list[str]) -> pa.BinaryArray:
    return pa.array([text.encode() for text in texts], pa.binary())


_FIRST, _LAST = _json_of(columns.CODED[:2]), _json_of(columns.CODED[2:])
_BEFORE_PLACE = _binary([f'",{text},"birth_place":' for text in _FIRST])
_DAYS = _binary(
    [f',"birth_day":"{n % 100}","birth_month":"{n // 100}","birth_year":' for n in range(10_000)]
)
_YEARS = _binary([str(year) for year in range(10_000)])
_AFTER_YEAR = _binary([f",{text}}}" for text in _LAST])


def persons_json(rows: pa.Table, niks: pa.BinaryArray) -> pa.BinaryArray:
    """Return each person as the household's record holds it."""
    codes, born = rows["codes"].to_numpy(), rows["born"].to_numpy()
    return pc.binary_join_element_wise(
        b'{"name":"',
        rows["name"].combine_chunks().cast(pa.binary()),
        b'","nik":"',
        niks,
        _taken(_BEFORE_PLACE, codes // _TAILS),
        rows["birth_place"].combine_chunks().cast(pa.binary()),
        _taken(_DAYS, born % 10_000),
        _taken(_YEARS, born // 10_000),
        _taken(_AFTER_YEAR, codes % _TAILS),
        b"",
    )


def _taken(texts: pa.BinaryArray, places: np.ndarray) -> pa.BinaryArray:
    return texts.take(pa.array(places))
