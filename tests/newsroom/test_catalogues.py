"""Nothing on the desk's pages, nor of a story's sources, is left in English for others."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.test import Client
from django.urls import reverse
from lxml import html
from wagtail.users.models import UserProfile

import broadsheet
from broadsheet.accounts.models import User
from broadsheet.attribution import actions, register
from broadsheet.attribution.models import Source, StoryReading, StoryRelation
from broadsheet.stories.models import Story
from broadsheet.wire.models import Channel, StoryAlert
from newsroom.claims_at_desk import CLAIMS, story_with_claims
from newsroom.wire_at_desk import enter

ROOT = Path(broadsheet.__file__).parent
MAPPING = ROOT.parent.parent / "babel.cfg"
LANGUAGES = pytest.mark.parametrize("language", ["de", "fa"])
# As `make messages` names them.
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
}
TEMPLATES = sorted(
    [
        *(ROOT / "newsroom" / "templates").rglob("*.html"),
        *(ROOT / "attribution" / "jinja2").rglob("*.html"),
    ]
)


@pytest.fixture(scope="module")
def written() -> set[tuple[str, str | None]]:
    """Return every text of the main catalogue's rooms, with its context."""
    with MAPPING.open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return {
        (text if isinstance(text, str) else text[0], context)
        for _file, _line, text, _notes, context in found
    }


def _strings(translated: Any) -> list[str]:
    return [translated] if isinstance(translated, str) else list(translated or [""])


@LANGUAGES
def test_every_text_is_translated(language: str, written: set[tuple[str, str | None]]) -> None:
    kept = (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").read_bytes()
    catalogue = read_po(BytesIO(kept), locale=language)
    assert len(written) > 600
    missing = [
        text
        for text, context in written
        if (known := catalogue.get(text, context)) is None or not all(_strings(known.string))
    ]
    assert missing == []
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []


@LANGUAGES
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    folder = ROOT / "locale" / language / "LC_MESSAGES"

    def texts(catalogue: Any) -> list[tuple[str, list[str], list[str]]]:
        # Babel reads the contexts of compiled catalogues as bytes.
        return sorted(
            (at if isinstance(at := each.context or "", str) else at.decode(), *both)
            for each in catalogue
            if each.id
            for both in [(_strings(each.id), _strings(each.string))]
        )

    with (folder / "django.mo").open("rb") as file:
        compiled = texts(read_mo(file))
    assert compiled == texts(read_po(BytesIO((folder / "django.po").read_bytes()), locale=language))


def _said(module: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(module.read_text())):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]):
                if name in KEYWORDS and not name.startswith("pgettext"):
                    yield text


def test_what_a_module_says_is_collected(written: set[tuple[str, str | None]]) -> None:
    # Babel overlooks what stands within an f-string.
    rooms = [each for each in ROOT.rglob("*.py") if "migrations" not in each.parts]
    known = {text for text, _context in written}
    said = {
        text
        for module in rooms
        if module.relative_to(ROOT).parts[0] not in {"letters", "search"}
        for text in _said(module)
    }
    assert len(said) > 400
    assert said - known == set()


def test_what_a_django_template_says_is_collected(
    written: set[tuple[str, str | None]],
) -> None:
    assert ("Confirm these", None) in written  # a line
    assert ("Reviewed by <bdi>%(who)s</bdi>, %(at)s", None) in written  # a block
    assert ("%(count)s warning", None) in written  # one and many
    assert ("Reject", "a claim") in written  # with its context


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_template_says_a_word_by_itself(template: Path) -> None:
    text = template.read_text()
    text = re.sub(r"\{%\s*blocktrans(?:late)?\b.*?\{%\s*endblocktrans(?:late)?\s*%\}", "", text)
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", text, flags=re.DOTALL)
    shown = re.findall(r"\s(?:aria-label|title|placeholder|alt)=\"([^\"]*)\"", text)
    text = re.sub(r"<(kbd|script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"<(?:[^<>\"]|\"[^\"]*\")*>", " ", text)
    assert re.findall(r"[^\W\d_]{2,}", " ".join([text, *shown])) == ["nbsp"] * text.count("&nbsp;")


NOT_ITS_OWN = (
    *("script", "style", "template", "kbd", "bdi", "datalist", "textarea"),
    *("*[@lang='en']", "*[@dir='ltr']"),
    "select[@name='nested_in' or @name='register_source']/option[@value > 0]",
)


def english(page: Any, *kept: str) -> list[str]:
    """Return the Latin words that a page says itself: no names, no keys, none of the story's."""
    for each in page.xpath(" | ".join(f"//{path}" for path in NOT_ITS_OWN)):
        each.drop_tree()
    said = page.xpath("//text() | //@aria-label | //@title | //@placeholder | //@data-failed")
    words = re.findall(r"(?<![&#\w])[A-Za-z]{2,}", " ".join(said))
    return [word for word in words if word not in kept]


@pytest.fixture
def story(section: Any) -> Story:
    return story_with_claims()


@pytest.fixture
def desk(people: dict[str, User], at_desk: Callable[[str], Client]) -> Callable[[str], Client]:
    def enter(language: str) -> Client:
        UserProfile.objects.update_or_create(
            user=people["editor"], defaults={"preferred_language": language}
        )
        return at_desk("editor")

    return enter


def part(client: Client, url: str, path: str) -> Any:
    response = client.get(url, follow=True)
    assert response.status_code == 200
    found = html.fromstring(response.content.decode()).xpath(path)
    assert found
    return html.fromstring(html.tostring(found[0], encoding="unicode"))


@pytest.mark.django_db
def test_the_claims_speak_persian(story: Story, desk: Callable[[str], Client]) -> None:
    client = desk("fa")
    rows = list(StoryRelation.objects.filter(story=story).order_by("number"))
    User.objects.filter(username="editor").update(first_name="", last_name="")
    editor = User.objects.get(username="editor")
    actions.confirm(rows[:1], editor)
    actions.reject(rows[1:2], editor)
    vague = "It is relative to a publication time that is not known."
    rows[11].happened = {**(rows[11].happened or {}), "unresolved": vague}
    rows[11].save()
    page = reverse("newsroom_claims", args=[story.pk])
    names = {word for source, *_rest in CLAIMS for word in source.split()}
    terms = ("EDTF", "Escape", "Shift", *names)
    assert english(part(client, page, "//*[@id='claims']"), *terms) == []
    edit = reverse("newsroom_claims_edit", args=[story.pk, 3])
    assert english(part(client, edit, "//*[@id='claim-form']"), *terms) == []
    StoryReading.objects.filter(pk=story.pk).update(
        state=StoryReading.State.FAILED,
        reason="The analysis took more than 30 seconds and was stopped.",
    )
    assert english(part(client, page, "//*[@id='claims-head']")) == []
    checks = reverse("newsroom_checks", args=[story.pk])
    assert english(part(client, checks, "//*[contains(@class, 'checks')]")) == []


@pytest.mark.django_db
def test_the_register_speaks_persian(story: Story, desk: Callable[[str], Client]) -> None:
    client = desk("fa")
    kept = Source.objects.get(name="SANA")
    other = Source.objects.create(name="Union", slug="union", proposed=True)
    inspect = reverse("wagtailsnippets_attribution_source:inspect", args=[kept.pk])
    assert english(part(client, inspect, "//*[@class='source']"), "source", "sana") == []
    choose = reverse("newsroom_source_merge", args=[kept.pk])
    assert english(part(client, choose, "//*[@class='source']"), "SANA") == []
    confirm = reverse("newsroom_source_merge_into", args=[other.pk, kept.pk])
    found = english(part(client, confirm, "//*[@class='source']"), "SANA", "Union")
    assert found == []
    register.merge(kept, other, User.objects.get(username="editor"))
    names = ("source", "sana", "Union", "editor")
    assert english(part(client, inspect, "//*[@class='source']"), *names) == []
    policy = reverse("wagtailsettings:edit", args=["attribution", "sourcepolicy"])
    administrator = User.objects.get(username="administrator")
    UserProfile.objects.create(user=administrator, preferred_language="fa")
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    form = part(client, policy, "//section[contains(@class, 'w-panel')]/..")
    # Wagtail's own words, which it has not in Persian.
    assert english(form, "Toggle", "section") == []


@pytest.mark.django_db
def test_the_wire_speaks_persian(story: Story, desk: Callable[[str], Client]) -> None:
    client = desk("fa")
    coast = Channel.objects.create(name="Coast", address="https://wire.example/feed")
    told: dict[str, Any] = {
        "headline": "آب کم است",
        "language": "fa",
        "agencies": ("ایرنا",),
        "channel": coast,
    }
    enter("urn:1", "آب کم است.", version="1", **told)
    item = enter("urn:1", "آب در سه شهر کم است.", version="2", urgency=2, **told)
    alert = StoryAlert.objects.create(story=story, item=item.item, kind=StoryAlert.Kind.KILL)
    pages = {
        "newsroom_wire": ([], {"fa", "Coast", "Enter"}),
        "newsroom_wire_item": (
            [item.pk],
            {"World", "fa", "SHA", "NewsML", "urn", "wire", "xml"}
            | set(re.findall("[a-f]+", item.item.sha256)),
        ),
        "newsroom_wire_add": ([item.pk], set(story.headline.split())),
        "newsroom_wire_alert": ([alert.pk], set()),
        "wagtailsnippets_wire_channel:inspect": ([coast.pk], {"Coast", "https", "wire", "example"}),
    }
    for name, (keys, kept) in pages.items():
        shown = part(client, reverse(name, args=keys), "//div[starts-with(@class, 'wire')]")
        assert english(shown, *kept) == [], name
