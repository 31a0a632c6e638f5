"""The resident's pages outside the form: start, proof of completion, and the way to the form."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import brotli
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cacah.collection import guide, pages, proofs, receipts, shell
from cacah.collection.receipt_pdf import receipt_pdf

# `?bersama=1` opens the form so that it keeps nothing on the device.
SHARED = "bersama"
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=5),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),
}


def compressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Compress a page that holds nothing secret, in the best coding that the browser takes."""
    accepted = request.headers.get("Accept-Encoding", "")
    coding = next((name for name in CODINGS if name in accepted), None)
    patch_vary_headers(response, ["Accept-Encoding"])
    if coding:
        response.content = CODINGS[coding](response.content)
        response.headers["Content-Encoding"] = coding
        response.headers["Content-Length"] = str(len(response.content))
    return response


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Say what the census is and what to have ready, with one way on: to begin."""
    census = pages.known_census()
    address = settings.CACAH_PUBLIC_URL.rstrip("/").removeprefix("https://").removeprefix("http://")
    context = {"census": census, "phase": pages.phase(census), "address": address}
    response = render(request, "collection/landing.html", context)
    response.headers["Cache-Control"] = "public, max-age=60"
    return compressed(request, response)


@require_safe
def form(request: HttpRequest) -> HttpResponse:
    """Lead to the form's immutable page; make it on the spot where none has been built."""
    language = get_language() or settings.LANGUAGE_CODE
    urls = shell.assets()
    response: HttpResponse
    if urls.forms[language] == request.path:
        response = HttpResponse(shell.form_page(language, urls))
    else:
        response = HttpResponseRedirect(urls.forms[language] + _kept(request))
    response.headers["Cache-Control"] = "no-cache"
    return compressed(request, response)


def _kept(request: HttpRequest) -> str:
    """Return what the form must know of its address: a shared device, a session, an invitation."""
    shared = {SHARED: "1"} if request.GET.get(SHARED) == "1" else {}
    return guide.as_query(shared | guide.came_by(request.GET.dict()))


@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Check a proof of completion: when and how many people, never who."""
    typed = request.GET.get("nomor", "").replace("/", "").strip()
    if typed:
        return redirect("proof", code=typed)
    context: dict[str, Any] = {"code": code, "is_laptop": bool(settings.CACAH_PACK)}
    if code:
        context |= proofs.checked(code)
    # 200 also for an unknown number: Django would write the path of a 404 into the log.
    response = render(request, "collection/verify.html", context)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def proof_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Give a proof as PDF; only its signed text makes one, so nobody prints a guessed number."""
    try:
        given = receipts.verify(code)
        if proofs.is_anothers(given):
            raise receipts.NotAReceipt
        # Of answers that a laptop took, and that have arrived since, the proof is final.
        content = receipt_pdf(proofs.final(given) or code, get_language() or settings.LANGUAGE_CODE)
    except receipts.NotAReceipt:
        raise Http404 from None
    response = HttpResponse(content, content_type="application/pdf")
    name = given.number.rstrip("*~$=")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker from the root, because it may only look after pages below itself."""
    response = HttpResponse(shell.worker(), content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return compressed(request, response)
