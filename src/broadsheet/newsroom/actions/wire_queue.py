"""What the desk does with the wire queue: take an item, give it back, dismiss it, adopt it.

An item belongs to whoever took it: nobody else can adopt or dismiss it until it is released. What
an agency withdrew cannot be adopted. What is held or under an embargo becomes a draft only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from broadsheet.wire import taking_in
from broadsheet.wire.models import QueuedItem, StoryAlert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broadsheet.accounts.models import User
    from broadsheet.newsroom.actions.adopt import Terms
    from broadsheet.stories.models import Story
    from broadsheet.wire.items import WireItem
    from broadsheet.wire.keeping import Adopted

HANDLE = "wire.handle_queueditem"
SETTLE = "wire.settle_storyalert"
# Takes what somebody else has taken out of their hands.
OVERRULE = "stories.publish_story"
# What the desk may have back after it was put aside.
RESTORABLE = (QueuedItem.State.DISMISSED, QueuedItem.State.DUPLICATE)
_FEWEST_TO_COMBINE = 2


@transaction.atomic
def take(entry: QueuedItem, *, user: User) -> QueuedItem:
    """Give ``entry`` to ``user`` to work on, so that nobody else does, and return it as it is now.

    Raises ``PermissionDenied``, and ``ValidationError`` where somebody else has it (it says who)
    or the desk has nothing to decide about it any more.
    """
    entry = _mine_to_handle(entry, user)
    if entry.taken_by_id == user.pk:
        return entry
    entry.state, entry.taken_by, entry.taken_at = QueuedItem.State.TAKEN, user, timezone.now()
    return _written(entry, "wire.take", user)


@transaction.atomic
def release(entry: QueuedItem, *, user: User) -> QueuedItem:
    """Put ``entry`` back among those that wait, and return it as it is now.

    Who may publish can release what somebody else has taken. Raises ``PermissionDenied`` and
    ``ValidationError`` as :func:`take` does.
    """
    entry = _mine_to_handle(entry, user, overrule=user.has_perm(OVERRULE))
    if entry.state == QueuedItem.State.WAITING:
        return entry
    entry.state = QueuedItem.State.WAITING
    return _written(entry, "wire.release", user)


@transaction.atomic
def dismiss(entry: QueuedItem, *, user: User) -> QueuedItem:
    """Put ``entry`` aside: the paper makes nothing of it. Raises as :func:`take` does."""
    entry = _mine_to_handle(entry, user)
    entry.state = QueuedItem.State.DISMISSED
    return _written(entry, "wire.dismiss", user)


@transaction.atomic
def restore(entry: QueuedItem, *, user: User) -> QueuedItem:
    """Have back what was dismissed, or taken for a duplicate, and return it as it is now.

    Raises ``PermissionDenied``, and ``ValidationError`` for an item in another state.
    """
    entry = _locked(entry, user)
    if entry.state == QueuedItem.State.WAITING:
        return entry
    if entry.state not in RESTORABLE:
        raise ValidationError(_not_open(entry))
    entry.state = QueuedItem.State.WAITING
    return _written(entry, "wire.restore", user)


def only_a_draft(entry: QueuedItem) -> bool:
    """Tell whether ``entry`` must not be published by adopting it."""
    return bool(entry.held_because) or entry.is_embargoed()


@transaction.atomic
def adopt(entry: QueuedItem, *, user: User, terms: Terms) -> Adopted:
    """Make a story of ``entry`` on ``terms``, or bring the story up to it that there is.

    What is held or under an embargo becomes a draft whatever the terms say; a remark tells so.
    Raises ``PermissionDenied`` and ``ValidationError`` as :func:`take` does and as adopting
    copy does (``newsroom.actions.adopt``).
    """
    # Late, here and below: the parsers behind it would double the time it takes to start serving.
    from broadsheet.newsroom.actions.adopt import Adopter

    entry = _mine_to_handle(entry, user)
    held = terms.publish and only_a_draft(entry)
    terms = replace(terms, user=user, publish=terms.publish and not held)
    adopted = _taken_up(entry, Adopter(terms))
    _log(entry, "wire.adopt", user, news_id=adopted.news_id)
    if not held:
        return adopted
    why = entry.held_because or _("It is under an embargo.")
    return replace(adopted, remarks=(*adopted.remarks, _("It is kept as a draft."), why))


@transaction.atomic
def combine(entries: Sequence[QueuedItem], *, user: User, terms: Terms) -> Story:
    """Make one draft of several items, and return the story.

    Headline, lead and body are those of the first; the bodies of the others follow, each under
    a heading with its agency's name. All are credited, all photos come along, the strictest
    embargo holds, and every item remembers the story. Raises as :func:`adopt` does, and
    ``ValidationError`` for fewer than two.
    """
    from broadsheet.newsroom.actions.adopt import Adopter

    chosen = list({entry.pk: entry for entry in entries}.values())
    if len(chosen) < _FEWEST_TO_COMBINE:
        raise ValidationError(_("Choose at least two items to combine."))
    mine = {entry.pk: _mine_to_handle(entry, user) for entry in sorted(chosen, key=_key)}
    main, *others = [mine[entry.pk] for entry in chosen]
    items = [_usable(entry) for entry in others]
    adopted = _taken_up(main, Adopter(replace(terms, user=user, publish=False)))
    if adopted.news_id is None:
        raise ValidationError(_("“%(headline)s” makes no story.") % {"headline": main.headline})
    _log(main, "wire.adopt", user, news_id=adopted.news_id)
    return _added(others, items, adopted.news_id, user)


@transaction.atomic
def add_to_story(entry: QueuedItem, story: Story, *, user: User) -> Story:
    """Write the body of ``entry`` at the end of the newest version of ``story``; return it.

    Readers see nothing of it before that version is published. Raises as :func:`adopt` does,
    ``PermissionDenied`` for who may not change stories, and ``ValidationError`` for a locked one.
    """
    if not user.has_perm("stories.change_story"):
        raise PermissionDenied(_("You may not change stories."))
    lock = story.get_lock()
    if lock is not None and lock.for_user(user):
        raise ValidationError(
            _("Story %(number)s is locked. Have it unlocked first.") % {"number": story.pk}
        )
    entry = _mine_to_handle(entry, user)
    return _added([entry], [_usable(entry)], story.pk, user)


@transaction.atomic
def settle(alert: StoryAlert, *, user: User, how: str) -> StoryAlert:
    """Note that ``user`` has done what ``alert`` asks for, and ``how``; return the alert.

    An alert that is settled already stays as it is. Raises ``PermissionDenied``, and
    ``ValidationError`` where nothing is said of what was done.
    """
    if not user.has_perm(SETTLE):
        raise PermissionDenied(_("You may not settle alerts."))
    alert = StoryAlert.objects.select_for_update().get(pk=alert.pk)
    if alert.settled_at is not None:
        return alert
    if not how.strip():
        raise ValidationError(_("Say in a few words what was done."))
    alert.settled_at, alert.settled_by, alert.settled_how = timezone.now(), user, how.strip()
    alert.save(update_fields=["settled_at", "settled_by", "settled_how"])
    log(
        instance=alert.story,
        action="wire.alert.settle",
        user=user,
        data={"kind": alert.kind, "how": alert.settled_how, "item": alert.item_id},
    )
    return alert


def _key(entry: QueuedItem) -> Any:
    return entry.pk


def _locked(entry: QueuedItem, user: User) -> QueuedItem:
    if not user.has_perm(HANDLE):
        raise PermissionDenied(_("You may not handle the wire queue."))
    # Before any row: whoever takes copy in does so too, and the two must not wait for each other.
    taking_in.alone()
    return QueuedItem.objects.select_for_update().get(pk=entry.pk)


def _mine_to_handle(entry: QueuedItem, user: User, *, overrule: bool = False) -> QueuedItem:
    entry = _locked(entry, user)
    if not entry.is_open:
        raise ValidationError(_not_open(entry))
    holder = entry.taken_by
    if holder is not None and holder.pk != user.pk and not overrule:
        raise ValidationError(
            _("%(who)s has taken “%(headline)s”.")
            % {"who": holder.get_full_name() or holder.get_username(), "headline": entry.headline}
        )
    return entry


def _not_open(entry: QueuedItem) -> str:
    words = {"headline": entry.headline, "state": entry.get_state_display()}
    if entry.state == QueuedItem.State.KILLED:
        return _("The agency withdrew “%(headline)s”: it must not be used.") % words
    return _("There is nothing to decide about “%(headline)s” any more: %(state)s.") % words


def _written(entry: QueuedItem, action: str, user: User) -> QueuedItem:
    if entry.state != QueuedItem.State.TAKEN:
        entry.taken_by = entry.taken_at = None
    entry.save(update_fields=["state", "taken_by", "taken_at"])
    _log(entry, action, user)
    return entry


def _log(entry: QueuedItem, action: str, user: User, **data: Any) -> None:
    log(instance=entry, action=action, user=user, data={"guid": entry.guid, **data})


def _taken_up(entry: QueuedItem, adopt: Any) -> Adopted:
    from broadsheet.wire.errors import WireError
    from broadsheet.wire.queue import take_up

    try:
        return take_up(entry, adopt)
    except WireError as error:
        raise ValidationError(str(error)) from error


def _added(
    entries: Sequence[QueuedItem], items: Sequence[WireItem], news_id: int, user: User
) -> Story:
    """Add ``items``, which ``entries`` stand for, to the newest version of a story; return it."""
    from broadsheet.newsroom.actions.append import append
    from broadsheet.stories.models import Story
    from broadsheet.wire.keeping import Adopted, keep_use

    story = Story.objects.select_related("section").get(pk=news_id)
    for entry in entries:
        # Without a revision: what is put together is the desk's work, which no later version
        # of one of its parts may write over (`wire.known`).
        keep_use(entry.item, Adopted(news_id, story.section.name))
        entry.state, entry.story = QueuedItem.State.ADOPTED, story
        entry.save(update_fields=["state", "story"])
        _log(entry, "wire.add", user, news_id=news_id)
    append(story, items, user=user)
    return Story.objects.get(pk=news_id)


def _usable(entry: QueuedItem) -> WireItem:
    """Return the item of ``entry``; raises ``ValidationError`` where it must not be used."""
    from broadsheet.wire import photo_files
    from broadsheet.wire.decide import Kill, NewerCopy, Refused, decide
    from broadsheet.wire.known import known_of

    item = photo_files.with_bytes(entry.item.item)
    decision = decide(item, known_of(item))
    if isinstance(decision, Kill):
        raise ValidationError(_not_open(entry))
    # That the desk has edited the story since is why somebody adds the newer copy by hand.
    if isinstance(decision, Refused) and not isinstance(decision, NewerCopy):
        raise ValidationError(decision.reason)
    return item
