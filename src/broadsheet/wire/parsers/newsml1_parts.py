"""Taking the tree of a NewsML 1 item apart: its stories, and the pictures that go with each.

A ``NewsItem`` may hold one story in parts (title, lead, body), the same in several languages
or formats, sidebars with headlines of their own, and pictures in several sizes. A story is what
stands under one headline in one language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice

from lxml.etree import _Element

from broadsheet.wire.credits import clean_credit, split_credit
from broadsheet.wire.items import ItemKind, WireBlock, WirePhoto
from broadsheet.wire.likeness import share
from broadsheet.wire.parsers.bylines import names_in
from broadsheet.wire.parsers.inline import to_text
from broadsheet.wire.parsers.newsml1_content import (
    Medium,
    Text,
    bytes_of,
    medium_of,
    medium_of_name,
    size_of,
    text_in,
)
from broadsheet.wire.parsers.newsml1_tree import (
    below,
    child,
    children,
    formal,
    language_at,
    line,
    line_of,
    party_names,
    role_of,
)
from broadsheet.wire.parsers.xml_input import local

_TITLES = {"title", "headline"}
_SUBTITLES = {"subheadline", "subtitle", "subhead", "kicker"}
_LEADS = {"abstract", "summary", "teaser", "standfirst", "shortsummary"}
# The first paragraphs of the story, which the body goes on from.
_OPENINGS = {"lead", "intro", "ingress"}
_BODIES = {"", "main", "body", "bodytext", "text", "story", "article", "maintext", "short",
           "original", "content"}  # fmt: skip
_NOTES = {"note", "editornote", "editorsnote", "ednote", "advisory", "editorialnote"}
_CAPTIONS = {"caption", "legend", "photocaption", "picturecaption", "imagecaption"}
_SHOWN = {
    "photo", "picture", "image", "graphic", "video", "audio", "illustration", "logo", "clip",
    "sound", "animation", "infographic", "thumbnail", "preview", "quicklook", "photograph",
    "multimedia",
}  # fmt: skip
_SMALL = {"thumbnail", "preview", "quicklook", "icon"}
# Not for readers: how it looks, and what is said of it elsewhere.
_DROPPED = {"stylesheet", "tweettext", "tweet", "facebookpost", "pushnotification"}
_MOST_PARTS = 500
_MOST_CONTENTS = 2000
# Comparing everything with everything takes too long where there is more.
_MOST_COMPARED = 12
_SAME = 0.9


@dataclass
class Story:
    """What stands under one headline in one language; ``path`` leads to it, root first.

    ``leads`` sum it up; ``openings`` are its first paragraphs, put before ``bodies`` in the end.
    ``roles`` tells of each of ``bodies`` whether it is the story itself; these come first, and
    then what is beside it, such as whom to call. ``is_cut`` tells that the item has more parts
    than any real one, and that the rest was left out.
    """

    path: tuple[_Element, ...]
    language: str
    titles: list[str] = field(default_factory=list)
    subtitles: list[str] = field(default_factory=list)
    leads: list[Text] = field(default_factory=list)
    openings: list[Text] = field(default_factory=list)
    bodies: list[Text] = field(default_factory=list)
    roles: list[bool] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    photos: list[WirePhoto] = field(default_factory=list)
    kind: ItemKind = "text"
    is_cut: bool = False

    @property
    def has_text(self) -> bool:
        """Tell whether there is anything to read but its headline."""
        return any(text.blocks for text in (*self.bodies, *self.leads, *self.openings))


@dataclass(frozen=True)
class _Shown:
    path: tuple[_Element, ...]
    photo: WirePhoto
    medium: Medium
    text: Text
    addresses: frozenset[str]
    is_logo: bool


class _Collector:
    def __init__(self, item: _Element) -> None:
        # What is within each component, found once: files may be deep as well as long.
        self.contents: dict[_Element, list[_Element]] = {}
        for content in islice(below(item, "ContentItem"), _MOST_CONTENTS):
            for up in content.iterancestors():
                self.contents.setdefault(up, []).append(content)
        self.stories: dict[tuple[_Element, str], Story] = {}
        # Where the headline and the language of a component are said, looked up once.
        self.places: dict[_Element, tuple[int, str]] = {}
        self.shown: list[_Shown] = []
        self.parts = 0
        self.is_cut = False
        self.photos = 0

    def walk(self, component: _Element, path: tuple[_Element, ...]) -> None:
        self.parts += 1
        if self.parts > _MOST_PARTS:
            self.is_cut = True
            return
        path = (*path, component)
        role = role_of(component)
        if role in _DROPPED:
            return
        if self._is_shown(component, role) and self._show(component, path):
            return
        contents = children(component, "ContentItem")
        self.is_cut = self.is_cut or len(contents) > _MOST_CONTENTS
        for item in contents[:_MOST_CONTENTS]:
            medium = medium_of(item)
            if medium == "text":
                self._add(item, role, path)
            elif medium != "other":
                self._picture([item], component, path, Text())
        for part in children(component, "NewsComponent"):
            self.walk(part, path)

    def story_at(self, path: tuple[_Element, ...]) -> Story:
        """Return the story that what stands at ``path`` belongs to."""
        if path[-1] not in self.places:
            at = next((n for n in range(len(path), 0, -1) if _is_headed(path[n - 1])), 1)
            self.places[path[-1]] = at, language_at(path)
        at, language = self.places[path[-1]]
        key = (path[at - 1], language.split("-")[0].casefold())
        # The metadata of the innermost component are the nearest to the text.
        return self.stories.setdefault(key, Story(path, language))

    def _is_shown(self, component: _Element, role: str) -> bool:
        """Tell whether a component is a picture, with all that is said of it."""
        if role in _SHOWN:
            return True
        contents = self.contents.get(component, [])
        texts = [each for each in contents if medium_of(each) == "text"]
        if not any(medium_of(each) not in {"text", "other"} for each in contents):
            return False
        parts = children(component, "NewsComponent")
        if any(role_of(part) in _SHOWN and line([part], "HeadLine") for part in parts):
            return False
        parents = [parent for each in texts if (parent := each.getparent()) is not None]
        return all(role_of(parent) in _CAPTIONS | _TITLES for parent in parents)

    def _add(self, item: _Element, role: str, path: tuple[_Element, ...]) -> None:
        text = text_in(item, self.photos + 1)
        self.photos += len(text.photos)
        said = words_of(text)
        if not said and not text.photos and not text.body.headline:
            return
        story = self.story_at(path)
        if role in _TITLES:
            story.titles.append(said)
        elif role in _SUBTITLES:
            story.subtitles.append(said)
        elif role in _NOTES:
            story.notes.append(said)
        elif role in _LEADS:
            story.leads.append(text)
        elif role in _OPENINGS:
            story.openings.append(text)
        elif role in _CAPTIONS and self.shown:
            self._caption_last(said)
        else:
            is_main = role in _BODIES
            if is_main or not story.bodies:
                story.path = path
            at = sum(1 for each in story.roles if each) if is_main else len(story.bodies)
            story.bodies.insert(at, text)
            story.roles.insert(at, is_main)

    def _caption_last(self, said: str) -> None:
        """Give a caption that stands beside its picture to the picture before it."""
        last = self.shown[-1]
        if not last.photo.caption:
            caption, credit = split_credit(said)
            photo = replace(last.photo, caption=caption, credit=last.photo.credit or credit)
            self.shown[-1] = replace(last, photo=photo)

    def _show(self, component: _Element, path: tuple[_Element, ...]) -> bool:
        """Note what a component shows; tell whether it shows anything."""
        parts = children(component, "NewsComponent")
        with_words = [
            part for part in parts if self._is_shown(part, role_of(part)) and _captioned(part)
        ]
        if len(with_words) > 1:
            return False
        items = [
            each
            for each in self.contents.get(component, ())
            if medium_of(each) not in {"text", "other"}
        ]
        if not items:
            return False
        texts = []
        for each in self.contents.get(component, ()):
            parent = each.getparent()
            role = "" if parent is None else role_of(parent)
            if medium_of(each) == "text" and role not in _TITLES | _DROPPED:
                texts.append((role in _CAPTIONS, text_in(each, self.photos + 1)))
        captions = [text for is_caption, text in texts if is_caption and words_of(text)]
        others = [text for is_caption, text in texts if not is_caption and words_of(text)]
        self._picture(items, component, path, next(iter([*captions, *others]), Text()))
        return True

    def _picture(
        self, items: list[_Element], component: _Element, path: tuple[_Element, ...], text: Text
    ) -> None:
        pictures = [each for each in items if medium_of(each) in {"picture", "graphic"}]
        best = max(pictures or items, key=_rank)
        self.photos += 1
        said = words_of(text)
        headline = line([component], "HeadLine")
        caption, credit = split_credit(said or _caption_line(component) or headline)
        credit = clean_credit(line([component], "CreditLine")) or credit
        by = names_in(line([component], "ByLine"))
        if by and credit and by[0].casefold() not in credit.casefold():
            credit = f"{by[0]}/{credit}"
        makers = party_names(component, "Creator", "Source")
        mime = formal(child(best, "MimeType")).casefold()
        medium = medium_of(items[0]) if len(pictures) < len(items) else medium_of(best)
        if any(medium_of(each) in {"video", "audio"} for each in items):
            medium = next(m for each in items if (m := medium_of(each)) in {"video", "audio"})
        photo = WirePhoto(
            caption=caption,
            credit=credit or next((clean_credit(text) for text in makers), ""),
            url=(best.get("Href") or best.get("Url") or "").strip(),
            content=bytes_of(best),
            key=f"photo-{self.photos}",
            guid=(component.get("Duid") or "").strip("0 "),
            headline=headline if caption and not headline.startswith(caption) else "",
            file_name=_file_name(best),
            media_type=mime if "/" in mime else "" if pictures else medium,
            rights=line([component], "CopyrightLine"),
        )
        addresses = frozenset(filter(None, (each.get("Href") for each in items)))
        if duid := component.get("Duid"):
            addresses |= {f"#{duid}"}
        is_logo = role_of(component) == "logo"
        self.shown.append(_Shown(path, photo, medium, text, addresses, is_logo))


def stories_in(item: _Element) -> list[Story]:
    """Return the stories in a ``NewsItem``, each with its pictures; at least one."""
    collector = _Collector(item)
    for component in children(item, "NewsComponent"):
        collector.walk(component, (item,))
    stories = [story for story in collector.stories.values() if story.has_text or story.titles]
    texts = [story for story in stories if story.has_text]
    stories = texts or stories[:1]
    if not stories:
        path = collector.shown[0].path if collector.shown else _way_to_headline(item)
        stories = [Story(path, language_at(path))]
    for each in sorted(collector.shown, key=lambda shown: shown.is_logo):
        story = max(stories, key=partial(_nearness, each))
        if not _in_text(each, story):
            story.photos.append(each.photo)
        if texts or each.medium in {"text", "other"}:
            continue
        story.kind = each.medium  # type: ignore[assignment]
        if each.medium in {"video", "audio"} and each.text.blocks:
            story.bodies.append(each.text)
    for story in stories:
        told = " ".join(words_of(text) for text in story.bodies)
        opened = [text for text in story.openings if words_of(text) not in told]
        story.bodies = [_without_dangling(text) for text in (*opened, *_distinct(story.bodies))]
        story.is_cut = collector.is_cut
    return stories


def _way_to_headline(item: _Element) -> tuple[_Element, ...]:
    """Return the way to the first component that has a headline, or else to the first."""
    components = islice(below(item, "NewsComponent"), _MOST_PARTS)
    headed = next((each for each in components if line([each], "HeadLine")), None)
    if headed is None:
        return (item, *children(item, "NewsComponent")[:1])
    ups = [up for up in headed.iterancestors() if local(up) in {"NewsComponent", "NewsItem"}]
    return (*reversed(ups[: ups.index(item) + 1]), headed)


def _in_text(shown: _Shown, story: Story) -> bool:
    """Tell whether the text shows this picture in some size; then give it its words there."""
    for texts in (story.bodies, story.leads):
        for at, text in enumerate(texts):
            for place, photo in enumerate(text.photos):
                if photo.url in shown.addresses:
                    full = replace(shown.photo, key=photo.key, alt_text=photo.alt_text)
                    photos = (*text.photos[:place], full, *text.photos[place + 1 :])
                    texts[at] = replace(text, photos=photos)
                    return True
    return False


def _without_dangling(text: Text) -> Text:
    """Take out the places of pictures that did not come along."""
    gone = {photo.key for photo in text.photos if photo.url[:1] == "#" and not photo.caption}
    if not gone:
        return text
    return replace(
        text,
        blocks=tuple(b for b in text.blocks if b.kind != "photo" or b.html not in gone),
        photos=tuple(photo for photo in text.photos if photo.key not in gone),
    )


def words_of(text: Text) -> str:
    """Return the words of a text in one line."""
    return " ".join(to_text(block.html) for block in text.blocks if block.kind != "photo")


def blocks_in(texts: Sequence[Text]) -> list[WireBlock]:
    """Return the blocks of several texts, in order."""
    return [block for text in texts for block in text.blocks]


def _distinct(texts: list[Text]) -> list[Text]:
    """Drop what only says again, in another format, what a longer text says."""
    if not 1 < len(texts) <= _MOST_COMPARED:
        return texts
    kept: list[Text] = []
    for text in sorted(texts, key=lambda each: -len(words_of(each))):
        words = [words_of(text)]
        if not any(share(words, [words_of(other)]) >= _SAME for other in kept):
            kept.append(text)
    return [text for text in texts if any(text is other for other in kept)]


def _nearness(shown: _Shown, story: Story) -> tuple[int, bool]:
    common = 0
    for one, other in zip(story.path, shown.path, strict=False):
        if one is not other:
            break
        common += 1
    return common, story.language == language_at(shown.path)


def _is_headed(component: _Element) -> bool:
    return bool(line([component], "HeadLine")) or any(
        role_of(part) in _TITLES for part in children(component, "NewsComponent")
    )


def _captioned(component: _Element) -> bool:
    return bool(line([component], "HeadLine")) or any(
        role_of(part) in _CAPTIONS for part in below(component, "NewsComponent")
    )


def _caption_line(component: _Element) -> str:
    """Return a caption in a line of its own kind, as Europa Press sends it."""
    for each in below(child(component, "NewsLines"), "NewsLine"):
        if formal(child(each, "NewsLineType")).casefold() == "caption":
            return line_of(child(each, "NewsLineText"))
    return ""


def _rank(item: _Element) -> tuple[bool, int, bool]:
    parent = item.getparent()
    small = parent is not None and role_of(parent) in _SMALL
    use = " ".join(
        (prop.get("Value") or "").casefold()
        for prop in below(item, "Property")
        if (prop.get("FormalName") or "").casefold().endswith("use")
    )
    return not small and use not in _SMALL, size_of(item), use == "highres"


def _file_name(item: _Element) -> str:
    name = (item.get("Href") or "").split("?")[0].rpartition("/")[2]
    return name if medium_of_name(name) != "other" else ""
