"""Downloads by officers that leave a line in the audit trail."""

from __future__ import annotations

from collections.abc import Callable

from django.http.response import HttpResponseBase

from cacah.staff import actions, queries
from cacah.staff.door import OfficeRequest
from cacah.staff.tables import Table, download


def traced_download(
    request: OfficeRequest,
    verb: str,
    table: Table,
    answer: Callable[[Table, str], HttpResponseBase] = download,
) -> HttpResponseBase:
    """Return the table as the file that is asked for, noted with its search; raises Http404.

    `answer` is `tables.download`, or `tables.stream` for what has more rows than memory.
    """
    search = request.GET.copy()
    (format,) = search.pop("format")[-1:]
    response = answer(table, format)
    actions.trace(
        by=request.officer,
        verb=verb,
        details={"search": search.urlencode()[:500], "format": format},
        area=queries.area_of(request.officer),
        request=request,
    )
    return response
