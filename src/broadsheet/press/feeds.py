"""Feeds: the newest stories with their whole text, as RSS 2.0, Atom and JSON Feed.

For the whole paper, a section, a language and a topic. A feed's key is what follows ``/feeds/``
in its address: ``all.rss``, ``world.atom``, ``fa.json``, ``topic/water.rss``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from broadsheet.press import bodies, feed_formats, fulltext, listings, loading, looks, pieces
from broadsheet.press.feed_formats import Entry, Feed
from broadsheet.press.frame import frame_for
from broadsheet.press.jsonld import absolute
from broadsheet.press.list_sheets import near_topics
from broadsheet.press.reading import once
from broadsheet.press.sheets import Sheet, SheetKind
from broadsheet.press.xml_text import printable
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Section, Story, Topic

_LEAD_LENGTH = 400


@dataclass(frozen=True)
class _Subject:
    """What a feed is of: its title, its page, its language and its newest stories."""

    title: str
    page: str
    language: str
    entries: _Entries
    updated: datetime | None


def sheets(name: str) -> list[Sheet]:
    """Return the feeds called ``name`` ("all", a section, a language, "topic/<slug>")."""
    return [Sheet(KIND.name, f"{name}.{suffix}") for suffix in feed_formats.WRITERS]


def _subject(name: str) -> _Subject | None:
    """Return what the feed ``name`` holds, read once for its three formats."""
    return once(("feed", name), lambda: _read(name))


def _read(name: str) -> _Subject | None:
    own = own_language()
    paper = frame_for(own).name
    if name == "all":
        return _filled(paper, "/", own, listings.ids_of_feed())
    if name in settings.PAPER_LANGUAGES:
        frame = frame_for(name)
        return _filled(frame.name, frame.home, name, listings.ids_of_feed(language=name))
    if name.startswith("topic/"):
        topic = listings.called(Topic, name.removeprefix("topic/"))
        if topic is None:
            return None
        title = f"{frame_for(topic.language).name} – {topic.name}"
        stories = listings.ids_of_feed(topic_slug=topic.slug)
        filled = _filled(title, topic.get_absolute_url(), topic.language, stories)
        return filled if len(filled.entries) else None
    section = listings.called(Section, name)
    if section is None:
        return None
    title = f"{paper} – {section.name}"
    stories = listings.ids_of_feed(section_slug=name)
    return _filled(title, section.get_absolute_url(), own, stories)


def _foresee(key: str) -> None:
    name = key.rpartition(".")[0]
    if name == "all":
        ids = listings.ids_of_feed()
    elif name in settings.PAPER_LANGUAGES:
        ids = listings.ids_of_feed(language=name)
    elif name.startswith("topic/"):
        ids = listings.ids_of_feed(topic_slug=name.removeprefix("topic/"))
    else:
        ids = listings.ids_of_feed(section_slug=name)
    looks.announce(ids, whole=True)


def _filled(title: str, page: str, language: str, news_ids: Sequence[int]) -> _Subject:
    found = looks.of(news_ids, whole=True)
    updated = max((look.updated for look in found.values()), default=None)
    return _Subject(printable(title), absolute(page), language, _Entries(found), updated)


class _Entries:
    """Stories of one feed, of which the looks are known, and what was made of most.

    Those of which it is not are loaded together.
    """

    def __init__(self, wanted: dict[int, looks.Look]) -> None:
        self._looks = wanted
        self._made: dict[int, tuple[Entry | None, bool]] = {}
        self._news_ids = list(wanted)

    def __len__(self) -> int:
        return len(self._news_ids)

    def written(self, form: str, write: Callable[[Entry], str]) -> list[bytes]:
        """Return the entries as the format called ``form`` writes them."""
        ways = form, settings.BASE_URL, own_language()
        names = pieces.keys((look.subject for look in self._looks.values()), *ways)

        def anew(place: int) -> tuple[bytes, bool]:
            entry, same = self.entry(self._news_ids[place])
            return (write(entry).encode() if entry else b""), same

        return pieces.several(names, anew)

    def entry(self, news_id: int) -> tuple[Entry | None, bool]:
        """Return the story's entry, ``None`` where nobody may see it any more.

        With it comes whether it has the very look by which the feed knows the story.
        """
        if news_id not in self._made:
            # Those that are not known, once; what is dropped after that is asked for by itself.
            unknown = [] if self._made else looks.unknown(self._looks)
            wanted = sorted({news_id, *unknown})
            stories = loading.load_whole(wanted)
            fulltext.prepare(stories)
            self._made.update(dict.fromkeys(wanted, (None, False)))
            found = looks.of_stories(stories, whole=True)
            for story in stories:
                same = found.get(story.news_id) == self._looks[story.news_id]
                self._made[story.news_id] = _entry_of(story), same
        return self._made[news_id]


def _draw(key: str) -> bytes | None:
    name, _, suffix = key.rpartition(".")
    subject = _subject(name)
    if subject is None:
        return None
    frame = frame_for(subject.language)
    feed = Feed(
        title=subject.title,
        page=subject.page,
        address=absolute(f"/feeds/{key}"),
        description=printable(frame.strapline or frame.name),
        language=subject.language,
        publisher=printable(frame.name),
        updated=subject.updated,
        entries=subject.entries,
    )
    return feed_formats.WRITERS[suffix](feed)


def _updated(story: Story) -> datetime:
    return story.substantively_updated_at or story.first_published_at or story.created_at


def _entry_of(story: Story) -> Entry:
    """Return the story's entry, made once for as long as all that it shows stays as it is."""
    if fulltext.shows_others(story):
        return once(("entry", story.news_id), lambda: _entry(story))
    shown = fulltext.pictures_key(story)
    return loading.derived(story, ("entry", settings.BASE_URL, shown), lambda: _entry(story))


def _entry(story: Story) -> Entry:
    shown = next((each.shown for each in fulltext.figures_of(story) if each.shown), None)
    return Entry(
        address=absolute(story.get_absolute_url()),
        headline=printable(story.headline),
        summary=printable(
            bodies.shortened(story.lead, _LEAD_LENGTH) or bodies.opening(story.body, _LEAD_LENGTH)
        ),
        content=fulltext.html_of(story),
        language=story.language,
        published=story.first_published_at or story.created_at,
        updated=_updated(story),
        people=[printable(row.byline.name) for row in story.bylines.all()],
        agencies=[printable(name) for name in story.printed_agencies],
        categories=[
            printable(name)
            for name in (story.section.name, *(topic.name for topic in story.topics.all()))
        ],
        picture=absolute(shown.src) if shown else "",
    )


def _keys() -> Iterator[str]:
    names = ["all", *settings.PAPER_LANGUAGES, *Section.objects.values_list("slug", flat=True)]
    names += [f"topic/{slug}" for slug in Topic.objects.values_list("slug", flat=True)]
    for name in dict.fromkeys(names):
        for sheet in sheets(name):
            yield sheet.key


def _near(keys: Sequence[str]) -> Mapping[str, str]:
    of_topics = [key for key in keys if key.startswith("topic/")]
    slugs = {key: key.removeprefix("topic/").rpartition(".")[0] for key in of_topics}
    found = near_topics(sorted({*slugs.values()}))
    return {key: found[slug] for key, slug in slugs.items() if slug in found}


KIND = SheetKind(
    name="feed",
    address=lambda key: f"/feeds/{key}",
    draw=_draw,
    all_keys=_keys,
    # Large and a dozen to a publication: a fifth of the time of level 6, for a sixth more bytes.
    gzip=1,
    foresee=_foresee,
    apart=True,
    of_pieces=True,
    near=_near,
)
