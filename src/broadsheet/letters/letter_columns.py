"""The columns of the list in which moderators read, readers' words in their own direction."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from broadsheet.letters.models import Letter


def excerpt(letter: Letter) -> str:
    """Return the beginning of what was written."""
    return Truncator(letter.text).chars(160)


def _own_direction(words: Callable[[Letter], object]) -> Callable[[Letter], SafeString]:
    return lambda letter: format_html('<bdi dir="auto">{}</bdi>', words(letter))


COLUMNS = [
    TitleColumn(
        "text",
        label=gettext_lazy("Comment"),
        accessor=_own_direction(excerpt),
        # What the checkbox of the row is described by.
        get_title_id=lambda letter: f"snippet_{letter.pk}_title",
    ),
    Column(
        "name",
        label=gettext_lazy("Name"),
        accessor=_own_direction(lambda letter: letter.name),
        sort_key="name",
    ),
    Column(
        "story",
        label=gettext_lazy("Story"),
        accessor=_own_direction(lambda letter: letter.story),
    ),
    Column("printed_reasons", label=gettext_lazy("Held because")),
    "state",
    DateColumn("written_at", label=gettext_lazy("Written"), sort_key="written_at"),
]
