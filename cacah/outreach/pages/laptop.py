"""The way in for the guide of a session on a laptop that has no signal and no accounts."""

from __future__ import annotations

import os
import socket
from hmac import compare_digest
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from cacah.outreach.packs import loading
from cacah.outreach.packs.facts import here
from cacah.staff.door import waive_second_factor

# Where `cacah session serve` puts this start's secret for the processes that it starts.
KEY_VARIABLE = "CACAH_PACK_GUIDE"


@require_safe
def sign_in(request: HttpRequest, key: str) -> HttpResponse:
    """Sign the laptop's only officer in: by this start's link, and on the laptop itself alone."""
    expected = os.environ.get(KEY_VARIABLE, "")
    guide = loading.guide()
    if not (here() and expected and compare_digest(key.encode(), expected.encode())):
        raise Http404
    if guide is None or not _is_on_this_machine(request):
        raise Http404
    login(request, guide, backend=settings.AUTHENTICATION_BACKENDS[0])
    waive_second_factor(request)
    return redirect("outreach-session", loading.session_here().pk)


def _is_on_this_machine(request: HttpRequest) -> bool:
    """Tell whether the other end has an address of this machine, for that alone can be bound here.

    A laptop that serves one address of its own (`--host`) is not reached by localhost.
    """
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    if address.is_unspecified or address.is_multicast:
        return False
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((str(address), 0))
        except OSError:
            return False
    return True
