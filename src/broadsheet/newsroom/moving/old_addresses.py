"""The addresses that things had elsewhere lead to where they are now."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from wagtail.contrib.redirects.models import Redirect

# What the paper answers itself, whatever has been pressed; anything else may have been the
# address of a story elsewhere. A page that is there is met before any redirect.
_OWN = re.compile(
    r"/(?:(?:assets|healthz|letters|media|metrics|newsroom|readyz|static)(?:[/.?]|$)"
    r"|news/\d+(?:\.json)?(?:[/?]|$)|archive/\d{4}(?:[/?]|$)|search/?(?:\?|$)"
    r"|robots\.txt$|sitemap[\w-]*\.xml$)"
)


def redirect_from(old_urls: Iterable[str], address: str) -> tuple[int, tuple[str, ...]]:
    """Let ``old_urls`` lead to ``address``; return how many do now that did not, and remarks.

    An address that leads elsewhere already is left alone, and remarked on.
    """
    remarks = []
    count = 0
    for path in dict.fromkeys(map(old_path, old_urls)):
        if not path or path == Redirect.normalise_path(address):
            continue
        taken = Redirect.objects.filter(old_path=path, site=None).first()
        if taken is None:
            Redirect.add_redirect(path, address, is_permanent=True)
            count += 1
        elif taken.redirect_link != address:
            remarks.append(f"The old address {path} leads to {taken.redirect_link} already.")
    return count, tuple(remarks)


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
