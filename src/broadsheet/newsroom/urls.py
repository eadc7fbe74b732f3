"""Addresses of the newsroom that stand before Wagtail's own.

Allauth's pages come first, so that there is one way to log in: its ``login/`` and ``logout/``
stand where Wagtail's would.
"""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
]
