"""What the rules find in a short English text, said in the text's own words."""

from __future__ import annotations

from broadsheet.attribution.extraction import english, reading
from broadsheet.attribution.extraction.finding import Finding
from broadsheet.attribution.extraction.tokens import Tokens

Said = tuple[str, str, str]
"""Source, cue and content; the spans of each joined by a blank."""


def tokens_of(text: str) -> Tokens:
    """Return ``text`` parsed."""
    return Tokens(reading.read(text), reading.quoted(text))


def findings_in(text: str) -> tuple[Tokens, list[Finding]]:
    """Return all that the rules find in ``text``, and its tokens."""
    tokens = tokens_of(text)
    return tokens, english.findings(tokens)


def said(tokens: Tokens, one: Finding) -> Said:
    """Return ``one`` in the words of its text."""
    return tokens.say(one.source), tokens.say(one.cue), tokens.say(one.content)


def all_said(text: str) -> list[Said]:
    """Return all that the rules find in ``text``, in its words."""
    tokens, found = findings_in(text)
    return [said(tokens, one) for one in found]


def by_rule(text: str, *rules: str) -> list[Said]:
    """Return what the named ``rules`` find in ``text``, in its words."""
    tokens, found = findings_in(text)
    return [said(tokens, one) for one in found if one.rule in rules]
