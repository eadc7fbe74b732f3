"""The ``broadsheet`` command: Django's management commands, with this paper's settings."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import Any

from django.conf import settings
from django.core.management import ManagementUtility, get_commands, load_command_class
from django.db.utils import DatabaseError

from broadsheet import databases, logs, plain_output
from broadsheet.attribution import commandline

# Ours, as one meets them; everything else is Django's and Wagtail's.
_GROUPS = {
    "Open a paper": ("demo", "init", "createadmin", "serve", "worker"),
    "Fill it": ("import", "poll", "attribute", "sources"),
    "Press it": ("press", "withdraw", "search"),
    "Keep it": ("check", "backup", "restore", "export"),
}
# These run until they are stopped, and what they write is a server's log.
_STAY = frozenset({"demo", "serve", "worker"})
# These work on a paper that is there; the others make one, or say themselves what is missing.
_IN_A_HOME = frozenset({"createadmin", "export", "import", "press", "search", "sources"})
_REFUSED = 2


class Utility(ManagementUtility):
    """Django's utility, whose help shows what a newspaper needs first."""

    def main_help_text(self, commands_only: bool = False) -> str:
        """Return the text of ``broadsheet help``; with ``commands_only``, just the names."""
        if commands_only:
            return str(super().main_help_text(commands_only=True))
        known = get_commands()
        lines = ["broadsheet: a newspaper from wire copy to pressed pages", ""]
        for title, names in _GROUPS.items():
            lines.append(title)
            lines += [
                f"  {name:<13}{_first_sentence(known[name], name)}"
                for name in names
                if known.get(name, "").startswith("broadsheet.")
            ]
            lines.append("")
        ours = {name for names in _GROUPS.values() for name in names}
        others = ", ".join(sorted(set(known) - ours))
        lines += [
            "`broadsheet COMMAND --help` tells more. Settings come from the environment, see "
            "docs/settings.md.",
            "",
            "Django's and Wagtail's own commands",
            textwrap.fill(others, 98, initial_indent="  ", subsequent_indent="  "),
        ]
        return "\n".join(lines)

    def fetch_command(self, subcommand: str) -> Any:
        """Return the command, unless it needs a home and there is none: then say so and exit."""
        if subcommand in _IN_A_HOME and not {"-h", "--help"} & set(self.argv):
            from broadsheet.newsstand import home  # late: the help needs no settings

            if not home.is_initialised():
                sys.stderr.write(
                    f"{settings.HOME} is not prepared. Run `broadsheet init`, or set "
                    "BROADSHEET_HOME to the folder where it was run.\n"
                )
                sys.exit(_REFUSED)
        return super().fetch_command(subcommand)


def _first_sentence(app: str, name: str) -> str:
    text = " ".join(str(load_command_class(app, name).help).split())
    sentence, dot, _ = text.partition(". ")
    return sentence + (dot.strip() or "")


def main() -> None:
    """Run the command named on the command line; exits with its status."""
    plain_output.for_any_terminal()
    if sys.argv[1:2] == ["attribute"]:
        # It needs no paper, and starts in a fraction of the time without one.
        sys.exit(commandline.main(sys.argv[2:]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.settings")
    if sys.argv[1:2] == ["demo"]:
        # Settings are read once, before any command runs.
        os.environ.setdefault("BROADSHEET_DEMO", "true")
        os.environ.setdefault("BROADSHEET_HOME", "demo-home")
        # The logins stay in sight in the terminal.
        os.environ.setdefault("BROADSHEET_REQUEST_LOG", "none")
    if sys.argv[1:2] and sys.argv[1] not in _STAY:
        logs.for_a_command_by_hand()
    try:
        Utility(["broadsheet", *sys.argv[1:]]).execute()
    except DatabaseError as error:
        if not databases.cannot_be_reached(error):
            raise
        from broadsheet.newsstand import home  # late: the help needs no settings

        sys.stderr.write(f"The database {home.database_name()} cannot be reached: {error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
