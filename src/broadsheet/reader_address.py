"""Where a request comes from, as far as limits and bans go by it."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# A household or a server gets a whole /64 (RFC 6177), so that a single address says nothing.
_IPV6_PREFIX = 64


def address_of(request: HttpRequest) -> str:
    """Return the network address ``request`` comes from: IPv4, or the /64 of an IPv6 address.

    Behind N proxies of our own (``BROADSHEET_TRUSTED_PROXIES``) it is the Nth entry of
    X-Forwarded-For from the right; whatever stands left of it is the sender's own word. An
    entry that is no address gives "unknown", which all such requests share.
    """
    address = str(request.META.get("REMOTE_ADDR") or "")
    proxies = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        hops = [hop for hop in hops if hop]
        if hops:
            address = hops[-min(proxies, len(hops))]
    return _network(address)


def _network(address: str) -> str:
    if address.startswith("["):
        address = address[1:].split("]", maxsplit=1)[0]
    elif address.count(":") == 1:  # IPv4 with a port, as some proxies write it
        address = address.split(":", maxsplit=1)[0]
    try:
        parsed = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False))
    return str(parsed)
