"""What the history of a source says of the actions of this room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter


class Merged(LogFormatter):
    """Two sources were made one, told in the history of each."""

    label = gettext_lazy("Merge")

    def format_message(self, log_entry: Any) -> str:
        """Say which other source it was."""
        said = _("Merged into “%(kept)s”")
        if log_entry.data.get("this") == "kept":
            said = _("“%(given_up)s” was merged into this source")
        return str(said % log_entry.data)


class TakenApart(LogFormatter):
    """A merge was taken back, told in the history of both sources."""

    label = gettext_lazy("Take a merge back")

    def format_message(self, log_entry: Any) -> str:
        """Say which other source it was."""
        said = _("The merge into “%(kept)s” was taken back")
        if log_entry.data.get("this") == "kept":
            said = _("The merge of “%(given_up)s” into this source was taken back")
        return str(said % log_entry.data)


@hooks.register("register_log_actions")
def log_actions(registry: Any) -> None:
    """Name what the history says."""
    registry.register_action(
        "attribution.source.accept", gettext_lazy("Accept"), gettext_lazy("Looked at and accepted")
    )
    registry.register_action("attribution.source.merge")(Merged)
    registry.register_action("attribution.source.unmerge")(TakenApart)
