"""What became of what a laptop took in: a line for each proof, and a few sentences."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cacah.collection.models import Submission
from cacah.collection.moments import utc
from cacah.outreach.models.delivered import Delivered, Kind, Outcome
from cacah.outreach.packs.items import everything, receipt_of
from cacah.registry.field_keys import FieldKeys

COLUMNS = ("receipt", "issued_at", "outcome", "told_at", "why")
WAITS = "waiting"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many proofs and other things of a laptop have arrived, and how many wait."""

    # Of submissions alone.
    proofs: Counter[Outcome]
    proofs_waiting: int
    # When the first of those that wait was given.
    since: datetime | None
    # Families not in the register, requests for a visit and seats.
    others: Counter[Kind]
    others_waiting: int

    @property
    def is_all_there(self) -> bool:
        """Tell whether nothing waits and nothing was refused."""
        return not (self.proofs_waiting or self.others_waiting or self.proofs[Outcome.REFUSED])


def tally() -> Tally:
    """Count what this laptop has; what was refused waits for another try."""
    told = Delivered.objects.values_list("key", "outcome")
    known = {bytes(key): Outcome(outcome) for key, outcome in told}
    proofs: Counter[Outcome] = Counter()
    others: Counter[Kind] = Counter()
    left: list[datetime] = []
    others_waiting = 0
    for each in everything():
        outcome = known.get(each.key)
        if each.kind == Kind.SUBMISSION:
            if outcome is None:
                left.append(each.at)
            else:
                proofs[outcome] += 1
        elif outcome in (None, Outcome.REFUSED):
            others_waiting += 1
        else:
            others[each.kind] += 1
    return Tally(proofs, len(left), min(left, default=None), others, others_waiting)


def sentences(found: Tally) -> Iterator[str]:
    """Yield what the tally says, a sentence each."""
    arrived = found.proofs[Outcome.STORED] + found.proofs[Outcome.AGAIN]
    yield f"{families(arrived)} at the centre: the proofs are valid now."
    if beside := found.proofs[Outcome.BESIDE]:
        yield (
            f"{families(beside)} kept beside: the family had answered in another way meanwhile, "
            "and is counted by that."
        )
    if refused := found.proofs[Outcome.REFUSED]:
        yield f"{families(refused)} refused: the report says why, and they are tried again."
    of = found.others
    yield (
        f"Also arrived: {of[Kind.UNLISTED]} not in the register, {of[Kind.VISIT]} who wish for a "
        f"visit, {of[Kind.SEAT]} seats."
    )
    if found.proofs_waiting or found.others_waiting:
        since = f" since {utc(found.since)}" if found.since else ""
        yield (
            f"{families(found.proofs_waiting)} waiting{since}, and {found.others_waiting} other "
            "things: deliver again when there is a signal."
        )
    elif found.is_all_there:
        yield "Nothing is waiting."


def families(count: int) -> str:
    """Return so many families' answers, as the subject of a sentence."""
    return "1 family's answers are" if count == 1 else f"{count} families' answers are"


def write(path: Path, keys: FieldKeys) -> None:
    """Write the line of each proof for its owner alone, or leave the file; raises OSError."""
    # Two deliveries at once write one each; the later one stays.
    partly = path.with_name(f"{path.name}.{os.getpid()}.part")
    own = os.open(partly, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(own, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(lines(keys))
        file.flush()
        os.fsync(file.fileno())
    partly.replace(path)


def lines(keys: FieldKeys) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield a line for each proof that this laptop gave, in the order of their moments."""
    told = {bytes(each.key): each for each in Delivered.objects.filter(kind=Kind.SUBMISSION)}
    given = Submission.objects.defer("sealed").order_by("issued_at", "receipt_digest")
    for row in given.iterator():
        number, at = receipt_of(row, keys), utc(row.issued_at)
        of_it = told.get(bytes(row.receipt_digest))
        if of_it is None:
            yield number, at, WAITS, "", ""
        else:
            yield number, at, of_it.outcome, utc(of_it.at), of_it.why
