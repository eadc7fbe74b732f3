"""Checks: what the desk should know of a story's sources before readers get it.

::

    what an editor did not reject, placed in the text   → Subject
    each check asks it one question                     → Findings, with their sentences
    what the paper made of that check (SourcePolicy)    → a warning, a stop, or nothing

The checks themselves are pure; :func:`run` fetches what they look at. They never change a story,
and what they say is for the desk alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from wagtail.models import Revision

from broadsheet.attribution import headlines, kept, origins, reasons, story_text
from broadsheet.attribution.kept import Placed
from broadsheet.attribution.models import RelationHop, SourcePolicy, StoryReading, Strictness
from broadsheet.attribution.relation import SourceKind, Span, Spans
from broadsheet.attribution.story_text import StoryText
from broadsheet.stories.languages import main_language
from broadsheet.stories.models import Story

UNREAD = "unread"
"""The finding that no check could be made yet; no field of the policy names it."""
NOT_ANALYSED = "not_analysed"
"""The finding that the text cannot be analysed; only what editors added was looked at."""

_MANY_HOPS = 2
_MOST_QUOTED = 5
_LONGEST_QUOTED = 220


@dataclass(frozen=True)
class Subject:
    """What the checks look at: one version of a story and what stands of its sources.

    ``relations`` are those that nobody rejected and whose words are still there; ``claims`` the
    sentences that say something which could be true or false; ``hedges`` all of the text's.
    """

    text: StoryText
    relations: tuple[Placed, ...] = ()
    claims: tuple[Span, ...] = ()
    hedges: tuple[Span, ...] = ()

    @cached_property
    def body_claims(self) -> Spans:
        """The claims without those of the headline, which the text bears out or does not."""
        start, end = self.text.headline
        return tuple(claim for claim in self.claims if not start <= claim[0] < end)

    def sentence(self, span: Span) -> Span:
        """Return the sentence that ``span`` begins in; its paragraph where none is known."""
        blocks = ((block.start, block.end) for block in self.text.blocks)
        for start, end in (*self.claims, *blocks):
            if start <= span[0] < end:
                return start, end
        return span

    def sentences(self, found: Iterable[Placed]) -> Spans:
        """Return the sentences in which ``found`` attribute something, each once, in order."""
        return tuple(sorted({self.sentence(each.relation.cue[0]) for each in found}))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    ``check`` is the check's name, ``says`` what is the matter and ``advice`` what to do about
    it, both sentences in the desk's language. ``sentences`` and ``words`` are where, in the text
    that was looked at; ``numbers`` those of the relations concerned.
    """

    check: str
    says: str
    advice: str
    sentences: Spans = ()
    words: Spans = ()
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One question; ``name`` is the field of :class:`SourcePolicy` that says what follows."""

    name: str
    find: Callable[[Subject], Iterator[Finding]]


def dangling(subject: Subject) -> Iterator[Finding]:
    """Find words that somebody said, where the text lost who it was: "…, reported"."""
    for each in subject.relations:
        relation = each.relation
        missing = (hop.kind == SourceKind.MISSING for hop in relation.chain)
        if relation.source_kind != SourceKind.MISSING and not any(missing):
            continue
        cue = _words(subject, relation.cue)
        yield Finding(
            "dangling",
            _("“%(cue)s” has lost its source: the text does not say who.") % {"cue": cue},
            _("Name the source there, or take the words out."),
            subject.sentences([each]),
            relation.cue,
            (each.row.number,),
        )


def hedge_not_in_headline(subject: Subject) -> Iterator[Finding]:
    """Find hedged claims that the headline states as fact."""
    start, end = subject.text.headline
    if any(start <= each.relation.cue[0][0] < end and _sure(each, subject)
           for each in subject.relations):  # fmt: skip
        return
    if start == end or any(start <= hedge[0] < end for hedge in subject.hedges):
        return
    hedged = headlines.hedged_elsewhere(
        subject.text.text[start:end],
        subject.text.language,
        subject.text.text,
        [each.relation for each in subject.relations],
    )
    found = [each for each in subject.relations if each.relation in hedged]
    if not found:
        return
    hedges = tuple(hedge.span for each in found for hedge in each.relation.hedges)
    yield Finding(
        "hedge_not_in_headline",
        _("The headline states as fact what the text gives with “%(hedge)s”.")
        % {"hedge": _words(subject, hedges[:1])},
        _("Let the headline keep the distance too, or name in it who says so."),
        (subject.text.headline, *subject.sentences(found)),
        hedges,
        tuple(each.row.number for each in found),
    )


def single_source(subject: Subject) -> Iterator[Finding]:
    """Find stories in which everything that is attributed comes from one origin."""
    by_origin: dict[object, list[Placed]] = defaultdict(list)
    called: dict[object, str] = {}
    for each in subject.relations:
        outermost = origins.outermost(each, subject.relations)
        if (key := origins.key_of(outermost)) is not None:
            by_origin[key].append(each)
            called.setdefault(key, origins.name_of(outermost))
    if len(by_origin) != 1:
        return
    ((key, found),) = by_origin.items()
    # One remark of one person in a long story of the paper's own is not all it rests on.
    resting = [claim for claim in subject.body_claims if _touched(claim, found)]
    if len(found) < 2 and 2 * len(resting) < len(subject.body_claims):  # noqa: PLR2004
        return
    yield Finding(
        "single_source",
        _("Everything here rests on one source: %(source)s.") % {"source": called[key]},
        _("Find a second one that does not depend on it, or let the story say that it has one."),
        subject.sentences(found),
        numbers=tuple(each.row.number for each in found),
    )


def only_unnamed(subject: Subject) -> Iterator[Finding]:
    """Find stories in which nobody who stands behind anything is named."""
    kinds = {hop.kind for each in subject.relations for hop in origins.hops_of(each)}
    if not subject.relations or SourceKind.NAMED in kinds:
        return
    yield Finding(
        "only_unnamed",
        _("Nobody who stands behind this story is named."),
        _("Name one of the sources, or say in the text why none can be named."),
        subject.sentences(subject.relations),
        numbers=tuple(each.row.number for each in subject.relations),
    )


def long_chain(subject: Subject) -> Iterator[Finding]:
    """Find claims that came through two hops or more before this paper, one finding a chain."""
    by_chain: dict[tuple[str, ...], list[Placed]] = defaultdict(list)
    for each in subject.relations:
        hops = [hop for hop in origins.hops_of(each) if hop.kind != SourceKind.IMPLICIT]
        if len(hops) >= _MANY_HOPS:
            by_chain[tuple(_called(hop) for hop in hops)].append(each)
    for chain, found in by_chain.items():
        yield Finding(
            "long_chain",
            _("This came through others: %(chain)s.")
            % {"chain": f" {pgettext('chain', '→')} ".join(chain)},
            _("Ask the origin, or name every hop in the text."),
            subject.sentences(found),
            numbers=tuple(each.row.number for each in found),
        )


def unresolved_date(subject: Subject) -> Iterator[Finding]:
    """Find words for a time that nobody can tell the day of."""
    for each in subject.relations:
        for time in (each.relation.statement_time, each.relation.event_time):
            if time is None or time.edtf is not None or time.span[0] == time.span[1]:
                continue
            yield Finding(
                "unresolved_date",
                _("When “%(words)s” was cannot be told.")
                % {"words": _words(subject, (time.span,))},
                _("Write the date, or enter it beside the attribution."),
                (subject.sentence(time.span),),
                (time.span,),
                (each.row.number,),
            )


def unattributed(subject: Subject) -> Iterator[Finding]:
    """Find sentences that claim something and that nobody stands behind: one finding for all."""
    found = [claim for claim in subject.body_claims if not _touched(claim, subject.relations)]
    if not found:
        return
    yield Finding(
        "unattributed",
        ngettext(
            "Nobody stands behind one sentence.",
            "Nobody stands behind %(count)d sentences.",
            len(found),
        )
        % {"count": len(found)},
        _("Say who says so, or leave it where the paper knows it for itself."),
        tuple(found),
    )


CHECKS = (
    Check("dangling", dangling),
    Check("hedge_not_in_headline", hedge_not_in_headline),
    Check("single_source", single_source),
    Check("only_unnamed", only_unnamed),
    Check("long_chain", long_chain),
    Check("unresolved_date", unresolved_date),
    Check("unattributed", unattributed),
)


def find(subject: Subject, among: Iterable[str] | None = None) -> list[Finding]:
    """Return what the checks named by ``among`` (all) find; the same words only once a check."""
    wanted = None if among is None else set(among)
    found: dict[object, Finding] = {}
    for check in CHECKS:
        if wanted is None or check.name in wanted:
            for finding in check.find(subject):
                found.setdefault((finding.check, finding.words or finding.sentences), finding)
    return list(found.values())


@dataclass(frozen=True)
class Report:
    """What the checks say of one version of a story, and what the paper makes of it."""

    text: StoryText
    warnings: tuple[Finding, ...] = ()
    stops: tuple[Finding, ...] = field(default=())

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Everything, what stops publication first."""
        return (*self.stops, *self.warnings)

    @property
    def waits(self) -> bool:
        """Whether the text is still to be read, so that the checks say nothing of it yet."""
        return any(finding.check == UNREAD for finding in self.findings)

    def quoted(self, finding: Finding) -> list[str]:
        """Return the first sentences that ``finding`` is about, in one line each.

        Of a long one the part is given that has the words in question.
        """
        return [
            _excerpt(self.text.text, sentence, finding.words)
            for sentence in finding.sentences[:_MOST_QUOTED]
        ]

    def not_quoted(self, finding: Finding) -> int:
        """Return how many more sentences than :meth:`quoted` gives it is about."""
        return max(0, len(finding.sentences) - _MOST_QUOTED)


def run(
    story: Story, version: Story | Revision | None = None, *, policy: SourcePolicy | None = None
) -> Report:
    """Return what the paper's checks say of ``version`` of ``story`` (its newest).

    A text that nobody has read yet is said to be so, never to be in order: that is a stop where
    any check is one. A text that cannot be analysed (its language, say) is a warning at most.
    """
    policy = policy or SourcePolicy.load()
    asked = {
        check.name: strictness
        for check in CHECKS
        if (strictness := Strictness(getattr(policy, check.name))) != Strictness.OFF
    }
    text = story_text.newest(story) if version is None else story_text.of(version)
    if not asked or not text.text:
        return Report(text)
    reading = StoryReading.objects.filter(pk=story.pk).first()
    if reading is None or not _looked_at(reading, text):
        waits = (_unread(),)
        if Strictness.STOP in asked.values():
            return Report(text, stops=waits)
        return Report(text, warnings=waits)
    found = find(subject_of(story, text, reading), asked)
    warned = [each for each in found if asked[each.check] == Strictness.WARNING]
    if reading.state in (StoryReading.State.NOT_ANALYSED, StoryReading.State.FAILED):
        warned.insert(0, _not_analysed(reading))
    stops = tuple(each for each in found if asked[each.check] == Strictness.STOP)
    return Report(text, tuple(warned), stops)


def subject_of(story: Story, text: StoryText, reading: StoryReading) -> Subject:
    """Return what of ``story`` stands in ``text``, for the checks."""
    rows = kept.rows_of([story]).standing()
    same = reading.read_digest == text.digest
    return Subject(
        text,
        tuple(kept.placed(rows, text.text, reading.text)),
        tuple((start, end) for start, end in reading.claims) if same else (),
        tuple((start, end) for start, end, _kind in reading.hedges) if same else (),
    )


def _sure(placed: Placed, subject: Subject) -> bool:
    # Headlines are what is misread most; in English their words tell by themselves.
    return placed.row.is_decided or main_language(subject.text.language) != "en"


def _called(hop: RelationHop) -> str:
    return " ".join(hop.name.split()) or _("[nobody]")


def _touched(claim: Span, among: Iterable[Placed]) -> bool:
    return any(
        start < claim[1] and claim[0] < end
        for each in among
        for spans in (each.relation.source, each.relation.cue, each.relation.content)
        for start, end in spans
    )


def _words(subject: Subject, spans: Spans) -> str:
    return _one_line(" … ".join(subject.text.text[start:end] for start, end in spans))


def _excerpt(text: str, sentence: Span, words: Spans) -> str:
    start, end = sentence
    if end - start > _LONGEST_QUOTED:
        at = next((word[0] for word in words if start <= word[0] < end), start)
        first = max(start, min(at - _LONGEST_QUOTED // 2, end - _LONGEST_QUOTED))
        last = min(end, first + _LONGEST_QUOTED)
        # Whole words only.
        if first > start:
            first = text.find(" ", first, at) + 1 or first
        if last < end:
            last = max(text.rfind(" ", at, last), at + 1)
        before, after = "… " * (first > start), " …" * (last < end)
        return f"{before}{_one_line(text[first:last])}{after}"
    return _one_line(text[start:end])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _looked_at(reading: StoryReading, text: StoryText) -> bool:
    # One that waits to be read again, for the day it appeared on, was read all the same.
    failed = reading.state == StoryReading.State.FAILED and reading.digest == text.digest
    return failed or reading.read_digest == text.digest


def _unread() -> Finding:
    return Finding(
        UNREAD,
        _("This version is still being read for its sources; nothing is known of them yet."),
        _("It takes a moment; try again then."),
    )


def _not_analysed(reading: StoryReading) -> Finding:
    says = _("The text could not be analysed: only what was marked by hand was checked.")
    return Finding(
        NOT_ANALYSED,
        f"{says} {reasons.told(reading.reason)}".strip(),
        _("Mark by hand who stands behind what."),
    )
