"""Before the newsstand opens: what forbids it, and under which address it will be read."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from pathlib import Path

from django.conf import settings
from django.db.utils import DatabaseError

from broadsheet import databases
from broadsheet.newsstand import home, readiness
from broadsheet.settings import read


class PortError(Exception):
    """A port that cannot be listened on; the message says why and what to do."""


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` (a name or an IP address) is this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def reasons_against(host: str) -> list[str]:
    """Return why ``serve`` must not start on ``host``, each with what to set or run."""
    reasons: list[str] = []
    try:
        reasons += _reasons_in_the_home()
    except DatabaseError as error:
        if not databases.cannot_be_reached(error):
            raise
        return [f"The database {home.database_name()} cannot be reached: {error}"]
    if settings.WORKERS < 1:
        reasons.append("BROADSHEET_WORKERS must be 1 or more; the newsroom needs one.")
    if settings.PAGE_WORKERS < 0:
        reasons.append("BROADSHEET_PAGE_WORKERS must be 0 or more.")
    if settings.DEMO:
        return reasons
    if home.secret() and home.secret_is_weak():
        reasons.append(
            "The secret is short or well known. Set BROADSHEET_SECRET_KEY to at least 50 random "
            f"characters, or unset it and let `broadsheet init` write {settings.SECRET_KEY_FILE}."
        )
    if settings.DEBUG:
        reasons.append(
            "BROADSHEET_DEBUG is on, which shows the inside of the paper to everybody. Unset it."
        )
    if not is_loopback(host) and settings.ALLOWED_HOSTS == settings.LOOPBACK_HOSTS:
        reasons.append(
            f"{host} is open to other machines, but the paper answers to no name. Set "
            "BROADSHEET_ALLOWED_HOSTS to the names it has, such as news.example."
        )
    return reasons


def _reasons_in_the_home() -> list[str]:
    reasons = []
    if not home.is_initialised():
        reasons.append(
            f"{settings.HOME} is not prepared. Run `broadsheet init`, or set BROADSHEET_HOME to "
            "the folder where it was run."
        )
    else:
        missing = readiness.unapplied()
        if missing:
            reasons.append(
                f"{len(missing)} migrations are not applied ({missing[0]} is the first). Run "
                "`broadsheet init`."
            )
    if not settings.DEMO and not reasons and (logins := _published_logins()):
        reasons.append(
            f"{', '.join(logins)} can log in with the published password of the sample newspaper. "
            "Set BROADSHEET_HOME to a paper of your own, serve the sample with `broadsheet demo`, "
            "or give them other passwords (`broadsheet changepassword NAME`)."
        )
    return reasons


def _published_logins() -> list[str]:
    from broadsheet.demo.filing import open_logins  # the demo itself asks this module

    return open_logins()


def reason_against_port(host: str, port: int) -> str:
    """Return why ``host`` and ``port`` cannot be listened on, or an empty text.

    Serving processes share the port (SO_REUSEPORT), so that two papers of several would divide
    the readers between them; without that option the taken port is noticed.
    """
    try:
        _bound(host, port).close()
    except OSError as error:
        return _why_not(error, host, port)
    return ""


def _why_not(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is taken by another program. Choose one with --port."
        case errno.EACCES:
            return f"Port {port} is not yours to use. Choose one above 1023 with --port."
        case _:
            return f"{host}:{port} cannot be listened on: {error.strerror or error}."


def listening(host: str, port: int, number: int, *, backlog: int) -> list[socket.socket]:
    """Return so many sockets that listen on ``host`` and ``port``, one for each serving process.

    The kernel divides the readers among them. Each queues up to ``backlog`` of them while nobody
    takes them, as when its process has ended and the next is not there yet. Raises
    :class:`PortError`.
    """
    sockets: list[socket.socket] = []
    try:
        # Another paper's would be shared, too.
        _bound(host, port).close()
        for _ in range(number):
            sockets.append(_bound(host, port, shared=number > 1))
            sockets[-1].listen(backlog)
    except OSError as error:
        for each in sockets:
            each.close()
        raise PortError(_why_not(error, host, port)) from error
    return sockets


def _bound(host: str, port: int, *, shared: bool = False) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def record_base_url(host: str, port: int) -> None:
    """Settle the public address of the paper where BROADSHEET_BASE_URL does not.

    It is the address listened on; kept in the home, so that ``press`` and ``import`` print the
    same links.
    """
    if read("BROADSHEET_BASE_URL"):
        return
    name = host
    if not is_loopback(host):
        # 0.0.0.0 is no name anybody can follow.
        name = next((n for n in settings.ALLOWED_HOSTS if not n.startswith(("*", "."))), host)
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    url = f"http://{name}:{port}"
    file = Path(settings.BASE_URL_FILE)
    if not file.is_file() or file.read_text("utf-8").strip() != url:
        fresh = file.with_name(f".{file.name}-{os.getpid()}")
        fresh.write_text(url + "\n", "utf-8")
        fresh.replace(file)
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = url
