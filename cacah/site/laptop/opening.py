"""Opens a session pack with its passphrase and makes this process that of its site.

This runs before Django reads its settings: they depend on what the pack says.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import Namespace
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from getpass import getpass
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext, SSLError
from subprocess import SubprocessError
from typing import Any

import orjson
from django.core.exceptions import ImproperlyConfigured

from cacah.registry.field_keys import KEY_VARIABLE
from cacah.registry.sealed_lines import BadPack, SealedLines, WrongPassphrase, read
from cacah.site.database import refuse_a_long_path, start_embedded
from cacah.site.laptop import addresses

TRIES = 3
# The clock may be a little behind that of the server which prepared the pack.
BEHIND = timedelta(minutes=10)
# The database of an empty site and room for what comes; megabytes.
ROOM_AT_FIRST, ROOM = 400, 100
MARK = "pack.json"
# What a laptop does as the centre does (`packs.making.SETTINGS`); a pack sets nothing else.
OF_THE_CENTRE = ("CACAH_TIME_ZONE", "CACAH_PREFILL", "CACAH_GRACE_MINUTES")
# A village's answers are some megabytes; the less is to be read again, the sooner it is back.
SMALL = {"shared_buffers": "64MB", "max_wal_size": "256MB"}
ELSEWHERE = (
    "Put the pack into a folder with a short name on the computer's own disk: a USB stick, or a "
    "folder that others may write to, cannot hold its database."
)


def enter(options: Namespace) -> None:
    """Make this process that of a pack's site, database included.

    `options` are those of `cacah session`. Raises BadPack, OSError, ImproperlyConfigured; nothing
    is written before the passphrase has been found right and the clock possible.
    """
    path: Path = options.pack
    refuse_half_of_tls(options)
    try:
        pack = read(path)
    except OSError as problem:
        raise BadPack(f"{path}: {problem.strerror}.") from None
    refuse_a_wrong_clock(pack, datetime.now(UTC))
    refuse_what_was_never_served(options)
    key = asked(pack, options.passphrase_file)
    facts = orjson.loads(next(pack.lines(key)))
    folder = folder_of(path)
    refuse_a_full_disk(folder)
    try:
        own(folder, pack)
        write_public_files(folder, facts)
        address = database_in(folder)
    except OSError as problem:
        raise BadPack(f"{problem.filename or folder}: {problem.strerror}. {ELSEWHERE}") from None
    os.environ.update(environment(path, folder, facts, key))
    os.environ["CACAH_PUBLIC_URL"] = addresses.public_url(options)
    os.environ["DATABASE_URL"] = address


def database_in(folder: Path) -> str:
    """Start the database of a pack's site; return its URL. Raises BadPack, OSError."""
    try:
        refuse_a_long_path(folder / "postgres")
    except ImproperlyConfigured:
        raise BadPack(f"The path of {folder} is too long for a database. {ELSEWHERE}") from None
    try:
        return start_embedded(folder / "postgres", **SMALL)
    except (SubprocessError, RuntimeError):
        raise BadPack(
            f"No database could be started in {folder}; why stands in postgres/log there. Try once "
            f"more. {ELSEWHERE}"
        ) from None


def refuse_what_was_never_served(options: Namespace) -> None:
    """Raise BadPack where there is nothing to deliver, or the site's folder was left elsewhere."""
    folder = folder_of(options.pack)
    if options.verb != "serve" and not (folder / "postgres").exists():
        raise BadPack(
            f"Nothing was answered with this pack here: {folder.name} is missing beside it. What "
            "another computer took in is delivered from there."
        )


def refuse_half_of_tls(options: Namespace) -> None:
    """Raise BadPack unless certificate and key are both given and there, or neither."""
    files = options.tls_cert, options.tls_key
    if any(files) and not all(files):
        raise BadPack("TLS needs two files: --tls-cert and --tls-key.")
    if all(files):
        try:
            SSLContext(PROTOCOL_TLS_SERVER).load_cert_chain(*files)
        except SSLError:
            raise BadPack(
                f"{files[0]} and {files[1]} are no certificate and its own key, in PEM."
            ) from None
        except OSError as problem:
            raise BadPack(f"{files[0]}, {files[1]}: {problem.strerror}.") from None


def asked(pack: SealedLines, file: Path | None) -> bytes:
    """Return the pack's key, for the passphrase in a file or one that is asked for."""
    if file is not None:
        return pack.key(_text_of(file))
    if not sys.stdin.isatty():
        return pack.key(sys.stdin.readline())
    for _ in range(TRIES - 1):
        try:
            return pack.key(getpass("Passphrase of the pack: "))
        except WrongPassphrase as wrong:
            sys.stderr.write(f"{wrong}\n")
    return pack.key(getpass("Passphrase of the pack: "))


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", "no text")
        raise BadPack(f"{file}: {reason}") from None


def refuse_a_wrong_clock(pack: SealedLines, now: datetime) -> None:
    """Raise BadPack where this machine's clock stands before the pack was made."""
    made = datetime.fromisoformat(pack.public["made_at"])
    if now < made - BEHIND:
        raise BadPack(
            f"This computer's clock says {now.astimezone():%Y-%m-%d %H:%M}, but the pack was "
            f"prepared on {made.astimezone():%Y-%m-%d %H:%M}. Put the clock right and start again: "
            "receipts bear its time."
        )


def folder_of(path: Path) -> Path:
    """Return the folder beside a pack where its site lives."""
    return path.resolve().with_name(f"{path.name}.site")


def refuse_a_full_disk(folder: Path) -> None:
    """Raise BadPack where there is no room for the site's database."""
    wanted = ROOM if (folder / "postgres").exists() else ROOM_AT_FIRST
    free = shutil.disk_usage(folder.parent).free >> 20
    if free < wanted:
        raise BadPack(
            f"The disk is nearly full: {free} MB are free, {wanted} MB are needed. Make room first;"
            " what people send could not be kept."
        )


def own(folder: Path, pack: SealedLines) -> None:
    """Make the site's folder, for its owner alone; raise BadPack if it is another pack's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    mark = folder / MARK
    ours = {"pack": pack.public["pack"], "salt": pack.public["salt"]}
    if mark.exists() and json.loads(mark.read_text()) != ours:
        raise BadPack(
            f"{folder.name} belongs to another pack that had this name. Give this pack another "
            "name; what the other one holds is still to be delivered, or to be removed by you."
        )
    mark.write_text(json.dumps(ours))


def write_public_files(folder: Path, facts: dict[str, Any]) -> None:
    """Write the questionnaire and the office's public key, as the pack has them."""
    for below, files in (
        ("form", {n: b64decode(text) for n, text in facts["instrument"]["files"].items()}),
        ("keys", {"office.public": facts["office"].encode()}),
    ):
        (folder / below).mkdir(mode=0o700, exist_ok=True)
        for name, content in files.items():
            (folder / below / Path(name).name).write_bytes(content)


def environment(path: Path, folder: Path, facts: dict[str, Any], key: bytes) -> dict[str, str]:
    """Return the settings of a pack's site."""
    return {
        **{name: told for name, told in facts["settings"].items() if name in OF_THE_CENTRE},
        KEY_VARIABLE: key.hex(),
        "CACAH_PACK": str(path.resolve()),
        "CACAH_HOME": str(folder),
        "CACAH_KEYS": str(folder / "keys"),
        "CACAH_INSTRUMENT": str(folder / "form" / Path(facts["instrument"]["name"]).name),
        "CACAH_PROOF_URL": facts["centre"],
        "CACAH_ALLOWED_HOSTS": "*",
        "CACAH_WAITING_ROOM": "off",
        # The window is the guide's: what phones ask for that is not here is no news.
        "CACAH_LOG_FORMAT": "plain",
        "CACAH_LOG_LEVEL": "ERROR",
        # The board stands open the whole day; only who sits at the laptop is signed in.
        "CACAH_SESSION_IDLE_MINUTES": "720",
        "CACAH_SESSION_HOURS": "24",
    }
