"""Where the pressed file of an address lies. The press writes by it, the newsstand reads by it.

Text is kept gzipped only (``<file>.gz``): nearly every client takes it as it is, and the disk
holds a story in a third of the room. The documented nginx configuration follows the same rule.
Stories lie a thousand to a folder, since a folder of its own costs every story 4 KB.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import PurePosixPath

_STORY = re.compile(r"/news/(\d{1,12})(/|\.json|/attributions\.json)", re.ASCII)
_SUFFIX = {"/": "html", ".json": "json", "/attributions.json": "attributions.json"}
_FILE_OF_STORY = re.compile(r"/news/\d+/\d+\.(?:html|json|attributions\.json)", re.ASCII)
_SAFE_PART = re.compile(r"[^\x00-\x1f/\\]+")

# File systems take 255 bytes in a name (NAME_MAX), of which a suffix such as ".gz" needs some. A
# slug of a hundred letters can be longer in UTF-8.
_LONGEST_PART = 240
_KEPT_OF_LONG_PART = 32

# Compressed already: these lie as they are.
PLAIN_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".ico", ".mp3", ".wav", ".woff2"}
)


class UnpressableAddressError(ValueError):
    """An address that can have no pressed file: it is no clean absolute path."""


def file_of(address: str) -> str:
    """Return the path, relative to the pressed folder and without ``.gz``, for ``address``.

    ``address`` is the decoded path of a URL: ``/news/207166/`` lies at
    ``news/207/207166.html``, ``/section/world/`` at ``section/world/index.html``, everything
    else where its address says. Raises :class:`UnpressableAddressError` for a path with empty
    parts, ``.`` or ``..``, hidden names, backslashes or control characters, so that no address
    can lead out of the folder, and for the name of a story's file, so that a story has one.
    """
    if story := _STORY.fullmatch(address):
        news_id = story[1]
        return f"news/{int(news_id) // 1000}/{news_id}.{_SUFFIX[story[2]]}"
    if _FILE_OF_STORY.fullmatch(address):
        raise UnpressableAddressError(f"{address!r} is where a story lies, not its address")
    if not address.startswith("/"):
        raise UnpressableAddressError(f"{address!r} does not start with a slash")
    path = address[1:]
    if not path or path.endswith("/"):
        path += "index.html"
    parts = path.split("/")
    for part in parts:
        # A hidden name (".x") is refused as a whole: the only one an address may carry is
        # the registered one of RFC 8615.
        if not _SAFE_PART.fullmatch(part) or (part.startswith(".") and part != ".well-known"):
            raise UnpressableAddressError(f"{address!r} has a part that no pressed file can have")
    return "/".join(map(_short, parts))


def _short(part: str) -> str:
    """Return ``part``, or a name made of its beginning and its hash where it is too long for one.

    nginx knows nothing of these; it asks the newsstand for what it does not find.
    """
    written = part.encode("utf-8", "surrogatepass")
    if len(written) <= _LONGEST_PART:
        return part
    digest = blake2b(written, digest_size=16).hexdigest()
    suffix = PurePosixPath(part).suffix
    suffix = suffix if len(suffix) <= _KEPT_OF_LONG_PART and suffix.isascii() else ""
    return f"{part[:_KEPT_OF_LONG_PART]}~{digest}{suffix}"


def lies_plain(address: str) -> bool:
    """Tell whether the file of ``address`` lies as it is, neither gzipped nor in brotli."""
    return address[address.rfind(".") :].lower() in PLAIN_SUFFIXES
