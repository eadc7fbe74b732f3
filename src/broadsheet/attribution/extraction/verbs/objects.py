"""Verbs without a clause: "urged voters to X", "accused X of Y", "called for X", "denied X"."""

from __future__ import annotations

from broadsheet.attribution.extraction import phrases
from broadsheet.attribution.extraction.lexicon import word_set
from broadsheet.attribution.extraction.tokens import RELATIVE
from broadsheet.attribution.extraction.verbs.cue import HEARERS, VerbCue

_AUDIENCE = word_set(
    "reporter journalist crowd audience voter people colleague friend aide supporter committee "
    "interviewer lawmaker host official newspaper network"
)


class Objects(VerbCue):
    """The frames in which a phrase is the content, tried one after the other."""

    def other_frames(self) -> None:
        """Take the first frame that the sentence fills, if any."""
        for frame in (
            self._infinitive,
            self._complement,
            self._object_with,
            self._particle,
            self._gerund,
            self._as,
            self._about,
            self._so,
            self._object,
        ):
            if frame():
                return

    def _infinitive(self) -> bool:
        tokens, entry = self.tokens, self.entry
        for clause in tokens.kids(self.at, "xcomp", "advcl"):
            if not tokens.is_infinitive(clause) or clause < self.at:
                continue
            dep = tokens.dep[clause]
            object_ = tokens.child(self.at, "dobj", "dative")
            whom = object_ is not None and object_ < clause
            if dep == "advcl" and not ("whom_to" in entry.frames and whom):
                continue
            prior = entry.frames.get("whom_to" if whom or self.passive else "to", 0)
            if not prior and self.passive:
                prior = max(entry.frames.get("clause", 0) - 0.1, 0)
            if not prior:
                continue
            content = self.reach(clause)
            if whom and object_ is not None:
                content |= self.reach(object_)
            return self.take("infinitive", prior, self.with_passive(content))
        return False

    def _complement(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("complement", 0)
        named = tokens.child(self.at, "oprd", "acomp")
        if not prior or named is None or named < self.at:
            return False
        content = self.reach(named)
        object_ = tokens.child(self.at, "dobj")
        if object_ is not None and object_ < named and object_ > self.at:
            content |= self.reach(object_)
        return self.take("complement", prior, self.with_passive(content))

    def _object_with(self) -> bool:
        tokens, entry = self.tokens, self.entry
        object_ = tokens.child(self.at, "dobj")
        for prep in self._prepositions(object_):
            prior = entry.object_with.get(tokens.lower[prep], 0)
            if not prior:
                continue
            content = self.reach(prep)
            if object_ is not None and object_ > self.at:
                content |= self.reach(object_)
            elif not self.passive and not self._object_is_relative():
                continue
            return self.take("object and preposition", prior, self.with_passive(content))
        return False

    def _object_is_relative(self) -> bool:
        tokens = self.tokens
        object_ = tokens.child(self.at, "dobj")
        return tokens.dep[self.at] == "relcl" or (
            object_ is not None and tokens.lower[object_] in RELATIVE
        )

    def _prepositions(self, object_: int | None) -> list[int]:
        tokens = self.tokens
        found = [
            c
            for c in tokens.kids(self.at, "prep", "agent")
            if c > self.at and tokens.lower[c] != "by"
        ]
        if object_ is not None:
            found += [c for c in tokens.kids(object_, "prep") if c > object_]
        if self.agent is not None:
            found += tokens.kids(self.agent, "prep")
            noun = tokens.child(self.agent, "pobj")
            if noun is not None:
                found += tokens.kids(noun, "prep")
        return found

    def _particle(self) -> bool:
        tokens, entry = self.tokens, self.entry
        for prep in tokens.kids(self.at, "prep", "prt"):
            prior = entry.particles.get(tokens.lower[prep], 0)
            if not prior or prep < self.at:
                continue
            content = self.reach(prep) - {prep}
            later = next(
                (c for c in tokens.kids(self.at, "xcomp", "advcl") if tokens.is_infinitive(c)), None
            )
            if later is not None and later > prep:
                content |= self.reach(later)
            if content:
                self.cue.add(prep)
                return self.take("particle", prior, content)
        return False

    def _gerund(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("ing", 0)
        clause = next(
            (
                c
                for c in tokens.kids(self.at, "xcomp", "dobj")
                if tokens.tag[c] == "VBG" and c > self.at
            ),
            None,
        )
        if not prior or clause is None:
            return False
        return self.take("gerund", prior, self.reach(clause))

    def _as(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("as", 0)
        as_ = next(
            (
                c
                for c in tokens.kids(self.at, "prep", "advcl", "mark")
                if tokens.lower[c] == "as" and c > self.at
            ),
            None,
        )
        if not prior or as_ is None or not self.reach(as_) - {as_}:
            return False
        return self.take("as", prior, self.with_passive(self.reach(as_)))

    def _about(self) -> bool:
        tokens, entry = self.tokens, self.entry
        if tokens.child(self.at, "dobj") is not None or self.passive:
            return False
        for prep in tokens.kids(self.at, "prep"):
            prior = entry.about.get(tokens.lower[prep], 0)
            if prior and prep > self.at and self.reach(prep) - {prep}:
                return self.take("about", prior, self.reach(prep))
        return False

    def _so(self) -> bool:
        tokens = self.tokens
        if "so" not in self.entry.frames:
            return False
        so = next(
            (
                c
                for c in tokens.kids(self.at, "advmod", "dobj")
                if tokens.lower[c] in {"so", "otherwise"} and c == self.at + 1
            ),
            None,
        )
        return so is not None and self.take("so", 0.8, {so})

    def _object(self) -> bool:
        tokens, entry = self.tokens, self.entry
        prior = entry.frames.get("object", 0)
        if not prior or not self.can_show():
            return False
        object_ = tokens.child(self.at, "dobj")
        if self.passive:
            return self._object_of_passive(object_, prior)
        if object_ is None:
            return False
        if object_ < self.at:
            return self._object_before(object_, prior)
        listens = entry.lemma in HEARERS and (
            tokens.tag[object_] in {"PRP", "NNP", "NNPS"} or tokens.lemma[object_] in _AUDIENCE
        )
        if listens or tokens.lower[object_].endswith(("self", "selves")):
            return False
        return self.take("object", prior, self.reach(object_))

    def _object_of_passive(self, object_: int | None, prior: float) -> bool:
        """Take "was denied by X": the subject, or an object that is left behind the verb."""
        tokens = self.tokens
        prior *= 0.9
        if object_ is not None and object_ > self.at:
            return self.take("object", prior, self.reach(object_))
        if self.subject is None or not (self.agent is not None or self._foretold()):
            return False
        if tokens.dep[self.at] == "advcl":
            return False
        if tokens.dep[self.at] == "acl":
            prior *= 0.7
        later = [c for c in tokens.kids(self.at, "prep", "npadvmod") if c > self.at]
        content = {t for c in later for t in self.reach(c)} if self.agent is None else set()
        return self.take("object", prior, self.with_passive(content))

    def _object_before(self, object_: int, prior: float) -> bool:
        """Take "the plan that she rejected": the noun the relative clause describes."""
        tokens = self.tokens
        if tokens.lower[object_] not in RELATIVE or tokens.dep[self.at] != "relcl":
            return False
        noun = phrases.noun_phrase(tokens, tokens.head[self.at], before=self.at)
        return self.take("object", prior * 0.6, noun)

    def _foretold(self) -> bool:
        """Whether somebody expects and nobody is named: "is expected on Monday"."""
        tokens = self.tokens
        return tokens.child(self.at, "auxpass") is not None and self.entry.lemma in {
            "expect",
            "plan",
            "propose",
            "anticipate",
            "suspect",
            "dispute",
        }
