"""Addresses on the web, read once, so that what was checked is what is asked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import idna

from broadsheet.wire.retrievers.errors import RefusedAddressError

_LONGEST = 4096
_PORTS = {"http": 80, "https": 443}
# Underscores are in no host name (RFC 1123), and in some that feeds are served from.
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}\.?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# RFC 3986 section 3.3, and what is quoted already.
_UNQUOTED = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Credentials:
    """A user's name and password, which no message and no ``repr`` shows."""

    user: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True)
class WebAddress:
    """An address of http or https, taken apart.

    ``host`` is in ASCII and in small letters; an IPv6 address has no brackets. ``target`` is
    the path with the query. ``str()`` is the address without credentials, for messages.
    """

    scheme: str
    host: str
    port: int
    target: str
    credentials: Credentials | None = None

    @classmethod
    def of(cls, text: str) -> WebAddress:
        """Return the address that ``text`` writes. Raises :class:`RefusedAddressError`."""
        text = text.strip()
        if len(text) > _LONGEST or _CONTROL.search(text):
            raise RefusedAddressError("The address is too long, or has characters no address has.")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            raise _no_address() from None
        scheme = parts.scheme.lower()
        if scheme not in _PORTS:
            raise RefusedAddressError(
                "Only addresses that begin with http:// or https:// are fetched."
            )
        return cls(
            scheme,
            _host(parts.hostname or ""),
            _PORTS[scheme] if port is None else port,
            _target(parts),
            _credentials(parts),
        )

    def joined(self, location: str) -> WebAddress:
        """Return where a redirect from here to ``location`` leads.

        Credentials in it are dropped: a server may send us elsewhere, and not as somebody.
        """
        try:
            text = urljoin(str(self), location.strip())
        except ValueError:
            raise _no_address() from None
        found = WebAddress.of(text)
        return WebAddress(found.scheme, found.host, found.port, found.target)

    @property
    def authority(self) -> str:
        """The host with its port where that is not the usual one, as in ``Host``."""
        host = f"[{self.host}]" if ":" in self.host else self.host.rstrip(".")
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials are good for (RFC 6454)."""
        return self.scheme, self.host, self.port

    def is_as_safe_as(self, other: WebAddress) -> bool:
        """Tell whether what ``other`` may know may be told here: the same host, no less secret."""
        return self.origin == other.origin or (
            self.host == other.host and (self.scheme, self.port) == ("https", _PORTS["https"])
        )

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def _no_address() -> RefusedAddressError:
    return RefusedAddressError("This is no address on the web. Check it.")


def _host(name: str) -> str:
    if ":" in name:
        try:
            address = IPv6Address(name)
        except ValueError:
            raise _no_address() from None
        if address.scope_id is not None:
            raise _no_address()
        return str(address)
    try:
        host = name if name.isascii() else idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise _no_address() from None
    host = host.lower()
    if len(host) > 254 or not _HOST.fullmatch(host):  # noqa: PLR2004 - RFC 1035 section 2.3.4
        raise _no_address()
    return host


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_UNQUOTED)
    if not path.startswith("/"):
        path = f"/{path}"
    return f"{path}?{quote(parts.query, safe=_UNQUOTED + '?')}" if parts.query else path


def _credentials(parts: SplitResult) -> Credentials | None:
    if not parts.username and not parts.password:
        return None
    return Credentials(unquote(parts.username or ""), unquote(parts.password or ""))
