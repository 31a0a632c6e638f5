"""Brings register files in; docs/decisions/0007-register-import.md says how, and why so."""

from __future__ import annotations

import sys

import pyarrow as pa


class _WithoutPandas:
    """Says that there is no pandas, whoever brought it."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def _look_for_pandas_in_vain() -> None:
    """Let pyarrow have its one look for pandas while there is none.

    At its first array it loads pandas, to know whether it was given something of it. Nobody does,
    and that took a sixth of the time until an import begins, and 40 MB.
    """
    sys.meta_path.insert(0, _WithoutPandas)  # type: ignore[arg-type]
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_WithoutPandas)  # type: ignore[arg-type]


_look_for_pandas_in_vain()
