"""The header of an e-mail message (RFC 5322, RFC 2047), read leniently.

The standard library's newer header classes raise on what is malformed and take the square of a
long header's length; the plain text of the fields is read here instead, raw eight-bit text and
encoded words that end within a character included.
"""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from broadsheet.wire.decoding import decode
from broadsheet.wire.errors import WireError

_LONGEST = 4000
_MOST_ADDRESSES = 20
_MOST_IDS = 20
_WORD = re.compile(r"=\?([\w-]{1,40})(?:\*[\w-]{0,20})?\?([BbQq])\?([^?\s][^?]{0,2000}|)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_FOLD = re.compile(r"[\r\n]+[ \t]*")
_ID = re.compile(r"<([^<>\s]{1,300})>")
_YEARS = range(1970, 2200)


def field(message: Message, name: str) -> str:
    """Return the text of the first field ``name``, decoded, in one line; empty where none."""
    return next((text_of(raw) for raw in _raw(message, name)), "")


def _raw(message: Message, name: str) -> list[str]:
    """Return the fields ``name`` as they came; eight-bit bytes are surrogates in them."""
    return [str(value) for key, value in message.raw_items() if key.casefold() == name.casefold()]


def text_of(raw: str) -> str:
    """Return what a field says: folding, encoded words and eight-bit text undone."""
    raw = _FOLD.sub(" ", raw[:_LONGEST])
    if any("\ud800" <= char <= "\udfff" for char in raw):
        raw = text_from(raw.encode("ascii", "surrogateescape") if _only_escapes(raw) else
                        raw.encode("utf-8", "replace"), "")  # fmt: skip
    pieces: list[str] = []
    at, charset, pending = 0, "", b""
    raw = _BETWEEN_WORDS.sub(r"\1", raw)
    for word in _WORD.finditer(raw):
        if word.start() > at or word[1].casefold() != charset:
            pieces += [text_from(pending, charset), raw[at : word.start()]]
            pending = b""
        # A character may begin in one word and end in the next of the same charset.
        charset, at = word[1].casefold(), word.end()
        pending += _word_bytes(word[2], word[3])
    pieces += [text_from(pending, charset), raw[at:]]
    return " ".join("".join(pieces).replace("\x00", "").split())


def _only_escapes(raw: str) -> bool:
    return all(char < "\x80" or "\udc80" <= char <= "\udcff" for char in raw)


def _word_bytes(encoding: str, text: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(text.replace("_", " ").encode("utf-8", "replace"), header=True)
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return text.encode("utf-8", "replace")


def text_from(content: bytes, charset: str) -> str:
    """Return ``content`` as text: in ``charset`` where that fits, else as what it looks like."""
    if not content:
        return ""
    if charset and charset not in {"us-ascii", "ascii", "unknown-8bit"}:
        # Latin-1 is what mail programs call windows-1252.
        name = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "gb2312": "gb18030"}.get(
            charset, charset
        )
        try:
            return content.decode(name)
        except (LookupError, UnicodeDecodeError, ValueError, TypeError):
            pass
    try:
        return decode(content).text
    except WireError:
        return content.decode("cp1252", "replace")


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Return names and addresses in the fields ``name``; a name is empty where none is given."""
    found = []
    for raw in _raw(message, name)[:3]:
        try:
            pairs = getaddresses([_FOLD.sub(" ", raw[:_LONGEST])])
        except (ValueError, IndexError, TypeError):
            continue
        found += [(text_of(shown).strip("\"' "), text_of(address)) for shown, address in pairs]
    return [pair for pair in found if pair[0] or pair[1]][:_MOST_ADDRESSES]


def ids(message: Message, name: str) -> list[str]:
    """Return the message ids in the field ``name``, without their brackets."""
    raw = next(iter(_raw(message, name)), "")[:_LONGEST]
    return [found.strip() for found in _ID.findall(raw)][-_MOST_IDS:]


def message_id(message: Message) -> str:
    """Return the message's own id, without brackets; empty where it has none."""
    found = ids(message, "Message-ID")
    return found[0] if found else field(message, "Message-ID").strip("<>")[:300]


def moment(message: Message, name: str) -> datetime | None:
    """Return the moment that the field ``name`` says (aware, UTC), or ``None``."""
    text = field(message, name)
    if name == "Received":
        text = text.rsplit(";", 1)[-1]
    return _moment(text[:200])


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        at = parsedate_to_datetime(text)
        # RFC 5322, 3.3: "-0000" says that the time is UTC and nothing of the place.
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
    return at if at.year in _YEARS else None
