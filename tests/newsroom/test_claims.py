"""The page on which the desk decides who stands behind what, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from attribution.stories_at_desk import make_story, reading, rewrite, suggest
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import StoryReading, StoryRelation
from broadsheet.newsroom.actions.publish import publish
from broadsheet.stories.models import Story
from newsroom.claims_at_desk import PARAGRAPHS, address, claim, page_of, story_with_claims

pytestmark = pytest.mark.django_db
Status = StoryRelation.Status


@pytest.fixture
def story(section: Any) -> Story:
    return story_with_claims()


def said(client: Client, url: str) -> str:
    page = page_of(client, url)
    return " ".join(" ".join(page.xpath("//*[contains(@class, 'messages')]//text()")).split())


def test_every_claim_is_told_and_marked(story: Story, at_desk: Callable[[str], Client]) -> None:
    page = page_of(at_desk("reporter"), address(story))
    cards = page.xpath("//li[@data-claim]")
    assert [card.get("data-claim") for card in cards] == [str(n) for n in range(1, 13)]
    told = [" ".join(card.text_content().split()) for card in cards]
    assert "Came by local residents , then SANA , then this paper" in told[0]
    assert "Said “on Friday” 2026-03-13" in told[0]
    assert "very likely (0.97)" in told[0]
    assert "Hedge “reportedly” hearsay" in told[3]
    assert "Within claim 7" in told[7]
    assert "claim--depth-1" in cards[7].get("class")
    assert "cannot be told: no year is given" in told[11]
    # The text is whole, and marked where the claims are.
    text = page.get_element_by_id("claims-text")
    for number in text.xpath(".//a[@class='claims-ref']"):
        number.drop_tree()
    paragraphs = [p.text_content().strip() for p in text.xpath(".//p")]
    assert paragraphs == list(PARAGRAPHS)
    marked = text.xpath(".//*[@data-roles='source-1']")
    assert [piece.text for piece in marked] == ["SANA"]
    assert "is-cue" in text.xpath(".//*[@data-roles='cue-2']")[0].get("class")


def test_a_claim_is_confirmed_rejected_and_opened_again(
    story: Story, at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    client = at_desk("reporter")
    answer = client.post(address(story), {"confirm": "2"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{address(story)}?at=3#claim-3"
    assert "Claim 2 confirmed." in said(client, address(story))
    assert (claim(story, 2).status, claim(story, 2).decided_by) == (
        Status.CONFIRMED,
        people["reporter"],
    )
    client.post(address(story), {"reject": "2"})
    assert claim(story, 2).status == Status.REJECTED
    page = page_of(client, address(story))
    # Rejected, it stays in the list and leaves the text.
    assert page.xpath("//li[@data-claim='2']")
    assert not page.xpath("//*[@data-roles='content-2']")
    client.post(address(story), {"reopen": "2"})
    assert claim(story, 2).status == Status.SUGGESTED


def test_all_that_are_likely_enough_are_confirmed_if_they_were_seen(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    (form,) = page_of(client, address(story)).xpath("//form[@id='claims-above']")
    sent = dict(form.form_values())
    assert sent["shown"] == ",".join(str(n) for n in range(1, 13))
    assert sent["above"] == "0.90"
    sent["shown"] = sent["shown"].removesuffix(",11,12")
    client.post(address(story), sent)
    confirmed = StoryRelation.objects.filter(status=Status.CONFIRMED)
    assert sorted(confirmed.values_list("number", flat=True)) == [1, 2, 3, 5, 6, 7, 10]


def test_a_story_is_marked_as_reviewed(
    story: Story, at_desk: Callable[[str], Client], people: dict[str, User]
) -> None:
    client = at_desk("editor")
    client.post(address(story), {"reviewed": "1"})
    assert reading(story).reviewed_by == people["editor"]
    assert "12 suggestions were left" in said(client, address(story))
    assert "Reviewed by" in client.get(address(story)).content.decode()


@pytest.mark.parametrize(
    "sent",
    [
        {"confirm": "99"},
        {"confirm": "1,99"},
        {"confirm": ""},
        {"confirm": "1; DROP TABLE"},
        {"confirm": "9" * 400},
        {"reject": "٣٣٣"},
        {"above": "nan", "shown": "1"},
        {"above": "-5", "shown": "1"},
        {"above": "1e999", "shown": "1"},
        {"above": "<script>", "shown": "1"},
        {"above": "0", "shown": "a,b,99999999999999999999,\x00"},
        {},
    ],
)
def test_nonsense_changes_nothing(
    story: Story, at_desk: Callable[[str], Client], sent: dict[str, str]
) -> None:
    client = at_desk("editor")
    assert client.post(address(story), sent).status_code == 302
    assert not StoryRelation.objects.exclude(status=Status.SUGGESTED).exists()
    answer = client.post(address(story) + "?as=parts", sent)
    assert answer.status_code in {200, 400, 409}
    assert not StoryRelation.objects.exclude(status=Status.SUGGESTED).exists()


def test_a_claim_of_another_story_is_out_of_reach(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    other = make_story("Ana Lima said the boat was new.")
    suggest(other, ("Ana Lima", "said", "the boat was new"))
    client = at_desk("editor")
    client.post(address(other), {"confirm": "7"})
    assert client.get(address(other, "_edit", 7)).status_code == 302
    assert client.get(address(story).replace(str(story.pk), "9" * 30)).status_code == 404
    assert not StoryRelation.objects.exclude(status=Status.SUGGESTED).exists()


def test_who_may_not_decide_sees_and_changes_nothing(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    publish(story)
    read = reading(story)
    client = at_desk("reporter")
    page = page_of(client, address(story))
    assert len(page.xpath("//li[@data-claim]")) == 12
    assert not page.xpath("//button[@name]")
    assert not page.xpath("//a[contains(@class, 'claim-edit')]")
    for sent in ({"confirm": "1"}, {"reject": "1"}, {"reviewed": "1"}, {"read": "1"}):
        assert client.post(address(story), sent).status_code == 302
        assert client.post(address(story) + "?as=parts", sent).status_code == 403
    for url in (address(story, "_edit", 1), address(story, "_add")):
        assert client.get(url + "?as=parts").status_code == 403
        assert client.post(url + "?as=parts", {"cue_words": "said"}).status_code == 403
    assert "You may not decide" in said(client, address(story))
    assert not StoryRelation.objects.exclude(status=Status.SUGGESTED).exists()
    assert (reading(story).waiting_since, reading(story).reviewed_at) == (read.waiting_since, None)
    # Another room's people do not get in at all, nor does anybody else.
    assert at_desk("moderator").get(address(story))["Location"] == reverse("wagtailadmin_home")
    assert Client().get(address(story)).status_code == 302


def test_each_state_of_the_text_is_told(story: Story, at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")

    def head() -> str:
        page = page_of(client, address(story))
        return " ".join(page.get_element_by_id("claims-head").text_content().split())

    story = rewrite(story, *PARAGRAPHS, "One more.")
    assert "waits to be read, and no worker runs" in head()
    assert "Look again" in head()
    text = story_text.newest(story)
    actions.fail(story, text, "It took too long.")
    assert "could not be read: It took too long." in head()
    client.post(address(story), {"read": "1"})
    assert reading(story).state == StoryReading.State.WAITING
    StoryReading.objects.all().delete()
    assert "never read for its sources" in head()


def test_the_page_asks_for_its_parts(story: Story, at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    url = address(story) + "?as=parts"
    first = client.get(url).json()
    assert set(first["parts"]) == {"head", "text", "list"}
    assert client.get(f"{url}&known={first['stamp']}").status_code == 204
    answer = client.post(url, {"confirm": "4"}).json()
    assert (answer["said"], answer["undo"], answer["at"]) == ("Claim 4 confirmed.", [4], 5)
    assert answer["stamp"] != first["stamp"]
    assert client.get(f"{url}&known={first['stamp']}").status_code == 200


def test_the_register_suggests_whom_a_name_means(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    url = reverse("newsroom_claims_register")
    client = at_desk("reporter")
    found = client.get(url, {"name": "the SANA agency", "language": "en"}).json()["sources"]
    assert [name for _, name in found] == ["SANA (proposed)"]
    assert client.get(url, {"name": "\x00" + "x" * 9000}).json() == {"sources": []}
    assert at_desk("moderator").get(url, {"name": "SANA"}).status_code == 302


def test_the_newest_version_is_what_is_shown(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    publish(story)
    rewrite(Story.objects.get(), *PARAGRAPHS, headline="Ferry sails")
    page = page_of(at_desk("editor"), address(story))
    assert page.get_element_by_id("claims-text").xpath("string(.//h3)").strip() == "Ferry sails"
    assert "Ferry sails" in page.xpath("string(//h1 | //title)")


def test_words_of_a_story_are_no_markup(section: Any, at_desk: Callable[[str], Client]) -> None:
    story = make_story("&lt;script&gt;alert(1)&lt;/script&gt; said the &amp; was lost.")
    suggest(story, ("<script>alert(1)</script>", "said", "the & was lost"))
    client = at_desk("editor")
    for url in (address(story), address(story, "_edit", 1), address(story, "_summary")):
        content = client.get(url).content.decode()
        assert "<script>alert" not in content
        assert "&lt;script&gt;alert(1)" in content


def test_the_form_of_a_story_shows_the_first_of_them(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    edit = reverse(Story.snippet_viewset.get_url_name("edit"), args=[story.pk])
    page = page_of(client, edit)
    (panel,) = page.xpath("//*[@class='claims-summary-panel']")
    told = " ".join(panel.text_content().split())
    assert "12 suggested" in told
    assert "SANA: that the road was closed" in told
    assert panel.xpath(f".//a[@href='{address(story)}']")
    assert page.xpath(f"//header//a[@href='{address(story)}']")
    # Each row of the list leads there as well.
    listed = page_of(client, reverse(Story.snippet_viewset.get_url_name("list")))
    assert listed.xpath(f"//a[@href='{address(story)}']")
    add = reverse(Story.snippet_viewset.get_url_name("add"))
    assert "once the story is saved" in client.get(add).content.decode()
    summary = client.get(address(story, "_summary")).content.decode()
    assert "12 suggested" in summary
    assert at_desk("moderator").get(address(story, "_summary")).status_code == 302


def test_a_longer_list_asks_no_more_questions(
    story: Story, at_desk: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    client = at_desk("editor")
    client.get(address(story))
    with django_assert_max_num_queries(40):
        client.get(address(story))
