"""Keeps addresses that carry a receipt out of the logs."""

from __future__ import annotations

import logging


class RouteInsteadOfPath(logging.Filter):
    """Replace the path in Django's request records by the route it met: a path may be a receipt."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = record.__dict__.pop("request", None)
        if request is None or not isinstance(record.args, tuple):
            return True
        match = getattr(request, "resolver_match", None)
        route = match.route if match else "an address that does not exist"
        record.args = tuple(
            route if isinstance(arg, str) and arg.startswith("/") else arg for arg in record.args
        )
        return True


class ThreadsAreMeant(logging.Filter):
    """Leaves out granian's warning of many threads: they wait for the disk, not for a processor."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether the line says anything else."""
        return "Configuration allows spawning up to" not in record.getMessage()
