"""The plain form in a guided session: join, fill in without a script, and the board beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cacah.collection.plain.tests.conftest import five, plain, site
from cacah.collection.plain.tests.family import PlainFamily
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession, Seat
from cacah.outreach.queries import sessions as asked
from cacah.registry.models import Case
from cacah.staff.tests.cast import area, officer

from .cast import KUPANG

__all__ = ["five", "plain", "site"]


@pytest.fixture
def hall(plain: PlainFamily) -> GuidedSession:
    """A session that this family has joined on an old phone."""
    new = GuidedSession(title="Aula", area=area(KUPANG))
    made = verbs.open_session(by=officer("team", area=KUPANG), new=new)
    plain.response = plain.client.post(f"/sesi/{made.code}/", {"polos": "1"})
    assert plain.response.url.startswith(f"/polos/?sesi={made.code}.1.")
    plain.response = plain.client.get(plain.response.url)
    return made


def shown(hall: GuidedSession) -> tuple[str, str]:
    verbs.settle(hall)
    (place,) = asked.board(hall, datetime.now(UTC))
    return place.state.value, place.seat.block


def test_the_board_follows_a_form_that_has_no_script(hall: Any, plain: PlainFamily) -> None:
    assert shown(hall) == ("joined", "")
    plain.identify()
    assert shown(hall) == ("started", "card")
    verbs.hint(by=officer("team", area=KUPANG), session=hall.pk, number=1, text="Lewati saja.")
    assert "Lewati saja." in plain.press("skip").html
    plain.press("call")
    assert shown(hall) == ("stuck", "tasks")
    plain.press("section:person[1]")
    assert shown(hall) == ("started", "page:person/stay")
    later = asked.board(hall, datetime.now(UTC) + timedelta(minutes=3))
    assert not later[0].is_silent
    plain.press("tasks").fill_until("confirm").press("confirm").press("send")
    assert shown(hall) == ("finished", "receipt")
    case = Case.objects.get(revision=1)
    assert (case.guide, case.mode) == (f"{hall.code}.1", "guided")


def test_a_session_that_is_over_hears_nobody_and_keeps_nobody(
    hall: GuidedSession, plain: PlainFamily
) -> None:
    now = datetime.now(UTC)
    GuidedSession.objects.update(opens_at=now - timedelta(hours=2), closes_at=now)
    plain.identify().press("skip").fill_until("confirm")
    assert Seat.objects.get().state == "joined"
    plain.press("confirm").press("send")
    assert shown(hall)[0] == "finished"
