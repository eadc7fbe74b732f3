"""The environment of the tests: a home of their own.

A plugin (``-p tests.environment`` in pyproject.toml), because pytest-django loads the settings
before any conftest is read: there it would be too late, and the tests would work on whatever
home the shell names.
"""

from __future__ import annotations

import atexit
import os
import sys
import tempfile
from pathlib import Path

for _name in [name for name in os.environ if name.startswith("BROADSHEET_")]:
    del os.environ[_name]
# The same tests on PostgreSQL: TEST_ON=postgresql (`make test-postgres`). The processes of a run
# share the server of the first, and have databases of their own in it.
if os.environ.get("TEST_ON") == "postgresql":
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # Before pytest has read its pythonpath.
        sys.path.insert(0, str(Path(__file__).parent))
        import private_postgresql

        _server = private_postgresql.running()
        os.environ["DATABASE_URL"] = _server.__enter__().url("paper")
        atexit.register(_server.__exit__, None, None, None)
else:
    os.environ.pop("DATABASE_URL", None)
for _name in ("CACHE_URL", "TASKS_URL", "PRESS_URL", "MEDIA_URL"):
    os.environ.pop(_name, None)
os.environ["BROADSHEET_HOME"] = tempfile.mkdtemp(prefix="broadsheet-test-")
os.environ["BROADSHEET_LANGUAGES"] = "en,fa,de"
os.environ["BROADSHEET_SECRET_KEY"] = "for tests only " + "x" * 50

# Playwright's synchronous interface keeps an event loop in the thread; Django would refuse to
# touch the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
