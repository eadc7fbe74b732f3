"""The forms of what stories are filed by."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "kind", ["stories_section", "stories_topic", "stories_agency", "accounts_byline"]
)
def test_the_name_is_an_ordinary_field_that_still_fills_in_the_slug(
    kind: str, at_desk: Callable[[str], Client]
) -> None:
    response = at_desk("administrator").get(reverse(f"wagtailsnippets_{kind}:add"))
    page = html.fromstring(response.content.decode())
    (field,) = page.xpath("//input[@name='name']")
    assert page.xpath(f"//label[@for='{field.get('id')}']")
    # Wagtail draws neither the heading nor the box of a panel of this class.
    assert not field.xpath("ancestor::*[contains(concat(' ', @class, ' '), ' title ')]")
    assert "w-sync" in field.get("data-controller", "")
