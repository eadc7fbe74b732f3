"""Looks: how a list or a feed knows what a story looks like there, without reading the story.

When a story's own page is pressed, the ledger notes what else is drawn of it: a hash of all that
goes into its card, one of all that goes into its entry in feeds, and the little that a list has to
know besides. As long as nobody orders the story, that is so. A list reads these notes alone, of
whatever it shows; of a story without one, or whose page is about to be pressed, its rows are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from broadsheet.press import fulltext, ledger, loading, orders, photos, pieces, rebuilt
from broadsheet.press.reading import once
from broadsheet.press.sheets import EVERYTHING
from broadsheet.stories.models import Story


class Look(NamedTuple):
    """What a story comes to on a list, or whole in a feed.

    ``subject`` is what stands in the keys of what is drawn of it (``press.pieces``).
    ``published_at``, which is ``-`` before its publication, and ``updated_at`` are times in UTC as
    ISO 8601 writes them: of most nobody asks.
    """

    subject: str
    section_id: int
    published_at: str
    updated_at: str

    @property
    def published(self) -> datetime | None:
        """When the story was first published, in UTC."""
        return None if self.published_at == _NOTHING else datetime.fromisoformat(self.published_at)

    @property
    def updated(self) -> datetime:
        """When the story was changed last so that readers should know, in UTC."""
        return datetime.fromisoformat(self.updated_at)


# Where a note has nothing to say.
_NOTHING = "-"


def of(news_ids: Sequence[int], *, whole: bool = False) -> dict[int, Look]:
    """Return the look of each of these stories, in their order.

    They must have been found to be public within this reading: of those whose look is noted that
    is not asked again. With ``whole`` the look is that of an entry in a feed, else of a card.
    """
    known: dict[int, Look | None] = once(("looks", whole), dict)
    missing = [news_id for news_id in news_ids if news_id not in known]
    if missing:
        place = 1 if whole else 0
        found = {
            news_id: look
            for news_id, note in _notes(missing).items()
            if (look := _noted(note)[place]) is not None
        }
        unknown = [news_id for news_id in missing if news_id not in found]
        found |= of_rows(loading.rows_of(unknown, whole=whole), whole=whole)
        known.update({news_id: found.get(news_id) for news_id in missing})
    return {news_id: look for news_id in news_ids if (look := known[news_id]) is not None}


# Each publication reads the notes of the whole day again.
@lru_cache(maxsize=4096)
def _noted(note: str) -> tuple[Look | None, Look | None]:
    """Return what a ``note`` says of a card and of an entry in feeds."""
    card, entry, section, published_at, updated_at = note.split()
    looks = (
        None if subject == _NOTHING else Look(subject, int(section), published_at, updated_at)
        for subject in (card, entry)
    )
    return next(looks), next(looks)


def _notes(news_ids: Sequence[int]) -> dict[int, str]:
    """Return what is noted of stories whose page stands and is not about to be pressed anew."""
    known: dict[int, str | None] = once("notes", dict)
    missing = [news_id for news_id in news_ids if news_id not in known]
    if missing:
        known.update(dict.fromkeys(missing))
        # The orders first: what is ordered after that has the lists ordered as well.
        if not orders.waiting(EVERYTHING.kind, [EVERYTHING.key]):
            keys = [str(news_id) for news_id in missing]
            ordered = orders.waiting("story", keys)
            kept = ledger.looks([key for key in keys if key not in ordered])
            known.update({int(key): note for key, note in kept})
    return {news_id: note for news_id in news_ids if (note := known[news_id]) is not None}


def announce(news_ids: Iterable[int], *, whole: bool = False) -> None:
    """Say that the looks of these will be asked for (:func:`of`)."""
    _announced(whole).update(news_ids)


def _announced(whole: bool) -> set[int]:
    return once(("announced looks", whole), set)


def read_notes() -> None:
    """Read what is noted of the stories whose looks were announced."""
    _notes(sorted(_announced(True) | _announced(False)))


def fetch() -> None:
    """Read what was announced, and say of what else is to be drawn that it will be loaded."""
    read_notes()
    # What is read whole has all that a list shows.
    for whole in (True, False):
        looks = of(sorted(_announced(whole)), whole=whole)
        loading.announce(unknown(looks), whole=whole)


def unknown(looks: Mapping[int, Look]) -> list[int]:
    """Return the stories of which no piece is at hand."""
    return [each for each, look in looks.items() if not pieces.is_known(look.subject)]


def of_stories(stories: Iterable[Story], *, whole: bool = False) -> dict[int, Look]:
    """Return the look of each of ``stories`` that its rows alone tell, by the rows it is made of.

    Not of one whose body shows what others own, nor of one that was not loaded by
    ``press.loading``.
    """
    rows = {}
    for story in stories:
        made = loading.made_of(story)
        if made is None or (whole and (made[0][0] != "whole" or loading.shows_others(made))):
            continue
        rows[story.news_id] = made if whole else loading.as_listed(made)
    return of_rows(rows, whole=whole)


def of_rows(rows: Mapping[int, loading.Rows], *, whole: bool) -> dict[int, Look]:
    """Return the look that each story's ``rows`` come to, with the pictures readers see there."""
    # The story's own row is the first.
    pictured = {news_id: each for news_id, each in rows.items() if len(each) > 1}
    wanted = [
        (str(news_id), picture)
        for news_id, each in pictured.items()
        for picture in rebuilt.pictures(each)[: None if whole else 1]
    ]
    shown = photos.shown(wanted, photos.WHOLE if whole else photos.CARD) if wanted else {}
    seen: dict[int, dict[int, photos.Shown]] = {}
    for (owner, picture_id), picture in shown.items():
        seen.setdefault(int(owner), {})[picture_id] = picture
    return {news_id: _look(each, seen.get(news_id, {})) for news_id, each in rows.items()}


def _look(rows: loading.Rows, seen: Mapping[int, photos.Shown]) -> Look:
    names = ("substantively_updated_at", "first_published_at", "created_at")
    moments = [loading.moment(rows, name) for name in names]
    return Look(
        subject=_subject(rows, seen),
        section_id=loading.column(rows, "section_id"),
        published_at=moments[1].isoformat() if moments[1] is not None else _NOTHING,
        updated_at=next(moment for moment in moments if moment is not None).isoformat(),
    )


def _subject(rows: loading.Rows, seen: Mapping[int, photos.Shown]) -> str:
    pictures = [("seen", (number, *astuple(shown))) for number, shown in sorted(seen.items())]
    return pieces.subject([*rows, *pictures])


def note(story: Story) -> str | None:
    """Return what the ledger is to note of ``story``, whose page is being drawn.

    ``None`` where it was not loaded by ``press.loading``, so that nothing tells what it is made of.
    """
    made = loading.made_of(story)
    if made is None or made[0][0] != "whole":
        return None
    listed = of_rows({story.news_id: loading.as_listed(made)}, whole=False)[story.news_id]
    subject = _NOTHING
    if not loading.shows_others(made):
        subject = _subject(made, fulltext.pictures_of(story))
    return " ".join([listed.subject, subject, *map(str, listed[1:])])
