"""Pictures of a WordPress export: in posts, in the media library, and missing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from broadsheet.wire.items import WireRedirect
from wire.wordpress_export import BASE, attachment, cdata, item, items, meta, records, site, unread

PHP = (
    'a:3:{s:5:"width";i:800;s:4:"file";s:5:"a.jpg";s:10:"image_meta";a:3:{s:6:"credit";'
    's:9:"Jörg Neu";s:17:"created_timestamp";s:10:"1262304000";s:9:"copyright";s:0:"";}}'
)


def test_pictures_have_the_words_of_the_library(tmp_path: Path) -> None:
    hall = attachment(
        20, "hall.jpg", meta(_wp_attachment_image_alt="A hall", _wp_attachment_metadata=PHP),
        excerpt__encoded=cdata("The hall in <em>May</em>"),
    )  # fmt: skip
    post = item(
        1,
        f'<p>Words.</p><img class="wp-image-20" src="{BASE}/wp-content/uploads/2020/01/'
        'hall-300x200.jpg" /><p>More.</p>',
        meta(_thumbnail_id="21"),
    )
    tower = attachment(21, "tower.jpg", excerpt__encoded=cdata("The tower. Photo: Bea Miller"))
    unused = attachment(22, "unused.png", wp__post_parent="1")
    song = attachment(23, "song.mp3")
    form = attachment(24, "form.pdf")
    read = records(tmp_path, site(hall, post, tower, unused, song, form))
    story, picture, audio = items(read)
    first, second = story.photos
    assert (first.caption, first.credit) == ("The tower.", "Bea Miller")
    assert first.file_name == "tower.jpg"
    assert second.url == f"{BASE}/wp-content/uploads/2020/01/hall.jpg"
    assert (second.caption, second.credit) == ("The hall in May", "Jörg Neu")
    assert (second.alt_text, second.taken_on) == ("A hall", date(2010, 1, 1))
    assert [block.kind for block in story.body] == ["paragraph", "photo", "paragraph"]
    assert story.body[1].html == second.key
    assert (picture.kind, picture.headline) == ("picture", "unused")
    assert f"{BASE}/attachment-22/" in picture.old_urls
    assert audio.kind == "audio"
    (file,) = unread(read, "file")
    assert "form.pdf" in file.reason
    redirects = [record for record in read if isinstance(record, WireRedirect)]
    assert [(each.old_url, each.guid) for each in redirects] == [
        (f"{BASE}/attachment-20/", story.guid), (f"{BASE}/attachment-21/", story.guid)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    ["<img src='/wp-content/uploads/2020/01/hall-300x200.jpg'>", '[gallery ids="3, 20"]',
     "<a href='//courier.example/wp-content/uploads/2020/01/hall.jpg'>x</a>",
     '<!-- wp:image {"lightbox":true,"id":20} --><figure></figure><!-- /wp:image -->',
     '<!-- wp:gallery {"ids":[3,20]} /-->'],
)  # fmt: skip
def test_a_picture_is_used_however_a_post_names_it(tmp_path: Path, content: str) -> None:
    read = records(tmp_path, site(attachment(20, "hall.jpg"), item(1, content)))
    assert [each.kind for each in items(read)] == ["text"]
    other = '<!-- wp:navigation-link {"id":20} /-->'
    unused = items(records(tmp_path, site(attachment(20, "hall.jpg"), item(1, other))))
    assert [each.kind for each in unused] == ["picture", "text"]


def test_a_picture_the_export_lacks_is_told(tmp_path: Path) -> None:
    read = records(tmp_path, site(item(1, '[gallery ids="77"]<p>W</p>', meta(_thumbnail_id="78"))))
    told = sorted(each.reason for each in unread(read, "photo"))
    assert ["picture 77," in told[0], "picture 78," in told[1], len(told)] == [True, True, 2]
