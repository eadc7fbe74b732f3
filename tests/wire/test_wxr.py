"""A site's export from WordPress: what is read of it, entry by entry."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.items import WireAuthor, WireItem, WireLink, WireRedirect, WireTopic
from broadsheet.wire.parsers import archive_parser
from wire.wordpress_export import (
    AUTHORS,
    BASE,
    FOOTER,
    HEADER,
    cdata,
    comment,
    item,
    items,
    meta,
    records,
    site,
    term,
    unread,
)


def one(path: Path, *entries: str, head: str = AUTHORS) -> WireItem:
    return items(records(path, site(*entries, head=head)))[0]


def test_a_post_is_read_with_all_it_says(tmp_path: Path) -> None:
    post = one(
        tmp_path,
        item(
            7,
            "<p>First.</p>\n<p>Second.</p>",
            term("category", "news", "News") + term("post_tag", "river", "The River"),
            title=cdata("Rain &amp; wind"),
            excerpt__encoded=cdata("In <em>short</em>."),
            wp__post_modified_gmt="2020-02-01 08:00:00",
        ),
    )
    assert post.guid == f"{BASE}/?p=7"
    assert (post.kind, post.stage, post.format) == ("text", "published", "WordPress WXR")
    assert post.headline == "Rain & wind"
    assert plain_paragraphs(post) == ["First.", "Second."]
    assert post.lead == "In short."
    assert post.published == datetime(2020, 1, 2, 9, tzinfo=UTC)
    assert post.updated == datetime(2020, 2, 1, 8, tzinfo=UTC)
    assert post.authors == ("Ann Weaver",)
    assert (post.section, post.topics) == ("News", ("The River",))
    assert post.language == "en"
    assert post.comments_open is True
    assert post.old_urls == (f"{BASE}/2020/01/post-7/", f"{BASE}/?p=7")
    assert post.news_id is None
    assert post.oddities == ()
    assert post.raw is not None
    assert post.raw.startswith(b"<item>")
    assert post.raw.endswith(b"</item>")


def test_authors_and_topics_come_first_with_empty_ones(tmp_path: Path) -> None:
    head = AUTHORS + (
        "<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>news</wp:category_nicename>"
        "<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[News]]></wp:cat_name>"
        "</wp:category><wp:category><wp:term_id>6</wp:term_id><wp:category_nicename>town"
        "</wp:category_nicename><wp:category_parent>news</wp:category_parent><wp:cat_name>"
        "<![CDATA[Town &amp; county]]></wp:cat_name></wp:category>"
        "<wp:tag><wp:term_id>9</wp:term_id><wp:tag_slug>rain</wp:tag_slug><wp:tag_name>"
        "<![CDATA[Rain]]></wp:tag_name></wp:tag>"
        "<wp:term><wp:term_id>11</wp:term_id><wp:term_taxonomy>nav_menu</wp:term_taxonomy>"
        "<wp:term_slug>main</wp:term_slug><wp:term_name>Main</wp:term_name></wp:term>"
    )
    read = records(tmp_path, site(item(1, inner=term("post_tag", "new", "New")), head=head))
    author = read[0]
    assert isinstance(author, WireAuthor)
    assert (author.name, author.slug, author.email) == ("Ann Weaver", "ann", "ann@courier.example")
    topics = [record for record in read if isinstance(record, WireTopic)]
    assert [(each.name, each.parent, each.is_section) for each in topics] == [
        ("News", "", True), ("Town & county", "news", True), ("Rain", "", False), ("New", "", False)
    ]  # fmt: skip
    assert isinstance(read[5], WireItem)


def test_the_first_version_names_no_authors_and_lists_categories_twice(tmp_path: Path) -> None:
    header = HEADER.replace("export/1.2/", "export/1.0/").replace("1.2<", "1.0<")
    twice = (
        f"<category>{cdata('News')}</category>{term('category', 'news', 'News')}"
        f'<category domain="tag">{cdata("river")}</category>{term("tag", "river", "river")}'
    )
    read = records(tmp_path, header + item(1, inner=twice) + FOOTER)
    assert [each.name for each in read if isinstance(each, WireAuthor)] == ["ann"]
    assert [each.slug for each in read if isinstance(each, WireTopic)] == ["news", "river"]
    (post,) = items(read)
    assert (post.section, post.topics, post.authors) == ("News", ("river",), ("ann",))


@pytest.mark.parametrize(
    ("status", "stage"),
    [("publish", "published"), ("future", "scheduled"), ("draft", "draft"),
     ("pending", "pending"), ("private", "private"), ("trash", "trashed"), ("pitch", "draft"),
     ("", "draft")],
)  # fmt: skip
def test_a_status_becomes_a_stage(tmp_path: Path, status: str, stage: str) -> None:
    post = one(tmp_path, item(wp__status=status))
    assert post.stage == stage
    assert bool(post.oddities) == (status in {"pitch", ""})


def test_a_password_makes_a_post_private(tmp_path: Path) -> None:
    post = one(tmp_path, item(wp__post_password="sesame"))
    assert post.stage == "private"
    assert any("password" in each for each in post.oddities)


def test_what_wordpress_does_not_import_is_told(tmp_path: Path) -> None:
    read = records(
        tmp_path,
        site(
            item(1, wp__status="auto-draft"),
            item(2, "", title=""),
            item(3, "", wp__post_type="nav_menu_item"),
            item(4, "", wp__post_type="nav_menu_item"),
            item(5, "[]", wp__post_type="wp_global_styles"),
            item(6, "", wp__post_type="slide"),
            item(7, "<p>Bread.</p>", wp__post_type="recipe"),
        ),
    )
    (recipe,) = items(read)
    assert recipe.headline == "Post 7"
    assert any("“recipe”" in each for each in recipe.oddities)
    assert f"{BASE}/?post_type=recipe&p=7" in recipe.old_urls
    assert len(unread(read, "story")) == 2
    (menus,) = unread(read, "nav_menu_item")
    assert menus.reason.startswith("2 entries")
    assert menus.is_noted
    assert len(unread(read, "wp_global_styles")) == len(unread(read, "slide")) == 1


def test_a_draft_without_gmt_takes_the_zone_of_the_posts_around(tmp_path: Path) -> None:
    read = records(
        tmp_path,
        site(
            item(1, wp__post_date="2020-01-02 10:00:00", wp__post_date_gmt="2020-01-02 09:00:00"),
            item(2, wp__post_date="2020-07-02 10:00:00", wp__post_date_gmt="2020-07-02 08:00:00"),
            item(
                3, wp__status="draft", wp__post_date="2020-07-09 10:00:00",
                wp__post_date_gmt="0000-00-00 00:00:00",
                pubDate="Wed, 30 Nov -0001 00:00:00 +0000",
            ),
            item(
                4, wp__post_date="", wp__post_date_gmt="0000-00-00 00:00:00",
                pubDate="Thu, 02 Jan 2020 10:00:00 +0330",
            ),
            item(
                6, wp__post_date="2020-07-02 10:00:00", wp__post_date_gmt="",
                pubDate="Thu, 02 Jul 2020 05:30:00 +0000",
            ),
            item(5, wp__post_date="yesterday", wp__post_date_gmt="2020-13-45 00:00:00"),
        ),
    )  # fmt: skip
    third, fourth, sixth, fifth = items(read)[2:]
    assert third.published == datetime(2020, 7, 9, 8, tzinfo=UTC)
    assert third.oddities == ("Its time is local; it was read as UTC+02:00, as other posts tell.",)
    assert fourth.published == datetime(2020, 1, 2, 6, 30, tzinfo=UTC)
    assert fifth.published is None
    assert sixth.published == datetime(2020, 7, 2, 5, 30, tzinfo=UTC)
    assert sixth.oddities == ()


def test_the_primary_category_is_the_section(tmp_path: Path) -> None:
    head = AUTHORS + (
        "<wp:category><wp:term_id>6</wp:term_id><wp:category_nicename>town</wp:category_nicename>"
        "<wp:cat_name><![CDATA[Town]]></wp:cat_name></wp:category>"
    )
    sorted_under = (
        term("category", "uncategorized", "Uncategorized") + term("category", "news", "News")
        + term("category", "town", "Town") + term("post_format", "post-format-aside", "Aside")
        + term("series", "floods", "Floods")
    )  # fmt: skip
    first, second = items(
        records(
            tmp_path,
            site(
                item(1, inner=sorted_under + meta(_yoast_wpseo_primary_category="6")),
                item(2, inner=sorted_under),
                head=head,
            ),
        )
    )
    assert (first.section, first.topics) == ("Town", ("News", "Floods"))
    assert (second.section, second.topics) == ("News", ("Town", "Floods"))


def test_several_authors_stand_in_their_order(tmp_path: Path) -> None:
    guest = item(
        90, "", meta(**{"cap-display_name": "Bea Miller", "cap-user_login": "bea-miller"}),
        wp__post_type="guest-author", title="Bea Miller", wp__post_name="cap-bea-miller",
    )  # fmt: skip
    together = term("author", "cap-ann", "ann") + term("author", "cap-bea-miller", "bea-miller")
    read = records(tmp_path, site(item(1, inner=together), guest))
    assert items(read)[0].authors == ("Ann Weaver", "Bea Miller")
    assert [each.name for each in read if isinstance(each, WireAuthor)] == [
        "Ann Weaver", "Bea Miller"
    ]  # fmt: skip


def test_a_login_is_found_however_it_is_written(tmp_path: Path) -> None:
    for login in ("ANN", "&gt;ann", " ann "):
        assert one(tmp_path, item(1, dc__creator=login)).authors == ("Ann Weaver",)


def test_every_old_address_is_kept(tmp_path: Path) -> None:
    read = records(
        tmp_path,
        site(
            item(1, inner=meta(_wp_old_slug="first-words", _wp_old_date="2019-12-31")),
            item(2, wp__post_type="page", link=f"{BASE}/about/us/"),
            item(3, inner=meta(_links_to="/elsewhere/")),
            item(
                4, "", meta(_redirect_rule_from="/old", _redirect_rule_to="/2020/01/post-1/"),
                wp__post_type="redirect_rule",
            ),
            item(
                5, "", meta(_redirect_rule_from="/old/*", _redirect_rule_to="/"),
                wp__post_type="redirect_rule",
            ),
        ),
    )  # fmt: skip
    post, page, elsewhere = items(read)
    assert post.old_urls == (
        f"{BASE}/2020/01/post-1/", f"{BASE}/?p=1", f"{BASE}/2020/01/first-words/",
        f"{BASE}/2019/12/post-1/",
    )  # fmt: skip
    assert page.kind == "page"
    assert page.old_urls[0] == f"{BASE}/about/us/"
    assert f"{BASE}/?page_id=2" in page.old_urls
    assert f"{BASE}/2020/01/post-3/" not in elsewhere.old_urls
    redirects = [record for record in read if isinstance(record, WireRedirect)]
    assert [(each.old_url, each.new_url) for each in redirects] == [
        (f"{BASE}/2020/01/post-3/", f"{BASE}/elsewhere/"),
        (f"{BASE}/old", f"{BASE}/2020/01/post-1/"),
    ]
    assert len(unread(read, "redirect")) == 1


@pytest.mark.parametrize(
    ("link", "old"),
    [("/2020/post-1/", "/2020/first/"), ("/7-post-1.html", "/7-first.html"),
     ("/?name=post-1", "/?name=first"), ("/the-post-1/", ""), ("/?p=1", "")],
)  # fmt: skip
def test_a_name_that_changed_is_put_into_the_permalink(tmp_path: Path, link: str, old: str) -> None:
    post = one(tmp_path, item(1, inner=meta(_wp_old_slug="first"), link=BASE + link))
    assert [url for url in post.old_urls if "first" in url] == ([BASE + old] if old else [])


def test_comments_come_with_their_threads(tmp_path: Path) -> None:
    inner = (
        comment(12, "An answer.<br />Two lines.", parent="10", approved="0")
        + comment(
            10, "See <a href='https://a.example/x'>this</a> &amp; that", author="O&#8217;Neil"
        )
        + comment(11, "Buy!", approved="spam")
        + comment(13, "To the spam", parent="11")
        + comment(14, "[...] cites you", type="pingback")
        + comment(15, "Check this", type="note")
        + comment(16, "No gmt", date="2020-01-03 12:00:00", date_gmt="0000-00-00 00:00:00")
    )
    read = records(tmp_path, site(item(1, inner=inner)))
    first, answer, orphan, local = items(read)[0].comments
    assert first.author == "O’Neil"
    assert first.text == "See this (https://a.example/x) & that"
    assert first.email == "reader@mail.example"
    assert first.written_at == datetime(2020, 1, 2, 11, tzinfo=UTC)
    assert first.approved
    assert answer.text == "An answer.\nTwo lines."
    assert answer.parent_guid == first.guid
    assert not answer.approved
    assert orphan.parent_guid == ""
    assert local.written_at == datetime(2020, 1, 3, 11, tzinfo=UTC)
    assert sorted(each.reason.split(" under ")[0] for each in unread(read, "comment")) == [
        "1 comments marked as spam", "1 links from other sites (pingbacks)",
        "1 notes of the newsroom",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "notation",
    [
        "[:de]{}[:en]{}[:]",
        "<!--:de-->{}<!--:--><!--:en-->{}<!--:-->",
        "{{:de}}{}{{:en}}{}{{:}}",
    ],
)
def test_two_languages_in_one_post_are_two_stories(tmp_path: Path, notation: str) -> None:
    text = notation.format(
        "<p>Der Regen fällt, und die Brücke über den Fluss ist seit heute gesperrt.</p>",
        "<p>Rain is falling, and the bridge over the river has been closed since today.</p>",
    )
    german, english = sorted(
        items(
            records(tmp_path, site(item(1, text, title=cdata(notation.format("Regen", "Rain")))))
        ),
        key=lambda each: each.language,
    )
    assert (german.headline, german.language, german.guid) == ("Regen", "de", f"{BASE}/?p=1#de")
    assert (english.headline, english.language, english.guid) == ("Rain", "en", f"{BASE}/?p=1")
    assert german.links == (WireLink("translates", english.guid),)
    assert plain_paragraphs(german)[0].startswith("Der Regen")
    assert not german.old_urls


def test_a_plugin_names_the_language(tmp_path: Path) -> None:
    assert one(tmp_path, item(1, inner=term("language", "fr", "Français"))).language == "fr"
    assert one(tmp_path, item(1, inner=meta(_wpml_import_language_code="es"))).language == "es"


def test_two_entries_with_one_guid_are_two_stories(tmp_path: Path) -> None:
    first, second = items(records(tmp_path, site(item(1, guid=BASE), item(2, guid=BASE))))
    assert (first.guid, second.guid) == (BASE, f"{BASE}#2")


def test_a_post_without_a_title_has_its_first_words(tmp_path: Path) -> None:
    post = one(tmp_path, item(1, "<p>" + "Word " * 40 + "</p>", title=""))
    assert post.headline.startswith("Word Word")
    assert post.headline.endswith("…")
    assert any("no title" in each for each in post.oddities)


def test_fields_of_the_sites_own_are_read_or_told(tmp_path: Path) -> None:
    own = meta(
        subtitle="Below the title", recipe_note="Take two eggs and then some more", score="5"
    )
    read = records(tmp_path, site(item(1, inner=own), item(2, inner=own)))
    assert [each.lead for each in items(read)] == ["Below the title"] * 2
    (field,) = unread(read, "field")
    assert "“recipe_note” holds text in 2 stories" in field.reason


def test_exports_are_told_from_feeds() -> None:
    assert archive_parser(HEADER.encode()) is not None
    assert archive_parser(HEADER.encode("utf-16")) is not None
    assert archive_parser(b"<rss><channel><item><wp:post_id>1</wp:post_id>") is not None
    feed = b'<?xml version="1.0"?><rss version="2.0"><channel><title>http://wordpress.org/export/'
    assert archive_parser(feed) is None
    assert archive_parser(b"") is None
