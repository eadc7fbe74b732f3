"""A process that has pressed may be forked, and the new one presses as well."""

from __future__ import annotations

import subprocess
import sys

# A process of its own, for one with threads cannot be forked safely.
_FORKED = """
import os
from broadsheet.press.store import side_by_side
assert side_by_side().submit(int, "7").result(timeout=20) == 7
child = os.fork()
if child == 0:
    os._exit(side_by_side().submit(int, "7").result(timeout=20))
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""


def test_a_process_forked_after_pressing_has_threads_that_write() -> None:
    subprocess.run([sys.executable, "-c", _FORKED], check=True, timeout=60)
