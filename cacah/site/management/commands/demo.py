"""`cacah demo`: a running site in the fifth week of a census that synthetic families answer."""

from __future__ import annotations

import io
import json
import os
import socket
import subprocess
import sys
from argparse import ArgumentParser
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cacah.monitoring.actions import fold_all
from cacah.registry.queries import census, registered_count
from cacah.rehearsal.families import Family
from cacah.rehearsal.founding import found, write_roster
from cacah.rehearsal.goals import write_targets
from cacah.rehearsal.inviting import share_links
from cacah.rehearsal.kupang import hold_week
from cacah.rehearsal.province import SEED, NotARehearsal, province, recognise
from cacah.site import walk
from cacah.site.demonstration import office_walk, officers, telling
from cacah.site.demonstration.officers import (
    AREA_POSTS,
    COORDINATOR_POSTS,
    PLANNER_POST,
    TEAM_POSTS,
    Logins,
)

# So many days ago it was opened, and so many are to come: the rush is still ahead.
OPEN_DAYS_BEFORE, OPEN_DAYS_AFTER = 28, 17
FAMILIES = 8000
# Whose coordinators have shared links: a department of the regency, and a university.
SHARING = ("batang-04", "alas-roban")
# A register with more is no demo's, and its families need not be drawn to see that.
MOST_FAMILIES = 100_000


class Command(BaseCommand):
    help = "Set up and run a site with synthetic families, officers and institutions."
    # Ids of the institutions by their key in cacah.rehearsal.offices.
    offices: dict[str, int]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--families", type=int, default=FAMILIES)
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--check",
            action="store_true",
            help="take one family through over HTTP, look at it as an officer, then end",
        )
        parser.add_argument(
            "--code", action="store_true", help="print the officers' code of this half minute"
        )

    def handle(
        self, *args: Any, families: int, port: int, check: bool, code: bool, **options: Any
    ) -> None:
        if code:
            self.tell_code()
            return
        # Set here and for the workers: pages and QR codes must lead to this port.
        settings.CACAH_PUBLIC_URL = f"http://127.0.0.1:{port}"
        os.environ["CACAH_PUBLIC_URL"] = settings.CACAH_PUBLIC_URL
        there = self.set_up(families)
        if check:
            self.check_walk(there)
            return
        self.stdout.write("\n".join(telling.lines(there, self.logins, self.folder)))
        self.stdout.flush()
        call_command("serve", port=port, no_prepare=True)

    def tell_code(self) -> None:
        try:
            self.stdout.write(officers.logins_of(self.folder / "logins.json").code)
        except officers.NoDemo as error:
            raise CommandError(str(error)) from None

    @property
    def folder(self) -> Path:
        """Where the demo keeps its own files."""
        folder: Path = settings.CACAH_HOME / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @cached_property
    def logins(self) -> Logins:
        return officers.logins(self.folder / "logins.json")

    def set_up(self, wanted: int) -> tuple[Family, ...]:
        """Make keys, database, areas, census, register and its life, each step safe to repeat.

        Returns the families: an earlier demo's number outlives `--families`.
        """
        server_keys = settings.CACAH_KEYS / "server.json"
        if not server_keys.is_file():
            self.step("Making keys", "keys", "create")
            # This process began without one; officers' second factors are sealed under it.
            settings.SECRET_KEY = json.loads(server_keys.read_text())["django"]
        self.step("Preparing the database", "migrate", "--no-input")
        there = registered_count()
        families = self.recognised(there) if there else self.drawn(wanted)
        self.step("Loading the areas of Indonesia", "areas", "load")
        self.open_census(fresh=not there)
        if not there:
            self.register(families)
        number = str(len(families))
        self.step("Letting families answer for four weeks", "rehearsal", "life", families=number)
        self.people_the_office(families)
        self.step("Building the pages", "collectstatic", "--no-input")
        self.step("Building the form", "shell", "build")
        return families

    def recognised(self, there: int) -> tuple[Family, ...]:
        """Return the families of an earlier demo; raise CommandError where others are here."""
        try:
            if there > MOST_FAMILIES:
                raise NotARehearsal(f"the register holds {there:,} families")
            families = province(there)
            recognise(families)
        except NotARehearsal as error:
            raise CommandError(
                f"This is not the place of a demo of this version: {error}. Give the demo a "
                "place of its own: CACAH_HOME=DIRECTORY scripts/demo"
            ) from None
        return families

    def drawn(self, wanted: int) -> tuple[Family, ...]:
        """Return a new demo's families; raise CommandError where a census is being prepared."""
        if officers.are_there():
            raise CommandError("This site has officers, so it is not for a demo; nothing was done.")
        if not 1 <= wanted <= MOST_FAMILIES:
            raise CommandError(f"--families must be from 1 to {MOST_FAMILIES:,}")
        return province(wanted)

    def open_census(self, *, fresh: bool) -> None:
        """Open it four weeks ago; one that an earlier demo opened goes on, or is prolonged."""
        now = timezone.localtime()
        dates: dict[str, str] = {}
        if fresh:
            dates["opens"] = minute(now - timedelta(days=OPEN_DAYS_BEFORE))
        if fresh or census().closes_at < now + timedelta(days=1):
            dates["closes"] = minute(now + timedelta(days=OPEN_DAYS_AFTER))
        help_line = ("--help-phone", "1500-123", "--help-hours", "08.00–20.00")
        self.step("Opening the census", "census", "set", *help_line, **dates)

    def register(self, families: tuple[Family, ...]) -> None:
        file = str(self.folder / "population.csv")
        number = str(len(families))
        self.step("Making families", "rehearsal", "province", "--out", file, families=number)
        self.step("Importing the register", "registry", "import", file)
        targets = self.folder / "targets.csv"
        write_targets(families, targets)
        self.step("Setting projections and targets", "areas", "import-targets", str(targets))

    def people_the_office(self, families: tuple[Family, ...]) -> None:
        """Appoint officers, found institutions with their rosters, count everything."""
        self.say("Appointing officers and founding institutions")
        appointed = officers.appoint(AREA_POSTS, families, self.logins, {})
        self.offices = found(families, seed=SEED, by=appointed["provinsi"])
        coordinators = officers.appoint(COORDINATOR_POSTS, families, self.logins, self.offices)
        write_roster(families, SEED, self.folder / "roster.csv")
        self.say("Sending six teams to 63 institutions in Kupang")
        posts = (PLANNER_POST, *TEAM_POSTS)
        planner, *leaders = officers.appoint(posts, families, self.logins, {}).values()
        hold_week(families, by=planner, teams=leaders, host=appointed["kabupaten"])
        sharing = [post for post in COORDINATOR_POSTS if post.office in SHARING]
        links = {self.offices[post.office]: coordinators[post.login] for post in sharing}
        share_links(families, coordinators=links)
        fold_all()

    def say(self, sentence: str) -> None:
        self.stdout.write(f"{sentence} …")
        self.stdout.flush()

    def step(self, sentence: str, *command: str, **options: str) -> None:
        self.say(sentence)
        # Only these have something to say that a newcomer wants to read.
        quiet = None if command[0] in ("registry", "rehearsal") else io.StringIO()
        given = [f"--{name}={value}" for name, value in options.items()]
        call_command(*command, *given, verbosity=0, stdout=quiet)

    def check_walk(self, families: tuple[Family, ...]) -> None:
        """Start the server beside us, take a family through it, see it counted, end the server."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        site = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-m", "cacah", "serve", "--no-prepare", "--port", str(port)]
        environment = os.environ | {"CACAH_PUBLIC_URL": site}
        server = subprocess.Popen([*command, "--workers", "1"], env=environment)  # noqa: S603
        try:
            number = self.walked(site, families)
        except walk.WalkFailed as failure:
            raise CommandError(f"demo failed: {failure}") from failure
        finally:
            server.terminate()
            server.wait(timeout=30)
        self.stdout.write(f"demo ok: receipt {number}")

    def walked(self, site: str, families: tuple[Family, ...]) -> str:
        """Return the receipt of a family whom an officer's figures have counted."""
        walk.wait_until_ready(site)
        desk = office_walk.sign_in(site, self.logins)
        before = office_walk.responded(desk)
        number = walk.take_one_family_through(site, iter(telling.unanswered(families)))
        for path in office_walk.pages(self.offices):
            desk.open(path)
        office_walk.take_report(desk)
        if (after := office_walk.responded(desk)) != before + 1:
            raise walk.WalkFailed(f"{before} families had responded before this one, {after} after")
        return number


def minute(moment: datetime) -> str:
    """Return a moment as `cacah census set` reads it."""
    return moment.isoformat(timespec="minutes")
