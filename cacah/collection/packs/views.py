"""Answers `POST /api/pack`, in which a laptop delivers what it took where there was no signal."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from cacah.collection import bodies, delivered
from cacah.collection.door import anonymous, refuse
from cacah.collection.packs.shapes import MOST_BYTES
from cacah.collection.problems import Problem

SIGNATURE = "X-Cacah-Signature"
log = logging.getLogger(__name__)


# A laptop has no cookie, and each body is signed.
@csrf_exempt
def deliver(request: HttpRequest) -> HttpResponse:
    """Answer a delivery with what became of each item; nothing of it is ever written to a log."""
    try:
        if request.method != "POST":
            raise Problem("no-such-request")
        raw = bodies.read(request.META, MOST_BYTES)
        return answered(200, delivered.take(raw, request.headers.get(SIGNATURE, "")))
    except Problem as problem:
        refusal = problem
    except (OperationalError, InterfaceError):
        log.warning("database unreachable", extra={"route": "pack"})
        refusal = Problem("try-later", retry_after=30)
    except Exception as error:
        log.error("unexpected", extra={"route": "pack", "error": anonymous(error)})
        refusal = Problem("unexpected", retry_after=30)
    status, headers, body, _code = refuse(refusal, {})
    return HttpResponse(body, status=status, headers=dict(headers))


def answered(status: int, answer: dict[str, Any]) -> HttpResponse:
    """Return an answer in JSON that nobody keeps."""
    response = HttpResponse(orjson.dumps(answer), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
