"""`cacah keys create`: make the server's keys and the statistics office's key pair."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from cacah.collection import receipts, sealing
from cacah.registry.keys import create_server_keys, server_keys


class Command(BaseCommand):
    help = "Make the server's keys and the key pair that answers are sealed to."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        create = verbs.add_parser("create", help="make every key that is not there yet, once")
        create.add_argument(
            "--office",
            type=Path,
            help="a folder for the office's private key, best on a stick that you take away "
            "(default: CACAH_HOME/office)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keys: Path = settings.CACAH_KEYS
        office: Path = options["office"] or settings.CACAH_HOME / "office"
        if options["office"] and not office.is_dir():
            # A folder made on the spot would lie on this disk, where the key must not be.
            raise CommandError(f"There is no folder {office}: is the stick plugged in and mounted?")
        private = office / "office.private"
        files = (keys / "server.json", keys / "office.public", keys / "receipt.public", private)
        if there := [str(path) for path in files if path.exists()]:
            raise CommandError(
                f"Nothing was changed: {', '.join(there)} already exists. New keys would make the "
                "register, the receipts or the answers unreadable. To begin a new census, choose "
                "another CACAH_HOME."
            )
        try:
            create_all(keys, private)
        except OSError as problem:
            # None of them was there before: half a set must not be in the way of the next try.
            for path in files:
                with suppress(OSError):
                    path.unlink()
            raise CommandError(
                f"No keys were made: {problem.filename}: {problem.strerror}."
            ) from None
        self.stdout.write(f"The server's keys are in {keys}: back them up apart from the database.")
        self.stdout.write(f"The office's private key is {private}. {sealing.TAKE_IT_AWAY}")


def create_all(keys: Path, private: Path) -> None:
    """Write the server's keys, the receipts' public key and the office's pair."""
    create_server_keys(keys)
    server_keys.cache_clear()
    signing = Ed25519PrivateKey.from_private_bytes(server_keys().receipt_signing)
    (keys / "receipt.public").write_bytes(receipts.public_pem(signing.public_key()))
    sealing.create_office_keys(private, keys / "office.public")
