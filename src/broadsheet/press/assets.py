"""Assets: style sheets, scripts and icons, pressed under names that change with their content.

A name with its content's hash in it can be kept by browsers for ever. Other rooms register
their own files when they start, and link to them with ``asset(name)`` in a template.

What a script says stands in the script, in each language that labels are in, and not in the page,
whose every byte is pressed as often as there are stories.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path, PurePosixPath

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from broadsheet.press.sheets import Sheet, SheetKind

FOLDER = Path(__file__).parent / "assets"
# Every page names some seven of them. Told apart are only the versions of one file.
_DIGITS = 6
_ROOT_NAMES = frozenset({"favicon.ico"})
_contents: dict[str, Path | bytes] = {}
_words: dict[str, tuple[str, ...]] = {}
_PLACE_OF_WORDS = b"const words = {};"


def register(name: str, content: Path | bytes, *, words: Sequence[str] = ()) -> None:
    """Press ``content`` (bytes, or the file that holds them) as the asset ``name``.

    ``words`` are the messages that a script says. It has a line ``const words = {};``, in which it
    finds what each is in other languages than English: by the language of the page, and then by
    the message. Raises ``ValueError`` where another content has that name already.
    """
    if _contents.setdefault(name, content) != content:
        raise ValueError(f"an asset named {name!r} is registered already")
    _words[name] = tuple(words)
    _keys.cache_clear()


def _read(name: str) -> bytes:
    content = _contents[name]
    read = content if isinstance(content, bytes) else content.read_bytes()
    if not _words[name]:
        return read
    said = json.dumps(_translated(_words[name]), ensure_ascii=False, separators=(",", ":"))
    return read.replace(_PLACE_OF_WORDS, f"const words = {said};".encode(), 1)


def _translated(messages: Sequence[str]) -> dict[str, dict[str, str]]:
    from broadsheet.press.frame import translated_languages

    found = {}
    for language in sorted(translated_languages() - {"en"}):
        with translation.override(language):
            found[language] = {message: gettext(message) for message in messages}
    return found


@cache
def _keys() -> dict[str, str]:
    """Return the pressed name of every asset, by its plain name."""
    keys = {}
    for name in _contents:
        path = PurePosixPath(name)
        digest = hashlib.sha256(_read(name)).hexdigest()[:_DIGITS]
        keys[name] = name if name in _ROOT_NAMES else f"{path.stem}.{digest}{path.suffix}"
    return keys


def url(name: str) -> str:
    """Return the address of the asset ``name``. Raises ``KeyError`` for one nobody registered."""
    return address(_keys()[name])


def address(key: str) -> str:
    """Return the address at which the asset with the pressed name ``key`` stands."""
    # Browsers ask for this one at the root, whatever the page says.
    return f"/{key}" if key in _ROOT_NAMES else f"/assets/{key}"


def draw(key: str) -> bytes | None:
    """Return the bytes of the asset with the pressed name ``key``, ``None`` for an outdated one."""
    for name, pressed in _keys().items():
        if pressed == key:
            return _read(name)
    return None


def sheets() -> list[Sheet]:
    """Return every asset as a sheet to press."""
    return [Sheet(KIND.name, key) for key in _keys().values()]


KIND = SheetKind(name="asset", address=address, draw=draw)

_SAID = {"paper.js": (_("Copy link"), _("Copied"))}

for _file in sorted(FOLDER.iterdir()):
    register(_file.name, _file, words=_SAID.get(_file.name, ()))
