"""``broadsheet createadmin``: makes an administrator of the newsroom."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from broadsheet.accounts.models import User
from broadsheet.newsroom.roles import ADMINISTRATORS
from broadsheet.settings import read


class Command(BaseCommand):
    """Make an administrator."""

    help = (
        "Makes an administrator of the newsroom. Asks for what is not given; without a terminal "
        "the password comes from BROADSHEET_ADMIN_PASSWORD or the first line of standard input. "
        "A weak password is refused."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("--username", help="the name to log in with")
        parser.add_argument("--email", default="", help="for resetting the password")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the administrator, or say what is wrong."""
        asking = sys.stdin.isatty()
        username = options["username"] or (self._ask("Username: ") if asking else "")
        if not username:
            raise CommandError("Give the name to log in with: --username NAME")
        email = options["email"] or (
            self._ask("E-mail (may stay empty): ") if asking and not options["username"] else ""
        )
        user = User(username=username, email=email, is_superuser=True, is_staff=True)
        typed = asking and not settings.ADMIN_PASSWORD
        try:
            user.full_clean(exclude=["password"])
            password = settings.ADMIN_PASSWORD or (
                getpass.getpass("Password: ") if typed else sys.stdin.readline().rstrip("\r\n")
            )
            validate_password(password, user)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if typed and getpass.getpass("Once more: ") != password:
            raise CommandError("The two passwords differ.")
        user.set_password(password)
        with transaction.atomic():
            user.save()
            group = Group.objects.filter(name=ADMINISTRATORS).first()
            if group is not None:
                user.groups.add(group)
        # Until somebody settles an address, the setting only guesses one.
        known = read("BROADSHEET_BASE_URL") or Path(settings.BASE_URL_FILE).is_file()
        where = f"{settings.BASE_URL}/newsroom/" if known else "/newsroom/ on the paper's address"
        self.stdout.write(f"{username} may log in at {where} once the paper is served.")

    @staticmethod
    def _ask(question: str) -> str:
        return input(question).strip()
