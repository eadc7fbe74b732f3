"""Exports that are cut off, damaged, in another encoding, or made to do harm."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import IncomingFile
from broadsheet.wire.items import Unread, WireAuthor
from broadsheet.wire.parsers import wxr, wxr_stream
from wire.wordpress_export import (
    AUTHORS,
    FOOTER,
    HEADER,
    attachment,
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


def test_what_stands_before_a_cut_is_read(tmp_path: Path) -> None:
    whole = site(item(1), item(2), item(3, "<p>Never ends</p>"))
    cut = whole[: whole.index("Never ends")]
    read = records(tmp_path, cut)
    assert [each.headline for each in items(read)] == ["Post 1", "Post 2"]
    story, file = [each for each in read if isinstance(each, Unread)]
    line = whole[: whole.rindex("<item>")].count("\n") + 1
    assert f"the entry of line {line} (“Post 3”)" in story.reason
    assert not story.is_noted
    assert "without its closing tags" in file.reason


@pytest.mark.parametrize("missing", [FOOTER, "</rss>\n"])
def test_a_missing_end_is_told_unless_the_channel_is_closed(tmp_path: Path, missing: str) -> None:
    read = records(tmp_path, site(item(1)).replace(missing, ""))
    assert len(items(read)) == 1
    assert len(unread(read, "file")) == (missing == FOOTER)


def test_an_entry_that_is_not_closed_costs_only_itself(tmp_path: Path) -> None:
    read = records(tmp_path, site(item(1), item(2).replace("</item>", ""), item(3)))
    assert [each.headline for each in items(read)] == ["Post 1", "Post 3"]
    (story,) = unread(read, "story")
    assert "(“Post 2”) is damaged" in story.reason


def test_entries_in_texts_and_comments_are_none(tmp_path: Path) -> None:
    text = "<p>A feed has</p><pre>&lt;item&gt;</pre>"
    odd = "<item>\n</item>\n</channel></rss> <![CDATA[ ]]> <!-- "
    read = records(tmp_path, site("<!-- <item> -->", item(1, text + odd), item(2)))
    assert [each.headline for each in items(read)] == ["Post 1", "Post 2"]
    assert plain_paragraphs(items(read)[0])[:2] == ["A feed has", "<item>"]
    assert not [each for each in read if isinstance(each, Unread)]


def test_escaped_ends_of_sections_are_text(tmp_path: Path) -> None:
    (post,) = items(records(tmp_path, site(item(1, "<p>Nested ]]&gt; and <code>x]]></code></p>"))))
    assert plain_paragraphs(post) == ["Nested ]]> and x]]>"]
    assert post.oddities == ()


@pytest.mark.parametrize(
    ("broken", "title", "text"),
    [
        ("<title>Caf&eacute; & bar &copy;</title>", "Café & bar ©", "The words."),
        ("<title><![CDATA[Ends ]]> here]]></title>", "Ends ]]> here", "The words."),
        ("<title>Two < three</title>", None, "The words."),
        ("<title>&#8;Bell\x08 &#x1F;</title>", "Bell", "The words."),
    ],
)
def test_what_is_not_well_formed_is_repaired(
    tmp_path: Path, broken: str, title: str | None, text: str
) -> None:
    entry = item(1).replace(f"<title>{cdata('Post 1')}</title>", broken)
    (post,) = items(records(tmp_path, site(entry, item(2))))[:1]
    assert title is None or post.headline == title
    assert plain_paragraphs(post) == [text]
    assert post.oddities


def test_control_characters_are_taken_out_and_told(tmp_path: Path) -> None:
    (post,) = items(records(tmp_path, site(item(1, "<p>A\x0bB\x00C\x1f</p>"))))
    assert plain_paragraphs(post) == ["ABC"]
    assert post.oddities == ("3 control characters, which XML cannot hold, were taken out.",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("le") else ""
    content = (mark + site(item(1, "<p>Žluťoučký kůň</p>"))).encode(encoding)
    assert plain_paragraphs(items(records(tmp_path, content))[0]) == ["Žluťoučký kůň"]


def test_bytes_that_are_no_utf8_are_read_as_declared(tmp_path: Path) -> None:
    text = site(item(1, "<p>Größe</p>"), item(2))
    latin, plain = items(records(tmp_path, text.encode("latin-1")))
    assert plain_paragraphs(latin) == ["Größe"]
    assert latin.oddities == ("The entry is not in UTF-8; it was read as cp1252.",)
    assert plain.oddities == ()
    greek = text.replace("UTF-8", "windows-1253").replace("Größe", "Νερό").encode("cp1253")
    assert plain_paragraphs(items(records(tmp_path, greek))[0]) == ["Νερό"]


@pytest.mark.parametrize(
    "prefix", ['xmlns:wp="https://wordpress.org/export/1.2/"', 'xmlns:x="http://a.example/"', ""]
)
def test_other_namespaces_do_not_matter(tmp_path: Path, prefix: str) -> None:
    header = HEADER.replace('xmlns:wp="http://wordpress.org/export/1.2/"', prefix)
    (post,) = items(records(tmp_path, header + AUTHORS + item(1) + FOOTER))
    assert (post.headline, post.authors) == ("Post 1", ("Ann Weaver",))


def test_another_prefix_is_found(tmp_path: Path) -> None:
    content = site(item(1)).replace("wp:", "blog:").replace("xmlns:wp=", "xmlns:blog=")
    read = records(tmp_path, content)
    assert [each.name for each in read if isinstance(each, WireAuthor)] == ["Ann Weaver"]
    assert items(read)[0].stage == "published"


def test_entities_and_document_types_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("The secret")
    document_type = (
        f'<!DOCTYPE rss [<!ENTITY own SYSTEM "file://{secret}"><!ENTITY a "{"x" * 100}">'
        + "".join(f'<!ENTITY a{n} "{"&a;" * 50}">' for n in range(9))
        + "]>"
    )
    content = site(item(1, title="T &own; &a8;")).replace("<rss", f"{document_type}<rss", 1)
    (post,) = items(records(tmp_path, content))
    assert post.headline == "T &own; &a8;"


def test_a_huge_entry_is_left_out_and_the_next_is_read(tmp_path: Path) -> None:
    huge = "<p>" + "x" * 100 * 1024
    content = site(item(1), item(2, huge * 200), item(3))
    read = records(tmp_path, content)
    assert [each.headline for each in items(read)] == ["Post 1", "Post 3"]
    (story,) = unread(read, "story")
    assert "more than 16 MB" in story.reason


def test_entries_across_chunks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = site(*[item(n, f"<p>Text {n}</p>" * n) for n in range(1, 40)], "<!-- <item> -->")
    expected = items(records(tmp_path, content))
    for size in (301, 307, 1009):
        monkeypatch.setattr(wxr_stream, "_CHUNK", size)
        assert items(records(tmp_path, content)) == expected


def test_a_file_that_is_gone_is_an_error_of_the_wire(tmp_path: Path) -> None:
    with pytest.raises(WireError, match="could not be read"):
        list(wxr.read(IncomingFile(tmp_path / "none.xml", "none.xml", b"")))


FULL = site(
    attachment(20, "hall.jpg", meta(_wp_attachment_image_alt="A hall")),
    item(
        1,
        "One [gallery ids='20']\n\n<b>two</b> [x a=1]y[/x] [:en]E[:de]D[:]",
        term("category", "news", "News") + comment(1, "Hi <b>you</b>") + meta(_thumbnail_id="20"),
    ),
    item(2, '<!-- wp:group {"a":[1]} --><p>x</p><!-- /wp:group --><!-- wp:block {"ref":3} /-->'),
    item(3, "<p>Shared</p>", wp__post_type="wp_block"),
)


def test_damaged_bytes_never_stop_the_reader(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311
    whole = FULL.encode()
    tokens = [b"<![CDATA[", b"]]>", b"<item>", b"</item>", b"<!--", b"-->", b"<", b"&", b"\x00",
              b"[", b"<!-- wp:a {", b"\xff\xfe", b"</channel>", b"0" * 30]  # fmt: skip
    for _ in range(60):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            place = chance.randrange(len(content))
            match chance.randrange(4):
                case 0:
                    content[place] = chance.randrange(256)
                case 1:
                    del content[place : place + chance.randint(1, 200)]
                case 2:
                    content[place:place] = chance.choice(tokens)
                case _:
                    start = chance.randrange(len(content))
                    content[place:place] = content[start : start + chance.randint(1, 300)]
        file = tmp_path / "export.xml"
        file.write_bytes(bytes(content))
        found = list(wxr.read(IncomingFile(file, "export.xml", bytes(content[:65536]))))
        assert not [each for each in found if isinstance(each, Unread) and "the log" in each.reason]


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "<item>" * 10_000,
        HEADER + "<item>" + "<a>" * 300_000 + "</item>",
        HEADER + "<item>" + "<!--" * 200_000 + "</item>",
        HEADER + "<item>" + "<x><![CDATA[" * 50_000 + "</item>" + FOOTER,
        HEADER + "<item>" + "<wp:comment><wp:comment_id>1</wp:comment_id>" * 20_000,
        site(item(1, "<div>" * 100_000)),
        site(item(1, "<div" * 100_000)),
        site(item(1, "<!-- wp:group -->" * 20_000 + "x")),
        site(item(1, '<!-- wp:x {"a":' * 20_000)),
        site(item(1, "[:en]" * 50_000)),
        site(item(1, "\n \n" * 100_000)),
        site(item(1, "<br>" * 100_000)),
        site(item(1, "https://" * 50_000)),
        site(item(1, title=cdata("<i>" * 50_000))),
        site(item(1, inner=meta(_wp_attachment_metadata='"image_meta"' + 's:9:"' * 20_000))),
    ],
)
def test_hostile_entries_take_no_time(tmp_path: Path, content: str) -> None:
    start = time.perf_counter()
    records(tmp_path, content)
    assert time.perf_counter() - start < 10
