"""Embargoes that stand in words only: read where agencies set them, and only there."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.deadlines import read_deadline
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.items import WireBlock, WireItem
from broadsheet.wire.notes import applied

SENT = datetime(2023, 12, 30, 15, 0, tzinfo=UTC)  # a Saturday


def item(*paragraphs: str, **fields: Any) -> WireItem:
    body = tuple(WireBlock("paragraph", text) for text in paragraphs or ("It burned.",))
    given = {"headline": "Fire in the harbour", "published": SENT, **fields}
    return WireItem("guid", "file", "format", "sha", body=body, **given)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2024 if month == 1 else 2023, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        (item(ed_note="EMBARGOED UNTIL 0001 GMT Tuesday, Jan. 2"), at(2, 0, 1)),
        (item(ed_note="Eds: HOLD FOR RELEASE 12:01 a.m. EST. With photos."), at(31, 5, 1, 12)),
        (item(ed_note="Not for release before 6 p.m. Tuesday London time"), at(2, 18)),
        (item(ed_note="Sperrfrist: 5. Januar, 10:00 Uhr"), at(5, 10)),
        (item(ed_note="Achtung: Sperrfrist bis Freitag, 5.1., 10.00 Uhr MEZ"), at(5, 9)),
        (item(ed_note="Vorab - frei ab 18:00 Uhr"), at(30, 18, month=12)),
        (item("(Embargo jusqu'au 3 janvier à 10h00, heure de Paris)", "Paris"), at(3, 9)),
        (item(ed_note="embargado hasta el 3 de enero a las 10:00"), at(3, 10)),
        (item("EMBARGO FINO ALLE ORE 12.00 DEL 3 GENNAIO", "Roma"), at(3, 12)),
        (item(ed_note="محظور النشر حتى الساعة 10:00 بتوقيت غرينتش 3 يناير"), at(3, 10)),
        (item(ed_note="غیرقابل انتشار تا ساعت ۱۰:۳۰ فردا به وقت تهران"), at(31, 7, month=12)),
        (item(ed_note="ЭМБАРГО до 10:00 мск 3 января"), at(3, 7)),
        (item(headline="Rede des Ministers - Sperrfrist 10.00 Uhr"), at(31, 10, month=12)),
        (item(headline="Minister's speech (embargoed until 10:00 GMT)"), at(31, 10, month=12)),
        (item(headline="EMBARGO: 00.01 GMT JAN 3 - Fire"), at(3, 0, 1)),
        (item(headline="EMBARGOED until 0001 GMT Jan. 3: Fire"), at(3, 0, 1)),
        (item("LONDON (EMBARGOED until 0001 GMT) - A fire broke out."), at(31, 0, 1, 12)),
        (item("For release on Sunday, Jan. 7, and thereafter", "Text"), at(7)),
        (item(ed_note="Embargoed until 0001 GMT Tuesday (7:01 p.m. EST Monday)"), at(2, 0, 1)),
        (item(ed_note="This story is embargoed until 9 a.m. ET on Jan. 4, 2024."), at(4, 14)),
        (item(signals=("embargo until 2024-01-02 10:00 GMT",)), at(2, 10)),
        (item(slugline="BC-US--Harbor Fire,Adv07"), at(7, 5)),
    ],
)
def test_the_end_of_an_embargo_is_read(sent: WireItem, end: datetime) -> None:
    read = applied(sent)
    assert read.embargoed == end
    assert read.hold == ""
    assert read.oddities[0].startswith("The embargo stands only in words, “")
    assert read.body == sent.body
    assert applied(read) == read


@pytest.mark.parametrize(
    "sent",
    [
        item(ed_note="SPERRFRIST Redebeginn"),
        item(ed_note="Check against delivery"),
        item("Es gilt das gesprochene Wort!", "Text"),
        item(ed_note="EMBARGO"),
        item(headline="EMBARGOED: Fire in the harbour"),
        item(slugline="BC-US--Harbor Fire-HFR"),
        item(published=None, ed_note="Embargoed until 10:00 GMT"),
    ],
)
def test_an_end_that_no_machine_can_read_holds_the_copy(sent: WireItem) -> None:
    read = applied(sent)
    assert read.embargoed is None
    assert read.hold.startswith("The supplier holds this copy back")
    assert applied(read) == read


@pytest.mark.parametrize(
    "sent",
    [
        item(ed_note="Embargo lifted"),
        item(ed_note="no embargo"),
        item(ed_note="Sperrfrist aufgehoben"),
        item("EMBARGOED UNTIL 00:01 GMT 2 January 2024", ed_note="The embargo has been lifted."),
        item(ed_note="FOR IMMEDIATE RELEASE"),
        item(headline="Embargo: EU einigt sich auf Öl-Stopp"),
        item(headline="US lifts embargo on the island"),
        item(headline="Embargo on crude oil from Feb 5"),
        item(headline="Embargada la casa del alcalde hasta 2025"),
        item(ed_note="Adds details on oil embargo"),
        item(ed_note="Embargo story: updates with EU reaction"),
        item("Sin embargo, el presidente dijo que hasta el 3 de enero no."),
        item("The embargo, until 1990 a rule, is gone."),
        item("For use of force on Sunday, the police were blamed."),
        item("Die Sperrfrist für Wahlumfragen endet am Sonntag um 18 Uhr."),
    ],
)
def test_what_is_no_embargo_changes_nothing(sent: WireItem) -> None:
    assert applied(sent) is sent


def test_the_later_of_field_and_note_holds() -> None:
    note = "Embargoed until 5 January 10:00 GMT"
    later = applied(item(ed_note=note, embargoed=at(4)))
    assert later.embargoed == at(5, 10)
    assert later.oddities == (
        f"The note “{note}” ends later (2024-01-05 10:00 UTC) than the embargo the supplier set "
        "(2024-01-04 00:00 UTC); the later end holds.",
    )
    kept = item(ed_note=note, embargoed=at(6))
    assert applied(kept) is kept


def test_advisories_are_held_and_kills_are_not_embargoed() -> None:
    assert "meant for editors" in applied(item(headline="AP News Digest 6 am")).hold
    assert applied(item(headline="MANDATORY KILL")).hold == ""


@pytest.mark.parametrize(
    ("text", "end", "doubts"),
    [
        ("2024-01-05T10:00:00+01:00", at(5, 9), 0),
        ("midnight GMT Tuesday", at(3), 0),
        ("noon ET Friday", at(5, 17), 0),
        ("2400 GMT Jan 1", at(2), 0),
        ("1800 IST Jan 2", at(2, 17), 1),
        ("02/01/2024 09:00 GMT", at(2, 9), 1),
        ("10:00-12:00 Jan 2", at(2, 10), 1),
        ("۱۵ دی ساعت ۱۰:۳۰ به وقت تهران", at(5, 7), 0),
        ("until Friday GMT", at(6), 1),
        ("before Friday GMT", at(5), 1),
    ],
)
def test_what_a_note_leaves_out_is_taken_from_its_sending(
    text: str, end: datetime, doubts: int
) -> None:
    deadline = read_deadline(text, SENT, inclusive=text.startswith("until"))
    assert deadline is not None
    assert deadline.at == end
    assert len(deadline.oddities) == doubts


def test_without_a_zone_the_later_reading_holds() -> None:
    new_york, berlin = ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin")
    (american, german) = (
        read_deadline("10:00 Jan 2", SENT, home=home) for home in (new_york, berlin)
    )
    assert american is not None
    assert german is not None
    assert (american.at, german.at) == (at(2, 15), at(2, 10))
    assert american.oddities[0].endswith("read as America/New_York.")


def test_an_agency_at_home_further_west_is_believed_later() -> None:
    note = "HOLD FOR RELEASE 12:01 a.m. Tuesday"
    assert applied(item(ed_note=note)).embargoed == at(2, 0, 1)
    assert applied(item(ed_note=note, agencies=("AP",))).embargoed == at(2, 5, 1)
    assert applied(item(ed_note=note, agencies=("dpa",))).embargoed == at(2, 0, 1)


def test_what_is_parsed_passes_by_here() -> None:
    text = (
        "From: Desk <desk@elmhaven.example>\nSubject: Fire in the harbour\n"
        "Date: Fri, 28 Nov 2025 12:05:00 +0100\n\n"
        "EMBARGOED UNTIL 0001 GMT Dec. 2, 2025\n\nA warehouse burned down in the night.\n"
    )
    (read,) = parsers.items(Incoming(text.encode(), "mail.eml"))
    assert read.embargoed == datetime(2025, 12, 2, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "piece", ["embargoed until ", "تا ", "10:", "1 jan ", "( ", "- ", "قبل از ", "nota: "]
)
def test_hostile_length_takes_no_time(piece: str) -> None:
    text = piece * 3000
    started = time.perf_counter()
    applied(item(text, f"({text}", ed_note=text, headline=text, slugline=text, signals=(text,)))
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    ("note", "embargoed"),
    [
        ("Sperrfrist: 2. Januar, 19.00 Uhr", at(2, 18)),
        ("EMBARGOED", at(2, 18)),
    ],
)
def test_a_note_that_repeats_the_field_changes_nothing(note: str, embargoed: datetime) -> None:
    sent = item(ed_note=note, embargoed=embargoed)
    assert applied(sent) == sent


def test_a_note_that_says_more_than_the_field_still_counts() -> None:
    later = applied(item(ed_note="Sperrfrist: 5. Januar, 19.10 Uhr", embargoed=at(2, 18)))
    assert later.embargoed == at(5, 19, 10)
    spoken = applied(item(ed_note="Sperrfrist Redebeginn", embargoed=at(2, 18)))
    assert spoken.hold
