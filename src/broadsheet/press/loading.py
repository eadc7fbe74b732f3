"""Loading: public stories from the database, as far as this process does not hold them already.

To make objects of rows costs more than to read them. So a story is kept, with the rows it was made
of and what is derived of it, and made again only where these differ from those there are now. What
lists and feeds show of older stories needs neither, as a rule (``press.looks``).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from threading import Lock
from time import perf_counter
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from broadsheet import prepared
from broadsheet.press import rebuilt
from broadsheet.press.reading import once
from broadsheet.press.rebuilt import AGENCY, BYLINE, PHOTO, STORY, TOPIC
from broadsheet.stories.models import Photo, Story, StoryAgency, StoryByline

Result = TypeVar("Result")
Kept = TypeVar("Kept")
Row = tuple[Any, ...]
# Which query a row comes from, and the row as the database gives it; the story's own is the first.
Rows = tuple[tuple[str, Row], ...]

# Some ten thousand bytes each, with what is derived of it.
_KEPT = 300


# In a stored body: a photo block, and a link by what it leads to.
_OF_OTHERS = ('"photo"', "linktype=")
_PLACE = {name: place for place, name in enumerate(STORY)}


class Shelf(Generic[Kept]):
    """What was made of some stories, with what it was made of; the oldest goes first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[Hashable, Kept]] = OrderedDict()

    def fetch(self, news_id: int, of: Hashable) -> Kept | None:
        """Return what is kept of the story, if it was made of exactly this."""
        with self._lock:
            kept = self._kept.get(news_id)
            if kept is None or kept[0] != of:
                return None
            self._kept.move_to_end(news_id)
            return kept[1]

    def put(self, news_id: int, of: Hashable, made: Kept) -> None:
        """Keep what was made of the story."""
        with self._lock:
            self._kept[news_id] = (of, made)
            self._kept.move_to_end(news_id)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._kept.clear()


_whole, _listed = Shelf[Story](), Shelf[Story]()


def forget() -> None:
    """Forget every story that is kept."""
    _whole.clear()
    _listed.clear()


def load(news_ids: Iterable[int]) -> list[Story]:
    """Return the public stories of ``news_ids`` in that order, with all that a list shows.

    The body is left in the database where a lead says what the story is about.
    """
    return _loaded("stories", list(news_ids), _listed, whole=False)


def load_whole(news_ids: Iterable[int]) -> list[Story]:
    """Return the public stories of ``news_ids`` in that order, with their body and all parts."""
    return _loaded("whole stories", list(news_ids), _whole, whole=True)


def announce(news_ids: Iterable[int], *, whole: bool = False) -> None:
    """Say that these will be loaded, so that within one reading they are read with the first."""
    ahead: set[int] = once(("announced", whole), set)
    ahead.update(news_ids)


def announce_pages(news_ids: Iterable[int]) -> None:
    """Say that these will be loaded whole, and that their own pages will be drawn.

    What only such a page shows of a story is then asked for with that of the others
    (:func:`loaded`).
    """
    wanted = list(news_ids)
    announce(wanted, whole=True)
    drawn: set[int] = once("pages", set)
    drawn.update(wanted)


def fetch() -> None:
    """Load what was announced, and note how long each whole story took of it."""
    begun = perf_counter()
    count = len(once(("announced", True), set))
    load_whole(())
    taken: dict[str, float] = once("share", dict)
    taken["whole"] = (perf_counter() - begun) / max(count, 1)
    # What is there whole will do for a list.
    once("stories", dict).update(once("whole stories", dict))
    load(())


def rows_of(news_ids: Sequence[int], *, whole: bool = False) -> dict[int, Rows]:
    """Return every row that is shown of each public story, in the order of ``news_ids``.

    With ``whole`` they are all that a page of it shows, else what a list does.
    """
    known: dict[int, Rows] = once(("rows", whole), dict)
    missing = sorted({*news_ids} - known.keys())
    if missing:
        # What is read whole has all that a list shows.
        read: dict[int, Rows] = {} if whole else once(("rows", True), dict)
        fresh = {news_id: as_listed(rows) for news_id in missing if (rows := read.get(news_id))}
        fresh |= _rows_of([each for each in missing if each not in fresh], whole=whole)
        known.update({news_id: fresh.get(news_id, ()) for news_id in missing})
    return {news_id: rows for news_id in news_ids if (rows := known[news_id])}


def as_listed(rows: Rows) -> Rows:
    """Return those of a story's ``rows``, and of them as much, as a list would read."""
    (which, own), *others = rows
    if which != "whole":
        return rows
    with_lead = own[_PLACE["lead"]] != ""
    first = ("with lead", own[: len(STORY)]) if with_lead else ("without", own)
    return first, *(each for each in others if each[0] == "photos")


def shows_others(rows: Rows) -> bool:
    """Tell whether a body among ``rows`` may show what others own: a picture, a page's address.

    What it comes to is not told by the rows then.
    """
    which, row = rows[0]
    return which == "whole" and any(sign in row[-1] for sign in _OF_OTHERS)


def has_photo_blocks(story: Story) -> bool:
    """Tell whether the body of ``story`` shows pictures of its own."""

    def find() -> bool:
        return any(each["type"] == "photo" for each in story.body.raw_data)

    # Another may be given another body.
    return derived(story, "photo blocks", find) if is_whole(story) else find()


def made_of(story: Story) -> Rows | None:
    """Return the rows of which ``story`` was made here, if it was."""
    made: Rows | None = story.__dict__.get("_made_of")
    return made


def column(rows: Rows, name: str) -> Any:
    """Return what the story's own row has under ``name``, as the database gives it."""
    return rows[0][1][_PLACE[name]]


def moment(rows: Rows, name: str) -> datetime | None:
    """Return the time that the story's own row has under ``name``, in UTC."""
    return prepared.moment(column(rows, name))


def keep_nothing() -> None:
    """Say that what this reading loads will not be asked for again: no shelf need keep it."""
    once("keep nothing", lambda: True)


def keeps_nothing() -> bool:
    """Tell whether this reading was told to :func:`keep_nothing`."""
    passing: bool = once("keep nothing", lambda: False)
    return passing


def at_hand(stories: Iterable[Story]) -> None:
    """Say that this reading has these whole stories, though it did not load them."""
    known: dict[int, Story | None] = once("whole stories", dict)
    drawn: set[int] = once("pages", set)
    for story in stories:
        known[story.news_id] = story
        drawn.add(story.news_id)


def loaded() -> list[Story]:
    """Return the whole stories of this reading whose pages are drawn, or that are at hand.

    Those that are loaded for a feed or a list are not among them.
    """
    known: dict[int, Story | None] = once("whole stories", dict)
    drawn: set[int] = once("pages", set)
    return [story for news_id in drawn if (story := known.get(news_id)) is not None]


def share() -> float:
    """Return the seconds that one whole story took of what :func:`fetch` loaded together."""
    taken: dict[str, float] = once("share", dict)
    return taken.get("whole", 0.0)


def derived(story: Story, key: Hashable, make: Callable[[], Result]) -> Result:
    """Return what ``make`` made of ``story`` once, for as long as the story stays as it is.

    ``key`` must name all that goes into it and is not in the story's own rows, nor in those of
    its section, photos, bylines, agencies and topics. What is returned is shared.
    """
    kept: dict[Hashable, Any] = story.__dict__.setdefault("_derived_by_press", {})
    if key not in kept:
        kept[key] = make()
    result: Result = kept[key]
    return result


def _loaded(name: str, wanted: Sequence[int], shelf: Shelf[Story], *, whole: bool) -> list[Story]:
    known: dict[int, Story | None] = once(name, dict)
    missing = [news_id for news_id in wanted if news_id not in known]
    ahead: set[int] = once(("announced", whole), set)
    missing += sorted(ahead - known.keys() - set(missing))
    ahead.clear()
    if missing:
        known.update(dict.fromkeys(missing))
        make = _whole_story if whole else rebuilt.for_a_list
        # Where nothing is kept, the rows are not either.
        passing = keeps_nothing()
        rows = _rows_of(missing, whole=whole) if passing else rows_of(missing, whole=whole)
        for news_id, each in rows.items():
            story = None if passing else shelf.fetch(news_id, each)
            if story is None:
                story = make(each)
                story.__dict__["_made_of"] = each
                if not passing:
                    shelf.put(news_id, each, story)
            known[news_id] = story
    return [story for news_id in wanted if (story := known[news_id]) is not None]


def _whole_story(rows: Rows) -> Story:
    story = rebuilt.whole(rows)
    story.__dict__["_whole_for_press"] = True
    return story


def parts_of(story: Story, name: str) -> list[Any]:
    """Return the ``topics``, ``bylines``, ``agencies`` or ``photos`` of ``story``, in order.

    Of one that is whole they are at hand, without a manager and a query being built around them.
    """
    if is_whole(story):
        found: list[Any] = story.__dict__["_cluster_related_objects"][name]
        return found
    return list(getattr(story, name).all())


def is_listed(story: Story) -> bool:
    """Tell whether ``story`` was made here with all that a list shows."""
    return "_made_of" in story.__dict__ or is_whole(story)


def is_whole(story: Story) -> bool:
    """Tell whether ``story`` was loaded here with all its parts."""
    return "_whole_for_press" in story.__dict__


def _rows_of(news_ids: Sequence[int], *, whole: bool) -> dict[int, Rows]:
    """Return, for each public story, every row that is shown of it."""
    if not news_ids:
        return {}
    asked = ("whole",) if whole else ("with lead", "without")
    found: dict[int, list[tuple[str, Row]]] = {
        row[0]: [(which, row)] for which in asked for row in _read(which, news_ids)
    }
    if not found:
        return {}
    for which in _PARTS if whole else ("photos",):
        for row in _read(which, list(found)):
            found[row[0]].append((which, row))
    return {news_id: tuple(rows) for news_id, rows in found.items()}


def _read(which: str, news_ids: Sequence[int]) -> list[Row]:
    """Return the rows as the database gives them: to compare them, no time need be parsed."""
    asked = list(news_ids)
    if which in _PARTS:
        return prepared.rows(_of_stories, which, stories=asked)
    return prepared.rows(_stories, which, stories=asked, at=timezone.now())


def _stories(which: str, stories: Sequence[int], at: datetime) -> QuerySet[Story, Any]:
    public = Story.objects.public(at).filter(pk__in=stories).order_by()
    body = Cast("body", TextField())
    own = prepared.as_kept(Story, STORY)
    found: QuerySet[Story, Any]
    if which == "whole":
        found = public.values_list(*own, body)
    elif which == "with lead":
        found = public.exclude(lead="").values_list(*own)
    else:
        found = public.filter(lead="").values_list(*own, body)
    return found


# What a story has several of: the rows that tie it to them, their order, and what is read.
_PARTS: dict[str, tuple[type[Model], tuple[str, ...], list[str]]] = {
    "photos": (Photo, ("sort_order", "pk"), PHOTO),
    "bylines": (StoryByline, ("sort_order", "pk"), BYLINE),
    "agencies": (StoryAgency, ("sort_order", "pk"), AGENCY),
    "topics": (Story.topics.through, ("topic__name", "topic"), TOPIC),
}


def _of_stories(which: str, stories: Sequence[int]) -> QuerySet[Any, Any]:
    model, order, names = _PARTS[which]
    rows: QuerySet[Any, Any] = model._default_manager.filter(story_id__in=stories)
    return rows.order_by(*order).values_list(*names)
