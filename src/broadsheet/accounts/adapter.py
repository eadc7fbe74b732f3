"""How people get in: only with an account that an administrator made."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Allauth's adapter for a newsroom: nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse: an account is made by an administrator."""
        return False
