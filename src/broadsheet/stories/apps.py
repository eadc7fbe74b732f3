from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from broadsheet import databases


class StoriesConfig(AppConfig):
    name = "broadsheet.stories"
    label = "stories"
    verbose_name = _("Stories")

    def ready(self) -> None:
        connection_created.connect(databases.prepare)
