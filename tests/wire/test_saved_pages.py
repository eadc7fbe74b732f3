"""Every page in tests/data/wire is read as the JSON file beside it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem

PAGES = sorted(
    page
    for page in (Path(__file__).parents[1] / "data" / "wire").iterdir()
    if page.suffix in {".html", ".txt"}
)


def read(page: Path) -> WireItem:
    (item,) = parsers.items(Incoming(page.read_bytes(), str(page)))
    return item


def as_expected(item: WireItem) -> dict[str, Any]:
    return {
        "headline": item.headline,
        "published": item.published.strftime("%Y-%m-%dT%H:%M:%SZ") if item.published else None,
        "language": item.language,
        "news_id": item.news_id,
        "authors": list(item.authors),
        "agencies": list(item.agencies),
        "photos": [
            {
                "caption": photo.caption,
                "credit": photo.credit,
                "taken_on": photo.taken_on.isoformat() if photo.taken_on else None,
            }
            for photo in item.photos
        ],
        "body": plain_paragraphs(item),
    }


def test_there_are_pages_of_many_shapes() -> None:
    assert len(PAGES) >= 24


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_is_read_whole(page: Path) -> None:
    expected = json.loads(Path(f"{page}.json").read_text("utf-8"))
    assert as_expected(read(page)) == expected


def test_xml_of_another_kind_is_no_page_though_it_holds_html() -> None:
    schema = (
        b'<?xml version="1.0"?><schema><doc><div><h1>About</h1><p>Words.</p></div></doc></schema>'
    )
    with pytest.raises(WireError, match="format is not known"):
        parsers.parse(Incoming(schema, "a.xsd"))
