"""What was found in a text, told to people: plain lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any


def lines(text: str, document: dict[str, Any]) -> Iterator[str]:
    """Yield the lines that tell what ``document`` (``exchange.to_json``) found in ``text``."""
    if not document["analysed"]:
        yield f"Not analysed: {document['reason']}."
        return
    for number, relation in enumerate(document["relations"], 1):
        yield f"{number}. {_chain(relation)}   ({relation['confidence']:.2f})"
        yield from (f"     {label:<9}{words}" for label, words in _parts(text, relation))
    nobody = [each for each in document["sentences"] if each["claims"] and not each["relations"]]
    if nobody:
        yield ""
        yield "Nobody stands behind:"
        yield from (f"   - {_quoted(text, [each['span']])}" for each in nobody)
    yield ""
    relations, sentences = len(document["relations"]), len(document["sentences"])
    yield f"attributions: {relations}, sentences: {sentences}"


def _parts(text: str, relation: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for label, name in (("source", "source"), ("cue", "cue"), ("says", "content")):
        if relation[name]:
            yield label, _quoted(text, relation[name])
    for label, name in (("said", "statement_time"), ("happened", "event_time")):
        if (when := relation[name]) is not None:
            words = _quoted(text, [when["span"]])
            yield label, f"{when['edtf'] or when['unresolved']}  {words}"
    for hedge in relation["hedges"]:
        yield "hedge", f"{hedge['kind']}: {_quoted(text, [hedge['span']])}"
    if relation["nested_in"] is not None:
        yield "within", str(relation["nested_in"] + 1)


def _chain(relation: dict[str, Any]) -> str:
    hops = [hop["name"] or f"[{hop['kind']}]" for hop in relation["chain"]]
    own = relation["source_name"] or f"[{relation['source_kind']}]"
    return " → ".join(" ".join(hop.split()) for hop in hops or [own])


def _quoted(text: str, spans: Iterable[Sequence[int]]) -> str:
    return " … ".join(f"“{' '.join(text[start:end].split())}”" for start, end in spans)
