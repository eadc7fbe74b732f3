"""The ``broadsheet`` command: Django's management commands, with this paper's settings."""

from __future__ import annotations

import os
import sys

from django.core.management import ManagementUtility


def main() -> None:
    """Run the command named on the command line; exits with its status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.settings")
    ManagementUtility(["broadsheet", *sys.argv[1:]]).execute()


if __name__ == "__main__":
    main()
