"""Addresses of the newsroom that stand before Wagtail's own.

Allauth's pages come first, so that there is one way to log in: its ``login/`` and ``logout/``
stand where Wagtail's would. So does what is done to many at once.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import never_cache

from broadsheet.newsroom.desk.whole_list import bulk_action

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("bulk/<str:app_label>/<str:model_name>/<str:action>/", never_cache(bulk_action)),
]
