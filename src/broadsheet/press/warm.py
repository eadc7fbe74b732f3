"""Warming up: what the first page of a process would otherwise wait for.

Templates are compiled, catalogues read and the data of languages loaded once, before the first
page is drawn: the time a page prints is its own.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.translation import gettext, ngettext

from broadsheet.press import assets, bodies, dates, frame
from broadsheet.stories.languages import direction_of


@cache
def warm_up() -> None:
    """Load what drawing pages needs and no page is made of; only the first call does anything."""
    env: Any = engines["jinja2"]
    for name in env.env.list_templates(filter_func=lambda name: name.startswith("press/")):
        env.env.get_template(name)
    for name in ("press/body.html", "press/entries.html"):
        _ = env.env.get_template(name).module
    moment = datetime.now(UTC)
    for language in {*settings.PAPER_LANGUAGES, *frame.translated_languages()}:
        direction_of(language)
        dates.publication(moment, language, UTC)
        dates.seconds(0.0, language)
        with translation.override(frame.chrome_language(language)):
            # The plural rules of a catalogue are compiled when they are first asked for.
            gettext("Published: %(time)s")
            ngettext("%(number)s story", "%(number)s stories", 1)
    assets.url("paper.css")
    bodies.cleaned("<p>Warm.</p>")
