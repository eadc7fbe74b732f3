"""A paper that has one of everything, and the same database without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.utils import timezone
from PIL import Image
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Revision

from attribution.sourced_stories import sourced_story
from broadsheet.accounts.models import Byline
from broadsheet.attribution import actions as sources
from broadsheet.attribution.arrivals import archive
from broadsheet.attribution.models import RelationChange, Source, StoryReading, StoryRelation
from broadsheet.letters.models import Letter
from broadsheet.letters.wording import mark
from broadsheet.newsroom.actions.adopt import Adopter, Terms
from broadsheet.newsroom.moving.pictures import Pictures
from broadsheet.newsroom.moving.records import Filing
from broadsheet.stories import news_ids
from broadsheet.stories.models import (
    Agency,
    Front,
    FrontPlacement,
    NewsIdCounter,
    Paper,
    PaperName,
    Photo,
    Picture,
    Section,
    SectionName,
    StandingPage,
    Story,
    StoryAgency,
    StoryByline,
    Topic,
)
from broadsheet.wire.models import Provenance, ReceivedItem
from broadsheet.wire.outcomes import Outcome
from broadsheet.wire.pipeline import bring_in
from broadsheet.wire.retrievers import files

LONG_AGO = datetime(2017, 12, 30, 6, 58, tzinfo=UTC)


def photo_file(colour: str) -> bytes:
    target = BytesIO()
    Image.new("RGB", (600, 400), colour).save(target, "JPEG")
    return target.getvalue()


def picture(name: str, colour: str, **words: Any) -> Picture:
    made = Picture(title=name, file=ContentFile(photo_file(colour), name=f"{name}.jpg"), **words)
    made.save()
    return made


def body_of(*blocks: dict[str, Any]) -> Any:
    field: Any = Story._meta.get_field("body")
    return field.stream_block.to_python(list(blocks))


def every_block(shown: Picture, about: StandingPage) -> Any:
    """Return a body with every kind of block, as the newsroom stores them."""
    return body_of(
        {
            "type": "paragraph",
            "value": '<p data-block-key="a1b2c">The <b>ferry</b> &amp; the <a href="https://x.example/'
            '?a=1&amp;b=2">bridge</a>,<br/>H<sub>2</sub>O, as <a id="'
            f'{about.pk}" linktype="page">we</a> say.</p>',
            "id": "11111111-1111-4111-8111-111111111111",
        },
        {"type": "heading", "value": "Water & <land>", "id": "22222222-aaaa"},
        {"type": "quotation", "value": {"text": "We sail.\n\nAt dawn.", "speaker": "Ana Lima"}},
        {
            "type": "photo",
            "value": {"picture": shown.pk, "caption": "", "credit": "", "alt_text": "A quay"},
            "id": "33333333-bbbb",
        },
        {
            "type": "embed",
            "value": {"url": "https://video.example/7", "title": "The launch", "caption": "Live"},
        },
        {
            "type": "list",
            "value": {
                "numbered": True,
                "points": [
                    {"type": "item", "value": "<p>One <i>point</i></p>", "id": "44444444-cccc"},
                    {"type": "item", "value": "<p>Another</p>", "id": "55555555-dddd"},
                ],
            },
        },
        {"type": "list", "value": {"numbered": False, "points": ["<p>As it used to be</p>"]}},
        {
            "type": "table",
            "value": {
                "caption": "Fares",
                "table": {
                    "columns": [
                        {"type": "text", "heading": "Line"},
                        {"type": "number", "heading": "Fare"},
                    ],
                    "rows": [{"values": ["North", "2.50"]}, {"values": ["South", None]}],
                    "caption": "",
                },
            },
        },
    )


def letter(story: Story, text: str, minutes: int, **fields: Any) -> Letter:
    fields.setdefault("state", Letter.State.APPROVED)
    return Letter.objects.create(
        story=story,
        text=text,
        text_mark=mark(text),
        written_at=LONG_AGO + timedelta(minutes=minutes),
        reasons=["unread"],
        **{"name": "Reader", **fields},
    )


def story(section: Section, headline: str, **fields: Any) -> Story:
    fields.setdefault("body", body_of({"type": "paragraph", "value": "<p>The words.</p>"}))
    made = Story(section=section, headline=headline, live=False, **fields)
    made.save()
    return made


def publish(made: Story, **times: Any) -> Story:
    made.save_revision().publish()
    Story.objects.filter(pk=made.pk).update(**{"last_published_at": LONG_AGO, **times})
    return Story.objects.get(pk=made.pk)


def make_paper() -> dict[str, int]:
    """Make the paper; return the News IDs of its stories by what they are."""
    own = Paper.load()
    own.name, own.strapline, own.time_zone = "The Tidemark", "Since 1871", "Asia/Tehran"
    own.comments_open_days = 7
    own.names = [PaperName(language="fa", name="نشان مد", strapline="از ۱۲۵۰")]
    own.save()
    world = Section(name="World", slug="world", position=2)
    world.names = [SectionName(language="fa", name="جهان")]
    world.save()
    city = Section.objects.create(name="City", slug="city", position=1)
    afp = Agency.objects.create(name="AFP", slug="afp", credit_line="© AFP", rights="No archive.")
    lind = Byline.objects.create(name="Nora Lind", slug="nora-lind", role="Editor", about="Writes.")
    doe = Byline.objects.create(name="Mira Döe", slug="mira-döe")
    water = Topic.objects.create(name="Water", slug="water")
    harbour = Topic.objects.create(name="بندر", slug="بندر", language="fa")
    lead = picture("quay", "#336699", caption="The quay", credit="Jo Blum/AFP", description="Q")
    inside = picture(
        "boat", "#993322", focal_point_x=10, focal_point_y=20, taken_on=LONG_AGO.date()
    )
    inside.tags.add("boats", "archive")
    page = StandingPage(
        title="About us", slug="about", body=every_block(inside, Page.objects.first())
    )
    Page.objects.get(depth=2).add_child(instance=page)
    page.body = every_block(inside, page)
    page.save_revision().publish()
    page.title = "About us, soon"
    page.save_revision()
    draft_page = StandingPage(title="Imprint", slug="imprint", live=False, language="de")
    Page.objects.get(depth=2).add_child(instance=draft_page)
    news_ids.reserve(207_165)
    made = _stories(world, city, lead, inside, page)
    first = Story.objects.get(pk=made["published"])
    first.bylines = [StoryByline(byline=doe, sort_order=0), StoryByline(byline=lind, sort_order=1)]
    first.agencies = [StoryAgency(agency=afp, credit_line="AFP, our staff", sort_order=0)]
    first.topics = [water, harbour]
    first.photos = [
        Photo(picture=lead, caption="", sort_order=0),
        Photo(picture=lead, caption="Another word for it", credit="Me", alt_text="x", sort_order=1),
        Photo(caption="A picture nobody sent", taken_on=date(2017, 4, 25), sort_order=2),
    ]
    first = publish(first, substantively_updated_at=LONG_AGO + timedelta(hours=3))
    _letters(first)
    for path, to in (("/2017/12/ferry", first.get_absolute_url()), ("/x", "https://f.example/")):
        Redirect.add_redirect(path, to, is_permanent=to.startswith("/"))
    Redirect.add_redirect("/ueber-uns", page)
    front = Front.objects.create(language="en")
    for place, name in enumerate(("german", "published")):
        FrontPlacement.objects.create(front=front, story_id=made[name], sort_order=place)
    news_ids.reserve(300_000)
    return made


def _stories(
    world: Section, city: Section, lead: Picture, inside: Picture, page: StandingPage
) -> dict[str, int]:
    soon = timezone.now().replace(microsecond=0) + timedelta(days=3)
    with archive():
        first = story(
            world,
            "Ferry & bridge",
            body=every_block(inside, page),
            first_published_at=LONG_AGO,
            slugline="ferry-1",
            dateline="BOJNURD",
            lead="A lead.",
            comments_open=False,
        )
        first = publish(first, created_at=LONG_AGO)
        persian = story(world, "پل تازه", language="fa", translation_of=first)
        persian = publish(persian)
        german = publish(story(city, "Die Fähre", language="de"))
        # What a later story is the original of.
        later = publish(story(city, "The tram"))
        Story.objects.filter(pk=german.pk).update(translation_of=later)
        draft = story(world, "Not yet", slugline="later")
        draft.save_revision()
        bare = story(world, "Never saved by a desk")
        scheduled = story(city, "Tomorrow", go_live_at=soon)
        scheduled.save_revision().publish()
        embargoed = story(city, "Under embargo", embargo_until=soon)
        embargoed.publish(embargoed.save_revision())
        expired = publish(story(city, "Gone", expire_at=LONG_AGO + timedelta(days=1)))
        expired.unpublish(set_expired=True)
        taken_down = publish(story(city, "Taken down"))
        taken_down.unpublish()
        reworked = publish(story(world, "As readers see it"))
        reworked.headline = "As the desk has it"
        reworked.save_revision()
        replanned = publish(story(world, "Now"))
        replanned.headline, replanned.go_live_at = "In three days", soon
        replanned.save_revision().publish()
        replanned = Story.objects.get(pk=replanned.pk)
        replanned.headline, replanned.go_live_at = "In three days, or later", None
        replanned.save_revision()
        sourced, (row, *_) = sourced_story()
        sources.confirm([row], None)
    named = {
        "published": first, "persian": persian, "german": german, "later": later, "draft": draft,
        "bare": bare, "scheduled": scheduled, "embargoed": embargoed, "expired": expired,
        "taken down": taken_down, "reworked": reworked, "replanned": replanned, "sourced": sourced,
    }  # fmt: skip
    return {name: each.pk for name, each in named.items()}


def _letters(under: Story) -> None:
    one = letter(under, "First!\n\nAnd <b>bold</b> & more", 1, email="r@mail.example")
    two = letter(under, "No, I was.", 2, answers=one, name="Other")
    letter(under, "Neither.", 3, answers=two)
    letter(under, "Wait", 4, state=Letter.State.HELD, guid="wp:77")
    letter(
        under,
        "Buy!",
        5,
        state=Letter.State.REJECTED,
        decided_at=LONG_AGO + timedelta(hours=1),
        decision="Advertising",
    )


def forget_paper() -> None:
    """Take all of it out of the database, as if it were another one."""
    Front.objects.all().delete()
    Redirect.objects.all().delete()
    # One by one: these lists may be deleted by no other means.
    lists: list[type[models.Model]] = [Provenance, RelationChange, StoryRelation, StoryReading]
    for model in lists:
        model._default_manager.all().delete()
    received = ReceivedItem.objects.all()
    models.QuerySet(ReceivedItem).filter(pk__in=[row.pk for row in received]).delete()
    Letter.objects.all().delete()
    Story.objects.update(translation_of=None)
    Story.objects.all().delete()
    for page in StandingPage.objects.all():
        page.delete()
    Source.objects.update(merged_into=None)
    Source.objects.all().delete()
    lists = [Picture, Topic, Byline, Agency, Section, Paper, NewsIdCounter]
    for model in lists:
        model._default_manager.all().delete()
    Redirect.objects.all().delete()
    Revision.objects.all().delete()


def brought_in(folder: Path, *, dry_run: bool = False) -> list[Outcome]:
    """Read the export in ``folder`` as the import command does."""
    filing = Filing(dry_run=dry_run)
    terms = Terms(stages=True, pictures=Pictures(), sections=filing.sections)
    found = files.read(files.find([str(folder)]), BytesIO())
    told = list(bring_in(found, Adopter(terms), file_record=filing, dry_run=dry_run))
    return [*told, *filing.finish()]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of an export by their names, but for the manifest."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "manifest.json":
            yield str(path.relative_to(folder)), path.read_bytes()
