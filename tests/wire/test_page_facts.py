"""What a saved page tells of its story: names out of bylines, the headline, the day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem
from broadsheet.wire.times import read_moment

_STORY = (
    "<p>The mill at the lower bridge was sold on Wednesday evening after a debate of four hours, "
    "in which not one voice was raised against the families who live there.</p>"
    "<p>They will pay for it in eleven yearly parts, the first of them at the end of the month.</p>"
)


def page(
    head: str = "", above: str = "<h1>Mill sold to its tenants</h1>", below: str = ""
) -> WireItem:
    content = (
        f"<html><head>{head}</head><body><article>{above}{_STORY}</article>{below}</body></html>"
    )
    (item,) = parsers.items(Incoming(content.encode(), "page.html"))
    return item


def meta(**named: str) -> str:
    return "".join(
        f'<meta property="{name.replace("_", ":", 1)}" content="{value}">'
        for name, value in named.items()
    )


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Ada Brook, Carl D. Fenn and Ewa Gora", ("Ada Brook", "Carl D. Fenn", "Ewa Gora")),
        ("Ada Brook, Valley News", ("Ada Brook",)),
        ("Ada Brook Valley News Staff Writer", ("Ada Brook",)),
        ("Ada Brook, Senior Correspondent in Bern", ("Ada Brook",)),
        ("Par ADA BROOK, CARL FENN Envoyés spéciaux à Berne", ("ADA BROOK", "CARL FENN")),
        ("Autorin: Ada Brook", ("Ada Brook",)),
        ("作者：温素霞", ("温素霞",)),
        ("نویسنده: آدا بروک", ("آدا بروک",)),
        ("Carl Fenn, Jr.", ("Carl Fenn Jr.",)),
        ("Ada Brook, MD, PhD", ("Ada Brook",)),
        ("Ada Brook (@adabrook)", ("Ada Brook",)),
        ("Ada Brook ada.brook@valley.example", ("Ada Brook",)),
        ("Ada Brook Fri., Aug. 23, 2019", ("Ada Brook",)),
        ("Lena Sun", ("Lena Sun",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",)),
        ("User Admin", ()),
        ("Valley News", ("Valley News",)),
    ],
)
def test_names_are_taken_out_of_bylines(byline: str, names: tuple[str, ...]) -> None:
    item = page(meta(author=byline, og_site_name="Valley News"))
    assert item.authors == names


def test_who_made_the_template_is_no_author() -> None:
    foot = "<footer>Theme by <a rel='author' class='author'>Nice Themes</a></footer>"
    assert page(below=foot).authors == ()


@pytest.mark.parametrize(
    ("title", "above"),
    [
        (
            "Mill sold to its tenants | Valley News",
            "<h1>Local</h1><h2>Mill sold to its tenants</h2>",
        ),
        (
            "Valley News » Mill sold to its tenants",
            "<h1>Valley News</h1><h2>Mill sold to its tenants</h2>",
        ),
        ("Mill sold to its tenants", "<h1>Rivers and Mills</h1><h3>Mill sold to its tenants</h3>"),
        ("Valley News", "<h1>Mill sold to its tenants</h1>"),
    ],
)
def test_the_headline_is_what_title_and_heading_share(title: str, above: str) -> None:
    item = page(f"<title>{title}</title>", above)
    assert item.headline == "Mill sold to its tenants"
    assert not any("Mill sold" in block.html for block in item.body)


def test_an_address_is_older_than_the_last_change() -> None:
    item = page(
        '<link rel="canonical" href="https://valley.example/2017/7/12/mill-sold">'
        + meta(article_published_time="2019-06-17T18:28:00+02:00")
    )
    assert item.published == datetime(2017, 7, 12, tzinfo=UTC)
    assert any("the address was believed" in oddity for oddity in item.oddities)


def test_the_stated_time_stands_where_the_address_has_the_same_day() -> None:
    item = page(
        '<link rel="canonical" href="https://valley.example/2019/06/17/mill-sold">'
        + meta(article_published_time="2019-06-17T18:28:00+02:00")
    )
    assert item.published == datetime(2019, 6, 17, 16, 28, tzinfo=UTC)


def test_a_day_that_stands_in_a_script_is_found() -> None:
    item = page("<script>var story = {'published': '2018-05-04', 'id': 7};</script>")
    assert item.published == datetime(2018, 5, 4, tzinfo=UTC)
    assert any("inferred" in oddity for oddity in item.oddities)


def test_an_arabic_month_with_its_two_names_is_read() -> None:
    moment = read_moment("الأحد، 04 آب/أغسطس 2013، 02:21 (GMT+0400)", "ar")
    assert moment is not None
    assert moment.at == datetime(2013, 8, 3, 22, 21, tzinfo=UTC)


def test_verse_is_a_story_though_its_lines_are_short() -> None:
    lines = "".join(f"<p>The river runs by stone number {number}</p>" for number in range(30))
    content = f"<html><body><div><h1>Thirty stones</h1>{lines}</div></body></html>"
    (item,) = parsers.items(Incoming(content.encode(), "page.html"))
    assert len(item.body) == 30


def test_the_beginning_stands_in_for_a_headline() -> None:
    chinese = (
        "<p>"
        + "镇议会周三晚间经过四小时辩论决定将下桥边的旧磨坊卖给住在那里的十一户人家" * 4
        + "。</p>"
    )
    content = f"<html><body><div>{chinese}{_STORY}</div></body></html>"
    (item,) = parsers.items(Incoming(content.encode(), "page.html"))
    assert item.headline.startswith("镇议会周三晚间")
    assert item.headline.endswith(" …")
    assert item.oddities[0] == "The page has no headline; the beginning of its text stands in."
    assert len(item.body) == 3


def test_a_form_without_a_headline_is_refused() -> None:
    content = b"<html><body><form><p>Name</p><p>Street</p></form></body></html>"
    with pytest.raises(WireError, match="no headline"):
        parsers.items(Incoming(content, "page.html"))
