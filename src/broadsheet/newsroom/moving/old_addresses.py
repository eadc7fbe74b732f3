"""The addresses that things had elsewhere lead to where they are now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from wagtail.contrib.redirects.models import Redirect

# What the paper answers itself, whatever has been pressed; anything else may have been the
# address of a story elsewhere. A page that is there is met before any redirect.
_OWN = re.compile(
    r"/(?:(?:assets|healthz|letters|media|metrics|newsroom|readyz|static)(?:[/.?]|$)"
    r"|news/\d+(?:\.json)?(?:[/?]|$)|archive/\d{4}(?:[/?]|$)|search/?(?:\?|$)"
    r"|robots\.txt$|sitemap[\w-]*\.xml$)"
)

# White space, controls, and the signs that turn the direction of what follows.
_NO_ADDRESS = re.compile(r"[\s\\\x00-\x1f\x7f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# As long as databases other than SQLite let it be.
_AT_ONCE = 900
_LONGEST_TARGET = int(Redirect._meta.get_field("redirect_link").max_length or 0)


def redirect_from(old_urls: Iterable[str], address: str) -> tuple[int, tuple[str, ...]]:
    """Let ``old_urls`` lead to ``address``; return how many do now that did not, and remarks.

    An address that leads elsewhere already is left alone, and remarked on.
    """
    found = list(old_urls)
    redirecting = Redirecting()
    redirecting.foresee(found)
    told = redirecting.lead(found, address)
    redirecting.write()
    return told


class Redirecting:
    """The same for many things at once: what is taken already is asked once, as far as known.

    :meth:`foresee` the old addresses of all, :meth:`lead` each, then :meth:`write` what is new;
    all in one transaction.
    """

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}
        self._new: list[Redirect] = []

    def foresee(self, old_urls: Iterable[str]) -> None:
        """Ask where ``old_urls`` lead at present."""
        paths = list(dict.fromkeys(filter(None, map(old_path, old_urls))))
        self._taken = {}
        for start in range(0, len(paths), _AT_ONCE):
            rows = Redirect.objects.filter(old_path__in=paths[start : start + _AT_ONCE], site=None)
            # The first of a path counts.
            for path, link in rows.order_by("-pk").values_list("old_path", "redirect_link"):
                self._taken[path] = link

    def lead(self, old_urls: Iterable[str], address: str) -> tuple[int, tuple[str, ...]]:
        """Do as :func:`redirect_from` does; the rows are written by :meth:`write`."""
        address = target_of(address)
        if not address:
            return 0, ("Old addresses may lead to the paper or to the web, to nothing else.",)
        remarks = []
        count = 0
        for path in dict.fromkeys(map(old_path, old_urls)):
            if not path or path == Redirect.normalise_path(address):
                continue
            taken = self._taken.get(path)
            if taken is None:
                self._taken[path] = address
                self._new.append(Redirect(old_path=path, redirect_link=address))
                count += 1
            elif taken != address:
                remarks.append(f"The old address {path} leads to {taken} already.")
        return count, tuple(remarks)

    def write(self) -> None:
        """Write what leads somewhere now and did not before."""
        new, self._new = self._new, []
        Redirect.objects.bulk_create(new)


def target_of(address: str) -> str:
    r"""Return ``address`` as redirects keep it; empty where no reader may be sent there.

    They lead to the paper itself, or to the web. What browsers take for another host though it
    looks like a path (``//host``, ``/\host``), or for a script, is no place.
    """
    if len(address) > _LONGEST_TARGET:
        # Letters beyond ASCII are six times as long in an address as they are by themselves.
        address = unquote(address)
    if len(address) > _LONGEST_TARGET or _NO_ADDRESS.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    is_own = address.startswith("/") and not parts.netloc
    return address if is_web or is_own else ""


def old_path(url: str) -> str:
    """Return the path of ``url`` as redirects keep it; empty where it cannot be one.

    The front of a site is no story's address, and what the paper itself answers stays its own.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path: str = Redirect.normalise_path(
        f"{parts.path}?{parts.query}" if parts.query else parts.path
    )
    longest = int(Redirect._meta.get_field("old_path").max_length or 0)
    if path in {"", "/"} or _OWN.match(path) or len(path) > longest:
        return ""
    return path
