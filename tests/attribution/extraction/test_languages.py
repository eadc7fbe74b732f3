"""Persian, German and Arabic: who stands behind what, in the words of each language."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.stories_at_desk import make_story, reading
from broadsheet.attribution import analyse, duties
from broadsheet.attribution.analyst import Analyst
from broadsheet.attribution.annotated import read_all
from broadsheet.attribution.extraction import analyser_for, reporting, times
from broadsheet.attribution.extraction.reporting.atoms import Reading
from broadsheet.attribution.extraction.reporting.grammar import grammar
from broadsheet.attribution.models import StoryReading, StoryRelation
from broadsheet.attribution.relation import Analysis, SourceKind, Spans

NAMES = {"fa": "persian", "de": "german", "ar": "arabic"}
STORIES = Path(__file__).resolve().parents[2] / "data/attribution_languages"
# A Wednesday; in Iran the 16th of Aban 1403.
PUBLISHED = datetime(2024, 11, 6, 12, tzinfo=UTC)


def found(language: str, text: str) -> Analysis:
    analysis = analyse(text, PUBLISHED, language=language)
    assert analysis.analysed, analysis.reason
    return analysis


def words(text: str, spans: Spans) -> str:
    return " … ".join(text[start:end] for start, end in spans)


def rows(language: str, text: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of each relation, in words."""
    return [
        (words(text, one.source), words(text, one.cue), words(text, one.content))
        for one in found(language, text).relations
    ]


def chains(language: str, text: str) -> list[str]:
    return [" > ".join(hop.name for hop in one.chain) for one in found(language, text).relations]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # the speaker before, after and between what was said
        ("fa", "وزیر نیرو گفت: «آب قطع نمی‌شود.»", ("وزیر نیرو", "گفت", "«آب قطع نمی‌شود.»")),
        ("fa", "وزیر گفت که آب قطع نمی‌شود.", ("وزیر", "گفت", "که آب قطع نمی‌شود")),
        (
            "fa",
            "«ما امروز خیلی منتظر ماندیم.» این را علی رضایی به ایسنا گفت.",
            ("علی رضایی", "گفت", "«ما امروز خیلی منتظر ماندیم.»"),
        ),
        ("fa", "سازمان ملل خواستار آتش‌بس شد.", ("سازمان ملل", "خواستار … شد", "آتش‌بس")),
        ("fa", "وزارت نیرو این ادعا را رد کرد.", ("وزارت نیرو", "رد کرد", "این ادعا را")),
        # the same word with and without the joiner, and with Arabic letters
        ("fa", "شاهدان می گويند راه بسته است.", ("شاهدان", "می گويند", "راه بسته است")),
        ("fa", "شاهدان می‌گویند راه بسته است.", ("شاهدان", "می‌گویند", "راه بسته است")),
        ("fa", "به گزارش ایسنا، باران می‌بارد.", ("ایسنا", "به گزارش", "باران می‌بارد")),
        (
            "fa",
            "در این بیانیه آمده است که راه باز است.",
            ("این بیانیه", "آمده است", "که راه باز است"),
        ),
        (
            "de",
            "Die Ministerin sagte: „Wir bleiben.“",
            ("Die Ministerin", "sagte", "„Wir bleiben.“"),
        ),
        (
            "de",
            "„Wir bleiben“, sagte die Ministerin.",
            ("die Ministerin", "sagte", "„Wir bleiben“"),
        ),
        ("de", "»Wir bleiben«, so die Ministerin.", ("die Ministerin", "so", "»Wir bleiben«")),
        (
            "de",
            "„Wir haben heute sehr lange gewartet.“ Das sagte Karl Weber am Montag.",
            ("Karl Weber", "sagte", "„Wir haben heute sehr lange gewartet.“"),
        ),
        (
            "de",
            "Die Stadt teilte am Dienstag mit, dass die Brücke gesperrt bleibe.",
            ("Die Stadt", "teilte … mit", "dass die Brücke gesperrt bleibe"),
        ),
        (
            "de",
            "Am Dienstag hat die Regierung erklärt, sie werde zahlen.",
            ("die Regierung", "hat … erklärt", "sie werde zahlen"),
        ),
        (
            "de",
            "Berichten zufolge ist die Straße frei.",
            ("Berichten", "zufolge", "ist die Straße frei"),
        ),
        (
            "de",
            "Nach Angaben der Polizei gab es z. B. am 3. Oktober Staus.",
            ("der Polizei", "Nach Angaben", "gab es z. B. am 3. Oktober Staus"),
        ),
        (
            "ar",
            "قال الوزير إن الجسر مغلق.",
            ("الوزير", "قال", "إن الجسر مغلق"),
        ),
        ("ar", "وقال الوزير: «الجسر مغلق اليوم.»", ("الوزير", "وقال", "«الجسر مغلق اليوم.»")),
        ("ar", "الوزيرة منى قالت إن الجسر مغلق.", ("الوزيرة منى", "قالت", "إن الجسر مغلق")),
        ("ar", "الجسر مغلق، وفقا لوكالة رويترز.", ("لوكالة رويترز", "وفقا", "الجسر مغلق")),
        ("ar", "شدّد الوزير على أن الجسر مغلق.", ("الوزير", "شدّد", "على أن الجسر مغلق")),
        ("ar", "دعا الاتحاد إلى وقف النار.", ("الاتحاد", "دعا", "إلى وقف النار")),
    ],
)
def test_source_cue_and_content(language: str, text: str, expected: tuple[str, str, str]) -> None:
    assert rows(language, text) == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fa", "ایسنا به نقل از رویترز گزارش داد که نفت گران شد.", "رویترز > ایسنا"),
        ("fa", "به گزارش ایسنا به نقل از رویترز، نفت گران شد.", "رویترز > ایسنا"),
        ("fa", "یک مقام آگاه در گفت‌وگو با ایسنا گفت که نفت گران شد.", "یک مقام آگاه > ایسنا"),
        (
            "de",
            "Wie AFP unter Berufung auf Polizeikreise meldete, fielen Schüsse.",
            "Polizeikreise > AFP",
        ),
        ("de", "„Nein“, sagte Müller der Zeitung „Bild“.", "Müller > Zeitung „Bild“"),
        ("ar", "ذكرت وكالة سانا نقلا عن مصدر عسكري أن القرية خالية.", "مصدر عسكري > وكالة سانا"),
        ("ar", "نقلت رويترز عن مسؤول أمني قوله إن القرية خالية.", "مسؤول أمني > رويترز"),
        ("ar", "قال النائب لوكالة رويترز إن القرية خالية.", "النائب > وكالة رويترز"),
    ],
)
def test_a_chain_begins_with_its_origin(language: str, text: str, expected: str) -> None:
    assert expected in chains(language, text)


def test_each_station_of_a_chain_stands_behind_the_same_words() -> None:
    text = "ایسنا به نقل از رویترز گزارش داد که نفت گران شد."
    relations = found("fa", text).relations
    assert [words(text, one.source) for one in relations] == ["رویترز", "ایسنا"]
    assert {one.content for one in relations} == {relations[0].content}
    assert [one.nested_in for one in relations] == [None, None]


@pytest.mark.parametrize(
    ("language", "text", "hedge", "kind"),
    [
        ("fa", "گفته می‌شود سه نفر کشته شده‌اند.", "گفته می‌شود", "hearsay"),
        ("fa", "ارتش مدعی شد که شهر آرام است.", "مدعی شد", "distancing"),
        ("fa", "به ادعای ارتش، شهر آرام است.", "به ادعای", "distancing"),
        ("fa", "ظاهراً راه بسته است.", "ظاهراً", "hearsay"),
        ("de", "Angeblich ist die Straße frei.", "Angeblich", "hearsay"),
        ("de", "Der Mann soll drei Häuser angezündet haben.", "soll", "hearsay"),
        ("de", "Die Armee behauptete, die Stadt sei ruhig.", "behauptete", "distancing"),
        ("de", "Laut Armee griff die sogenannte Befreiungsfront an.", "sogenannte", "scare"),
        ("ar", "يُقال إن الرجل غادر البلاد.", "يُقال", "hearsay"),
        ("ar", "يُزعم أن الرجل غادر البلاد.", "يُزعم أن", "hearsay"),
        ("ar", "زعم الجيش أن المدينة هادئة.", "زعم", "distancing"),
    ],
)
def test_hedges(language: str, text: str, hedge: str, kind: str) -> None:
    analysis = found(language, text)
    assert [(text[slice(*one.span)], str(one.kind)) for one in analysis.hedges] == [(hedge, kind)]


def test_a_duty_to_come_is_no_hearsay() -> None:
    assert not found("de", "Die Stadt soll bis Ostern eine neue Brücke bauen.").relations


def test_nobody_is_named_for_what_is_heard() -> None:
    (one,) = found("ar", "يُقال إن الرجل غادر البلاد.").relations
    assert (one.source, one.source_kind) == ((), SourceKind.IMPLICIT)


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("fa", "یک مقام آگاه گفت که راه باز است.", "unnamed"),
        ("fa", "وزارت خارجه اعلام کرد که راه باز است.", "named"),
        ("de", "Ein Anwohner sagte, die Straße sei frei.", "unnamed"),
        ("de", "Das Innenministerium erklärte, die Straße sei frei.", "named"),
        ("ar", "قال مصدر أمني إن الطريق مفتوح.", "unnamed"),
        ("ar", "أعلنت وزارة الدفاع أن الطريق مفتوح.", "named"),
    ],
)
def test_kinds_of_sources(language: str, text: str, kind: str) -> None:
    assert [str(one.source_kind) for one in found(language, text).relations] == [kind]


@pytest.mark.parametrize(
    ("language", "text", "name"),
    [
        ("fa", "علی رضایی گفت که راه باز است. وی افزود: «ما خسته‌ایم.»", "علی رضایی"),
        ("fa", "علی رضایی گفت که راه باز است.\n\nوی افزود: «ما خسته‌ایم.»", "علی رضایی"),
        ("de", "Der Minister sagte, er bleibe. „Ich gehe nicht“, sagte er.", "Der Minister"),
        ("ar", "قال وليد عساف إن الطريق مفتوح. وأضاف أن المدرسة مغلقة.", "وليد عساف"),
    ],
)
def test_a_pronoun_and_a_verb_alone_stand_for_who_spoke_before(
    language: str, text: str, name: str
) -> None:
    relations = found(language, text).relations
    assert [one.source_name for one in relations] == [name, name]


def test_a_pronoun_that_does_not_agree_stays_a_pronoun() -> None:
    text = "Der Minister sagte, er bleibe. „Ich gehe nicht“, sagte sie."
    one = found("de", text).relations[1]
    assert (one.source_name, one.source_kind) == ("sie", SourceKind.UNNAMED)


def test_reported_speech_goes_on_in_the_subjunctive() -> None:
    text = "Die Lage sei ernst, sagte der Minister. Man müsse handeln. Es regnet seit Tagen."
    analysis = found("de", text)
    (one,) = analysis.relations
    assert words(text, one.content) == "Die Lage sei ernst … Man müsse handeln"
    assert [sentence.unattributed for sentence in analysis.sentences] == [False, False, True]


def test_a_quotation_may_hold_the_ends_of_sentences() -> None:
    text = "Er sagte: „Wir kommen. Wir bleiben. Wir gehen.“ Dann ging er um 9 Uhr nach Hause."
    analysis = found("de", text)
    assert [text[slice(*one.span)] for one in analysis.sentences] == [
        "Er sagte: „Wir kommen.",
        "Wir bleiben.",
        "Wir gehen.“",
        "Dann ging er um 9 Uhr nach Hause.",
    ]
    assert [one.relations for one in analysis.sentences] == [(0,), (0,), (0,), ()]
    (one,) = analysis.relations
    assert str(one.quote_type) == "direct"


def test_what_somebody_reports_within_a_quotation_is_nested() -> None:
    text = "وزیر گفت: «به گزارش رویترز، راه بسته است و ما منتظریم.»"
    outer, inner = found("fa", text).relations
    assert (outer.nested_in, inner.nested_in) == (None, 0)
    assert words(text, inner.source) == "رویترز"


def test_a_heading_names_who_said_it_and_makes_no_claim_of_its_own() -> None:
    text = "وزیر خارجه: مذاکرات ادامه دارد\n\nباران شدیدی در شمال باریده است."
    analysis = found("fa", text)
    assert rows("fa", text) == [("وزیر خارجه", ":", "مذاکرات ادامه دارد")]
    assert [one.claims for one in analysis.sentences] == [False, True]


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("fa", "۱۲ آبان ۱۴۰۳", "2024-11-02"),
        ("fa", "روز سه‌شنبه گفت", "2024-11-05"),
        ("fa", "دیروز آمد", "2024-11-05"),
        ("fa", "۵ نوامبر ۲۰۲۴", "2024-11-05"),
        ("fa", "در سال ۱۴۰۲", "2023-03-21/2024-03-19"),
        ("fa", "هفته گذشته", "2024-10-26/2024-11-01"),
        ("de", "am Dienstagabend", "2024-11-05"),
        ("de", "am 3. Oktober 2023", "2023-10-03"),
        ("de", "vor zwei Wochen", "2024-10-23~"),
        ("de", "seit 2014", "2014/.."),
        ("ar", "يوم الاثنين", "2024-11-04"),
        ("ar", "في ٥ نوفمبر ٢٠٢٤", "2024-11-05"),
        ("ar", "في 3 تشرين الأول/أكتوبر 2024", "2024-10-03"),
        ("ar", "أمس", "2024-11-05"),
        ("ar", "الأسبوع الماضي", "2024-10-28/2024-11-03"),
    ],
)
def test_times_in_each_calendar(language: str, text: str, edtf: str) -> None:
    assert [one.edtf for one in times.find(text, PUBLISHED, "UTC", language)] == [edtf]


def test_a_time_of_saying_and_a_time_of_happening() -> None:
    (one,) = found("fa", "وزیر روز دوشنبه گفت که راه جمعه گذشته بسته شد.").relations
    assert one.statement_time is not None
    assert one.event_time is not None
    assert (one.statement_time.edtf, one.event_time.edtf) == ("2024-11-04", "2024-11-01")
    (one,) = analyse("وزیر روز دوشنبه گفت که راه باز است.", None, language="fa").relations
    assert one.statement_time is not None
    assert one.statement_time.edtf is None
    assert one.statement_time.unresolved


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fa", "The minister said on Monday that the ferry had lost its rudder again."),
        ("ar", "The minister said on Monday that the ferry had lost its rudder again."),
        ("de", "وزیر گفت که کشتی دوباره سکان خود را از دست داده است و راه بسته است."),
        ("de", "The minister said on Monday that the ferry had lost its rudder again. " * 5),
    ],
)
def test_a_text_of_another_language_is_not_analysed(language: str, text: str) -> None:
    analysis = analyse(text, PUBLISHED, language=language)
    assert not analysis.analysed
    assert "is marked as" in analysis.reason
    assert (analysis.relations, analysis.sentences) == ((), ())


def test_dialects_of_a_tag_are_read_and_other_languages_are_not() -> None:
    assert analyser_for("fa-AF") is analyser_for("fa") is not None
    assert analyser_for("DE_at") is analyser_for("de") is not None
    assert analyser_for("ckb") is None


def test_the_annotated_stories_are_read_as_they_were_marked() -> None:
    """A floor under what ``bench/attribution_languages.py`` measures, two in three cues."""
    for story in read_all(STORIES):
        cues = found(story.head["language"], story.text).relations
        met = sum(
            any(a < d and c < b for one in cues for a, b in one.cue for c, d in marked.cue)
            for marked in story.relations
        )
        assert met * 3 >= len(story.relations) * 2, story.name
        assert len(cues) <= len(story.relations) + 3, story.name


# -- whatever comes in --------------------------------------------------------------------------


def _pieces() -> list[str]:
    found = set("\"«»„“”‚‘':,،.!؟\n -()3\u200c\u200f\u0301\U0001f600ﻻİﬁ") | {"۱۲", "10:30"}
    for name in NAMES.values():
        table = grammar(name)
        for head, entries in table.entries.items():
            found |= {" ".join((head, *rest)) for rest, _ in entries}
        found.update(*table.words.values(), table.pronouns)
    return sorted(found)


PIECES = st.lists(st.sampled_from(_pieces()), max_size=60).map(" ".join)
TEXTS = st.one_of(PIECES, st.text(max_size=200), st.lists(st.sampled_from(_pieces())).map("".join))


def _in_order(text: str, spans: Spans) -> None:
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        last = end


@given(text=TEXTS, name=st.sampled_from(sorted(NAMES.values())))
@settings(max_examples=300, deadline=None)
def test_spans_are_of_the_text_disjoint_and_in_order(text: str, name: str) -> None:
    analysis = reporting.analyse(name, text, PUBLISHED, UTC)
    for place, one in enumerate(analysis.relations):
        for spans in (one.source, one.cue, one.content, *(hop.spans for hop in one.chain)):
            _in_order(text, spans)
        assert one.cue
        assert one.content
        assert 0 < one.confidence < 1
        assert one.nested_in is None or 0 <= one.nested_in < len(analysis.relations)
        assert one.nested_in != place
        for hedge in one.hedges:
            _in_order(text, (hedge.span,))
    _in_order(text, tuple(one.span for one in analysis.sentences))
    for sentence in analysis.sentences:
        assert all(number < len(analysis.relations) for number in sentence.relations)
    if analysis.analysed:
        covered = "".join(text[slice(*one.span)] for one in analysis.sentences)
        assert sum(map(str.isalnum, covered)) == sum(map(str.isalnum, text))


def test_a_quotation_that_begins_with_white_space_has_no_white_space_in_its_content() -> None:
    text = "«  الف ب پ ت ث ج چ.»"
    (one,) = reporting.analyse("persian", text, PUBLISHED, UTC).relations
    assert words(text, one.content) == "الف ب پ ت ث ج چ.»"


@pytest.mark.parametrize("name", sorted(NAMES.values()))
@pytest.mark.parametrize(
    "piece",
    ['"', "«", "»", "„", "«»", "»«", "„“", '«"', "‚", "گفت: «", "گفت که ", "قال إن ", "sagte er, ",
     "ساعت ۱۰:۳۰ ", "10:30 Uhr ", "wie ", "، ", "به نقل از ", "soll ", "A: ", "\n",
     "«الف ب پ ت ث ج.» "],
)  # fmt: skip
def test_time_grows_as_the_text_does(
    name: str, piece: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "_foreign", lambda *_: "")

    def cost(length: int) -> float:
        text = (piece * (length // len(piece) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            began = time.process_time()
            reporting.analyse(name, text, PUBLISHED, UTC)
            best = min(best, time.process_time() - began)
        return best

    # Four times as long: four times the time where it is linear, sixteen where it is not.
    small = max(cost(4_000), 0.01)
    assert cost(16_000) < 10 * small


def test_a_long_hostile_text_is_read() -> None:
    for piece in ('"', "«„", "گفت که "):
        text = (piece * 100_000)[:100_000]
        began = time.process_time()
        reporting.analyse("persian", text, PUBLISHED, UTC)
        assert time.process_time() - began < 20


def test_sentences_of_units_cover_a_line_without_end() -> None:
    reader = Reading("sagte " * 5_000, grammar("german"))
    (unit,) = reader.units()
    assert len(unit.atoms) == 5_000


# -- from the command line, and at the desk ------------------------------------------------------


def test_the_command_reads_persian_without_loading_a_parser() -> None:
    code = (
        "import sys; from broadsheet.__main__ import main\n"
        "sys.argv = ['broadsheet', 'attribute', '-', '--language', 'fa', '--json']\n"
        "try:\n    main()\nfinally:\n"
        "    assert not {'spacy', 'onnxruntime', 'numpy'} & set(sys.modules), 'heavy'\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="وزیر گفت که راه باز است.",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["language"] == "fa"
    assert [one["source_name"] for one in document["relations"]] == ["وزیر"]


def test_the_command_says_that_a_text_was_not_analysed() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "broadsheet", "attribute", "-", "--language", "de", "--json"],
        input="وزیر گفت که راه باز است و هوا سرد است.",
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(done.stdout)
    assert document["analysed"] is False
    assert "German" in document["reason"]


@pytest.mark.django_db
def test_a_persian_story_gets_its_suggestions_from_the_worker() -> None:
    story = make_story("وزیر گفت که راه باز است.", headline="راه", language="fa")
    analyst = Analyst()
    try:
        assert duties.read_waiting(analyst) == 1
    finally:
        analyst.close()
    assert reading(story).state == StoryReading.State.ANALYSED
    assert StoryRelation.objects.get().content_spans[0]["exact"] == "که راه باز است"
