"""What stands above and below a page, which thousands of pages share to the letter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.template import engines
from markupsafe import Markup

from broadsheet.press.frame import Frame


def top(frame: Frame, kind: str, printed_day: str, canonical: str) -> Markup:
    """Return what stands above the page at ``canonical``, in the frame's language.

    That one must be active, as it is while a page is drawn (``press.render``).
    """
    here = canonical if any(link.url == canonical for link in frame.sections) else ""
    return _top(frame, kind, printed_day, here)


# A frame is the same object for as long as all that it is made of stays as it is.
@lru_cache(maxsize=512)
def _top(frame: Frame, kind: str, printed_day: str, here: str) -> Markup:
    return _drawn("press/top.html", frame=frame, kind=kind, printed_day=printed_day, here=here)


def links(frame: Frame, of_a_front: bool, feeds: Sequence[str]) -> Markup:
    """Return what the head of a page links to: its ``feeds``, after the paper's own, and assets."""
    return _links(frame, of_a_front, tuple(feeds))


@lru_cache(maxsize=512)
def _links(frame: Frame, of_a_front: bool, feeds: tuple[str, ...]) -> Markup:
    return _drawn("press/links.html", frame=frame, of_a_front=of_a_front, feeds=feeds)


@lru_cache(maxsize=128)
def foot(frame: Frame) -> Markup:
    """Return what stands below a page, in the frame's language, which must be active."""
    return _drawn("press/foot.html", frame=frame)


def _drawn(template: str, **context: object) -> Markup:
    env: Any = engines["jinja2"]
    return Markup(env.env.get_template(template).render(context))  # noqa: S704 - it escapes
