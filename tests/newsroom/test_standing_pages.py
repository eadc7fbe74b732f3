"""Standing pages as the newsroom edits them."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from broadsheet.stories.models import StandingPage

pytestmark = pytest.mark.django_db


def test_an_editor_writes_a_page_and_publishes_it(at_desk: Callable[[str], Client]) -> None:
    root = Page.objects.get(depth=2)
    client = at_desk("editor")
    address = reverse("wagtailadmin_pages:add", args=["stories", "standingpage", root.pk])
    form = client.get(address).content.decode()
    assert 'name="language"' in form
    assert 'id="panel-child-write-body' in form
    response = client.post(
        address,
        {
            "title": "About",
            "slug": "about",
            "language": "en",
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "paragraph",
            "body-0-value": json.dumps(
                {"blocks": [{"text": "Who we are.", "type": "unstyled"}], "entityMap": {}}
            ),
            "action-publish": "action-publish",
        },
    )
    assert response.status_code == 302
    page = StandingPage.objects.live().get(slug="about")
    assert "Who we are." in str(page.body)
