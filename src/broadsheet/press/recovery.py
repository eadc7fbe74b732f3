"""What database, ledger and disk disagree on, after a crash, a restore or the mere passing of time.

Everything here only looks; ``press.actions`` orders what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from broadsheet.press import assets, ledger, shared_store, sitemaps, stored
from broadsheet.press.frame import front_url
from broadsheet.press.models import PressedFile
from broadsheet.press.pressing import store
from broadsheet.press.rolls import Roll, mark
from broadsheet.press.sheets import Sheet, kinds
from broadsheet.pressed_paths import file_of
from broadsheet.stories.models import Story
from broadsheet.stories.models.front_language import refile

# Far longer than a worker that runs can be late; whatever is older is compared when one starts.
_LATELY = timedelta(days=7)
# Few, and always there, whatever the paper holds.
_STANDING = frozenset(
    {"front", "archive", "sitemap-index", "sitemap-news", "robots", "error", "asset", "page"}
)
_ROWS_AT_ONCE = 5_000


def sheets_that_disagree(*, whole_store: bool = False) -> Iterator[Sheet]:
    """Yield the sheets whose file is gone from the disk, and those that must always stand.

    A file that no row of the ledger knows is taken away: it comes from a paper that is no more
    (a database restored to an earlier day), and an order that was cut short makes it anew. The
    caller holds the press lock until the end, so that nothing is in the middle of being pressed;
    it may write to the database between two of them.

    Where nodes share a store, the folder is left to the mirror, and it is the store that counts:
    all of it with ``whole_store``, otherwise only what the ledger alone can tell. Raises
    ``StoreDownError`` for the whole.
    """
    shared = shared_store.remote()
    if shared is None:
        yield from _missing_on_disk()
    else:
        if whole_store:
            stored.repair(shared)
        else:
            stored.notice_another(shared)
        yield from stored.missing()
    stand = {
        Sheet(kind.name, key)
        for kind in kinds()
        if kind.name in _STANDING
        for key in kind.all_keys()
    }
    yield from stand - ledger.known(stand)


def _missing_on_disk() -> Iterator[Sheet]:
    shelf = store()
    on_disk = Roll(map(mark, shelf.files()))
    rows = PressedFile.objects.values_list("pk", "address", "kind", "key").order_by("pk")
    after = 0
    # In slices, each of which is read to its end: whoever writes in between, as others may, could
    # not within a question that is still being answered.
    while some := list(rows.filter(pk__gt=after)[:_ROWS_AT_ONCE]):
        after = some[-1][0]
        for _, address, kind, key in some:
            if not on_disk.tick(mark(file_of(address))):
                yield Sheet(kind, key)
    unknown = Roll(on_disk.left())
    if len(unknown):
        for file in shelf.files():
            if unknown.tick(mark(file)):
                shelf.remove_file(file)


def assets_are_new() -> bool:
    """Tell whether the ledger holds older assets than these: every page still asks for those."""
    pressed = set(PressedFile.objects.filter(kind="asset").values_list("key", flat=True))
    return bool(pressed) and any(sheet.key not in pressed for sheet in assets.sheets())


def fronts_are_others() -> bool:
    """Tell whether the paper's languages have changed since its fronts were pressed.

    Brings the stories' fronts up to the languages there are now; every page links to the fronts.
    """
    fronts = PressedFile.objects.filter(kind="front").values_list("key", "address")
    moved = any(
        language not in settings.PAPER_LANGUAGES or address != front_url(language)
        for language, address in fronts
    )
    return refile(Story.objects.all()) > 0 or moved


def stories_that_disagree() -> Iterator[int]:
    """Yield the News IDs that are public and not in the ledger, or in it and not public."""
    keys = PressedFile.objects.filter(kind="story").values_list("key", flat=True)
    pressed = Roll(map(int, keys.iterator()))
    public = Story.objects.public().values_list("news_id", flat=True)
    # Few, and looked at when the question is answered: whoever is told writes to the database.
    new = [news_id for news_id in public.iterator() if not pressed.tick(news_id)]
    yield from new
    yield from pressed.left()


def changed_by_time(now: datetime | None = None) -> set[int]:
    """Return the stories whose expiry or end of embargo has passed by ``now`` without a signal.

    Of embargoes those that ended within a week: what ended while no worker ran is found when one
    starts (:func:`stories_that_disagree`).
    """
    now = now or timezone.now()
    # Unordered: sorting would lead the database to the wrong index.
    expired = Story.objects.filter(live=True, expire_at__lte=now).order_by()
    # Not by there being one: for that the database would look at every story.
    released = (
        Story.objects.public(now)
        .filter(embargo_until__gt=now - _LATELY, embargo_until__lte=now)
        .order_by()
    )
    overdue = set(expired.values_list("news_id", flat=True))
    free = set(released.values_list("news_id", flat=True))
    asked = {Sheet("story", str(news_id)) for news_id in overdue | free}
    pressed = {int(sheet.key) for sheet in ledger.known(asked)}
    return (overdue & pressed) | (free - pressed)


def sheets_of_the_clock(now: datetime | None = None) -> set[Sheet]:
    """Return the sheets that the calendar alone has made stale by ``now``.

    The news sitemap holds two days, and security.txt ends on a date that moves on each month.
    """
    now = now or timezone.now()
    stale = set()
    news = PressedFile.objects.filter(kind="sitemap-news").values_list("tally", flat=True).first()
    if news is not None and news != sitemaps.news_length(now):
        stale.add(Sheet("sitemap-news", ""))
    if PressedFile.objects.filter(
        kind="security", pressed_at__lt=sitemaps.month_begun(now)
    ).exists():
        stale.add(Sheet("security", ""))
    return stale
