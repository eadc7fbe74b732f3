from pathlib import Path

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "broadsheet.letters"
    label = "letters"
    verbose_name = _("Letters")

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from broadsheet.letters import drawing, receivers, script_words
        from broadsheet.letters.models import Ban, Letter
        from broadsheet.letters.permissions import MadeFromLetters, ReadersWords
        from broadsheet.press import assets, parts

        register_permission_policy(Letter, ReadersWords(Letter))
        register_permission_policy(Ban, MadeFromLetters(Ban))
        for file in sorted((Path(__file__).parent / "assets").iterdir()):
            assets.register(file.name, file, words=script_words.SAID.get(file.name, ()))
        parts.register("letters", drawing.story_part)
        receivers.connect()
