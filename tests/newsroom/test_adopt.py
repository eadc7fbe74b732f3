"""From files to stories: what the import command does, and what it leaves alone."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ModelLogEntry

from broadsheet.accounts.models import Byline, User
from broadsheet.newsroom.actions.adopt import Terms, adopt
from broadsheet.stories import news_ids
from broadsheet.stories.models import Section, Story
from broadsheet.wire.decide import New
from broadsheet.wire.items import WireBlock, WireItem, WirePhoto
from broadsheet.wire.models import Provenance, ReceivedItem

PAGES = Path(__file__).parents[1] / "data" / "wire"
CLOCK = """News ID: {number}
Published: 0658 GMT December 30, 2017

{headline}

{headline}
The market hall on April 25, 2017. (AFP)

The clock on the market hall has been seven minutes fast since the spring, and the town has decided to leave it that way.

{more}

Security Key:
Captcha refresh
Page Generated in 0/0719 sec
"""  # noqa: E501 - a page has its paragraphs on one line


def clock(folder: Path, name: str = "clock.txt", **values: Any) -> str:
    words = {
        "number": 4711,
        "headline": "The clock stays fast",
        "more": "Nobody has missed a train since, the stationmaster said.",
        **values,
    }
    file = folder / name
    file.write_text(CLOCK.format(**words), "utf-8")
    return str(file)


def run(*args: str) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    status = 0
    try:
        call_command("import", *args, "--json", stdout=out, stderr=io.StringIO())
    except SystemExit as left:
        status = int(left.code or 0)
    return status, json.loads(out.getvalue())


def one(*args: str) -> dict[str, Any]:
    status, (told,) = run(*args)
    assert status == (1 if told["outcome"] == "refused" else 0)
    return told


@pytest.mark.django_db
def test_the_real_page_becomes_a_draft_and_then_nothing_changes(seed_page: Path) -> None:
    told = one(str(seed_page))
    assert told["outcome"] == "imported"
    assert told["news_id"] == 207166
    assert told["published"] == "2017-12-30T06:58:00Z"
    assert told["error"] is None
    assert len(told["body"]) == 12
    story = Story.objects.get(pk=207166)
    assert not story.live
    assert [block.block_type for block in story.body] == ["paragraph"] * 12
    assert news_ids.allocate()[0] == 207167
    before = (ReceivedItem.objects.count(), story.revisions.count(), ModelLogEntry.objects.count())
    again = one(str(seed_page))
    assert again == {**told, "outcome": "unchanged"}
    assert before == (
        ReceivedItem.objects.count(),
        story.revisions.count(),
        ModelLogEntry.objects.count(),
    )


@pytest.mark.django_db
def test_a_story_has_everything_its_page_had() -> None:
    told = one(str(PAGES / "graph-by-reference.html"))
    story = Story.objects.get(pk=told["news_id"])
    assert story.section.name == "News"
    assert [row.byline.name for row in story.bylines.all()] == ["Nora Lind"]
    assert {topic.name for topic in story.topics.all()} == {"ferries", "harbour"}
    assert story.first_published_at == datetime(2024, 3, 4, 8, 15, tzinfo=UTC)
    (photo,) = story.photos.all()
    assert (photo.credit, photo.picture) == ("Jo Blum", None)
    redirect = Redirect.objects.get(old_path="/city/ferry-fares-third-rise")
    assert redirect.redirect_link == story.get_absolute_url()
    (use,) = story.provenance.all()
    assert use.item.content == (PAGES / "graph-by-reference.html").read_bytes()
    entry = ModelLogEntry.objects.get(action="wagtail.create", object_id=str(story.pk))
    assert entry.data["wire"]["sha256"] == use.item.sha256


@pytest.mark.django_db
def test_headings_lists_and_tables_become_blocks() -> None:
    told = one(str(PAGES / "headings-list-table.html"))
    story = Story.objects.get(pk=told["news_id"])
    kinds = [block.block_type for block in story.body]
    assert kinds == [
        *["paragraph"] * 2,
        *["heading", "table"],
        *["paragraph"] * 2,
        *["quotation", "heading", "list", "paragraph"],
    ]
    table = next(block.value for block in story.body if block.block_type == "table")
    assert [column["heading"] for column in table["table"].columns] == ["Ticket", "Now", "From May"]
    story.full_clean()


@pytest.mark.django_db(transaction=True)
def test_published_pages_stand_when_the_command_returns(tmp_path: Path) -> None:
    one(clock(tmp_path), "--publish")
    story = Story.objects.get(pk=4711)
    assert story.live
    assert story.first_published_at == datetime(2017, 12, 30, 6, 58, tzinfo=UTC)
    page = Path(settings.PRESSED_ROOT) / "news" / "4" / "4711.html.gz"
    assert "The clock stays fast" in gzip.decompress(page.read_bytes()).decode()


@pytest.mark.django_db
def test_changed_copy_updates_the_story_unless_the_desk_worked_on_it(tmp_path: Path) -> None:
    one(clock(tmp_path))
    told = one(clock(tmp_path, more="It will be looked at again in autumn."))
    assert told["outcome"] == "updated"
    story = Story.objects.get(pk=4711)
    latest = story.get_latest_revision_as_object()
    assert "autumn" in str(latest.body)
    assert story.provenance.count() == 2
    latest.headline = "The desk knows better"
    latest.save_revision()
    told = one(clock(tmp_path, more="It will be looked at again next year."))
    assert told["outcome"] == "refused"
    assert "The desk has edited story 4711" in told["error"]
    assert (
        Story.objects.get(pk=4711).get_latest_revision_as_object().headline.startswith("The desk")
    )
    assert ReceivedItem.objects.count() == 2


@pytest.mark.django_db
def test_an_update_of_a_live_story_waits_for_publication_and_says_so(tmp_path: Path) -> None:
    one(clock(tmp_path), "--publish")
    changed = clock(tmp_path, more="It will be looked at again in autumn.")
    assert one(changed)["outcome"] == "updated"
    story = Story.objects.get(pk=4711)
    assert story.live
    assert story.has_unpublished_changes
    assert "autumn" not in str(story.body)
    more = clock(tmp_path, more="It will be looked at again next year.")
    assert one(more, "--publish")["outcome"] == "updated"
    story.refresh_from_db()
    assert "next year" in str(story.body)
    assert story.substantively_updated_at is not None
    assert story.first_published_at == datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


# So large a file is read in another process, for which connections are opened anew.
@pytest.mark.django_db(transaction=True)
def test_a_taken_number_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    one(clock(tmp_path))
    goats = tmp_path / "batch" / "b-goats.txt"
    goats.parent.mkdir()
    goats.write_text(
        "News ID: 4711\n\nGoats below the dam\n\nGoats will graze below the dam from June on, the "
        "water board announced, in order to keep the slope free of hazel.\n"
    )
    (goats.parent / "a-empty.txt").write_bytes(b"")
    (goats.parent / "c-binary.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" * 50)
    large = goats.parent / "d-large.html"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    clock(goats.parent, "e-fine.txt", number=4712)
    status, told = run(str(goats.parent), str(tmp_path / "missing.txt"))
    assert status == 1
    # Pictures come last in a folder.
    assert [row["outcome"] for row in told] == [*["refused"] * 3, "imported", *["refused"] * 2]
    errors = {Path(row["file"]).name: row["error"] for row in told if row["error"]}
    assert "empty" in errors["a-empty.txt"]
    assert "belongs to another story" in errors["b-goats.txt"]
    assert "damaged" in errors["c-binary.jpg"]
    assert "50 MB" in errors["d-large.html"]
    assert "no such file" in errors["missing.txt"]
    assert set(Story.objects.values_list("pk", flat=True)) == {4711, 4712}
    assert ReceivedItem.objects.count() == Provenance.objects.count() == 2


@pytest.mark.django_db
def test_a_story_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("broadsheet.newsroom.importing.storing.order_stories", fail)
    monkeypatch.setattr("broadsheet.newsroom.actions.adopt.log", fail)
    told = one(clock(tmp_path))
    assert told["outcome"] == "refused"
    assert not Story.objects.exists()
    assert not ReceivedItem.objects.exists()
    assert not Section.objects.exists()
    assert news_ids.allocate()[0] == 1


@pytest.mark.django_db
def test_a_dry_run_says_what_would_happen_and_writes_nothing(tmp_path: Path) -> None:
    told = one(clock(tmp_path), "--dry-run", "--publish", "--section", "Town")
    assert (told["outcome"], told["section"], told["news_id"]) == ("imported", "Town", 4711)
    assert not Story.objects.exists()
    assert not Section.objects.exists()
    assert not ReceivedItem.objects.exists()


@pytest.mark.django_db
def test_sections_are_those_of_the_paper(tmp_path: Path) -> None:
    Section.objects.create(name="Town", slug="town")
    with pytest.raises(CommandError, match="The paper has: Town"):
        run(clock(tmp_path), "--section", "Twon")
    assert one(clock(tmp_path), "--section", "town")["section"] == "Town"
    Section.objects.create(name="City", slug="city")
    told = one(str(PAGES / "graph-by-reference.html"))
    assert told["section"] == "City"


@pytest.mark.django_db
def test_a_locked_story_is_left_alone(tmp_path: Path) -> None:
    one(clock(tmp_path))
    Story.objects.filter(pk=4711).update(locked=True)
    told = one(clock(tmp_path, more="It will be looked at again in autumn."))
    assert told["outcome"] == "refused"
    assert "locked" in told["error"]


@pytest.mark.django_db
def test_a_number_that_would_use_up_the_numbers_is_not_taken(tmp_path: Path) -> None:
    told = one(clock(tmp_path, number=999_999_999_999))
    assert (told["news_id"], told["headline"]) == (1, "The clock stays fast")
    assert any("999999999999" in oddity for oddity in told["oddities"])


@pytest.mark.django_db
def test_a_page_may_come_by_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = Path(clock(tmp_path)).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page)))
    told = one("-")
    assert (told["file"], told["news_id"]) == ("standard input", 4711)


@pytest.mark.django_db
def test_a_deleted_storys_page_is_not_taken_again(tmp_path: Path) -> None:
    file = clock(tmp_path)
    one(file)
    Story.objects.get(pk=4711).delete()
    told = one(file)
    assert told["outcome"] == "refused"
    assert "deleted" in told["error"]


@pytest.mark.django_db
def test_publishing_what_is_still_a_draft_but_not_what_was_taken_down(tmp_path: Path) -> None:
    file = clock(tmp_path)
    one(file)
    assert one(file, "--publish")["outcome"] == "updated"
    story = Story.objects.get(pk=4711)
    assert story.live
    story.unpublish()
    assert one(file, "--publish")["outcome"] == "unchanged"
    assert not Story.objects.get(pk=4711).live


def item(**values: Any) -> WireItem:
    given: dict[str, Any] = {
        "guid": "https://paper.example/a",
        "origin": "a",
        "format": "test",
        "sha256": "a" * 64,
        "headline": "A headline",
        "body": (WireBlock("paragraph", "Some <em>text</em>."),),
        **values,
    }
    return WireItem(**given)


@pytest.mark.django_db
def test_an_embargo_holds_against_publication() -> None:
    end = timezone.now() + timedelta(hours=3)
    adopted = adopt(item(embargoed=end), New(), terms=Terms(publish=True))
    story = Story.objects.get(pk=adopted.news_id)
    assert not story.live
    assert story.embargo_until == end
    assert not Story.objects.public().exists()


@pytest.mark.django_db
def test_names_that_are_known_are_not_made_twice() -> None:
    Byline.objects.create(name="Nora Lind", slug="nora")
    first = adopt(item(authors=("nora lind", "Ann"), agencies=("AFP",)), New(), terms=Terms())
    second = adopt(item(authors=("Ann",), agencies=("afp",)), New(), terms=Terms())
    assert Byline.objects.count() == 2
    stories = [Story.objects.get(pk=adopted.news_id) for adopted in (first, second)]
    assert [list(story.printed_agencies) for story in stories] == [["AFP"], ["AFP"]]


@pytest.mark.django_db
def test_addresses_of_the_paper_itself_are_never_redirected() -> None:
    urls = ("https://a.example/", "https://a.example/news/5/", "https://a.example/p?id=7")
    adopt(item(old_urls=urls), New(), terms=Terms())
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/p?id=7"]


@pytest.mark.django_db
def test_hostile_copy_is_stored_harmless() -> None:
    adopted = adopt(
        item(
            headline="<script>x</script>",
            body=(
                WireBlock("paragraph", "<img src=x onerror=alert(1)><a href='javascript:x'>a</a>"),
                WireBlock("list", "<ul><li onclick=x>one<ul><li>two</li></ul></li></ul>"),
                WireBlock(
                    "table", "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td></tr></table>"
                ),
            ),
            photos=(WirePhoto(caption="<b>c</b>"),),
        ),
        New(),
        terms=Terms(),
    )
    story = Story.objects.get(pk=adopted.news_id)
    raw = json.dumps([block["value"] for block in story.body.raw_data])
    assert "onerror" not in raw
    assert "javascript" not in raw
    assert "onclick" not in raw
    points = next(block.value["points"] for block in story.body if block.block_type == "list")
    assert [str(point.source) for point in points] == ["<p>one</p>", "<p>two</p>"]


@pytest.mark.django_db
def test_adopting_needs_the_permission_to_add_and_to_publish() -> None:
    user = User.objects.create_user("r")
    with pytest.raises(PermissionDenied):
        adopt(item(), New(), terms=Terms(user=user))
    user.user_permissions.add(Permission.objects.get(codename="add_story"))
    user = User.objects.get(pk=user.pk)
    adopt(item(), New(), terms=Terms(user=user))
    with pytest.raises(PermissionDenied):
        adopt(item(), New(), terms=Terms(user=user, publish=True))
