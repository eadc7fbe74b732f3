"""The page the paper was read off: who stands behind what on it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from broadsheet.attribution import analyse
from broadsheet.attribution.relation import (
    Analysis,
    AttributionRelation,
    HedgeKind,
    SourceKind,
    Spans,
)

SEED = Path(__file__).resolve().parents[4] / "shared/seed/000_c545bce007cdd4bf.txt"
PUBLISHED = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


class Page:
    """The text of the page and what was found in it."""

    def __init__(self, text: str, found: Analysis) -> None:
        self.text, self.found = text, found

    def say(self, spans: Spans) -> str:
        """Return the words of ``spans``."""
        return " ".join(self.text[start:end] for start, end in spans)

    def relations(self, cue: str, within: str = "") -> list[AttributionRelation]:
        """Return the relations with these words for a cue, whose content holds ``within``."""
        return [
            one
            for one in self.found.relations
            if cue in self.say(one.cue) and within in self.say(one.content)
        ]

    def one(self, cue: str, within: str = "", source: str = "") -> AttributionRelation:
        """Return the only such relation."""
        (found,) = (each for each in self.relations(cue, within) if source in self.say(each.source))
        return found


@pytest.fixture(scope="module")
def page() -> Page:
    if not SEED.is_file():
        pytest.skip("../shared/seed is not here: the page is third-party text")
    whole = SEED.read_text(encoding="utf-8")
    text = whole[whole.index("US choppers") : whole.index("Security Key")].strip()
    return Page(text, analyse(text, PUBLISHED))


def names(relation: AttributionRelation) -> list[str]:
    return [hop.name or str(hop.kind) for hop in relation.chain]


def test_the_agency_rests_on_local_residents(page: Page) -> None:
    said = page.one("reported", "helicopters", "SANA")
    assert names(said) == ["local residents", "SANA"]
    assert said.statement_time is not None
    assert said.statement_time.edtf == "2017-12-29"
    assert said.event_time is not None
    assert said.event_time.edtf == "2017-12-27"
    assert page.say(page.one("citing").source) == "local residents"


def test_the_outlet_that_was_lost_is_missing(page: Page) -> None:
    (lost,) = (each for each in page.found.relations if each.source_kind is SourceKind.MISSING)
    assert page.say(lost.cue) == "reported"
    assert names(lost) == ["local residents", "SANA", "missing"]


def test_state_television_came_through_the_agency_and_goes_on(page: Page) -> None:
    way = ["Syria’s state television", "AFP"]
    assert names(page.one("cited")) == way
    assert names(page.one("said", "10 buses")) == way
    assert names(page.one("According to", "four of the buses")) == way


def test_a_hedge_stands_within_a_claim(page: Page) -> None:
    claims = page.one("claims")
    inner = page.one("are said")
    assert inner.nested_in == page.found.relations.index(claims)
    assert {each.kind for each in claims.hedges} == {HedgeKind.DISTANCING, HedgeKind.HEARSAY}
    assert claims.event_time is not None
    assert claims.event_time.edtf == "2014-09/.."


def test_an_accusation_without_an_accuser_is_implicit(page: Page) -> None:
    accused = page.one("has repeatedly been accused")
    assert accused.source_kind is SourceKind.IMPLICIT
    assert [each.kind for each in accused.hedges] == [HedgeKind.AGENTLESS]


def test_a_general_without_a_name_is_unnamed(page: Page) -> None:
    general = page.one("says")
    assert page.say(general.source) == "A senior Russian general"
    assert general.source_kind is SourceKind.UNNAMED


def test_so_called_is_a_hedge(page: Page) -> None:
    words = {page.text[slice(*each.span)]: each.kind for each in page.found.hedges}
    assert words["so-called"] is HedgeKind.SCARE
    assert words["reportedly"] is HedgeKind.HEARSAY


def test_the_sentences_that_nobody_stands_behind(page: Page) -> None:
    alone = [page.text[slice(*each.span)] for each in page.found.sentences if each.unattributed]
    begins = [sentence[:20] for sentence in alone]
    for words in ("Such air raids began", "Evacuations continue", "In several areas", "Backed by"):
        assert any(one.startswith(words) for one in begins), words
    assert not any(one.startswith("A senior Russian") for one in begins)


def test_the_same_year_is_the_one_named_before(page: Page) -> None:
    times = {page.text[slice(*each.span)]: each.edtf for each in page.found.times}
    assert times["August of the same year"] == "2014-08"
    assert times["Earlier this week"] == "2017-12-25/2017-12-30"


def test_the_headline_states_what_the_text_has_from_hearsay(page: Page) -> None:
    end = page.text.index("\n")
    assert not any(each.span[1] <= end for each in page.found.hedges)
    assert page.relations("reportedly")
