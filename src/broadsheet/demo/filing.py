"""What the sample stories are filed under, who writes them, and who may log in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group
from wagtail.models import Page

from broadsheet.accounts.models import Byline, User
from broadsheet.demo import prose, samples
from broadsheet.newsroom import roles
from broadsheet.stories.models import (
    Agency,
    Paper,
    PaperName,
    Section,
    SectionName,
    StandingPage,
    Topic,
)

# Published in the documentation and printed at every start: it guards a sample on loopback.
PASSWORD = "averin-harbour"  # noqa: S105 - a published one

_GROUPS = {
    "reporter": roles.REPORTERS,
    "editor": roles.EDITORS,
    "moderator": roles.MODERATORS,
    "administrator": roles.ADMINISTRATORS,
}


def name_paper(row: dict[str, Any]) -> None:
    """Give the paper its names and straplines, time zone and address."""
    paper = Paper.load()
    row = dict(row)
    paper.names = [PaperName(language=each, **said) for each, said in row.pop("names").items()]
    for field, value in row.items():
        setattr(paper, field, value)
    paper.full_clean()
    paper.save()


def make_user(row: dict[str, Any]) -> None:
    """Make a login with its role, unless somebody has made one of that name."""
    if User.objects.filter(username=row["username"]).exists():
        return
    first, _, last = str(row["name"]).partition(" ")
    user = User.objects.create_user(
        row["username"],
        email=f"{row['username']}@averincourier.example",
        password=PASSWORD,
        first_name=first,
        last_name=last,
    )
    user.groups.add(Group.objects.get(name=_GROUPS[row["role"]]))


def open_logins() -> list[str]:
    """Return the sample's logins that still let in whoever has read the documentation."""
    names = [row["username"] for row in samples.paper()["users"]]
    users = User.objects.filter(username__in=names, is_active=True).order_by("username")
    return [user.username for user in users if check_password(PASSWORD, user.password)]


def make_section(row: dict[str, Any], position: int) -> None:
    """Make a section with its names in the other languages."""
    section, made = Section.objects.get_or_create(
        slug=row["slug"], defaults={"name": row["name"], "position": position}
    )
    if made:
        SectionName.objects.bulk_create(
            SectionName(section=section, language=language, name=name)
            for language, name in row["names"].items()
        )


def make_byline(row: dict[str, Any]) -> None:
    """Make a byline, with its login where it has one."""
    row = dict(row)
    user = User.objects.filter(username=row.pop("user", "")).first()
    Byline.objects.get_or_create(slug=row["slug"], defaults={**row, "user": user})


def make_agency(row: dict[str, Any]) -> None:
    """Make an agency."""
    Agency.objects.get_or_create(slug=row["slug"], defaults=row)


def make_topic(row: dict[str, Any]) -> None:
    """Make a topic."""
    Topic.objects.get_or_create(slug=row["slug"], defaults=row)


def make_page(page: samples.SamplePage) -> None:
    """Make and publish a standing page below the root that the newsroom seeded."""
    root = Page.objects.filter(depth=2).order_by("path").first()
    if root is None:
        raise RuntimeError("the page tree has no root: `broadsheet init` makes one")
    if StandingPage.objects.filter(slug=page.slug).exists():
        return
    body = [
        {"type": kind, "value": value} for kind, value in prose.blocks(page.body, page.language)
    ]
    made = root.add_child(
        instance=StandingPage(
            title=page.title,
            slug=page.slug,
            language=page.language,
            body=body_of(StandingPage, body),
            live=False,
        )
    )
    made.save_revision().publish()


def body_of(model: Any, blocks: list[dict[str, Any]]) -> Any:
    """Return the stream value of ``model``'s body for blocks in their stored form."""
    return model._meta.get_field("body").stream_block.to_python(blocks)
