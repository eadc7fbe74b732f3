"""The environment of the tests: a home of their own.

A plugin (``-p tests.environment`` in pyproject.toml), because pytest-django loads the settings
before any conftest is read: there it would be too late, and the tests would work on whatever
home the shell names.
"""

from __future__ import annotations

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
    del os.environ[_name]
os.environ["BROADSHEET_HOME"] = tempfile.mkdtemp(prefix="broadsheet-test-")
os.environ["BROADSHEET_LANGUAGES"] = "en,fa,de"
os.environ["BROADSHEET_SECRET_KEY"] = "for tests only " + "x" * 50

# Playwright's synchronous interface keeps an event loop in the thread; Django would refuse to
# touch the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
