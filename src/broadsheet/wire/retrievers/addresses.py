"""Which machines the wire may connect to: public ones, and those that a setting names.

Addresses come from feeds, messages and the newsroom's forms. Without this, whoever writes one
could have the paper's own server ask its neighbours: the database, a router's pages, the
machine that hands out the cloud's credentials. A name is therefore looked up once, every
address it leads to is checked, and the connection is made to a checked address and not to the
name (``connection.py``): a second look-up could answer otherwise.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from queue import Empty, SimpleQueue
from typing import Any

from broadsheet.wire.retrievers.errors import RefusedAddressError, RetrieveError

WEB_PORTS = frozenset({80, 443})

# The IANA IPv4 Special-Purpose Address Registry (RFC 6890), and multicast (RFC 5771).
_NOT_PUBLIC_4 = tuple(
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        # Answers every machine in Azure with its own secrets, under an address that is public.
        "168.63.129.16/32",
    )
)  # fmt: skip
# All that is given out (RFC 4291 section 2.4): what is outside is local, multicast or reserved.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# The IANA IPv6 Special-Purpose Address Registry, as far as it lies within: protocol assignments
# (with Teredo, ORCHID, benchmarking), documentation, the sink of AS112.
_NOT_PUBLIC_6 = tuple(
    IPv6Network(each) for each in ("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20")
)
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the IPv4 address stands in the last 32 bits.

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network
# An address as ``socket`` has it, with its family.
Found = tuple[socket.AddressFamily, tuple[Any, ...]]
Resolve = Callable[[str, int, float], list[Found]]


def is_public(address: IPAddress) -> bool:
    """Tell whether ``address`` is one that the whole internet knows, and of no special use.

    An IPv6 address that carries an IPv4 address is as public as that one.
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    within = address.ipv4_mapped or address.sixtofour
    if within is None and address in _NAT64:
        within = IPv4Address(int(address) & 0xFFFFFFFF)
    if within is not None:
        return is_public(within)
    return address in _GLOBAL_UNICAST and not any(address in each for each in _NOT_PUBLIC_6)


@dataclass(frozen=True)
class Policy:
    """What may be connected to.

    ``ports`` are the ports of servers; ``private_hosts`` and ``private_networks`` are those that
    may be asked although they are not public.
    """

    ports: frozenset[int] = WEB_PORTS
    private_hosts: frozenset[str] = frozenset()
    private_networks: tuple[IPNetwork, ...] = field(default=())

    @classmethod
    def of(cls, private: Iterable[str], ports: Iterable[str | int]) -> Policy:
        """Return the policy that settings write down: hosts or networks, and ports.

        Raises :class:`RetrieveError` for what is neither, naming the setting.
        """
        hosts, networks = set(), []
        for entry in private:
            try:
                networks.append(ip_network(entry.strip("[]"), strict=False))
            except ValueError:
                if "/" in entry or ":" in entry:
                    raise RetrieveError(
                        f"BROADSHEET_FETCH_PRIVATE has “{entry}”, which is neither a host nor a "
                        "network. Write names, addresses or networks such as 10.1.0.0/16."
                    ) from None
                hosts.add(entry.lower().rstrip("."))
        try:
            numbers = frozenset(int(port) for port in ports)
        except ValueError:
            raise RetrieveError(
                "BROADSHEET_FETCH_PORTS has something that is no number. Write ports, separated "
                "by commas, such as 80,443."
            ) from None
        return cls(numbers, frozenset(hosts), tuple(networks))

    @classmethod
    def of_settings(cls, more_ports: Iterable[int] = ()) -> Policy:
        """Return the policy of this paper's settings, with ``more_ports`` allowed as well."""
        from django.conf import settings

        return cls.of(settings.FETCH_PRIVATE, (*settings.FETCH_PORTS, *more_ports))

    def check_port(self, host: str, port: int) -> None:
        """Raise :class:`RefusedAddressError` for a port that may not be asked."""
        if port not in self.ports:
            raise RefusedAddressError(
                f"The address asks port {port} of “{host}”, which is not allowed. Where it is "
                "meant, let an operator name the port in BROADSHEET_FETCH_PORTS."
            )

    def check(self, host: str, address: str) -> None:
        """Raise :class:`RefusedAddressError` where ``address``, of ``host``, is not allowed.

        The message does not tell the address: what a private network looks like is nobody's
        business who may write addresses of feeds.
        """
        try:
            # A scope (fe80::1%eth0) names an interface of this machine: never public.
            found = ip_address(address)
        except ValueError:
            found = None
        if found is not None:
            if is_public(found) or host.lower().rstrip(".") in self.private_hosts:
                return
            plain = found.ipv4_mapped or found if isinstance(found, IPv6Address) else found
            if any(plain in network for network in self.private_networks):
                return
        raise RefusedAddressError(
            f"“{host}” leads to this machine or into a private network; only public addresses "
            "are asked. Where it is meant, let an operator name it in BROADSHEET_FETCH_PRIVATE."
        )


def resolve(host: str, port: int, seconds: float) -> list[Found]:
    """Return the addresses of ``host``, in the order in which the system would try them.

    Raises :class:`RetrieveError` where it has none, or none is found in ``seconds``.
    """
    answer: SimpleQueue[list[Found] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            answer.put(error)
        else:
            answer.put([(family, address) for family, _, _, _, address in found])

    # The system's look-up knows no limit of its own: it may take half a minute a name server.
    threading.Thread(target=ask, name=f"resolve {host}", daemon=True).start()
    try:
        found = answer.get(timeout=seconds)
    except Empty:
        raise RetrieveError(
            f"The name “{host}” could not be looked up in time.", is_temporary=True
        ) from None
    if isinstance(found, socket.gaierror) and found.errno == socket.EAI_AGAIN:
        raise RetrieveError(
            f"The name “{host}” could not be looked up: the name server does not answer.",
            is_temporary=True,
        )
    if isinstance(found, Exception) or not found:
        raise RetrieveError(f"There is no machine called “{host}”. Check the address.")
    return found
