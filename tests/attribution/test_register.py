from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import registry

from attribution.stories_at_desk import make_story, relation_in, suggest
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, names, register, story_text
from broadsheet.attribution.models import (
    RelationHop,
    Source,
    SourceAlias,
    SourceMerge,
    StoryRelation,
)
from broadsheet.attribution.relation import SourceKind
from broadsheet.slugs import free_slug

pytestmark = pytest.mark.django_db

TEXT = "SANA, citing local residents, reported that the road was closed."


def _source(name: str, *aliases: str, **fields: Any) -> Source:
    source = Source.objects.create(name=name, slug=free_slug(Source, name, "source"), **fields)
    for alias in aliases:
        SourceAlias.objects.create(source=source, text=alias)
    return source


@pytest.fixture
def sana(db: Any) -> Source:
    return _source("SANA", "Syrian Arab News Agency")


@pytest.mark.parametrize(
    "text",
    [
        "SANA",
        "sana",
        "Sana",
        "S.A.N.A.",
        "SANA’s",
        "the SANA news agency",
        "The Sana agency",
        "Syria's official SANA",
        "Syria’s official SANA",
        "the official Syrian news agency SANA",
        "state-run SANA",
        "Syria's state-run news agency, SANA",
        "SANA, the Syrian state news agency",
        "Syrian Arab News Agency",
        "the Syrian Arab News Agency",
        "the Syrian  Arab News\nAgency",
        "the Syrian Arab News Agency (SANA)",
        "the official Syrian Arab News Agency",
        "“SANA”",
    ],
)
def test_the_ways_texts_name_a_source_lead_to_it(sana: Source, text: str) -> None:
    assert register.resolve(text) == sana
    assert register.resolve_all([text, "AFP"]) == {text: sana, "AFP": None}


@pytest.mark.parametrize(
    "text",
    ["a spokesman for SANA", "SANA and AFP", "SANA staff", "opponents of SANA", "San Antonio", ""],
)
def test_somebody_else_is_not_the_source(sana: Source, text: str) -> None:
    assert register.resolve(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Anna Keller",
        "Ms Anna Keller",
        "Ms. Anna Keller",
        "Foreign Minister Anna Keller",
        "ANNA KELLER",
        "Anna Keller, a spokeswoman",
        "former mayor Anna Keller",
        "Anna Keller's",
    ],
)
def test_titles_and_descriptions_are_no_part_of_a_name(text: str) -> None:
    keller = _source("Anna Keller", kind=Source.Kind.PERSON)
    assert register.resolve(text) == keller


def test_an_article_may_be_left_out() -> None:
    guardian = _source("The Guardian")
    assert register.resolve("Guardian") == register.resolve("the Guardian newspaper") == guardian
    other = _source("Guardian")
    assert register.resolve("Guardian") == other
    assert register.resolve("The Guardian") == guardian


def test_a_surname_alone_is_resolved_by_the_story_and_not_by_the_register() -> None:
    keller = _source("Ms Anna Keller", kind=Source.Kind.PERSON)
    assert register.resolve("Keller") is None
    story = make_story("Ms Anna Keller said it rained. Keller said it snowed.")
    text = story_text.newest(story).text
    rows = suggest(
        story,
        relation_in(text, "Ms Anna Keller", "said", "it rained"),
        relation_in(text, "Keller", "said", "it snowed", source_name="Ms Anna Keller"),
    )
    assert [row.source for row in rows] == [keller, keller]
    other = make_story("Keller said it snowed.")
    (row,) = suggest(other, ("Keller", "said", "it snowed"))
    assert row.source != keller
    assert row.source is not None
    assert row.source.proposed


def test_a_name_that_two_bear_is_nobodys_unless_one_bears_it_in_the_language() -> None:
    standard = _source("Der Standard", "Standard")
    other = _source("The Standard", "Standard")
    assert register.resolve("Standard") is None
    assert set(register.candidates("Standard")) == {standard, other}
    SourceAlias.objects.create(source=standard, text="Standard", language="de")
    assert register.resolve("Standard", "de-AT") == standard
    assert register.resolve("Standard", "en") is None


def test_a_named_source_is_proposed_once_and_unnamed_people_are_not() -> None:
    found = register.found_or_proposed(
        {
            "Reuters": SourceKind.NAMED,
            "the Reuters news agency": SourceKind.NAMED,
            "two officials": SourceKind.UNNAMED,
            "Mr Tom Weber": SourceKind.NAMED,
        },
        "en-GB",
    )
    reuters = found["Reuters"]
    assert reuters is not None
    assert found["the Reuters news agency"] == reuters
    assert (reuters.proposed, reuters.language) == (True, "en")
    assert found["two officials"] is None
    weber = found["Mr Tom Weber"]
    assert weber is not None
    assert weber.kind == Source.Kind.PERSON
    assert Source.objects.count() == 2
    # "Mr Tom Weber" and "Tom Weber" are one.
    assert register.resolve("Tom Weber") is None or register.resolve("Tom Weber") == weber


def test_the_register_belongs_to_those_who_may_change_it(desk: dict[str, User]) -> None:
    one, other = _source("One", proposed=True), _source("Other")
    row = register.merge(_source("Third"), _source("Fourth"), None)
    reporter = desk["reporter"]
    for act in (
        lambda: register.propose("New", user=reporter),
        lambda: register.accept(one, reporter),
        lambda: register.rename(one, "Uno", reporter),
        lambda: register.merge(one, other, reporter),
        lambda: register.unmerge(row, reporter),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert register.propose("New", user=desk["editor"]).proposed
    with pytest.raises(ValidationError):
        register.propose(" ,. ", user=desk["editor"])


def test_accepting_is_remembered(desk: dict[str, User]) -> None:
    source = _source("AFP", proposed=True)
    register.accept(source, desk["editor"])
    register.accept(source, desk["editor"])
    assert not Source.objects.get().proposed
    entry = registry.get_logs_for_instance(source).get()
    assert (entry.action, entry.user) == ("attribution.source.accept", desk["editor"])
    assert entry.message == "Looked at and accepted"


def _led(path: str) -> str:
    """Return where a reader who asks for ``path`` ends."""
    for _ in range(5):
        found = Redirect.objects.filter(old_path=Redirect.normalise_path(path)).first()
        if found is None:
            return path
        path = found.redirect_link
    raise AssertionError("redirects go round in circles")


def test_a_new_name_keeps_the_old_one_and_the_old_address(desk: dict[str, User]) -> None:
    source = _source("Sana")
    register.rename(source, "SANA News", desk["editor"], slug="sana-news")
    assert register.resolve("Sana") == register.resolve("SANA News") == source
    assert _led("/source/sana/") == "/source/sana-news/"
    register.rename(source, "SANA", desk["editor"], slug="syria-sana")
    assert _led("/source/sana/") == "/source/syria-sana/"
    with pytest.raises(ValidationError):
        register.rename(source, "SANA", desk["editor"], slug="not a slug")
    # An address that was given up and taken again leads nowhere else.
    register.rename(source, "SANA", desk["editor"], slug="sana")
    assert _led("/source/sana/") == "/source/sana/"
    assert _led("/source/syria-sana/") == "/source/sana/"


def test_merging_moves_what_rests_on_a_source_and_remembers_it(desk: dict[str, User]) -> None:
    (row,) = suggest(
        make_story(TEXT),
        ("SANA", "reported", "that the road was closed", ["local residents", "SANA"]),
    )
    given_up = row.source
    assert given_up is not None
    kept = _source("Syrian Arab News Agency", proposed=False)
    merge = register.merge(kept, given_up, desk["editor"])
    row.refresh_from_db()
    assert (row.source, row.stood_under) == (kept, given_up)
    hop = RelationHop.objects.get(source=kept)
    assert hop.stood_under == given_up
    # Whatever texts call it, it is the one now; the other keeps its row, names and history.
    assert register.resolve("SANA") == kept
    assert set(kept.aliases.values_list("text", flat=True)) == {"Syrian Arab News Agency", "SANA"}
    given_up.refresh_from_db()
    assert given_up.current == kept
    assert given_up.aliases.get().text == "SANA"
    assert list(Source.objects.standing()) == [kept]
    assert register.family(kept) == [kept, given_up]
    assert _led(given_up.get_absolute_url()) == kept.get_absolute_url()
    for source, message in (
        (kept, "“SANA” was merged into this source"),
        (given_up, "Merged into “Syrian Arab News Agency”"),
    ):
        entry = registry.get_logs_for_instance(source).get()
        assert (entry.message, entry.user) == (message, desk["editor"])
    # New stories go to the one that was kept.
    (new,) = suggest(make_story(TEXT), ("SANA", "reported", "that the road was closed"))
    assert (new.source, new.stood_under) == (kept, None)
    assert register.may_be_undone(merge)


def test_a_merge_can_be_taken_back(desk: dict[str, User]) -> None:
    (row,) = suggest(make_story(TEXT), ("SANA", "reported", "that the road was closed"))
    given_up, kept = row.source, _source("Syrian Arab News Agency")
    assert given_up is not None
    merge = register.merge(kept, given_up, desk["editor"])
    (later,) = suggest(make_story(TEXT), ("SANA", "reported", "that the road was closed"))
    register.unmerge(merge, desk["editor"])
    row.refresh_from_db()
    later.refresh_from_db()
    assert (row.source, row.stood_under) == (given_up, None)
    # What was attributed since stays where an editor could see it.
    assert later.source == kept
    assert register.resolve("SANA") == given_up
    assert _led(given_up.get_absolute_url()) == given_up.get_absolute_url()
    assert not register.may_be_undone(SourceMerge.objects.get())
    with pytest.raises(ValidationError):
        register.unmerge(merge, desk["editor"])
    messages = [entry.message for entry in registry.get_logs_for_instance(given_up)]
    assert "The merge into “Syrian Arab News Agency” was taken back" in messages


def test_merges_of_merged_sources_are_taken_back_one_by_one(desk: dict[str, User]) -> None:
    rows = [
        suggest(make_story(f"{name} said the road was closed."), (name, "said", "the road was"))[0]
        for name in ("Alpha", "Beta", "Gamma")
    ]
    alpha, beta, gamma = (row.source for row in rows)
    assert alpha is not None
    assert beta is not None
    assert gamma is not None
    register.rename(beta, "Beta", None, slug="beta-press")
    first = register.merge(beta, alpha, None)
    second = register.merge(gamma, beta, None)
    assert set(StoryRelation.objects.values_list("source", flat=True)) == {gamma.pk}
    assert set(RelationHop.objects.values_list("source", flat=True)) == {gamma.pk}
    assert register.resolve("Alpha") == register.resolve("Beta") == gamma
    for path in ("/source/alpha/", "/source/beta/", "/source/beta-press/"):
        assert _led(path) == "/source/gamma/"
    assert not register.may_be_undone(SourceMerge.objects.get(pk=first.pk))
    with pytest.raises(ValidationError):
        register.unmerge(first, None)
    register.unmerge(second, None)
    assert [StoryRelation.objects.get(pk=row.pk).source for row in rows] == [beta, beta, gamma]
    assert register.resolve("Alpha") == register.resolve("Beta") == beta
    assert register.resolve("Gamma") == gamma
    for path in ("/source/alpha/", "/source/beta/", "/source/beta-press/"):
        assert _led(path) == "/source/beta-press/"
    register.unmerge(SourceMerge.objects.get(pk=first.pk), None)
    assert [StoryRelation.objects.get(pk=row.pk).source for row in rows] == [alpha, beta, gamma]
    assert not StoryRelation.objects.filter(stood_under__isnull=False).exists()
    assert _led("/source/alpha/") == "/source/alpha/"


def test_what_was_merged_is_not_merged_again() -> None:
    one, other, third = _source("One"), _source("Other"), _source("Third")
    register.merge(one, other, None)
    for kept, given_up in ((one, one), (third, other), (other, third)):
        with pytest.raises(ValidationError):
            register.merge(kept, given_up, None)
    assert SourceMerge.objects.count() == 1


def test_a_source_that_was_merged_is_not_tidied_away(desk: dict[str, User]) -> None:
    story = make_story(TEXT)
    (row,) = suggest(story, ("SANA", "reported", "that the road was closed"))
    assert row.source is not None
    kept = _source("Syrian Arab News Agency")
    register.merge(kept, row.source, None)
    assert register.tidy([row.source.pk, kept.pk]) == 0
    alone = register.propose("Nobody's agency")
    assert register.tidy([alone.pk]) == 1


def test_two_hops_that_turn_out_to_be_one_source_are_one(desk: dict[str, User]) -> None:
    from broadsheet.attribution import checks

    story = make_story("SANA, quoting Syrian Arab News Agency, said it rained.")
    (row,) = suggest(
        story, ("SANA", "said", "it rained", ["Syrian Arab News Agency", "SANA"])
    )  # fmt: skip
    assert "long_chain" in {each.check for each in checks.run(story).findings}
    assert row.source is not None
    register.merge(row.source, Source.objects.get(name="Syrian Arab News Agency"), None)
    assert "long_chain" not in {each.check for each in checks.run(story).findings}


def test_names_are_folded() -> None:
    assert names.key("  Syrian Arab News-Agency’s") == "syrian arab news agency"
    assert names.key("Agence «Économie»") == "agence economie"
    assert names.key("U.N.") == "un"


def test_an_editors_own_name_for_a_source_is_looked_up(sana: Source) -> None:
    (row,) = suggest(make_story("A clerk said it rained."), ("A clerk", "said", "it rained"))
    marks = actions.Marks(source_name="Syria's official SANA", source_kind=SourceKind.NAMED)
    assert actions.edit(row, marks, None).source == sana


def test_a_name_that_grows_when_it_is_folded_is_found_and_saved_again() -> None:
    name = "Weißgroßstraße " * 13
    source = register.propose(name)
    assert register.resolve(name) == source
    assert register.propose(name) == source
    register.accept(source, None)
    assert source.aliases.count() == 1


@pytest.mark.parametrize(
    ("name", "kind", "is_guess"),
    [
        ("Anna Weber", Source.Kind.PERSON, False),
        ("Gen. Weber", Source.Kind.PERSON, False),
        ("Harbour Office", Source.Kind.ORGANISATION, True),
        ("Hedwig Carsten", Source.Kind.ORGANISATION, True),
    ],
)
def test_what_a_proposed_source_is_says_no_more_than_is_known(
    name: str, kind: Source.Kind, is_guess: bool
) -> None:
    source = register.found_or_proposed({name: SourceKind.NAMED}, "en")[name]
    assert source is not None
    assert (source.kind, source.is_of_guessed_kind) == (kind, is_guess)
    register.accept(source, None)
    assert not source.is_of_guessed_kind
