"""`cacah staff`: the first officer, officers from a file, suspending, the list."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone, translation

from cacah.areas.codes import NotAnAreaCode, dotted, parse
from cacah.staff import actions, invitations, letters, listing
from cacah.staff.appointing import Appointment, Refused
from cacah.staff.importing import Unusable, import_officers
from cacah.staff.models import Officer
from cacah.staff.roles import Role


class Command(BaseCommand):
    help = "Invites, imports, suspends and lists officers; what it does stands in the audit trail."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        invite = verbs.add_parser("invite", help="give a role; prints the one-time link")
        invite.add_argument("email")
        invite.add_argument("--role", required=True, choices=Role.values)
        invite.add_argument("--name", default="", help="default: what stands before the @")
        invite.add_argument("--area", default="", help="code as 33.25")
        invite.add_argument("--institution", type=int)
        invite.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD")
        invite.add_argument("--mail", action="store_true", help="send the link by mail too")
        file = verbs.add_parser("import", help="invite everybody in a CSV file, or nobody")
        file.add_argument("file", type=Path)
        file.add_argument("--mail", action="store_true", help="send the links by mail too")
        for verb, what in (
            ("renew", "make a new link; password and second factor are void"),
            ("suspend", "shut out at once, in every browser"),
            ("reinstate", "let in again"),
        ):
            verbs.add_parser(verb, help=what).add_argument("email")
        address = verbs.add_parser("address", help="another e-mail address, with a new link there")
        address.add_argument("email")
        address.add_argument("new")
        verbs.add_parser("list", help="print all officers and what they hold")

    def handle(self, *, verb: str, **options: Any) -> None:
        with translation.override("en"):
            try:
                getattr(self, f"_{verb}")(options)
            except Refused as refused:
                raise CommandError(str(refused)) from None

    def _invite(self, options: dict[str, Any]) -> None:
        email = options["email"]
        try:
            validate_email(email)
            area = parse(options["area"]) if options["area"] else ""
        except ValidationError:
            raise CommandError(f"{email} is no e-mail address") from None
        except NotAnAreaCode:
            raise CommandError(f"{options['area']} is no area code, as 33.25") from None
        wanted = Appointment(
            Role(options["role"]), area, options["institution"], until_day=options["until"]
        )
        name = options["name"] or email.partition("@")[0]
        officer, _grant = actions.invite(by=None, email=email, name=name, appointment=wanted)
        self._print_links([officer], options["mail"])

    def _import(self, options: dict[str, Any]) -> None:
        try:
            invited = import_officers(options["file"].read_bytes(), by=None)
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from None
        except Unusable as unusable:
            for each in unusable.troubles:
                self.stderr.write(f"row {each.row or '-'}, {each.column or '-'}: {each.sentence}")
            raise CommandError("Nothing was imported.") from None
        self._print_links(invited, options["mail"])

    def _print_links(self, officers: list[Officer], mail: bool) -> None:
        for officer in officers:
            if not officer.invitation:
                self.stdout.write(f"{officer.email}  has the role now and signs in as before")
                continue
            with translation.override(settings.LANGUAGE_CODE):
                link = invitations.link(officer)
                self.stdout.write(f"{officer.email}  {link}")
                if mail:
                    letters.invite(officer, link)
        letters.everything_is_sent()

    def _renew(self, options: dict[str, Any]) -> None:
        renewed = actions.begin_again(by=None, officer=self._officer(options))
        self._print_links([renewed], mail=False)

    def _address(self, options: dict[str, Any]) -> None:
        try:
            validate_email(options["new"])
        except ValidationError:
            raise CommandError(f"{options['new']} is no e-mail address") from None
        officer = self._officer(options)
        changed = actions.change_email(by=None, officer=officer, email=options["new"])
        self._print_links([changed], mail=False)

    def _suspend(self, options: dict[str, Any]) -> None:
        actions.suspend(by=None, officer=self._officer(options))
        self.stdout.write(f"{options['email']} is shut out")

    def _reinstate(self, options: dict[str, Any]) -> None:
        actions.reinstate(by=None, officer=self._officer(options))
        self.stdout.write(f"{options['email']} is let in again")

    def _officer(self, options: dict[str, Any]) -> Officer:
        found = Officer.objects.filter(email=options["email"].lower()).first()
        if found is None:
            raise CommandError(f"there is no officer {options['email']}")
        return found

    def _list(self, options: dict[str, Any]) -> None:
        today = timezone.localdate()
        everybody = listing.with_second_factor(Officer.objects.order_by("email"))
        for officer in everybody.prefetch_related("grants__area"):
            lines = listing.lines(officer.grants.all(), today)
            row = listing.Row(officer, lines, officer.has_factor)
            held = [
                f"{each.grant.role} {_place(each)}"
                for each in lines
                if each.state in ("holds", "later")
            ]
            self.stdout.write(f"{officer.email:<40} {row.state_word:<24} {', '.join(held)}")


def _place(line: listing.Line) -> str:
    grant = line.grant
    if grant.institution is not None:
        return f"institution {grant.institution}"
    return dotted(grant.area_id) if grant.area_id else "nation"
