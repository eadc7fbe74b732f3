"""The newsroom's pictures and documents as uploaded, for staff only.

Readers never come here: what they see of a picture is pressed.
"""

from __future__ import annotations

import mimetypes

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# An uploaded SVG or HTML file is opened without scripts and as a stranger.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


def _in_home(request: HttpRequest, path: str) -> HttpResponseBase:
    return serve(request, path, document_root=str(settings.MEDIA_ROOT))


def _stored(path: str) -> HttpResponseBase:
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    try:
        return FileResponse(default_storage.open(path), content_type=kind)
    except (FileNotFoundError, SuspiciousOperation) as error:
        raise Http404(path) from error


@require_safe
@csp_exempt()  # type: ignore[arg-type] # typed for views without arguments
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Return the uploaded file at ``path`` below the media folder.

    Sends who is not logged in to the login page; raises ``PermissionDenied`` for a login that
    may not enter the newsroom and ``Http404`` where there is no such file.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    response = _stored(path) if settings.MEDIA_STORE else _in_home(request, path)
    response["Cache-Control"] = "private, max-age=600"
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response
