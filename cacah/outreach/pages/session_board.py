"""A session's board: the whole of it on its page, and what has changed for one that is open."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from cacah.outreach import seats
from cacah.outreach.actions import sessions as verbs
from cacah.outreach.models import GuidedSession, SeatState
from cacah.outreach.pages.blocks import block_name
from cacah.outreach.queries import changes
from cacah.outreach.queries import sessions as asked
from cacah.staff import live, numerals
from cacah.staff.door import OfficeRequest, office
from cacah.staff.roles import Permission

SHAPES = {
    SeatState.JOINED: "none",
    SeatState.STARTED: "begun",
    SeatState.STUCK: "missing",
    SeatState.FINISHED: "done",
    SeatState.NOT_FINISHED: "exempt",
}


# In a hall of 500 the board shares one uplink with them; no secret stands in it.
@gzip_page
@require_safe
@office(Permission.RUN_OUTREACH)
def board(request: OfficeRequest, pk: int) -> HttpResponse:
    """Give an open board what has changed since `?sejak=`, the whole where that says nothing."""
    found = seats.session(request, pk)
    verbs.settle(found)
    since = changes.read_version(request.GET.get("sejak", ""))
    now = changes.version_of(found)
    places = changes.changed(found, since, now) if since else None
    if since and places == [] and since.is_open == now.is_open:
        # What the page has is still all there is.
        empty = HttpResponse(status=204)
        return live.answer(request, version=since.text, as_of=now.at, shown=lambda: empty)
    if places is None:
        context = _whole(found, now)
        template = "outreach/session_board.html"
    else:
        context = _shown(found, now, places)
        template = "outreach/session_changes.html"
    return live.answer(
        request,
        version=now.text,
        as_of=now.at,
        shown=lambda: render(request, template, context),
    )


def whole_board(found: GuidedSession) -> dict[str, Any]:
    """Return what a page shows of a session's seats."""
    verbs.settle(found)
    return _whole(found, changes.version_of(found))


def _whole(found: GuidedSession, now: changes.Version) -> dict[str, Any]:
    return _shown(found, now, asked.board(found, now.at))


def _shown(found: GuidedSession, now: changes.Version, places: list[asked.Place]) -> dict[str, Any]:
    names = {block: block_name(block) for block in {place.seat.block for place in places} if block}
    counted = changes.tally_at(found, now.at)
    return {
        "session": found,
        "rows": [(place, SHAPES[place.state], names.get(place.seat.block, "")) for place in places],
        "tally": [(state.label, SHAPES[state], n) for state, n in counted.items()],
        "many": sum(counted.values()),
        "is_open": now.is_open,
        "as_of": now.at,
        "as_of_words": numerals.moment(now.at),
        "version": now.text,
    }
