"""An IMAP mailbox: messages taken in once each, marked as seen, and never deleted.

What is new is told by UID (RFC 3501 section 2.3.1.1) and not by what somebody has looked at:
editors read the same mailbox. Only of what was there at the first look, the unseen alone is
taken. Messages are fetched without marking them (``BODY.PEEK[]``); once what one held is stored,
it is marked as seen and, where a folder is named for that, moved there. One that failed is
flagged, which every mail program shows.
"""

from __future__ import annotations

import logging
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from broadsheet.wire.incoming import LARGEST_FILE, Incoming, Unreadable
from broadsheet.wire.retrievers.addresses import Policy, Resolve, resolve
from broadsheet.wire.retrievers.errors import RefusedAddressError, RetrieveError
from broadsheet.wire.retrievers.imap import Connection, folder_name, understood
from broadsheet.wire.retrievers.retrieved import Retrieval, Retrieved

MOST_A_TURN = 50
# For each command, in seconds; a message may take as long.
SECONDS = 60.0
_PORTS = {"imaps": 993, "imap": 143}
_HIGHEST_UID = 2**32 - 1
# Around a message; servers may be wrong about its size by a little.
_SLACK = 1024 * 1024
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,19})\b")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Mailbox:
    """A mailbox and how to enter it.

    ``done_folder`` and ``failed_folder`` are where messages are moved, or empty; they are made
    where they are missing. ``is_secure`` is TLS from the first byte (RFC 8314), without which
    only machines in a private network are asked.
    """

    host: str
    user: str = field(repr=False)
    password: str = field(repr=False)
    folder: str = "INBOX"
    port: int = 993
    is_secure: bool = True
    done_folder: str = ""
    failed_folder: str = ""

    @classmethod
    def of(
        cls, address: str, password: str, *, done_folder: str = "", failed_folder: str = ""
    ) -> Mailbox:
        """Return the mailbox at ``address``: ``imaps://user@host/folder`` (RFC 5092).

        ``user`` may be a whole mail address. Raises :class:`RefusedAddressError`.
        """
        try:
            parts = urlsplit(address.strip())
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:
            port = 0
        if not port or not parts.hostname or not parts.username or parts.password:
            raise RefusedAddressError(
                "This is no address of a mailbox. Write imaps://user@host/folder; the password "
                "comes from a variable of the environment."
            )
        return cls(
            parts.hostname,
            unquote(parts.username),
            password,
            unquote(parts.path.strip("/")) or "INBOX",
            port,
            parts.scheme == "imaps",
            done_folder,
            failed_folder,
        )

    def __str__(self) -> str:
        scheme = "imaps" if self.is_secure else "imap"
        return f"{scheme}://{self.host}/{quote(self.folder)}"


def retrieve(
    mailbox: Mailbox,
    state: Mapping[str, Any],
    *,
    limit: int = MOST_A_TURN,
    size: int = LARGEST_FILE,
    seconds: float = SECONDS,
    policy: Policy | None = None,
    look_up: Resolve = resolve,
    context: ssl.SSLContext | None = None,
) -> Retrieval:
    """Return what is new in ``mailbox``, at most ``limit`` messages, the oldest first.

    In ``state``: ``mailbox`` and ``uidvalidity``, of which the rest is; ``first`` (the highest UID
    at the first look), ``last`` (up to which all is dealt with) and ``settled`` (what is dealt
    with above that). A message of more than ``size`` bytes is not fetched. Going through raises
    :class:`RetrieveError`.
    """

    def each(state: dict[str, Any]) -> Iterator[Retrieved]:
        allowed = policy or Policy.of_settings({993})
        with understood(mailbox.host):
            connection = Connection(
                mailbox.host,
                mailbox.port,
                allowed,
                look_up,
                is_secure=mailbox.is_secure,
                seconds=seconds,
                context=context,
            )
        try:
            yield from _Turn(mailbox, connection, state, limit, size).messages()
        finally:
            connection.leave()

    return Retrieval(state, each)


class _Turn:
    def __init__(
        self,
        mailbox: Mailbox,
        connection: Connection,
        state: dict[str, Any],
        limit: int,
        size: int,
    ) -> None:
        self._mailbox = mailbox
        self._connection = connection
        self._state = state
        self._limit = limit
        self._size = size
        self._pending: list[int] = []
        self._made: set[str] = set()
        self._can_move = False
        self._is_writable = True

    def messages(self) -> Iterator[Retrieved]:
        with understood(self._mailbox.host):
            self._connection.enter(self._mailbox.user, self._mailbox.password)
            self._select()
            new = self._new()
            self._pending = sorted({*new, *self._state["settled"]})
            new = new[: self._limit]
            sizes = self._sizes(new)
        for uid in new:
            origin = f"{self._mailbox};UID={uid}"
            if uid not in sizes:
                # Somebody removed it meanwhile.
                self._settle(uid)
                continue
            incoming: Incoming | Unreadable
            if sizes[uid] > self._size:
                incoming = Unreadable(
                    origin,
                    f"The message has {sizes[uid] / 1024 / 1024:.0f} MB; at most "
                    f"{self._size / 1024 / 1024:.0f} MB are fetched.",
                )
            else:
                with understood(self._mailbox.host):
                    content = self._fetch(uid)
                incoming = (
                    Unreadable(origin, "The mail server has nothing of this message.")
                    if content is None
                    else Incoming(content, origin, "message/rfc822")
                )
            yield self._retrieved(uid, incoming)

    def _retrieved(self, uid: int, incoming: Incoming | Unreadable) -> Retrieved:
        def done() -> None:
            if self._settle(uid):
                self._mark(uid, r"(\Seen)", self._mailbox.done_folder)

        def failed(reason: str) -> None:
            if self._settle(uid):
                self._mark(uid, r"(\Flagged)", self._mailbox.failed_folder)

        return Retrieved(incoming, done, failed)

    def _select(self) -> None:
        """Open the folder; where its UIDs are no longer the known ones, begin anew."""
        connection, name = self._connection, folder_name(self._mailbox.folder)
        abilities = b" ".join(
            each for each in connection.ask(connection.capability) if isinstance(each, bytes)
        )
        self._can_move = b"MOVE" in abilities.upper().split()
        try:
            try:
                connection.ask(connection.select, name)
            except connection.readonly:
                self._is_writable = False
                connection.ask(lambda: connection.select(name, readonly=True))
        except connection.abort:
            raise
        except connection.error:
            raise RetrieveError(
                f"“{self._mailbox.host}” has no folder “{self._mailbox.folder}” for this user."
            ) from None
        validity = self._told("UIDVALIDITY")
        known = (self._state.get("mailbox"), self._state.get("uidvalidity"))
        if known != (str(self._mailbox), validity):
            following = self._told("UIDNEXT")
            first = following - 1 if following else max(self._search("ALL"), default=0)
            self._state.update(
                mailbox=str(self._mailbox), uidvalidity=validity, first=first, last=0, settled=[]
            )

    def _told(self, name: str) -> int:
        """Return the number that the server told with the folder under ``name``, else 0."""
        _, data = self._connection.response(name)
        last = data[-1] if data else None
        return int(last) if isinstance(last, bytes) and last.isdigit() else 0

    def _new(self) -> list[int]:
        last, first = int(self._state["last"]), int(self._state["first"])
        settled = set(self._state["settled"])
        # Not "*": of a range that ends with it, the last message is always a part.
        found = self._search(
            "UID", f"{last + 1}:{_HIGHEST_UID}", "UNDELETED",
            "OR", "UNSEEN", "UID", f"{first + 1}:{_HIGHEST_UID}",
        )  # fmt: skip
        return sorted({uid for uid in found if last < uid <= _HIGHEST_UID} - settled)

    def _search(self, *words: str) -> list[int]:
        data = self._connection.ask(self._connection.uid, "SEARCH", *words)
        return [
            int(word)
            for line in data
            if isinstance(line, bytes)
            for word in line.split()
            if word.isdigit()
        ]

    def _sizes(self, uids: list[int]) -> dict[int, int]:
        if not uids:
            return {}
        listed = ",".join(map(str, uids))
        sizes = {}
        data = self._connection.ask(self._connection.uid, "FETCH", listed, "(UID RFC822.SIZE)")
        for line in data:
            if isinstance(line, bytes):
                uid, size = _UID.search(line), _SIZE.search(line)
                if uid is not None and size is not None:
                    sizes[int(uid[1])] = int(size[1])
        return sizes

    def _fetch(self, uid: int) -> bytes | None:
        data = self._connection.ask(
            self._connection.uid, "FETCH", str(uid), "(UID BODY.PEEK[])", size=self._size + _SLACK
        )
        for part in data:
            if isinstance(part, tuple) and len(part) > 1 and b"BODY[]" in part[0].upper():
                return bytes(part[1])
        return None

    def _settle(self, uid: int) -> bool:
        """Note that ``uid`` is dealt with; false where that was known."""
        settled = set(self._state["settled"])
        if uid in settled or uid <= self._state["last"]:
            return False
        settled.add(uid)
        while self._pending and self._pending[0] in settled:
            self._state["last"] = self._pending.pop(0)
            settled.discard(self._state["last"])
        self._state["settled"] = sorted(settled)
        return True

    def _mark(self, uid: int, flags: str, folder: str) -> None:
        """Show in the mailbox what became of a message.

        What it held is stored, and the state knows: it does not matter where this fails.
        """
        if not self._is_writable:
            return
        try:
            with understood(self._mailbox.host):
                connection = self._connection
                connection.ask(connection.uid, "STORE", str(uid), "+FLAGS.SILENT", flags)
                if folder and self._can_move:
                    name = folder_name(folder)
                    if name not in self._made:
                        self._made.add(name)
                        with suppress(connection.error):
                            # Most often it is there.
                            connection.ask(connection.create, name)
                    connection.ask(connection.uid, "MOVE", str(uid), name)
                elif folder:
                    # Else it had to be copied and deleted, and nothing is deleted here.
                    logger.warning("%s cannot move messages; marked only", self._mailbox.host)
        except RetrieveError as error:
            logger.warning("%s: message %d could not be marked: %s", self._mailbox, uid, error)
