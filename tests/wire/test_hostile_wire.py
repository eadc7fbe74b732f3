"""Broken and hostile input in every format: a refusal each, or a story; the paper unharmed.

``bench/hostile.py`` does the same with thousands; here stands a sample, the same in each run.
"""

from __future__ import annotations

import gzip
import io
import json
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, models
from django.db.models.functions import Length
from lxml import html
from pytest_django import Settings

from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.moving.records import Filing
from broadsheet.press.actions import held, press_orders
from broadsheet.stories.models import Picture, Story
from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.incoming import IncomingFile, Unreadable
from broadsheet.wire.items import WireItem
from broadsheet.wire.models import Channel, Provenance, QueuedItem, ReceivedItem
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.retrievers import files
from wire import hostile_shapes as shapes
from wire.hostile_checks import check_item
from wire.hostile_seeds import SEEDS, Words
from wire.hostile_words import MARKUP, all_words, everywhere

Input = tuple[str, bytes]
_READERS_OWN = ("/assets/",)


def read(content: bytes, folder: Path) -> None:
    """Read ``content`` as an import does; only refusals are let pass."""
    path = folder / "in"
    path.write_bytes(content)
    for file in files.read([path], io.BytesIO()):
        if isinstance(file, Unreadable):
            assert file.reason
            continue
        try:
            records = (
                list(parsers.read_archive(file))
                if isinstance(file, IncomingFile)
                else list(parsers.parse(file))
            )
        except WireError:
            continue
        for record in records:
            if isinstance(record, WireItem):
                check_item(record)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_any_words_in_any_place(seed: Any, tmp_path: Path) -> None:
    every = 40
    start = sorted(SEEDS).index(seed.__name__)
    for _, words in islice(all_words(), start, None, every):
        read(seed(words), tmp_path)


@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_any_damage(seed: Any, tmp_path: Path) -> None:
    chance = random.Random(seed.__name__)  # noqa: S311 - to be the same in each run
    whole = seed(Words())
    for _ in range(25):
        read(shapes.mutated(whole, chance)[1], tmp_path)
    for _, content in shapes.document_types(whole):
        read(content, tmp_path)


def test_pictures_that_are_none_or_lie(tmp_path: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - to be the same in each run
    for name, content in shapes.hostile_pictures(chance):
        if "turned" not in name or chance.random() < 0.1:
            read(content, tmp_path)


def test_traps_in_archives(tmp_path: Path) -> None:
    for _, content in shapes.archives():
        read(content, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["in"]


@pytest.mark.parametrize(
    "declared", ["undefined", "punycode", "idna", "unicode_escape", "zlib", "mbcs", "a\x00b"]
)
@pytest.mark.parametrize("name", ["rss", "wxr", "nitf"])
def test_codecs_that_are_no_encodings(name: str, declared: str, tmp_path: Path) -> None:
    content = SEEDS[name](Words()).partition(b"?>")[2].replace(b"Ferry", b"F\xe7rry")
    read(f'<?xml version="1.0" encoding="{declared}"?>'.encode() + content, tmp_path)


def _inputs() -> Iterator[Input]:
    for number, markup in enumerate(MARKUP):
        names = [name for place, name in enumerate(SEEDS) if (place + number) % 7 == 0]
        for name in names:
            content = SEEDS[name](everywhere(markup))
            # A story of its own each time.
            for old, new in (
                (b"20240304:fares", b"20240304:%d" % number),
                (b"48213", b"%d" % (50_000 + number)),
                (b"coast.example/ferry-fares/", b"coast.example/fares-%d/" % number),
                (b"will pay more", b"will pay %d words %d" % (number, number * 7)),
            ):
                content = content.replace(old, new)
            yield f"{number}-{name}", content
    chance = random.Random(3)  # noqa: S311 - to be the same in each run
    for _, words in islice(all_words(), 0, None, 149):
        name = chance.choice(list(SEEDS))
        yield f"words-{name}", SEEDS[name](words)


def bring(inputs: Iterable[Input], folder: Path, channel: Channel | None = None) -> list[Outcome]:
    told: list[Outcome] = []
    for number, (name, content) in enumerate(inputs):
        path = folder / f"{number}-{name}"
        path.write_bytes(content)
        filing = Filing()
        adopter = Adopter(Terms(publish=True, sections=filing.sections))
        with held():
            told += bring_in(
                files.read([path], io.BytesIO()), adopter, file_record=filing, channel=channel
            )
            told += filing.finish()
    return told


def _stored_json() -> Iterator[Any]:
    yield from ReceivedItem.objects.values_list("fields", flat=True)
    yield from Story.objects.values_list("headline", "lead")


def check_database() -> None:
    """Fail where a row is half stored, or longer than databases other than SQLite let it be."""
    connection.check_constraints()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.CharField) and field.max_length:
                rows = model._base_manager.annotate(characters=Length(field.name))
                assert not rows.filter(characters__gt=field.max_length).exists(), field
    assert all("\\u0000" not in json.dumps(row).replace("\\\\", "") for row in _stored_json())
    assert not Story.objects.filter(provenance__isnull=True).exists()
    kept = set(Picture.objects.values_list("file", flat=True))
    root = Path(django_settings.MEDIA_ROOT) / "pictures"
    assert {
        str(file.relative_to(root.parent)) for file in root.rglob("*") if file.is_file()
    } <= kept


@pytest.mark.django_db
def test_what_is_published_unseen_does_no_harm(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PRESSED_ROOT = tmp_path / "pressed"
    settings.MEDIA_ROOT = tmp_path / "media"
    folder = tmp_path / "in"
    folder.mkdir()
    told = bring(_inputs(), folder)
    assert not [each for each in told if "unexpected" in each.error], caplog.text
    stories = Story.objects.count()
    assert stories > 15
    assert Provenance.objects.count() >= stories
    check_database()
    assert press_orders().failed == 0
    pages = list((tmp_path / "pressed").rglob("*.html.gz"))
    assert len(pages) > stories
    for page in pages:
        check_page(gzip.decompress(page.read_bytes()))


def check_page(content: bytes) -> None:
    """Fail where a page has anything that runs or leads readers astray, but what is its own."""
    for element in html.fromstring(content).iter("*"):
        assert element.tag not in {"object", "embed", "base", "iframe", "style"}
        if element.tag == "script" and element.get("type") != "application/ld+json":
            assert (element.get("src") or "").startswith(_READERS_OWN)
        assert not (element.tag == "meta" and element.get("http-equiv"))
        for name, value in element.attrib.items():
            assert not str(name).lower().startswith("on")
            assert name != "style"
            if name in {"href", "src", "action", "formaction", "srcset", "poster", "content"}:
                start = "".join(str(value).lower().split())
                assert not start.startswith(("javascript:", "data:", "vbscript:", "file:", "//"))


@pytest.mark.django_db
def test_what_waits_in_the_queue_does_no_harm(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    channel = Channel.objects.create(name="Coast", address="https://wire.example/")
    folder = tmp_path / "in"
    folder.mkdir()
    told = bring(islice(_inputs(), 0, None, 2), folder, channel)
    assert not [each for each in told if "unexpected" in each.error], caplog.text
    assert QueuedItem.objects.count() == ReceivedItem.objects.count() > 20
    check_database()
