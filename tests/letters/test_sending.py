from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from lxml import html

from broadsheet.letters import actions, proof, rates
from broadsheet.letters.models import Ban, HoldReason, Letter, SecurityKey
from broadsheet.press.models import PressOrder
from broadsheet.stories.models import Paper, Story

from .conftest import FORM, Visitor, publish
from .test_proof import packed, solved

TYPED = {"name": "Ada “A.” Lovelace", "email": "ada@example.org", "text": "One <b>\n\nTwo & 3"}


def fields_of(content: bytes) -> dict[str, str]:
    page = html.fromstring(content.decode())
    (form,) = page.xpath("//form[@id='l-form']")
    # A browser drops the first line feed of a text area (HTML, 4.10.11); libxml2 does not.
    return {str(name): (value or "").removeprefix("\n") for name, value in form.form_values()}


def test_a_letter_is_held_and_its_sender_thanked(visitor: Visitor) -> None:
    PressOrder.objects.all().delete()
    key = visitor.look()
    answer = visitor.send(**TYPED, answer=key.answer)
    assert (answer.status_code, answer.url) == (303, f"/letters/{visitor.story.pk}/thanks/")
    letter = Letter.objects.get()
    assert letter.state == Letter.State.HELD
    assert (letter.name, letter.email, letter.text) == tuple(TYPED.values())
    assert HoldReason.UNREAD in letter.reasons
    assert HoldReason.NO_PROOF in letter.reasons
    assert "192.0.2.7" not in str(vars(letter))
    assert not PressOrder.objects.exists()
    thanks = visitor.client.get(answer.url).content.decode()
    assert "moderator" in thanks
    assert "Ada" not in thanks


def test_a_letter_with_proof_is_held_for_reading_alone(visitor: Visitor) -> None:
    key = visitor.look()
    SecurityKey.objects.update(made_at=timezone.now() - timedelta(minutes=1))
    work = packed(solved(proof.challenge(key)))
    assert visitor.send(key=key.pk, answer=key.answer, work=work).status_code == 303
    assert Letter.objects.get().reasons == [HoldReason.UNREAD]


def test_wrong_proof_gives_the_text_back(visitor: Visitor) -> None:
    key = visitor.look()
    answer = visitor.send(key=key.pk, answer=key.answer, work="bm9uc2Vuc2U=")
    assert answer.status_code == 422
    assert fields_of(answer.content)["text"] == "A fine bridge."
    assert not Letter.objects.exists()


@pytest.mark.parametrize("wrong", ["999991", ""])
def test_a_wrong_key_keeps_every_word_and_brings_a_new_key(visitor: Visitor, wrong: str) -> None:
    key = visitor.look()
    answer = visitor.send(**TYPED, answer=wrong)
    assert answer.status_code == 422
    assert "no-store" in answer.headers["Cache-Control"]
    fields = fields_of(answer.content)
    assert {name: fields[name] for name in TYPED} == TYPED
    new = visitor.shown(answer)
    assert new.pk != key.pk
    page = html.fromstring(answer.content.decode())
    assert page.xpath("//*[@id='l-errors']//a[@href='#l-answer']")
    assert page.xpath("//input[@id='l-answer'][@aria-invalid='true'][@aria-describedby]")
    again = visitor.send(**TYPED, key=new.pk, answer=new.answer)
    assert again.status_code == 303


def test_a_used_an_expired_and_a_strange_key_are_told_apart(visitor: Visitor) -> None:
    key = visitor.look()
    visitor.send(answer=key.answer, key=key.pk)
    assert "used already" in visitor.send(text="B", answer=key.answer, key=key.pk).content.decode()
    key = visitor.look()
    SecurityKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert "has expired" in visitor.send(text="B", answer=key.answer, key=key.pk).content.decode()
    stranger = Visitor(visitor.story).send(text="B", answer=key.answer, key=key.pk)
    assert "no key shown to you" in stranger.content.decode()
    assert Letter.objects.count() == 1


def test_a_new_key_without_javascript_keeps_the_words(visitor: Visitor) -> None:
    old = visitor.look()
    answer = visitor.send(**TYPED, refresh="1")
    assert answer.status_code == 200
    fields = fields_of(answer.content)
    assert {name: fields[name] for name in TYPED} == TYPED
    assert visitor.shown(answer).pk != old.pk
    assert "l-errors" not in answer.content.decode()


def test_a_good_key_is_not_asked_for_twice_when_a_word_is_missing(visitor: Visitor) -> None:
    key = visitor.look()
    answer = visitor.send(name="  ", answer=key.answer)
    fields = fields_of(answer.content)
    assert (fields["key"], fields["answer"]) == (key.pk, key.answer)
    assert visitor.send(key=key.pk, answer=key.answer).status_code == 303


def test_the_same_letter_sent_twice_is_stored_once(visitor: Visitor) -> None:
    key = visitor.look()
    assert visitor.send(answer=key.answer).status_code == 303
    assert visitor.send(answer=key.answer).status_code == 303
    assert Letter.objects.count() == 1


def test_two_tabs_with_two_keys_both_send(visitor: Visitor) -> None:
    first, second = visitor.look(), visitor.look()
    assert visitor.send(text="From the first tab", answer=first.answer).status_code == 303
    assert visitor.send(text="From the second tab", answer=second.answer).status_code == 303


def test_what_makes_a_letter_suspect_is_said(visitor: Visitor) -> None:
    def send(**fields: str) -> set[str]:
        answer = visitor.send(answer=visitor.look().answer, **fields)
        assert answer.status_code == 303, answer.content.decode()
        return set(Letter.objects.latest("pk").reasons)

    assert send(text="Good \u202emorning", subject="x") >= {"invisible", "trap", "fast"}
    assert "links" in send(text="www.a.example www.b.example www.c.example")
    assert "shouting" in send(text="WHY DOES NOBODY EVER LISTEN TO WHAT I SAY")
    assert "duplicate" in send(text="WHY does nobody ever listen to what I say!")


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"text": "x" * 3001}, "text"),
        ({"name": "n" * 61}, "name"),
        ({"name": "\u200b\u202e"}, "name"),
        ({"text": " \n\u2066 "}, "text"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_what_cannot_stand_is_said_beside_its_field(
    visitor: Visitor, fields: dict[str, str], at: str
) -> None:
    answer = visitor.send(answer=visitor.look().answer, **fields)
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert page.xpath(f"//*[@id='l-{at}-e']")
    assert page.xpath(f"//*[@id='l-{at}'][@aria-describedby='l-{at}-e']")
    assert not Letter.objects.exists()


@hypothesis_settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    key=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
def test_hostile_text_never_breaks_the_page(
    visitor: Visitor, name: str, text: str, key: str
) -> None:
    with mock.patch.object(rates, "count"):
        answer = visitor.send(name=f"<i>{name}", text=f"{text}</textarea><script>", key=key)
    assert answer.status_code == 422
    page = html.fromstring(answer.content.decode())
    assert not page.xpath("//form//script | //form//i")


def test_requests_from_elsewhere_are_refused(visitor: Visitor) -> None:
    key = visitor.look()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert visitor.send(headers, answer=key.answer).status_code == 403
    assert visitor.send({"Origin": "null"}, answer=key.answer).status_code == 403
    assert visitor.send({"Origin": "http://testserver"}, answer=key.answer).status_code == 303


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=" + b"x" * 70_000, FORM, 413),
        (b"--x--", "multipart/form-data; boundary=x", 415),
        (b"{}", "application/json", 415),
        (b"", "text/plain", 415),
    ],
)
def test_bodies_that_no_form_sends_are_refused(
    story: Story, body: bytes, kind: str, status: int
) -> None:
    answer = Client().post(f"/letters/{story.pk}/", body, kind)
    assert answer.status_code == status
    assert not Letter.objects.exists()


def test_a_flood_is_stopped_and_the_text_given_back(visitor: Visitor) -> None:
    for number in range(rates.LETTERS.most):
        answer = visitor.send(text=f"Letter {number}", answer=visitor.look().answer)
        assert answer.status_code == 303
    key = visitor.look()
    answer = visitor.send(text="One too many", answer=key.answer, key=key.pk)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    fields = fields_of(answer.content)
    assert (fields["text"], fields["key"]) == ("One too many", key.pk)
    assert Letter.objects.count() == rates.LETTERS.most
    elsewhere = Visitor(visitor.story, "198.51.100.1")
    assert elsewhere.send(answer=elsewhere.look().answer).status_code == 303


def test_one_story_takes_so_many_letters_at_a_time(visitor: Visitor) -> None:
    for _ in range(rates.STORY.most):
        rates.count((rates.STORY, str(visitor.story.pk)))
    assert visitor.send(answer=visitor.look().answer).status_code == 429


@pytest.mark.django_db
def test_stories_that_take_no_letters() -> None:
    old = timezone.now() - timedelta(days=Paper().comments_open_days, hours=1)
    closed = publish("Closed by the desk", comments_open=False)
    expired = publish("Closed by time", first_published_at=old)
    Story.objects.filter(pk=expired.pk).update(created_at=old)
    gone = publish("Gone")
    Story.objects.filter(pk=gone.pk).update(live=False)
    draft = publish("Draft")
    # A draft that came from elsewhere has the time it was published there.
    Story.objects.filter(pk=draft.pk).update(live=False, last_published_at=None)
    embargoed = publish("Embargoed")
    Story.objects.filter(pk=embargoed.pk).update(
        embargo_until=timezone.now() + timedelta(hours=1), live=False
    )
    for story, status in ((closed, 403), (expired, 403), (gone, 410), (draft, 404)):
        answer = Visitor(story).send(**TYPED)
        assert answer.status_code == status
        page = html.fromstring(answer.content.decode())
        assert bool(page.xpath("//textarea[@readonly]")) == (status == 403)
        listed = Client().get(f"/letters/{story.pk}/")
        assert listed.status_code == (200 if status == 403 else status)
        assert b"l-form" not in listed.content
    assert Client().get(f"/letters/{embargoed.pk}/").status_code == 404
    assert Client().get("/letters/99999999999999999999999/").status_code == 404
    assert not Letter.objects.exists()


def test_a_banned_reader_is_told_and_keeps_the_text(visitor: Visitor) -> None:
    visitor.send(email="ada@example.org", answer=visitor.look().answer)
    letter = Letter.objects.get()
    until = timezone.now() + timedelta(days=7)
    assert actions.ban([letter], None, kinds=["email"], reason="Insults", until=until) == 1
    answer = visitor.send(email="ADA@example.org", text="Again", answer=visitor.look().answer)
    assert answer.status_code == 403
    assert "Again" in answer.content.decode()
    assert visitor.send(text="Without e-mail", answer=visitor.look().answer).status_code == 303
    Ban.objects.update(until=timezone.now())
    answer = visitor.send(email="ada@example.org", text="Later", answer=visitor.look().answer)
    assert answer.status_code == 303


def test_a_key_spent_meanwhile_stores_nothing(visitor: Visitor) -> None:
    key = visitor.look()
    with mock.patch("broadsheet.letters.keys.spend", return_value=False):
        assert visitor.send(answer=key.answer).status_code == 422
    assert not Letter.objects.exists()
