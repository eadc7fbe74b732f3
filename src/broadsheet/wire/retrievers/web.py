"""The web: feeds, pages and pictures, fetched politely and from public machines only.

Every hop of a request goes the same way:

    address     http or https, an allowed port
    turn        one request at a time a host, with a pause (politeness.py)
    look-up     once; every address checked (addresses.py)
    connection  to a checked address, its certificate valid for the name (connection.py)
    answer      an error, a redirect (five at most, each from the top) or a body
    body        counted as it comes and as it unfolds (content_coding.py)

all of it within one span of time. Proxies named in the environment are not used: what connects
must be what checks.
"""

from __future__ import annotations

import base64
import hashlib
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import httpcore

from broadsheet import __version__
from broadsheet.wire.incoming import LARGEST_FILE, LARGEST_PAGE, Incoming
from broadsheet.wire.retrievers import content_coding, pictures
from broadsheet.wire.retrievers.addresses import Policy, Resolve, resolve
from broadsheet.wire.retrievers.connection import Backend, Deadline, tls
from broadsheet.wire.retrievers.errors import GoneError, RetrieveError
from broadsheet.wire.retrievers.politeness import LONGEST_BACK_OFF, Politeness
from broadsheet.wire.retrievers.retrieved import Retrieval, Retrieved
from broadsheet.wire.retrievers.web_address import Credentials, WebAddress

FEEDS = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.3"
)
PICTURES = "image/jpeg, image/png, image/webp, image/avif, image/*;q=0.5"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_WITH_BODY = frozenset({200, 203})
_LONGEST_HEADER = 1_000


@dataclass(frozen=True)
class Limits:
    """How much a fetch may take: bytes of the body, seconds in all, redirects followed."""

    size: int = LARGEST_PAGE
    seconds: float = 30.0
    redirects: int = 5


@dataclass(frozen=True)
class Validators:
    """What a server tells a state of a resource by (RFC 9110 section 8.8), verbatim."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """What a server answered with.

    ``url`` is where it was in the end, without credentials; ``moved_to`` where it is to be
    asked for from now on, by permanent redirects (301, 308) alone, or empty; with credentials,
    it is at the same host. ``media_type`` is the whole ``Content-Type``, with its parameters.
    """

    content: bytes
    url: str
    media_type: str = ""
    validators: Validators = Validators()
    moved_to: str = ""


@dataclass(frozen=True)
class NotModified:
    """Nothing has changed since what ``validators`` were of; see :class:`Fetched`."""

    url: str
    validators: Validators
    moved_to: str = ""


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    content: bytes = b""


class Client:
    """What fetches; one serves all threads, since each fetch has a connection of its own."""

    def __init__(
        self,
        policy: Policy,
        politeness: Politeness,
        user_agent: str,
        *,
        look_up: Resolve = resolve,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._policy = policy
        self._politeness = politeness
        self._user_agent = user_agent
        self._look_up = look_up
        self._context = context

    def fetch(
        self,
        url: str,
        validators: Validators = Validators(),
        limits: Limits = Limits(),
        *,
        credentials: Credentials | None = None,
        accept: str = FEEDS,
    ) -> Fetched | NotModified:
        """Return what is at ``url``, or that it is what ``validators`` were of.

        ``credentials``, or those in the address, go to its own host, scheme and port and
        nowhere else. Raises :class:`RetrieveError`; its kinds are ``GoneError`` (410) and
        ``RefusedAddressError``.
        """
        first = address = WebAddress.of(url)
        credentials = credentials or first.credentials
        deadline = Deadline(limits.seconds)
        moved_to, is_permanent = "", True
        for _ in range(limits.redirects + 1):
            headers = self._headers(address, validators, accept)
            if credentials is not None and address.origin == first.origin:
                headers.append((b"Authorization", _basic(credentials)))
            answer = self._ask(address, headers, deadline, limits)
            if answer.status in _REDIRECTS:
                address = address.joined(answer.headers.get("location", ""))
                is_permanent = is_permanent and answer.status in _PERMANENT
                # Whoever follows sends the same credentials there the next time.
                if is_permanent and (credentials is None or address.is_as_safe_as(first)):
                    moved_to = str(address)
                continue
            found = Validators(
                answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
            )
            if answer.status == 304:  # noqa: PLR2004
                if validators == Validators():
                    raise RetrieveError(
                        f"“{address.host}” says that nothing has changed, without having been "
                        "asked that.",
                        status=304,
                    )
                kept = found if found.etag or found.last_modified else validators
                return NotModified(str(address), kept, moved_to)
            media_type = answer.headers.get("content-type", "")
            return Fetched(answer.content, str(address), media_type, found, moved_to)
        raise RetrieveError(
            f"“{first.host}” sends on from address to address, more than {limits.redirects} "
            "times. Look where the address leads in a browser."
        )

    def fetch_picture(self, url: str, limits: Limits = Limits(size=LARGEST_FILE)) -> Fetched:
        """Return the picture at ``url``, its ``media_type`` told by its bytes.

        Raises :class:`RetrieveError`, also where what is there is no picture.
        """
        found = self.fetch(url, limits=limits, accept=PICTURES)
        media_type = pictures.media_type(found.content) if isinstance(found, Fetched) else ""
        if not isinstance(found, Fetched) or not media_type:
            raise RetrieveError("What is at the address of the picture is no picture.")
        return replace(found, media_type=media_type)

    def _headers(
        self, address: WebAddress, validators: Validators, accept: str
    ) -> list[tuple[bytes, bytes]]:
        headers = {
            "Host": address.authority,
            "User-Agent": self._user_agent,
            "Accept": accept,
            "Accept-Encoding": content_coding.ACCEPTED,
            "Connection": "close",
        }
        if validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return [(name.encode(), _one_line(value)) for name, value in headers.items()]

    def _ask(
        self,
        address: WebAddress,
        headers: list[tuple[bytes, bytes]],
        deadline: Deadline,
        limits: Limits,
    ) -> _Answer:
        # Before one waits for one's turn at a port that is not to be asked.
        self._policy.check_port(address.host, address.port)
        with self._politeness.turn(address.host) as waited:
            deadline.postpone(waited)
            try:
                answer = self._exchange(address, headers, deadline, limits)
            except TimeoutError:
                raise RetrieveError(
                    f"“{address.host}” took longer than {limits.seconds:.0f} seconds.",
                    is_temporary=True,
                ) from None
            except (httpcore.ProtocolError, httpcore.NetworkError) as error:
                raise RetrieveError(
                    f"“{address.host}” broke off, or did not answer as a web server does.",
                    is_temporary=True,
                ) from error
        refusal = _error(answer, address)
        if refusal is not None:
            if refusal.retry_after is not None:
                self._politeness.leave_alone(address.host, refusal.retry_after)
            raise refusal
        return answer

    def _exchange(
        self,
        address: WebAddress,
        headers: list[tuple[bytes, bytes]],
        deadline: Deadline,
        limits: Limits,
    ) -> _Answer:
        scheme, host = address.scheme.encode(), address.host.encode()
        connection = httpcore.HTTPConnection(
            httpcore.Origin(scheme, host.rstrip(b"."), address.port),
            ssl_context=(self._context or tls()) if address.scheme == "https" else None,
            network_backend=Backend(self._policy, deadline, self._look_up),
        )
        url = httpcore.URL(
            scheme=scheme, host=host.rstrip(b"."), port=address.port, target=address.target.encode()
        )
        with connection, connection.stream("GET", url, headers=headers) as response:
            found: dict[str, str] = {}
            for name, value in response.headers:
                # The first of several: what a second one means, nobody agrees on.
                found.setdefault(name.decode("latin-1").lower(), _text(value))
            if response.status not in _WITH_BODY:
                return _Answer(response.status, found)
            length = found.get("content-length", "")
            if length.isdecimal() and int(length) > limits.size:
                raise RetrieveError(
                    f"The answer has {int(length) / 1024 / 1024:.0f} MB; at most "
                    f"{limits.size / 1024 / 1024:.0f} MB are fetched."
                )
            content = content_coding.decoded(
                response.iter_stream(), found.get("content-encoding", ""), limits.size
            )
            return _Answer(response.status, found, content)


# Whose turn it is must be known to all who fetch in this process.
_POLITENESS = Politeness()


def client() -> Client:
    """Return the client that this paper's settings describe."""
    from django.conf import settings

    return Client(
        Policy.of_settings(), _POLITENESS, f"Broadsheet/{__version__} (+{settings.BASE_URL}/)"
    )


def fetch(
    url: str,
    validators: Validators = Validators(),
    limits: Limits = Limits(),
    *,
    credentials: Credentials | None = None,
) -> Fetched | NotModified:
    """Return what is at ``url``: see :meth:`Client.fetch`."""
    return client().fetch(url, validators, limits, credentials=credentials)


def fetch_picture(url: str) -> Fetched:
    """Return the picture at ``url``: see :meth:`Client.fetch_picture`."""
    return client().fetch_picture(url)


def retrieve(
    url: str,
    state: Mapping[str, Any],
    *,
    credentials: Credentials | None = None,
    limits: Limits = Limits(),
    by: Client | None = None,
) -> Retrieval:
    """Return what is new at ``url``: the whole feed or page, or nothing.

    In ``state``: ``etag`` and ``last_modified`` and the ``sha256`` of what was taken in last,
    for servers that know neither; ``asked``, the address all that is of; ``moved_to``, where
    permanent redirects lead, which the caller may take for the address from now on. They are
    set when what came was stored: what could not be read comes again, and stays an error for
    all to see.
    """

    def each(state: dict[str, Any]) -> Iterator[Retrieved]:
        asked = str(WebAddress.of(url))
        if asked not in {state.get("asked"), state.get("moved_to")}:
            # Somebody has entered another address: nothing is known of that.
            state.clear()
        validators = Validators(str(state.get("etag") or ""), str(state.get("last_modified") or ""))
        found = (by or client()).fetch(url, validators, limits, credentials=credentials)
        told = {
            "asked": asked,
            "etag": found.validators.etag,
            "last_modified": found.validators.last_modified,
            "moved_to": found.moved_to,
        }
        if isinstance(found, NotModified):
            state.update(told)
            return
        digest = hashlib.sha256(found.content).hexdigest()
        told["sha256"] = digest
        if digest == state.get("sha256"):
            state.update(told)
            return
        yield Retrieved(
            Incoming(found.content, found.url, found.media_type), lambda: state.update(told)
        )

    return Retrieval(state, each)


def _basic(credentials: Credentials) -> bytes:
    # RFC 7617 section 2.
    return b"Basic " + base64.b64encode(f"{credentials.user}:{credentials.password}".encode())


def _one_line(value: str) -> bytes:
    return "".join(value.splitlines())[:_LONGEST_HEADER].encode()


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _error(answer: _Answer, address: WebAddress) -> RetrieveError | None:
    """Return what the status of ``answer`` says went wrong, if anything (RFC 9110)."""
    status, host = answer.status, address.host
    if status in _WITH_BODY or status == 304:  # noqa: PLR2004
        return None
    if status in _REDIRECTS and answer.headers.get("location", "").strip():
        return None
    retry_after = _span(answer.headers.get("retry-after", ""))
    match status:
        case 401 | 403 | 407:
            message = f"“{host}” wants to know who asks, or does not let us in ({status})."
        case 404:
            message = f"“{host}” has nothing at this address (404). Look for a new one."
        case 410:
            return GoneError(
                f"“{host}” says that this address is gone for good (410). Ask it no more.",
                status=status,
            )
        case 408 | 425 | 429 | 500 | 502 | 503 | 504:
            message = f"“{host}” is busy or out of order ({status}). It is asked again later."
            return RetrieveError(message, is_temporary=True, retry_after=retry_after, status=status)
        case _:
            message = f"“{host}” answered {status}, which has no content in it."
    return RetrieveError(message, is_temporary=status >= 500, status=status)  # noqa: PLR2004


def _span(value: str) -> timedelta | None:
    """Return how long ``Retry-After`` asks to wait, a day at most."""
    value = value.strip()
    if value.isascii() and value.isdecimal():
        return min(timedelta(seconds=int(value[:9])), LONGEST_BACK_OFF)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    return min(max(moment - datetime.now(UTC), timedelta()), LONGEST_BACK_OFF)
