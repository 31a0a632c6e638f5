"""`cacah serve`: run the site under granian."""

from __future__ import annotations

import os
import socket
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from granian.constants import Interfaces, SSLProtocols
from granian.server import Server

from cacah import __version__
from cacah.registry.queries import NoCensus, census
from cacah.site.beside import worker


class Command(BaseCommand):
    help = "Run the site. Migrates the database and builds the static files first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, choices=range(1, 65536), metavar="N")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        parser.add_argument("--threads", type=int, default=32, help="requests at once in a worker")
        parser.add_argument(
            "--no-prepare",
            action="store_true",
            help="start at once: another server of this site has migrated and built already",
        )
        parser.add_argument(
            "--no-jobs",
            action="store_true",
            help="without a worker of jobs beside it: `cacah jobs run` works elsewhere",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.CACAH_KEYS / "server.json").is_file():
            raise CommandError("There are no server keys yet: run `cacah keys create` first.")
        refuse_a_taken_port(options["host"], options["port"])
        if not options["no_prepare"]:
            prepare()
        self.greet(options["host"], options["port"])
        scratch = tempfile.TemporaryDirectory(prefix="cacah-metrics-")
        with scratch as metrics, worker(not options["no_jobs"]):
            # Every worker writes its counters here; /metrics adds them up.
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics
            # Workers are forked or spawned, as the system does it.
            os.environ["CACAH_THREADS"] = str(options["threads"])
            settings.CACAH_THREADS = options["threads"]
            server(options).serve()

    def greet(self, host: str, port: int) -> None:
        """Say where the site listens, under which name, and whether families can answer now."""
        self.stdout.write(
            f"cacah {__version__} listens on {host}:{port} for {settings.CACAH_PUBLIC_URL}"
        )
        try:
            found = census()
        except NoCensus as problem:
            self.stderr.write(f"No family can answer yet: {problem}.")
            return
        now = timezone.now()
        opens, closes = (
            timezone.localtime(moment).isoformat(timespec="minutes")
            for moment in (found.opens_at, found.closes_at)
        )
        if now < found.opens_at:
            self.stderr.write(f"The census is not open yet: it opens {opens}.")
        elif now >= found.closes_at:
            self.stderr.write(
                f"The census is closed since {closes}: `cacah census set --closes` changes that."
            )
        else:
            self.stdout.write(f"The census is open until {closes}.")
        self.stdout.flush()


def server(options: dict[str, Any]) -> Server:
    """Return the server as the command's options want it."""
    return Server(
        "cacah.site.wsgi:application",
        address=options["host"],
        port=options["port"],
        interface=Interfaces.WSGI,
        workers=options["workers"],
        blocking_threads=options["threads"],
        # Of connections, idle ones too: those of a proxy must not keep families out.
        backpressure=4096,
        backlog=2048,
        # Threads that have ended come back one by one, when a queue has built up.
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        # Without it an idle keep-alive connection holds up the end for as long as it likes.
        workers_kill_timeout=10,
        log_access=False,
        log_dictconfig=server_logging(),
        log_level=os.environ.get("CACAH_LOG_LEVEL", "warning").lower(),
        **of_tls(options.get("tls")),
    )


def of_tls(files: tuple[Path, Path] | None) -> dict[str, Any]:
    """Return the server's options for a certificate and its key; without, a proxy ends TLS."""
    if files is None:
        return {}
    return {"ssl_cert": files[0], "ssl_key": files[1], "ssl_protocol_min": SSLProtocols.tls12}


def server_logging() -> dict[str, Any]:
    """Return the site's own logging for the server's lines too, so that all are of one form."""
    ours = {name: settings.LOGGING[name] for name in ("formatters", "filters", "handlers")}
    ours["filters"] = ours["filters"] | {"meant": {"()": "cacah.site.logs.ThreadsAreMeant"}}
    filters = [*ours["handlers"]["console"].get("filters", ()), "meant"]
    console = ours["handlers"]["console"] | {"filters": filters}
    ours["handlers"] = ours["handlers"] | {"console": console}
    lines = {"handlers": ["console"], "propagate": False}
    return ours | {"loggers": {"_granian": lines, "granian.access": dict(lines)}}


def refuse_a_taken_port(host: str, port: int) -> None:
    """Raise CommandError where somebody listens already.

    Workers share the port among themselves, so that a second site would silently get every other
    request of the first.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise CommandError(
                f"Port {port} on {host} cannot be used ({problem.strerror}): end what listens "
                "there, or give another with --port."
            ) from None


def prepare() -> None:
    """Bring database and static files to this version's state."""
    call_command("migrate", verbosity=0)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("shell", "build", verbosity=0)
