"""What a document breaks of the rules of ninjs. Nothing is refused here: it is only told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from broadsheet.wire.parsers import geojson
from broadsheet.wire.parsers.ninjs_rules import TEXT, VERSIONS, Rule, with_advice

# What a document that goes wrong everywhere is told of; the desk needs no more.
_MOST_FINDINGS = 12
_DEEPEST = 40
# Tried on documents that do not say which version they are.
_NEWEST: dict[str, Rule] = {
    "1.6": with_advice(VERSIONS["1.6"]),
    "2.2": with_advice(VERSIONS["2.2"]),
    "3.1": VERSIONS["3.1"],
}
_DECLARED = re.compile(r"(?<![\d.])([123]\.\d)(?!\d)")
_STYLE = {"1": "$standard", "2": "standard", "3": "standard"}


def declared_version(document: Mapping[str, Any]) -> str:
    """Return the version a document says it is of, such as ``2.1``; empty where it says none.

    A version of another generation than the member it is said in is not believed.
    """
    for member in ("$standard", "standard"):
        said = document.get(member)
        if not isinstance(said, Mapping):
            continue
        for name in ("schema", "version"):
            text = said.get(name)
            found = _DECLARED.search(text) if isinstance(text, str) else None
            if found and found[1] in VERSIONS and _STYLE[found[1][0]] == member:
                return found[1]
    return ""


def findings(document: Mapping[str, Any], version: str = "") -> tuple[str, ...]:
    """Return what ``document`` breaks of ninjs, a sentence each; empty where nothing.

    It is held to ``version``, else to the version it declares, else to the newest version of
    the generation it fits best.
    """
    version = version or declared_version(document)
    if version:
        return _told(_broken(document, VERSIONS[version]), version)
    tried = {
        name: list(islice(_broken(document, rule), _MOST_FINDINGS * 4))
        for name, rule in _NEWEST.items()
    }
    strange = {name: len(document.keys() - rule.members.keys()) for name, rule in _NEWEST.items()}
    right = next((name for name, found in tried.items() if not found), "")
    best = right or min(tried, key=lambda name: (strange[name], len(tried[name])))
    return _told(iter(tried[best]), best)


@dataclass(frozen=True)
class _Checked:
    """The value under check: its place in the document and the rule of whole news items."""

    path: str
    root: Rule
    depth: int = 0

    def at(self, step: str | int) -> _Checked:
        return _Checked(f"{self.path}/{str(step)[:80]}", self.root, self.depth + 1)


def _told(broken: Iterator[tuple[str, str]], version: str) -> tuple[str, ...]:
    found = list(islice(broken, _MOST_FINDINGS + 1))
    said = [f"Not as ninjs {version} has it: {path or '/'} {what}." for path, what in found]
    if len(said) > _MOST_FINDINGS:
        said[-1] = f"Not as ninjs {version} has it in further places."
    return tuple(said)


def _broken(document: Mapping[str, Any], rule: Rule) -> Iterator[tuple[str, str]]:
    return _check(document, rule, _Checked("", rule))


def _check(value: Any, rule: Rule, at: _Checked) -> Iterator[tuple[str, str]]:
    if at.depth > _DEEPEST:
        yield at.path, "is nested too deeply"
    elif rule.kind == "text":
        yield from _check_text(value, rule, at)
    elif rule.kind in {"number", "whole number"}:
        yield from _check_number(value, rule, at)
    elif rule.kind == "GeoJSON":
        if problem := geojson.problem(value):
            yield at.path, problem
    elif rule.kind == "news item":
        yield from _check_association(value, at)
    else:
        yield from _check_nested(value, rule, at)


def _check_nested(value: Any, rule: Rule, at: _Checked) -> Iterator[tuple[str, str]]:
    if rule.kind == "list":
        if not isinstance(value, list):
            yield at.path, f"is {_kind_of(value)}, not a list"
            return
        for number, each in enumerate(value):
            yield from _check(each, rule.each or TEXT, at.at(number))
    elif isinstance(value, dict):
        yield from _check_object(value, rule, at)
    else:
        yield at.path, f"is {_kind_of(value)}, not an object"


def _check_text(value: Any, rule: Rule, at: _Checked) -> Iterator[tuple[str, str]]:
    if not isinstance(value, str):
        yield at.path, f"is {_kind_of(value)}, not a text"
    elif rule.choices and value not in rule.choices:
        yield at.path, f"is “{value[:60]}”, which is none of {', '.join(rule.choices)}"
    elif rule.pattern and not re.match(rule.pattern, value[:100], re.ASCII):
        yield at.path, f"is “{value[:60]}”, which is no date, whole or cut off"


def _check_number(value: Any, rule: Rule, at: _Checked) -> Iterator[tuple[str, str]]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield at.path, f"is {_kind_of(value)}, not a {rule.kind}"
        return
    if rule.kind == "whole number" and value != value // 1:
        yield at.path, f"is {value}, not a whole number"
    if (rule.least is not None and value < rule.least) or (
        rule.most is not None and value > rule.most
    ):
        yield at.path, f"is {str(value)[:20]}, not from {rule.least} to {rule.most}"


def _check_association(value: Any, at: _Checked) -> Iterator[tuple[str, str]]:
    """Check an associated item, which is ninjs itself; from 2.0 on it has a name beside."""
    root = at.root
    if "person" in root.members:
        yield from _check(value, root, at)
        return
    if not isinstance(value, dict):
        yield at.path, f"is {_kind_of(value)}, not an object"
        return
    if "expires" not in root.members:
        # 2.0 has it that an object with a name may hold anything.
        if not isinstance(value.get("name"), str):
            yield from _check(value, root, at)
        return
    names = {"name": TEXT, **({"rel": TEXT} if "eventDetails" in root.members else {})}
    rule = replace(root, members={**root.members, **names}, required=("name", "uri"))
    yield from _check_object(value, rule, at)


def _check_object(value: dict[str, Any], rule: Rule, at: _Checked) -> Iterator[tuple[str, str]]:
    for name in rule.required:
        if name not in value:
            yield at.path, f"has no member “{name}”"
    if rule.exactly_one and sum(name in value for name in rule.exactly_one) != 1:
        yield at.path, f"must have one of {' and '.join(rule.exactly_one)}, and one only"
    if rule.pairs and not any((one in value) != (other in value) for one, other in rule.pairs):
        yield (
            at.path,
            "must have one of "
            + " and one of ".join(f"{one} or {other}" for one, other in rule.pairs),
        )
    for name, inner in value.items():
        allowed = rule.members.get(name) or next(
            (each for pattern, each in rule.patterns if re.match(pattern, name)), None
        )
        if allowed is not None:
            yield from _check(inner, allowed, at.at(name))
        elif not rule.is_open:
            yield at.at(name).path, "is not known there"


def _kind_of(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case _:
            return "an object"
