"""A process on the leash ends with its parent, however that ends."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

IN_THE_SHELL = """
import os, subprocess, sys, time
child = (
    "import os, signal, sys, time\\n"
    "from broadsheet import leash\\n"
    "leash.tie_to(int(sys.argv[1]), signal.SIGKILL)\\n"
    "print(os.getpid(), flush=True)\\n"
    "time.sleep(60)"
)
subprocess.Popen([sys.executable, "-c", child, str(os.getpid())])
time.sleep(60)
"""
# As a rebuild of the index has them (search.rows).
HANDS_OF_THE_INDEX = """
import os, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from broadsheet.search import hands
pool = ProcessPoolExecutor(
    2, mp_context=get_context("spawn"), initializer=hands.begin, initargs=(os.getpid(),)
)
print(pool.submit(os.getpid).result(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("parent", [IN_THE_SHELL, HANDS_OF_THE_INDEX])
def test_it_ends_with_a_parent_that_is_killed(parent: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.kill()
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}").exists() and _state(pid) != "Z":
        assert time.monotonic() < until
        time.sleep(0.02)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"
