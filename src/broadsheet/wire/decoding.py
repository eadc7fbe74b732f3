"""From bytes to text, whatever the page was saved in.

The order is the one of the HTML standard (WHATWG, "determining the character encoding"): a
byte order mark, then UTF-8 where the bytes are valid, then what the page declares, then a
guess. Valid UTF-8 beats a declaration, since text in another encoding is valid UTF-8 only by
a very rare accident, and wrong declarations are common in saved pages.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from broadsheet.wire.errors import WireError

_MARKS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<(?:meta\b[^>]{0,200}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.IGNORECASE,
)
# Browsers read "iso-8859-1" as windows-1252 (WHATWG Encoding, "names and labels").
_READ_AS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-6": "cp1256"}
# What news was written in before UTF-8. Naming them keeps EBCDIC and the like out of the guess.
_GUESSES = [
    "cp1252", "cp1256", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1257",
    "shift_jis", "euc_jp", "euc_kr", "gb18030", "big5", "koi8_r", "iso8859_9", "mac_roman",
]  # fmt: skip
# Codecs of Python that are no encoding of a text; some take the square of its length.
NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "mbcs", "oem"}
)
_GUESS_FROM = 64 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")
_HIGH_LETTERS, _MAC = re.compile(rb"[\xc0-\xff]"), re.compile(rb"[\x80-\x9f]")
_MOST_CONTROLS = 0.005


@dataclass(frozen=True)
class Decoded:
    """Text, the encoding it was in (Python's name), and whether that had to be guessed."""

    text: str
    encoding: str
    guessed: bool = False
    damaged: int = 0

    @property
    def oddities(self) -> tuple[str, ...]:
        """What is worth telling the desk about how the text was read."""
        said = []
        if self.guessed:
            said.append(f"The encoding was not declared; it was read as {self.encoding}.")
        if self.damaged:
            said.append(f"{self.damaged} characters could not be read and show as “\ufffd”.")
        return tuple(said)


def decode(content: bytes) -> Decoded:
    """Return ``content`` as text, line ends as they are.

    Raises :class:`WireError` for what is no text in any encoding news is written in.
    """
    # UTF-16 that has nothing but ASCII in it is valid UTF-8, too, full of zeros.
    decoded = _by_mark(content) or _as_bare_utf16(content) or _as_utf8(content)
    if decoded is None:
        if b"\0" in content:
            raise WireError("The file is binary, not a saved page. Save the page as text or HTML.")
        decoded = _as_declared(content) or _as_guessed(content)
    if len(_CONTROLS.findall(decoded.text)) > _MOST_CONTROLS * len(decoded.text):
        raise WireError("The file is binary, not a saved page. Save the page as text or HTML.")
    return decoded


def _by_mark(content: bytes) -> Decoded | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            text = content.decode(encoding, "replace")
            return Decoded(text, encoding.removesuffix("-sig"), damaged=text.count("\ufffd"))
    return None


def _as_utf8(content: bytes) -> Decoded | None:
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        # A file that was cut off in the middle of its last character is still UTF-8.
        if error.start >= len(content) - 3 and error.start > 0:
            return Decoded(content.decode("utf-8", "ignore"), "utf-8", damaged=1)
        return None


def _as_bare_utf16(content: bytes) -> Decoded | None:
    """Read UTF-16 without its mark: every second byte of its spaces and digits is zero."""
    if b"\0" not in content or len(content) % 2:
        return None
    for encoding, high in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros = content[high::2].count(0)
        if zeros > len(content) // 20 and not content[1 - high :: 2].count(0):
            try:
                return Decoded(content.decode(encoding), encoding, guessed=True)
            except UnicodeDecodeError:
                return None
    return None


def _as_declared(content: bytes) -> Decoded | None:
    declared = _DECLARED.search(content[:4096])
    if not declared:
        return None
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name
    except LookupError:
        return None
    encoding = _READ_AS.get(name, name)
    if encoding.replace("_", "-") in NO_CHARSETS:
        return None
    try:
        text = content.decode(encoding, "replace")
    except (LookupError, ValueError):  # "hex", "zlib" and such are codecs, but none of text
        return None
    damaged = text.count("\ufffd")
    if damaged and text.replace("\ufffd", "").isascii():
        # Not one letter beyond ASCII could be read: it is in another encoding altogether. In
        # XML, which is nearly all ASCII, the few such letters would not be missed below.
        return None
    # A page that says UTF-8 and has a few broken bytes is UTF-8; one that is full of them lies.
    return Decoded(text, encoding, damaged=damaged) if damaged * 50 < len(text) else None


def _as_guessed(content: bytes) -> Decoded:
    # From the first byte that matters, or a long plain beginning would hide it.
    first = _NOT_ASCII.search(content)
    start = max(0, first.start() - 1024) if first else 0
    best = from_bytes(content[start : start + _GUESS_FROM], cp_isolation=_GUESSES).best()
    if best is None:
        raise WireError(
            "The file is in no encoding that could be recognised. Save the page as UTF-8."
        )
    encoding = best.encoding
    if encoding == "mac_roman" and len(_HIGH_LETTERS.findall(content)) > len(_MAC.findall(content)):
        # Its letters lie where Windows has signs; few letters mislead the guess.
        encoding = "cp1252"
    text = content.decode(encoding, "replace")
    # The Latin code pages agree on most letters; among equals the common one is named.
    western = content.decode("cp1252", "replace")
    encoding = "cp1252" if western == text else encoding
    return Decoded(text, encoding, guessed=True, damaged=text.count("\ufffd"))
