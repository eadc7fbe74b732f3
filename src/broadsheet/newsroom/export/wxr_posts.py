"""One story, page, picture or redirect as an entry of WordPress's export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Max

from broadsheet.accounts.models import Byline
from broadsheet.letters.models import Letter
from broadsheet.newsroom.export import particulars
from broadsheet.newsroom.export.content import pictures_in, pictures_of
from broadsheet.newsroom.export.pictures import Kept, Pictures
from broadsheet.newsroom.export.versions import Version
from broadsheet.newsroom.export.wxr_body import Shown, figure, html_of
from broadsheet.newsroom.export.wxr_text import (
    cdata,
    element,
    meta,
    rfc_time,
    section,
    stamp,
    term,
    words,
)
from broadsheet.press.jsonld import absolute
from broadsheet.slugs import slug_of
from broadsheet.stories.languages import name_of, own_language
from broadsheet.stories.models import NewsIdCounter, Photo, Picture, Section, StandingPage, Story

_LOGIN = re.compile(r"[a-z0-9_-]{1,50}")
_APPROVED = {Letter.State.APPROVED: "1", Letter.State.HELD: "0", Letter.State.REJECTED: "trash"}


@dataclass(frozen=True)
class Numbers:
    """WordPress numbers everything alike: what comes after the News IDs, kind by kind."""

    pictures: int
    photos: int
    pages: int
    redirects: int
    topics: int

    @classmethod
    def read(cls) -> Self:
        """Return the numbers that are free in this paper."""
        counter = NewsIdCounter.objects.first()
        highest = [
            counter.last if counter else 0,
            *(
                model._default_manager.aggregate(last=Max("pk"))["last"] or 0
                for model in (Picture, Photo, StandingPage, Section)
            ),
        ]
        pictures = highest[0]
        photos = pictures + highest[1]
        pages = photos + highest[2]
        return cls(pictures, photos, pages, pages + highest[3], highest[4])

    def picture(self, number: int) -> int:
        """Return the number of the attachment that a picture of the library is."""
        return self.pictures + number


def login(byline: Byline) -> str:
    """Return what WordPress would have ``byline`` log in as: it takes Latin letters only."""
    return byline.slug if _LOGIN.fullmatch(byline.slug) else f"author-{byline.pk}"


def address(kept: Kept) -> str:
    """Return where WordPress is to fetch a picture: lay the export's ``media`` there."""
    return f"{settings.BASE_URL}/{kept.name}"


class Post:
    """A story as a post, with the attachments that only it has."""

    def __init__(
        self, story: Story, versions: list[Version], numbers: Numbers, zone: ZoneInfo
    ) -> None:
        self._row = story
        self._numbers = numbers
        self._zone = zone
        version = versions[0] if story.live else versions[-1]
        self._story: Story = version.thing
        self._is_scheduled = not story.live and any("scheduled" in each.roles for each in versions)
        if self._is_scheduled:
            self._story = next(each.thing for each in versions if "scheduled" in each.roles)
        self.comments = self.attachments = 0

    def drawn(self, pictures: Pictures) -> Iterator[str]:
        """Yield the post, and before it the attachments it has for itself."""
        story = self._story
        kept = pictures.of(pictures_of(story))
        shown = {
            number: Shown(self._numbers.picture(number), address(each))
            for number, each in kept.items()
            if each.name
        }
        photos = list(story.photos.all())
        chosen = photos[0] if photos and photos[0].picture_id in shown else None
        thumbnail = 0
        if chosen is not None and chosen.picture is not None:
            thumbnail = shown[chosen.picture.pk].number
            if _own_words(chosen):
                # WordPress has one caption a picture; here, it has another on this story.
                thumbnail = self._numbers.photos + chosen.pk
                self.attachments += 1
                yield attachment(
                    thumbnail,
                    shown[chosen.picture.pk].address,
                    title=chosen.picture.title,
                    words_of=(
                        chosen.printed_caption,
                        chosen.printed_credit,
                        chosen.alt_text or chosen.picture.description,
                    ),
                    parent=story.news_id,
                    created_at=self._row.created_at,
                    zone=self._zone,
                )
        further = [
            figure(
                shown.get(photo.picture_id or 0),
                photo.printed_caption,
                photo.printed_credit,
                photo.alt_text,
            )
            for photo in photos
            if photo is not chosen
        ]
        text = "\n\n".join(filter(None, [html_of(story.body, shown), *further]))
        yield self._entry(text, thumbnail)

    def _entry(self, text: str, thumbnail: int) -> str:
        story, row = self._story, self._row
        at = row.first_published_at
        status = "publish" if row.live else "draft"
        if self._is_scheduled:
            status, at = "future", story.go_live_at
        bylines = [each.byline for each in story.bylines.all()]
        inner = "".join(
            [
                term("category", story.section.slug, story.section.name),
                *(term("post_tag", topic.slug, topic.name) for topic in story.topics.all()),
                *(
                    term("author", f"cap-{login(each)}", each.name)
                    for each in (bylines if len(bylines) > 1 else ())
                ),
                term("language", story.language, name_of(story.language))
                if story.language != own_language()
                else "",
                meta("_thumbnail_id", str(thumbnail)) if thumbnail else "",
                meta("_broadsheet_news_id", str(story.news_id)),
                *self._comments(),
            ]
        )
        return _item(
            number=story.news_id,
            kind="post",
            title=story.headline,
            link=absolute(story.get_absolute_url()),
            author=login(bylines[0]) if bylines else "",
            content=text,
            excerpt=story.lead,
            at=at,
            # WordPress knows the local time of a draft alone.
            local=at or row.created_at,
            changed=row.last_published_at or at or row.created_at,
            status=status,
            slug=slug_of(story.headline)[:150] or f"news-{story.news_id}",
            comments_open=story.comments_open,
            inner=inner,
            zone=self._zone,
        )

    def _comments(self) -> Iterator[str]:
        for row in sorted(self._row.letters.all(), key=lambda each: (each.written_at, each.pk)):
            approved = _APPROVED[Letter.State(row.state)]
            self.comments += approved != "trash"
            yield (
                f"\t\t<wp:comment><wp:comment_id>{row.pk}</wp:comment_id>"
                f"<wp:comment_author>{cdata(words(row.name))}</wp:comment_author>"
                f"<wp:comment_author_email>{cdata(row.email)}</wp:comment_author_email>"
                "<wp:comment_author_url></wp:comment_author_url>"
                "<wp:comment_author_IP></wp:comment_author_IP>"
                f"<wp:comment_date>{cdata(stamp(row.written_at, self._zone))}</wp:comment_date>"
                f"<wp:comment_date_gmt>{cdata(stamp(row.written_at))}</wp:comment_date_gmt>"
                f"<wp:comment_content>{cdata(words(row.text))}</wp:comment_content>"
                f"<wp:comment_approved>{cdata(approved)}</wp:comment_approved>"
                f"<wp:comment_type>{cdata('comment')}</wp:comment_type>"
                f"<wp:comment_parent>{row.answers_id or 0}</wp:comment_parent>"
                "<wp:comment_user_id>0</wp:comment_user_id></wp:comment>\n"
            )


def page(
    row: StandingPage,
    versions: list[Version],
    pictures: Pictures,
    numbers: Numbers,
    zone: ZoneInfo,
) -> str:
    """Return a standing page."""
    standing: Any = (versions[0] if row.live else versions[-1]).thing
    kept = pictures.of(pictures_in(standing.body))
    shown: Mapping[int, Shown] = {
        number: Shown(numbers.picture(number), address(each))
        for number, each in kept.items()
        if each.name
    }
    inner = (
        term("language", standing.language, name_of(standing.language))
        if standing.language != own_language()
        else ""
    )
    at = row.first_published_at
    return _item(
        number=numbers.pages + row.pk,
        kind="page",
        title=standing.title,
        link=absolute(row.get_absolute_url()),
        author="",
        content=html_of(standing.body, shown),
        excerpt=standing.search_description,
        at=at,
        local=at or row.latest_revision_created_at,
        changed=row.last_published_at or at,
        status="publish" if row.live else "draft",
        slug=row.slug,
        comments_open=False,
        inner=inner,
        zone=zone,
    )


def attachment(
    number: int,
    url: str,
    *,
    title: str,
    words_of: tuple[str, str, str],
    parent: int,
    created_at: datetime,
    zone: ZoneInfo,
) -> str:
    """Return a picture; ``words_of`` are its caption, credit and text alternative."""
    caption, credit, alt = words_of
    inner = f"\t\t<wp:attachment_url>{cdata(url)}</wp:attachment_url>\n"
    inner += meta("_wp_attached_file", url.partition("/media/")[2])
    if alt:
        inner += meta("_wp_attachment_image_alt", words(alt))
    if credit:
        inner += meta("_media_credit", words(credit))
    return _item(
        number=number,
        kind="attachment",
        title=title,
        link=f"{settings.BASE_URL}/?attachment_id={number}",
        author="",
        content="",
        excerpt=caption,
        at=created_at,
        local=created_at,
        changed=created_at,
        status="inherit",
        slug=f"picture-{number}",
        comments_open=False,
        inner=inner,
        zone=zone,
        guid=url,
        parent=parent,
    )


def redirects(numbers: Numbers) -> Iterator[str]:
    """Yield the redirects, as the plugin Safe Redirect Manager keeps them."""
    for place, told in enumerate(particulars.redirects(), start=1):
        number = numbers.redirects + place
        inner = meta("_redirect_rule_from", told["from"]) + meta("_redirect_rule_to", told["to"])
        inner += meta("_redirect_rule_status_code", "301" if told["permanent"] else "302")
        inner += meta("_redirect_rule_from_regex", "0")
        yield _item(
            number=number,
            kind="redirect_rule",
            title=told["from"],
            link=f"{settings.BASE_URL}/?post_type=redirect_rule&p={number}",
            author="",
            content="",
            excerpt="",
            at=None,
            local=None,
            changed=None,
            status="publish",
            slug=f"redirect-{place}",
            comments_open=False,
            inner=inner,
            zone=ZoneInfo("UTC"),
        )


def _own_words(photo: Photo) -> bool:
    picture = photo.picture
    return picture is not None and (
        photo.printed_caption != picture.caption
        or photo.printed_credit != picture.credit
        or (photo.alt_text or picture.description) != picture.description
    )


def _item(
    *,
    number: int,
    kind: str,
    title: str,
    link: str,
    author: str,
    content: str,
    excerpt: str,
    at: datetime | None,
    local: datetime | None,
    changed: datetime | None,
    status: str,
    slug: str,
    comments_open: bool,
    inner: str,
    zone: ZoneInfo,
    guid: str = "",
    parent: int = 0,
) -> str:
    guid = guid or link
    return "".join(
        [
            "\t<item>\n",
            section("title", words(title)),
            element("link", link),
            element("pubDate", rfc_time(at)),
            section("dc:creator", author),
            f'\t\t<guid isPermaLink="false">{cdata(guid)}</guid>\n',
            "\t\t<description></description>\n",
            section("content:encoded", content),
            section("excerpt:encoded", words(excerpt)),
            element("wp:post_id", number),
            section("wp:post_date", stamp(local, zone)),
            section("wp:post_date_gmt", stamp(at)),
            section("wp:post_modified", stamp(changed, zone)),
            section("wp:post_modified_gmt", stamp(changed)),
            section("wp:comment_status", "open" if comments_open else "closed"),
            section("wp:ping_status", "closed"),
            section("wp:post_name", slug),
            section("wp:status", status),
            element("wp:post_parent", parent),
            element("wp:menu_order", 0),
            section("wp:post_type", kind),
            section("wp:post_password", ""),
            element("wp:is_sticky", 0),
            inner,
            "\t</item>\n",
        ]
    )
