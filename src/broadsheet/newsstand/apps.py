from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsstandConfig(AppConfig):
    name = "broadsheet.newsstand"
    label = "newsstand"
    verbose_name = _("Newsstand")

    def ready(self) -> None:
        from broadsheet.newsstand import standing_duties

        standing_duties.register_all()
