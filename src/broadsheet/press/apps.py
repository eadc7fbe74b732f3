from dataclasses import replace
from functools import partial

from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    name = "broadsheet.press"
    label = "press"
    verbose_name = _("Press")

    def ready(self) -> None:
        """Make every kind of sheet pressable, and listen to what changes the paper."""
        from broadsheet import troubles
        from broadsheet.press import (
            assets,
            dependents,
            feeds,
            list_sheets,
            pages,
            photos,
            receivers,
            shared_store,
            sheets,
            sitemaps,
            store_trouble,
            story_sheets,
        )
        from broadsheet.stories import previews

        for kind in (
            story_sheets.STORY,
            # Small and asked for by every page, so packed as tightly as can be.
            replace(
                assets.KIND, all_keys=lambda: (sheet.key for sheet in assets.sheets()), brotli=11
            ),
            photos.KIND,
            *list_sheets.KINDS,
            story_sheets.NINJS,
            feeds.KIND,
            *sitemaps.KINDS,
        ):
            sheets.register(kind)
        if settings.PRESS_STORE is not None:
            troubles.register("store", shared_store.silence)
            troubles.register("mirror", partial(store_trouble.reason, "mirror"))
        dependents.register(story_sheets.shown_on)
        previews.register(pages.preview_page)
        previews.register_page(pages.preview_standing_page)
        receivers.connect()
