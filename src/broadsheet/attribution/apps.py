from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttributionConfig(AppConfig):
    name = "broadsheet.attribution"
    label = "attribution"
    verbose_name = _("Attribution")

    def ready(self) -> None:
        from broadsheet.attribution import export, receivers

        receivers.connect()
        export.connect()
