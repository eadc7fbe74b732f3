"""The page on which the desk decides who stands behind what, form by form, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from attribution.stories_at_desk import make_story, reading, rewrite, suggest
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, story_text
from broadsheet.attribution.models import RelationHop, Source, StoryReading, StoryRelation
from broadsheet.newsroom.actions.publish import publish
from broadsheet.stories.models import Story
from newsroom.claims_at_desk import PARAGRAPHS, claim, story_with_claims

pytestmark = pytest.mark.django_db
Status = StoryRelation.Status


@pytest.fixture
def story(section: Any) -> Story:
    return story_with_claims()


def address(story: Story, name: str = "", *rest: Any) -> str:
    return reverse(f"newsroom_claims{name}", args=[story.pk, *rest])


def page_of(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    return html.fromstring(response.content.decode())


def filled(client: Client, url: str) -> dict[str, str]:
    """Return what the form at ``url`` would send as it stands, in a browser without scripts."""
    (form,) = page_of(client, url).xpath("//form[@id='claim-form']")
    return {
        str(name): (value or "").removeprefix("\n")
        for name, value in form.form_values()
        if "__prefix__" not in str(name)
    }


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


def test_the_form_changes_nothing_that_is_left_as_it_was(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    before = claim(story, 1)
    url = address(story, "_edit", 1)
    assert client.post(url, filled(client, url)).status_code == 302
    after = claim(story, 1)
    assert after.status == Status.EDITED
    same = ("said", "happened", "source_id", "source_name", "source_kind", "content_spans")
    assert {name: getattr(after, name) for name in same} == {
        name: getattr(before, name) for name in same
    }
    hops = RelationHop.objects.filter(relation=after).values_list("name", "kind")
    assert list(hops) == [("local residents", "unnamed"), ("SANA", "named")]


def test_words_source_times_and_nesting_are_edited(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    harbour = Source.objects.create(name="Harbour office", slug="harbour-office")
    url = address(story, "_edit", 5)
    sent = filled(client, url) | {
        "content_words": "We saw nothing",
        "source_words": "Ana Lima of the harbour office",
        "register_source": str(harbour.pk),
        "quote_type": "direct",
        "said": "2026-03-12",
        "happened": "2014-09/..",
        "nested_in": "3",
    }
    assert client.post(url, sent).status_code == 302
    row = claim(story, 5)
    assert row.content_spans[0]["exact"] == "We saw nothing"
    assert row.source_name == "Ana Lima of the harbour office"
    assert (row.source, row.quote_type, row.nested_in) == (harbour, "direct", claim(story, 3))
    assert row.said is not None
    assert row.happened is not None
    assert (row.said["edtf"], row.happened["edtf"]) == ("2026-03-12", "2014-09/..")
    hops = row.hops.values_list("name", "source__name")
    assert list(hops) == [("Ana Lima of the harbour office", "Harbour office")]


def test_hops_are_added_moved_and_taken_away(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 1)
    sent = filled(client, url)
    assert (sent["hop-0-name"], sent["hop-1-own"]) == ("local residents", "True")
    # Another agency carried it on, and the residents spoke to somebody before.
    sent |= {"hop-2-name": "AFP", "hop-2-kind": "named", "hop-2-ORDER": "9"}
    assert client.post(url, sent).status_code == 302
    names = list(claim(story, 1).hops.values_list("name", flat=True))
    assert names == ["local residents", "SANA", "AFP"]
    sent = filled(client, url)
    sent |= {"hop-0-DELETE": "on", "hop-2-ORDER": "1", "hop-1-ORDER": "2"}
    assert client.post(url, sent).status_code == 302
    assert list(claim(story, 1).hops.values_list("name", "kind")) == [
        ("AFP", "named"),
        ("SANA", "named"),
    ]


def test_words_are_found_once_or_asked_about(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 2)
    sent = filled(client, url) | {"digest": "", "cue_words": "told", "content_words": "the kyes"}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    shown: Any = html.fromstring(answer.content.decode())
    errors = shown.get_element_by_id("claim-errors").text_content()
    assert "“told” stands 2 times in the text." in errors
    assert "#2: “…as unsafe. Two sailors told a court" in " ".join(errors.split())
    assert "“the kyes” does not stand in the text." in errors
    # Nothing that was typed is lost, and nothing was kept.
    assert shown.get_element_by_id("id_content_words").value.strip() == "the kyes"
    assert claim(story, 2).status == Status.SUGGESTED
    sent |= {"cue_words": "told #2", "content_words": "the keys\nhad been lost"}
    assert client.post(url, sent).status_code == 302
    text = story_text.newest(story).text
    row = claim(story, 2)
    assert row.cue_spans[0]["start"] == text.rindex("told a court")
    assert [each["exact"] for each in row.content_spans] == ["the keys", "had been lost"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"cue_words": ""}, "required"),
        ({"cue_at": "5-9", "cue_words": "xyzzy"}, "does not stand in the text"),
        ({"content_at": "0-999999999", "content_words": "nowhere"}, "does not stand"),
        ({"content_words": "the keys had\nhad been lost"}, "overlap"),
        ({"content_words": "the keys\n" * 200}, "too many lines"),
        ({"said": "last Friday"}, "is no date (EDTF)"),
        ({"said": "(" * 60}, "is no date (EDTF)"),
        ({"source_words": "", "source_name": ""}, "Mark or name the source"),
        ({"source_kind": "missing"}, "There are words or a name for the source"),
        ({"source_kind": "god"}, "not one of the available choices"),
        ({"register_source": "9" * 40}, "not one of the available choices"),
        ({"nested_in": "2"}, "not one of the available choices"),
        ({"nested_in": "4711"}, "not one of the available choices"),
        ({"source_name": "\x00"}, "Null characters"),
        ({"hop-TOTAL_FORMS": "lots"}, "ManagementForm"),
        ({"hop-0-was": "-1", "hop-0-ORDER": "first"}, "whole number"),
        ({"hop-TOTAL_FORMS": "3000"}, "at most"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(
    story: Story, at_desk: Callable[[str], Client], wrong: dict[str, str], message: str
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 2)
    answer = client.post(url, filled(client, url) | wrong)
    assert answer.status_code == 422
    errors = html.fromstring(answer.content.decode()).get_element_by_id("claim-errors")
    assert message in errors.text_content()
    assert claim(story, 2).status == Status.SUGGESTED


def test_a_claim_does_not_stand_in_what_stands_in_it(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    choices = page_of(at_desk("editor"), address(story, "_edit", 7)).xpath(
        "//select[@name='nested_in']/option/@value"
    )
    assert "6" in choices
    assert not {"7", "8"} & set(choices)


def test_positions_are_believed_where_the_words_stand(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    client = at_desk("editor")
    url = address(story, "_edit", 12)
    text = story_text.newest(story).text
    second = text.rindex("told")
    sent = filled(client, url)
    assert sent["cue_words"] == "told"
    sent |= {"cue_at": f"{second}-{second + 4}"}
    assert client.post(url, sent).status_code == 302
    assert claim(story, 12).cue_spans[0]["start"] == second
    # The story was changed meanwhile: a position in the old text says nothing about the new.
    rewrite(story, "Before.", *PARAGRAPHS)
    sent |= {"cue_words": "told"}
    assert client.post(url, sent).status_code == 422


def test_a_claim_is_added_by_hand(story: Story, at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    url = address(story, "_add")
    sent = filled(client, url) | {
        "content_words": "did not answer questions",
        "cue_words": "did not answer",
        "source_words": "The owner",
    }
    assert client.post(url, sent).status_code == 302
    row = claim(story, 13)
    assert (row.method, row.status, row.source_name) == ("hand", Status.CONFIRMED, "The owner")
    assert [hop.name for hop in row.hops.all()] == ["The owner"]
    sent = filled(client, url) | {
        "content_words": "the hull was unsafe",
        "cue_words": "denied",
        "source_kind": "implicit",
    }
    assert client.post(url, sent).status_code == 302
    assert claim(story, 14).source_kind == "implicit"


def test_what_is_lost_is_said_to_be_and_can_be_marked_anew(
    story: Story, at_desk: Callable[[str], Client]
) -> None:
    actions.confirm([claim(story, 2)], None)
    rewrite(story, PARAGRAPHS[0], "A clerk told us that the keys were gone.", *PARAGRAPHS[2:])
    client = at_desk("editor")
    page = page_of(client, address(story))
    lost = page.get_element_by_id("claims-lost").getparent()
    assert [card.get("data-claim") for card in lost.xpath(".//ol[2]/li")] == ["2"]
    assert "1 lost" in page.get_element_by_id("claims-head").text_content()
    url = address(story, "_edit", 2)
    sent = filled(client, url)
    assert sent["content_words"] == "the keys had been lost"
    assert "content_at" not in sent
    assert client.post(url, sent).status_code == 422
    sent |= {"content_words": "that the keys were gone", "cue_words": "told us"}
    assert client.post(url, sent).status_code == 302
    assert not claim(story, 2).lost
    assert "Lost" not in page_of(client, address(story)).text_content()


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
