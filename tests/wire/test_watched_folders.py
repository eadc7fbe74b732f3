"""A channel watches no folder where the paper keeps what is its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError

from broadsheet.wire.decide import New, Unchanged, Update
from broadsheet.wire.items import WireItem
from broadsheet.wire.keeping import Adopted
from broadsheet.wire.models import Channel
from broadsheet.wire.polling import poll
from broadsheet.wire.watched_folders import is_the_papers_own

SECRET = "the secret of this paper, which nobody may read"


@pytest.fixture
def home(settings: LazySettings, tmp_path: Path) -> Path:
    home = tmp_path / "srv" / "paper"
    for folder in ("media/pictures", "run", "incoming/coast"):
        (home / folder).mkdir(parents=True)
    (home / "secret-key").write_text(SECRET)
    settings.HOME = home
    return home


OWN = (
    ".", "..", "../..", "/", "media", "media/pictures", "run", "not-there", "Incoming",
    "incoming/..", "incoming/coast/../../media", "incoming-2", "../paper",
)  # fmt: skip
FREE = ("incoming", "incoming/", "incoming/coast", "incoming/not-there", "../paper-2", "../ftp/in")


@pytest.mark.parametrize("name", OWN)
def test_what_is_the_paper_s_own(home: Path, name: str) -> None:
    assert is_the_papers_own(home / name)
    with pytest.raises(ValidationError, match="keeps its own files there") as refused:
        Channel(name="Coast", kind="folder", address=str(home / name)).clean()
    assert list(refused.value.message_dict) == ["address"]


@pytest.mark.parametrize("name", FREE)
def test_what_is_free_to_be_watched(home: Path, name: str) -> None:
    assert not is_the_papers_own(home / name)
    Channel(name="Coast", kind="folder", address=str(home / name)).clean()


def test_links_are_followed(home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").symlink_to(home)
    assert is_the_papers_own(tmp_path / "elsewhere")
    assert is_the_papers_own(tmp_path / "elsewhere" / "media")
    assert not is_the_papers_own(tmp_path / "elsewhere" / "incoming" / "coast")
    (home / "incoming" / "in").symlink_to(home / "media")
    assert is_the_papers_own(home / "incoming" / "in")
    (home / "incoming" / "coast").rmdir()
    (home / "incoming" / "in").unlink()
    (home / "incoming").rmdir()
    (home / "incoming").symlink_to(home / "media")
    assert is_the_papers_own(home / "incoming")


def test_a_home_that_is_reached_by_a_link_is_the_same(
    home: Path, settings: LazySettings, tmp_path: Path
) -> None:
    (tmp_path / "short").symlink_to(home)
    settings.HOME = tmp_path / "short"
    assert is_the_papers_own(home)
    assert is_the_papers_own(home / "media")
    assert is_the_papers_own(tmp_path / "short")
    assert not is_the_papers_own(home / "incoming")


class NotAdopted:
    """Nothing here may get as far as the newsroom."""

    def prepared(self, *told: object, **more: object) -> AbstractContextManager[Callable[[], None]]:
        raise AssertionError(told, more)

    def __call__(self, item: WireItem, decision: New | Update | Unchanged) -> Adopted:
        raise AssertionError(item, decision)


not_adopted = NotAdopted()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "media", "incoming/coast"])
def test_a_row_that_no_form_has_seen_is_refused_when_its_time_comes(home: Path, name: str) -> None:
    channel = Channel.objects.create(name="Coast", kind="folder", address=str(home / name))
    (home / "media" / "draft.txt").write_text("What only the desk may read so far.")
    look = poll(channel, not_adopted)
    assert not look.counts
    assert (home / "secret-key").read_text() == SECRET
    assert (home / "media" / "draft.txt").exists()
    if name.startswith("incoming"):
        assert not look.error
        return
    assert "the paper keeps its own files there" in look.error
    channel.refresh_from_db()
    assert (channel.failures, channel.last_error) == (1, look.error)


@pytest.mark.django_db
def test_a_link_that_was_changed_since_is_refused(home: Path, tmp_path: Path) -> None:
    (tmp_path / "ftp").mkdir()
    link = tmp_path / "wire"
    link.symlink_to(tmp_path / "ftp")
    channel = Channel.objects.create(name="Coast", kind="folder", address=str(link))
    assert not poll(channel, not_adopted).error
    link.unlink()
    link.symlink_to(home)
    assert "keeps its own files there" in poll(channel, not_adopted).error
    assert (home / "secret-key").exists()
