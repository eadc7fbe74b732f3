"""What an archive says apart from its stories: its authors, topics, redirects and feeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from broadsheet.newsroom.actions import filing
from broadsheet.newsroom.moving.old_addresses import old_path, redirect_from, target_of
from broadsheet.newsroom.restoring.particulars import restore
from broadsheet.slugs import free_slug
from broadsheet.stories.languages import paper_languages
from broadsheet.stories.models import Section
from broadsheet.stories.reserved_slugs import validate_section_slug
from broadsheet.wire.items import (
    WireAuthor,
    WireFeed,
    WireParticular,
    WireRecord,
    WireRedirect,
    WireTopic,
)
from broadsheet.wire.known import made_of
from broadsheet.wire.language import language_by_script
from broadsheet.wire.models import Channel
from broadsheet.wire.outcomes import Kind, Outcome

# What lets old addresses lead somewhere, as ``redirect_from`` does.
Lead = Callable[[list[str], str], tuple[int, tuple[str, ...]]]
# A paper has a handful of sections; what an archive has beyond becomes topics.
MOST_SECTIONS = 30
_LONGEST_NAME = 80


@dataclass
class Filing:
    """Files the records of an archive, one after the other.

    ``sections`` tells for the name of each category in which section of the paper its stories
    stand. Redirects to stories that have not come yet wait until :meth:`finish`.
    """

    make_sections: bool = True
    dry_run: bool = False
    sections: dict[str, str] = field(default_factory=dict)
    waiting: list[WireRedirect] = field(default_factory=list)

    def __call__(self, record: WireRecord) -> Outcome:
        """File ``record``. Raises ``ValidationError`` for what cannot be filed."""
        match record:
            case WireAuthor():
                return self._author(record)
            case WireTopic():
                return self._topic(record)
            case WireRedirect():
                return self._redirect(record)
            case WireFeed():
                return self._feed(record)
            case WireParticular():
                return restore(record, dry_run=self.dry_run)
            case _:
                raise ValidationError("Nothing here can be made of this.")

    def finish(self) -> list[Outcome]:
        """File the redirects that waited for their stories."""
        waiting, self.waiting = self.waiting, []
        return [self._late(record) for record in waiting]

    def _late(self, record: WireRedirect) -> Outcome:
        if self.dry_run:
            # Its story was taken in and rolled back.
            return _outcome(record, "redirect", is_new=True)
        return self._redirect(record, is_last=True)

    def _author(self, record: WireAuthor) -> Outcome:
        byline, is_new = filing.byline_made(record.name)
        if is_new and record.about:
            byline.about = record.about
            byline.save(update_fields=["about"])
        if record.slug:
            redirect_from([f"/author/{record.slug}/"], byline.get_absolute_url())
        return _outcome(record, "author", is_new=is_new)

    def _topic(self, record: WireTopic) -> Outcome:
        base = "category" if record.is_section else "tag"
        above = self.sections.get(record.parent, "")
        if record.is_section and not above and self.make_sections:
            section, is_new = self._section(record)
            if section is not None:
                self._file_under(record, section.name)
                redirect_from([f"/{base}/{record.slug}/"], section.get_absolute_url())
                return _outcome(record, "section", is_new=is_new, oddities=_untaken(record))
        if above:
            self._file_under(record, above)
        language = language_by_script(record.name, [tag for tag, _ in paper_languages()])
        topic, is_new = filing.filed_topic_made(record.name, language)
        if record.slug:
            redirect_from([f"/{base}/{record.slug}/"], topic.get_absolute_url())
        return _outcome(record, "topic", is_new=is_new, oddities=_untaken(record))

    def _file_under(self, record: WireTopic, section: str) -> None:
        self.sections[record.name] = section
        if record.slug:
            # Categories name the one above them by its slug.
            self.sections[record.slug] = section

    def _section(self, record: WireTopic) -> tuple[Section | None, bool]:
        if record.slug == "uncategorized":
            return filing.section_for(""), False
        if (known := filing.section_called(record.name)) is not None:
            return known, False
        if Section.objects.count() >= MOST_SECTIONS:
            return None, False
        section = Section(
            name=record.name[:_LONGEST_NAME],
            slug=free_slug(Section, record.slug or record.name, "section"),
            position=Section.objects.count(),
        )
        validate_section_slug(section.slug)
        section.full_clean()
        section.save()
        return section, True

    def _redirect(self, record: WireRedirect, *, is_last: bool = False) -> Outcome:
        stories = made_of([record.guid]) if record.guid else ()
        news_id = stories[-1] if stories else None
        return self.redirect(record, news_id, redirect_from, is_last=is_last)

    def redirect(
        self, record: WireRedirect, news_id: int | None, lead: Lead, *, is_last: bool = False
    ) -> Outcome:
        """File ``record`` by ``lead``; ``news_id`` is the latest story made of what it names."""
        target = record.new_url if news_id is None else f"/news/{news_id}/"
        if not target:
            if not is_last:
                self.waiting.append(record)
                return Outcome(record.origin, "waiting", what="redirect", record=record)
            reason = f"{record.old_url} leads to something that did not come along."
            return Outcome(record.origin, "refused", error=reason, what="redirect", record=record)
        if not old_path(record.old_url):
            reason = f"The paper itself answers at {record.old_url}; it cannot lead elsewhere."
            return Outcome(record.origin, "refused", error=reason, what="redirect", record=record)
        if not target_of(target):
            reason = f"{record.old_url} would lead to “{target[:200]}”: no place for readers."
            return Outcome(record.origin, "refused", error=reason, what="redirect", record=record)
        count, remarks = lead([record.old_url], target)
        if remarks:
            return Outcome(record.origin, "noted", error=remarks[0], what="redirect", record=record)
        return _outcome(record, "redirect", is_new=bool(count))

    def _feed(self, record: WireFeed) -> Outcome:
        if Channel.objects.filter(address=record.url).exists():
            return _outcome(record, "feed", is_new=False)
        channel = Channel(
            name=_free_name(record.title or record.url),
            address=record.url,
            agency=filing.agency(record.title) if record.title else None,
            section=filing.section_called(record.category) if record.category else None,
            language=record.language,
        )
        channel.full_clean()
        channel.save()
        return _outcome(record, "feed", is_new=True)


def _outcome(
    record: WireRecord, what: str, *, is_new: bool, oddities: tuple[str, ...] = ()
) -> Outcome:
    kind: Kind = "imported" if is_new else "unchanged"
    return Outcome(record.origin, kind, what=what, record=record, oddities=oddities)


def _untaken(record: WireTopic) -> tuple[str, ...]:
    """Say what of ``record`` has no place here: neither sections nor topics are described."""
    if not record.about:
        return ()
    return (f"“{record.name}” was described there, and cannot be here: {record.about}",)


def _free_name(name: str) -> str:
    longest = 120
    candidate, count = name[:longest], 1
    while Channel.objects.filter(name=candidate).exists():
        count += 1
        candidate = f"{name[: longest - 6]} {count}"
    return candidate
