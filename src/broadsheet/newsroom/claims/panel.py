"""What the form of a story shows of its claims: how many, the first of them, the way to all."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from wagtail.admin.panels import Panel

from broadsheet.newsroom.claims import listing, state


class ClaimsPanel(Panel):
    """Suggestions beside the text; a script fills them in once a saved text has been read."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one story's form."""

        template_name = "newsroom/story_claims.html"

        @property
        def media(self) -> forms.Media:
            """The script that asks again, and the style."""
            return forms.Media(
                js=["newsroom/claims_panel.js"], css={"all": ["newsroom/claims.css"]}
            )

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

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Return what the template is drawn from."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context
