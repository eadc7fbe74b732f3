"""The Jinja2 environment of everything a reader sees, pressed or dynamic."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.utils import translation
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from broadsheet.press import assets, blocks, bodies, cards, dates, surroundings
from broadsheet.press.tongues import tongue


@lru_cache(maxsize=4096)
def _said(language: str | None, message: str) -> Markup:
    return Markup(translation.gettext(message))  # noqa: S704 - a catalogue's text


def _gettext(message: str, /, **variables: object) -> Markup:
    """Return ``message`` in the language that is active, as Jinja's own ``_`` does.

    Each page asks for some thirty, the same on every page.
    """
    return _said(translation.get_language(), message) % variables


def environment(**options: Any) -> Environment:
    """Return the environment, for Django's Jinja2 backend.

    Templates must name what they need: a name that is not given is an error, not an empty text.
    Tags on lines of their own leave no blank lines behind, since every byte is pressed as often
    as there are stories.
    """
    options["undefined"] = StrictUndefined
    options["autoescape"] = True
    options["trim_blocks"] = True
    options["lstrip_blocks"] = True
    env = Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701 - set above
    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=translation.gettext,
        ngettext=translation.ngettext,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
        newstyle=True,
    )
    env.globals["_"] = env.globals["gettext"] = _gettext
    env.globals["asset"] = assets.url
    env.globals["blocks"] = blocks.drawn
    env.globals["card_of"] = cards.card
    env.globals["river_of"] = cards.river
    env.globals["numerals"] = dates.numerals
    env.globals["top"] = surroundings.top
    env.globals["foot"] = surroundings.foot
    env.globals["links"] = surroundings.links
    env.filters["cleaned"] = bodies.cleaned
    env.filters["tongue"] = tongue
    env.filters["machine_time"] = dates.machine
    env.filters["safe_link"] = bodies.safe_link
    env.filters["inline"] = bodies.inline
    return env
