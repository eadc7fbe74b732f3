"""Cards: how lists show a story. A card is drawn once, and again only when it says other things."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.template import engines
from markupsafe import Markup

from broadsheet.press.summaries import Entry, Summary


def card(
    entry: Entry,
    chrome: str,
    level: int,
    sizes: str = "",
    *,
    eager: bool = False,
    kicker: bool = True,
    lead: bool = True,
) -> Markup:
    """Return a story on a list whose labels are in ``chrome``.

    ``level`` is that of its heading, ``sizes`` how wide its picture is (nothing for none), as
    HTML wants it; ``eager`` marks the first story of a front. The kicker names the section.
    """
    ways = (chrome, level, sizes, eager, kicker, lead)

    def draw(summary: Summary) -> str:
        env: Any = engines["jinja2"]
        return str(env.env.get_template("press/entries.html").module.card(summary, *ways))

    return Markup(entry.drawn(ways, draw))  # noqa: S704 - a macro's


def river(
    entries: Iterable[Entry], chrome: str, level: int, sizes: str, *, kicker: bool = True
) -> Markup:
    """Return the cards of a list, one below the other; the rest is as for :func:`card`."""
    # Of 200 stories, a template that asks for each takes longer than to find what was drawn.
    found = [card(entry, chrome, level, sizes, kicker=kicker) for entry in entries]
    return Markup("").join(found)
