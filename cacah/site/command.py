"""The `cacah` command: Django's management commands under the product's name."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cacah import __version__

# They read files alone, so they run where no database is or may be.
WITHOUT_DATABASE = {
    "questionnaire",
    "keys",
    "receipt",
    "help",
    "--help",
    "-h",
    "version",
    "--version",
}


def main() -> None:
    """Run one command; start the embedded PostgreSQL first where the command needs a database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cacah.site.settings")
    name = sys.argv[1] if len(sys.argv) > 1 else "help"
    if name in {"version", "--version"}:
        sys.stdout.write(f"{__version__}\n")
        return
    try:
        run(name)
    except Exception as problem:
        if (sentence := explained(problem)) is None:
            raise
        sys.exit(sentence)


def run(name: str) -> None:
    if name == "session":
        enter_the_pack()
    if name not in WITHOUT_DATABASE and "DATABASE_URL" not in os.environ:
        from cacah.site.database import start_embedded

        home = Path(os.environ.get("CACAH_HOME", "var")).resolve()
        os.environ["DATABASE_URL"] = start_embedded(home / "postgres")

    from django.core.management import execute_from_command_line

    execute_from_command_line(["cacah", *sys.argv[1:]])


def enter_the_pack() -> None:
    """Make this process that of a pack's site, where the subcommand serves or delivers one."""
    from cacah.site.management.commands.session import ON_THE_LAPTOP, Command

    command = Command()
    # As Django does: what cannot be read ends with the usage.
    command._called_from_command_line = True
    options = command.create_parser("cacah", "session").parse_args(sys.argv[2:])
    if options.verb in ON_THE_LAPTOP:
        from cacah.site.laptop.opening import enter

        enter(options)


def explained(problem: Exception) -> str | None:
    """Return what to do about a failure that is the site's state and no defect; else None."""
    from django.core.exceptions import ImproperlyConfigured

    from cacah.registry.sealed_lines import BadPack

    if isinstance(problem, BadPack):
        return str(problem)
    from django.db import OperationalError, ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedTable

    if isinstance(problem, ProgrammingError):
        behind = isinstance(problem.__cause__, UndefinedTable | UndefinedColumn)
        return "The database is not prepared: run `cacah migrate` first." if behind else None
    if isinstance(problem, OperationalError):
        return f"The database cannot be reached: {problem}"
    if isinstance(problem, ImproperlyConfigured):
        return str(problem)
    if isinstance(problem, OSError) and problem.filename is not None:
        return f"{problem.filename}: {problem.strerror}. CACAH_HOME must be a folder of your own."
    return None
