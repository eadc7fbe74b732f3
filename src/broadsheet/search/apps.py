from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "broadsheet.search"
    label = "search"
    verbose_name = _("Search")

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_migrate, post_save
        from wagtail.signals import published, unpublished

        from broadsheet.press import assets
        from broadsheet.search import receivers
        from broadsheet.stories.models import Story

        published.connect(
            receivers.publication_changed, sender=Story, dispatch_uid="search.published"
        )
        unpublished.connect(
            receivers.publication_changed, sender=Story, dispatch_uid="search.unpublished"
        )
        post_save.connect(receivers.story_saved, sender=Story, dispatch_uid="search.saved")
        post_delete.connect(receivers.story_deleted, sender=Story, dispatch_uid="search.deleted")
        post_migrate.connect(receivers.refill, sender=self, dispatch_uid="search.refill")
        assets.register("search.css", Path(__file__).parent / "assets" / "search.css")
