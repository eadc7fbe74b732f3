"""What is done to letters, one verb each: permission, change, log, and what follows from it.

``user`` is who acts; ``None`` is the paper itself (a command, a test), which may do anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from broadsheet.letters import keys, rates, wording
from broadsheet.letters.holds import Arrival, reasons
from broadsheet.letters.models import Ban, HoldReason, Letter, SecurityKey
from broadsheet.letters.readers import email_mark
from broadsheet.press import actions as press
from broadsheet.press.sheets import Sheet
from broadsheet.stories.models import Story

if TYPE_CHECKING:
    from broadsheet.accounts.models import User

# A text that came in before, anywhere in the paper, within this time is a repeat.
_REPEATS = timedelta(days=30)


class KeyUsedError(Exception):
    """The security key was used up between its examination and the storing of the letter."""


@dataclass(frozen=True)
class Words:
    """The cleaned words of a letter, and whether cleaning took anything out."""

    name: str
    text: str
    email: str = ""
    altered: bool = False


@dataclass(frozen=True)
class Sender:
    """How a letter was sent, as far as the paper wants to know."""

    address_mark: str
    proven: bool
    trapped: bool


def ban_on(address_mark: str, email: str) -> Ban | None:
    """Return a ban in force on this sender, or ``None``."""
    return Ban.objects.all().on([address_mark, email_mark(email)]).first()


def receive(story: Story, words: Words, key: SecurityKey, sender: Sender) -> Letter:
    """Store a letter, held with its reasons, and use up its key; both or neither.

    Raises ``rates.TooManyError`` where this address or the story has had enough, and
    :class:`KeyUsedError` where another request was faster with the same key.
    """
    rates.count(
        (rates.LETTERS, sender.address_mark),
        (rates.LETTERS_A_DAY, sender.address_mark),
        (rates.STORY, str(story.pk)),
    )
    now = timezone.now()
    text_mark = wording.mark(words.text)
    with transaction.atomic():
        repeated = Letter.objects.filter(text_mark=text_mark, written_at__gt=now - _REPEATS)
        arrival = Arrival(
            took=now - key.made_at,
            proven=sender.proven,
            trapped=sender.trapped,
            repeated=repeated.exists(),
            altered=words.altered,
        )
        letter = Letter.objects.create(
            story=story,
            name=words.name,
            email=words.email,
            text=words.text,
            reasons=reasons(words.text, arrival),
            written_at=now,
            author_mark=sender.address_mark,
            text_mark=text_mark,
        )
        if not keys.spend(key, letter):
            raise KeyUsedError
    return letter


def bring_in(
    story: Story,
    *,
    name: str,
    text: str,
    written_at: datetime,
    state: Letter.State = Letter.State.APPROVED,
) -> Letter:
    """Store a letter that did not come through the form: from another system, or a sample.

    Its words are cleaned as any reader's. Raises ``ValueError`` where nothing is left of them.
    """
    cleaned, signed = wording.clean(text).text, wording.clean_line(name).text[:60]
    if not cleaned or not signed:
        raise ValueError("a letter needs a name and a text")
    with transaction.atomic():
        letter = Letter.objects.create(
            story=story,
            name=signed,
            text=cleaned,
            state=state,
            reasons=[HoldReason.UNREAD],
            written_at=written_at,
            text_mark=wording.mark(cleaned),
        )
        if state == Letter.State.APPROVED:
            order_stories([letter])
    return letter


def approve(letters: Iterable[Letter], user: User | None) -> int:
    """Show ``letters`` to readers; returns how many were not shown before.

    Raises ``PermissionDenied`` for a user who may not change letters.
    """
    return _decide(letters, user, Letter.State.APPROVED, "")


def reject(letters: Iterable[Letter], user: User | None, reason: str = "") -> int:
    """Keep ``letters`` from readers, taking back those they see; returns how many changed.

    ``reason`` is for the newsroom. Raises ``PermissionDenied`` for a user who may not change
    letters.
    """
    return _decide(letters, user, Letter.State.REJECTED, reason)


def ban(
    letters: Iterable[Letter],
    user: User | None,
    *,
    kinds: Iterable[str],
    reason: str,
    until: datetime | None,
) -> int:
    """Ban whoever wrote ``letters``, by the ``kinds`` of ``Ban.Kind``, and reject what waits.

    ``until`` is ``None`` for good. A ban there is already gets the new reason and end. Returns
    how many bans that makes; none for letters that left no such trace. Raises
    ``PermissionDenied`` for a user who may not ban.
    """
    _require(user, "letters.add_ban")
    letters = list(letters)
    wanted = set(kinds)
    made = 0
    with transaction.atomic():
        for letter in letters:
            for kind, mark in (
                (Ban.Kind.ADDRESS, letter.author_mark),
                (Ban.Kind.EMAIL, email_mark(letter.email)),
            ):
                if not mark or kind not in wanted:
                    continue
                row, _ = Ban.objects.update_or_create(
                    kind=kind,
                    mark=mark,
                    defaults={
                        "reason": reason,
                        "until": until,
                        "letter": letter,
                        "made_by": user,
                    },
                )
                made += 1
                log(instance=row, action="letters.ban", user=user, data={"letter": letter.pk})
                log(instance=letter, action="letters.ban", user=user, data={"reason": reason})
        _decide(
            [letter for letter in letters if letter.state == Letter.State.HELD],
            user,
            Letter.State.REJECTED,
            reason,
        )
    return made


def order_stories(letters: Iterable[Letter]) -> None:
    """Have the pages of the stories under which ``letters`` stand pressed, and nothing else."""
    press.order({Sheet("story", str(letter.story_id)) for letter in letters})


def _require(user: User | None, permission: str) -> None:
    if user is not None and not user.has_perm(permission):
        raise PermissionDenied


def _decide(letters: Iterable[Letter], user: User | None, state: Letter.State, reason: str) -> int:
    _require(user, "letters.change_letter")
    changed = []
    with transaction.atomic():
        wanted = {letter.pk: letter for letter in letters}
        # Read again: what the moderator's list showed may be minutes old.
        current = Letter.objects.select_for_update().filter(pk__in=wanted).exclude(state=state)
        on_pages = []
        for letter in current:
            if Letter.State.APPROVED in (letter.state, state):
                on_pages.append(letter)
            letter.state = state
            letter.decided_at = timezone.now()
            letter.decided_by = user
            letter.decision = reason
            letter.save(update_fields=["state", "decided_at", "decided_by", "decision"])
            action = "letters.approve" if state == Letter.State.APPROVED else "letters.reject"
            log(instance=letter, action=action, user=user, data={"reason": reason})
            changed.append(letter)
            wanted[letter.pk].state = state
        order_stories(on_pages)
    return len(changed)
