"""Words that are cut where an archive is read, for the index of the process that stores it."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zlib
from pathlib import Path

import pytest
from django.db import transaction

from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.importing.ahead import known_words
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.together import Import
from broadsheet.newsroom.moving.records import Filing
from broadsheet.search import documents, own_texts, rows
from broadsheet.search.impacts import Weighed
from broadsheet.search.models import IndexedStory
from broadsheet.stories.models import Story
from broadsheet.wire.reading import Read, all_worked_ahead, read, worked_ahead
from broadsheet.wire.retrievers import files

from .test_bulk_import import EXPORT, ninjs

pytestmark = pytest.mark.django_db

PERSIAN = "کشتی‌ها می‌روند و نمی آیند؛ استان‌های ساحلی را باران گرفت."


def _read(folder: Path) -> list[Read]:
    found = files.find([str(folder)])
    reads = list(read(files.read(found, io.BytesIO())))
    done = all_worked_ahead(reads)
    # In their order, though one language is worked through after the other.
    assert done == [worked_ahead(each) for each in reads]
    return done


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "0.xml").write_text(EXPORT)
    for number in range(1, 6):
        # In the order in which they came first, and the other way round.
        topics = ["Zinc", "Alder"] if number % 2 else ["Alder", "Zinc"]
        subjects = [{"rel": "about", "name": name} for name in topics]
        (tmp_path / f"{number}.json").write_text(json.dumps(ninjs(number, subjects=subjects)))
    persian = ninjs(6, language="fa", headline="کشتی‌ها بازگشتند", body_html=f"<p>{PERSIAN}</p>")
    (tmp_path / "6.json").write_text(json.dumps(persian))
    return tmp_path


def _bring_in(reads: list[Read]) -> dict[int, tuple[object, ...]]:
    list(Import(Adopter(Terms()), Filing(), Journal("test", "")).bring_in(reads))
    rows = IndexedStory.objects.values_list("news_id", "place", "public", "tokens")
    return {row[0]: (*row[1:3], zlib.decompress(row[3])) for row in rows}


def test_the_texts_of_an_archive_are_foreseen_as_the_index_reads_them(archive: Path) -> None:
    reads = _read(archive)
    copies = [each.copy for each in reads if each.copy is not None]
    assert copies
    _bring_in(reads)
    with known_words(copies):
        known = own_texts._known.get()
    stored = documents.of(list(Story.objects.values_list("pk", flat=True)))
    texts = [(each.headline, each.lead, each.body, each.language) for each in stored]
    found = [each for each in texts if own_texts.key_of(*each) in known]
    # But for the two whose headline had to be made.
    assert len(found) >= len(texts) - 2
    for each in found:
        assert known[own_texts.key_of(*each)] == own_texts.of(*each)


def test_sketches_come_along_or_are_left_to_whoever_stores(archive: Path) -> None:
    reads = list(read(files.read(files.find([str(archive)]), io.BytesIO())))
    along, left = all_worked_ahead(reads), all_worked_ahead(reads, sketched=False)
    for with_it, without in zip(along, left, strict=True):
        if with_it.copy is None or without.copy is None:
            continue
        sent, also_sent = (pickle.loads(pickle.dumps(each.copy)) for each in (with_it, without))  # noqa: S301
        assert "sketch" in vars(sent)
        assert "sketch" not in vars(also_sent)
        assert also_sent.sketch == sent.sketch
    assert any(each.copy.sketch for each in along if each.copy)


def test_the_index_is_the_same_whether_words_were_cut_ahead(archive: Path) -> None:
    ahead = _bring_in(_read(archive))
    assert len(ahead) > 6
    for news_id, (*_, remembered) in ahead.items():
        (row,) = rows.of([news_id])
        assert zlib.decompress(row.story.tokens) == remembered


def test_what_is_known_of_texts_is_asked_by_all_of_them_and_their_language() -> None:
    kept = own_texts.OwnTexts("kept", "", "", Weighed("kept", "", struct.pack("d", 3.0), 1))
    with own_texts.worked_out({own_texts.key_of("ships", "", "", "en"): kept}):
        assert own_texts.of("ships", "", "", "en") is own_texts.of("ships", "", "", "en-GB") is kept
        for others in (("ships", "", "", "de"), ("", "ships", "", "en"), ("ship", "s", "", "en")):
            assert own_texts.of(*others) != kept
    assert own_texts.of("ships", "", "", "en").headline == "ships"


def test_what_cannot_be_worked_ahead_comes_without(
    archive: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("broadsheet.wire.ahead._works", {"words": "broadsheet.no_such.function"})
    reads = _read(archive)
    assert all(each.copy is None or each.copy.ahead == {} for each in reads)
    assert "working ahead on" in caplog.text


def test_bodies_are_the_same_whether_they_were_made_ahead(archive: Path) -> None:
    found = files.find([str(archive)])
    before = transaction.savepoint()
    at_once = _bodies(list(read(files.read(found, io.BytesIO()))))
    transaction.savepoint_rollback(before)
    assert _bodies(_read(archive)) == at_once
    assert len(at_once) > 6


def _bodies(reads: list[Read]) -> list[list[tuple[str, object]]]:
    """Return the bodies of the stories that ``reads`` become, without the ids of their blocks."""
    _bring_in(reads)
    stories = list(Story.objects.select_related("latest_revision").order_by("created_at", "pk"))
    for story in stories:
        blocks = list(story.body.raw_data)
        assert len({block["id"] for block in blocks}) == len(blocks)
        assert json.loads(story.latest_revision.content["body"]) == blocks
    return [[(each["type"], each["value"]) for each in story.body.raw_data] for story in stories]
