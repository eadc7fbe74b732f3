"""Contributions: what other rooms know of a story and machines are told with it.

A room registers, when it starts, a function for one of the press's own forms of a story: the
JSON-LD within its page, or its ninjs. What the function returns becomes part of that document. A
room that presses a further form of the story (a sheet of its own) has the page's head name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from broadsheet.stories.models import Story

Form = Literal["json-ld", "ninjs"]
Contributor = Callable[[Story], Mapping[str, Any]]


@dataclass(frozen=True)
class Alternate:
    """Another form of a story: its address on this site, media type, and name."""

    address: str
    media_type: str
    title: str


_contributors: dict[Form, list[Contributor]] = defaultdict(list)
_alternates: list[Callable[[Story], Alternate | None]] = []


def register(form: Form, contributor: Contributor) -> None:
    """Have what ``contributor`` returns for a story told in every document of ``form``.

    It returns properties of the document: JSON values by name. A list is added to the list of
    that name, if there is one; whatever else the press says already stays as the press says it.
    """
    if contributor not in _contributors[form]:
        _contributors[form].append(contributor)


def register_alternate(alternate: Callable[[Story], Alternate | None]) -> None:
    """Have the head of a story's page name a further form of it, where ``alternate`` has one."""
    if alternate not in _alternates:
        _alternates.append(alternate)


def join(form: Form, story: Story, document: dict[str, Any]) -> None:
    """Add to ``document`` what the other rooms know of ``story``; nothing of an unsaved one."""
    if story.news_id is None:
        return
    for contributor in _contributors[form]:
        for name, value in contributor(story).items():
            known = document.get(name)
            if isinstance(known, list) and isinstance(value, list):
                document[name] = [*known, *value]
            else:
                document.setdefault(name, value)


def alternates(story: Story) -> list[Alternate]:
    """Return the further forms of ``story``, in the order of registration."""
    found = (alternate(story) for alternate in _alternates)
    return [each for each in found if each is not None]
