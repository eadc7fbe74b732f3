"""What a row of the queue tells of its item, beside its own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadsheet.stories.languages import direction_of
from broadsheet.wire.models import QueuedItem

# What an item is, in the desk's words (``wire.items.ItemKind``).
KINDS = {
    "text": gettext_lazy("Text"),
    "page": gettext_lazy("Standing page"),
    "picture": gettext_lazy("Picture"),
    "graphic": gettext_lazy("Graphic"),
    "video": gettext_lazy("Video"),
    "audio": gettext_lazy("Audio"),
    "package": gettext_lazy("Package"),
    "planning": gettext_lazy("Planning"),
    "knowledge": gettext_lazy("Knowledge"),
}


@dataclass(frozen=True)
class Tag:
    """A word or two on an item; ``kind`` chooses its colour, the words alone say it."""

    text: str
    kind: str = ""


@dataclass
class Row:
    """One entry of the queue as the list shows it."""

    entry: QueuedItem
    may_handle: bool = False

    @property
    def direction(self) -> str:
        """How the item's language is written."""
        return direction_of(self.entry.language)

    @cached_property
    def tags(self) -> list[Tag]:
        """What is not plain news about it."""
        return list(_tags(self.entry))

    @property
    def notes(self) -> list[str]:
        """Why it is held, and why it is not simply new, in sentences."""
        return [text for text in (self.entry.held_because, self.entry.reason) if text]

    @property
    def holder(self) -> str:
        """Who has taken it."""
        who = self.entry.taken_by
        if who is None or self.entry.state != QueuedItem.State.TAKEN:
            return ""
        return who.get_full_name() or who.get_username()


def _tags(entry: QueuedItem) -> Iterator[Tag]:
    if entry.state not in {QueuedItem.State.WAITING, QueuedItem.State.TAKEN}:
        killed = entry.state == QueuedItem.State.KILLED
        yield Tag(entry.get_state_display(), "bad" if killed else "done")
    if entry.intent != QueuedItem.Intent.NEW:
        grave = entry.intent in {QueuedItem.Intent.KILL, QueuedItem.Intent.ADVISORY}
        text = entry.get_intent_display()
        if entry.intent in {QueuedItem.Intent.UPDATE, QueuedItem.Intent.CORRECTION}:
            text = _of_story(entry) or text
        yield Tag(text, "bad" if grave else "change")
    elif entry.story_id is not None and entry.is_open:
        yield Tag(_("Newer version for story %(number)s") % {"number": entry.story_id}, "change")
    if entry.is_embargoed() and entry.embargo_until is not None:
        end = date_format(localtime(entry.embargo_until), "SHORT_DATETIME_FORMAT")
        yield Tag(_("Embargo until %(time)s") % {"time": end}, "held")
    if entry.held_because:
        yield Tag(_("Held"), "held")
    if entry.duplicate_of is not None:
        headline = entry.duplicate_of.headline
        if entry.state == QueuedItem.State.DUPLICATE:
            yield Tag(_("Duplicate of “%(headline)s”") % {"headline": headline}, "done")
    if entry.kind != "text":
        yield Tag(str(KINDS.get(entry.kind, entry.kind)))


def _of_story(entry: QueuedItem) -> str:
    if entry.story_id is None:
        return ""
    words = {"number": entry.story_id}
    if entry.intent == QueuedItem.Intent.CORRECTION:
        return _("Correction of story %(number)s") % words
    return _("Update of story %(number)s") % words
