"""What the newsroom's permissions mean for words that are not its own."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy


class ReadersWords(ModelPermissionPolicy):
    """Nobody writes or rewrites a reader's letter in the newsroom.

    Django's permission ``letters.change_letter`` is the right to approve and reject, which
    ``letters.actions`` asks for itself; here, where Wagtail asks whether to offer its editor,
    the answer is no.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether Wagtail may offer ``action`` to ``user``."""
        return action not in ("add", "change") and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Tell whether ``user`` may do any of ``actions``: who may decide may look as well."""
        asked = set(actions) | ({"view"} if "change" in actions else set())
        if "view" in asked and user.has_perm("letters.change_letter"):
            return True
        return any(self.user_has_permission(user, action) for action in asked)


class MadeFromLetters(ModelPermissionPolicy):
    """A ban is made from a letter, which says on whom; no form could.

    Django's permission ``letters.add_ban`` is the right to do that, which ``letters.actions``
    asks for itself.
    """

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Tell whether Wagtail may offer ``action`` to ``user``."""
        return action != "add" and bool(super().user_has_permission(user, action))
