"""Makes the sections named on the command line, in the paper of the environment."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Make them, in the order they are named."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
    import django

    django.setup()
    from django.utils.text import slugify

    from broadsheet.stories.models import Section

    for name in sys.argv[1:]:
        Section.objects.get_or_create(slug=slugify(name), defaults={"name": name})


if __name__ == "__main__":
    main()
