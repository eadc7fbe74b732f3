"""The sample paper's sources: its register, and what its editor decided about its stories."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from broadsheet.accounts.models import User
from broadsheet.attribution import actions, kept, register, story_text
from broadsheet.attribution.models import Source, SourceAlias
from broadsheet.demo import desk
from broadsheet.demo.claims import SampleClaims
from broadsheet.demo.samples import SampleStory
from broadsheet.slugs import free_slug
from broadsheet.stories.models import Agency, Story


def make_source(row: dict[str, Any]) -> None:
    """Enter a source in the register with its names, unless somebody of that name is in it."""
    row = dict(row)
    called = [("", name) for name in row.pop("aliases", ())]
    for language, names in row.pop("names", {}).items():
        called += [(language, name) for name in names]
    if register.resolve(row["name"]) is not None:
        return
    agency = row.pop("agency", None)
    source = Source(
        slug=row.pop("slug", None) or free_slug(Source, row["name"], "source"),
        agency=Agency.objects.get(slug=agency) if agency else None,
        **row,
    )
    source.full_clean()
    source.save()
    for language, name in called:
        SourceAlias.objects.create(source=source, text=name, language=language)


def decide(claims: SampleClaims, sample: SampleStory, started: datetime) -> None:
    """Let the editor confirm the ``claims`` of the story of ``sample``, if they are reviewed.

    ``started`` is the moment from which the sample's times count. A story that somebody has
    deleted or written in since is left as it is. Raises ``SampleError`` for claims whose words do
    not stand in the sample.
    """
    story = Story.objects.filter(pk=sample.news_id).first()
    if story is None:
        return
    text = story_text.newest(story)
    if text.text != desk.text_of(sample, started):
        return
    moment = desk.moment_of(sample, started)
    analysis = claims.found_in(text.text, moment.date())
    actions.suggest(story, text, analysis, reference=moment)
    if claims.reviewed:
        editor = User.objects.filter(username="editor").first()
        actions.confirm(kept.rows_of([story]), editor)
        actions.mark_reviewed(story, editor)
