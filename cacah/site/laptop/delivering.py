"""Delivers what a laptop took in, and says how much waits; the report lies beside the pack."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from cacah.outreach.actions.sessions import settle
from cacah.outreach.models import GuidedSession
from cacah.outreach.packs import report
from cacah.outreach.packs.centre import Centre, NoAddress, TurnedAway
from cacah.outreach.packs.delivering import BrokenOff, Delivery
from cacah.outreach.packs.facts import Facts, here
from cacah.registry.field_keys import FieldKeys
from cacah.registry.keys import server_keys


def deliver(options: Namespace, tell: Callable[[str], Any]) -> None:
    """Send what waits to the centre, and write the report, whatever has come of it.

    Raises CommandError where something still waits.
    """
    facts, keys = of_this_laptop()
    try:
        centre = Centre(options.to or facts.centre)
    except NoAddress as problem:
        raise CommandError(str(problem)) from None
    for session in GuidedSession.objects.all():
        settle(session)
    tell(f"Delivering to {centre.address} …")
    reason = ""
    try:
        Delivery(centre, facts.pack, keys, tell=lambda done, of: tell(f"{done:,} of {of:,}")).run()
    except (BrokenOff, TurnedAway) as problem:
        reason = str(problem)
    except KeyboardInterrupt:
        reason = "It was broken off here."
    finally:
        centre.hang_up()
    tell_all(options.pack, keys, tell)
    if reason:
        raise CommandError(f"Not everything could be delivered: {reason}")
    if not report.tally().is_all_there:
        raise CommandError("Something was refused, or has come in meanwhile: deliver again.")


def outbox(options: Namespace, tell: Callable[[str], Any]) -> None:
    """Say what has arrived at the centre and what waits, and write the report."""
    _facts, keys = of_this_laptop()
    tell_all(options.pack, keys, tell)


def of_this_laptop() -> tuple[Facts, FieldKeys]:
    """Return what `opening.enter` has opened; raises CommandError."""
    facts, keys = here(), server_keys()
    if facts is None or not isinstance(keys, FieldKeys):
        raise CommandError("This process has no pack.")
    return facts, keys


def tell_all(pack: Path, keys: FieldKeys, tell: Callable[[str], Any]) -> None:
    """Print what became of everything so far, and write it down for each proof."""
    for sentence in report.sentences(report.tally()):
        tell(sentence)
    path = pack.with_name(f"{pack.name}.report.csv")
    report.write(path, keys)
    tell(f"For each proof: {path}")
