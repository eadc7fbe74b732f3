"""Where a parser stumbles, one file is refused in a sentence that names its format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming, IncomingFile

STUMBLES = [
    UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"),
    TypeError(),
    KeyError("x"),
    OverflowError(),
    AttributeError(),
    RecursionError(),
    etree.LxmlError("x"),
]


@pytest.mark.parametrize("error", STUMBLES, ids=lambda error: type(error).__name__)
def test_whatever_a_parser_meets_is_told_by_the_name_of_its_format(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, error: Exception
) -> None:
    def stumble(_: object) -> Any:
        raise error

    for table in ("BINARY", "PARSERS"):
        for place in ("parse", "recognises"):
            broken = tuple(replace(each, **{place: stumble}) for each in getattr(parsers, table))
            with monkeypatch.context() as patched:
                patched.setattr(parsers, table, broken)
                name = broken[0].format if place == "recognises" else TAKEN_FOR[table]
                with pytest.raises(WireError, match=f"It looks like {name}, "):
                    parsers.parse(Incoming(SAMPLES[table], "x"))
    archives = tuple(replace(each, read=stumble) for each in parsers.ARCHIVES)
    monkeypatch.setattr(parsers, "ARCHIVES", archives)
    path = tmp_path / "export.xml"
    path.write_bytes(ARCHIVE)
    with pytest.raises(WireError, match="It looks like WordPress WXR"):
        list(parsers.read_archive(IncomingFile(path, "x", ARCHIVE)))
    with pytest.raises(WireError, match="It looks like WordPress WXR"):
        parsers.parse(Incoming(ARCHIVE, "x"))


SAMPLES = {
    "BINARY": b"From: a@b.example\nSubject: x\nTo: c@d.example\n\nText",
    "PARSERS": b"<nitf><body/></nitf>",
}
TAKEN_FOR = {"BINARY": "e-mail", "PARSERS": "NITF"}
ARCHIVE = b"""<?xml version="1.0"?><rss version="2.0"
xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>"""
