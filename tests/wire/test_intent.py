"""What an agency means by an item: told by form and place, never by a word in running text."""

from __future__ import annotations

import time
from typing import Any

import pytest

from broadsheet.wire.intent import intent_of, kills_guids
from broadsheet.wire.items import WireBlock, WireItem, WireLink


def item(headline: str = "", *paragraphs: str, **fields: Any) -> WireItem:
    body = tuple(WireBlock("paragraph", text) for text in paragraphs)
    return WireItem("guid", "file", "format", "sha", headline, body, **fields)


@pytest.mark.parametrize(
    "sent",
    [
        item(pub_status="stat:canceled"),
        item(pub_status="http://cv.iptc.org/newscodes/pubstatusg2/canceled"),
        item(pub_status="withheld"),
        item("Harbour fire", links=(WireLink("kills", "other"),)),
        item("Harbour fire", signals=("sig:kill",)),
        item("STORY REMOVED: AS--Harbour Fire"),
        item("MANDATORY KILL"),
        item("ATTENTION - MANDATORY KILL"),
        item("KILL BODY: Fire in the harbour"),
        item("KILL: Fire in the harbour"),
        item("WITHDRAWN-Shares fall in Tokyo"),
        item("ADVISORY-Tokyo shares story withdrawn"),
        item("ACHTUNG: Meldung zurückgezogen"),
        item("Feuer im Hafen (Zurückgezogen)"),
        item("ANULADA: Incendio en el puerto"),
        item("ANNULATION"),
        item("ANSA-ANNULLA"),
        item("إلغاء: حريق في الميناء"),
        item("حذف شود: آتش‌سوزی در بندر"),
        item("ОТМЕНА: пожар в порту"),
        item(slugline="BC-US--Fire,KILL"),
        item(slugline="BC-ML--Fire--KILL"),
        item(slugline="BC-US--Fire-KILL"),
        item("Fire", ed_note="Eds: The story headlined “Fire” has been withdrawn."),
        item("Fire", ed_note="A kill is mandatory. Make certain the story is not published."),
        item("Feuer", ed_note="Achtung: Die Meldung dpa 0123 wird zurückgezogen."),
        item("Fire", "The AP is withdrawing its story about a fire in the harbour."),
        item("Fire", "EDITORS: Please kill the story about a fire. A kill is mandatory."),
    ],
)
def test_a_story_is_taken_back(sent: WireItem) -> None:
    assert intent_of(sent) == "kill"
    assert kills_guids(sent)[-1] == "guid"


@pytest.mark.parametrize("headline", ["ОТМЕНА", "KILL: Fire in the harbour", "Media advisory"])
def test_a_post_of_a_site_takes_nothing_back_whatever_it_is_called(headline: str) -> None:
    assert intent_of(item(headline, "Words.", stage="published")) == "new"


@pytest.mark.parametrize(
    "sent",
    [
        item("Correction: Harbour-Fire story"),
        item("CORRECTED-ECB raises rates"),
        item("UPDATE 2-CORRECTED-ECB raises rates"),
        item("Fire in the harbour (CORR)"),
        item("(CORR) Fire in the harbour"),
        item("Berichtigung: Feuer im Hafen"),
        item("KORREKTUR: Feuer im Hafen"),
        item("ERRATA CORRIGE: incendio nel porto"),
        item("(CORRIGE) Incendio en el puerto"),
        item("RECTIFICATIF: incendie au port"),
        item("CORREÇÃO: incêndio no porto"),
        item("تصحيح: حريق في الميناء"),
        item("اصلاحیه: آتش‌سوزی در بندر"),
        item("ИСПРАВЛЕНИЕ: пожар в порту"),
        item("Fire", ed_note="EDS: CORRECTS name of the mayor in 3rd paragraph."),
        item("Fire", ed_note="Adds and corrects the mayor's name"),
        item("Fire", ed_note="(Corrects spelling in headline)"),
        item("Feuer", "(Berichtigung: Im 2. Absatz muss es heißen: sieben.)", "Es brannte."),
        item("Fire", signals=("http://cv.iptc.org/newscodes/signal/correction",)),
        item("Fire", links=(WireLink("corrects", "other"),)),
        item(slugline="BC-US--Fire, Correction"),
    ],
)
def test_a_story_is_corrected(sent: WireItem) -> None:
    assert intent_of(sent) == "correction"
    assert kills_guids(sent) == ()


@pytest.mark.parametrize(
    "sent",
    [
        item(slugline="BC-US--Fire,1st Ld-Writethru"),
        item("UPDATE 1-ECB raises rates"),
        item("REFILE-ECB raises rates"),
        item("2ND LEAD: Fire in the harbour"),
        item("Feuer im Hafen (Zusammenfassung 1430)"),
        item("ACTUALIZA 2-Incendio en el puerto"),
        item("Annule et remplace: incendie au port"),
        item("آتش‌سوزی در بندر/ تکمیلی"),
        item("Fire", signals=("sig:update",)),
        item("Fire", version="3"),
        item("Fire", ed_note="UPDATES with comments of the mayor"),
        item("Fire", ed_note="Eds: Updates with three killed. With AP Photos."),
        item("Fire", ed_note="ATTENTION - ADDS quotes"),
        item("Fire", links=(WireLink("replaces", "other"),)),
    ],
)
def test_a_story_is_told_anew(sent: WireItem) -> None:
    assert intent_of(sent) == "update"


@pytest.mark.parametrize(
    "sent",
    [
        item("ADVISORY-ECB meeting coverage"),
        item("BC-AP News Digest 6 am"),
        item("AP News Digest 2 p.m."),
        item("NEWS ADVISORY"),
        item("Media Advisory: Minister visits the harbour"),
        item("AFP World News Agenda"),
        item("DIARY-Top economic events to Jan 5"),
        item("Reuters News Schedule at 0600 GMT"),
        item("dpa-Tagesvorschau"),
        item("Tagesvorschau: Termine am 5. Januar"),
        item("ACHTUNG REDAKTIONEN wir planen für heute"),
        item("ATTENTION EDITORS: coverage plans"),
        item("PREVISIONES INFORMATIVAS"),
        item("تنويه: إلى المحررين"),
        item("TEST"),
        item("Test message please ignore"),
        item("This is a test"),
        item("Plans for today", genre="genre:Advisory"),
        item("Plans for today", kind="planning"),
        item(slugline="BC-AP--Advisory"),
        item(slugline="BC-AP Sports Digest"),
    ],
)
def test_editors_are_addressed(sent: WireItem) -> None:
    assert intent_of(sent) == "advisory"


@pytest.mark.parametrize(
    "sent",
    [
        item("Police kill three in raid"),
        item("POLICE KILL THREE"),
        item("Kill Bill star dies"),
        item("KILL BILL star dies"),
        item("Kill switch: EU plans rule for cars"),
        item("Kill order issued for wolves"),
        item("Mandatory kill shelters to close"),
        item("Drug withdrawn from market"),
        item("Withdrawn troops return home"),
        item("Storno bei der Airline"),
        item("Elecciones: anulada la votación"),
        item("إلغاء رحلات جوية في بيروت"),
        item("ОТМЕНА концерта в Москве"),
        item("Correction in tech stocks deepens"),
        item("Korrektur im Wahlkampf: Partei dreht bei"),
        item("اصلاح قانون انتخابات تصویب شد"),
        item("Update-Panne bei Windows"),
        item("Take 5: how a tune was made"),
        item("Lead poisoning: three die"),
        item("Travel advisory issued for the coast"),
        item("Federal budget: what we know"),
        item("Agenda for peace: UN chief speaks"),
        item("Schedule for World Cup announced"),
        item("TEST: Root scores 200"),
        item("URGENT: Earthquake"),
        item("Eil: Erdbeben"),
        item("ALERT: Quake"),
        item(slugline="BC-US--Police-Kill"),
        item(slugline="TIGER-KILL"),
        item(slugline="BC-US--Federal Budget"),
        item("War", "The story of a man who was killed in the war has been told."),
        item("Paper", "A story in the Times was withdrawn on Monday, the paper said."),
        item("Fire", ed_note="Eds: With photos. Three people were killed."),
        item("Fire", ed_note="Note: the product was withdrawn from sale."),
        item("Fire", version="1"),
        item("Fire", version="20240101"),
    ],
)
def test_the_same_words_tell_news(sent: WireItem) -> None:
    assert intent_of(sent) == "new"


def test_a_kill_names_what_it_takes_back() -> None:
    links = (WireLink("related", "kin"), WireLink("kills", "one"), WireLink("kills", "two"))
    assert kills_guids(item("Fire", links=links)) == ("one", "two", "guid")
    assert kills_guids(item("MANDATORY KILL", links=(WireLink("replaces", "old"),)))[0] == "old"


@pytest.mark.parametrize(
    "piece", ["story is ", "BC-", "eds: ", "(corr ", " ", "AP ", "- ", "\n. ("]
)
def test_hostile_length_takes_no_time(piece: str) -> None:
    text = piece * 4000
    started = time.perf_counter()
    intent_of(item(text, text, "eds: " + text, ed_note=text, slugline=text, genre=text))
    assert time.perf_counter() - started < 3
