"""What the database and the seals say after a drill, beside what the families hold."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from cut_connections import Drill


@dataclass(frozen=True, slots=True)
class Kept:
    """Counts of what is stored; each names families unless it says otherwise."""

    submissions: int
    # Families with one submission, whose receipt they hold.
    stored: int
    doubles: int
    # Families whose receipt, or whose submission, does not exist.
    lost: int
    # Receipts that do not pass the check anybody can make.
    forged: int
    # Submissions that open, with the office's key, to the answers this family gave.
    own_answers: int
    # Families that progress counts, cases that have been answered, and all cases.
    counted: int
    cases: int
    all_cases: int

    def as_figures(self) -> dict[str, int]:
        return asdict(self)


def key_of(seed: int, n: int) -> str:
    """Return the key of a family's submission, as its device would have made it."""
    return urlsafe_b64encode(blake2b(b"%d %d" % (seed, n), digest_size=16).digest())[:22].decode()


def kept_of(home: Path, drill: Drill) -> Kept:
    """Compare the database with what the families hold; opens every seal."""
    import django

    django.setup()
    from django.db.models import Sum

    from cacah.collection.models import Submission
    from cacah.collection.receipts import number_digest
    from cacah.registry.models import Case, ProgressDelta

    rows = list(Submission.objects.all())
    times = Counter(row.household_id for row in rows)
    by_receipt = {bytes(row.receipt_digest): row.household_id for row in rows}
    stored = 0
    for n in range(len(drill.families)):
        held = drill.receipts.get(n)
        mine = held and by_receipt.get(number_digest(str(held["number"])))
        stored += mine == household_of(drill, n) and times[household_of(drill, n)] == 1
    counts = ProgressDelta.objects.aggregate(all=Sum("responded_families"))
    return Kept(
        submissions=len(rows),
        stored=stored,
        doubles=sum(1 for count in times.values() if count > 1),
        lost=len(drill.families) - stored,
        forged=sum(1 for held in drill.receipts.values() if not is_genuine(held)),
        own_answers=own_answers(home, drill),
        counted=int(counts["all"] or 0),
        cases=Case.objects.filter(revision=1, submitted_at__isnull=False).count(),
        all_cases=Case.objects.count(),
    )


def household_of(drill: Drill, n: int) -> int:
    """Return the id that follows from a family's card, or from its reference number."""
    from cacah.registry.keys import household_id_of, server_keys, unlisted_id_of

    keys = server_keys()
    if not drill.is_unlisted(n):
        return household_id_of(keys.kk_digest(drill.families[n].kk))
    (reference,) = drill.references.get(n, {""})
    return unlisted_id_of(keys.reference_digest(reference))


def is_genuine(held: dict[str, Any]) -> bool:
    """Tell whether the signed text of a receipt says what the receipt says."""
    from cacah.collection.receipts import NotAReceipt, verify

    try:
        read = verify(str(held["signed"]))
    except NotAReceipt:
        return False
    return (read.number, read.persons) == (held["number"], held["persons"])


def own_answers(home: Path, drill: Drill) -> int:
    """Return how many families' seals hold just what they answered."""
    from cacah.collection.instruments import current
    from cacah.collection.intake import census_day
    from cacah.collection.sealing import read_private_key
    from cacah.questionnaire import interview
    from cacah.results import opening

    today = census_day(datetime.now(UTC))
    key = read_private_key(home / "office/office.private")
    same = 0
    for n, family in enumerate(drill.families):
        given = orjson.loads(b"{%b}" % family.answers)["answers"]
        try:
            opened = opening.by_household(household_of(drill, n), key)
        except opening.NoSubmission:
            continue
        # Sealed is what the rules keep of them, with what follows from them.
        kept = interview.check(current(), given, today=today, language="id").clean
        same += len(opened) == 1 and opened[0].answers == kept
    return same
