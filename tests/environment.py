"""The environment of the tests: a home of their own.

A plugin (``-p tests.environment`` in pyproject.toml), because pytest-django loads the settings
before any conftest is read: there it would be too late, and the tests would work on whatever
home the shell names.
"""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path

# The processes of a run have homes within that of the first, which takes them all away.
_first_home = os.environ.get("BROADSHEET_HOME") if "PYTEST_XDIST_WORKER" in os.environ else None
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
_home = tempfile.mkdtemp(prefix="broadsheet-test-", dir=_first_home)
os.environ["BROADSHEET_HOME"] = _home
if _first_home is None:
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["BROADSHEET_LANGUAGES"] = "en,fa,de"
os.environ["BROADSHEET_SECRET_KEY"] = "for tests only " + "x" * 50

# Playwright's synchronous interface keeps an event loop in the thread; Django would refuse to
# touch the database there.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
