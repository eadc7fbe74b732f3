"""The paper in WordPress's format (WXR 1.2), for whoever moves to WordPress or what reads it.

What WordPress has no place for stays behind: a draft of a published story, attributions, fronts.
Its plugins are met half-way: further bylines are written as Co-Authors Plus does, languages as
Polylang, redirects as Safe Redirect Manager, credits as Media Credit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

import broadsheet
from broadsheet.accounts.models import Byline
from broadsheet.newsroom.export import wxr_posts
from broadsheet.newsroom.export.folder import private_file
from broadsheet.newsroom.export.pictures import Pictures
from broadsheet.newsroom.export.stories import batches
from broadsheet.newsroom.export.versions import Revisions
from broadsheet.newsroom.export.wxr_posts import Numbers
from broadsheet.newsroom.export.wxr_text import cdata, element, rfc_time, words
from broadsheet.press.xml_text import printable
from broadsheet.stories.languages import own_language
from broadsheet.stories.models import Paper, Picture, Section, StandingPage, Story, Topic

_AT_ONCE = 500
_OPENING = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:wfw="http://wellformedweb.org/CommentAPI/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/"
>
<channel>
"""
_CLOSING = "</channel>\n</rss>\n"


def write_wxr(
    path: Path, pictures: Pictures, since: datetime | None, progress: Callable[[str, int], None]
) -> Counter[str]:
    """Write the file ``path``; return how many of what it has. Raises ``OSError``."""
    writer = _Writer(pictures)
    with private_file(path) as file:
        for part in writer.document(since, progress):
            file.write(part.encode("utf-8", "replace"))
    return writer.counts


class _Writer:
    """One document as it is written; ``counts`` says how many of what it has so far."""

    def __init__(self, pictures: Pictures) -> None:
        self.counts: Counter[str] = Counter()
        self._pictures = pictures
        self._paper = Paper.objects.order_by("pk").first() or Paper()
        self._zone = self._paper.zone
        self._numbers = Numbers.read()

    def document(
        self, since: datetime | None, progress: Callable[[str, int], None]
    ) -> Iterator[str]:
        """Yield the document, piece by piece."""
        yield _OPENING
        yield from self._head()
        yield from self._authors()
        yield from self._terms()
        yield f"\t<generator>Broadsheet {broadsheet.__version__}</generator>\n"
        for batch in batches(since):
            yield from self._posts(batch)
            progress("posts", self.counts["posts"])
        yield from self._pages()
        yield from self._attachments()
        for text in wxr_posts.redirects(self._numbers):
            self.counts["redirects"] += 1
            yield text
        yield _CLOSING

    def _head(self) -> Iterator[str]:
        base = printable(str(settings.BASE_URL))
        yield f"\t<title>{cdata(words(self._paper.name))}</title>\n"
        yield element("link", base)
        yield f"\t<description>{cdata(words(self._paper.strapline))}</description>\n"
        yield element("pubDate", rfc_time(timezone.now()))
        yield element("language", own_language())
        yield element("wp:wxr_version", "1.2")
        yield element("wp:base_site_url", base)
        yield element("wp:base_blog_url", base)

    def _authors(self) -> Iterator[str]:
        for byline in Byline.objects.order_by("pk").iterator(_AT_ONCE):
            self.counts["authors"] += 1
            yield (
                f"\t<wp:author><wp:author_id>{byline.pk}</wp:author_id>"
                f"<wp:author_login>{cdata(wxr_posts.login(byline))}</wp:author_login>"
                f"<wp:author_email>{cdata('')}</wp:author_email>"
                f"<wp:author_display_name>{cdata(words(byline.name))}</wp:author_display_name>"
                f"<wp:author_first_name>{cdata('')}</wp:author_first_name>"
                f"<wp:author_last_name>{cdata('')}</wp:author_last_name></wp:author>\n"
            )

    def _terms(self) -> Iterator[str]:
        for section in Section.objects.order_by("position", "pk"):
            self.counts["categories"] += 1
            yield (
                f"\t<wp:category><wp:term_id>{section.pk}</wp:term_id>"
                f"<wp:category_nicename>{cdata(section.slug)}</wp:category_nicename>"
                f"<wp:category_parent>{cdata('')}</wp:category_parent>"
                f"<wp:cat_name>{cdata(words(section.name))}</wp:cat_name></wp:category>\n"
            )
        for topic in Topic.objects.order_by("pk").iterator(_AT_ONCE):
            self.counts["tags"] += 1
            yield (
                f"\t<wp:tag><wp:term_id>{self._numbers.topics + topic.pk}</wp:term_id>"
                f"<wp:tag_slug>{cdata(topic.slug)}</wp:tag_slug>"
                f"<wp:tag_name>{cdata(words(topic.name))}</wp:tag_name></wp:tag>\n"
            )

    def _posts(self, batch: list[Story]) -> Iterator[str]:
        revisions = Revisions(batch)
        for story in batch:
            post = wxr_posts.Post(story, revisions.of(story), self._numbers, self._zone)
            yield from post.drawn(self._pictures)
            self.counts["posts"] += 1
            self.counts["comments"] += post.comments
            self.counts["attachments"] += post.attachments

    def _pages(self) -> Iterator[str]:
        for page in StandingPage.objects.order_by("path").iterator(_AT_ONCE):
            self.counts["pages"] += 1
            versions = Revisions([page]).of(page)
            yield wxr_posts.page(page, versions, self._pictures, self._numbers, self._zone)

    def _attachments(self) -> Iterator[str]:
        for picture in Picture.objects.order_by("pk").iterator(_AT_ONCE):
            kept = self._pictures.of([picture.pk]).get(picture.pk)
            if kept is None or not kept.name:
                continue
            self.counts["attachments"] += 1
            yield wxr_posts.attachment(
                self._numbers.picture(picture.pk),
                wxr_posts.address(kept),
                title=picture.title,
                words_of=(picture.caption, picture.credit, picture.description),
                parent=0,
                created_at=picture.created_at,
                zone=self._zone,
            )
