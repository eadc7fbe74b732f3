"""The page of a story."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from time import perf_counter
from urllib.parse import quote

from django.db.models import prefetch_related_objects
from django.utils import translation
from django.utils.translation import gettext as _
from markupsafe import Markup

from broadsheet.press import (
    bodies,
    contributions,
    dates,
    families,
    jsonld,
    loading,
    parts,
    photos,
)
from broadsheet.press.frame import Frame, Link, frame_for
from broadsheet.press.render import render
from broadsheet.press.tongues import tongue
from broadsheet.press.warm import warm_up
from broadsheet.stories.models import Photo, Story

# Stands in the page until the page is drawn and the time that took is known. Nobody outside
# this process can guess it, so no text can carry it by chance or by malice.
_TIME = f"time-{token_hex(8)}"

# What a page of a story asks for; a caller that draws many fetches it for all of them at once.
PREFETCH = (
    "section",
    "topics",
    "photos__picture",
    "bylines__byline",
    "agencies__agency",
)


@dataclass(frozen=True)
class Figure:
    """A photo with the picture that can be shown, if there is one."""

    photo: Photo
    shown: photos.Shown | None

    @property
    def alt(self) -> str:
        """The text alternative: the photo's own, or the picture's."""
        return self.photo.alt_text or (
            self.photo.picture.description if self.photo.picture is not None else ""
        )


def story_page(story: Story, *, preview: bool = False, started: float | None = None) -> str:
    """Return the whole page of ``story``.

    The page says how long it took to make: since ``started`` (a ``time.perf_counter`` reading,
    for a caller that has fetched the story for this very page), or since this call. With
    ``preview`` pictures come from the newsroom's own files and nothing is asked of the database
    about the story's own parts, which may not be saved yet.
    """
    return timed_page(story, preview=preview, started=started)[0]


def timed_page(
    story: Story, *, preview: bool = False, started: float | None = None
) -> tuple[str, str]:
    """Return the page as :func:`story_page` does, and the same without the time it took.

    By the second one tells whether the page has changed since it was last pressed.
    """
    warm_up()
    started = perf_counter() if started is None else started
    if not preview and not loading.is_whole(story):
        prefetch_related_objects([story], *PREFETCH)
    frame = frame_for(story.language)
    page = render("press/story.html", _context(story, frame, preview), language=story.language)
    taken = dates.seconds(perf_counter() - started, frame.chrome)
    return page.replace(_TIME, taken, 1), page.replace(_TIME, "", 1)


def preview_page(story: Story) -> str:
    """Return the page of a story that may be unsaved, for the newsroom's preview."""
    return story_page(story, preview=True)


def _context(story: Story, frame: Frame, preview: bool) -> dict[str, object]:
    # A new draft may be previewed before it has a section.
    filed = story.section if story.section_id is not None else None
    owner = photos.owner_of(story)
    pictures = photos.pictures_of(story)
    shown = photos.shown(((owner, each) for each in pictures), photos.WHOLE, preview=preview)
    figures = [
        Figure(photo, shown.get((owner, photo.picture.pk)) if photo.picture else None)
        for photo in loading.parts_of(story, "photos")
    ]
    figures = [each for each in figures if each.shown or each.photo.caption or each.photo.credit]
    section = frame.section_of(filed, story.language) if filed is not None else None
    description = story.lead or bodies.opening(story.body)
    seen = [(each.photo, each.shown) for each in figures if each.shown]
    own = jsonld.news_article(story, frame, section=section, pictures=seen)
    translations = _translations(story)
    mark, styles = parts.marks(story)
    url = jsonld.absolute(story.get_absolute_url())
    return {
        "frame": frame,
        "story": story,
        "kind": "inside",
        "title": story.headline,
        "description": bodies.shortened(description, 200),
        # A page that is no public one must not pass for it.
        "canonical": "" if preview else story.get_absolute_url(),
        "robots": "noindex" if preview else "",
        "alternates": _alternates(story, translations),
        "forms": [] if preview else contributions.alternates(story),
        "feeds": (filed.slug,) if filed is not None else (),
        "section": section,
        "published": _published(story, frame),
        "updated": _updated(story, frame),
        "lead_figure": figures[0] if figures else None,
        "further_figures": figures[1:],
        "shown": {picture_id: each for (_owner, picture_id), each in shown.items()},
        "people": [row.byline for row in loading.parts_of(story, "bylines")],
        "agencies": [row.printed for row in loading.parts_of(story, "agencies")],
        "topics": loading.parts_of(story, "topics"),
        "translations": translations,
        "url": url,
        "shares": _shares(story.headline, url, frame),
        "parts": {} if story.news_id is None else parts.draw(story),
        "mark": mark,
        "styles": styles,
        "json_ld": jsonld.script(own),
        "preview_picture": jsonld.absolute(seen[0][1].preview) if seen else "",
        "generated": _TIME,
    }


def _published(story: Story, frame: Frame) -> str:
    moment = story.first_published_at
    return _printed(moment, story, frame) if moment else ""


def _updated(story: Story, frame: Frame) -> str:
    moment = story.substantively_updated_at
    if moment is None or (story.first_published_at and moment <= story.first_published_at):
        return ""
    return _printed(moment, story, frame)


def _printed(moment: datetime, story: Story, frame: Frame) -> str:
    """Return a time in the story's language, marked as such within labels of another one."""
    text = dates.publication(moment, story.language, frame.zone)
    if story.language.split("-")[0] == frame.chrome.split("-")[0]:
        return text
    return Markup("<bdi{}>{}</bdi>").format(tongue(story.language, frame.chrome), text)


def _translations(story: Story) -> list[Link]:
    """Return the same story in other languages, as far as readers may see it."""
    return [
        Link(each.headline, f"/news/{each.news_id}/", each.language)
        for each in families.translations(story)
    ]


def _alternates(story: Story, translations: Sequence[Link]) -> list[tuple[str, str]]:
    """Return the ``hreflang`` links of a story: language and address, the original as default."""
    if not translations:
        return []
    own = [(story.language, story.get_absolute_url())]
    others = [(link.language, link.url) for link in translations]
    original = f"/news/{story.translation_of_id or story.news_id}/"
    return [*own, *others, ("x-default", original)]


# Every byte stands in as many pages as there are stories, and what is encoded hardly compresses.
_TO_ENCODE = re.compile(r"[^\w.~:/ -]")


def _in_query(text: str) -> str:
    """Return ``text`` as one value in the query of a link.

    Slashes and colons may stand there (RFC 3986, 3.4), and letters beyond ASCII in a link of
    HTML, which the browser encodes when it is followed (URL Standard, URL code points).
    """
    return _TO_ENCODE.sub(_encoded, text).replace(" ", "%20")


def _encoded(found: re.Match[str]) -> str:
    return quote(found[0], safe="")


def _shares(headline: str, url: str, frame: Frame) -> list[tuple[str, str]]:
    """Return name and address of each way to pass a story on; none of them loads anything."""
    title, link = _in_query(headline), _in_query(url)
    with translation.override(frame.chrome):
        by_mail = _("E-mail")
    return [
        (by_mail, f"mailto:?subject={title}&body={link}"),
        # These show the headline themselves, from the page's own description of itself.
        ("WhatsApp", f"https://wa.me/?text={link}"),
        ("Telegram", f"https://t.me/share/url?url={link}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={link}"),
    ]
