"""ANPA 1312, IPTC 7901 and what else agencies send to teleprinters."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime

import pytest

from broadsheet.wire import parsers
from broadsheet.wire.errors import WireError
from broadsheet.wire.fields import plain_paragraphs
from broadsheet.wire.incoming import Incoming
from broadsheet.wire.intent import intent_of
from broadsheet.wire.items import Unread, WireItem, WireLink
from broadsheet.wire.parsers import wire_text

ANPA = (
    "\x16\x16\x01W2870\x1fasian\r\n"
    "u i\x13\x11 BC-EU--Harbour-Fire 1stLd-Writethru a2861   11-13 0466\r\n"
    "\x02^BC-EU--Harbour Fire, 1st Ld-Writethru, a2861,466<\r\n"
    "^Fire destroys warehouse in the old harbour<\r\n"
    "^AP Photo XNP101<\r\n"
    "^Eds: UPDATES with comments of the mayor.<\r\n"
    "^By ANNA BERG and BO EK=\r\n"
    "^Associated Press=\r\n"
    "\t   ELMHAVEN, Norway (AP) _ A warehouse burned down in the night, and\r\n"
    "nobody was hurt, the mayor said.\r\n \r\n"
    "\t   ``We were lucky,'' she said _ and meant it.\r\n"
    "\t   ___\r\n"
    "\t   Carl Dahl in Oslo contributed.\r\n"
    "\x03AP-WF-11-13-13 1509GMT<\r\n\x04"
)
DPA = (
    "\x01bdt0123 2 pl 123  dpa 0456\r\n\r\nBrände/Hafen/\r\n"
    "\x02(Zusammenfassung 1430)\r\n(Eil)\r\nLagerhalle im Hafen\r\nniedergebrannt\r\n"
    "Von Anna Berg, dpa\r\n(Foto aktuell) =\r\n\r\n"
    "Elmhafen (dpa) - Eine Lagerhalle ist in der Nacht niedergebrannt. Verletzt\r\n"
    "wurde niemand, wie die Bürgermeisterin der Stadt am Morgen mitteilte.\r\n\r\n"
    "Feuerwehr war schnell da\r\n\r\n"
    "Die Feuerwehr war nach wenigen Minuten am Ort und löschte bis in den\r\n"
    "Morgen, sagte ein Sprecher der Stadt am Vormittag. Der Schaden ist hoch.\r\n\r\n"
    "| 1. | Elmhafen | 14 |\r\n| 2. | Ostfeld  |  9 |\r\n\r\n"
    "\x03# Notizblock\r\n\r\n## Redaktionelle Hinweise\r\n- Bilder folgen\r\n\r\n"
    "dpa abc yydd n1\r\n\r\n281205 Nov 25\r\n\x04"
)


def read(text: str | bytes) -> WireItem:
    content = text.encode("latin-1") if isinstance(text, str) else text
    (item,) = parsers.items(Incoming(content, "wire.txt"))
    return item


def test_anpa_is_read_with_all_that_its_header_says() -> None:
    item = read(ANPA)
    assert item.format == "ANPA 1312"
    assert item.headline == "Fire destroys warehouse in the old harbour"
    assert item.slugline == "BC-EU--Harbour Fire, 1st Ld-Writethru"
    assert item.version == "1st Ld-Writethru"
    assert item.published == item.updated == datetime(2013, 11, 13, 15, 9, tzinfo=UTC)
    assert item.urgency == 3
    assert item.section == "International news"
    assert [(subject.code, subject.scheme) for subject in item.subjects] == [("i", "anpa")]
    assert item.agencies == ("AP",)
    assert item.byline == "By ANNA BERG and BO EK, Associated Press"
    assert item.authors == ("ANNA BERG", "BO EK")
    assert item.ed_note == "AP Photo XNP101\nEds: UPDATES with comments of the mayor."
    assert item.places == ("ELMHAVEN, Norway",)
    assert item.language == "en"
    assert item.guid == "wire:1312:AP:w2870:20131113"
    assert item.links == (WireLink("replaces", "wire:1312:AP:a2861:20131113"),)
    assert plain_paragraphs(item) == [
        "ELMHAVEN, Norway (AP) — A warehouse burned down in the night, and nobody was hurt, the "
        "mayor said.",
        "“We were lucky,” she said — and meant it.",
        "Carl Dahl in Oslo contributed.",
    ]
    assert intent_of(item) == "update"
    assert item.oddities == ()


def test_anpa_is_known_without_its_control_characters() -> None:
    bare = "".join(char for char in ANPA if char >= " " or char in "\t\r\n")
    item, whole = read(bare), read(ANPA)
    assert item.headline == whole.headline
    assert item.guid == whole.guid
    assert plain_paragraphs(item) == plain_paragraphs(whole)


def test_iptc_7901_is_read_with_all_that_its_head_says() -> None:
    item = read(DPA)
    assert item.format == "IPTC 7901"
    assert item.headline == "Lagerhalle im Hafen niedergebrannt"
    assert item.slugline == "Brände/Hafen"
    assert item.topics == ("Brände", "Hafen")
    assert item.published == datetime(2025, 11, 28, 11, 5, tzinfo=UTC)  # 12:05 in Berlin
    assert item.urgency == 2
    assert item.agencies == ("dpa",)
    assert item.byline == "Von Anna Berg, dpa"
    assert item.authors == ("Anna Berg",)
    assert item.signals == ("Zusammenfassung 1430", "Eil")
    assert item.places == ("Elmhafen",)
    assert item.language == "de"
    assert item.guid == "wire:7901:dpa:bdt0123:20251128"
    assert item.ed_note == (
        "(Foto aktuell)\n# Notizblock\n## Redaktionelle Hinweise\n- Bilder folgen\ndpa abc yydd n1"
    )
    kinds = [block.kind for block in item.body]
    assert kinds == ["paragraph", "heading", "paragraph", "table"]
    assert plain_paragraphs(item)[1] == "Feuerwehr war schnell da"
    assert plain_paragraphs(item)[-1] == "2.\tOstfeld\t9"
    assert intent_of(item) == "update"


def test_a_correction_and_its_note_are_kept() -> None:
    item = read(
        "bdt0007 3 vm 83  dpa 0009\n\nGesellschaft/\n(Berichtigung: Im 2. Absatz muss es richtig\n"
        "heißen: sieben.)\nStadt zählt ihre Brücken =\n\nElmhafen (dpa) - Es sind sieben.\n\n"
        "241205 Sep 24\n"
    )
    assert item.headline == "Stadt zählt ihre Brücken"
    assert item.signals == ("Berichtigung",)
    assert item.ed_note == "(Berichtigung: Im 2. Absatz muss es richtig heißen: sieben.)"
    assert intent_of(item) == "correction"


def test_an_embargo_in_the_notepad_holds() -> None:
    text = DPA.replace("- Bilder folgen", "- Sperrfrist: 29. November, 10.00 Uhr MEZ")
    assert read(text).embargoed == datetime(2025, 11, 29, 9, tzinfo=UTC)


def test_alerts_get_a_headline_from_their_text() -> None:
    item = read(
        "W1645asian\nb a BC-US--APNewsAlert     06-29 0358\n^BC-US--APNewsAlert,17<\n"
        "\t   ELMHAVEN (AP) _ Mayor resigns.\n\n\t   AP-WF-06-29-17 2350GMT<\n"
    )
    assert item.headline == "Mayor resigns."
    assert item.urgency == 2
    assert item.oddities == ("The message has no headline; the beginning of its text stands in.",)


def test_a_list_of_headlines_is_text() -> None:
    item = read(
        "V4644-----\nr e AP-Top-Headlines     02-09 0121\n^*9006< ^AP-Top-Headlines,0176<\n"
        "^AP Top News at 11:23 p.m.<\n^Mayor resigns\n^Fire in harbour\n\tAP-WF-02-10-16 0423GMT<\n"
    )
    assert item.headline == "AP Top News at 11:23 p.m."
    assert plain_paragraphs(item) == ["Mayor resigns", "Fire in harbour"]


def test_belgian_days_come_in_one_file() -> None:
    content = (
        "[31-JUL-97  00:00]\n\nSPF001 3 RES 0070 F BELGA-0001\nFOOTBALL/\nDes résultats (2)\n\n"
        "   BRUXELLES 23/07 (AFP-BELGA) = Les résultats\ndu jour.\n\n./.CVN\n\n./.\n"
        "310001 JUL 97\n\n"
        "INT001 3 GEN 0091 F BELGA-0031 COR 703\nDIVERS/\nIl perd sa voiture\n\n"
        "   ELMHAVEN 31/07 (BELGA) = C'est en rentrant\nque le maire a perdu sa voiture.\n"
        "   Il l'a retrouvée.\n./.\n310100 JUL 97\n"
    ).encode("latin-1")
    first, second = parsers.items(Incoming(content, "310797.FRA"))
    assert (first.headline, first.version) == ("Des résultats (2)", "2")
    assert first.agencies == ("Belga",)
    assert first.info_sources == ("AFP",)
    assert first.published == datetime(1997, 7, 30, 22, 1, tzinfo=UTC)  # midnight in Brussels
    assert plain_paragraphs(second) == [
        "ELMHAVEN 31/07 (BELGA) = C'est en rentrant que le maire a perdu sa voiture.",
        "Il l'a retrouvée.",
    ]
    assert second.signals == ("COR",)
    assert intent_of(second) == "correction"
    assert first.raw is not None
    assert second.raw is not None
    assert content.decode("latin-1").encode().endswith(first.raw + second.raw)


def test_other_flavours() -> None:
    ansa = read(
        "ZCZC2543/SXA\r\nXPP82010_SXA_QBXB\r\nR POL S0A QBXB\r\nINCENDIO NEL PORTO\r\n"
        "   (ANSA) - ROMA, 12 GEN - Un magazzino e' bruciato.\r\n"
        "   ''Nessun ferito'', ha detto il sindaco. (ANSA).\r\n\r\n     XX-YY\r\n"
        "12-GEN-12 10:11 NNNN\r\n"
    )
    assert ansa.headline == "INCENDIO NEL PORTO"
    assert ansa.agencies == ("ANSA",)
    assert ansa.published == datetime(2012, 1, 12, 9, 11, tzinfo=UTC)
    assert plain_paragraphs(ansa)[1] == "“Nessun ferito”, ha detto il sindaco. (ANSA)."
    kyodo = read(
        "a0105KYODOkoko-\nu s BC-Soccer-Cup   09-12 0344\nBC-Soccer-Cup\n"
        "Soccer: Elmhaven claim the cup+\n     ELMHAVEN, Japan, Dec. 9 Kyodo - Elmhaven claimed\n"
        "the cup.\n     They were glad.\n==Kyodo\nKWS-21:37-09-12-18\n"
    )
    assert kyodo.headline == "Soccer: Elmhaven claim the cup"
    assert kyodo.agencies == ("Kyodo",)
    assert kyodo.published == datetime(2018, 12, 9, 12, 37, tzinfo=UTC)
    assert len(kyodo.body) == 2
    afp = read(
        "\x01FRS1234 4 I  0227 FRA /AFP-AB12\nFrance-justice-procès\n\nLe maire relaxé\n\n"
        "    PARIS, 12 jan 2004 (AFP) - Le tribunal a relaxé le maire.\n   abc/def/tt\n"
        "AFP 121530 GMT JAN 04\n"
    )
    assert (afp.headline, afp.slugline) == ("Le maire relaxé", "France-justice-procès")
    assert afp.places == ("PARIS",)
    assert afp.published == datetime(2004, 1, 12, 15, 30, tzinfo=UTC)


def test_letters_of_seven_bits_are_read() -> None:
    item = read(
        "bdt0123 4 pl 123  dpa 0456\n\nBr{nde/\nFeuer zerst|rt Lagerhalle =\n\nM}nchen (dpa) - "
        "W{hrend der Nacht ist eine gro~e Halle\nniedergebrannt. F}nf M{nner wurden gerettet.\n\n"
        "281205 Nov 88\n"
    )
    assert item.headline == "Feuer zerstört Lagerhalle"
    assert plain_paragraphs(item)[0].startswith("München (dpa) - Während der Nacht ist eine große")
    assert "Brackets and braces stand for German letters" in item.oddities[0]


def test_typesetting_codes_show_as_what_they_mean() -> None:
    item = read(ANPA.replace("burned down", "&UR;burned&LR; &QL;down for 3 &LT; 4"))
    assert "A warehouse burned down for 3 < 4 in the night" in plain_paragraphs(item)[0]


def test_a_bad_message_does_not_stop_the_others() -> None:
    empty = "\x16\x16\x01a0001\x1fasian\r\nr i BC-X 11-13 0466\r\n\x02\x03\r\n\x04\r\n"
    content = (ANPA + "\r\n" + empty + ANPA).encode("latin-1")
    records = parsers.parse(Incoming(content, "wire.txt"))
    assert [isinstance(record, Unread) for record in records] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "Fire in the harbour\n\nIt burned down, the mayor said on Monday in the town hall.\n",
        "a b C-3 11-13 is no header\n",
        "ROOM101 is where it was\n",
        '{"headline": "Fire"}',
        "<html><p>bdt0123 4 pl 123 dpa 0456</p></html>",
    ],
)
def test_other_text_is_not_taken_for_wire_text(text: str) -> None:
    assert not wire_text.recognises(Incoming(text.encode(), "file"))


def test_hostile_bytes_are_refused_or_read() -> None:
    chance = random.Random(7)  # noqa: S311 — the same bytes in every run
    seeds = [ANPA.encode("latin-1"), DPA.encode("latin-1")]
    for _ in range(300):
        content = bytearray(chance.choice(seeds))
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(content))
            content[at : at + chance.randint(0, 9)] = chance.choice(
                [b"\x01", b"\x03\x04", b"^", b"\x00" * 9, b"\xff", b"ZCZC", b"|", b"\n" * 30, b"="]
            )
        try:
            records = wire_text.parse(Incoming(bytes(content), "file"))
        except WireError:
            continue
        assert records


@pytest.mark.parametrize(
    "piece", ["^x\n", "a    b    c\n", "\x01", "&QL;", "(abc\n", "| a | b |\n"]
)
def test_hostile_length_is_bounded(piece: str) -> None:
    content = (ANPA[: ANPA.index("\t")] + piece * (900_000 // len(piece))).encode("latin-1")
    started = time.perf_counter()
    try:
        records = wire_text.parse(Incoming(content, "file"))
    except WireError:
        records = []
    assert all(isinstance(record, WireItem) for record in records)
    assert time.perf_counter() - started < 10
