from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Page

from broadsheet.stories.models import Section, StandingPage
from broadsheet.stories.reserved_slugs import validate_page_slug, validate_section_slug


@pytest.mark.parametrize("slug", ["archive", "news", "fa", "en", "newsroom", "Search", "by"])
def test_a_page_cannot_stand_where_the_paper_does(slug: str) -> None:
    with pytest.raises(ValidationError):
        validate_page_slug(slug)


@pytest.mark.parametrize("slug", ["all", "fa", "de", "topic"])
def test_a_section_cannot_take_the_name_of_a_feed(slug: str) -> None:
    with pytest.raises(ValidationError):
        Section(name="X", slug=slug).full_clean()


def test_usual_names_are_free() -> None:
    validate_page_slug("about")
    validate_section_slug("world")


@pytest.mark.django_db
def test_the_form_of_a_page_says_so_at_the_slug() -> None:
    page = StandingPage(title="Archive", slug="archive", path="00010009", depth=2)
    with pytest.raises(ValidationError) as caught:
        page.full_clean()
    assert "slug" in caught.value.message_dict


@pytest.mark.django_db
def test_a_standing_page_tells_its_pressed_address() -> None:
    root = Page.objects.get(depth=2)
    page = root.add_child(instance=StandingPage(title="About", slug="about"))
    assert page.get_absolute_url() == "/about/"
    assert page.full_url.endswith("/about/")
