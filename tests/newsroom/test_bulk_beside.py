"""Stories that come in together, beside others that cannot: in either way the same is made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from PIL import Image
from wagtail.contrib.redirects.models import Redirect

from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.importing import names
from broadsheet.press.actions import held
from broadsheet.stories.models import Story, Topic

from .test_bulk_import import all_together, count_anew, ninjs, one_by_one, result_of, text

pytestmark = pytest.mark.django_db


def _both_ways(folder: Path, **terms: Any) -> None:
    count_anew()
    with held(), transaction.atomic():
        alone = result_of(one_by_one, folder, terms, None)
        transaction.set_rollback(True)
    count_anew()
    with held():
        together = result_of(all_together, folder, terms, None)
    assert alone[1:] == together[1:]
    for name, rows in alone[0].items():
        assert rows == together[0][name], name


def _write(folder: Path, documents: dict[str, Any]) -> None:
    folder.mkdir()
    for name, document in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(document))


def _topics(*topics: str) -> list[dict[str, str]]:
    return [{"rel": "about", "name": name} for name in topics]


def test_topics_made_together_are_those_made_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "_ASKED_ONE_BY_ONE", 1)
    Topic.objects.create(name="harbours", slug="harbours", language="en")
    for path in ("/topic/ferries", "/feeds/topic/ferries.rss", "/topic/kept"):
        Redirect.objects.create(old_path=path, redirect_link="/topic/harbours/")
    documents = {}
    for number in range(1, 9):
        language = "de" if number % 3 else "en-GB"
        about = _topics("Harbours", "HARBOURS", "Ferries", f"Number {number % 4}", "?!")
        documents[f"{number:02}"] = ninjs(number, language=language, subjects=about)
    _write(tmp_path / "wire", documents)
    _both_ways(tmp_path / "wire")
    assert Topic.objects.filter(slug__startswith="ferries").count() == 2
    assert [*Redirect.objects.values_list("old_path", flat=True)] == ["/topic/kept"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's topics are not foreseen")
def test_topics_are_made_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = _topics(*(f"Number {number}" for number in range(12)))
    documents = {f"{number:02}": ninjs(number, subjects=about[number:]) for number in range(8)}
    documents |= {f"2{n}": ninjs(20 + n, language="de", subjects=about) for n in range(2)}
    _write(tmp_path / "wire", documents)
    made: list[int] = []
    real = filing.new_topics

    def counted(wanted: Any) -> Any:
        made.append(len(wanted))
        return real(wanted)

    monkeypatch.setattr(filing, "new_topics", counted)
    result_of(all_together, tmp_path / "wire", {}, None)
    assert made == [24]


def test_what_has_a_picture_counts_for_what_comes_behind_it(tmp_path: Path) -> None:
    shown = {
        "main": {
            "type": "picture", "headline": "P", "body_text": "A quay.",
            "renditions": {"original": {"href": "quay.jpg", "mimetype": "image/jpeg"}},
        }
    }  # fmt: skip
    same = f"<p>{text(3)}</p>"
    _write(
        tmp_path / "wire",
        {
            "1": ninjs(1, associations=shown),
            # The same item once more without it, and its words under another name.
            "2": ninjs(1, headline="Bridge 1, mended", versionCreated="2019-03-02T12:00:00Z"),
            "3": ninjs(
                3, associations=shown, body_html=same, versionCreated="2019-03-04T10:00:00Z"
            ),
            "4": ninjs(4, body_html=same, versionCreated="2019-03-04T11:00:00Z"),
            "5": ninjs(5),
        },
    )
    Image.new("RGB", (40, 30), "red").save(tmp_path / "wire" / "quay.jpg")
    _both_ways(tmp_path / "wire", publish=True)
    assert Story.objects.count() == 3
