"""Where the bytes of pictures are found: in a copy of the old site's folder, or on the web."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from broadsheet.newsroom.moving.pictures import Find
from broadsheet.wire.retrievers import web
from broadsheet.wire.retrievers.beside import read_beside


def find_in(folder: Path) -> Find:
    """Find in ``folder`` what an address of the old site names.

    The folder may be a copy of the site's root or of any folder below it, such as
    ``wp-content/uploads``: the address is tried whole, then without its first parts. Never
    leaves the folder.
    """

    def find(address: str) -> bytes | None:
        try:
            path = urlsplit(address).path
        except ValueError:
            return None
        parts = [part for part in path.split("/") if part]
        for start in range(len(parts)):
            content = read_beside(folder, "/".join(parts[start:]))
            if content is not None:
                return content
        return None

    return find


def find_on_the_web(address: str) -> bytes | None:
    """Fetch the picture at ``address``; ``None`` where it is no address of the web.

    Raises ``RetrieveError`` (a ``WireError``) where it may not or cannot be fetched.
    """
    if not address.startswith(("http://", "https://")):
        return None
    return web.fetch_picture(address).content


def first_of(*finds: Find) -> Find:
    """Ask ``finds`` in their order and return what the first that has something has."""

    def find(address: str) -> bytes | None:
        return next((found for each in finds if (found := each(address)) is not None), None)

    return find
