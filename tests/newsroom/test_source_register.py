"""The register of sources in the newsroom: list, search, accept, inspect, edit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from lxml import html

from attribution.stories_at_desk import make_story, suggest
from broadsheet.attribution import actions, register
from broadsheet.attribution.models import Source, SourceAlias, SourcePolicy
from broadsheet.slugs import free_slug

pytestmark = pytest.mark.django_db

LIST = "wagtailsnippets_attribution_source:list"
POLICY = ["attribution", "sourcepolicy"]


def url(name: str, source: Source | None = None) -> str:
    at = f"wagtailsnippets_attribution_source:{name}"
    return reverse(at, args=[source.pk] if source else [])


def listed(client: Client, **query: Any) -> list[str]:
    """Return the names in the list, in its order."""
    page = html.fromstring(client.get(reverse(LIST), query).content)
    return [cell.text_content() for cell in page.xpath("//td//div[@class='title-wrapper']//bdi")]


def said(response: Any) -> str:
    text = " ".join(str(message) for message in get_messages(response.wsgi_request))
    return " ".join(html.fromstring(f"<div>{text}</div>").text_content().split())


def entered(name: str, *aliases: str, **fields: Any) -> Source:
    source = Source.objects.create(name=name, slug=free_slug(Source, name, "source"), **fields)
    for alias in aliases:
        SourceAlias.objects.create(source=source, text=alias)
    return source


@pytest.fixture
def sources(db: Any) -> dict[str, Source]:
    return {
        "sana": entered("SANA", "Syrian Arab News Agency", country="SY"),
        "afp": entered("AFP", "Agence France-Presse", proposed=True),
        "keller": entered("Anna Keller", kind=Source.Kind.PERSON, proposed=True),
    }


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["AFP", "Anna Keller", "SANA"]),
        ({"q": "agence france"}, ["AFP"]),
        ({"q": "Agence-FRANCE"}, ["AFP"]),
        ({"q": "arab news"}, ["SANA"]),
        ({"q": "Syria's official SANA"}, ["SANA"]),
        ({"q": "kell"}, ["Anna Keller"]),
        ({"q": "nobody"}, []),
        ({"state": "proposed"}, ["AFP", "Anna Keller"]),
        ({"state": "accepted"}, ["SANA"]),
        ({"state": "merged"}, []),
        ({"kind": "person"}, ["Anna Keller"]),
        ({"q": "a", "kind": "organisation", "state": "proposed"}, ["AFP"]),
    ],
)
def test_the_list_is_searched_and_narrowed(
    at_desk: Callable[[str], Client],
    sources: dict[str, Source],
    query: dict[str, str],
    names: list[str],
) -> None:
    assert listed(at_desk("editor"), **query) == names


def test_the_list_counts_the_stories_that_rest_on_a_source_at_any_hop(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    for text in ("SANA, quoting Anna Keller, said it rained.", "SANA said it snowed."):
        cue = text.rsplit("said ", 1)[1].rstrip(".")
        chain = ["Anna Keller", "SANA"] if "Keller" in text else ["SANA"]
        rows = suggest(make_story(text), ("SANA", "said", cue, chain))
    page = html.fromstring(
        at_desk("editor").get(reverse(LIST), {"ordering": "-story_count"}).content
    )
    table = page.xpath("//main//tbody/tr")
    counts = [
        (row.xpath(".//bdi")[0].text_content(), row.xpath("./td[5]")[0].text_content().strip())
        for row in table
    ]
    assert counts == [("SANA", "2"), ("Anna Keller", "1"), ("AFP", "0")]
    # A rejected attribution is none.
    actions.reject(rows, None)
    page = html.fromstring(at_desk("editor").get(reverse(LIST), {"q": "SANA"}).content)
    assert page.xpath("//main//tbody/tr/td[5]")[0].text_content().strip() == "1"


def test_a_proposed_source_is_accepted_with_one_press_or_many_together(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    client = at_desk("editor")
    page = html.fromstring(client.get(reverse(LIST), {"state": "proposed"}).content)
    form = page.xpath("//form[contains(@action, '/accept/')]")[0]
    fields = dict(form.form_values())
    assert fields["csrfmiddlewaretoken"] not in ("", "None")
    response = client.post(form.action, fields)
    assert response["Location"] == f"{reverse(LIST)}?state=proposed"
    assert "“AFP” is accepted." in said(response)
    assert not Source.objects.get(name="AFP").proposed
    many = reverse("wagtail_bulk_action", args=["attribution", "source", "accept"])
    ids = f"?id={sources['keller'].pk}&id={sources['sana'].pk}&next={reverse(LIST)}"
    assert "looked at before" in client.get(many + ids).content.decode()
    assert "1 source accepted." in said(client.post(many + ids))
    assert not Source.objects.filter(proposed=True).exists()
    history = client.get(url("history", sources["keller"])).content.decode()
    assert "Looked at and accepted" in history


def test_the_page_of_a_source_lists_what_rests_on_it(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    story = make_story("SANA, quoting Anna Keller, said it rained.", headline="<Rain> & more")
    suggest(story, ("SANA", "said", "it rained", ["Anna Keller", "SANA"]))
    for source in (sources["keller"], sources["sana"]):
        page = html.fromstring(at_desk("reporter").get(url("inspect", source)).content)
        text = " ".join(page.xpath("//main")[0].text_content().split())
        assert "In 1 story, first hand or through others:" in text
        assert "<Rain> & more" in text
        assert "it rained" in text
        assert "Anna Keller →told SANA →told this paper" in text
        (link,) = page.xpath("//table//td[1]/a/@href")
        assert link.startswith(reverse("newsroom_claims", args=[story.pk]))
    assert "Nothing yet." in at_desk("editor").get(url("inspect", sources["afp"])).content.decode()


def test_many_claims_are_paged(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    for number in range(26):
        suggest(make_story(f"AFP said it rained {number} times."), ("AFP", "said", "it rained"))
    client = at_desk("editor")
    first = client.get(url("inspect", sources["afp"])).content.decode()
    assert "Page 1 of 2" in first
    second = html.fromstring(client.get(url("inspect", sources["afp"]) + "?p=2").content)
    assert len(second.xpath("//table[contains(@class, 'source-rows')]/tbody/tr")) == 1


def form_of(client: Client, address: str) -> dict[str, str]:
    page = html.fromstring(client.get(address).content)
    form = max(page.forms, key=lambda form: len(form.form_values()))
    return {
        str(name): value or ""
        for name, value in form.form_values()
        if "__prefix__" not in str(name)
    }


def test_a_source_is_edited_with_its_names(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    client = at_desk("editor")
    address = url("edit", sources["afp"])
    values = form_of(client, address)
    assert values["aliases-0-text"] == "AFP"
    values |= {
        "aliases-TOTAL_FORMS": "3",
        "aliases-2-text": "France-Presse",
        "aliases-2-language": "fr",
        "country": "FR",
        "language": "fr",
        "ownership_note": "Owned by itself.",
    }
    response = client.post(address, values)
    assert response.status_code == 302
    afp = Source.objects.get(slug="afp")
    assert (afp.country, afp.language, afp.proposed) == ("FR", "fr", False)
    assert register.resolve("France-Presse", "fr") == afp
    page = client.get(url("inspect", afp)).content.decode()
    assert "France" in page
    assert "Owned by itself." in page
    # The same name twice is said, and nothing is lost.
    values = form_of(client, address)
    values |= {
        "aliases-TOTAL_FORMS": "4",
        "aliases-3-text": "agence FRANCE presse",
        "aliases-3-language": "",
    }
    response = client.post(address, values)
    assert response.status_code == 200
    assert "This name is here already." in response.content.decode()
    # A name another source bears is pointed out, with a way to merge the two.
    values["aliases-3-text"] = "SANA"
    response = client.post(address, values)
    assert "“SANA” bears one of these names too" in said(response)
    assert reverse("newsroom_source_merge_into", args=[sources["sana"].pk, afp.pk]) in str(
        next(iter(get_messages(response.wsgi_request)))
    )


def test_a_new_source_is_no_proposal(at_desk: Callable[[str], Client]) -> None:
    client = at_desk("editor")
    values = form_of(client, url("add"))
    values |= {
        "name": "Reuters",
        "slug": "reuters",
        "kind": "organisation",
        "aliases-TOTAL_FORMS": "1",
        "aliases-0-text": "Reuters",
        "aliases-0-language": "",
    }
    assert client.post(url("add"), values).status_code == 302
    reuters = Source.objects.get()
    assert not reuters.proposed
    assert reuters.aliases.count() == 1


def test_what_something_rests_on_is_not_deleted(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    suggest(make_story("AFP said it rained."), ("AFP", "said", "it rained"))
    client = at_desk("editor")
    response = client.post(url("delete", sources["afp"]))
    assert "cannot be deleted" in said(response)
    many = reverse("wagtail_bulk_action", args=["attribution", "source", "delete"])
    client.post(f"{many}?id={sources['afp'].pk}&id={sources['sana'].pk}&next=/newsroom/")
    assert Source.objects.count() == 3
    client.post(url("delete", sources["keller"]))
    assert not Source.objects.filter(name="Anna Keller").exists()


def test_reporters_look_and_editors_change(
    at_desk: Callable[[str], Client], sources: dict[str, Source]
) -> None:
    reporter = at_desk("reporter")
    assert listed(reporter) == ["AFP", "Anna Keller", "SANA"]
    page = reporter.get(url("inspect", sources["afp"])).content.decode()
    assert "/accept/" not in page
    assert "/merge/" not in page
    for address in (
        reverse("newsroom_source_accept", args=[sources["afp"].pk]),
        reverse("newsroom_source_merge_into", args=[sources["afp"].pk, sources["sana"].pk]),
        url("edit", sources["afp"]),
    ):
        reporter.post(address)
    assert Source.objects.get(name="AFP").proposed
    assert Source.objects.get(name="AFP").merged_into is None
    assert at_desk("moderator").get(reverse(LIST)).status_code == 302
    assert at_desk("editor").get(reverse("newsroom_source_accept", args=[1])).status_code == 405


def test_the_policy_is_set_by_administrators_alone(at_desk: Callable[[str], Client]) -> None:
    address = reverse("wagtailsettings:edit", args=POLICY)
    assert "stops publication" not in at_desk("editor").get(address, follow=True).content.decode()
    administrator = at_desk("administrator")
    page = administrator.get(address, follow=True)
    assert "Reported by whom?" in page.content.decode()
    where = page.redirect_chain[-1][0]
    values = form_of(administrator, where)
    administrator.post(where, {**values, "dangling": "stop", "suggestions": "marked"})
    policy: SourcePolicy = SourcePolicy.load()
    assert (policy.dangling, policy.suggestions) == ("stop", "marked")
