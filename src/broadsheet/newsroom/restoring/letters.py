"""Comments come back as they stood: who said what when, in which state, answering whom."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from broadsheet.letters import wording
from broadsheet.letters.models import HoldReason, Letter
from broadsheet.newsroom.restoring.values import Values
from broadsheet.stories.models import Story

_MOST = 200_000
_Mark = tuple[Any, str, str]


def restore_letters(story: Story, letters: list[Values]) -> tuple[int, int]:
    """Store those of ``letters`` that ``story`` has not; return how many were new, and known.

    Words are cleaned as any reader's: what is clean stays as it is.
    """
    if len(letters) > _MOST:
        raise ValidationError(f"More than {_MOST} comments under one story are too many.")
    if not letters:
        return 0, 0
    known: dict[_Mark, Letter] = {
        (row.written_at, row.name, row.text_mark): row for row in Letter.objects.filter(story=story)
    }
    guids = {row.guid: row for row in known.values() if row.guid}
    rows: list[Letter] = []
    new: list[Letter] = []
    for values in letters:
        row = _letter(story, values)
        there = known.get((row.written_at, row.name, row.text_mark)) or guids.get(row.guid)
        if there is None:
            new.append(row)
            if row.guid:
                guids[row.guid] = row
        rows.append(there or row)
    Letter.objects.bulk_create(new)
    tied = []
    for values, row in zip(letters, rows, strict=True):
        place = values.number("answers")
        if place is None or place >= len(rows) or row.answers_id is not None:
            continue
        if rows[place] is not row:
            row.answers = rows[place]
            tied.append(row)
    Letter.objects.bulk_update(tied, ["answers"])
    return len(new), len(letters) - len(new)


def _letter(story: Story, values: Values) -> Letter:
    text = wording.clean(values.text("text")).text
    written_at = values.moment("written_at")
    if not text or written_at is None:
        raise ValidationError(f"{values.where} has no words or no time.")
    state = values.text("state")
    reasons = [each for each in values.list("reasons") if each in HoldReason.values]
    return Letter(
        story=story,
        name=wording.clean_line(values.text("name")).text[:60],
        email=values.text("email", Letter),
        text=text,
        # What nobody has approved is not shown.
        state=state if state in Letter.State.values else Letter.State.HELD,
        reasons=reasons,
        written_at=written_at,
        decided_at=values.moment("decided_at"),
        decision=values.text("decision", Letter),
        guid=values.text("guid", Letter),
        text_mark=wording.mark(text),
    )
