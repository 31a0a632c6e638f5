"""The dynamic requests of the census as plain WSGI, answered before Django's own machinery.

Django's handler alone costs more than a whole family may (docs/decisions/0006-raw-wsgi-door.md).
Nothing of a request is ever written to a log: neither numbers nor names, not even in a traceback.
"""

from __future__ import annotations

import gc
import logging
import traceback
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from time import perf_counter
from typing import Any

import orjson
from django.conf import settings

from cacah.areas.queries import prepare_search
from cacah.collection import admission, area_search, bodies, guesses, instruments, metrics, opened
from cacah.collection.card import answer_card
from cacah.collection.drafts import keep, open_draft
from cacah.collection.identify import identify, nobody
from cacah.collection.intake import census_day
from cacah.collection.pool import DatabaseUnreachable
from cacah.collection.problems import LANGUAGES, Problem
from cacah.collection.receipts import signing_key
from cacah.collection.sealing import office_public_key
from cacah.collection.submit import submit
from cacah.collection.unlisted import leave_word, open_again
from cacah.collection.visit import please_visit
from cacah.questionnaire import interview

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

HANDLERS: dict[str, Callable[[dict[str, Any], str], tuple[int, dict[str, Any]]]] = {
    "identify": identify,
    "card": answer_card,
    "submit": submit,
    "draft": keep,
    "draft/open": open_draft,
    "unlisted": leave_word,
    "unlisted/open": open_again,
    "visit": please_visit,
}
ROUTES = {f"/api/{name}": name for name in HANDLERS}
REASONS = {
    200: "200 OK",
    201: "201 Created",
    400: "400 Bad Request",
    403: "403 Forbidden",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    409: "409 Conflict",
    413: "413 Content Too Large",
    422: "422 Unprocessable Content",
    429: "429 Too Many Requests",
    500: "500 Internal Server Error",
    503: "503 Service Unavailable",
}
ALWAYS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
JSON = ("Content-Type", "application/json")
PROBLEM = ("Content-Type", "application/problem+json")

log = logging.getLogger(__name__)


def wrap(application: Application, *, background: bool = True) -> Application:
    """Return a WSGI application that answers the door's requests and passes the others on.

    With `background`, threads of each process write the marks of opened forms (see `opened`) and
    move the waiting room (see `admission`), and everything slow is read first. Raises
    ImproperlyConfigured where keys are missing and questionnaire.problems.Broken where the form
    has errors.
    """
    admitting = background and settings.CACAH_WAITING_ROOM
    if background:
        prepare()

    def door(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = perf_counter()
        path = environ.get("PATH_INFO", "")
        route = ROUTES.get(path)
        if admitting:
            admission.start()
        if background:
            # The plain form, an ordinary page, leaves marks too.
            opened.start()
        if route is None:
            other = area_search.answer if path == area_search.ADDRESS else application
            page = other(environ, start_response)
            admission.done("", perf_counter() - began)
            return page
        status, headers, body, code = respond(route, environ)
        headers.append(("Content-Length", str(len(body))))
        start_response(REASONS[status], headers)
        took = perf_counter() - began
        admission.done(route, took, code)
        metrics.count(route, code, took)
        return [body]

    return door


def prepare() -> None:
    """Read keys and questionnaire, and check one empty form, before the first family comes."""
    office_public_key()
    signing_key()
    nobody()
    prepare_search()
    instrument = instruments.current()
    interview.check(instrument, {}, today=census_day(datetime.now(UTC)), language=LANGUAGES[0])
    # What is loaded by now stays: the collector need not walk through it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def respond(route: str, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes, str]:
    """Return status, headers, body and result code of one request; never raises."""
    body: dict[str, Any] = {}
    try:
        if environ["REQUEST_METHOD"] != "POST":
            raise Problem("no-such-request")
        body = bodies.parse(bodies.read(environ))
        bodies.check_shape(route, body)
        status, answer = HANDLERS[route](body, guesses.client_address(environ))
        return status, [JSON, *ALWAYS], orjson.dumps(answer), "ok"
    except Problem as problem:
        refusal = problem
    except DatabaseUnreachable:
        log.warning("database unreachable", extra={"route": route})
        refusal = Problem("try-later", retry_after=30)
    except Exception as error:
        log.error("unexpected", extra={"route": route, "error": anonymous(error)})
        refusal = Problem("unexpected", retry_after=30)
    return refuse(refusal, body)


def refuse(problem: Problem, body: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes, str]:
    """Return a refusal in the language that the request asks for."""
    asked = body.get("language")
    language = asked if isinstance(asked, str) and asked in LANGUAGES else LANGUAGES[0]
    headers = [PROBLEM, *ALWAYS]
    if problem.retry_after is not None:
        headers.append(("Retry-After", str(problem.retry_after)))
    if problem.code == "no-such-request":
        headers.append(("Allow", "POST"))
    return problem.status, headers, orjson.dumps(problem.as_answer(language)), problem.code


def anonymous(error: BaseException) -> str:
    """Return where an error happened, without its message: that may quote an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-8:]))
    return f"{type(error).__name__} in {places}"
