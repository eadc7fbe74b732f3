"""Stories that come in together are what they are when each comes in by itself."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from PIL import Image

from broadsheet.newsroom.actions import writing
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.importing import storing, together
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.reconciliation import Reconciliation
from broadsheet.newsroom.importing.together import Import
from broadsheet.newsroom.models import ImportState
from broadsheet.newsroom.moving.finding import find_in
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.newsroom.moving.records import Filing
from broadsheet.press.actions import held
from broadsheet.press.models import PressOrder
from broadsheet.search import index
from broadsheet.stories.models import Story
from broadsheet.wire.models import ReceivedItem
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.reading import read
from broadsheet.wire.reading_apart import read_apart
from broadsheet.wire.retrievers import files
from wire.wordpress_export import AUTHORS, BASE, attachment, comment, item, meta, site, term

pytestmark = pytest.mark.django_db

WORDS = ["bridge", "river", "ferry", "council", "repair", "winter", "street", "market"]


def text(number: int) -> str:
    """Return words that no other number has in this order."""
    return " ".join(f"{WORDS[(number * place) % 8]}{number * place}" for place in range(1, 40))


RICH = """<!-- wp:paragraph --><p>A <b>bold</b> <a href="https://a.example/x">link</a>.</p>
<!-- /wp:paragraph --><!-- wp:heading --><h2>Below</h2><!-- /wp:heading -->
<!-- wp:list --><ul><li>One</li><li>Two</li></ul><!-- /wp:list -->
<!-- wp:quote --><blockquote><p>Said.</p></blockquote><!-- /wp:quote -->
<!-- wp:table --><figure class="wp-block-table"><table><tr><th>A</th><th>B</th></tr>
<tr><td>1</td><td>2</td></tr></table></figure><!-- /wp:table -->"""
EXPORT = site(
    item(
        7,
        RICH,
        term("category", "city", "City")
        + term("post_tag", "river", "The River")
        + meta(_thumbnail_id="20")
        + comment(1, "Well done.")
        + comment(2, "Is it?", parent="1")
        + comment(3, "Buy this.", approved="0")
        + comment(4, ""),
        title="<![CDATA[The bridge is open]]>",
    ),
    attachment(20, "bridge.jpg"),
    item(8, title="<![CDATA[Unfinished]]>", wp__status="draft"),
    item(9, title="<![CDATA[Never]]>", wp__status="future", wp__post_date="2099-01-01 00:00:00",
         wp__post_date_gmt="2099-01-01 00:00:00"),
    item(10, title="<![CDATA[Not for all]]>", wp__status="private"),
    item(11, title="<![CDATA[About us]]>", link=f"{BASE}/about-us/", wp__post_name="about-us",
         wp__post_type="page"),
    # Two of one address, a shortcode nobody knows, a picture of nobody.
    item(12, "<p>Again.</p>[unknown-box]", title="<![CDATA[Again]]>", link=f"{BASE}/again/"),
    item(13, "<p>And again.</p>", title="<![CDATA[Once more]]>", link=f"{BASE}/again/"),
    attachment(21, "nobody.jpg"),
    item(14, title="<![CDATA[]]>", content=""),
    head=AUTHORS,
)  # fmt: skip


def ninjs(number: int, **values: Any) -> dict[str, Any]:
    return {
        "uri": f"urn:newsml:agency.example:{number}",
        "type": "text",
        "pubStatus": "usable",
        "language": "en-GB",
        "versionCreated": f"2019-03-{number % 27 + 1:02}T10:00:00Z",
        "headline": f"Bridge {number}",
        "byline": "By Ann Weaver",
        "infoSources": [{"name": "AFP", "role": "cptr:originator"}],
        "body_html": f"<p>Number {number}. {text(number)}</p><ol><li>One</li></ol>",
        **values,
    }


FILES: dict[str, Any] = {
    "01": ninjs(1),
    # The same words on another day, in other words on the same, and the same once more.
    "02": ninjs(2, body_html=f"<p>{text(3)}</p>", versionCreated="2018-03-02T11:00:00Z"),
    "03": ninjs(3, body_html=f"<p>{text(3)}</p>", versionCreated="2019-03-02T11:00:00Z"),
    "031": ninjs(4, body_html=f"<p>{text(3)}</p>", versionCreated="2019-03-02T12:00:00Z"),
    "032": ninjs(5, body_html=f"<p>{text(3)} {text(5)}</p>", versionCreated="2019-03-02T13:00:00Z"),
    "04": ninjs(1),
    "05": ninjs(1, headline="Bridge 1, corrected", versionCreated="2019-03-02T12:00:00Z"),
    "06": ninjs(6, pubStatus="canceled", versionCreated="2019-03-02T12:00:00Z"),
    "07": ninjs(7, embargoed="2099-01-01T00:00:00Z"),
    "08": ninjs(8, language="fa", body_html=f"<p>{'پل باز شد. ' * 20}</p>", headline="پل"),
    "09": ninjs(9, headline="", body_html="<p>No head, and little to say.</p>"),
    "10": ninjs(10, versionCreated="2099-03-01T10:00:00Z", subject=[{"name": "Rivers"}]),
    "11": [ninjs(number) for number in range(11, 17)],
    "12": ninjs(20, type="advisory"),
    "13": ninjs(21, headline="H" * 400),
    "14": ninjs(22, associations={"main": {"type": "picture", "headline": "P", "body_text": "Cap",
                "renditions": {"original": {"href": "beside.jpg", "mimetype": "image/jpeg"}}}}),
    "15": ninjs(23, associations={"main": {"type": "picture", "headline": "Q", "body_text": "Cap",
                "renditions": {"original": {"href": "gone.jpg", "mimetype": "image/jpeg"}}}}),
    "16": ninjs(24, uri="https://paper.example/news/5000/",
                altids=[{"role": "newsid", "value": "5000"}]),
    "17": ninjs(25, pubStatus="withheld", uri="urn:newsml:agency.example:1"),
    "18": ninjs(26, versionCreated="2019-06-01T10:00:00Z"),
}  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "texts").mkdir(parents=True)
    for name, value in FILES.items():
        (folder / "texts" / f"{name}.json").write_text(json.dumps(value))
    (folder / "texts" / "99.json").write_text('{"uri": "broken", "headline": ')
    Image.new("RGB", (40, 30), "red").save(folder / "texts" / "beside.jpg")
    (folder / "export.xml").write_text(EXPORT)
    return folder


@pytest.fixture
def media(tmp_path: Path) -> Path:
    folder = tmp_path / "uploads"
    (folder / "2020" / "01").mkdir(parents=True)
    Image.new("RGB", (64, 48), "blue").save(folder / "2020" / "01" / "bridge.jpg")
    return folder


def reading(folder: Path) -> Iterator[Any]:
    return files.read(files.find([str(folder)]), io.BytesIO())


def one_by_one(folder: Path, terms: Terms, filing: Filing) -> Iterator[Outcome]:
    yield from bring_in(reading(folder), Adopter(terms), file_record=filing)
    yield from filing.finish()


def all_together(folder: Path, terms: Terms, filing: Filing) -> Iterator[Outcome]:
    journal = Journal("test", "")
    yield from Import(Adopter(terms), filing, journal).bring_in(read(reading(folder)))


Way = Callable[[Path, Terms, Filing], Iterator[Outcome]]
# What is another each time, or is told by what it belongs to.
LEFT_OUT = re.compile(
    r"(.*_at|created|timestamp|started|uuid|content_path_hash|translation_key|waiting_since|turn)"
)
ROOMS = {"accounts", "attribution", "letters", "newsroom", "press", "stories", "wagtailcore",
         "wagtailredirects", "wire"}  # fmt: skip


def plain(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        # Revisions and bodies name rows and blocks by keys of no meaning.
        return {
            key: plain(each, key)
            for key, each in value.items()
            if key not in {"id", "uuid"} and not LEFT_OUT.fullmatch(key)
        }
    if isinstance(value, list | tuple):
        return [plain(each, name) for each in value]
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return plain(json.loads(value), name)
        except ValueError:
            return value
    return value


def tables() -> dict[str, list[str]]:
    """Return what the paper's tables hold, row by row, but for times and keys of no meaning."""
    found: dict[str, list[str]] = {}
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.model_name or ""
        if model._meta.app_label not in ROOMS or name == "importstate":
            continue
        fields = [
            field
            for field in model._meta.concrete_fields
            if not (field.primary_key and isinstance(field, models.AutoField | models.BigAutoField))
            and not LEFT_OUT.fullmatch(field.name)
        ]
        rows = []
        for row in model._default_manager.all():
            values = {field.name: plain(field.value_from_object(row)) for field in fields}
            if isinstance(row, Story):
                values["body"] = plain(list(row.body.raw_data))
                values["times"] = [row.first_published_at, bool(row.last_published_at)]
            if name == "picture":
                # Files of the first way are still there when the second stores them.
                del values["file"]
            if name == "pressorder":
                values["key"] = re.sub(r"-[0-9a-f]{10}-", "-digest-", values["key"])
            if "content_path" in values:
                values["content_path"] = re.sub(r"\.\d+\.", ".N.", values["content_path"])
            rows.append(json.dumps(values, sort_keys=True, default=str, ensure_ascii=False))
        found[model._meta.label] = sorted(rows)
    return found


def count_anew() -> None:
    """Have rows numbered on from those there are: PostgreSQL takes no number back."""
    every = list(apps.get_models(include_auto_created=True))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), every):
            cursor.execute(statement)


def told(outcome: Outcome) -> tuple[Any, ...]:
    return (
        outcome.origin, outcome.kind, outcome.what, outcome.news_id, outcome.section,
        outcome.oddities, outcome.error, outcome.along,
    )  # fmt: skip


def result_of(
    way: Way, folder: Path, terms: dict[str, Any], pictures: Path | None
) -> tuple[dict[str, list[str]], list[Any], dict[str, Any]]:
    filing = Filing()
    finds = Pictures(find_in(pictures)) if pictures else Pictures()
    outcomes = list(way(folder, Terms(**terms, sections=filing.sections, pictures=finds), filing))
    accounts = Reconciliation()
    for outcome in outcomes:
        accounts.add(outcome)
    return tables(), [told(outcome) for outcome in outcomes], accounts.as_values()


@pytest.mark.parametrize(
    ("terms", "with_media"),
    [({"publish": True}, True), ({"publish": False}, False), ({"stages": False}, False)],
)
def test_both_ways_end_the_same(  # noqa: PLR0917 - fixtures
    archive: Path,
    media: Path,
    terms: dict[str, Any],
    with_media: bool,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    stored: list[int] = []
    real = storing.store

    def counted(copies: Any, *rest: Any) -> Any:
        stored.append(len(copies))
        return real(copies, *rest)

    monkeypatch.setattr(storing, "store", counted)
    pictures = media if with_media else None
    count_anew()
    with held(), transaction.atomic():
        with django_capture_on_commit_callbacks(execute=True):
            alone = result_of(one_by_one, archive, terms, pictures)
        transaction.set_rollback(True)
    count_anew()
    with held(), django_capture_on_commit_callbacks(execute=True):
        together_ = result_of(all_together, archive, terms, pictures)
    assert alone[1] == together_[1]
    assert alone[2] == together_[2]
    for name, rows in alone[0].items():
        mine, theirs = Counter(rows), Counter(together_[0][name])
        assert (mine - theirs, theirs - mine) == (Counter(), Counter()), name
    assert sum(stored) >= 15
    assert max(stored) >= 6


def test_one_that_fails_is_told_of_by_itself_and_the_others_come_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 21):
        (tmp_path / f"{number:02}.json").write_text(json.dumps(ninjs(number)))
    real = writing.write

    def failing(story: Story, item: Any, *rest: Any, **more: Any) -> Any:
        if item.guid.endswith(":13"):
            raise RuntimeError("nobody can store this")
        return real(story, item, *rest, **more)

    monkeypatch.setattr(storing, "write", failing)
    monkeypatch.setattr("broadsheet.newsroom.actions.adopt.write", failing)
    journal = Journal("test", "")
    found = Import(Adopter(Terms()), Filing(), journal).bring_in(read(reading(tmp_path)))
    outcomes = [outcome.kind for outcome in found]
    assert outcomes == ["imported"] * 12 + ["refused"] + ["imported"] * 7
    assert Story.objects.count() == ReceivedItem.objects.count() == 19
    assert set(Story.objects.values_list("pk", flat=True)) == set(range(1, 20))
    state = ImportState.objects.get()
    assert (state.done, state.counts) == (20, {"story": {"imported": 19, "refused": 1}})


def test_another_process_reads_the_same(archive: Path) -> None:
    found = files.find([str(archive)])
    here = [each.record for each in read(files.read(found, io.BytesIO()), skip=3)]
    assert [each.record for each in read_apart(found, skip=3)] == here
    assert here
    assert not found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL sees to this itself")
def test_while_an_archive_comes_in_database_and_index_expect_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 31):
        (tmp_path / f"{number:02}.json").write_text(json.dumps(ninjs(number)))
    monkeypatch.setattr(together, "MOST_TOGETHER", 10)
    monkeypatch.setattr(together, "_STATISTICS_FIRST", 10)
    before = settings_of_the_database()
    coming = Import(Adopter(Terms(publish=True)), Filing(), Journal("test", "")).bring_in(
        read(reading(tmp_path))
    )
    with held():
        outcomes = [next(coming) for _ in range(11)]
        assert settings_of_the_database() == [(-65_536,), (16_000,), (2,), (16,)]
        outcomes += coming
    assert [outcome.kind for outcome in outcomes] == ["imported"] * 30
    # Nobody waits for its pages either.
    hurried = {order.key for order in PressOrder.objects.filter(kind="story", priority=0)}
    assert hurried == {str(number) for number in range(1, 11)}
    assert settings_of_the_database()[:3] == before[:3]
    assert before[:2] == [(-16_384,), (1_000,)]
    assert settings_of_the_database()[3:] == [(4,)]
    assert len(index.matching("bridge")) == 30


def settings_of_the_database() -> list[Any]:
    with connection.cursor() as cursor:
        return [
            cursor.execute(sql).fetchone()
            for sql in (
                "PRAGMA cache_size",
                "PRAGMA wal_autocheckpoint",
                "PRAGMA secure_delete",
                "SELECT v FROM search_drafts_config WHERE k = 'automerge'",
            )
        ]
