"""What does not work at the moment, in words for those who write and publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from broadsheet.newsstand import outages
from broadsheet.newsstand.outages import Outage


def sentence(outage: Outage) -> str:
    """Return what ``outage`` means for the newsroom, and what it need not worry about."""
    says = {
        "store": _(
            "The store of the pages has not answered for %(time)s. What you publish, change or "
            "withdraw is kept and waits; readers see the pages from before. Nothing has to be "
            "done twice."
        ),
        "workers": _(
            "Nothing has been heard of the paper’s background worker for %(time)s. Stories are "
            "pressed when you publish them; what is scheduled, and changes to many pages, waits."
        ),
        "mirror": _(
            "The readers of “%(node)s” have seen older pages for %(time)s. It catches up by "
            "itself when it can."
        ),
        "node": _(
            "“%(node)s” was last heard of %(time)s ago. The other machines of the paper do its "
            "work."
        ),
        "cache": _(
            "The cache has not answered for %(time)s. Attempts to log in are counted in the "
            "database meanwhile; nothing else changes."
        ),
        "bell": _(
            "The machines of the paper have not been able to wake each other for %(time)s. Pages "
            "change a second later."
        ),
    }
    return says[outage.kind] % {"node": outage.node, "time": timesince(outage.since)}


class OutagesPanel(Component):
    """Everything that does not work now, for everyone in the newsroom; absent on a good day."""

    template_name = "newsroom/dashboard_outages.html"
    order = 10

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        """Return a sentence for each outage."""
        return {"sentences": [sentence(outage) for outage in outages.present()]}
