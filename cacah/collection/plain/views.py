"""The plain form over HTTP: one address, pages that follow each other by POST.

No cookie and nothing ambient says who somebody is: the sealed state in the page does, so that a
page of another site has nothing to ride on. Nothing of a request is ever logged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from cacah.collection import admission, guesses, guide, instruments, metrics, window
from cacah.collection.admission import Waiting
from cacah.collection.door import anonymous
from cacah.collection.intake import census_day
from cacah.collection.plain import answers as typing
from cacah.collection.plain import posted, screens
from cacah.collection.plain.arrival import Arrival
from cacah.collection.plain.leaving import Leaving, officer_words
from cacah.collection.plain.screens import Screen
from cacah.collection.plain.seat import Seat, open_part
from cacah.collection.plain.state import NotAState, State, begin, open_sealed, seal
from cacah.collection.plain.steps import RENEW, Walk
from cacah.collection.plain.visit import Visit
from cacah.collection.plain.words import say
from cacah.collection.pool import DatabaseUnreachable
from cacah.collection.problems import Problem
from cacah.collection.views import compressed
from cacah.collection.waiting.views import PLACE, to_the_line

log = logging.getLogger(__name__)
RETRY_AFTER = 30
# Buttons for who is not found, or cannot fill in at all.
LEAVING = ("unlisted", "visit", "returning")


@require_http_methods(["GET", "HEAD", "POST"])
def plain(request: HttpRequest) -> HttpResponse:
    """Show the first page, or take a page's fields and show what comes next."""
    if request.method != "POST":
        place, came_by = request.GET.get(PLACE, ""), guide.came_by(request.GET.dict())
        verdict = admission.look(place)
        if isinstance(verdict, Waiting):
            # Before anything is typed that would have to be typed again.
            return to_the_line(verdict.place, came_by)
        typed = {"place": place} if place else {}
        return page(request, screens.identify_screen(typed, {}, []), Seat(came_by))
    began = perf_counter()
    step = Step(request)
    screen, code = step.answer()
    response = page(request, screen, step.seat(screen))
    metrics.count("plain", code, perf_counter() - began)
    return response


def page(request: HttpRequest, screen: Screen, seat: Seat) -> HttpResponse:
    """Draw a page with its state; nobody but the family's own browser may keep it."""
    now = datetime.now(UTC)
    try:
        sealed = seal(screen.state, now.timestamp()) if screen.state else ""
    except Problem as problem:
        screen, sealed = screens.message_screen(problem, None), ""
    current = translation.get_language()
    others = [(code, name) for code, name in settings.LANGUAGES if code != current]
    context = screen.context | {"sealed": sealed, "others": others, "seat": seat}
    context["carried"] = guide.as_query(seat.came_by)
    template = f"collection/plain/{screen.template}"
    response = render(request, template, context, status=screen.status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    if screen.retry_after is not None:
        response.headers["Retry-After"] = str(screen.retry_after)
    # Safe although it holds secrets: no other site can make the browser ask for this page.
    return compressed(request, response)


class Step:
    """One request of the plain form."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.client = guesses.client_address(request.META)
        self.now = datetime.now(UTC)
        self.state: State | None = None
        self.came_by: dict[str, str] = {}
        self.go = ""
        # Whether the guide of the session is called.
        self.wanted = False

    @property
    def language(self) -> str:
        """The language of the page that is being made."""
        return translation.get_language() or settings.LANGUAGE_CODE

    def answer(self) -> tuple[Screen, str]:
        """Return the next page and a result code for the counters; never raises."""
        try:
            return self.next_page(), "ok"
        except Problem as problem:
            refusal = problem
        except NotAState:
            told = [say("problem.state-lost"), say("advice.state-lost")]
            screen = screens.identify_screen({}, {}, told)
            screen.status = 403
            return screen, "session-invalid"
        except DatabaseUnreachable:
            log.warning("database unreachable", extra={"route": "plain"})
            refusal = Problem("try-later", retry_after=RETRY_AFTER)
        except Exception as error:
            log.error("unexpected", extra={"route": "plain", "error": anonymous(error)})
            refusal = Problem("unexpected", retry_after=RETRY_AFTER)
        return self.refused(refusal), refusal.code

    def next_page(self) -> Screen:
        """Return what comes after this page."""
        form = posted.read(self.request)
        sealed = form.getlist("state")
        if len(sealed) > 1:
            raise Problem("bad-request")
        self.came_by = guide.came_by(form.dict())
        if sealed:
            self.state = open_sealed(sealed[0], self.now.timestamp())
            self.came_by = self.state.came_by
        elif self.request.headers.get("Sec-Fetch-Site") == "cross-site":
            # A page elsewhere must not let its visitors guess numbers for it.
            raise Problem("bad-request")
        self.go = posted.text_of(form, "go") or "next"
        verb, _, language = self.go.partition(":")
        if verb == "language" and language in dict(settings.LANGUAGES):
            translation.activate(language)
            self.go = "stay"
        elif verb == "call":
            self.wanted, self.go = True, "stay"
        if self.state is None or self.state.place == "identify" or self.go == "reopen":
            return self.arrive(form)
        instrument = instruments.current()
        if self.state.digest != instrument.digest:
            return self.renewed()
        return Walk(self.visit(), form, self.client).step(self.go)

    def visit(self) -> Visit:
        """Return the family's answers with the rules as they are today."""
        assert self.state is not None
        today = census_day(self.now)
        return Visit(instruments.current(), self.state, today=today, language=self.language)

    def arrive(self, form: QueryDict) -> Screen:
        """Ask who the family is, or let it in."""
        if self.state is None and (self.go in LEAVING or form.get("page") == "unlisted"):
            return self.leave_word(form)
        arrival = Arrival(form, self.client, self.language, self.state)
        if self.go == "reopen":
            return arrival.reopening()
        if self.go == "stay":
            return arrival.asked()
        try:
            identified = arrival.enter()
        except Problem as problem:
            if problem.code in ENDS or problem.code in ("bad-request", "try-later"):
                raise
            return arrival.turned_away(problem)
        if isinstance(identified, Screen):
            return identified
        carried = arrival.carry_on(identified)
        self.state = carried or begin(identified, self.came_by)
        visit = self.visit()
        if carried is None:
            visit.start(identified["prefill"])
        if self.state.place == "card":
            return screens.card_screen(self.state, [])
        return screens.tasks_screen(visit)

    def leave_word(self, form: QueryDict) -> Screen:
        """Let a family that is not found leave word; `returning` is for who has done so before."""
        if self.go == "returning":
            returning = QueryDict("page=returning")
            return Arrival(returning, self.client, self.language, None).asked()
        leaving = Leaving(form, self.client, self.language)
        if form.get("page") != "unlisted":
            return leaving.first(visit=self.go == "visit")
        left = leaving.step(self.go)
        if isinstance(left, Screen):
            return left
        self.state = begin(left, self.came_by)
        self.state.place = "left"
        self.visit().start(left["prefill"])
        return screens.left_screen(self.state, left["reference"], officer_words(window.current()))

    def renewed(self) -> Screen:
        """Carry the answers into the form of today, and ask for the numbers again."""
        assert self.state is not None
        instrument = instruments.current()
        self.state.answers = typing.pruned(instrument.children, self.state.answers)
        self.state.digest, self.state.seen = instrument.digest, []
        return self.refused(Problem("instrument-changed"))

    def refused(self, problem: Problem) -> Screen:
        """Return the page for what the door refuses; the answers stay in it."""
        state = self.state
        if problem.code in ENDS:
            return ENDS[problem.code](problem, self.kept("already"))
        if problem.code == "answers-refused" and state:
            return Walk(self.visit(), QueryDict(), self.client).summary()
        if problem.code in RENEW:
            told = [*screens.told_of(problem)[:1], say("advice.renew")]
            arrival = Arrival(QueryDict(), self.client, self.language, state)
            screen = arrival.asked(told)
            screen.status = problem.status
            return screen
        go = self.go if problem.code == "try-later" and state and state.place == "confirm" else ""
        keep = state if problem.code in ("try-later", "too-large", "unexpected") else None
        return screens.message_screen(problem, keep, go)

    def seat(self, screen: Screen) -> Seat:
        """Tell the guide how far this seat is; return what the page says of the seat."""
        seat = Seat(self.came_by)
        try:
            seat.hint = guide.tell(seat.token, open_part(screen), wanted=self.wanted)
        except Exception as error:
            # A guide who hears nothing must not keep a family from its page.
            log.warning("seat not told", extra={"route": "plain", "error": anonymous(error)})
            self.wanted = False
        if self.wanted:
            seat.hint = say("seat.called")
        return seat

    def kept(self, place: str) -> State | None:
        """Return the state, if there is one, for another page."""
        if self.state:
            self.state.place = place
        return self.state


ENDS: dict[str, Callable[[Problem, State | None], Screen]] = {
    "already-submitted": screens.already_screen,
    "not-open": screens.closed_screen,
    "closed": screens.closed_screen,
}
