"""Cards: how lists show a story. A card is drawn once, and again only when it says other things."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template import engines
from markupsafe import Markup

from broadsheet.press import summaries
from broadsheet.press.summaries import Entry, Summary


def card(
    entry: Entry,
    around: str,
    level: int,
    sizes: str = "",
    *,
    eager: bool = False,
    kicker: bool = True,
    lead: bool = True,
) -> Markup:
    """Return a story on a list that is in the language ``around`` (:attr:`Frame.around`).

    ``level`` is that of its heading, ``sizes`` how wide its picture is (nothing for none), as
    HTML wants it; ``eager`` marks the first story of a front. The kicker names the section.
    """
    return _drawn([entry], (around, level, sizes, eager, kicker, lead))


def river(
    entries: Sequence[Entry], around: str, level: int, sizes: str, *, kicker: bool = True
) -> Markup:
    """Return the cards of a list, one below the other; the rest is as for :func:`card`."""
    return _drawn(entries, (around, level, sizes, False, kicker, True))


def _drawn(entries: Sequence[Entry], ways: tuple[str | int | bool, ...]) -> Markup:
    def draw(summary: Summary) -> str:
        env: Any = engines["jinja2"]
        return str(env.env.get_template("press/entries.html").module.card(summary, *ways))

    return Markup(summaries.drawn(entries, ways, draw))  # noqa: S704 - a macro's
