"""Which of the paper's things an item of an export is, and who makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.newsroom.restoring.pages import restore_page
from broadsheet.newsroom.restoring.pictures import restore_picture
from broadsheet.newsroom.restoring.stories import restore_story
from broadsheet.wire.decide import New, Unchanged, Update
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted

if TYPE_CHECKING:
    from broadsheet.accounts.models import User


def restore_item(
    item: WireItem, decision: New | Update | Unchanged, pictures: Pictures, user: User | None
) -> Adopted:
    """Make of ``item``, which has ``kept`` values, what it was. Raises ``ValidationError``."""
    match item.kind:
        case "page":
            return restore_page(item, user)
        case "picture":
            return restore_picture(item, pictures)
        case _:
            return restore_story(item, decision, user)
