"""The second factor: obligatory for everyone where the paper says so."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class TwoFactorMiddleware:
    """Sends whoever is in the newsroom without a second factor to set one up, and nowhere else.

    Acts only where ``BROADSHEET_TWO_FACTOR`` is set. Asking for the factor at login is
    allauth's; this is for those who have none yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the way to the set-up page, or hand the request on."""
        if self._must_set_up(request):
            messages.warning(
                request, _("This newsroom asks for a second factor. Set one up to go on.")
            )
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _must_set_up(self, request: HttpRequest) -> bool:
        home = reverse("wagtailadmin_home")
        if not settings.TWO_FACTOR_REQUIRED or not request.path.startswith(home):
            return False
        open_to_all = (
            reverse("mfa_index"),
            reverse("account_login"),
            reverse("account_logout"),
            reverse("account_reauthenticate"),
            reverse("wagtailadmin_javascript_catalog"),
        )
        if request.path.startswith(open_to_all):
            return False
        user = request.user
        return user.is_authenticated and not is_mfa_enabled(user, _FACTORS)
