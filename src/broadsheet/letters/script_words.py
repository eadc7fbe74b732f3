"""What this room's scripts say, by the script; the press puts it into them in each language."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SAID = {
    "letters.js": (
        _("A new key is shown."),
        _("One moment, your comment is being sent."),
        _("No new key could be fetched. Try again in a moment."),
    )
}
