"""Pictures and documents in a store that the nodes share: private, and handed out to staff."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from pytest_django import Settings

from broadsheet import object_stores
from broadsheet.newsstand import uploads
from broadsheet.object_stores import ObjectStore, UploadsDownError
from broadsheet.stories.models import Picture
from broadsheet.wire import photo_files
from broadsheet.wire.items import WireItem, WirePhoto
from press.newspaper import picture, picture_bytes
from private_s3 import Server


@pytest.fixture
def shared(s3_server: Server, settings: Settings, tmp_path: Path) -> ObjectStore:
    """The store of uploads that this paper shares, in place of a folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_STORE = s3_server.place()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": object_stores.django_storage(settings.MEDIA_STORE),
    }
    return object_stores.store_at(settings.MEDIA_STORE)


def test_no_upload_replaces_another(shared: ObjectStore) -> None:
    first = default_storage.save("original_images/pier.jpg", ContentFile(b"one"))
    second = default_storage.save("original_images/pier.jpg", ContentFile(b"two"))
    assert first == "original_images/pier.jpg"
    assert second != first
    for name, content in ((first, b"one"), (second, b"two")):
        with default_storage.open(name) as file:
            assert file.read() == content
    assert default_storage.size(first) == 3
    assert default_storage.url(first) == "/newsroom/media/original_images/pier.jpg"
    default_storage.delete(first)
    assert not default_storage.exists(first)
    with pytest.raises(FileNotFoundError):
        default_storage.open(first)


@pytest.mark.django_db
def test_a_picture_is_for_staff_alone(shared: ObjectStore, settings: Settings) -> None:
    content = picture_bytes()
    made: Picture = picture(content)
    assert made.get_rendition("width-100").width == 100
    assert not Path(settings.MEDIA_ROOT).exists()
    grants = shared._s3().get_object_acl(Bucket=shared.place.bucket, Key=f"pages/{made.file.name}")[
        "Grants"
    ]
    assert not [grant for grant in grants if "URI" in grant["Grantee"]]
    reader, editor = Client(), Client()
    address = f"/newsroom/media/{made.file.name}"
    assert reader.get(address).status_code == 302
    editor.force_login(get_user_model().objects.create_superuser("editor", password="x"))
    answer = editor.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, max-age=600"
    assert editor.get("/newsroom/media/original_images/none.jpg").status_code == 404
    assert editor.get("/newsroom/media/../../secret").status_code == 404


def test_photos_of_the_wire_lie_there(shared: ObjectStore) -> None:
    item = WireItem(
        guid="1",
        origin="folder",
        format="plain",
        sha256="",
        body=(),
        headline="Pier",
        photos=(WirePhoto(content=b"bytes"),),
    )
    kept = photo_files.keep(item)
    assert [name.split("/")[0] for name, _ in shared.names()] == ["wire"]
    photo_files.keep(item)
    bare = replace(item, photos=(WirePhoto(stored_as=kept.photos[0].stored_as),))
    assert photo_files.with_bytes(bare).photos[0].content == b"bytes"
    photo_files.forget(kept)
    assert not list(shared.names())


def test_backup_and_restore(shared: ObjectStore, tmp_path: Path) -> None:
    default_storage.save("documents/plan.pdf", ContentFile(b"plan"))
    found = {name: path.read_bytes() for path, name in uploads.files()}
    assert found == {"documents/plan.pdf": b"plan"}
    default_storage.delete("documents/plan.pdf")
    folder = tmp_path / "unpacked"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents/plan.pdf").write_bytes(b"plan")
    uploads.put_back(folder)
    assert not folder.exists()
    with default_storage.open("documents/plan.pdf") as file:
        assert file.read() == b"plan"


def test_a_store_that_is_down_says_so(shared: ObjectStore, s3_server: Server) -> None:
    s3_server.stop()
    try:
        with pytest.raises(UploadsDownError):
            default_storage.save("documents/plan.pdf", ContentFile(b"plan"))
        with pytest.raises(UploadsDownError):
            default_storage.open("documents/plan.pdf")
    finally:
        s3_server.start()


@pytest.mark.django_db
def test_the_newsroom_says_so_too(shared: ObjectStore, s3_server: Server) -> None:
    editor = Client(raise_request_exception=False)
    editor.force_login(get_user_model().objects.create_superuser("editor", password="x"))
    s3_server.stop()
    try:
        answer = editor.get("/newsroom/media/original_images/pier.jpg")
    finally:
        s3_server.start()
    assert answer.status_code == 503
    assert "Pictures and documents cannot be had at the moment" in answer.content.decode()
