from __future__ import annotations

import json
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from broadsheet.accounts.models import Byline
from broadsheet.press import assets, dates, frame, icons, pages, pieces
from broadsheet.press.reading import one_reading
from broadsheet.stories.models import Agency, Story, Topic
from press import newspaper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.BASE_URL = "https://paper.example"
    settings.PAPER_LANGUAGES = ["en", "fa", "de"]


def _numbers(stories: list[Story]) -> list[int]:
    return [story.news_id for story in stories]


def _json_ld(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    document: dict[str, Any] = json.loads(found[1])
    return document


def test_a_story_page_prints_number_and_time_as_the_paper_does() -> None:
    html = pages.story_page(newspaper.story(news_id=207166))
    assert "News ID: 207166" in html
    assert "Published: 0658 GMT December 30, 2017" in html
    assert re.search(r"Page generated in 0\.\d{4} sec", html)
    assert '<link rel="canonical" href="https://paper.example/news/207166/">' in html


def test_a_persian_page_speaks_persian() -> None:
    world = newspaper.section("world", fa="جهان")
    html = pages.story_page(
        newspaper.story("کشتی بازگشت", news_id=207166, language="fa", section=world)
    )
    assert html.startswith('<!doctype html>\n<html lang="fa" dir="rtl">')
    assert "کد خبر: ۲۰۷۱۶۶" in html
    assert "زمان انتشار: ساعت ۰۶:۵۸ به وقت گرینویچ، ۹ دی ۱۳۹۶" in html
    assert '<a href="/fa/section/world/">جهان</a>' in html
    assert re.search(r"صفحه در ۰٫[۰-۹]{4} ثانیه ساخته شد", html)


def test_a_german_page_speaks_german() -> None:
    html = pages.story_page(newspaper.story(news_id=5, language="de"))
    assert "Veröffentlicht: 30. Dezember 2017, 06:58 Uhr GMT" in html
    assert "Nachrichten-Nr.: 5" in html


def test_a_story_without_translated_labels_lays_out_its_page() -> None:
    html = pages.story_page(newspaper.story("عادت العبّارة", language="ar-EG"))
    assert '<html lang="ar-EG" dir="rtl">' in html
    assert '<body class="inside crossed" lang="en">' in html
    assert '<div class="bar">\n<p></p>' in html, "an empty text is in no language"
    assert '<article class="story" lang="ar-EG" dir="rtl">' in html
    assert '<ul class="facts" lang="en">' in html
    assert 'Published: <bdi lang="ar-EG" dir="rtl">٣٠ ديسمبر ٢٠١٧، ٠٦:٥٨ GMT</bdi>' in html


@pytest.mark.parametrize(
    ("language", "page", "body", "day"),
    [
        ("ar", 'lang="ar" dir="rtl"', 'class="front crossed" lang="en"', "السبت، 30 ديسمبر 2017"),
        ("he", 'lang="he" dir="rtl"', 'class="front crossed" lang="en"', "יום שבת, 30 בדצמבר 2017"),
        ("ur", 'lang="ur" dir="rtl"', 'class="front crossed" lang="en"', "ہفتہ، 30 دسمبر، 2017"),
        ("fr", 'lang="fr" dir="ltr"', 'class="front" lang="en"', "samedi 30 décembre 2017"),
        ("fa", 'lang="fa" dir="rtl"', 'class="front"', "شنبه ۹ دی ۱۳۹۶"),
        ("en-GB", 'lang="en" dir="ltr"', 'class="front"', "Saturday, December 30, 2017"),
    ],
)
def test_a_front_is_laid_out_as_its_stories_are_written(
    settings: Settings, language: str, page: str, body: str, day: str
) -> None:
    settings.PAPER_LANGUAGES = ["en", language]
    html = pages.front_page(None, language, [newspaper.story(language=language).news_id])
    assert f"<html {page}>" in html
    assert f"<body {body}>" in html
    marked = "" if 'class="front"' in body and "lang" not in body else f" {page}"
    assert f"<p{marked}>{day}</p>" in html


def test_labels_in_the_papers_language_are_marked_on_a_page_in_another(settings: Settings) -> None:
    settings.PAPER_LANGUAGES = ["fa", "fr", "ur"]
    html = pages.not_found_page("fr")
    assert '<html lang="fr" dir="ltr">' in html
    assert '<body class="inside crossed" lang="fa">' in html
    # Both are written from right to left: what is Persian need not say so.
    html = pages.front_page(None, "ur", [newspaper.story("یک", language="fa").news_id])
    assert '<body class="front" lang="fa">' in html
    assert '<article class="card first">' in html


def test_a_story_of_the_labels_language_says_so_on_a_page_of_another_direction() -> None:
    topic = Topic.objects.create(name="سفن", slug="ships", language="ar")
    stories = [newspaper.story("One", language="en"), newspaper.story("واحد", language="ar")]
    html = pages.topic_page(topic, _numbers(stories))
    assert html
    assert '<html lang="ar" dir="rtl">' in html
    assert '<h1 class="heading" lang="ar" dir="rtl">سفن</h1>' in html
    assert '<article class="card" lang="en" dir="ltr">' in html
    assert '<article class="card" lang="ar" dir="rtl">' in html


def test_days_of_the_archive_are_told_in_the_papers_language(settings: Settings) -> None:
    settings.PAPER_LANGUAGES = ["ar"]
    html = pages.month_page(2017, 12, [(date(2017, 12, 30), 3)])
    assert '<h1 class="heading" lang="ar" dir="rtl">ديسمبر 2017</h1>' in html
    assert '<a href="/archive/2017/12/30/" lang="ar" dir="rtl">السبت، 30 ديسمبر 2017</a>' in html
    assert "<span>3 stories</span>" in html


def test_another_zone_prints_its_own_time() -> None:
    newspaper.paper(time_zone="Europe/Berlin")
    assert "Published: 0758 CET December 30, 2017" in pages.story_page(newspaper.story())


def test_an_update_is_shown_only_when_it_came_after_publication() -> None:
    story = newspaper.story(substantively_updated_at=newspaper.PUBLISHED)
    assert "Updated:" not in pages.story_page(story)
    story.substantively_updated_at = newspaper.PUBLISHED + timedelta(hours=2)
    assert "Updated: 0858 GMT December 30, 2017" in pages.story_page(story)


def test_a_photo_without_bytes_keeps_caption_and_credit_apart() -> None:
    story = newspaper.story()
    newspaper.photo(story, caption="A helicopter on April 25, 2017.", credit="AFP")
    html = pages.story_page(story)
    assert "<img" not in html
    assert 'A helicopter on April 25, 2017. <span class="credit">(<bdi>AFP</bdi>)</span>' in html


def test_hostile_text_stays_text() -> None:
    story = newspaper.story(
        "</title><script>alert(1)</script>",
        lead='"><img src=x onerror=alert(2)>',
        dateline="<b>here</b>",
        body=[
            {"type": "heading", "value": "<script>alert(3)</script>"},
            {"type": "quotation", "value": {"text": "<i>x</i>", "speaker": "<script>"}},
            {"type": "embed", "value": {"url": "javascript:alert(4)", "title": "t", "caption": ""}},
        ],
    )
    newspaper.photo(story, caption="</script><script>alert(5)</script>", credit="<!--")
    html = pages.story_page(story)
    assert "<script>" not in html
    assert "<img" not in html
    assert "javascript:" not in html
    assert _json_ld(html)["headline"] == "</title><script>alert(1)</script>"


def test_a_story_is_passed_on_by_links_that_are_short_and_whole() -> None:
    headline = 'Öl & Gas: "آب" #1 100% +2?'
    html = pages.story_page(newspaper.story(headline, news_id=207166))
    address = "https://paper.example/news/207166/"
    links = re.findall(r'href="([^"]*)" rel="nofollow"', html)
    assert len(links) == 4
    assert links[0].startswith("mailto:?subject=Öl%20%26%20Gas:%20%22آب%22%20%231")
    queries = [parse_qs(urlsplit(unescape(link)).query) for link in links]
    assert queries[0] == {"subject": [headline], "body": [address]}
    assert [query.popitem() for query in queries[1:]] == [
        ("text", [address]),
        ("url", [address]),
        ("text", [address]),
    ]


def test_nothing_inline_but_data() -> None:
    story = newspaper.story()
    newspaper.photo(story, newspaper.picture(), caption="A pier.")
    for html in (pages.story_page(story), pages.front_page(None, "en", [story.news_id])):
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", html)
        scripts = re.findall(r"<script([^>]*)>", html)
        assert all("src=" in each or "application/ld+json" in each for each in scripts)


def test_json_ld_says_what_the_page_says() -> None:
    story = newspaper.story(news_id=31)
    ada = Byline.objects.create(name="Ada Pell", slug="ada-pell")
    story.bylines.create(byline=ada)
    story.agencies.create(agency=Agency.objects.create(name="Meridian", slug="meridian"))
    story.save()
    newspaper.photo(story, newspaper.picture(), caption="A pier.", credit="AFP")
    document = _json_ld(pages.story_page(story))
    assert document["@type"] == "NewsArticle"
    assert document["identifier"] == "31"
    assert document["datePublished"] == document["dateModified"] == "2017-12-30T06:58:00Z"
    assert [author["name"] for author in document["author"]] == ["Ada Pell"]
    assert document["creditText"] == "Meridian"
    assert document["publisher"]["@type"] == "NewsMediaOrganization"
    assert document["publisher"]["logo"] == f"https://paper.example{assets.url('logo.png')}"
    assert document["image"][0]["creditText"] == "AFP"
    assert document["articleSection"] == "World"


def test_translations_know_each_other_as_far_as_they_are_public() -> None:
    original = newspaper.story("Ferry", news_id=1)
    newspaper.story("Fähre", news_id=2, language="de", translation_of=original)
    newspaper.story("کشتی", news_id=3, language="fa", translation_of=original, live=False)
    html = pages.story_page(original)
    assert 'hreflang="de" href="https://paper.example/news/2/"' in html
    assert 'hreflang="x-default" href="https://paper.example/news/1/"' in html
    assert '<a href="/news/2/" hreflang="de" lang="de" dir="ltr">Fähre</a>' in html
    assert "/news/3/" not in html


def test_the_page_of_a_long_story_is_small(seed_page: Path) -> None:
    lines = seed_page.read_text("utf-8").splitlines()
    body = [line for line in lines if len(line) > 100 and not line.startswith("A helicopter")]
    assert len(body) == 12
    story = newspaper.story(lines[3], news_id=207166, body=newspaper.paragraphs(*body))
    html = pages.story_page(story)
    assert len(html.encode()) < 15_000
    printed = re.findall(
        r"<p>(.*?)</p>", html.split('<div class="text">')[1].split("</article>")[0]
    )
    assert printed == body


def test_the_style_sheet_is_small_and_loads_nothing() -> None:
    css = (assets.FOLDER / "paper.css").read_text()
    assert len(css.encode()) < 15_000
    assert "url(" not in css
    assert "@import" not in css


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_has_the_contrast_that_reading_needs(scheme: str) -> None:
    css = (assets.FOLDER / "paper.css").read_text()
    blocks = re.findall(r":root \{([^}]*)\}", css)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", blocks[0 if scheme == "light" else 1]))
    for back in ("paper", "tint"):
        for text in ("ink", "dim", "accent"):
            assert _contrast(colours[text], colours[back]) >= 4.5, (text, back)
    assert _contrast(colours["ink"], colours["mark"]) >= 4.5


def _contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio and relative luminance."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_front_leads_with_its_first_story_and_loses_none() -> None:
    newspaper.paper()
    sections = [newspaper.section("world"), newspaper.section("sport")]
    stories = [newspaper.story(f"Story {n}", section=sections[n % 2]) for n in range(12)]
    html = pages.front_page(None, "en", _numbers(stories))
    assert '<h1 class="name"><a href="/">The Harbour Post</a></h1>' in html
    assert "Saturday, December 30, 2017" in html
    assert html.index("Story 0<") < html.index("Story 1<")
    assert all(f'<a href="{story.get_absolute_url()}">' in html for story in stories)


def test_a_front_with_stories_of_many_languages_marks_each() -> None:
    stories = [newspaper.story("One"), newspaper.story("یک", language="fa")]
    html, count = pages.day_page(date(2017, 12, 30), _numbers(stories))
    assert count == 2
    assert '<article class="card">' in html
    assert '<article class="card" lang="fa" dir="rtl">' in html
    assert "۹ دی ۱۳۹۶، ۰۶:۵۸" in html


def test_a_list_asks_the_database_no_more_for_more_stories() -> None:
    def asked(count: int) -> int:
        stories = []
        for number in range(count):
            stories.append(newspaper.story(f"S {number}"))
            newspaper.photo(stories[-1], newspaper.picture(name=f"p{number}.jpg"))
        pages.front_page(None, "en", _numbers(stories))  # makes the renditions
        pieces.forget()
        with CaptureQueriesContext(connection) as queries, one_reading():
            pages.front_page(None, "en", _numbers(stories))
        return len(queries)

    assert asked(2) == asked(6)


def test_every_other_page_is_drawn() -> None:
    newspaper.paper()
    world = newspaper.section("world", fa="جهان")
    stories = [newspaper.story(f"Story {n}", section=world) for n in range(6)]
    topic = Topic.objects.create(name="Ships", slug="ships")
    byline = Byline.objects.create(name="Ada Pell", slug="ada-pell", role="Editor")
    day = date(2017, 12, 30)
    drawn = {
        '<h1 class="heading">جهان': pages.front_page(world, "fa", _numbers(stories)),
        "هنوز چیزی در اینجا": pages.front_page(None, "fa", []),
        '<h1 class="heading">Ships': pages.topic_page(topic, _numbers(stories)) or "",
        "Ada Pell</h1>": pages.byline_page(byline, _numbers(stories)) or "",
        "Saturday, December 30, 2017</h1>": pages.day_page(day, _numbers(stories))[0],
        "6 stories": pages.month_page(2017, 12, [(day, 6)]),
        "1 story": pages.year_page(2017, [(12, 1)]),
        '<a href="/archive/2017/">2017</a>': pages.archive_page([(2017, 6)]),
        "۴۰۴": pages.not_found_page("fa"),
        "410": pages.gone_page("de"),
        "503": pages.unavailable_page("en"),
    }
    for expected, html in drawn.items():
        assert expected in html
        assert html.count("<h1") == 1
        assert html.count('<main id="main">') == 1


def test_a_new_name_of_the_paper_is_on_the_very_next_page() -> None:
    newspaper.paper(name="Old Name")
    assert "Old Name" in pages.not_found_page("en")
    newspaper.paper(name="New Name")
    assert "Old Name" not in pages.not_found_page("en")


def test_an_unsaved_draft_can_be_previewed() -> None:
    html = pages.preview_page(Story(headline="Only begun"))
    assert "Only begun" in html
    assert "News ID" not in html


def test_the_icons_are_what_is_drawn() -> None:
    from io import BytesIO

    from PIL import Image

    for name, content in icons.files().items():
        kept = (assets.FOLDER / name).read_bytes()
        if name.endswith(".svg"):
            assert kept == content
        else:
            # Encoders differ between versions; pixels do not.
            images = [Image.open(BytesIO(each)).convert("RGB") for each in (kept, content)]
            assert images[0].tobytes() == images[1].tobytes()


def test_an_asset_is_named_by_its_content() -> None:
    address = assets.url("paper.css")
    assert re.fullmatch(r"/assets/paper\.[0-9a-f]{6}\.css", address)
    assert (
        assets.draw(address.removeprefix("/assets/")) == (assets.FOLDER / "paper.css").read_bytes()
    )
    assert assets.draw("paper.0000000000.css") is None
    with pytest.raises(KeyError):
        assets.url("nowhere.css")
    with pytest.raises(ValueError, match="registered already"):
        assets.register("paper.css", b"other")


def test_labels_fall_back_from_region_to_language_to_paper() -> None:
    assert frame.chrome_language("de-AT") == "de"
    assert frame.chrome_language("fr") == "en"
    assert dates.numerals(2017, "fr") == "2017"


def test_short_sections_stand_in_pairs_on_a_front() -> None:
    counts = {"a": 1, "b": 2, "c": 4, "d": 1, "e": 1, "f": 2, "g": 1}
    stories = [newspaper.story(f"Top {n}", section=newspaper.section("a")) for n in range(5)]
    for slug, count in counts.items():
        section = newspaper.section(slug)
        stories += [newspaper.story(f"{slug} {n}", section=section) for n in range(count)]
    html = pages.front_page(None, "en", _numbers(stories))
    blocks = re.findall(r'class="block( whole)?".*?>(\w)</a></h2>', html, re.DOTALL)
    narrow = [name for whole, name in blocks if not whole]
    assert narrow == ["A", "B", "D", "E", "F", "G"]
