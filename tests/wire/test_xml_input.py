"""XML is read leniently, and nothing it declares is expanded or fetched."""

from __future__ import annotations

import pytest

from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.parsers import xml_input


def read(content: bytes) -> tuple[str, int]:
    markup = xml_input.read(Incoming(content, "f.xml"))
    return xml_input.text_of(markup.root), len(markup.oddities)


@pytest.mark.parametrize(
    ("content", "expected", "oddities"),
    [
        (b"<a>one <b>two</b>\n three</a>", "one two three", 0),
        (b"<a>Tom & Ann &eacute;</a>", "Tom & Ann é", 1),
        (b"<a>x<![CDATA[R&D &nbsp;]]></a>", "xR&D &nbsp;", 0),
        (b'<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>', "é", 0),
        ("<?xml version='1.0' encoding='utf-16'?><a>é</a>".encode("utf-16"), "é", 0),
        (b"<a>x&#0;</a>", "x\ufffd", 1),
        (b"<a><b>one<b>two</a>", "onetwo", 1),
        (b"\n\n<?xml version='1.0'?><a>late</a>", "late", 0),
    ],
)
def test_text_survives(content: bytes, expected: str, oddities: int) -> None:
    assert read(content) == (expected, oddities)


def test_what_a_document_type_declares_is_never_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY x "yyyy"><!ENTITY z SYSTEM "file:///etc/passwd">]><a>&x;&z;</a>'
    assert read(bomb) == ("&x;&z;", 1)
    assert xml_input.root_name(Incoming(bomb, "f.xml")) == "a"


def test_a_truncated_document_gives_what_came_before() -> None:
    assert read(b"<a><b>one</b><b>tw") == ("onetw", 1)


def test_what_is_no_xml_is_refused_with_a_line() -> None:
    with pytest.raises(WireError, match="line 1"):
        read(b"<")


def test_the_name_of_the_root_is_told_without_parsing() -> None:
    content = b"<?xml version='1.0'?><!-- a <b> --><!DOCTYPE rss><x:rss version='2.0'>"
    assert xml_input.root_name(Incoming(content, "f")) == "rss"
    assert xml_input.root_name(Incoming(b"no markup", "f")) == ""


def test_several_documents_in_one_file_are_told_apart() -> None:
    text = "<?xml version='1.0'?><a/>\n<?xml version='1.0'?><b/>"
    assert [part.strip()[-4:] for part in xml_input.documents(text)] == ["<a/>", "<b/>"]
