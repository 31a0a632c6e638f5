"""`cacah institutions`: bring a table in, match rosters again, send coordinators their e-mail."""

from __future__ import annotations

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.institutions import digest
from cacah.institutions.actions.importing import import_institutions
from cacah.institutions.actions.matching import rematch
from cacah.institutions.actions.tree import (
    close_institution,
    close_names,
    move_institution,
    open_names,
    reopen_institution,
)
from cacah.institutions.files.problems import FILES, BadRoster
from cacah.institutions.models import Institution
from cacah.institutions.seats import whole_number

CHANGES = {
    "open-names": "let officers above see who has not taken part, by name, as the mandate says",
    "close-names": "let them see counts only",
    "move": "put one with all below it under another one, or on top",
    "close": "follow one and all below it no more",
    "reopen": "undo a closing",
}


class Command(BaseCommand):
    help = "Imports institutions from CSV, all or none; docs/rosters.md describes the columns."

    def add_arguments(self, parser):
        verbs = parser.add_subparsers(dest="verb", required=True)
        load = verbs.add_parser("import", help="bring a table of institutions in; safe to repeat")
        load.add_argument("file", type=Path, metavar="FILE")
        verbs.add_parser("rematch", help="look for everybody on every roster again")
        for verb, words in CHANGES.items():
            change = verbs.add_parser(verb, help=words)
            change.add_argument("what", metavar="ID", help="number in its address, or its code")
            if verb == "move":
                change.add_argument("under", nargs="?", metavar="ID", help="nothing: on top")
        weekly = verbs.add_parser(
            "digest", help="send this week's e-mails that are not sent yet, as the worker does"
        )
        weekly.add_argument(
            "--dry-run", action="store_true", help="show them, and send and note nothing"
        )

    def handle(self, *, verb, file=None, **options):
        if verb in CHANGES:
            self.change(verb, options["what"], options.get("under"))
            return
        if verb == "digest":
            self.digest(show=options["dry_run"])
            return
        if verb == "rematch":
            self.stdout.write(_("moved: %(people)s") % {"people": rematch()})
            return
        try:
            with file.open("rb") as opened:
                result = import_institutions(by=None, file=opened)
        except BadRoster as error:
            raise CommandError(str(FILES[error.code]) % error.more) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if result.wrong:
            lines = [f"{each.row}, {each.column}: {each.sentence}" for each in result.wrong]
            raise CommandError("\n".join([*lines, _("Nothing was stored.")]))
        self.stdout.write(
            _("added: %(added)s, changed: %(changed)s")
            % {"added": result.added, "changed": result.changed}
        )

    def digest(self, *, show):
        """Send coordinators the e-mails of this week, or show them."""
        today = timezone.localdate()
        for mail, is_sent in digest.preview(today) if show else ():
            note = " (sent this week already)" if is_sent else ""
            self.stdout.write(f"To: {mail.to[0]}{note}\nSubject: {mail.subject}\n\n{mail.body}\n")
        if show:
            return
        done = digest.send(today)
        self.stdout.write(f"{done.sent} e-mails sent, {done.before} had gone out before")
        if done.failed:
            raise CommandError(f"{done.failed} could not be sent; they are tried again every hour")

    def change(self, verb, what, under):
        """Change one institution, with a trace."""
        pk = found(what)
        try:
            if verb == "move":
                parent = found(under) if under else None
                move_institution(by=None, institution=pk, parent=parent)
            elif verb == "close":
                close_institution(by=None, institution=pk)
            elif verb == "reopen":
                reopen_institution(by=None, institution=pk)
            elif verb == "open-names":
                open_names(by=None, institution=pk)
            else:
                close_names(by=None, institution=pk)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Institution.DoesNotExist as error:
            raise CommandError(_("It is closed already, or not closed.")) from error


def found(said):
    """Return the id of an institution that is named by its id or its code."""
    which = Q(pk=whole_number(said)) | (Q(code=said) & ~Q(code=""))
    ids = list(Institution.objects.filter(which).values_list("pk", flat=True))
    if len(ids) != 1:
        raise CommandError(_("There is no one institution with this number or code."))
    return ids[0]
