"""Bytes that came in, before anything is known of them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from broadsheet.wire.decoding import Decoded, decode
from broadsheet.wire.errors import WireError

# A saved page is one story. The largest real ones, with every script and picture written into
# them, are a few megabytes; parsing needs some twenty times the page in memory.
LARGEST_PAGE = 16 * 1024 * 1024
# A photograph as agencies send it, or a message with several attached.
LARGEST_FILE = 64 * 1024 * 1024
# How much of a file is looked at to tell what it is.
HEAD = 64 * 1024
# One paragraph, heading or title. Patterns that look for dates and names in it, here and in
# the libraries, may take the square of its length.
LONGEST_PARAGRAPH = 50_000


def nothing_beside(name: str) -> bytes | None:
    """Return ``None``: no file of any ``name`` came along."""
    return None


@dataclass(frozen=True)
class Incoming:
    """The bytes of one file (or message) and where they came from.

    ``origin`` is a path or an address, for messages. ``media_type`` is what the sender called
    it, where anybody did; parsers are chosen by content and may ignore it. ``beside`` returns
    the bytes of a file that lies beside this one under the given name, or ``None``: the
    photographs that come along with a text.
    """

    content: bytes
    origin: str
    media_type: str = ""
    beside: Callable[[str], bytes | None] = field(default=nothing_beside, compare=False)

    @property
    def head(self) -> bytes:
        """The first bytes, enough to tell what the file is."""
        return self.content[:HEAD]

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def decoded(self) -> Decoded:
        """The bytes as text. Raises :class:`WireError` where they are none."""
        return decode(self.content)

    def check(self) -> None:
        """Raise :class:`WireError` for bytes no text can be in: too many, or not text."""
        refuse_too_large(len(self.content))
        if not self.decoded.text.strip():
            raise WireError("The file holds nothing but white space. Save the page again.")


@dataclass(frozen=True)
class IncomingFile:
    """A file that is read bit by bit, since it may be larger than memory: an archive's export.

    ``head`` is its first bytes, by which it was recognised.
    """

    path: Path
    origin: str
    head: bytes

    def open(self) -> BinaryIO:
        """Return the file, opened for reading from its start. Raises ``OSError``."""
        return self.path.open("rb")


@dataclass(frozen=True)
class Unreadable:
    """A file whose bytes could not be had; ``reason`` says why and what to do."""

    origin: str
    reason: str


def refuse_too_large(size: int) -> None:
    """Raise :class:`WireError` where ``size`` bytes are more than a page or message can have."""
    if size > LARGEST_PAGE:
        raise WireError(
            f"The file has {size / 1024 / 1024:.0f} MB; a page or message may have "
            f"{LARGEST_PAGE // 1024 // 1024} MB. Save a page as “HTML only” or as text."
        )
