"""What happened in a rehearsal's guided sessions: who came, who finished, who could not and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random

from django.utils import timezone

from cacah.collection import guide
from cacah.outreach.actions import sessions
from cacah.outreach.models import GuidedSession, Seat, SeatReason, SeatState, Visit
from cacah.rehearsal.fates import Event, Step
from cacah.rehearsal.life import Life
from cacah.staff.models import Officer

# In a hundred of those who are there: who sits down, who finishes, who does so at home later.
COME, FINISH, LATER = 82, 74, 9
# Why others could not, in parts of a hundred; the rest went away without a word.
REASONS = {
    SeatReason.NO_DOCUMENTS: 46,
    SeatReason.NO_SIGNAL: 20,
    SeatReason.REFUSED: 7,
    SeatReason.OTHER: 12,
}
# Of those whom the register does not have.
NOT_FOUND = 88
# Shares of a session after which those who finish have done so: they send in three rounds.
ROUNDS = (0.5, 0.75, 0.95)
LONGEST_AFTER = timedelta(hours=60)
# Where somebody was who went away, and who has finished.
LEFT_AT, DONE_AT = "page:person/identity", "receipt"


@dataclass(frozen=True, slots=True)
class Sitting:
    """A seat: whose family, from when, and how it ended; neither `sent_at` nor `reason`: left."""

    # Its place among the rehearsal's; None for one that the register does not have.
    family: int | None
    joined_at: datetime
    sent_at: datetime | None = None
    reason: SeatReason | None = None

    def is_finished(self, by: datetime) -> bool:
        """Tell whether its answers have come by a moment."""
        return self.sent_at is not None and self.sent_at <= by


def hold_session(
    life: Life, visit: Visit, people: Iterable[int | None], *, by: Officer, rng: Random
) -> int:
    """Hold the session of a visit that is over, among people by their families' places.

    Returns how many families finished; those that had answered before are not asked again.
    """
    opens, closes = span_of(visit)
    new = GuidedSession(title=visit.title, visit=visit)
    session = sessions.open_session(by=by, new=new)
    GuidedSession.objects.filter(pk=session.pk).update(opens_at=opens, closes_at=closes)
    there = [each for each in people if each is None or life.may_answer(each)]
    sittings = [*sit_down(there, opens, closes, rng)]
    _put_seats(session, sittings)
    finished = _send(life, session, sittings)
    sessions.settle(session)
    return finished


def span_of(visit: Visit) -> tuple[datetime, datetime]:
    """Return when a planned visit begins and ends."""
    assert visit.day and visit.starts_at
    opens = timezone.make_aware(datetime.combine(visit.day, visit.starts_at))
    return opens, opens + timedelta(minutes=visit.minutes)


def sit_down(
    people: Sequence[int | None], opens: datetime, closes: datetime, rng: Random
) -> Iterator[Sitting]:
    """Yield how it went for each who came, in the order of their numbers."""
    length = closes - opens
    share = rng.uniform(0.8, 1.15)  # one team guides better than another
    for number, family in enumerate(people):
        if rng.randrange(100) >= COME:
            continue
        joined = opens + length * min(0.4, 0.02 * number)
        chance = rng.randrange(100)
        if family is None:
            reason = SeatReason.NOT_FOUND if chance < NOT_FOUND else None
            yield Sitting(None, joined, reason=reason)
        elif chance < FINISH * share:
            yield Sitting(family, joined, opens + length * rng.choice(ROUNDS))
        elif chance < FINISH * share + LATER:
            # So many families send at the same moment as there are whole hours.
            after = timedelta(hours=rng.randrange(2, LONGEST_AFTER // timedelta(hours=1)))
            yield Sitting(family, joined, closes + after)
        else:
            yield Sitting(family, joined, reason=_why(rng))


def _why(rng: Random) -> SeatReason | None:
    weights = [*REASONS.values(), 100 - sum(REASONS.values())]
    return rng.choices([*REASONS, None], weights)[0]


def _put_seats(session: GuidedSession, sittings: Sequence[Sitting]) -> None:
    """Write the seats as their devices and the guide have left them; the case finishes them."""
    now = timezone.now()
    Seat.objects.bulk_create(
        Seat(
            session=session,
            number=number,
            joined_at=each.joined_at,
            block=DONE_AT if each.is_finished(now) else LEFT_AT,
            block_since=each.joined_at,
            heard_at=each.sent_at or each.joined_at,
            state=SeatState.NOT_FINISHED if each.reason else SeatState.STARTED,
            reason=each.reason,
        )
        for number, each in enumerate(sittings, 1)
    )


def _send(life: Life, session: GuidedSession, sittings: Sequence[Sitting]) -> int:
    """Let those who have finished by now send, round by round; return how many did."""
    now = timezone.now()
    events = [
        Event(each.sent_at, Step.SUBMIT, each.family, True, guide.token(f"{session.code}.{number}"))
        for number, each in enumerate(sittings, 1)
        if each.family is not None and each.sent_at and each.is_finished(now)
    ]
    in_turn = sorted(events, key=lambda event: event.at)
    rounds = groupby(in_turn, key=lambda event: event.at)
    return sum(life.submit_together(list(together)) for _at, together in rounds)
