"""The wire queue: who may take what, what becomes of it, and what its pages show."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry

from broadsheet.accounts.models import User
from broadsheet.newsroom.actions import wire_queue
from broadsheet.newsroom.actions.adopt import Terms
from broadsheet.stories.models import Section, Story
from broadsheet.wire.items import WirePhoto
from broadsheet.wire.models import Provenance, QueuedItem
from newsroom.wire_at_desk import BRIDGE, CHOIR, FERRY, enter

pytestmark = pytest.mark.django_db

State = QueuedItem.State
QUEUE = "/newsroom/wire/"


def shown(client: Client, **query: str) -> list[str]:
    response = client.get(QUEUE, query)
    assert response.status_code == 200
    return [row.entry.headline for row in response.context["rows"]]


def act(client: Client, do: str, *entries: QueuedItem) -> str:
    keys = [str(entry.pk) for entry in entries]
    response = client.post(f"{QUEUE}act/", {"do": do, "item": keys}, follow=True)
    assert response.status_code == 200
    return str(response.content.decode())


def now(entry: QueuedItem) -> QueuedItem:
    return QueuedItem.objects.get(pk=entry.pk)


def menu_of(client: Client) -> list[str]:
    page = client.get("/newsroom/").content.decode()
    props = re.search(r'id="wagtail-sidebar-props"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert props is not None
    return re.findall(r'"name": "([\w-]+)"', props[1])


def in_three_hours() -> datetime:
    # Versions of stories are kept as JSON, with milliseconds.
    return (timezone.now() + timedelta(hours=3)).replace(microsecond=0)


def body_of(story: Story) -> list[tuple[str, str]]:
    draft = Story.objects.get(pk=story.pk).get_latest_revision_as_object()
    return [(block.block_type, str(block.value)) for block in draft.body]


def test_what_one_has_taken_another_cannot_and_is_told_who(people: dict[str, User]) -> None:
    entry = enter("urn:1")
    reporter, editor = people["reporter"], people["editor"]
    taken = wire_queue.take(entry, user=reporter)
    assert (taken.state, taken.taken_by) == (State.TAKEN, reporter)
    for verb in (wire_queue.take, wire_queue.dismiss):
        with pytest.raises(ValidationError, match="reporter has taken"):
            verb(entry, user=editor)
    with pytest.raises(ValidationError, match="reporter has taken"):
        wire_queue.adopt(entry, user=editor, terms=Terms())
    assert wire_queue.take(entry, user=reporter).taken_at == taken.taken_at
    # An editor may take it out of somebody's hands; a reporter may not.
    wire_queue.release(entry, user=editor)
    wire_queue.take(entry, user=editor)
    with pytest.raises(ValidationError, match="editor has taken"):
        wire_queue.release(entry, user=reporter)
    assert [each.action for each in ModelLogEntry.objects.filter(object_id=str(entry.pk))] == [
        "wire.take", "wire.release", "wire.take",
    ][::-1]  # fmt: skip


def test_what_was_dismissed_can_be_had_back(people: dict[str, User]) -> None:
    entry = enter("urn:1")
    wire_queue.dismiss(entry, user=people["reporter"])
    with pytest.raises(ValidationError, match="nothing to decide"):
        wire_queue.take(entry, user=people["reporter"])
    assert wire_queue.restore(entry, user=people["reporter"]).state == State.WAITING


def test_who_may_not_handle_the_queue_does_nothing(people: dict[str, User]) -> None:
    entry = enter("urn:1")
    for verb in (wire_queue.take, wire_queue.release, wire_queue.dismiss, wire_queue.restore):
        with pytest.raises(PermissionDenied):
            verb(entry, user=people["moderator"])
    with pytest.raises(PermissionDenied):
        wire_queue.adopt(entry, user=people["moderator"], terms=Terms())
    with pytest.raises(PermissionDenied):
        wire_queue.adopt(entry, user=people["reporter"], terms=Terms(publish=True))
    assert now(entry).state == State.WAITING


def test_an_item_becomes_a_draft_or_is_published(people: dict[str, User], section: Section) -> None:
    draft, published = enter("urn:1"), enter("urn:2", CHOIR, headline="A hall opens")
    adopted = wire_queue.adopt(draft, user=people["reporter"], terms=Terms(section="world"))
    assert not Story.objects.get(pk=adopted.news_id).live
    assert (now(draft).state, now(draft).story_id) == (State.ADOPTED, adopted.news_id)
    assert Provenance.objects.get(news_id=adopted.news_id).item_id == draft.pk
    live = wire_queue.adopt(published, user=people["editor"], terms=Terms(publish=True))
    assert Story.objects.get(pk=live.news_id).is_public()
    with pytest.raises(ValidationError, match="nothing to decide"):
        wire_queue.adopt(draft, user=people["reporter"], terms=Terms())


def test_what_is_held_or_embargoed_becomes_a_draft_only(people: dict[str, User]) -> None:
    end = in_three_hours()
    held = enter("urn:1", hold="For planning only.")
    embargoed = enter("urn:2", CHOIR, headline="A hall opens", embargoed=end)
    for entry in (held, embargoed):
        adopted = wire_queue.adopt(entry, user=people["editor"], terms=Terms(publish=True))
        story = Story.objects.get(pk=adopted.news_id)
        assert not story.live
        assert not story.revisions.filter(approved_go_live_at__isnull=False).exists()
        assert "It is kept as a draft." in adopted.remarks
    assert story.embargo_until == end


def test_what_the_agency_withdrew_cannot_be_used(people: dict[str, User]) -> None:
    entry, other = enter("urn:1"), enter("urn:2", CHOIR, headline="A hall opens")
    enter("urn:1", pub_status="canceled", headline="Kill: ferry", version="2")
    assert now(entry).state == State.KILLED
    terms = Terms()
    for use in (
        lambda: wire_queue.take(entry, user=people["editor"]),
        lambda: wire_queue.restore(entry, user=people["editor"]),
        lambda: wire_queue.adopt(entry, user=people["editor"], terms=terms),
        lambda: wire_queue.combine([other, entry], user=people["editor"], terms=terms),
    ):
        with pytest.raises(ValidationError, match="withdrew"):
            use()
    assert (Story.objects.count(), now(other).state) == (0, State.WAITING)


def test_several_items_become_one_draft(people: dict[str, User], section: Section) -> None:
    end = in_three_hours()
    photo = WirePhoto(caption="The hall", credit="Jo Blum")
    hall: dict[str, Any] = {
        "headline": "A hall opens",
        "agencies": ("Inland News",),
        "photos": (photo,),
    }
    ferry = enter("urn:1", authors=("Nora Lind",))
    choir = enter("urn:2", CHOIR, embargoed=end, **hall)
    bridge = enter("urn:3", BRIDGE, headline="A bridge closes")
    story = wire_queue.combine(
        [choir, ferry, bridge, ferry], user=people["reporter"], terms=Terms(section="world")
    )
    draft = story.get_latest_revision_as_object()
    assert (draft.headline, draft.section, draft.live) == ("A hall opens", section, False)
    assert [(kind, text.removeprefix("<p>").removesuffix("</p>")) for kind, text in body_of(story)]
    texts = [text for _kind, text in body_of(story)]
    assert [kind for kind, _text in body_of(story)] == ["paragraph", *["heading", "paragraph"] * 2]
    assert [texts[1], texts[3]] == ["Coast Press"] * 2
    assert CHOIR in texts[0]
    assert FERRY in texts[2]
    assert BRIDGE in texts[4]
    assert [row.agency.name for row in draft.agencies.all()] == ["Inland News", "Coast Press"]
    assert [row.byline.name for row in draft.bylines.all()] == ["Nora Lind"]
    assert [each.caption for each in draft.photos.all()] == ["The hall"]
    # The embargo of any part holds for the whole, on every path.
    assert story.embargo_until == draft.embargo_until == end
    assert {now(each).state for each in (ferry, choir, bridge)} == {State.ADOPTED}
    assert set(Provenance.objects.filter(story=story).values_list("item_id", flat=True)) == {
        ferry.pk, choir.pk, bridge.pk,
    }  # fmt: skip


def test_a_later_version_of_a_part_does_not_write_over_the_whole(people: dict[str, User]) -> None:
    parts = [enter("urn:1"), enter("urn:2", CHOIR, headline="A hall opens")]
    story = wire_queue.combine(parts, user=people["reporter"], terms=Terms())
    before = body_of(story)
    newer = enter("urn:1", FERRY + " From June on.", version="2")
    with pytest.raises(ValidationError, match="has edited"):
        wire_queue.adopt(newer, user=people["reporter"], terms=Terms())
    assert body_of(story) == before
    # By hand, it can be added.
    wire_queue.add_to_story(newer, story, user=people["reporter"])
    assert [text for _kind, text in body_of(story)][-1].endswith("From June on.</p>")


def test_one_item_is_nothing_to_combine(people: dict[str, User]) -> None:
    entry = enter("urn:1")
    with pytest.raises(ValidationError, match="at least two"):
        wire_queue.combine([entry, entry], user=people["reporter"], terms=Terms())


def test_an_item_is_added_to_a_story_as_a_draft(people: dict[str, User], section: Section) -> None:
    story = Story.objects.create(headline="Harbour", section=section, live=False)
    story.save_revision().publish()
    end = in_three_hours()
    wire_queue.add_to_story(enter("urn:1", embargoed=end), story, user=people["reporter"])
    story = Story.objects.get()
    assert story.is_public()
    assert story.has_unpublished_changes
    # Published, the new version takes the story away until the embargo ends.
    assert story.get_latest_revision_as_object().embargo_until == end
    story.locked, story.locked_by = True, people["editor"]
    story.save()
    with pytest.raises(ValidationError, match="is locked"):
        wire_queue.add_to_story(enter("urn:2", CHOIR), story, user=people["reporter"])
