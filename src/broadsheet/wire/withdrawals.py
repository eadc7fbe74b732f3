"""A supplier takes copy back: every story made of it is marked, and none is made of it again."""

from __future__ import annotations

from wagtail.log_actions import log

from broadsheet.stories.models import Story
from broadsheet.wire.decide import Kill
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireItem
from broadsheet.wire.models import QueuedItem, ReceivedItem, StoryAlert, WithdrawnCopy

State = QueuedItem.State


def withdraw_copy(item: WireItem, received: ReceivedItem, kill: Kill) -> None:
    """Mark what ``item`` takes back: its guids, the queue's items, the stories of ``kill``.

    Part of the caller's transaction. Readers still see the stories: taking them away is the
    desk's decision, which the alerts ask for.
    """
    is_final = "withheld" not in item.pub_status.casefold()
    for guid in kill.guids:
        WithdrawnCopy.objects.update_or_create(
            guid=guid, defaults={"item": received, "is_final": is_final}
        )
    QueuedItem.objects.filter(guid__in=kill.guids).exclude(state=State.NOTICE).exclude(
        item=received
    ).update(state=State.KILLED)
    for story in Story.objects.filter(pk__in=kill.news_ids):
        alert(story, received, StoryAlert.Kind.KILL, said=_said(item))


def alert(story: Story, received: ReceivedItem, kind: StoryAlert.Kind, *, said: str) -> None:
    """Tell the desk that ``received`` changes what ``story`` was made of; once a copy."""
    _, is_new = StoryAlert.objects.get_or_create(
        story=story, item=received, defaults={"kind": kind, "said": said}
    )
    if is_new:
        log(instance=story, action=f"wire.{kind}", data={"guid": received.guid, "said": said})


def _said(item: WireItem) -> str:
    words = item.ed_note or " ".join(plain_paragraphs(item)) or item.headline
    return words if len(words) <= 1000 else f"{words[:999]}…"  # noqa: PLR2004 - as much as is read
