"""Drawing a template as a whole page, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import engines
from django.utils import translation

from broadsheet.press.frame import Frame, frame_for

# What the page around every block may ask for; a caller gives what it has.
_UNSAID: dict[str, object] = {
    "title": "",
    "description": "",
    "kind": "inside",
    "canonical": "",
    "alternates": (),
    "feeds": (),
    "robots": "",
    "printed_day": "",
}


def render(template: str, context: Mapping[str, object], *, language: str) -> str:
    """Return ``template`` drawn with ``context`` for readers of ``language``.

    Templates extend ``press/page.html`` and fill its blocks ``title``, ``head`` and ``main``.
    Besides ``context`` they get ``frame``, the paper's own particulars. Raises
    ``jinja2.UndefinedError`` where a template asks for what the context does not give.
    """
    frame = context.get("frame")
    if not isinstance(frame, Frame):
        frame = frame_for(language)
    env: Any = engines["jinja2"]
    whole = {**_UNSAID, **context, "frame": frame, "base_url": settings.BASE_URL}
    with translation.override(frame.chrome):
        return str(env.env.get_template(template).render(whole))
