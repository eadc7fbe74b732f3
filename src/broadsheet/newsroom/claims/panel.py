"""What the form of a story shows of its claims: how many, the first of them, the way to all."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.urls import reverse
from wagtail.admin.panels import Panel

from broadsheet.newsroom.claims import listing, state

# For every panel that changes after a save. Wagtail puts it before the form; it waits for that.
ASKED_AGAIN: Any = Script("newsroom/asked_again.js", defer=True)


class ClaimsPanel(Panel):
    """Suggestions beside the text; a script fills them in once a saved text has been read."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one story's form."""

        template_name = "newsroom/story_claims.html"

        @property
        def media(self) -> forms.Media:
            """The script that asks again, and the style."""
            return forms.Media(js=[ASKED_AGAIN], css={"all": ["newsroom/claims.css"]})

        @cached_property
        def seen(self) -> listing.Overview:
            """The story's claims, as of its newest version."""
            return listing.overview(self.instance, self.request.user)

        @cached_property
        def state(self) -> state.Told:
            """How far its text has been read."""
            return state.told(self.seen)

        @property
        def here(self) -> str:
            """Where its claims are decided on."""
            return reverse("newsroom_claims", args=[self.instance.pk])
