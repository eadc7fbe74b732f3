"""Granian with the newsstand outermost, and the worker beside it: the whole paper, running."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from broadsheet import allocator, leash
from broadsheet.newsstand.supervisor import Supervisor

_STOP_WITHIN_S = 10


def serve(host: str, port: int, *, with_worker: bool, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, then stop everything that was started.

    ``ready`` is called when the port is open. Raises ``SystemExit`` where the serving processes
    cannot be kept alive.
    """
    _fresh_counters()
    allocator.keep_lean()
    # Before the processes part, so that the second costs no second start.
    from broadsheet.asgi import application

    # A connection must not be shared across a fork.
    connections.close_all()
    multiprocessing.set_start_method("fork", force=True)
    server = Server(
        "broadsheet.asgi:application",
        address=host.strip("[]"),
        port=port,
        # Django knows no lifespan.
        interface=Interfaces.ASGINL,
        # Browsers speak HTTP/2 over TLS alone, which whatever stands in front has; to look whether
        # somebody else begins it takes a fiftieth of the time for a page.
        http=HTTPModes.http1,
        workers=settings.WORKERS,
        websockets=False,
        backlog=1024,
        respawn_failed_workers=True,
        workers_kill_timeout=_STOP_WITHIN_S,
        # What it says of its own comings and goings is for whoever debugs.
        log_level=LogLevels.debug if settings.LOG_LEVEL == "DEBUG" else LogLevels.warning,
        log_dictconfig=settings.LOGGING,
    )
    parent = os.getpid()
    supervisor = Supervisor(partial(_work, parent)) if with_worker else None

    def started() -> None:
        _stop_with_the_terminal(server)
        if supervisor is not None:
            supervisor.start()
        ready()

    server.on_startup(started)

    def load() -> Any:
        # Runs in the serving process.
        leash.tie_to(parent, signal.SIGKILL)
        return application

    try:
        server.serve(target_loader=load, wrap_loader=False)
    finally:
        if supervisor is not None:
            supervisor.stop()


def _work(parent: int) -> None:
    """Be the background worker, on a leash to the process ``parent``."""
    try:
        call_command("worker", leash=parent)
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.returncode)


def _fresh_counters() -> None:
    folder = Path(settings.RUN_ROOT) / "counters"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    # prometheus_client looks for it when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _stop_with_the_terminal(server: AbstractServer[Any]) -> None:
    # Granian loads anew on SIGHUP; a paper whose terminal is closed has to end, unless it was
    # started with nohup.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, server.signal_handler_interrupt)
