"""A site moves here from WordPress: everything it had is here, at addresses that still answer."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from PIL import Image

from broadsheet.accounts.models import Byline
from broadsheet.attribution.models import StoryReading
from broadsheet.letters.models import Letter
from broadsheet.newsroom.actions import adopt as adopting
from broadsheet.newsroom.importing import storing, together
from broadsheet.newsroom.models import ImportState
from broadsheet.stories.models import Picture, Section, StandingPage, Story, Topic
from wire.wordpress_export import AUTHORS, BASE, attachment, comment, item, meta, site, term

pytestmark = pytest.mark.django_db

CATEGORIES = """
<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>city</wp:category_nicename>
<wp:category_parent></wp:category_parent><wp:cat_name><![CDATA[City]]></wp:cat_name></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>bridges</wp:category_nicename>
<wp:category_parent>city</wp:category_parent><wp:cat_name><![CDATA[Bridges]]></wp:cat_name>
<wp:category_description><![CDATA[All that spans the river.]]></wp:category_description>
</wp:category>
<wp:tag><wp:term_id>5</wp:term_id><wp:tag_slug>river</wp:tag_slug>
<wp:tag_name><![CDATA[The River]]></wp:tag_name></wp:tag>
"""
IN_A_YEAR = f"{timezone.now() + timedelta(days=365):%Y-%m-%d %H:%M:%S}"
WHOLE = site(
    item(
        7,
        "<p>The bridge opens. [unknown-box]</p>",
        term("category", "bridges", "Bridges")
        + term("post_tag", "river", "The River")
        + meta(_thumbnail_id="20")
        + comment(1, "Well done.")
        + comment(2, "Is it?", parent="1")
        + comment(3, "Buy this.", approved="0"),
        title="<![CDATA[The bridge is open]]>",
    ),
    item(8, title="<![CDATA[Unfinished]]>", wp__status="draft"),
    item(
        9,
        title="<![CDATA[In a year]]>",
        wp__status="future",
        wp__post_date=IN_A_YEAR,
        wp__post_date_gmt=IN_A_YEAR,
    ),
    item(10, title="<![CDATA[Not for all]]>", wp__status="private"),
    item(
        11,
        title="<![CDATA[About us]]>",
        link=f"{BASE}/about-us/",
        wp__post_name="about-us",
        wp__post_type="page",
    ),
    attachment(20, "bridge.jpg"),
    head=AUTHORS + CATEGORIES,
)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "courier.xml"
    path.write_text(WHOLE)
    return path


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2020" / "01").mkdir(parents=True)
    drawn = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(drawn, "JPEG")
    (folder / "2020" / "01" / "bridge.jpg").write_bytes(drawn.getvalue())
    return folder


def run(*args: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("import", *map(str, args), stdout=out, stderr=err)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, out.getvalue(), err.getvalue()


def accounts(told: str) -> dict[str, dict[str, int]]:
    lines = told.splitlines()
    start = next(at for at, line in enumerate(lines) if line.split()[:1] == ["found"])
    names = lines[start].split()
    rows = [line.split() for line in lines[start + 1 :] if line and not line.endswith(".")]
    return {row[0]: dict(zip(names, map(int, row[1:]), strict=True)) for row in rows}


def story(headline: str) -> Story:
    return Story.objects.get(headline=headline)


def test_everything_comes_along_and_the_accounts_say_so(export: Path, media: Path) -> None:
    status, out, _ = run(export, "--media", media)
    assert status == 0
    told = accounts(out)
    assert told["stories"]["imported"] == told["stories"]["found"] == 4
    assert told["pages"]["imported"] == 1
    assert told["comments"]["imported"] == 3
    assert told["authors"]["imported"] == 1
    assert told["shortcodes"]["noted"] == 1
    bridge = story("The bridge is open")
    assert (bridge.live, bridge.section.name) == (True, "City")
    assert {topic.name for topic in bridge.topics.all()} == {"Bridges", "The River"}
    assert bridge.first_published_at == datetime(2020, 1, 2, 9, tzinfo=UTC)
    assert [row.byline.name for row in bridge.bylines.all()] == ["Ann Weaver"]
    (photo,) = bridge.photos.all()
    assert photo.picture.width == 64
    assert "[unknown-box]" in str(bridge.body.raw_data)
    letters = Letter.objects.order_by("guid")
    assert [letter.state for letter in letters] == ["approved", "approved", "held"]
    assert letters[1].answers == letters[0]
    assert StandingPage.objects.get().live
    # An archive is not read for its sources.
    assert not StoryReading.objects.exists()


def test_each_story_is_what_it_was(export: Path) -> None:
    run(export)
    draft, later, private = map(story, ("Unfinished", "In a year", "Not for all"))
    assert (draft.live, draft.first_published_at) == (False, None)
    assert later.live is False
    assert later.latest_revision.approved_go_live_at is not None
    assert private.live is False
    assert Story.objects.public().count() == 1


def test_every_old_address_answers(export: Path, client: Client) -> None:
    run(export)
    bridge = story("The bridge is open")
    for path, target in {
        "/2020/01/post-7/": bridge.get_absolute_url(),
        "/?p=7": bridge.get_absolute_url(),
        "/?page_id=11": "/about-us/",
        "/category/city/": Section.objects.get(name="City").get_absolute_url(),
        "/category/bridges/": Topic.objects.get(name="Bridges").get_absolute_url(),
        "/tag/river/": Topic.objects.get(name="The River").get_absolute_url(),
        "/author/ann/": Byline.objects.get().get_absolute_url(),
    }.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers.get("location")) == (301, target), path


def test_a_tag_is_one_topic_for_the_stories_of_all_languages(
    tmp_path: Path, client: Client, settings: Any
) -> None:
    settings.PAPER_LANGUAGES = ["en", "ar"]
    economy = term("post_tag", "economy-ar", "اقتصاد")
    river = term("post_tag", "river", "The River")
    arabic = "<p>" + "أعلنت الحكومة أمس عن خطة جديدة لدعم الاقتصاد في المدن الكبرى. " * 4 + "</p>"
    path = tmp_path / "courier.xml"
    path.write_text(
        site(
            item(7, "<p>The bridge is open again, said the mayor.</p>", river),
            item(8, arabic, economy + river + term("language", "ar", "العربية")),
        )
    )
    run(path)
    first, second = Story.objects.order_by("news_id")
    assert [first.language, second.language] == ["en", "ar"]
    topics = {topic.name: topic for topic in Topic.objects.all()}
    assert Topic.objects.count() == len(topics) == 2
    assert [*first.topics.all()] == [topics["The River"]]
    assert {*second.topics.all()} == {*topics.values()}
    assert (topics["اقتصاد"].slug, topics["اقتصاد"].language) == ("اقتصاد", "ar")
    answer = client.get("/tag/economy-ar/")
    assert answer.headers["location"] == iri_to_uri(topics["اقتصاد"].get_absolute_url())


def test_the_same_export_again_changes_nothing(export: Path) -> None:
    run(export)
    status, out, _ = run(export)
    assert status == 0
    told = accounts(out)
    assert told["stories"]["unchanged"] == 4
    assert (Story.objects.count(), Letter.objects.count()) == (4, 3)
    assert StandingPage.objects.count() == 1


def test_pictures_may_come_along_later(export: Path, media: Path) -> None:
    _, out, _ = run(export)
    assert accounts(out)["photos"]["noted"] == 1
    assert "--media" in out
    run(export, "--media", media)
    (photo,) = story("The bridge is open").photos.all()
    assert photo.picture == Picture.objects.get()
    assert story("The bridge is open").live
    _, out, _ = run(export, "--media", media)
    assert accounts(out)["stories"]["unchanged"] == 4


def test_drafts_only_and_topics_only_if_asked(export: Path) -> None:
    run(export, "--drafts", "--topics-only")
    assert not Story.objects.filter(live=True).exists()
    assert not Section.objects.filter(name="City").exists()
    assert Topic.objects.filter(name="City").exists()


def test_a_dry_run_writes_nothing(export: Path, media: Path) -> None:
    status, out, _ = run(export, "--media", media, "--dry-run")
    assert (status, accounts(out)["stories"]["imported"]) == (0, 4)
    assert not Story.objects.exists()
    assert not Picture.objects.exists()
    assert not Byline.objects.exists()
    assert not ImportState.objects.exists()


@pytest.mark.parametrize("stopped_after", [1, 3])
def test_what_was_interrupted_and_resumed_ends_the_same(
    export: Path, monkeypatch: pytest.MonkeyPatch, stopped_after: int
) -> None:
    adopted = 0

    def interrupted(real: Any) -> Any:
        def adopting_or_not(*args: Any, **kwargs: Any) -> Any:
            nonlocal adopted
            if adopted == stopped_after:
                raise KeyboardInterrupt
            adopted += 1
            return real(*args, **kwargs)

        return adopting_or_not

    with monkeypatch.context() as patched:
        patched.setattr(adopting, "adopt", interrupted(adopting.adopt))
        patched.setattr(storing, "store", interrupted(storing.store))
        patched.setattr(together, "MOST_TOGETHER", 1)
        status, _, err = run(export)
    assert (status, Story.objects.count()) == (130, stopped_after)
    assert "--resume" in err
    status, out, err = run(export, "--resume")
    assert "Going on after" in err
    told = accounts(out)
    assert told["stories"]["imported"] == told["stories"]["found"] == 4
    assert told["comments"]["imported"] == 3
    assert story("The bridge is open").section.name == "City"
    _, out, err = run(export)
    assert accounts(out)["stories"]["unchanged"] == 4


def test_the_report_names_what_is_not_plain(export: Path, tmp_path: Path) -> None:
    run(export, "--report", tmp_path / "report.txt")
    text = (tmp_path / "report.txt").read_text()
    assert "unknown-box" in text
    assert "“Bridges” was described there, and cannot be here: All that spans the river." in text
    assert "stories" in text
    run(export, "--report", tmp_path / "report.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "report.jsonl").read_text().splitlines()]
    assert rows[-1]["counts"]["story"] == {"unchanged": 4}
    assert any(row.get("what") == "shortcode" for row in rows)
