"""Under which addresses phones reach this machine over its hotspot."""

from __future__ import annotations

import socket
from argparse import Namespace
from ipaddress import IPv4Address, ip_address

import psutil

ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  (what is listened on, not what is opened)


def own_addresses() -> list[str]:
    """Return this machine's IPv4 addresses that others may reach, those of hotspots first."""
    found = {IPv4Address(each) for each in _of_this_machine()}
    usable = [each for each in found if not (each.is_loopback or each.is_unspecified)]
    return [str(each) for each in sorted(usable, key=_likelihood)]


def _of_this_machine() -> list[str]:
    states = psutil.net_if_stats()
    return [
        each.address
        for name, addresses in psutil.net_if_addrs().items()
        if name not in states or states[name].isup
        for each in addresses
        if each.family == socket.AF_INET
    ]


def _likelihood(address: IPv4Address) -> tuple[int, int]:
    """Order addresses: a hotspot's machine is the first of its private network."""
    is_first = int(address) & 0xFF == 1
    return (0 if is_first else 1) + (0 if address.is_private else 2), int(address)


def hosts(options: Namespace) -> list[str]:
    """Return the names under which a site with these options can be opened by others."""
    if options.host not in ANYWHERE:
        return [options.host]
    return own_addresses() or ["localhost"]


def own_name(options: Namespace) -> str:
    """Return the name under which this machine itself opens a site with these options."""
    return "localhost" if options.host in ANYWHERE else str(options.host)


def public_url(options: Namespace) -> str:
    """Return the address that the session's code leads to."""
    return url(options, hosts(options)[0])


def url(options: Namespace, host: str) -> str:
    """Return a site's address under a name or number of this machine."""
    try:
        shown = f"[{host}]" if ip_address(host).version == 6 else host
    except ValueError:
        shown = host
    scheme, usual = ("https", 443) if options.tls_cert else ("http", 80)
    return f"{scheme}://{shown}" + (f":{options.port}" if options.port != usual else "")
