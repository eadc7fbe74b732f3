"""What Wagtail leaves in a new database, made fit for a newspaper."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from wagtail.models import Site

_AS_WAGTAIL_MADE_IT = {"hostname": "localhost", "port": 80, "site_name": ""}


def tidy() -> list[str]:
    """Give Wagtail's one site the paper's name and address, while nobody has; say what was done.

    Its welcome page becomes the root of the standing pages, which the newsroom seeds; it has no
    address of its own here.
    """
    address = urlsplit(settings.BASE_URL)
    changed = Site.objects.filter(is_default_site=True, **_AS_WAGTAIL_MADE_IT).update(
        hostname=address.hostname or "localhost",
        port=address.port or (443 if address.scheme == "https" else 80),
        site_name=settings.WAGTAIL_SITE_NAME,
    )
    return ["named Wagtail's site"] if changed else []
