"""Who wrote, as far as the paper wants to know: keyed hashes of an address, never the address.

The hash is keyed with the paper's secret (HMAC-SHA-256), since hashing every IPv4 address
without a key takes seconds.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from broadsheet.reader_address import address_of

_SALT = "broadsheet.letters.readers"


def mark(kind: str, value: str) -> str:
    """Return the keyed hash that stands for ``value`` among the marks of ``kind`` (64 digits)."""
    return salted_hmac(f"{_SALT}.{kind}", value, algorithm="sha256").hexdigest()


def address_mark(request: HttpRequest) -> str:
    """Return the mark of the address ``request`` comes from."""
    return mark("address", address_of(request))


def email_mark(email: str) -> str:
    """Return the mark of an e-mail address, without regard to case; empty for none."""
    return mark("email", email.strip().casefold()) if email.strip() else ""
