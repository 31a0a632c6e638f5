"""How every benchmark ends: its figures as one JSON object, the last thing on standard output."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import orjson


def tell(figures: dict[str, Any], *packages: str, **more: str) -> int:
    """Print the figures with the versions they were measured with; return the exit status.

    `packages` are the distributions that the figures depend on beside cacah, `more` versions of
    what is no distribution. The status is 0 where `figures["holds"]`, else 1.
    """
    versions = {name: version(name) for name in ("cacah", *packages)}
    machine = {"python": platform.python_version(), "cores": os.cpu_count()}
    told = {name: figures[name] for name in figures if name != "holds"}
    told |= {"versions": versions | more | machine, "holds": figures["holds"]}
    print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
    return 0 if figures["holds"] else 1
