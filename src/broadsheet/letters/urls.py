"""Addresses of the letters that Django answers. Keys stand apart, so that robots leave them be."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from broadsheet.letters import key_views, views

app_name = "letters"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<int:news_id>/", views.letters, name="story"),
    path("<int:news_id>/thanks/", views.thanks, name="thanks"),
    path("keys/<int:news_id>/<str:key_id>.png", key_views.picture, name="picture"),
    path("keys/<int:news_id>/<str:key_id>.wav", key_views.sound, name="sound"),
    path("keys/<int:news_id>/<str:key_id>.json", key_views.challenge, name="challenge"),
]
