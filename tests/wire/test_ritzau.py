"""Ritzau's own XML: what its files say, in UTC, and nothing lost."""

from __future__ import annotations

import random

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireItem, WireLink, WireSubject
from broadsheet.wire.parsers import ritzau
from wire.newsml1_shapes import SCHEME, at

STORY = """<RBNews xmlns="" xmlns:i="http://www.w3.org/2001/XMLSchema-instance">
<NewsID>9a69-1</NewsID><PublishDate>2018-01-30T17:32:18.397</PublishDate>
<strapline>NU/BRO-U</strapline><headline>Broen er lukket</headline>
<subtitle>Det kan vare &lt;br /&gt;til maj.&lt;br /&gt;</subtitle><town>Elm Havn</town>
<origin>/ritzau/</origin><section>Udland</section><version>2</version><Replaces>8f</Replaces>
<format>Net</format><content>&lt;p&gt;Broen over &lt;b&gt;Elm&lt;/b&gt; er lukket, siger
havnens folk til avisen i byen.&lt;/p&gt;
&lt;p&gt;Det ved &amp;amp;quot;alle&amp;amp;quot;.&lt;/p&gt;
&lt;p&gt;/ritzau/&lt;/p&gt;</content><Priority>4</Priority>
<IPTCList xmlns:a="http://schemas.example/Arrays"><a:int>4000000</a:int><a:int>11000000</a:int>
</IPTCList><MultimedieList/><replacedID i:nil="true"/><Annuleret>false</Annuleret>
<NyVersion>true</NyVersion><Korrektion>true</Korrektion><byLine>Anna Lee</byLine>
<TilRedaktionen>&lt;p&gt;Ny i anden linje.&lt;br /&gt;Se billeder.&lt;/p&gt;</TilRedaktionen>
<Status>New news</Status><ContentShort>Broen over...</ContentShort></RBNews>"""
ANSWER = (
    '<XMLNewsQueuedResponse xmlns="http://service.example/"><XMLNewsQueuedResult><ListOfRBNews '
    'xmlns="">{}</ListOfRBNews></XMLNewsQueuedResult></XMLNewsQueuedResponse>'
)


def items(markup: str) -> list[WireItem]:
    incoming = Incoming(markup.encode(), "ritzau.xml")
    assert ritzau.recognises(incoming)
    return [record for record in ritzau.parse(incoming) if isinstance(record, WireItem)]


def test_a_story_with_all_it_says() -> None:
    (item,) = items(STORY)
    assert (item.guid, item.version, item.headline) == ("9a69-1", "2", "Broen er lukket")
    assert item.published == item.updated == at(2018, 1, 30, 16, 32, 18)
    assert plain_paragraphs(item) == [
        "Broen over Elm er lukket, siger havnens folk til avisen i byen.",
        'Det ved "alle".',
        "/ritzau/",
    ]
    assert (item.lead, item.language) == ("Det kan vare til maj.", "da")
    assert (item.agencies, item.byline, item.authors) == (("Ritzau",), "Anna Lee", ("Anna Lee",))
    assert (item.slugline, item.section, item.genre) == ("NU/BRO-U", "Udland", "Net")
    assert (item.dateline, item.places, item.urgency) == ("Elm Havn", ("Elm Havn",), 4)
    assert item.signals == ("update", "correction")
    assert item.pub_status == "New news"
    assert item.links == (WireLink("replaces", "8f"),)
    assert item.subjects == (
        WireSubject("", "subj:04000000", SCHEME),
        WireSubject("", "subj:11000000", SCHEME),
    )
    assert item.ed_note.split("\n")[0].startswith("Ny i anden linje.")


def test_several_stories_come_by_themselves_and_one_withdrawn_is_told() -> None:
    other = STORY.replace("9a69-1", "9a69-2").replace("<Annuleret>false", "<Annuleret>true")
    first, second = items(ANSWER.format(STORY + other))
    assert [first.guid, second.guid] == ["9a69-1", "9a69-2"]
    assert second.pub_status == "canceled"
    assert first.raw
    assert b"9a69-1" in first.raw
    assert first.sha256 != second.sha256


def test_a_flash_without_headline_is_called_by_its_first_words() -> None:
    flash = STORY.replace("<headline>Broen er lukket</headline>", '<headline i:nil="true"/>')
    (item,) = items(flash)
    assert item.headline == "Broen over Elm er lukket, siger havnens folk til avisen i byen."
    assert "It has no headline; its first words stand for one." in item.oddities


def test_what_holds_nothing_is_refused() -> None:
    with pytest.raises(WireError, match="no story"):
        items("<RBNews><NewsID>1</NewsID></RBNews>")


def test_damaged_files_are_read_or_refused() -> None:
    chance = random.Random(7)  # noqa: S311 - the same noise each time
    content = ANSWER.format(STORY * 2).encode()
    for _ in range(120):
        broken = bytearray(content[: chance.randrange(40, len(content))])
        for _ in range(chance.randrange(6)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            records = parsers.parse(Incoming(bytes(broken), "ritzau.xml"))
        except WireError:
            continue
        assert records
