"""The Jinja2 environment of everything a reader sees, pressed or dynamic."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    """Return the environment, for Django's Jinja2 backend."""
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    env = Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701 - set above
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    return env
