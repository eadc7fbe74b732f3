"""Write what further copy says at the end of a story: one story out of several items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from broadsheet.newsroom.actions.writing import write
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.stories.models import Story
from broadsheet.wire.items import WireItem

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


@transaction.atomic
def append(story: Story, items: Sequence[WireItem], *, user: User | None = None) -> None:
    """Add the bodies of ``items`` to the newest version of ``story``, as a new draft of it.

    Each stands under a heading with its agency's name; agencies, bylines and photos are added
    to those there are, and the embargo that ends last holds. Nothing is published.
    """
    pictures = Pictures()
    with pictures.undone_on_failure():
        _append(story, items, pictures, user)


def _append(story: Story, items: Sequence[WireItem], pictures: Pictures, user: User | None) -> None:
    draft = story.get_latest_revision_as_object()
    field: Any = Story._meta.get_field("body")
    blocks = list(draft.body.get_prep_value())
    for item in items:
        part = Story(section=draft.section)
        write(part, item, pictures)
        blocks += [{"type": "heading", "value": _heading(item)}, *part.body.get_prep_value()]
        _add_to(draft.photos, part.photos.all())
        _add_new(draft.agencies, part.agencies.all(), "agency_id")
        _add_new(draft.bylines, part.bylines.all(), "byline_id")
        draft.embargo_until = _later(draft.embargo_until, part.embargo_until)
    draft.body = field.stream_block.to_python(blocks)
    if not draft.live and draft.embargo_until != story.embargo_until:
        # As on a story that was adopted under an embargo: the row says so, not a version alone.
        story.embargo_until = draft.embargo_until
        story.save(update_fields=["embargo_until"])
    revision = draft.save_revision(user=user)
    log(
        instance=draft,
        action="wagtail.edit",
        user=user,
        data={"wire": {"added": [item.guid for item in items]}},
        revision=revision,
        content_changed=True,
    )


def _heading(item: WireItem) -> str:
    name = ", ".join(item.agencies) or item.credit_line or item.headline
    return (name or _("More"))[:200]


def _later(one: Any, other: Any) -> Any:
    return max((end for end in (one, other) if end is not None), default=None)


def _add_to(rows: Any, more: Iterable[Any]) -> None:
    for row in more:
        row.sort_order = rows.count()
        rows.add(row)


def _add_new(rows: Any, more: Iterable[Any], key: str) -> None:
    there = {getattr(row, key) for row in rows.all()}
    _add_to(rows, [row for row in more if getattr(row, key) not in there])
