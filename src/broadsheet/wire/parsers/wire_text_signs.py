"""The characters of wire text: control codes, typesetting codes, and quotes made of accents.

ANPA 1312 and IPTC 7901 come from teleprinters. Beside text they carry codes for typesetting
machines (``&QL;``, upper rail, thin space) and write quotes and dashes with what keys there
were; readers get the signs that were meant.
"""

from __future__ import annotations

import re

from broadsheet.wire.decoding import Decoded, decode
from broadsheet.wire.errors import WireError

STX, ETX = "\x02", "\x03"
# Tab line indicator and space band (ANPA 1312): they part the columns of agate.
TAB_LINE, SPACE_BAND = "\x08", "\x10"
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_TYPESETTING = re.compile(r"&(?:[A-Za-z][A-Z0-9]|EM|EN|TH);")
_ENTITIES = {"&LT;": "<", "&GT;": ">", "&AM;": "&", "&lt;": "<", "&gt;": ">", "&amp;": "&"}
_ENTITY = re.compile("|".join(_ENTITIES))
_OPENING = re.compile(r"(?<![\w.,!?;:)])''(?=\w)")
_DASH = re.compile(r"(?<=\s)(?:_|--)(?=\s)")
_DASH_AT_END = re.compile(r"(?<=\s)(?:_|--)$")
# ISO 646-DE: how German agencies wrote their letters in seven bits.
_GERMAN = str.maketrans("{|}~[\\]", "äöüßÄÖÜ")
_GERMAN_WORD = re.compile(r"(?<![A-Za-z{|}~\[\\\]])[A-Za-z{|}~\[\\\]]{2,40}")
_SEVEN_BIT_LETTER = re.compile(r"[a-z][{|}~][a-zA-Z]|[\[\\\]{|}][a-z]{2}")
_FEWEST_SEVEN_BIT = 4
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_WESTERN = frozenset("éèêëàâäáåãæçíìîïñóòôöõøœúùûüßÉÈÊÀÂÄÁÅÃÆÇÍÎÑÓÔÖÕØÚÛÜ«»“”„‘’–—…°€£§·º\xa0\xad")


def decoded(content: bytes) -> Decoded:
    """Return the text of ``content``, control codes included.

    Raises :class:`WireError` where it is in no encoding news is written in.
    """
    try:
        return Decoded(content.decode("utf-8-sig"), "utf-8")
    except UnicodeDecodeError:
        pass
    return _western(content) or _guessed(content)


def _western(content: bytes) -> Decoded | None:
    """Read what was written west of Poland: a guess from few letters takes one for the other."""
    text = content.decode("cp1252", "replace")
    if set(_NOT_ASCII.findall(text)) <= _WESTERN:
        return Decoded(text, "cp1252", guessed=True)
    return None


def _guessed(content: bytes) -> Decoded:
    # The codes would make a reader of texts take this for no text at all.
    bare = decode(_CONTROL_BYTES.sub(b" ", content))
    try:
        text = content.decode(bare.encoding, "replace")
    except LookupError as error:
        raise WireError("The wire text is in no encoding that is known.") from error
    return Decoded(text, bare.encoding, bare.guessed, text.count("\ufffd"))


def readable(text: str) -> str:
    """Return ``text`` with the signs for readers in place of those for machines."""
    text = _TYPESETTING.sub(lambda code: _ENTITIES.get(code[0], ""), text)
    text = _ENTITY.sub(lambda code: _ENTITIES[code[0]], text)
    text = _CONTROLS.sub("", text.replace(SPACE_BAND, " "))
    if "``" in text or "''" in text:
        text = _OPENING.sub("“", text.replace("``", "“")).replace("''", "”")
    if "`" in text:
        text = text.replace("`", "‘")
    return _DASH_AT_END.sub("—", _DASH.sub("—", text))


def without_codes(text: str) -> str:
    """Return ``text`` without control codes and quad marks at its end, otherwise as it is."""
    return _CONTROLS.sub("", text).rstrip(" \t\r\n<=>@^!+")


def in_seven_bits(text: str) -> bool:
    """Tell whether ``text`` writes German letters as brackets and braces (ISO 646-DE)."""
    if not text.isascii():
        return False
    found = 0
    for word in _GERMAN_WORD.finditer(text):
        found += bool(_SEVEN_BIT_LETTER.search(word[0]))
        if found >= _FEWEST_SEVEN_BIT:
            return True
    return False


def german_letters(text: str) -> str:
    """Return ``text`` with the letters that :func:`in_seven_bits` writes as brackets."""
    return _GERMAN_WORD.sub(lambda word: word[0].translate(_GERMAN), text)
