"""Writes FILE.rejects.csv: which rows could not be used, in which column, and why.

The file repeats the rows, so it holds personal data: only its owner may read it.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from cacah.registry.importing.columns import REJECTS_COLUMN
from cacah.registry.importing.reading import Source

REASONS = {
    "columns": _("the row has more or fewer cells than the header"),
    "quote": _("a quotation mark is not closed"),
    "nul": _("the cell contains a NUL byte"),
    "encoding": _("the cell contains characters that are not UTF-8"),
    "empty": _("the cell is empty"),
    "digits": _("not written with the right number of digits"),
    "excel": _("a spreadsheet has turned the number into a value such as 3.3E+15 and lost digits"),
    "letters": _("the name has fewer than two letters"),
    "long": _("the name is longer than 100 characters"),
    "unknown": _("the value is not known"),
    "no-village": _("no such village is among the areas that are loaded"),
    "sex": _("not one of 1, L, LAKI-LAKI (male), 2, P, PEREMPUAN (female)"),
    "impossible": _("no such date; write YYYY-MM-DD or DD-MM-YYYY"),
    "future": _("the date is after the day of the register"),
    "twice": _("an earlier row has the same NIK"),
    "no-head": _("the family has no head among its usable rows, so it is left out"),
    "head-rejected": _(
        "the row of the family's head is rejected, so the whole family is left out; correct that"
        " row"
    ),
    "two-heads": _("the family has more than one head, so it is left out"),
    "too-many": _("the family has more than 60 people, so it is left out"),
    "same-id": _(
        "this KK number and another one happen to give the same key in the register, which can"
        " hold only one of them; the family is left out"
    ),
}
_HEADINGS = (REJECTS_COLUMN, "rejected_column", "reason", "loaded")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Reject:
    """One row of a file and what is wrong with it; `loaded` when only the field was left empty."""

    row: int
    column: str
    code: str
    loaded: bool

    @property
    def reason(self) -> str:
        return str(REASONS[self.code])


def rejects_path(path: Path) -> Path:
    """Return where the rejected rows of a register file are written."""
    return path.with_name(f"{path.name}.rejects.csv")


class RejectsFile:
    """The rejects of one file, written beside it and put in place once the import is stored."""

    def __init__(self, source: Source, rejects: Iterable[Reject]) -> None:
        self._path = rejects_path(source.path)
        self._draft = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        self._source = source
        self._rejects = {reject.row: reject for reject in rejects}

    def write(self) -> None:
        """Write the draft, readable by its owner alone; raises OSError where that cannot be."""
        if not self._rejects:
            return
        self._draft.unlink(missing_ok=True)
        handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*_HEADINGS, *map(_inert, self._source.header.headings)])
            for row, cells in self._source.cells(set(self._rejects)):
                reject = self._rejects[row]
                loaded = "without this field" if reject.loaded else "no"
                writer.writerow([row, reject.column, reject.reason, loaded, *map(_inert, cells)])

    def put_in_place(self) -> Path | None:
        """Replace the rejects of an earlier import; return the path where there are any."""
        if self._rejects:
            self._draft.replace(self._path)
            return self._path
        self._path.unlink(missing_ok=True)
        return None

    def discard(self) -> None:
        """Remove the draft of an import that was not stored."""
        self._draft.unlink(missing_ok=True)


def _inert(cell: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula and running it."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
