from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone, translation
from lxml import html

from broadsheet.letters import actions, drawing
from broadsheet.letters.models import Letter
from broadsheet.press.story_pages import story_page
from broadsheet.stories.models import Paper, Story

from .conftest import publish


def write(story: Story, number: int, text: str = "A fine bridge.") -> Letter:
    return actions.bring_in(
        story,
        name=f"Reader {number}",
        text=text,
        written_at=timezone.now() - timedelta(minutes=number),
    )


def test_the_form_is_small_and_the_same_for_everybody(story: Story) -> None:
    part = drawing.story_part(story)
    assert drawing.story_part(story) == part
    assert len(part.encode()) < 2_900
    page = html.fromstring(part)
    (form,) = page.xpath("//details/form")
    assert (form.get("method"), form.get("action")) == ("post", f"/letters/{story.pk}/")
    for field in form.xpath(".//input[not(@type='hidden')] | .//textarea"):
        assert form.xpath(f".//label[@for='{field.get('id')}']"), field.get("name")
    (picture,) = form.xpath(".//img")
    assert picture.get("loading") == "lazy"
    assert picture.get("src") == f"/letters/keys/{story.pk}/new.png"


def test_approved_letters_stand_on_the_pressed_page_as_text(story: Story) -> None:
    letter = write(story, 1, "One <script>alert(1)</script>\nline\n\nTwo\u202e")
    Letter.objects.create(story=story, name="Held", text="Not yet")
    rejected = write(story, 2, "Rejected words")
    actions.reject([rejected], None)
    page = html.fromstring(story_page(story))
    (item,) = page.xpath(f"//li[@id='letter-{letter.pk}']")
    assert [p.text_content() for p in item.xpath("./p[@dir='auto']")] == [
        "One <script>alert(1)</script>line",
        "Two",
    ]
    assert item.xpath(".//time/@datetime")
    text = page.text_content()
    assert "Not yet" not in text
    assert "Rejected words" not in text
    assert "Comments (1)" in text


def test_the_newest_letters_stand_first_and_the_rest_elsewhere(story: Story) -> None:
    for number in range(60):
        write(story, number)
    page = html.fromstring(drawing.story_part(story))
    names = page.xpath("//li/p/bdi/text()")
    assert names == [f"Reader {number}" for number in range(drawing.ON_THE_STORY)]
    assert page.xpath(f"//a[@href='/letters/{story.pk}/']")
    first = html.fromstring(Client().get(f"/letters/{story.pk}/").content.decode())
    second = html.fromstring(Client().get(f"/letters/{story.pk}/?page=2").content.decode())
    assert len(first.xpath("//li/p/bdi")) == drawing.A_PAGE
    assert len(second.xpath("//li/p/bdi")) == 60 - drawing.A_PAGE
    assert Client().get(f"/letters/{story.pk}/?page=zzz").status_code == 200


def test_long_letters_cannot_make_a_story_long(story: Story) -> None:
    for number in range(20):
        write(story, number, "سلام به همه " * 200)
    part = drawing.story_part(story)
    assert len(part.encode()) < 9_000
    assert html.fromstring(part).xpath(f"//li/p/a[starts-with(@href, '/letters/{story.pk}/#')]")


def test_a_closed_story_shows_letters_but_no_form(story: Story) -> None:
    letter = write(story, 1)
    Paper.objects.create(comments_open_days=0)
    part = drawing.story_part(story)
    assert f"letter-{letter.pk}" in part
    assert "<form" not in part
    assert "closed" in part


def test_a_preview_of_an_unsaved_story_has_no_letters() -> None:
    assert drawing.story_part(Story(headline="Draft")) == ""


def test_persian_pages_count_in_persian_digits(db: None) -> None:
    story = publish("پل تازه", language="fa")
    write(story, 1, "مبارک باشد")
    with translation.override("en"):
        part = drawing.story_part(story)
    assert "(۱)" in part
    page = Client().get(f"/letters/{story.pk}/").content.decode()
    assert 'dir="rtl"' in page
