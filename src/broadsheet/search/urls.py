"""Addresses of the search that Django answers."""

from __future__ import annotations

from django.urls import path

from broadsheet.search import views

urlpatterns = [
    path("", views.page, name="search"),
    path("opensearch.xml", views.description, name="search-description"),
]
