from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_SAYS = """
import sys
import django
django.setup()
from django.apps import apps
loaded = {"ninja", "pydantic", "rest_framework", "wagtail.api.v3.api"} & set(sys.modules)
parts = [apps.get_app_config(name).name for name in
         ("wagtailimages", "wagtaildocs", "wagtailsnippets", "wagtailredirects")]
print(sorted(loaded), *parts)
"""


def test_what_the_newsroom_has_no_address_for_is_not_loaded(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", _SAYS],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "broadsheet.settings",
            "BROADSHEET_HOME": str(tmp_path),
            "BROADSHEET_SECRET_KEY": "for a test only " + "x" * 50,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split("\n")[0] == (
        "[] wagtail.images wagtail.documents wagtail.snippets wagtail.contrib.redirects"
    )
