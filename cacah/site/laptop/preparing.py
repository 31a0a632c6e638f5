"""Prepares a session pack from the command line, at the centre."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import translation

from cacah.areas.codes import NotAnAreaCode, parse
from cacah.areas.models import Area
from cacah.outreach.actions.packs import MOST_DAYS, prepare_pack
from cacah.outreach.models import GuidedSession
from cacah.outreach.packs.facts import Facts
from cacah.outreach.packs.making import Wanted
from cacah.outreach.packs.passphrase import new_passphrase


def prepare(options: Namespace, tell: Callable[[str], Any]) -> None:
    """Write the pack of a session and print its passphrase, which is kept nowhere.

    Raises CommandError, and leaves no file then.
    """
    session = GuidedSession.objects.filter(code=options.code.upper()).first()
    if session is None:
        raise CommandError(f"There is no session {options.code}.")
    if not 1 <= options.days <= MOST_DAYS:
        raise CommandError(f"--days must be from 1 to {MOST_DAYS}.")
    areas = [area(text) for text in options.area]
    passphrase = new_passphrase()
    file = new_file(options.out)
    try:
        with file, translation.override("en"):
            facts = prepare_pack(
                by=None,
                session=session,
                wanted=Wanted.of(session, areas),
                days=options.days,
                passphrase=passphrase,
                file=file,
            )
            file.flush()
            os.fsync(file.fileno())
    except BaseException as problem:
        options.out.unlink()
        if isinstance(problem, ValidationError):
            raise CommandError(" ".join(problem.messages)) from None
        raise
    tell_what(options.out, facts, passphrase, tell)


def area(text: str) -> str:
    """Return the code of an area that is loaded; raises CommandError."""
    try:
        code = parse(text)
    except NotAnAreaCode:
        raise CommandError(f"{text} is no area code, as 33.25.01.2001") from None
    if not Area.objects.filter(pk=code).exists():
        raise CommandError(f"There is no area {text}.")
    return code


def new_file(path: Path) -> BinaryIO:
    """Make a file that only its owner reads; raises CommandError rather than replace one."""
    try:
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except FileExistsError:
        raise CommandError(f"{path} is there already: give another name.") from None
    except OSError as problem:
        raise CommandError(f"{path}: {problem.strerror}") from None


def tell_what(path: Path, facts: Facts, passphrase: str, tell: Callable[[str], Any]) -> None:
    """Print what came of it, and the passphrase."""
    tell(f"{path}: {facts.families:,} families, good until {facts.until:%Y-%m-%d %H:%M} UTC.")
    if facts.left_out:
        tell(
            f"{facts.left_out:,} families came into the register before it kept their card's "
            "number: import the register again, or they will not be found on the laptop."
        )
    tell(f"Its proofs lead to {facts.centre} and it is delivered there.")
    tell(f"Passphrase: {passphrase}")
    tell("Write it down: it is kept nowhere, and without it what the laptop takes in is lost.")
