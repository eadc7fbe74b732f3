"""Who may decide on a story's sources, and what is remembered of every decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.dispatch import Signal
from django.utils.translation import gettext as _

from broadsheet.attribution.models import RelationChange, StoryRelation
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

# Sent with `story`, `verb` and `user` in the transaction of each change; the sender is Story.
relations_changed = Signal()


def may_decide(user: User | None, story: Story) -> bool:
    """Tell whether ``user`` may confirm, edit and reject the attributions of ``story``.

    Whoever may edit the story may, unless somebody else holds a lock on it. What readers see
    already changes with every decision, so that there it takes the right to publish.
    """
    if user is None:
        return True
    if not user.has_perm("stories.change_story"):
        return False
    if story.is_public() and not user.has_perm("stories.publish_story"):
        return False
    lock = story.get_lock()
    return not (lock is not None and lock.for_user(user))


def require(user: User | None, story: Story) -> None:
    """Raise ``PermissionDenied`` unless ``user`` may decide on ``story``."""
    if not may_decide(user, story):
        raise PermissionDenied(_("You may not decide on the sources of this story."))


def snapshot(relation: StoryRelation) -> dict[str, Any]:
    """Return what of a relation its history keeps."""
    return {
        "status": relation.status,
        "source": relation.source_id,
        "source_name": relation.source_name,
        "source_kind": relation.source_kind,
        "cue_kind": relation.cue_kind,
        "quote_type": relation.quote_type,
        "words": {
            role: [each["exact"] for each in getattr(relation, f"{role}_spans")]
            for role in ("source", "cue", "content")
        },
        "chain": [hop.name or hop.kind for hop in relation.hops.all()] if relation.pk else [],
        "said": (relation.said or {}).get("edtf"),
        "happened": (relation.happened or {}).get("edtf"),
        "lost": relation.lost,
    }


def remember(
    relation: StoryRelation, verb: str, before: dict[str, Any], user: User | None
) -> RelationChange | None:
    """Write the row of a change; none where nothing changed."""
    after = snapshot(relation)
    changed = {name for name in after if before.get(name) != after[name]}
    if not changed:
        return None
    return RelationChange.objects.create(
        relation=relation,
        verb=verb,
        by=user,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )
