"""The newsroom's clock: the paper's time zone, unless somebody chose another for themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from wagtail.users.models import UserProfile

from broadsheet.stories.models import Paper


class PaperTimeMiddleware:
    """Tells Wagtail the paper's time zone for whoever has not chosen one.

    Wagtail asks the user's profile and falls back on ``settings.TIME_ZONE``, which is UTC, and
    not the paper's own (wagtail.admin.localization.get_localized_response, Wagtail 8.0). What
    is set here lives as long as the request and is never stored.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on, for somebody whose clock is set."""
        if request.path.startswith(reverse("wagtailadmin_home")) and request.user.is_authenticated:
            profile = getattr(request.user, "wagtail_userprofile", None)
            if profile is None:
                profile = UserProfile(user=request.user)
            if not profile.current_time_zone:
                zone = Paper.load(request_or_site=request).time_zone
                # Picklable: Wagtail caches renditions, whose picture knows who uploaded it.
                profile.get_current_time_zone = partial(str, zone)
        return self.get_response(request)
