"""What operators and their monitors ask: /healthz, /readyz, /metrics."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.crypto import constant_time_compare
from prometheus_client import CONTENT_TYPE_LATEST

from broadsheet.newsstand import figures, readiness

log = structlog.get_logger("broadsheet.serve")

Answer = Callable[[HttpRequest], HttpResponse]


def answer_operators(get_response: Answer) -> Answer:
    """Answer the three addresses before any other middleware; a Django middleware."""
    views: dict[str, Answer] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def answer(request: HttpRequest) -> HttpResponse:
        view = views.get(request.path_info)
        if view is None or request.method not in {"GET", "HEAD"}:
            return get_response(request)
        response = view(request)
        response["Cache-Control"] = "no-store"
        return response

    return answer


def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process is alive; asks nothing else."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether the paper works, check by check; 503 where one fails that it needs.

    Why is said to operators only: a reason can hold paths and what a library reports.
    """
    checks = readiness.checks()
    why = _is_operator(request)
    ready = all(check.ok for check in checks if check.needed)
    answer = JsonResponse(
        {
            "ready": ready,
            "checks": {
                check.name: {
                    "ok": check.ok,
                    **({"reason": check.reason} if check.reason and why else {}),
                    **({} if check.needed else {"needed": False}),
                }
                for check in checks
            },
        },
        status=200 if ready else 503,
    )
    if not ready:
        # Django would log an error: but who asks is told, and a paper that is opening is not ill.
        answer._has_been_logged = True  # type: ignore[attr-defined]
        reasons = {check.name: check.reason for check in checks if not check.ok}
        log.info("not ready", **reasons)
    return answer


def metrics(request: HttpRequest) -> HttpResponse:
    """Return the figures, to this machine or to who sends the token."""
    if not _is_operator(request):
        return HttpResponseForbidden(
            "Metrics are read from this machine, or with BROADSHEET_METRICS_TOKEN.\n",
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(figures.exposition(), content_type=CONTENT_TYPE_LATEST)


def _is_operator(request: HttpRequest) -> bool:
    return _sends_token(request) or _is_this_machine(request)


def _sends_token(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    return bool(token) and constant_time_compare(sent, f"Bearer {token}")


def _is_this_machine(request: HttpRequest) -> bool:
    # Behind a proxy on this machine every reader in the world comes from loopback; the headers
    # a proxy adds give it away.
    if any(
        name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
    ):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    # As a socket for both versions has those of version 4.
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
