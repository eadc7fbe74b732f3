"""What stands on a front now, beside what the desk chooses for it."""

from __future__ import annotations

from typing import Any

from wagtail.admin.panels import Panel

from broadsheet.newsroom.desk.story_list import headline
from broadsheet.press import listings

# The top of the front, not all of it.
ROWS = 12


class FrontNowPanel(Panel):
    """The first stories of a front as readers see it, the desk's choices marked."""

    class BoundPanel(Panel.BoundPanel):
        """The panel on one front's form."""

        template_name = "newsroom/front_now.html"

        def rows(self) -> list[dict[str, Any]]:
            """Return what the front shows, in its order; nothing for a front not yet saved."""
            front = self.instance
            if front.pk is None:
                return []
            chosen = {placement.story_id for placement in front.placements.all()}
            return [
                {"headline": headline(story), "story": story, "chosen": story.pk in chosen}
                for story in listings.front(front.section, front.language)[:ROWS]
            ]
