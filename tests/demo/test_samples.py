from __future__ import annotations

import re
from collections import Counter

import pytest
from PIL import Image

from broadsheet.demo import prose, samples
from broadsheet.demo.samples import SampleStory
from broadsheet.stories.languages import own_language

STORIES = samples.stories()
PAPER = samples.paper()
PICTURES = samples.pictures()
BY_ID = {story.news_id: story for story in STORIES}
# What stands where a text was never finished, or was written by nobody.
FILLER = re.compile(r"lorem|ipsum|dolor sit|xxx|tbd|\?\?\?\?", re.IGNORECASE)


def ids(story: SampleStory) -> str:
    return f"{story.language}-{story.news_id}"


def text_of(story: SampleStory) -> str:
    return "\n".join([story.headline, story.lead, story.body, *(p.caption for p in story.photos)])


def test_there_is_enough_to_read_in_each_language() -> None:
    published = Counter(story.language for story in STORIES if story.state == "published")
    assert published["en"] >= 22
    assert published["fa"] >= 8
    assert published["de"] >= 6
    sections = {story.section for story in STORIES if story.state == "published"}
    assert sections == {row["slug"] for row in PAPER["sections"]}
    assert len(sections) >= 6
    assert len(PAPER["topics"]) >= 12
    assert len(PAPER["agencies"]) >= 3


def test_every_state_of_a_story_is_there() -> None:
    assert {story.state for story in STORIES} == set(samples.STATES)


def test_no_two_stories_share_a_number() -> None:
    files = list(samples.STORIES.glob("*/*.md"))
    assert len(BY_ID) == len(files)


@pytest.mark.parametrize("story", STORIES, ids=ids)
def test_what_a_story_refers_to_exists(story: SampleStory) -> None:
    assert story.section in {row["slug"] for row in PAPER["sections"]}
    languages = {row["slug"]: row.get("language", own_language()) for row in PAPER["topics"]}
    assert all(languages[slug] == story.language for slug in story.topics)
    assert set(story.bylines) <= {row["slug"] for row in PAPER["bylines"]}
    assert set(story.agencies) <= {row["slug"] for row in PAPER["agencies"]}
    assert {photo.picture for photo in story.photos if photo.picture} <= set(PICTURES)
    inside = [value for kind, value in prose.blocks(story.body, story.language) if kind == "photo"]
    assert {value["picture"] for value in inside} <= set(PICTURES)
    if story.translation_of is not None:
        assert BY_ID[story.translation_of].language == own_language() != story.language


@pytest.mark.parametrize("story", STORIES, ids=ids)
def test_a_story_reads_as_one(story: SampleStory) -> None:
    assert 20 <= len(story.headline) <= 110
    assert story.slugline
    assert story.lead
    assert story.topics
    words = len(story.body.split())
    assert 25 <= words <= 600
    if story.state == "published":
        assert words >= 75
    assert not FILLER.search(text_of(story).replace("???", ""))
    for photo in story.photos:
        assert photo.caption
        assert photo.picture or photo.credit, "a photo without bytes still has a credit"
        if story.language != own_language() and photo.picture:
            assert photo.alt_text
            assert photo.credit


@pytest.mark.parametrize("story", STORIES, ids=ids)
def test_a_storys_time_fits_its_state(story: SampleStory) -> None:
    was_public = story.state in {"published", "expired", "unpublished"}
    assert was_public == ((story.age is None) != (story.published is None))
    assert (story.state in {"scheduled", "embargoed"}) == (story.due_in is not None)


def test_persian_is_written_in_persian_letters_and_digits() -> None:
    for story in STORIES:
        if story.language != "fa":
            continue
        words = re.sub(r"\(.*?\)|\{.*?\}|^Table:", "", text_of(story), flags=re.MULTILINE)
        assert not re.search("[يكى٠-٩]", words), "Arabic letters or digits in Persian"
        assert not re.search(r"[0-9]", re.sub(r"^## ", "", words)), story.news_id
        assert len(re.findall("[A-Za-z]", words)) == 0, story.news_id


def test_all_blocks_of_a_body_are_shown() -> None:
    kinds = {kind for story in STORIES for kind, _ in prose.blocks(story.body, story.language)}
    assert kinds == {"paragraph", "heading", "quotation", "photo", "embed", "table", "list"}
    assert any(not photo.picture for story in STORIES for photo in story.photos)


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_there_small_and_described(name: str) -> None:
    (path,) = samples.PICTURES.glob(f"{name}.*")
    facts = PICTURES[name]
    assert facts["title"]
    assert facts["credit"]
    assert len(facts["alt_text"]) > 20
    assert path.stat().st_size <= 60_000
    with Image.open(path) as picture:
        assert picture.width >= 450
        assert not picture.getexif()


def test_pictures_are_used_and_credited_and_weigh_little() -> None:
    paths = [p for p in samples.PICTURES.iterdir() if p.suffix in {".webp", ".jpg"}]
    assert {path.stem for path in paths} == set(PICTURES)
    assert sum(path.stat().st_size for path in paths) <= 1_500_000
    used = {photo.picture for story in STORIES for photo in story.photos}
    for story in STORIES:
        used |= {
            value["picture"]
            for kind, value in prose.blocks(story.body, story.language)
            if kind == "photo"
        }
    assert set(PICTURES) <= used
    credits_file = (samples.PICTURES / "CREDITS.md").read_text("utf-8")
    assert all(path.name in credits_file for path in paths if path.suffix == ".jpg")


def test_letters_answer_public_stories_and_are_in_every_state() -> None:
    letters = samples.letters()
    for row in letters:
        story = BY_ID[row["news_id"]]
        assert story.state == "published"
        assert story.age is not None
        assert samples.span(row["age"]) < story.age, "a letter is younger than its story"
    assert {row.get("state", "approved") for row in letters} == {"approved", "held", "rejected"}
    assert "fa" in {BY_ID[row["news_id"]].language for row in letters}


def test_fronts_choose_published_stories_in_their_language() -> None:
    languages = set()
    for row in PAPER["fronts"]:
        chosen = [BY_ID[number] for number in row["stories"]]
        assert all(story.state == "published" for story in chosen)
        assert {story.language for story in chosen} == {row["language"]}
        if "section" in row:
            assert {story.section for story in chosen} == {row["section"]}
        else:
            languages.add(row["language"])
    assert languages == {"en", "fa", "de"}


def test_a_head_that_does_not_read_names_its_file() -> None:
    folder = samples.STORIES / "en"
    path = next(iter(folder.glob("4701-*.md")))
    assert samples.read_story(path).headline.startswith("Three Sallow Sea states")
    with pytest.raises(samples.SampleError, match="pictures"):
        samples.split(samples.PICTURES / "pictures.toml")
    with pytest.raises(samples.SampleError, match="soon"):
        samples.span("soon")
