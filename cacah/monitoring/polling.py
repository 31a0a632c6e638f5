"""Answers an open page of progress that asks whether its figures have changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from django.http import Http404, HttpRequest, HttpResponse

from cacah.registry.queries import NoCensus
from cacah.staff import live


class Figures(Protocol):
    """What an open page shows at one moment, and a digest of all of it but the time."""

    @property
    def as_of(self) -> datetime: ...

    @property
    def version(self) -> str: ...


Found = TypeVar("Found", bound=Figures)


def answer(
    request: HttpRequest, find: Callable[[], Found], shown: Callable[[Found], HttpResponse]
) -> HttpResponse:
    """Return what `live.answer` does; raises Http404 before a census is set."""
    try:
        found = find()
    except NoCensus:
        raise Http404 from None
    return live.answer(
        request, version=found.version, as_of=found.as_of, shown=lambda: shown(found)
    )
