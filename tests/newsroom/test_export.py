"""The paper out, and in again: the same paper."""

from __future__ import annotations

import difflib
import io
import json
import re
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import lxml.etree
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from broadsheet.letters.models import Letter
from broadsheet.newsroom.export.whole import export
from broadsheet.newsroom.moving.finding import find_in
from broadsheet.press.sheets import Drawn, Sheet, kind_of
from broadsheet.stories import news_ids
from broadsheet.stories.models import (
    FrontPlacement,
    Paper,
    Photo,
    Picture,
    Section,
    StandingPage,
    Story,
)
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import HEAD, IncomingFile
from broadsheet.wire.items import Unread, WireAuthor, WireItem, WireRedirect, WireTopic
from broadsheet.wire.models import ReceivedItem
from broadsheet.wire.parsers import wxr
from broadsheet.wire.parsers.ninjs_check import findings
from newsroom.whole_paper import (
    LONG_AGO,
    body_of,
    brought_in,
    contents,
    forget_paper,
    letter,
    make_paper,
    photo_file,
    picture,
    publish,
    story,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def _differing(before: dict[str, bytes], after: dict[str, bytes]) -> list[str]:
    """Return the lines in which two exports differ; the list of files differs where any does."""
    lines: list[str] = []
    for name, content in before.items():
        if after[name] != content and name != "SHA256SUMS":
            was, now = content.decode(), after[name].decode()
            lines += difflib.unified_diff(
                was.splitlines(), now.splitlines(), name, name, n=0, lineterm=""
            )
    return lines


def _pressed(news_id: int) -> str:
    """Return the page of a story, but for numbers that another database gives anew."""
    drawn = kind_of(Sheet("story", str(news_id))).draw(str(news_id))
    assert isinstance(drawn, Drawn)
    assert drawn.same_if is not None
    page = drawn.same_if.decode()
    page = re.sub(r"(/photos/\d+/)\d+-", r"\1N-", page)
    return re.sub(r"letter-\d+", "letter-N", page)


def _small_paper() -> Story:
    """Make a paper of one story with a photo before its body, and one in it."""
    news_ids.reserve(4_710)
    world = Section.objects.create(name="World", slug="world")
    quay, boat = picture("quay", "#336699"), picture("boat", "#993322")
    block = {"type": "photo", "value": {"picture": boat.pk, "alt_text": "A boat"}}
    ferry = story(world, "Ferry", body=body_of(block))
    ferry.photos = [Photo(picture=quay, caption="The quay at dawn", sort_order=0)]
    return publish(ferry)


def run(*args: str) -> tuple[int, dict[str, Any], str]:
    out, err = io.StringIO(), io.StringIO()
    status = 0
    try:
        call_command("export", *args, "--json", stdout=out, stderr=err)
    except SystemExit as left:
        status = int(left.code or 0)
    return status, json.loads(out.getvalue()), err.getvalue()


def test_the_same_paper_comes_out_of_it(settings: Any, tmp_path: Path) -> None:
    made = make_paper()
    pages = {name: _pressed(made[name]) for name in ("published", "persian", "german", "reworked")}
    first = export(tmp_path / "first")
    assert first.counts["stories"] == len(made)
    forget_paper()
    assert not Story.objects.exists()
    settings.MEDIA_ROOT = tmp_path / "other-media"

    told = brought_in(tmp_path / "first")
    assert [(each.what, each.origin, each.error) for each in told if each.kind == "refused"] == []
    assert {each.oddities for each in told} == {()}

    again = export(tmp_path / "again")
    assert again.counts == first.counts
    before, after = dict(contents(tmp_path / "first")), dict(contents(tmp_path / "again"))
    assert before.keys() == after.keys()
    assert _differing(before, after) == []
    assert before["SHA256SUMS"] == after["SHA256SUMS"]
    assert {name: _pressed(made[name]) for name in pages} == pages
    _is_what_it_was(made)

    # Once more: everything is there, and nothing is written.
    numbers = (ReceivedItem.objects.count(), Story.objects.count(), Picture.objects.count())
    kinds = Counter(each.kind for each in brought_in(tmp_path / "first"))
    assert kinds.keys() == {"unchanged"}
    assert numbers == (
        ReceivedItem.objects.count(), Story.objects.count(), Picture.objects.count()
    )  # fmt: skip


def _is_what_it_was(made: dict[str, int]) -> None:
    stories = Story.objects.in_bulk(list(made.values()))
    public = {name for name, number in made.items() if stories[number].is_public()}
    assert public == {"published", "persian", "german", "later", "reworked", "replanned"}
    assert str(stories[made["scheduled"]].status_string) == "scheduled"
    assert str(stories[made["embargoed"]].status_string) == "scheduled"
    assert stories[made["embargoed"]].embargo_in_force() is not None
    assert str(stories[made["expired"]].status_string) == "expired"
    assert stories[made["taken down"]].is_gone()
    assert (
        stories[made["reworked"]].get_latest_revision_as_object().headline == "As the desk has it"
    )
    planned = stories[made["replanned"]].scheduled_revision.as_object()
    assert planned.headline == "In three days"
    assert stories[made["german"]].translation_of_id == made["later"]
    assert stories[made["published"]].first_published_at == LONG_AGO
    assert news_ids.allocate()[0] == 300_001
    assert Paper.objects.get().name == "The Tidemark"
    assert FrontPlacement.objects.count() == 2
    page = StandingPage.objects.get(slug="about")
    assert page.live
    assert page.get_latest_revision_as_object().title == "About us, soon"
    assert Redirect.objects.get(old_path="/ueber-uns").redirect_link == "/about/"
    with Picture.objects.get(title="boat").file.open() as file:
        assert file.read(2) == b"\xff\xd8"
    threads = Letter.objects.filter(answers__isnull=False).values_list("answers__text", "text")
    assert set(threads) == {
        ("First!\n\nAnd <b>bold</b> & more", "No, I was."),
        ("No, I was.", "Neither."),
    }


def test_every_story_is_valid_ninjs_and_says_whether_it_may_be_shown(tmp_path: Path) -> None:
    made = make_paper()
    export(tmp_path / "out")
    status = {}
    for name, number in made.items():
        told = json.loads((tmp_path / f"out/stories/207/{number}.json").read_bytes())
        assert findings(told) == ()
        status[name] = told["pubStatus"]
    usable = {name for name, each in status.items() if each == "usable"}
    assert usable == {"published", "persian", "german", "later", "reworked", "replanned"}
    ferry = json.loads((tmp_path / f"out/stories/207/{made['published']}.json").read_bytes())
    (rendition,) = ferry["associations"][0]["renditions"]
    file = tmp_path / "out/stories/207" / rendition["href"]
    assert file.stat().st_size == rendition["sizeInBytes"]
    assert f'<img src="{rendition["href"].rsplit("/", 3)[0]}/media/' in ferry["bodies"][1]["value"]
    waiting = json.loads((tmp_path / f"out/stories/207/{made['embargoed']}.json").read_bytes())
    assert waiting["embargoedUntil"] > f"{timezone.now():%Y-%m-%d}"


def test_a_foreign_folder_is_refused_and_an_interrupted_export_completed(tmp_path: Path) -> None:
    section = Section.objects.create(name="World", slug="world")
    one, two = (publish(story(section, headline)) for headline in ("One", "Two"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/letter.txt").write_text("Dear Nora")
    with pytest.raises(CommandError, match="is not empty"):
        run(str(tmp_path / "mine"), "--resume")
    folder = tmp_path / "out"
    assert run(str(folder))[0] == 0
    with pytest.raises(CommandError, match="--resume"):
        run(str(folder))
    done = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False
    )
    assert done.returncode == 0
    assert (folder.stat().st_mode & 0o777, (folder / "SHA256SUMS").stat().st_mode & 0o777) == (
        0o700, 0o600,
    )  # fmt: skip

    # As it lies there when the power failed: half of it, and a story that is gone by now.
    whole = dict(contents(folder))
    (folder / "SHA256SUMS").unlink()
    (folder / f"stories/0/{two.pk}.json").write_text("")
    (folder / "stories/0/.part-7.json").write_text("{")
    (folder / "stories/0/9.json").write_text("{}")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "finished": False}))
    assert [each.error for each in brought_in(folder)] == [
        "The export was interrupted. Complete it with “broadsheet export --resume”, then import it."
    ]
    kept = (folder / f"stories/0/{one.pk}.json").stat().st_mtime_ns
    status, told, _ = run(str(folder), "--resume")
    assert (status, told["counts"]["stories"]) == (0, 2)
    assert dict(contents(folder)) == whole
    assert (folder / f"stories/0/{one.pk}.json").stat().st_mtime_ns == kept


def test_a_picture_without_its_file_is_told_and_the_rest_is_there(
    settings: Any, tmp_path: Path
) -> None:
    _small_paper()
    Path(Picture.objects.get(title="quay").file.path).unlink()
    status, told, _ = run(str(tmp_path / "out"))
    assert status == 1
    assert [Path(name).name for name in told["missing"]] == ["quay.jpg"]
    forget_paper()
    settings.MEDIA_ROOT = tmp_path / "other-media"
    outcomes = brought_in(tmp_path / "out")
    assert [(each.what, each.kind) for each in outcomes if each.kind != "imported"] == [
        ("photo", "noted"),
    ]  # fmt: skip
    (photo,) = Story.objects.get(headline="Ferry").photos.all()
    assert (photo.picture, photo.caption) == (None, "The quay at dawn")


def test_without_media_the_words_of_the_pictures_stay(settings: Any, tmp_path: Path) -> None:
    _small_paper()
    run(str(tmp_path / "out"), "--no-media")
    assert not (tmp_path / "out/media").exists()
    forget_paper()
    settings.MEDIA_ROOT = tmp_path / "other-media"
    told = brought_in(tmp_path / "out")
    assert [each.error for each in told if each.kind == "refused"] == []
    assert not Picture.objects.exists()
    (block,) = Story.objects.get(headline="Ferry").body
    assert (block.value["picture"], block.value["alt_text"]) == (None, "A boat")


def test_only_what_has_changed_since_a_day(tmp_path: Path) -> None:
    section = Section.objects.create(name="World", slug="world")
    old, new, talked_of = (
        publish(story(section, headline), created_at=LONG_AGO, first_published_at=LONG_AGO)
        for headline in ("Old", "New", "Talked of")
    )
    for each in (old, talked_of):
        each.revisions.update(created_at=LONG_AGO)
    row = letter(talked_of, "Only now", 1)
    Letter.objects.filter(pk=row.pk).update(written_at=datetime(2020, 1, 1, tzinfo=UTC))
    _, told, _ = run(str(tmp_path / "out"), "--since", "2019-12-31")
    assert told["counts"]["stories"] == 2
    assert sorted(each.name for each in (tmp_path / "out/stories/0").glob("*.kept.json")) == [
        f"{new.pk}.kept.json", f"{talked_of.pk}.kept.json",
    ]  # fmt: skip


def test_a_later_export_brings_the_paper_up_to_date(settings: Any, tmp_path: Path) -> None:
    section = Section.objects.create(name="World", slug="world")
    changed, talked_of, edited = (
        publish(story(section, headline)) for headline in ("Changed", "Talked of", "Edited")
    )
    export(tmp_path / "first")
    changed.headline = "Changed for the better"
    changed.save_revision().publish()
    taken = publish(story(section, "New"))
    letter(talked_of, "Only now", 1)
    edited.headline = "Edited there"
    edited.save_revision().publish()
    export(tmp_path / "second")
    forget_paper()
    brought_in(tmp_path / "first")
    mine = Story.objects.get(pk=edited.pk)
    mine.headline = "Edited here"
    mine.save_revision().publish()
    told = {each.news_id: each for each in brought_in(tmp_path / "second") if each.news_id}
    assert Story.objects.get(pk=changed.pk).headline == "Changed for the better"
    assert Story.objects.get(pk=changed.pk).live
    assert Story.objects.get(pk=taken.pk).headline == "New"
    assert Letter.objects.get().story_id == talked_of.pk
    assert told[edited.pk].kind == "refused"
    assert Story.objects.get(pk=edited.pk).headline == "Edited here"


def test_a_dry_run_refuses_nothing_and_writes_nothing(settings: Any, tmp_path: Path) -> None:
    _small_paper()
    export(tmp_path / "out")
    forget_paper()
    settings.MEDIA_ROOT = tmp_path / "other-media"
    told = brought_in(tmp_path / "out", dry_run=True)
    assert [each.error for each in told if each.kind == "refused"] == []
    assert not Story.objects.exists()
    assert not Section.objects.exists()


def test_a_paper_that_has_stories_keeps_its_name_and_its_own(tmp_path: Path) -> None:
    _small_paper()
    export(tmp_path / "out")
    forget_paper()
    own = Paper.load()
    own.name = "The Other"
    own.save()
    story(Section.objects.create(name="News", slug="world", position=9), "Here before", news_id=1)
    brought_in(tmp_path / "out")
    assert Paper.objects.get().name == "The Other"
    assert Section.objects.get(slug="world").name == "News"


def test_wordpress_s_format_is_read_by_our_own_reader_in_full(tmp_path: Path) -> None:
    make_paper()
    odd = Story.objects.get(headline="The tram")
    odd.headline = "A]]>B & <c> \x08\x1f\ufffe"
    odd.lead = "Less < more"
    odd.photos = [Photo(picture=Picture.objects.get(title="quay"), caption="Its own words")]
    odd.save()
    status, told, _ = run(str(tmp_path / "out"), "--wxr", str(tmp_path / "site.xml"))
    assert status == 0
    counts = told["wxr"]
    lxml.etree.parse(str(tmp_path / "site.xml"), lxml.etree.XMLParser(resolve_entities=False))
    file = tmp_path / "site.xml"
    records = list(wxr.read(IncomingFile(file, "site.xml", file.read_bytes()[:HEAD])))
    items = [each for each in records if isinstance(each, WireItem)]
    posts = {each.headline: each for each in items if each.kind == "text"}
    pages = [each for each in items if each.kind == "page"]
    (trashed,) = [each for each in records if isinstance(each, Unread)]
    assert (trashed.kind, trashed.is_noted) == ("comment", True)
    assert len(posts) == counts["posts"] == Story.objects.count()
    assert len(pages) == counts["pages"] == 2
    assert sum(len(each.comments) for each in items) == counts["comments"] == 4
    assert sum(isinstance(each, WireAuthor) for each in records) == counts["authors"] == 2
    topics = [each for each in records if isinstance(each, WireTopic)]
    assert [sum(each.is_section is wanted for each in topics) for wanted in (True, False)] == [
        counts["categories"], counts["tags"],
    ]  # fmt: skip
    led = [each for each in records if isinstance(each, WireRedirect) and not each.guid]
    assert len(led) == counts["redirects"] == 3

    ferry = posts["Ferry & bridge"]
    assert (ferry.section, ferry.authors, ferry.lead) == (
        "World", ("Mira Döe", "Nora Lind"), "A lead.",
    )  # fmt: skip
    assert ferry.published == LONG_AGO
    assert set(ferry.topics) == {"Water", "بندر"}
    assert not ferry.comments_open
    first = ferry.comments[0]
    assert (first.text, first.written_at) == (
        "First!\n\nAnd <b>bold</b> & more", LONG_AGO + timedelta(minutes=1),
    )  # fmt: skip
    assert ferry.comments[1].parent_guid == first.guid
    assert [each.approved for each in ferry.comments] == [True, True, True, False]
    assert [block.kind for block in ferry.body] == [
        "paragraph", "heading", "quotation", "quotation", "quotation", "photo", "embed",
        "paragraph", "numbered list", "list", "table", "paragraph", "photo", "paragraph",
    ]  # fmt: skip
    words = plain_paragraphs(ferry)
    for said in (
        "The ferry & the bridge, H2O, as we say.", "Water & <land>", "One point", "North\t2.50",
        "A picture nobody sent", "Ana Lima", "Live", "Fares",
    ):  # fmt: skip
        assert said in words
    assert ("Another word for it", "Me", "x") in {
        (each.caption, each.credit, each.alt_text) for each in ferry.photos
    }
    (featured,) = posts["A]]>B & <c>"].photos
    assert (featured.caption, featured.credit) == ("Its own words", "Jo Blum/AFP")
    assert find_in(tmp_path / "out")(featured.url) == photo_file("#336699")

    assert "A]]>B & <c>" in posts
    assert posts["A]]>B & <c>"].lead == "Less < more"
    assert posts["پل تازه"].language == "fa"
    stages = {each.headline: each.stage for each in items if each.kind == "text"}
    assert stages["Tomorrow"] == stages["Under embargo"] == "scheduled"
    assert stages["Not yet"] == stages["Gone"] == "draft"
    assert posts["Tomorrow"].published == Story.objects.get(headline="Tomorrow").go_live_at
