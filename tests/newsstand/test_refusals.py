from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from broadsheet.accounts.models import User
from broadsheet.newsstand import refusals
from broadsheet.press import pages
from broadsheet.stories.models import Section, Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_cached_pages() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def story() -> Story:
    section = Section.objects.create(name="World", slug="world")
    story = Story(headline="Here and gone", section=section, live=False)
    story.save()
    story.save_revision().publish()
    story.refresh_from_db()
    return story


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_what_was_published_once_is_gone_and_what_never_was_is_not_found(
    client: Client, story: Story
) -> None:
    number = story.news_id
    draft = Story(headline="Never", section=story.section, live=False)
    draft.save()
    story.unpublish()
    for end in ("/", ".json", "/v/3/", "/attributions.json"):
        path = f"/news/{number}{end}"
        assert status(client, path) == 410, path
    assert status(client, f"/news/{draft.news_id}/") == 404
    assert status(client, f"/news/{number + 1000}/") == 404
    assert status(client, f"/news/{number}0/") == 404


@pytest.mark.parametrize("path", ["/news/{}/", "/news/{}.json", "/letters/{}/"])
def test_what_readers_never_saw_is_not_called_gone(client: Client, story: Story, path: str) -> None:
    # As an import files it: with the time it was published at its source.
    draft = Story(headline="Brought along", section=story.section, live=False)
    draft.first_published_at = timezone.now() - timedelta(days=400)
    draft.save()
    held = Story(headline="Not yet", section=story.section, live=False)
    held.first_published_at = timezone.now() - timedelta(days=400)
    held.embargo_until = timezone.now() + timedelta(days=1)
    held.save()
    held.save_revision().publish()
    assert status(client, path.format(draft.news_id)) == 404
    assert status(client, path.format(held.news_id)) == 404


@pytest.mark.parametrize("path", ["/news/{}/", "/news/{}.json", "/letters/{}/"])
def test_of_an_embargo_nobody_is_told_and_of_an_expiry_everybody(
    client: Client, story: Story, path: str
) -> None:
    address = path.format(story.news_id)
    story.expire_at = timezone.now() - timedelta(seconds=1)
    story.save()
    assert status(client, address) == 410
    story.embargo_until = timezone.now() + timedelta(days=1)
    story.save()
    assert status(client, address) == 404


def test_a_deleted_story_is_gone(client: Client, story: Story) -> None:
    number = story.news_id
    # As the newsroom's publishing writes it into the history.
    from wagtail.log_actions import log

    log(instance=story, action="wagtail.publish")
    story.delete()
    assert status(client, f"/news/{number}/") == 410


def test_a_public_story_that_is_not_pressed_yet_is_not_called_gone(
    client: Client, story: Story
) -> None:
    assert status(client, f"/news/{story.news_id}/") == 404


def test_redirects_come_before_everything(client: Client, story: Story) -> None:
    story.unpublish()
    Redirect.add_redirect("/news/1/", redirect_to="/news/2/")
    Redirect.add_redirect("/index.php?id=7", redirect_to="/news/3/")
    Redirect.add_redirect("/old", redirect_to="/for-now/", is_permanent=False)
    answer = client.get("/news/1/")
    assert (answer.status_code, answer["Location"]) == (301, "/news/2/")
    assert client.get("/index.php?id=7")["Location"] == "/news/3/"
    answer = client.get("/old?utm=x")
    assert (answer.status_code, answer["Location"]) == (302, "/for-now/")


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/nowhere/", "", "en"),
        ("/fa/nowhere/", "", "fa"),
        ("/nowhere/", "fa-IR,fa;q=0.9,en;q=0.5", "fa"),
        ("/nowhere/", "de", "de"),
        ("/nowhere/", "ja", "en"),
        ("/de/nowhere/", "fa", "de"),
        ("/nowhere/", "\x00;q=nonsense,,,", "en"),
    ],
)
def test_the_reader_is_told_in_a_language_of_theirs(
    path: str, accepted: str, language: str
) -> None:
    request = RequestFactory().get(path, headers={"Accept-Language": accepted})
    assert refusals.language_of(request) == language


def test_the_page_is_safe_and_kept_for_a_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(language: str) -> str:
        drawn.append(language)
        return "<!doctype html><title>Not found</title>"

    monkeypatch.setattr(pages, "not_found_page", draw)
    for _ in range(3):
        answer = client.get("/nowhere/")
        assert answer.status_code == 404
        assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert drawn == ["en"]


def test_an_error_of_ours_says_so_even_where_the_page_cannot_be_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = RequestFactory().get("/search/")
    assert refusals.failed(request).status_code == 500

    def broken(language: str) -> str:
        raise RuntimeError(language)

    cache.clear()
    monkeypatch.setattr(pages, "unavailable_page", broken)
    answer = refusals.failed(request)
    assert answer.status_code == 500


def test_uploads_are_for_who_may_enter_the_newsroom(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    (tmp_path / "drawing.svg").write_text("<svg/>")
    (tmp_path.parent / "secret.txt").write_text("secret")
    path = "/newsroom/media/drawing.svg"
    assert client.get(path).status_code == 302
    reader = User.objects.create_user("reader", password="x")
    client.force_login(reader)
    assert client.get(path).status_code == 403
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(User.objects.get(pk=reader.pk))
    answer = client.get(path)
    assert answer.status_code == 200
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.getvalue() == b"<svg/>"
    assert client.get("/newsroom/media/../secret.txt").status_code == 400
    assert client.get("/newsroom/media/%2e%2e/secret.txt").status_code == 400
    assert client.get("/newsroom/media/none.jpg").status_code == 404


def test_an_old_address_by_number_leads_to_its_story_or_to_the_front(
    client: Client, story: Story
) -> None:
    Redirect.add_redirect("/?p=12", story.get_absolute_url(), is_permanent=True)
    found = client.get("/?p=12")
    assert (found.status_code, found.headers["location"]) == (301, story.get_absolute_url())
    lost = client.get("/?p=13")
    assert (lost.status_code, lost.headers["location"]) == (302, "/")
