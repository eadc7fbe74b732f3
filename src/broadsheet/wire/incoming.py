"""Bytes that came in, before anything is known of them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from broadsheet.wire.decoding import Decoded, decode
from broadsheet.wire.errors import WireError

# A saved page is one story. The largest real ones, with every script and picture written into
# them, are a few megabytes; parsing needs some twenty times the page in memory.
LARGEST_PAGE = 16 * 1024 * 1024
# One paragraph, heading or title. Patterns that look for dates and names in it, here and in
# the libraries, may take the square of its length.
LONGEST_PARAGRAPH = 50_000


@dataclass(frozen=True)
class Incoming:
    """The bytes of one file (or message) and where they came from.

    ``origin`` is a path or an address, for messages. ``media_type`` is what the sender called
    it, where anybody did; parsers are chosen by content and may ignore it.
    """

    content: bytes
    origin: str
    media_type: str = ""

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The bytes as text. Raises :class:`WireError` where they are none."""
        return decode(self.content)

    def check(self) -> None:
        """Raise :class:`WireError` for bytes no page can be in: none, too many, not text."""
        if not self.content:
            raise WireError("The file is empty. Save the page again.")
        refuse_too_large(len(self.content))
        if not self.decoded.text.strip():
            raise WireError("The file holds nothing but white space. Save the page again.")


@dataclass(frozen=True)
class Unreadable:
    """A file whose bytes could not be had; ``reason`` says why and what to do."""

    origin: str
    reason: str


def refuse_too_large(size: int) -> None:
    """Raise :class:`WireError` where ``size`` bytes are more than a saved page can have."""
    if size > LARGEST_PAGE:
        raise WireError(
            f"The file has {size / 1024 / 1024:.0f} MB; a saved page may have "
            f"{LARGEST_PAGE // 1024 // 1024} MB. Save the page as “HTML only” or as text."
        )
