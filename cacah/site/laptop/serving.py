"""Runs the site of a session pack on a laptop, and tells the guide where it is."""

from __future__ import annotations

import os
import secrets
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse

from cacah.collection import instruments
from cacah.outreach.packs import loading
from cacah.outreach.packs.facts import Facts, here
from cacah.outreach.pages.laptop import KEY_VARIABLE as GUIDE_VARIABLE
from cacah.registry.field_keys import key_here
from cacah.registry.sealed_lines import read
from cacah.site.laptop import addresses
from cacah.site.laptop.earlier import end_earlier_starts
from cacah.site.management.commands import serve

THREADS = 16


def run(options: Namespace, tell: Callable[[str], Any]) -> None:
    """Serve the pack that `opening.enter` has opened, until this process is ended.

    Raises CommandError, BadPack.
    """
    facts = here()
    if facts is None:
        raise CommandError("This process has no pack.")
    refuse(facts, datetime.now(UTC))
    if end_earlier_starts(Path(settings.CACAH_PACK)):
        tell("This pack was being served already; that start was ended.")
    serve.refuse_a_taken_port(options.host, options.port)
    prepare(facts, tell)
    os.environ[GUIDE_VARIABLE] = secrets.token_urlsafe(16)
    tell_where(options, facts, tell)
    serve.server(server_options(options)).serve()


def refuse(facts: Facts, now: datetime) -> None:
    """Raise CommandError where the pack is over, or this version makes another form."""
    if now >= facts.until:
        raise CommandError(
            f"This pack was good until {facts.until:%Y-%m-%d %H:%M} UTC; the clock here says "
            f"{now:%Y-%m-%d %H:%M}. Have a new one prepared. What this one holds can be delivered."
        )
    if instruments.current().digest != facts.instrument["digest"]:
        raise CommandError(
            f"This pack was prepared by cacah {facts.cacah}, which makes another form of its "
            "questionnaire. Install that version here, or have the pack prepared again."
        )


def prepare(facts: Facts, tell: Callable[[str], Any]) -> None:
    """Bring the site to the state of the pack; at the first start that takes some seconds."""
    tell("Preparing the site …")
    call_command("migrate", verbosity=0)
    pack = read(Path(settings.CACAH_PACK))
    many = loading.load(pack, key_here() or b"", facts)
    if many:
        tell(f"{many:,} families of the register are on this computer now, sealed.")
    loading.open_again(facts)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("shell", "build", verbosity=0)


def tell_where(options: Namespace, facts: Facts, tell: Callable[[str], Any]) -> None:
    """Print what the guide needs: the address for the hall, and the own link."""
    join = reverse("join", args=[facts.session["code"]])
    sign_in = reverse("laptop-guide", args=[os.environ[GUIDE_VARIABLE]])
    tell(f"Session {facts.session['code']}: {facts.session['title']}")
    for host in addresses.hosts(options):
        tell(f"  for everybody: {addresses.url(options, host)}{join}")
    own = addresses.url(options, addresses.own_name(options))
    tell(f"  for the guide, on this computer: {own}{sign_in}")
    if not options.tls_cert:
        tell("Over plain HTTP nothing typed is kept on phones: a page that is closed begins again.")
    tell("Everything acknowledged is on this computer's disk. End with Ctrl-C.")


def server_options(options: Namespace) -> dict[str, Any]:
    """Return what `cacah serve` calls its options."""
    return {
        "host": options.host,
        "port": options.port,
        "workers": min(2, os.cpu_count() or 1),
        "threads": THREADS,
        "tls": (options.tls_cert, options.tls_key) if options.tls_cert else None,
    }
