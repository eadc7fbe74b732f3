"""Every sentence of a text, and whether anybody stands behind it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc

from broadsheet.attribution.relation import AttributionRelation, Sentence


def judge(doc: Doc, relations: Sequence[AttributionRelation]) -> tuple[Sentence, ...]:
    """Return the sentences of ``doc`` in order, each with the positions of its relations."""
    return tuple(
        Sentence(
            (sent.start_char, sent.end_char),
            tuple(
                number
                for number, relation in enumerate(relations)
                if any(
                    start < sent.end_char and sent.start_char < end
                    for start, end in (*relation.cue, *relation.content)
                )
            ),
        )
        for sent in doc.sents
    )
