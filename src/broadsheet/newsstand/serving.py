"""uvicorn with the newsstand outermost, and the worker beside it: the whole paper, running."""

from __future__ import annotations

import asyncio
import os
import resource
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

import uvicorn
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections
from uvicorn.server import ServerState

from broadsheet import allocator, leash
from broadsheet.newsstand import handover, opening
from broadsheet.newsstand.connection import IDLE_S, Connection
from broadsheet.newsstand.supervisor import Post, Supervisor

_BACKLOG = 1024
_STOP_WITHIN_S = 10
# Readers who come meanwhile wait in the socket's queue.
_AWAITED_AT_MOST_S = 2.0
# More than can wait.
_TAKEN_AT_THE_END = 1000
_TICK_S = 0.05
_GIVEN_WITHIN_TICKS = 20
# uvicorn's server ticks ten times a second.
_SWEPT_EVERY = 50
_MOST_FILES = 65_536
# Folders of pages (newsstand.plain_files), the database, the store: not left for connections.
_KEPT_FILES = 512 + handover.WAITING


def serve(host: str, port: int, *, with_worker: bool, ready: Callable[[], None]) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP, then stop everything that was started.

    ``ready`` is called when the port is open and the processes are there. Raises
    :class:`opening.PortError` where it cannot be opened.
    """
    _fresh_counters()
    allocator.keep_lean()
    # Before the processes part, so that the second costs no second start.
    from broadsheet import asgi  # noqa: F401

    most = _connections_at_most()
    # A connection must not be shared across a fork.
    connections.close_all()
    doors, inherited = _doors(host, port)
    parent = os.getpid()
    posts = [
        Post(
            name,
            partial(_hand_out, parent, most, door, inherited),
            longest_wait_s=_AWAITED_AT_MOST_S,
            # What the others have handed over by then is still answered.
            ends_last=door.taking is not None and door.listening is None,
        )
        for name, door in doors
    ]
    if with_worker:
        posts.append(Post("broadsheet-work", partial(_work, parent, inherited)))
    told: list[int] = []

    def stop(signum: int, _: object) -> None:
        # At once, or whoever comes while the last are served would wait for nothing.
        _close(door.listening for _, door in doors if door.listening is not None)
        for _, door in doors:
            if door.listening is None and door.giving is not None:
                # Nobody will be there for pages: whoever has such a connection answers it.
                door.giving.shutdown(socket.SHUT_WR)
        # No event of threading's: the handler may run while this thread holds its lock.
        told.append(signum)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # A paper whose terminal is closed has to end, unless it was started with nohup.
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, stop)
    Supervisor(posts).keep(lambda: bool(told), ready=ready)


@dataclass(frozen=True)
class _Door:
    """How connections come to a process, and where those go that are for others."""

    listening: socket.socket | None = None
    taking: socket.socket | None = None
    giving: socket.socket | None = None
    processor: int | None = None


def _doors(host: str, port: int) -> tuple[list[tuple[str, _Door]], list[socket.socket]]:
    """Return each process that serves, by its name, with its door; and all sockets of theirs."""
    pages = settings.PAGE_WORKERS
    listening = opening.listening(host, port, pages or settings.WORKERS, backlog=_BACKLOG)
    if not pages:
        return [("broadsheet-web", _Door(listening=own)) for own in listening], listening
    to_web, of_pages = handover.pair()
    to_pages, of_web = handover.pair()
    processors = _processors(pages)
    doors = [
        ("broadsheet-page", _Door(own, of_web, to_web, processors[at % len(processors)]))
        for at, own in enumerate(listening)
    ]
    doors += [("broadsheet-web", _Door(taking=of_pages, giving=to_pages))] * settings.WORKERS
    return doors, [*listening, to_web, of_pages, to_pages, of_web]


def _close(sockets: Iterable[socket.socket]) -> None:
    for each in sockets:
        each.close()


def _connections_at_most() -> int:
    """Have each process keep as many files open as it may; return how many may be readers'.

    Without any left the pages could not be opened either.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # What is unlimited is a negative number.
    allowed = _MOST_FILES if soft < 0 else min(soft, _MOST_FILES)
    wanted = _MOST_FILES if hard < 0 else min(hard, _MOST_FILES)
    if allowed < wanted:
        # A sandbox may forbid it.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            allowed = wanted
    return max(allowed - _KEPT_FILES, allowed // 4)


def _processors(pages: int) -> Sequence[int | None]:
    """Return the processors that so many processes for pages stay at, one after the other.

    Where there are no more than these processes, two of them may else be at one for a while, with
    the other idle, and who reads from the second waits for the first (decision 23). Elsewhere the
    system finds an idle one.
    """
    allowed = sorted(os.sched_getaffinity(0))
    return allowed if len(allowed) <= pages else [None]


def _hand_out(parent: int, most: int, door: _Door, inherited: Sequence[socket.socket]) -> None:
    """Be the serving process of ``door``, on a leash to the process ``parent``.

    At most ``most`` connections are kept.
    """
    from broadsheet.asgi import application

    leash.tie_to(parent, signal.SIGKILL)
    _close(each for each in inherited if each not in {door.listening, door.taking, door.giving})
    if door.processor is not None:
        # A sandbox may forbid it.
        with suppress(OSError):
            os.sched_setaffinity(0, {door.processor})
    Connection.at_most = most
    Connection.giving = handover.Giving(door.giving) if door.giving is not None else None
    Connection.for_pages = door.listening is not None
    server = Server(
        uvicorn.Config(
            application,
            http=Connection,
            loop="uvloop",
            ws="none",
            # Django knows no lifespan.
            lifespan="off",
            interface="asgi3",
            # Who a reader is behind a proxy, broadsheet.reader_address finds out.
            proxy_headers=False,
            server_header=False,
            access_log=False,
            # The one that Django has set up stays.
            log_config=None,
            backlog=_BACKLOG,
            timeout_keep_alive=int(IDLE_S),
            timeout_graceful_shutdown=_STOP_WITHIN_S,
        ),
        door.taking,
    )
    server.run(sockets=[door.listening] if door.listening is not None else [])


class _State(ServerState):
    """What a server and its connections know, and whether it ends."""

    ending = False


class Server(uvicorn.Server):
    """uvicorn's, which also serves the connections that are given to ``taking``."""

    def __init__(self, config: uvicorn.Config, taking: socket.socket | None = None) -> None:
        super().__init__(config)
        self.server_state = self._state = _State()
        self._taking = taking

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve ``sockets``, and what is given."""
        await super().startup(sockets)
        if self._taking is not None:
            asyncio.get_running_loop().add_reader(self._taking, self._take, self._taking)

    def _take(self, taking: socket.socket) -> bool:
        try:
            return handover.take(taking, self._go_on)
        except EOFError:
            asyncio.get_running_loop().remove_reader(taking)
            return False

    @property
    def _kind(self) -> type[Connection]:
        return cast(type[Connection], self.config.http_protocol_class)

    def _go_on(self, connection: socket.socket, read: bytes) -> None:
        state = self.lifespan.state
        self._kind.begin(connection, read, self.config, self.server_state, state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was begun here and by others, and see to it that what is for them goes."""
        if self._taking is not None:
            for _ in range(_TAKEN_AT_THE_END):
                if not self._take(self._taking):
                    break
            asyncio.get_running_loop().remove_reader(self._taking)
        giving = self._kind.giving
        for _ in range(_GIVEN_WITHIN_TICKS):
            if giving is None or not giving.waits:
                break
            await asyncio.sleep(_TICK_S)
        self._state.ending = True
        await super().shutdown(sockets)

    async def on_tick(self, counter: int) -> bool:
        """Look, from time to time, who has left."""
        if counter % _SWEPT_EVERY == 0:
            for each in list(self.server_state.connections):
                if isinstance(each, Connection):
                    each.close_if_left(each.loop.time())
        return await super().on_tick(counter)


def _work(parent: int, inherited: Sequence[socket.socket]) -> None:
    """Be the background worker, on a leash to the process ``parent``."""
    _close(inherited)
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
