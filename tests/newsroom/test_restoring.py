"""What comes back from an export is checked: the folder may come from anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.contrib.redirects.models import Redirect

from broadsheet.letters.models import Letter
from broadsheet.newsroom.export.folder import as_json
from broadsheet.newsroom.export.whole import export
from broadsheet.newsroom.restoring.body import restored_body, rich
from broadsheet.newsroom.restoring.particulars import restore
from broadsheet.stories.models import Section, Story
from broadsheet.wire.items import WireParticular
from newsroom.whole_paper import brought_in, forget_paper, publish, story
from wire.test_exported import PAPER, write


@pytest.mark.parametrize(
    "markup",
    [
        '<p data-block-key="a1b2c">A &amp; b, <b>c</b><br/></p>',
        '<a href="https://x.example/?a=1&amp;b=%20">x</a> <a href="/about/">y</a>',
        "Only words &lt;here&gt; و فارسی",
        "",
    ],
)
def test_what_the_newsroom_writes_comes_back_letter_by_letter(markup: str) -> None:
    assert rich(markup) == markup


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>x",
        '<p onclick="alert(1)">x</p>',
        '<a href="javascript:alert(1)">x</a>',
        "<a href='java&#115;cript:alert(1)'>x</a>",
        '<a href="https://x.example/" onmouseover="alert(1)">x</a>',
        '<p data-block-key="a" style="x">x</p>',
        "<svg/onload=alert(1)>x",
        "<p>x<!-- --><img src=x onerror=alert(1)></p>",
        "x < y",
    ],
)
def test_anything_else_is_cleaned(markup: str) -> None:
    cleaned = rich(markup)
    assert cleaned != markup
    assert not any(word in cleaned for word in ("script", "onclick", "onmouse", "style", "<svg"))
    assert "x" in cleaned


def test_a_block_that_is_none_keeps_its_words() -> None:
    blocks, remarks = restored_body(
        [
            {"type": "raw_html", "value": "<script>x</script>Words"},
            {"type": "embed", "value": {"url": "javascript:alert(1)", "title": "A film"}},
            {"type": "table", "value": {"table": {"columns": [], "rows": [{"values": ["a"]}]}}},
            {"type": "photo", "value": {"picture": "unknown", "caption": "A quay"}},
            {"type": "heading", "value": "Fine", "id": "<x>"},
        ],
        {},
        "Story 1",
    )
    assert [block["type"] for block in blocks] == [
        "paragraph", "paragraph", "paragraph", "photo", "heading",
    ]  # fmt: skip
    assert blocks[0]["value"] == "<p>Words</p>"
    assert "A film" in blocks[1]["value"]
    assert blocks[3]["value"] == {"picture": None, "caption": "A quay"}
    assert "id" not in blocks[4]
    assert len(remarks) == 4


def test_points_of_a_list_are_read_by_wagtail_as_they_came() -> None:
    points = ["One", {"type": "item", "value": "Two", "id": "5f"}, {"value": "Three"}]
    points.append({"type": "item", "value": "Four", "id": "<x>"})
    restored, _remarks = restored_body([{"type": "list", "value": {"points": points}}], {}, "Story")
    body = Story._meta.get_field("body").to_python(json.dumps(restored))
    assert [str(point.source) for point in body[0].value["points"]] == [
        "One",
        "Two",
        "Three",
        "Four",
    ]


def _oddly(kept: dict[str, Any]) -> Iterator[dict[str, Any]]:
    odd: list[Any] = ["x", [7], {"x": 1}]
    for value in odd:
        for name in kept:
            yield {**kept, name: value}
        for name in kept["versions"][0]:
            yield {**kept, "versions": [{**kept["versions"][0], name: value}]}
        for name in kept["comments"][0]:
            yield {**kept, "comments": [{**kept["comments"][0], name: value}]}


@pytest.mark.django_db
def test_no_story_of_an_export_leaves_anything_half_done(tmp_path: Path) -> None:
    made = publish(story(Section.objects.create(name="World", slug="world"), "The ferry"))
    Letter.objects.create(
        story=made, name="R", text="Hm", text_mark="x", state="approved", reasons=["unread"]
    )
    export(tmp_path / "out")
    (file,) = (tmp_path / "out").glob("stories/*/*.kept.json")
    kept = json.loads(file.read_bytes())
    forget_paper()
    # One export of them all; of each that is refused, nothing is there.
    parts = {"paper.json": as_json({**PAPER, "sections": []})}
    for number, each in enumerate(_oddly(kept), start=1):
        if each["news_id"] == kept["news_id"]:
            each["news_id"] = number
        parts[f"stories/0/{number}.kept.json"] = as_json(each)
    (tmp_path / "odd").mkdir()
    write(tmp_path / "odd", parts)
    told = [each for each in brought_in(tmp_path / "odd") if each.what == "story"]
    assert len(told) == len(parts) - 1
    assert not any("unexpected" in each.error for each in told)
    taken = {each.news_id for each in told if each.kind == "imported"}
    assert taken == set(Story.objects.values_list("pk", flat=True))
    assert 0 < len(taken) < len(told)


@pytest.mark.django_db
def test_what_readers_see_has_a_time_though_its_export_tells_none(tmp_path: Path) -> None:
    made = publish(story(Section.objects.create(name="World", slug="world"), "The ferry"))
    export(tmp_path / "out")
    (file,) = (tmp_path / "out").glob("stories/*/*.kept.json")
    kept = json.loads(file.read_bytes())
    assert kept.pop("first_published_at")
    forget_paper()
    (tmp_path / "in").mkdir()
    name = file.relative_to(tmp_path / "out").as_posix()
    write(tmp_path / "in", {"paper.json": as_json({**PAPER, "sections": []}), name: as_json(kept)})
    brought_in(tmp_path / "in")
    back = Story.objects.get(pk=made.pk)
    assert back.live
    assert back.first_published_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "to", ["//evil.example/", "/\\evil.example/", "https://u@evil.example/", "/" + "x" * 300]
)
def test_an_old_address_leads_to_nobody_else(to: str) -> None:
    values = json.dumps({"from": "/old/", "to": to})
    with pytest.raises(ValidationError, match="no address to lead readers to"):
        restore(WireParticular("paper.json", "redirect", values))
    assert not Redirect.objects.exists()
