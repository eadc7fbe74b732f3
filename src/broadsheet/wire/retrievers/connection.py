"""Connections that go where they were allowed to go, and end when their time is over."""

from __future__ import annotations

import contextlib
import functools
import io
import socket
import ssl
import time
from collections.abc import Iterable
from typing import Any

import certifi
import httpcore

from broadsheet.wire.retrievers.addresses import Policy, Resolve, resolve
from broadsheet.wire.retrievers.errors import RetrieveError

# How long one address of several may take to answer before the next is tried, in seconds.
_LONGEST_CONNECT = 10.0
_READ = 64 * 1024


class Deadline:
    """A point in time by which something must be over, ``seconds`` from now.

    A limit on each read alone would let a server that sends a byte a second go on for ever.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._until = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds left, more than none; raises ``TimeoutError`` when over."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def postpone(self, seconds: float) -> None:
        """Give ``seconds`` more: those that were spent on waiting for one's turn."""
        self._until += seconds


@functools.cache
def tls() -> ssl.SSLContext:
    """Return what connections by TLS trust: the system's authorities, and Mozilla's.

    A bare container has none of its own; a newsroom's own authority is in the system's alone.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def connect(
    host: str, port: int, policy: Policy, deadline: Deadline, look_up: Resolve = resolve
) -> socket.socket:
    """Return a socket to ``host``, at an address that ``policy`` allows.

    The name is looked up once, and the connection goes to the address that was checked. Where
    a single one of its addresses is not allowed, none is asked: who answers with both a public
    and a private address wants something. Raises :class:`RetrieveError` and ``TimeoutError``.
    """
    policy.check_port(host, port)
    found = look_up(host, port, deadline.remaining())
    for _, address in found:
        policy.check(host, str(address[0]))
    for family, address in found:
        connection = socket.socket(family, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(deadline.remaining(), _LONGEST_CONNECT))
            connection.connect(address)
        except OSError:
            connection.close()
            # Over altogether, or this address alone.
            deadline.remaining()
        else:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
    raise RetrieveError(f"“{host}” cannot be reached at port {port}.", is_temporary=True)


def secured(
    connection: socket.socket, host: str, deadline: Deadline, context: ssl.SSLContext | None = None
) -> ssl.SSLSocket:
    """Return ``connection`` secured by TLS, with a certificate that is valid for ``host``.

    Raises :class:`RetrieveError` and ``TimeoutError``, and closes the connection then.
    """
    try:
        connection.settimeout(deadline.remaining())
        return (context or tls()).wrap_socket(connection, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise RetrieveError(
            f"The certificate of “{host}” is not to be trusted: {error.verify_message}."
        ) from error
    except TimeoutError:
        connection.close()
        raise
    except (OSError, ValueError) as error:
        connection.close()
        raise RetrieveError(
            f"No secure connection to “{host}” could be made. Check the address and its port.",
            is_temporary=True,
        ) from error


class Stream(httpcore.NetworkStream):
    """A connection as ``httpcore`` reads and writes it, under one deadline for everything."""

    def __init__(self, connection: socket.socket, host: str, deadline: Deadline) -> None:
        self._connection = connection
        self._host = host
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return up to ``max_bytes``, none at the end."""
        self._connection.settimeout(self._deadline.remaining())
        try:
            return self._connection.recv(max_bytes)
        except TimeoutError:
            raise
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send ``buffer``."""
        self._connection.settimeout(self._deadline.remaining())
        try:
            self._connection.sendall(buffer)
        except TimeoutError:
            raise
        except OSError as error:
            # An answer may be there all the same: httpcore looks for one.
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return this connection, secured."""
        name = server_hostname or self._host
        return Stream(
            secured(self._connection, name, self._deadline, ssl_context), name, self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        """Return what ``httpcore`` asks of the connection."""
        if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket):
            return self._connection
        return None


class Backend(httpcore.NetworkBackend):
    """What makes the connections of ``httpcore``: :func:`connect`, and nothing else."""

    def __init__(self, policy: Policy, deadline: Deadline, look_up: Resolve) -> None:
        self._policy = policy
        self._deadline = deadline
        self._look_up = look_up

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to ``host``, checked."""
        connection = connect(host, port, self._policy, self._deadline, self._look_up)
        return Stream(connection, host, self._deadline)


class BoundSocket:
    """A socket as ``imaplib`` uses it, under a deadline and a bound that are set a command.

    ``begin`` sets both; each reading asks how much of them is left. Raises ``TimeoutError``
    and, where more than ``size`` bytes come, :class:`RetrieveError`; ``left`` are those that may.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline = Deadline(0)
        self.left = 0

    def begin(self, seconds: float, size: int) -> None:
        """Allow ``size`` bytes to come in within ``seconds``."""
        self._deadline = Deadline(seconds)
        self.left = size

    def receive_into(self, buffer: memoryview) -> int:
        """Fill ``buffer`` with what is there and return how much it was."""
        self._connection.settimeout(self._deadline.remaining())
        read = self._connection.recv_into(buffer)
        self.left -= read
        if self.left < 0:
            raise RetrieveError("The server sends more than it was asked for. It was left.")
        return read

    def sendall(self, content: bytes) -> None:
        """Send ``content``."""
        self._connection.settimeout(self._deadline.remaining())
        self._connection.sendall(content)

    def makefile(self, mode: str) -> io.BufferedReader:
        """Return what comes in, to be read as a file."""
        return io.BufferedReader(_Reader(self), _READ)

    def shutdown(self, how: int) -> None:
        """Let the other side know that the connection is over."""
        with contextlib.suppress(OSError):
            self._connection.shutdown(how)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


class _Reader(io.RawIOBase):
    def __init__(self, source: BoundSocket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.receive_into(memoryview(buffer))
