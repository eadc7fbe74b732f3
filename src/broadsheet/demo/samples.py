"""The sample files, read into frozen records. Nothing here knows the database.

A story is a file ``stories/<language>/<News ID>-<words>.md``: a TOML head between two lines of
``+++``, then the body (see ``prose``). Times are relative to the moment of loading, so that
the paper is always fresh: ``age = "1d 3h 20m"`` says how long ago a story was published.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from broadsheet.demo import days

HERE = Path(__file__).resolve().parent
STORIES = HERE / "stories"
PAGES = HERE / "pages"
PICTURES = HERE / "pictures"
SAVED = HERE / "saved"
WIRE = HERE / "wire"

State = Literal[
    "published", "draft", "submitted", "scheduled", "embargoed", "expired", "unpublished"
]
STATES: tuple[State, ...] = (
    "published", "draft", "submitted", "scheduled", "embargoed", "expired", "unpublished"
)  # fmt: skip


class SampleError(ValueError):
    """A sample file that does not read; the message names the file."""


@dataclass(frozen=True)
class SamplePhoto:
    """A photo of a story. Without ``picture`` it is words only, as copy often comes."""

    caption: str
    picture: str = ""
    credit: str = ""
    alt_text: str = ""
    taken_on: date | None = None


@dataclass(frozen=True)
class SampleStory:
    """One story as its file has it.

    Exactly one of ``age`` (how long before the loading) and ``published`` (a moment years ago)
    is set for what was published. ``updated_after`` counts from the publication, ``due_in``
    from the loading: the end of an embargo or the scheduled time.
    """

    news_id: int
    language: str
    headline: str
    section: str
    body: str
    lead: str = ""
    slugline: str = ""
    dateline: str = ""
    topics: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    photos: tuple[SamplePhoto, ...] = ()
    state: State = "published"
    age: timedelta | None = None
    published: datetime | None = None
    updated_after: timedelta | None = None
    due_in: timedelta | None = None
    translation_of: int | None = None
    comments_open: bool = True


@dataclass(frozen=True)
class SamplePage:
    """A standing page as its file has it."""

    slug: str
    title: str
    language: str
    body: str


@dataclass(frozen=True)
class Paper:
    """The paper's particulars and its lists, as ``paper.toml`` has them; or the wire's."""

    tables: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        """Return one table or list of tables. Raises ``KeyError`` where there is none."""
        return self.tables[name]


def span(text: str) -> timedelta:
    """Return the length of time that "2d 3h 20m" says. Raises :class:`SampleError`."""
    try:
        return days.span(text)
    except ValueError as error:
        raise SampleError(str(error)) from error


def split(path: Path) -> tuple[dict[str, Any], str]:
    """Return a file's TOML head and the text below it. Raises :class:`SampleError`."""
    opening, _, rest = path.read_text("utf-8").partition("+++\n")
    head, fence, text = rest.partition("\n+++\n")
    if opening or not fence:
        raise SampleError(f"{path.name}: a sample starts with a TOML head between lines of +++")
    try:
        return tomllib.loads(head), text.strip()
    except tomllib.TOMLDecodeError as error:
        raise SampleError(f"{path.name}: {error}") from error


def read_story(path: Path) -> SampleStory:
    """Return the story of one file. Raises :class:`SampleError`, naming the file."""
    head, body = split(path)
    number = path.name.partition("-")[0]
    try:
        for name in ("age", "updated_after", "due_in"):
            if name in head:
                head[name] = span(head[name])
        for name in ("topics", "bylines", "agencies"):
            head[name] = tuple(head.get(name, ()))
        head["photos"] = tuple(SamplePhoto(**photo) for photo in head.get("photos", ()))
        story = SampleStory(news_id=int(number), language=path.parent.name, body=body, **head)
    except (TypeError, ValueError) as error:
        raise SampleError(f"{path.name}: {error}") from error
    if story.state not in STATES:
        raise SampleError(f"{path.name}: {story.state!r} is none of {', '.join(STATES)}")
    return story


def stories() -> list[SampleStory]:
    """Return all sample stories, originals before their translations."""
    found = [read_story(path) for path in sorted(STORIES.glob("*/*.md"))]
    return sorted(found, key=lambda story: (story.translation_of is not None, story.news_id))


def pages() -> list[SamplePage]:
    """Return the standing pages."""
    found = []
    for path in sorted(PAGES.glob("*.md")):
        head, body = split(path)
        found.append(SamplePage(slug=path.stem, body=body, **head))
    return found


def paper() -> Paper:
    """Return the paper's particulars."""
    return Paper(tomllib.loads((HERE / "paper.toml").read_text("utf-8")))


def sources() -> list[dict[str, Any]]:
    """Return the register of sources, as ``sources.toml`` has it."""
    found: list[dict[str, Any]] = tomllib.loads((HERE / "sources.toml").read_text("utf-8"))[
        "sources"
    ]
    return found


def pictures() -> dict[str, dict[str, Any]]:
    """Return what is known of each picture, by its name (the file's, without its ending)."""
    return tomllib.loads((PICTURES / "pictures.toml").read_text("utf-8"))


def letters() -> list[dict[str, Any]]:
    """Return the readers' letters, as ``letters.toml`` has them."""
    found: list[dict[str, Any]] = tomllib.loads((HERE / "letters.toml").read_text("utf-8"))[
        "letters"
    ]
    return found


def wire() -> Paper:
    """Return the channels, and the copy that came through them in order."""
    return Paper(tomllib.loads((WIRE / "wire.toml").read_text("utf-8")))
