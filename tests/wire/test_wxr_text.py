"""The text of WordPress posts: without paragraphs, in blocks, and what stands within."""

from __future__ import annotations

from pathlib import Path

import pytest

from broadsheet.wire.items import Unread, WireItem
from broadsheet.wire.parsers import fragment
from broadsheet.wire.parsers.autop import paragraphs
from wire.wordpress_export import BASE, attachment, item, items, meta, records, site, unread


def read(path: Path, content: str, *others: str, inner: str = "") -> tuple[WireItem, list[Unread]]:
    found = records(path, site(item(1, content, inner), *others))
    return items(found)[0], [record for record in found if isinstance(record, Unread)]


def told(post: WireItem) -> list[tuple[str, str]]:
    return [(block.kind, block.html) for block in post.body]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One.\n\nTwo.", [("paragraph", "One."), ("paragraph", "Two.")]),
        ("One,\ntwo.\n\nThree", [("paragraph", "One, two."), ("paragraph", "Three")]),
        ("One.<br /><br />Two.", [("paragraph", "One."), ("paragraph", "Two.")]),
        ("One<br>\n<br/>\nTwo<br/>\n<br />", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<b>One</b>\n\n<i>Two</i>",
         [("paragraph", "<strong>One</strong>"), ("paragraph", "<em>Two</em>")]),
        ("One\n<blockquote>Two\n\nThree</blockquote>\nFour",
         [("paragraph", "One"), ("quotation", "Two"), ("quotation", "Three"),
          ("paragraph", "Four")]),
        ("One\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\nTwo",
         [("paragraph", "One"), ("list", "<ul> <li>a</li> <li>b</li> </ul>"),
          ("paragraph", "Two")]),
        ("<h2>Head</h2>\nOne", [("heading", "Head"), ("paragraph", "One")]),
        ("One<hr>Two", [("paragraph", "One"), ("paragraph", "Two")]),
        ("One\n\n<pre>a\n\nb</pre>\n\nTwo",
         [("paragraph", "One"), ("paragraph", "a"), ("paragraph", "b"), ("paragraph", "Two")]),
        ("<div>One\n\nTwo</div>", [("paragraph", "One"), ("paragraph", "Two")]),
        ("<p>One</p>\n\nTwo", [("paragraph", "One"), ("paragraph", "Two")]),
        ("One<!--more-->Two<!--nextpage-->\n\nThree",
         [("paragraph", "One"), ("paragraph", "Two"), ("paragraph", "Three")]),
        ("Hello <a\nhref='https://a.example/'>there</a>",
         [("paragraph", 'Hello <a href="https://a.example/">there</a>')]),
        ("One <em>two\n\nthree</em>",
         [("paragraph", "One <em>two</em>"), ("paragraph", "<em>three</em>")]),
    ],
)  # fmt: skip
def test_paragraphs_are_those_wordpress_makes(typed: str, shown: list[tuple[str, str]]) -> None:
    blocks = fragment.read(paragraphs(typed)).blocks
    assert [(block.kind, block.html) for block in blocks] == shown


def test_nothing_is_added_to_paragraphs_that_are_marked() -> None:
    marked = "<p>One</p>\n<table>\n<tr><td>a</td></tr>\n</table>\n<figure><img src='x'></figure>"
    assert paragraphs(marked) == marked


BLOCKS = """<!-- wp:paragraph {"dropCap":true} -->
<p class="has-drop-cap">One.</p>
<!-- /wp:paragraph -->

<!-- wp:heading -->
<h2 class="wp-block-heading">Head</h2>
<!-- /wp:heading -->

<!-- wp:list --><ul class="wp-block-list"><!-- wp:list-item -->
<li>a</li>
<!-- /wp:list-item --></ul><!-- /wp:list -->

<!-- wp:quote -->
<blockquote class="wp-block-quote"><!-- wp:paragraph -->
<p>Quoted.</p>
<!-- /wp:paragraph --><cite>Ann</cite></blockquote>
<!-- /wp:quote -->

<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column -->
<div class="wp-block-column"><!-- wp:paragraph --><p>Left.</p><!-- /wp:paragraph --></div>
<!-- /wp:column --></div><!-- /wp:columns -->

<!-- wp:table -->
<figure class="wp-block-table"><table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td>
</tr></tbody></table></figure>
<!-- /wp:table -->

<!-- wp:embed {"url":"https://youtu.be/abc","type":"video","providerNameSlug":"youtube"} -->
<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://youtu.be/abc
</div><figcaption>The film</figcaption></figure>
<!-- /wp:embed -->

<!-- wp:video {"id":5} -->
<figure class="wp-block-video"><video controls src="https://a.example/v.mp4"></video></figure>
<!-- /wp:video -->

<!-- wp:file {"id":6,"href":"https://a.example/plan.pdf"} -->
<div class="wp-block-file"><a href="https://a.example/plan.pdf">The plan</a><a
href="https://a.example/plan.pdf" class="wp-block-file__button" download>Download</a></div>
<!-- /wp:file -->

<!-- wp:separator -->
<hr class="wp-block-separator"/>
<!-- /wp:separator -->

<!-- wp:latest-posts {"postsToShow":3} /-->

<!-- wp:buttons --><div class="wp-block-buttons"><!-- wp:button -->
<div class="wp-block-button"><a class="wp-block-button__link" href="https://a.example/">Go</a></div>
<!-- /wp:button --></div><!-- /wp:buttons -->"""


def test_blocks_become_what_readers_saw(tmp_path: Path) -> None:
    post, notes = read(tmp_path, BLOCKS)
    assert told(post) == [
        ("paragraph", "One."),
        ("heading", "Head"),
        ("list", "<ul> <li>a</li> </ul>"),
        ("quotation", "Quoted."),
        ("quotation", "<em>Ann</em>"),
        ("paragraph", "Left."),
        ("table", "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td> </tr>"
         "</tbody></table>"),
        ("embed", "https://youtu.be/abc"),
        ("paragraph", "The film"),
        ("embed", "https://a.example/v.mp4"),
        ("paragraph", '<a href="https://a.example/plan.pdf">The plan</a>'),
        ("paragraph", '<a href="https://a.example/">Go</a>'),
    ]  # fmt: skip
    (note,) = notes
    assert (note.kind, note.is_noted) == ("block", True)
    assert "“latest-posts” stands once in “Post 1” (post 1)" in note.reason


def test_reusable_blocks_stand_where_they_are_shown(tmp_path: Path) -> None:
    post, notes = read(
        tmp_path,
        '<!-- wp:paragraph --><p>One.</p><!-- /wp:paragraph --><!-- wp:block {"ref":30} /-->'
        '<!-- wp:block {"ref":31} /-->',
        item(
            30,
            '<!-- wp:group --><p>Shared.</p><!-- /wp:group --><!-- wp:block {"ref":30} /-->',
            wp__post_type="wp_block",
        ),
    )
    assert [html for _, html in told(post)] == ["One.", "Shared."]
    assert sorted(note.kind for note in notes) == ["block", "wp_block"]


def test_galleries_and_pictures_of_the_block_editor(tmp_path: Path) -> None:
    url = f"{BASE}/wp-content/uploads/2020/01/"
    post, _ = read(
        tmp_path,
        f"""<!-- wp:image {{"id":20,"sizeSlug":"large"}} -->
<figure class="wp-block-image"><img src="{url}a-1024x683.jpg" alt="" class="wp-image-20"/>
<figcaption class="wp-element-caption">A caption</figcaption></figure>
<!-- /wp:image -->
<!-- wp:gallery {{"ids":[21]}} --><ul class="wp-block-gallery"><li><figure>
<img src="https://i0.wp.com/courier.example/wp-content/uploads/2020/01/b.jpg?resize=300%2C200"
data-id="21" alt=""/></figure></li></ul><!-- /wp:gallery -->
<!-- wp:cover {{"url":"{url}c.jpg","id":22}} -->
<div class="wp-block-cover" style="background-image:url({url}c.jpg)"><p>On it</p></div>
<!-- /wp:cover -->""",
        attachment(20, "a-scaled.jpg", excerpt__encoded="From the library"),
        attachment(21, "b.jpg", excerpt__encoded="B"),
        attachment(22, "c.jpg"),
    )
    assert [(photo.url.rsplit("/", 1)[1], photo.caption) for photo in post.photos] == [
        ("a-scaled.jpg", "A caption"), ("b.jpg", "B"), ("c.jpg", "")
    ]  # fmt: skip
    assert [kind for kind, _ in told(post)] == ["photo", "photo", "photo", "paragraph"]


def test_a_caption_in_a_gallery_goes_with_its_own_picture(tmp_path: Path) -> None:
    figures = "".join(
        f'<!-- wp:image --><figure class="wp-block-image"><img src="https://a.example/{n}.jpg"/>'
        f"{'<figcaption>Only here</figcaption>' if n == 2 else ''}</figure><!-- /wp:image -->"
        for n in (1, 2, 3)
    )
    post, _ = read(
        tmp_path,
        '<!-- wp:gallery --><figure class="wp-block-gallery has-nested-images">'
        f"{figures}</figure><!-- /wp:gallery -->",
    )
    assert [photo.caption for photo in post.photos] == ["", "Only here", ""]


def test_footnotes_come_along(tmp_path: Path) -> None:
    post, _ = read(
        tmp_path,
        '<!-- wp:paragraph --><p>One<sup data-fn="x" class="fn"><a href="#x">1</a></sup>.</p>'
        "<!-- /wp:paragraph --><!-- wp:footnotes /-->",
        inner=meta(footnotes='[{"id":"x","content":"The note"}]'),
    )
    assert told(post)[-1] == ("numbered list", "<ol><li>The note</li></ol>")


def test_classic_text_between_blocks_and_broken_blocks_keep_their_words(tmp_path: Path) -> None:
    post, _ = read(
        tmp_path,
        "Old.\n\nText.<!-- wp:paragraph --><p>New.</p><!-- /wp:paragraph -->More\n\nold."
        "<!-- wp:group --><p>Open.</p><!-- /wp:nothing --><!-- wp:cut",
    )
    assert [html for _, html in told(post)] == ["Old.", "Text.", "New.", "More", "old.", "Open."]


def test_addresses_on_their_own_line_play(tmp_path: Path) -> None:
    post, _ = read(
        tmp_path,
        "Watch:\n\nhttps://www.youtube.com/watch?v=abc\n\nRead https://youtu.be/x here.\n\n"
        "https://courier.example/other/",
    )
    assert told(post) == [
        ("paragraph", "Watch:"),
        ("embed", "https://www.youtube.com/watch?v=abc"),
        ("paragraph", "Read https://youtu.be/x here."),
        ("paragraph", "https://courier.example/other/"),
    ]


def test_shortcodes_are_told_by_name_post_and_count(tmp_path: Path) -> None:
    post, notes = read(tmp_path, 'One [my_box a="1"]two[/my_box] [my_box][contact-form-7 id="3"]')
    assert told(post) == [("paragraph", 'One [my_box a="1"]two[/my_box] [my_box]')]
    kept, removed = notes
    assert "[my_box] stands 2 times in “Post 1” (post 1) and was kept" in kept.reason
    assert "[contact-form-7] stood once" in removed.reason
    assert all(note.kind == "shortcode" and note.is_noted for note in notes)


def test_a_gallery_without_ids_shows_what_was_uploaded_to_the_post(tmp_path: Path) -> None:
    found = records(
        tmp_path,
        site(
            attachment(21, "b.jpg", wp__post_parent="1", wp__menu_order="2"),
            item(1, "[gallery]"),
            attachment(22, "a.jpg", wp__post_parent="1", wp__menu_order="1"),
            attachment(23, "c.pdf", wp__post_parent="1"),
        ),
    )
    (post,) = items(found)
    assert [photo.url.rsplit("/", 1)[1] for photo in post.photos] == ["a.jpg", "b.jpg"]
    assert len(unread(found, "file")) == 1
