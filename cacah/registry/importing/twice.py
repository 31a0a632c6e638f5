"""Finds the rows whose NIK a good row before them has already, however many rows there are."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cacah.registry.importing.glance import Numbers
from cacah.registry.importing.spill import Spill


class Twice:
    """NIKs in heaps, equal ones in the same, each heap small enough for memory."""

    def __init__(self, spill: Spill, heaps: int) -> None:
        self._spill = spill
        self._heaps = heaps

    def note(self, checked: pa.Table) -> None:
        """Remember the NIKs of checked rows that are good."""
        good = checked.select(["nik", "ord"]).filter(pc.is_null(checked["problem"]))
        pairs = np.stack([good["nik"].to_numpy(), good["ord"].to_numpy()])
        heaps = pairs[0] % self._heaps
        for heap in np.unique(heaps).tolist():
            self._spill.put(heap, pairs[:, heaps == heap].tobytes())

    def found(self) -> Numbers:
        """Return the `ord` of rows that come too late, in order."""
        return np.sort(np.concatenate([self._found_in(heap) for heap in range(self._heaps)]))

    def _found_in(self, heap: int) -> Numbers:
        pieces = [np.frombuffer(p, np.int64).reshape(2, -1) for p in self._spill.take(heap)]
        if not pieces:
            return np.zeros(0, np.int64)
        niks, ords = np.concatenate(pieces, axis=1)
        ordered = np.sort(niks)
        again = np.isin(niks, ordered[1:][ordered[1:] == ordered[:-1]])
        niks, ords = niks[again], ords[again]
        order = np.lexsort((ords, niks))
        return ords[order][np.diff(niks[order], prepend=-1) == 0]
