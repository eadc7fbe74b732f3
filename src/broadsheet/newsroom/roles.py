"""The roles of a newsroom, and what each may do.

A role is a Django group. This table is what a new paper starts with; from then on the groups
belong to its administrators (``seeding`` never gives a permission twice).

Reporters may edit every draft, not only their own: a newsroom hands stories on, every change
is in the history under its author's name, and nothing of it reaches readers before an editor
publishes. What a reporter is working on can be locked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

REPORTERS = "Reporters"
EDITORS = "Editors"
MODERATORS = "Moderators"
ADMINISTRATORS = "Administrators"


def _every(app: str, *models: str, verbs: str = "add change delete") -> tuple[str, ...]:
    return tuple(f"{app}.{verb}_{model}" for model in models for verb in verbs.split())


@dataclass(frozen=True)
class Role:
    """What a group may do.

    ``permissions`` are Django's, ``app.codename``; ``pages`` apply to the whole page tree and
    ``collections`` to all pictures, each as Wagtail records them.
    """

    name: str
    permissions: tuple[str, ...]
    pages: tuple[str, ...] = field(default=())
    collections: tuple[str, ...] = field(default=())


_ENTER = ("wagtailadmin.access_admin",)
_WRITE = (
    "stories.add_story",
    "stories.change_story",
    "stories.lock_story",
    "attribution.view_source",
    "wire.view_queueditem",
    "wire.handle_queueditem",
)
_PICTURES = ("wagtailimages.add_image", "wagtailimages.choose_image")
_EDIT = (
    *_WRITE,
    *_every("stories", "story", verbs="delete publish unlock"),
    *_every("stories", "front", "topic", "agency"),
    *_every("accounts", "byline"),
    *_every("attribution", "source"),
    *_every("wagtailredirects", "redirect"),
    *_every("wire", "channel", verbs="view add change delete"),
    "wire.settle_storyalert",
)
_PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
_MODERATE = _every("letters", "letter", "ban", verbs="view add change delete")

ROLES = (
    Role(REPORTERS, (*_ENTER, *_WRITE), collections=_PICTURES),
    Role(
        EDITORS,
        (*_ENTER, *_EDIT),
        pages=_PAGES,
        collections=(*_PICTURES, "wagtailimages.change_image"),
    ),
    Role(MODERATORS, (*_ENTER, *_MODERATE)),
    Role(
        ADMINISTRATORS,
        (
            *_ENTER,
            *_EDIT,
            *_MODERATE,
            *_every("stories", "section"),
            "stories.change_paper",
            "attribution.change_sourcepolicy",
            *_every("accounts", "user"),
            *_every("auth", "group"),
            *_every("wagtailcore", "workflow", "task", "collection"),
        ),
        pages=_PAGES,
        collections=(*_PICTURES, "wagtailimages.change_image"),
    ),
)
