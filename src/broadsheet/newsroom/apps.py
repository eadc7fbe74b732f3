from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "broadsheet.newsroom"
    label = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        from broadsheet.newsroom import gate, moved_addresses
        from broadsheet.newsroom.seeding import seed_after_migrate
        from broadsheet.wire.ahead import work_ahead

        post_migrate.connect(seed_after_migrate, sender=self)
        moved_addresses.connect()
        gate.connect()
        work_ahead("words", "broadsheet.newsroom.importing.ahead.words_of")
