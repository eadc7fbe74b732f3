from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from broadsheet.accounts.models import User
from broadsheet.letters import actions, readers
from broadsheet.letters.models import Ban, HoldReason, Letter
from broadsheet.newsroom.desk import whole_list
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Story
from query_plans import forget_statistics, steps_of


def orders() -> set[tuple[str, str]]:
    return set(PressOrder.objects.values_list("kind", "key"))


def user_with(*codenames: str) -> User:
    user = User.objects.create_user("mo", password="long enough")
    wanted = [*codenames, "access_admin"]
    user.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def moderator(db: None) -> User:
    return user_with("view_letter", "change_letter", "delete_letter", "add_ban", "view_ban")


@pytest.fixture
def letter(story: Story) -> Letter:
    PressOrder.objects.all().delete()
    return Letter.objects.create(
        story=story,
        name="Ada",
        email="ada@example.org",
        text="A fine bridge.",
        reasons=[HoldReason.UNREAD, HoldReason.LINKS],
        author_mark=readers.mark("address", "192.0.2.7"),
    )


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_approval_presses_the_story_and_nothing_else(letter: Letter, moderator: User) -> None:
    assert actions.approve([letter], moderator) == 1
    letter.refresh_from_db()
    assert (letter.state, letter.decided_by) == (Letter.State.APPROVED, moderator)
    assert orders() == {("story", str(letter.story_id))}
    assert actions.approve([letter], moderator) == 0
    entry = ModelLogEntry.objects.get(object_id=str(letter.pk), action="letters.approve")
    assert entry.user == moderator


def test_rejecting_presses_only_what_readers_saw(letter: Letter, moderator: User) -> None:
    actions.reject([letter], moderator, "Insult")
    assert orders() == set()
    actions.approve([letter], moderator)
    PressOrder.objects.all().delete()
    actions.reject([letter], moderator, "Insult")
    assert orders() == {("story", str(letter.story_id))}
    letter.refresh_from_db()
    assert letter.decision == "Insult"


def test_deleting_an_approved_letter_presses_its_story(letter: Letter) -> None:
    actions.approve([letter], None)
    PressOrder.objects.all().delete()
    Letter.objects.all().delete()
    assert orders() == {("story", str(letter.story_id))}


def test_only_moderators_decide(letter: Letter) -> None:
    reporter = user_with("view_letter")
    with pytest.raises(PermissionDenied):
        actions.approve([letter], reporter)
    with pytest.raises(PermissionDenied):
        actions.reject([letter], reporter)
    with pytest.raises(PermissionDenied):
        actions.ban([letter], reporter, kinds=["address"], reason="x", until=None)
    assert not Ban.objects.exists()


def test_a_ban_rejects_what_waits_and_can_be_renewed(letter: Letter, moderator: User) -> None:
    assert actions.ban([letter], moderator, kinds=["address", "email"], reason="a", until=None) == 2
    letter.refresh_from_db()
    assert letter.state == Letter.State.REJECTED
    actions.ban([letter], moderator, kinds=["address"], reason="b", until=None)
    assert Ban.objects.count() == 2
    assert Ban.objects.get(kind="address").reason == "b"


def decide(client: Client, action: str, letters: list[Letter], **fields: str) -> Any:
    address = reverse("wagtail_bulk_action", args=["letters", "letter", action])
    chosen = "&".join(f"id={letter.pk}" for letter in letters)
    shown = client.get(f"{address}?{chosen}")
    assert shown.status_code in (200, 302)
    return client.post(f"{address}?{chosen}", fields)


def test_the_newsroom_decides_on_many_at_once(letter: Letter, moderator: User) -> None:
    client = signed_in(moderator)
    other = Letter.objects.create(story=letter.story, name="Bo", text="No.")
    assert decide(client, "approve", [letter, other]).status_code == 302
    assert set(Letter.objects.values_list("state", flat=True)) == {"approved"}
    decide(client, "reject", [other], reason="Rude")
    other.refresh_from_db()
    assert (other.state, other.decision) == ("rejected", "Rude")
    decide(client, "ban", [letter], kinds="email", days="30", reason="Spam")
    ban = Ban.objects.get()
    assert (ban.kind, ban.reason, ban.made_by) == ("email", "Spam", moderator)
    assert ban.until is not None


def test_the_list_shows_filters_and_counts(letter: Letter, moderator: User) -> None:
    client = signed_in(moderator)
    address = reverse("letters_admin:list")
    page = client.get(address, {"state": "held", "reason": "links"}).content.decode()
    assert "A fine bridge." in page
    assert "Many links" in page
    for nothing in ({"state": "approved"}, {"reason": "shouting"}, {"news_id": "99"}, {"q": "zzz"}):
        assert "A fine bridge." not in client.get(address, nothing).content.decode()
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "1 waiting comment" in " ".join(home.split())
    assert "Comments (1)" in home


def test_one_letter_is_shown_whole_with_its_history(letter: Letter, moderator: User) -> None:
    client = signed_in(moderator)
    page = client.get(reverse("letters_admin:inspect", args=[letter.pk])).content.decode()
    for shown in (
        "ada@example.org",
        "<p>A fine bridge.</p>",
        "Many links",
        "bulk/letters/letter/approve",
    ):
        assert shown in page
    actions.approve([letter], moderator)
    history = client.get(reverse("letters_admin:history", args=[letter.pk]))
    assert "Approved" in history.content.decode()


def test_nobody_rewrites_a_letter_in_the_newsroom(letter: Letter, moderator: User) -> None:
    client = signed_in(moderator)
    for name, arguments in (("edit", [letter.pk]), ("add", [])):
        answer = client.get(reverse(f"letters_admin:{name}", args=arguments))
        assert answer.status_code == 302
    chief = User.objects.create_superuser("chief", password="long enough")
    answer = signed_in(chief).get(reverse("letters_admin:edit", args=[letter.pk]))
    assert answer.status_code == 302


def test_others_see_no_letters(letter: Letter) -> None:
    client = signed_in(user_with("add_story"))
    assert client.get(reverse("letters_admin:list")).status_code == 302
    assert client.get(reverse("letters_admin:inspect", args=[letter.pk])).status_code == 302
    decide(client, "approve", [letter])
    letter.refresh_from_db()
    assert letter.state == Letter.State.HELD
    home = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "waiting comment" not in home


def test_bans_are_listed_and_ended(letter: Letter, moderator: User) -> None:
    actions.ban([letter], None, kinds=["address"], reason="Spam", until=None)
    chief = signed_in(User.objects.create_superuser("chief", password="long enough"))
    views = "wagtailsnippets_letters_ban"
    assert "Spam" in chief.get(reverse(f"{views}:list")).content.decode()
    ban = Ban.objects.get()
    # A form cannot know on whom a ban would be.
    add = reverse(f"{views}:add")
    assert add not in chief.get(reverse(f"{views}:list")).content.decode()
    typed = {"kind": "email", "reason": "Spam", "until": ""}
    for answer in (chief.get(add), chief.post(add, typed)):
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
    assert Ban.objects.get() == ban
    assert chief.post(reverse(f"{views}:edit", args=[ban.pk]), typed).status_code == 302
    assert chief.post(reverse(f"{views}:delete", args=[ban.pk])).status_code == 302
    assert not Ban.objects.exists()


def test_the_list_shows_words_in_their_own_direction_and_counts_no_snippets(
    letter: Letter, moderator: User
) -> None:
    Letter.objects.update(text="پل خوبی است.", name="نرگس")
    page = signed_in(moderator).get(reverse("letters_admin:list")).content.decode()
    for words in ("پل خوبی است.", "نرگس", str(letter.story)):
        assert f'<bdi dir="auto">{words}</bdi>' in page
    assert 'data-bulk-action-footer="ITEM"' in page
    assert f'id="snippet_{letter.pk}_title"' in page


ALL = reverse("wagtail_bulk_action", args=["letters", "letter", "reject"])
LIST = reverse("letters_admin:list")


def test_all_in_the_list_is_what_the_list_shows(letter: Letter, moderator: User) -> None:
    approved = Letter.objects.create(
        story=letter.story, name="Bo", text="Yes.", state=Letter.State.APPROVED
    )
    browser = signed_in(moderator)
    query = {"state": "held", "id": "all", "next": f"{LIST}?state=held"}
    asked = browser.get(ALL, query)
    assert "A fine bridge." in asked.text
    assert "Yes." not in asked.text
    # What comes in while the page is read is not among what it names.
    late = Letter.objects.create(story=letter.story, name="Cy", text="Wait.")
    done = browser.post(asked.context["submit_url"], {"reason": "Spam"})
    assert (done.status_code, done.headers["Location"]) == (302, f"{LIST}?state=held")
    states = dict(Letter.objects.values_list("pk", "state"))
    assert states == {letter.pk: "rejected", approved.pk: "approved", late.pk: "held"}


def test_more_than_one_can_mean_is_not_chosen(
    letter: Letter, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_list, "AT_MOST", 1)
    Letter.objects.create(story=letter.story, name="Bo", text="Yes.")
    browser = signed_in(moderator)
    for ask in (browser.get, browser.post):
        answer = ask(f"{ALL}?id=all&next={LIST}")
        assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    assert "More than 1" in browser.get(LIST).text
    assert not Letter.objects.exclude(state="held").exists()
    nothing = browser.get(ALL, {"id": "all", "state": "rejected", "next": LIST})
    assert (nothing.status_code, nothing.headers["Location"]) == (302, LIST)


def test_all_of_what_is_no_snippet_is_left_to_wagtail(moderator: User) -> None:
    address = reverse("wagtail_bulk_action", args=["letters", "nothing", "reject"])
    assert signed_in(moderator).get(address, {"id": "all"}).status_code == 404
    assert Client().get(ALL, {"id": "all"}).status_code == 302


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
@pytest.mark.parametrize("query", [{}, {"state": ["held"]}])
def test_the_list_is_read_in_its_order(
    letter: Letter, moderator: User, query: dict[str, list[str]]
) -> None:
    browser = signed_in(moderator)
    forget_statistics()
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(LIST, query).status_code == 200
    rows = [each["sql"] for each in captured if '"letters_letter"."text"' in each["sql"]]
    assert len(rows) == 1
    assert '"stories_story"."body"' not in rows[0]
    assert not [step for step in steps_of(rows) if step == "USE TEMP B-TREE FOR ORDER BY"]
    assert not [each["sql"] for each in captured if "SELECT DISTINCT" in each["sql"]]
