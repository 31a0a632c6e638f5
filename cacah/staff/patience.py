"""Ends what an office page asks of the database when it takes too long, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from psycopg.errors import QueryCanceled

from cacah.staff.middleware import is_in_the_office

# Connections live longer than a request: each is told once.
_told: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


class Patience:
    """Let no statement of a page run longer than CACAH_PAGE_SECONDS, waiting for locks included.

    Jobs and commands have connections of their own and as much time as they need.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if is_in_the_office(request):
            tell_the_database(settings.CACAH_PAGE_SECONDS)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer 503 with a page that says what to do, where the time was over."""
        if not is_in_the_office(request) or not is_out_of_time(error):
            return None
        response = render(request, "staff/took_too_long.html", status=503)
        response["Retry-After"] = "10"
        return response


def tell_the_database(seconds: int) -> None:
    """Set how long a statement of this connection may take; 0: as long as it likes."""
    with connection.cursor():  # a new connection in place of one that was lost
        pass
    if _told.get(connection.connection, 0) != seconds:
        connection.connection.execute(f"SET statement_timeout = {seconds * 1000:d}")
        _told[connection.connection] = seconds


def is_out_of_time(error: BaseException) -> bool:
    """Tell whether the database has broken a statement off because of its time."""
    return isinstance(error, OperationalError) and any(
        isinstance(each, QueryCanceled) for each in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
