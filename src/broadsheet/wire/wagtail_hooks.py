"""Gives the wire's own entries in a story's history their names."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    """Name what agencies do to copy that a story was made of."""
    actions.register_action(
        "wire.kill", _("Withdrawn by the agency"), _("The agency withdrew copy this is made of")
    )
    actions.register_action(
        "wire.correction", _("Corrected by the agency"), _("The agency sent a correction")
    )
    actions.register_action(
        "wire.update", _("Updated by the agency"), _("The agency sent a newer version")
    )
