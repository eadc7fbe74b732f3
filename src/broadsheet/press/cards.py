"""Cards: how lists show a story. A card is drawn once, and again only when it says other things."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import engines
from markupsafe import Markup

from broadsheet.press.summaries import Summary


# A publication shows the same stories on five lists, and nearly the same ones as the last did.
@lru_cache(maxsize=2048)
def card(
    entry: Summary,
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
    env: Any = engines["jinja2"]
    draw: Any = env.env.get_template("press/entries.html").module.card
    return Markup(draw(entry, chrome, level, sizes, eager, kicker, lead))  # noqa: S704 - a macro's
