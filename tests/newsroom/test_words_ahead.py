"""Words that are cut where an archive is read, for the index of the process that stores it."""

from __future__ import annotations

import io
import json
import zlib
from pathlib import Path

import pytest

from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.importing.ahead import known_words
from broadsheet.newsroom.importing.journal import Journal
from broadsheet.newsroom.importing.together import Import
from broadsheet.newsroom.moving.records import Filing
from broadsheet.search import documents, words
from broadsheet.search.models import IndexedStory
from broadsheet.stories.models import Story
from broadsheet.wire.reading import Read, read, worked_ahead
from broadsheet.wire.retrievers import files

from .test_bulk_import import EXPORT, ninjs

pytestmark = pytest.mark.django_db

PERSIAN = "کشتی‌ها می‌روند و نمی آیند؛ استان‌های ساحلی را باران گرفت."


def _read(folder: Path) -> list[Read]:
    found = files.find([str(folder)])
    return [worked_ahead(each) for each in read(files.read(found, io.BytesIO()))]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "0.xml").write_text(EXPORT)
    for number in range(1, 6):
        (tmp_path / f"{number}.json").write_text(json.dumps(ninjs(number)))
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
        known = words._known.get()
    texts = [
        (text, document.language)
        for document in documents.of(list(Story.objects.values_list("pk", flat=True)))
        for text in (document.headline, document.body)
        if text
    ]
    found = [(text, language) for text, language in texts if words.key_of(text, language) in known]
    # But for the two whose headline had to be made.
    assert len(found) >= len(texts) - 2
    for text, language in found:
        assert known[words.key_of(text, language)] == words.cut(text, language)


def test_the_index_is_the_same_whether_words_were_cut_ahead(archive: Path) -> None:
    reads = _read(archive)
    ahead = _bring_in(reads)
    counted = {news_id: row[1:] for news_id, row in ahead.items()}
    again = {}
    for news_id in counted:
        (document,) = documents.of([news_id])
        row = words.cut(document.body, document.language)[0]
        again[news_id] = row
    assert len(again) == len(counted) > 6
    for news_id, body in again.items():
        assert body.encode() in ahead[news_id][2]  # type: ignore[operator]


def test_what_is_known_of_a_text_is_asked_by_its_language(archive: Path) -> None:
    key = words.key_of("ships", "en")
    with words.cut_ahead({key: ("kept", {("kept", ""): 1})}):
        assert words.cut("ships", "en")[0] == words.cut("ships", "en-GB")[0] == "kept"
        assert words.cut("ships", "de")[0] == "ships"
    assert words.cut("ships", "en")[0] == "ships"


def test_what_cannot_be_worked_ahead_comes_without(
    archive: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("broadsheet.wire.ahead._works", {"words": "broadsheet.no_such.function"})
    reads = _read(archive)
    assert all(each.copy is None or each.copy.ahead == {} for each in reads)
    assert "working ahead on" in caplog.text
