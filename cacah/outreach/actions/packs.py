"""Verbs of session packs: prepare one for a laptop without a signal, take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cacah.collection import instruments
from cacah.collection.models import Pack
from cacah.collection.packs.actions import make_pack
from cacah.collection.packs.actions import revoke_pack as revoke_its_key
from cacah.outreach.models import GuidedSession, SessionPack
from cacah.outreach.packs import making
from cacah.outreach.packs.facts import Facts
from cacah.outreach.packs.numbering import SEATS_OF_A_LAPTOP
from cacah.staff.actions import trace
from cacah.staff.models import Officer

GOOD_FOR_DAYS = 14
MOST_DAYS = 60
# Seats are numbered by small integers.
MOST_PACKS = 31


@transaction.atomic
def prepare_pack(
    *,
    by: Officer | None,
    session: GuidedSession,
    wanted: making.Wanted,
    days: int = GOOD_FOR_DAYS,
    passphrase: str,
    file: BinaryIO,
) -> Facts:
    """Write a pack of a session into `file`, sealed under `passphrase`, good for so many days.

    `by` is None for a command on the server; whoever asks has seen to it that what is wanted lies
    in the officer's areas. Raises ValidationError with what hinders it,
    registry.queries.NoCensus, OSError.
    """
    households = wanted.households()
    held = GuidedSession.objects.select_for_update().get(pk=session.pk)
    serial = _next_serial(held)
    secrets = making.new_secrets()
    pack = _new_pack(held, secrets["receipt_signing"], days)
    load = making.Load.of(households, secrets)
    if not load.lines:
        raise ValidationError(
            _("The register lacks the card's number of every family there: import it again.")
        )
    facts = making.facts_of(held, pack, serial, load)
    made = SessionPack.objects.create(
        pack=pack, session=held, serial=serial, made_by=by, areas=list(wanted.areas),
        families=facts.families, left_out=facts.left_out,
    )  # fmt: skip
    GuidedSession.objects.filter(pk=held.pk).update(offline=True)
    _trace(by, "pack_prepared", made, families=facts.families, areas=list(wanted.areas))
    making.write(file, passphrase, facts, load, secrets)
    return facts


def _new_pack(session: GuidedSession, seed: bytes, days: int) -> Pack:
    """Let a laptop sign with this seed; of the key only the public half stays here."""
    now = timezone.now().replace(microsecond=0)
    return make_pack(
        public_key=Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw(),
        session_code=session.code,
        instrument=instruments.current().digest,
        valid_until=now + timedelta(days=days),
        at=now,
    )


def _next_serial(session: GuidedSession) -> int:
    """Return the session's next serial, beyond seats that were given already."""
    last = session.packs.aggregate(n=Max("serial"))["n"] or 0
    seats = session.seats.aggregate(n=Max("number"))["n"] or 0
    serial = max(int(last), int(seats) // (SEATS_OF_A_LAPTOP + 1)) + 1
    if serial > MOST_PACKS:
        raise ValidationError(_("This session has too many packs. Open another session."))
    return serial


@transaction.atomic
def revoke_pack(*, by: Officer | None, pack: SessionPack) -> bool:
    """Take no delivery of a pack any more, as of a lost laptop's; False where that was done before.

    Proofs that it has given and whose answers have come stay good.
    """
    if not revoke_its_key(pack_id=pack.pk, at=timezone.now()):
        return False
    _trace(by, "pack_revoked", pack)
    return True


def _trace(by: Officer | None, verb: str, pack: SessionPack, **details: object) -> None:
    trace(
        by=by,
        verb=f"outreach.{verb}",
        subject=pack.session_id,
        area=pack.session.area_id,
        details={"pack": pack.pk, **details},
    )
