"""Every address Django answers. What was pressed never comes here: the newsstand has it."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from broadsheet.newsstand.media import media

urlpatterns = [
    path("newsroom/media/<path:path>", media),
    path("newsroom/", include("broadsheet.newsroom.urls")),
    path("newsroom/", include(wagtailadmin_urls)),
    path("letters/", include("broadsheet.letters.urls")),
    path("search/", include("broadsheet.search.urls")),
    path("", include("broadsheet.newsstand.urls")),
]

handler400 = "broadsheet.newsstand.refusals.bad_request"
handler403 = "broadsheet.newsstand.refusals.forbidden"
handler404 = "broadsheet.newsstand.refusals.absent"
handler500 = "broadsheet.newsstand.refusals.failed"
