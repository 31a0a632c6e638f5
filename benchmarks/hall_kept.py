"""What the centre has of a session without a signal, beside what its families hold."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from kept import is_genuine

if TYPE_CHECKING:
    from pack import Village


def kept_of_hall(home: Path, village: Village) -> dict[str, int]:
    """Compare the centre's database with the receipts; opens every seal."""
    from django.db.models import Sum

    from cacah.collection.models import Beside, Submission
    from cacah.collection.receipts import number_digest
    from cacah.outreach.models import Seat
    from cacah.registry.models import Case, ProgressDelta

    rows = list(Submission.objects.all())
    times = Counter(row.household_id for row in rows)
    by_receipt = {bytes(row.receipt_digest): row for row in rows}
    held = {n: number_digest(str(each["number"])) for n, each in village.receipts.items()}
    stored = {n: by_receipt[digest] for n, digest in held.items() if digest in by_receipt}
    whole = len(village.families)
    counts = ProgressDelta.objects.aggregate(all=Sum("responded_families"))
    seats = {int(each.rpartition(".")[2]) for each in village.seats.values()}
    arrived = set(Seat.objects.filter(number__in=seats).values_list("number", flat=True))
    guides = set(Case.objects.filter(mode="guided").values_list("guide", flat=True))
    return {
        "submissions": len(rows),
        "stored": len(stored),
        "doubles": sum(1 for count in times.values() if count > 1) + Beside.objects.count(),
        "lost": whole - len(stored),
        "forged": sum(1 for each in village.receipts.values() if not is_genuine(each)),
        "own_answers": own_answers(home, village, stored),
        "counted": int(counts["all"] or 0),
        "guided": len(guides & set(village.seats.values())),
        "seats": len(arrived),
        "seats_missing": len(seats - arrived),
    }


def own_answers(home: Path, village: Village, stored: dict[int, Any]) -> int:
    """Return how many families' seals hold just what they answered."""
    from cacah.collection.instruments import current
    from cacah.collection.intake import census_day
    from cacah.collection.sealing import CannotOpen, read_private_key
    from cacah.questionnaire import interview

    today = census_day(datetime.now(UTC))
    key = read_private_key(home / "office/office.private")
    same = 0
    for n, row in stored.items():
        given = orjson.loads(b"{%b}" % village.families[n].answers)["answers"]
        try:
            opened = key.open(row.household_id, row.revision, bytes(row.sealed))
        except CannotOpen:
            continue
        kept = interview.check(current(), given, today=today, language="id").clean
        same += opened["answers"] == kept
    return same
