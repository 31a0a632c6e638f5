"""Splits lines of CSV into rows one by one, with care: every flaw is found in its own row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

# A quoted cell may hold line breaks; one that stays open longer than this was never closed.
_LINES_IN_A_ROW = 20
# Row number, and the cells or the code of what is wrong.
Row = tuple[int, "list[str] | str"]


class Rows:
    """Numbers rows from `first` on; with `keep_broken` a row with an open quote is its line."""

    def __init__(self, delimiter: str, first: int = 1, *, keep_broken: bool = False) -> None:
        self.next = first
        # Lines of a row whose quote is still open.
        self.waiting: list[str] = []
        self._delimiter = delimiter
        self._keep_broken = keep_broken

    def of(self, lines: Iterable[str]) -> Iterator[Row]:
        """Yield the rows that are not blank, or "quote" for one whose quote is never closed."""
        for line in lines:
            queue = [line]
            while queue:
                self.waiting.append(queue.pop(0))
                if sum(text.count('"') for text in self.waiting) % 2 == 0:
                    record, self.waiting = "".join(self.waiting), []
                    number = self._number()
                    if record.strip():
                        yield number, self._split(record)
                elif len(self.waiting) == _LINES_IN_A_ROW:
                    # The first line's quote was never closed; the others are rows of their own.
                    broken, *others = self.waiting
                    queue, self.waiting = others + queue, []
                    yield self._number(), self._broken(broken)

    def rest(self) -> Iterator[Row]:
        """Yield the rows that still waited for their quote at the end of the file."""
        for line in self.waiting:
            yield self._number(), self._broken(line)

    def _number(self) -> int:
        self.next += 1
        return self.next - 1

    def _broken(self, line: str) -> list[str] | str:
        return [line] if self._keep_broken else "quote"

    def _split(self, record: str) -> list[str] | str:
        try:
            return next(csv.reader([record.rstrip("\r\n")], delimiter=self._delimiter))
        except csv.Error:
            return self._broken(record)
