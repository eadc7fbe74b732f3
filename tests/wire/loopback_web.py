"""A web server on loopback that misbehaves in every way a test asks for."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from broadsheet.wire.retrievers.addresses import Found, Policy, resolve
from broadsheet.wire.retrievers.politeness import Politeness
from broadsheet.wire.retrievers.web import Client, Fetched, NotModified

FEED = b"<rss version='2.0'><channel><title>Harbour news</title></channel></rss>"
# What a path answers with: bytes as they are to be sent, or a function that sends them itself.
Answer = bytes | Callable[[socket.socket, str], None]


def answer(
    content: bytes = b"", status: str = "200 OK", *headers: str, length: int | None = None
) -> bytes:
    """Return a whole answer; ``length`` is what it says its length is, where that is a lie."""
    lines = [
        f"HTTP/1.1 {status}",
        *headers,
        f"Content-Length: {len(content) if length is None else length}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(b"", status, f"Location: {location}")


@dataclass
class Web:
    """``answers`` by path; ``requests`` are the heads of what was asked, in order."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    open_now: int = 0
    most_at_once: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Web]:
    """Serve on a free port, each connection in a thread, until the block ends."""
    listener = socket.create_server(("127.0.0.1", 0))
    web = Web(listener.getsockname()[1])
    threads: list[threading.Thread] = []
    lock = threading.Lock()

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            connection.settimeout(10)
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536) or b"\r\n\r\n"
            text = head.decode("latin-1")
            path = text.split(" ")[1]
            with lock:
                web.requests.append(text)
                web.open_now += 1
                web.most_at_once = max(web.most_at_once, web.open_now)
            try:
                found = web.answers.get(path, answer(b"", "404 Not Found"))
                if callable(found):
                    found(connection, text)
                else:
                    connection.sendall(found)
            finally:
                with lock:
                    web.open_now -= 1

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=serve, args=(connection,))
            threads.append(thread)
            thread.start()

    accepting = threading.Thread(target=accept)
    accepting.start()
    try:
        yield web
    finally:
        web.stopped.set()
        # Closing alone leaves the thread that accepts where it waits.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(5)
        for thread in threads:
            thread.join(5)


def client_of(
    server: Web,
    *,
    private: tuple[str, ...] = ("127.0.0.1",),
    pause: float = 0.0,
    look_up: Callable[[str, int, float], list[Found]] = resolve,
    context: ssl.SSLContext | None = None,
    ports: tuple[int, ...] = (),
) -> Client:
    """Return a client that may ask ``server``, and ``ports`` besides."""
    policy = Policy.of(private, (server.port, *ports))
    return Client(policy, Politeness(pause), "Broadsheet/test", look_up=look_up, context=context)


def fetched(found: Fetched | NotModified) -> Fetched:
    """Return ``found``, which must be something new."""
    assert isinstance(found, Fetched)
    return found


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """Return the file of a certificate for ``name``, with its key, and what trusts it alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    trusting = ssl.create_default_context(cafile=str(file))
    return file, trusting
