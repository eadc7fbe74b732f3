from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttributionConfig(AppConfig):
    name = "broadsheet.attribution"
    label = "attribution"
    verbose_name = _("Attribution")

    def ready(self) -> None:
        from broadsheet.attribution import export, receivers
        from broadsheet.attribution.reader_view import registering

        receivers.connect()
        registering.connect()
        export.connect()
