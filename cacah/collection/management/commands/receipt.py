"""`cacah receipt verify`: check a receipt with nothing but the public key."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from cacah.collection import numbers, receipts


class Command(BaseCommand):
    help = "Check a receipt offline: its signed text, or the address in its QR code."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verify = verbs.add_parser("verify", help="say when, and how many people, never who")
        verify.add_argument("text", help="the signed text or the address in the QR code")
        verify.add_argument(
            "--key",
            type=Path,
            default=Path(settings.CACAH_KEYS) / "receipt.public",
            help="the census's receipt.public",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if numbers.is_number(options["text"]):
            raise CommandError(
                "This is only a receipt's number, which the site's page /bukti/ checks. Without "
                "the site, give the text inside the QR code."
            )
        try:
            receipt = receipts.verify(options["text"], receipts.read_public_key(options["key"]))
        except ImproperlyConfigured as problem:
            raise CommandError(str(problem)) from None
        except receipts.NotAReceipt as problem:
            if pack := receipts.pack_of(options["text"].rpartition(".")[0])[1]:
                raise CommandError(
                    f"This proof is provisional: the laptop of session pack {pack} has signed it. "
                    "The site's page /bukti/ checks it, and leads to the final one."
                ) from None
            raise CommandError(f"Not genuine: {problem}.") from None
        mark = " To be verified: an unlisted family." if receipt.to_be_verified else ""
        self.stdout.write(
            f"Genuine: {receipt.number}, census {receipt.census}, {receipt.persons} people, "
            f"{receipt.issued_at:%Y-%m-%d %H:%M:%S} UTC, revision {receipt.revision}.{mark}"
        )
