from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsstandConfig(AppConfig):
    name = "broadsheet.newsstand"
    label = "newsstand"
    verbose_name = _("Newsstand")

    def ready(self) -> None:
        from broadsheet.newsstand import policy, probes, standing_duties
        from broadsheet.press import shared_store

        standing_duties.register_all()
        probes.register_all()
        # Whoever serves pressed files from the store is to send what the newsstand sends.
        shared_store.serve_with(policy.content_type, policy.cache_control)
