"""A connection to an IMAP server (RFC 9051, RFC 3501), bounded and going where it may.

``imaplib`` speaks the protocol; what is added is where the bytes come from: a connection to an
address that was checked, and for each command a limit on seconds and on bytes. A server may
announce a string of any length, for which ``imaplib`` would make room at once.
"""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Any

from broadsheet.wire.retrievers.addresses import Policy, Resolve, is_public
from broadsheet.wire.retrievers.connection import BoundSocket, Deadline, connect, secured
from broadsheet.wire.retrievers.errors import RefusedAddressError, RetrieveError

# What the answer to anything but the fetching of a message may have.
_SMALL = 4 * 1024 * 1024
_NO_STRING = re.compile(r"[\x00\r\n]")
# What imaplib raises over answers that have no form, beside its own errors.
_SENSELESS = (ValueError, TypeError, AttributeError, KeyError, IndexError, EOFError)


class Connection(imaplib.IMAP4):
    """A connection that is open, greeted, and logged in to by :meth:`enter`."""

    def __init__(
        self,
        host: str,
        port: int,
        policy: Policy,
        look_up: Resolve,
        *,
        is_secure: bool,
        seconds: float,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._look_up = look_up
        self._is_secure = is_secure
        self._seconds = seconds
        self._context = context
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None) -> BoundSocket:
        # Where imaplib's own connection by TLS differs from the plain one, too.
        deadline = Deadline(self._seconds)
        connection = connect(self.host, self.port, self._policy, deadline, self._look_up)
        if self._is_secure:
            connection = secured(connection, self.host, deadline, self._context)
        elif is_public(ip_address(str(connection.getpeername()[0]))):
            connection.close()
            raise RefusedAddressError(
                f"“{self.host}” is asked without TLS, by which everybody on the way could read "
                "the password. Use an address that begins with imaps://."
            )
        self._bound = BoundSocket(connection)
        self._bound.begin(self._seconds, _SMALL)
        return self._bound

    def read(self, size: int) -> bytes:
        """Return ``size`` bytes. Raises :class:`RetrieveError` where so many may not come."""
        if size > self._bound.left:
            raise RetrieveError(
                f"“{self.host}” announces {size / 1024 / 1024:.0f} MB, which nobody asked for."
            )
        return super().read(size)

    def ask(self, command: Callable[..., Any], *words: str, size: int = _SMALL) -> list[Any]:
        """Return the data that ``command`` gives, within the limits.

        Raises ``imaplib.IMAP4.error`` where the server refuses it.
        """
        self._bound.begin(self._seconds, size)
        kind, data = command(*words)
        if kind != "OK":
            raise self.error(f"{kind}")
        return list(data)

    def enter(self, user: str, password: str) -> None:
        """Log in. Raises :class:`RetrieveError`, whose words hold neither of the two."""
        if _NO_STRING.search(user + password):
            raise RetrieveError("The user or the password has characters that none may have.")
        try:
            if "AUTH=PLAIN" in self.capabilities:
                # RFC 4616: letters of any kind may be in it.
                secret = f"\0{user}\0{password}".encode()
                self.ask(self.authenticate, "PLAIN", lambda _: secret)  # type: ignore[arg-type]
            else:
                self.ask(self.login, quoted(user), password)
        except self.abort:
            raise
        except (self.error, UnicodeError):
            # What the server says of it may repeat what it was told.
            raise RetrieveError(
                f"“{self.host}” does not let us in. Check the user, and the variable that holds "
                "the password."
            ) from None

    def leave(self) -> None:
        """Say good-bye and end the connection, whatever state it is in."""
        self._seconds = min(self._seconds, 5.0)
        with contextlib.suppress(RetrieveError, OSError, imaplib.IMAP4.error, *_SENSELESS):
            self.ask(self.logout)
        with contextlib.suppress(OSError):
            self.shutdown()


@contextlib.contextmanager
def understood(host: str) -> Iterator[None]:
    """Turn what goes wrong while talking to ``host`` into :class:`RetrieveError`."""
    try:
        yield
    except RetrieveError:
        raise
    except TimeoutError:
        raise RetrieveError(f"“{host}” took too long to answer.", is_temporary=True) from None
    except (imaplib.IMAP4.error, OSError, *_SENSELESS) as error:
        raise RetrieveError(
            f"“{host}” broke off, or did not answer as a mail server does.", is_temporary=True
        ) from error


def quoted(text: str) -> str:
    """Return ``text`` as a quoted string (RFC 3501 section 4.3)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folder_name(name: str) -> str:
    """Return the name of a mail folder as the protocol writes it, quoted.

    Other letters than ASCII are in a UTF-7 of its own (RFC 3501 section 5.1.3). Raises
    :class:`RetrieveError` for a name that cannot be one.
    """
    if _NO_STRING.search(name):
        raise RetrieveError("The name of the mail folder has characters that none may have.")
    return quoted(re.sub(r"&|[^\x20-\x7e]+", _in_utf_7, name))


def _in_utf_7(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&-"
    letters = base64.b64encode(found[0].encode("utf-16-be", "replace")).decode("ascii")
    return f"&{letters.rstrip('=').replace('/', ',')}-"
