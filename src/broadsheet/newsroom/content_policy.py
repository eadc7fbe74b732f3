"""What pages of the newsroom may load, apart from what readers' pages may."""

from __future__ import annotations

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

# Wagtail's forms start their widgets from scripts in the page (inline_panel.html,
# date_input.html), without a nonce. Nothing a reader wrote is ever shown there as markup.
NEWSROOM = {
    "default-src": ["'self'"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'self'"],
    "form-action": ["'self'"],
    # The preview is a frame of the newsroom's own.
    "frame-ancestors": ["'self'"],
}


class ContentPolicyMiddleware(CSPMiddleware):
    """django-csp, with one policy for the newsroom and the settings' for all else."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Return the policy for where the request leads."""
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and _is_newsroom(request):
            parts.config = NEWSROOM
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the policy.

        A preview went through here before, as if a reader had asked for it; what it may load
        and who may frame it is the newsroom's to say. An upload keeps the sandbox it comes with.
        """
        if _is_newsroom(request) and not getattr(response, "_csp_exempt", False):
            del response[HEADER]
        return super().process_response(request, response)


def _is_newsroom(request: HttpRequest) -> bool:
    return request.path.startswith(reverse("wagtailadmin_home"))
