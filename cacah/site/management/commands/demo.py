"""`cacah demo`: a running site with the synthetic families of one regency."""

from __future__ import annotations

import io
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.areas.codes import parse
from cacah.registry.models import Household
from cacah.rehearsal.families import Family
from cacah.rehearsal.population import population
from cacah.site import walk

AREA = "33.25"  # Kabupaten Batang, where 6,500 people answered and 3,200 held their proof in 2020
SEED = 2020
OPEN_DAYS_BEFORE, OPEN_DAYS_AFTER = 7, 37


class Command(BaseCommand):
    help = "Set up and run a site with the synthetic families of Kabupaten Batang."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--families", type=int, default=2000)
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--check", action="store_true", help="take one family through over HTTP, then end"
        )

    def handle(self, *args: Any, families: int, port: int, check: bool, **options: Any) -> None:
        # Set here and for the workers: pages and QR codes must lead to this port.
        settings.CACAH_PUBLIC_URL = f"http://127.0.0.1:{port}"
        os.environ["CACAH_PUBLIC_URL"] = settings.CACAH_PUBLIC_URL
        families = self.set_up(families)
        if check:
            self.check_walk(families)
        else:
            self.tell(families, port)
            call_command("serve", port=port, no_prepare=True)

    def set_up(self, families: int) -> int:
        """Make keys, database, areas, census and register, each step safe to repeat.

        Returns how many families the register has: an earlier demo's number outlives `--families`.
        """
        if not (settings.CACAH_KEYS / "server.json").is_file():
            self.step("Making keys", "keys", "create")
        self.step("Preparing the database", "migrate", "--no-input")
        self.step("Loading the areas of Indonesia", "areas", "load")
        self.open_census()
        if there := Household.objects.count():
            families = there
        else:
            file = settings.CACAH_HOME / "demo" / "population.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            where = ("--area", AREA, "--families", str(families), "--seed", str(SEED))
            self.step("Making families", "rehearsal", "population", *where, "--out", str(file))
            self.step("Importing the register", "registry", "import", str(file))
        self.step("Building the pages", "collectstatic", "--no-input")
        self.step("Building the form", "shell", "build")
        return families

    def open_census(self) -> None:
        now = timezone.localtime()
        opens = (now - timedelta(days=OPEN_DAYS_BEFORE)).isoformat(timespec="minutes")
        closes = (now + timedelta(days=OPEN_DAYS_AFTER)).isoformat(timespec="minutes")
        self.step(
            f"Opening the census for {OPEN_DAYS_BEFORE + OPEN_DAYS_AFTER} days",
            *("census", "set", "--opens", opens, "--closes", closes),
            *("--help-phone", "1500-123", "--help-hours", "08.00–20.00"),
        )

    def step(self, sentence: str, *command: str) -> None:
        self.stdout.write(f"{sentence} …")
        self.stdout.flush()
        # Only the import has something to say that a newcomer wants to read.
        quiet = None if command[0] == "registry" else io.StringIO()
        call_command(*command, verbosity=0, stdout=quiet)

    def check_walk(self, families: int) -> None:
        """Start the server beside us, take a family through it, end it."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "cacah", "serve", "--no-prepare", "--port", str(port)]
        server = subprocess.Popen([*command, "--workers", "1"])  # noqa: S603
        try:
            number = walk.take_one_family_through(f"http://127.0.0.1:{port}", drawn(families))
        except walk.WalkFailed as failure:
            raise CommandError(f"demo failed: {failure}") from failure
        finally:
            server.terminate()
            server.wait(timeout=30)
        self.stdout.write(f"demo ok: receipt {number}")

    def tell(self, families: int, port: int) -> None:
        """Say what is running and what to try."""
        self.stdout.write(f"\ncacah runs at http://127.0.0.1:{port}/ (Ctrl-C ends it).")
        self.stdout.write("Families to try, with an answer to the question from the family card:\n")
        for family in islice(drawn(families), 400, 406):
            self.stdout.write(f"  {described(family)}")
        office = settings.CACAH_HOME / "office"
        self.stdout.write(
            f"\nThe office's private key is in {office}; in a real census it is never here."
            "\nAfter sending, read the sealed answers with"
            f"\n  .venv/bin/cacah submissions open --key {office}/office.private "
            "--receipt NUMBER\n"
        )
        self.stdout.flush()


def drawn(families: int) -> Iterator[Family]:
    """Yield the demo's families again: the same arguments give the same population."""
    return population(parse(AREA), families, SEED)


def described(family: Family) -> str:
    """Return one line with the numbers that a tester types, and the card question's answer."""
    first, *others = family.members
    answer = ", ".join(f"{m.name} born {m.born:%d-%m-%Y}" for m in others[:1])
    return (
        f"NIK {first.nik}  KK {family.kk}  {first.name}, {len(family.members)} people "
        f"({answer or f'born in {first.birth_place}'})"
    )
