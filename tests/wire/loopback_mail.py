"""A mail server on loopback: as much of IMAP as a retriever speaks, and what may go wrong."""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Message:
    uid: int
    content: bytes
    flags: set[str] = field(default_factory=set)
    size: int | None = None


@dataclass
class Mail:
    """``folders`` by their names as the protocol writes them; ``said`` are commands, in order.

    ``answers`` replaces what a command (its first word, or two with UID) is answered with.
    """

    port: int
    folders: dict[str, list[Message]] = field(default_factory=lambda: {"INBOX": []})
    uidvalidity: int = 7
    abilities: str = "IMAP4rev1 AUTH=PLAIN MOVE"
    password: str = "sécret"
    is_writable: bool = True
    greeting: bytes = b"* OK ready\r\n"
    answers: dict[str, bytes] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def put(self, content: bytes, *flags: str, folder: str = "INBOX") -> Message:
        every = [each.uid for box in self.folders.values() for each in box]
        message = Message(max(every, default=0) + 1, content, set(flags))
        self.folders[folder].append(message)
        return message


class _Session:
    def __init__(self, mail: Mail, connection: socket.socket) -> None:
        self.mail = mail
        self.file = connection.makefile("rwb")
        self.box: list[Message] = []

    def send(self, *lines: str | bytes) -> None:
        for line in lines:
            self.file.write(line if isinstance(line, bytes) else line.encode() + b"\r\n")
        self.file.flush()

    def run(self) -> None:
        self.send(self.mail.greeting)
        for line in self.file:
            tag, _, rest = line.decode().strip().partition(" ")
            self.mail.said.append(rest)
            words = re.findall(r'"(?:[^"\\]|\\.)*"|\([^)]*\)|\S+', rest)
            name = " ".join(words[:2] if words[0] == "UID" else words[:1])
            if name in self.mail.answers:
                self.send(self.mail.answers[name].replace(b"TAG", tag.encode()))
                continue
            arguments = [word[1:-1] if word[0] == '"' else word for word in words]
            arguments = arguments[2:] if words[0] == "UID" else arguments[1:]
            kind = getattr(self, name.replace(" ", "_").lower())(*arguments)
            self.send(f"{tag} {kind or 'OK'} done")
            if name == "LOGOUT":
                return

    def capability(self) -> None:
        self.send(f"* CAPABILITY {self.mail.abilities}")

    def authenticate(self, mechanism: str) -> str:
        self.send("+ ")
        given = base64.b64decode(self.file.readline())
        return "OK" if given.split(b"\0")[2].decode() == self.mail.password else "NO"

    def login(self, user: str, password: str) -> str:
        return "OK" if password.replace('\\"', '"') == self.mail.password else "NO"

    def select(self, name: str) -> str:
        if name not in self.mail.folders:
            return "NO"
        self.box = self.mail.folders[name]
        following = max((each.uid for each in self.box), default=0) + 1
        self.send(
            f"* {len(self.box)} EXISTS",
            f"* OK [UIDVALIDITY {self.mail.uidvalidity}] valid",
            f"* OK [UIDNEXT {following}] next",
        )
        return "OK [READ-WRITE]" if self.mail.is_writable else "OK [READ-ONLY]"

    def examine(self, name: str) -> str:
        return self.select(name)

    def uid_search(self, *words: str) -> None:
        # UID a:b UNDELETED OR UNSEEN UID c:d
        low, first = (int(words[at].split(":")[0]) for at in (1, 6))
        found = [
            each.uid
            for each in self.box
            if each.uid >= low
            and "\\Deleted" not in each.flags
            and ("\\Seen" not in each.flags or each.uid >= first)
        ]
        self.send("* SEARCH " + " ".join(map(str, found)))

    def uid_fetch(self, listed: str, what: str) -> None:
        wanted = set(map(int, listed.split(",")))
        for number, each in enumerate(self.box, 1):
            if each.uid not in wanted:
                continue
            if "SIZE" in what:
                size = len(each.content) if each.size is None else each.size
                self.send(f"* {number} FETCH (RFC822.SIZE {size} UID {each.uid})")
            else:
                head = f"* {number} FETCH (UID {each.uid} BODY[] {{{len(each.content)}}}"
                self.send(f"* {number} FETCH (FLAGS ())", head, each.content, b")\r\n")

    def uid_store(self, uid: str, how: str, flags: str) -> None:
        for each in self.box:
            if each.uid == int(uid):
                each.flags |= set(flags.strip("()").split())

    def create(self, name: str) -> str:
        if name in self.mail.folders:
            return "NO"
        self.mail.folders[name] = []
        return "OK"

    def uid_move(self, uid: str, name: str) -> str:
        if name not in self.mail.folders:
            return "NO [TRYCREATE]"
        for each in [each for each in self.box if each.uid == int(uid)]:
            self.box.remove(each)
            self.mail.folders[name].append(each)
        return "OK"

    def logout(self) -> None:
        self.send("* BYE")


@contextmanager
def delivering(context: ssl.SSLContext | None = None) -> Iterator[Mail]:
    """Serve on a free port until the block ends, by TLS where there is a ``context``."""
    listener = socket.create_server(("127.0.0.1", 0))
    mail = Mail(listener.getsockname()[1])
    open_now: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with suppress(OSError), connection:
                open_now.append(connection)
                if context is not None:
                    connection = context.wrap_socket(connection, server_side=True)
                session = _Session(mail, connection)
                with connection, session.file:
                    session.run()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield mail
    finally:
        for each in (listener, *open_now):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
