"""Object stores that speak S3: what is kept there is shared by all nodes of the paper.

What comes in is ``s3://bucket/prefix?endpoint_url=…&region=…`` and two keys, what leaves is a
small set of verbs with little patience: a store that does not answer is noticed in seconds.
Nothing is made public here; who may read the bucket is for its owner to say.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_T = TypeVar("_T")
_R = TypeVar("_R")

CONNECT_WITHIN_S = 2.0
ANSWER_WITHIN_S = 4.0
# A question that failed at once (a connection that was kept is dead, say) is put once more; one
# that was waited for in vain is not, for somebody waits.
_AT_ONCE_S = 1.0
_BETWEEN_S = 0.1
# Uploads are large, and come one at a time.
_TAKEN_WITHIN_S = 20.0
AT_ONCE = 16
# The most that one request may name (https://docs.aws.amazon.com/AmazonS3/latest/API/
# API_DeleteObjects.html).
_DELETED_AT_ONCE = 1000
_SERVERS_FAULT = 500

# Three to 63 letters, as the stores' own rules have it
# (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_REGION = re.compile(r"[A-Za-z0-9-]{1,40}")
# What the store has against one object and its name, not against whoever asks.
_OF_ONE_OBJECT = frozenset({"KeyTooLongError", "InvalidObjectName", "EntityTooLarge"})
# Hidden, which no address can be: what is written to see whether the store takes anything.
ASKED = ".asked"
_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class StoreDownError(Exception):
    """The store does not answer, or refuses whatever it is asked; the message says how."""


class UploadsDownError(OSError):
    """The store of uploads does not answer, or refuses; the message says how."""


class DamagedObjectError(Exception):
    """What came is not what was once put there."""


@dataclass(frozen=True)
class Place:
    """Where in which store: everything below ``prefix``, which is empty or ends with a slash."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    access_key: str = ""
    secret_key: str = ""

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


@dataclass(frozen=True)
class Stored:
    """An object as it came, with the SHA-256 of its bytes and what was noted with it."""

    content: bytes
    digest: str
    notes: dict[str, str]


def described(setting: str, url: str, access_key: str = "", secret_key: str = "") -> Place | None:
    """Return the place that ``url``, the value of ``setting``, names; ``None`` where it is empty.

    Raises ``ImproperlyConfigured`` with a sentence that says what is wrong.
    """
    if not url:
        return None
    if bool(access_key) != bool(secret_key):
        raise ImproperlyConfigured(
            "Of BROADSHEET_S3_ACCESS_KEY and BROADSHEET_S3_SECRET_KEY only one is set."
        )
    try:
        return _place(url, access_key, secret_key)
    except ValueError as error:
        # Not the address itself: somebody may have written a key into it.
        raise ImproperlyConfigured(
            f"{setting} cannot be used: {error}. It is written as "
            "s3://bucket/prefix?endpoint_url=https://store.example:9000&region=eu-central-1, "
            "where everything after the bucket may be left out."
        ) from None


def _place(url: str, access_key: str, secret_key: str) -> Place:
    parts = urlsplit(url)
    if parts.scheme != "s3":
        raise ValueError("it does not begin with s3://")
    if parts.username is not None or parts.password is not None:
        raise ValueError(
            "keys do not belong there, but in BROADSHEET_S3_ACCESS_KEY and BROADSHEET_S3_SECRET_KEY"
        )
    if not _BUCKET.fullmatch(parts.netloc):
        raise ValueError("it names no bucket")
    if parts.fragment:
        raise ValueError("it has a part after #")
    prefix = unquote(parts.path).strip("/")
    if any(part in {"", ".", ".."} for part in prefix.split("/")) and prefix:
        raise ValueError("its prefix has an empty part or one of dots")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := options.keys() - {"endpoint_url", "region"}:
        raise ValueError(f"it has an option that is not known, {min(unknown)}")
    endpoint, region = options.get("endpoint_url", ""), options.get("region", "")
    if endpoint and not _is_server(endpoint):
        raise ValueError("its endpoint_url is no address of a server")
    if region and not _REGION.fullmatch(region):
        raise ValueError("its region is none")
    return Place(
        parts.netloc, f"{prefix}/" if prefix else "", endpoint, region, access_key, secret_key
    )


def _is_server(url: str) -> bool:
    parts = urlsplit(url)
    _ = parts.port  # raises where it is no number
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query


def client_settings(*, own_server: bool, uploads: bool = False) -> Any:
    """Return how the library is to behave: short waits, few tries, nothing that is new in S3."""
    from botocore.config import Config  # late: only a paper with a store needs the library

    return Config(
        connect_timeout=CONNECT_WITHIN_S,
        read_timeout=_TAKEN_WITHIN_S if uploads else ANSWER_WITHIN_S,
        retries={"total_max_attempts": 2 if uploads else 1, "mode": "standard"},
        max_pool_connections=2 * AT_ONCE,
        signature_version="s3v4",
        # A store of one's own has no name in the DNS for each bucket.
        s3={"addressing_style": "path" if own_server else "auto"},
        # Stores other than the first know no checksums at the end of a request.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


class ObjectStore:
    """What lies at ``place``; shared by all threads of a process."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._lock = threading.Lock()
        self._client: S3Client | None = None

    def _s3(self) -> S3Client:
        with self._lock:
            if self._client is None:
                import boto3

                place = self.place
                # A session of its own: the library's shared one is not made for threads.
                self._client = boto3.session.Session().client(
                    "s3",
                    endpoint_url=place.endpoint or None,
                    # Stores of one's own have no regions, but every signature names one.
                    region_name=place.region or ("us-east-1" if place.endpoint else None),
                    aws_access_key_id=place.access_key or None,
                    aws_secret_access_key=place.secret_key or None,
                    config=client_settings(own_server=bool(place.endpoint)),
                )
            return self._client

    def _key(self, name: str) -> str:
        return self.place.prefix + name

    def put(
        self, name: str, content: bytes, *, notes: dict[str, str], headers: dict[str, str]
    ) -> None:
        """Keep ``content`` under ``name``.

        ``notes`` are kept with it: the digest ("sha256") that :meth:`get` compares, and what else
        ASCII can say. ``headers`` are for whoever serves it from there, named as ``put_object``
        does (``ContentType``, …). Raises :class:`StoreDownError`, or ``OSError`` where the store
        refuses just this object.
        """
        request: Any = {**headers, "Metadata": notes}
        bucket, key = self.place.bucket, self._key(name)
        with translated(name):
            _tried(lambda: self._s3().put_object(Bucket=bucket, Key=key, Body=content, **request))

    def get(self, name: str, *, at_most: int | None = None) -> Stored | None:
        """Return what is kept under ``name``, or ``None``.

        Raises :class:`StoreDownError`, and :class:`DamagedObjectError` for what does not have
        the digest noted with it or, where ``at_most`` bytes are wanted, is larger.
        """
        with translated(name):
            try:
                bucket, key = self.place.bucket, self._key(name)
                answer = _tried(lambda: self._s3().get_object(Bucket=bucket, Key=key))
            except self._s3().exceptions.ClientError as error:
                if error.response["Error"]["Code"] in _ABSENT:
                    return None
                raise
            with answer["Body"] as body:
                if at_most is not None and answer["ContentLength"] > at_most:
                    raise DamagedObjectError(f"{name} has {answer['ContentLength']} bytes")
                content = body.read()
        digest = hashlib.sha256(content).hexdigest()
        notes = answer["Metadata"]
        if notes.get("sha256", digest) != digest:
            raise DamagedObjectError(f"{name} does not have the bytes that were put there")
        return Stored(content, digest, notes)

    def delete(self, names: Iterable[str]) -> None:
        """Take away what is kept under ``names``; raises :class:`StoreDownError`.

        What is not there is no error.
        """
        wanted = list(names)
        for start in range(0, len(wanted), _DELETED_AT_ONCE):
            some = wanted[start : start + _DELETED_AT_ONCE]
            with translated(some[0]):
                # One by one where it is one: not every store knows the request for many.
                if len(some) == 1:
                    bucket, key = self.place.bucket, self._key(some[0])
                    _tried(partial(self._s3().delete_object, Bucket=bucket, Key=key))
                    continue
                answer = self._s3().delete_objects(
                    Bucket=self.place.bucket,
                    Delete={"Objects": [{"Key": self._key(name)} for name in some], "Quiet": True},
                )
            if errors := answer.get("Errors"):
                first = errors[0]
                raise StoreDownError(f"{first.get('Code')}: {first.get('Message')}")

    def names(self) -> Iterator[tuple[str, int]]:
        """Yield name and size of all that is kept; raises :class:`StoreDownError`."""
        prefix = self.place.prefix
        with translated("the list"):
            pages = self._s3().get_paginator("list_objects_v2")
            for page in pages.paginate(Bucket=self.place.bucket, Prefix=prefix):
                for each in page.get("Contents", ()):
                    yield each["Key"].removeprefix(prefix), each["Size"]

    def ask(self) -> None:
        """Ask the store whether it takes anything at all; raises :class:`StoreDownError`."""
        self.put(ASKED, b"", notes={}, headers={"ContentType": "text/plain"})

    def has(self, name: str) -> bool:
        """Tell whether something is kept under ``name``; raises :class:`StoreDownError`."""
        with translated(name):
            try:
                bucket, key = self.place.bucket, self._key(name)
                _tried(lambda: self._s3().head_object(Bucket=bucket, Key=key))
            except self._s3().exceptions.ClientError as error:
                if error.response["Error"]["Code"] in _ABSENT:
                    return False
                raise
        return True


def _tried(ask: Callable[[], _T]) -> _T:
    """Return what ``ask`` returns; asks a second time where it breaks off at once.

    Refusals (4xx) are final; what the library raises is raised.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    began = time.monotonic()
    try:
        return ask()
    except (BotoCoreError, ClientError) as error:
        refused = (
            isinstance(error, ClientError)
            and error.response["ResponseMetadata"]["HTTPStatusCode"] < _SERVERS_FAULT
        )
        if refused or time.monotonic() - began > _AT_ONCE_S:
            raise
    time.sleep(_BETWEEN_S)
    return ask()


@contextmanager
def translated(name: str) -> Generator[None]:
    """Raise what the library raises in the block as :class:`StoreDownError`, or ``OSError``.

    The latter where the store refuses just the object called ``name``, or there is none.
    """
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except FileNotFoundError:
        raise
    except ClientError as error:
        code = error.response["Error"]["Code"]
        said = error.response["Error"].get("Message", "")
        if code in _OF_ONE_OBJECT:
            raise OSError(f"the store refuses {name}: {code}") from error
        raise StoreDownError(f"{code}: {said}" if said else str(code)) from error
    # Also what breaks off while a body is read, or is sent in parts.
    except (BotoCoreError, Boto3Error, OSError) as error:
        raise StoreDownError(f"{type(error).__name__}: {error}") from error


def django_storage(place: Place | None) -> dict[str, Any]:
    """Return the storage of uploads, for Django's ``STORAGES``; ``None`` is the home.

    The files stay private, for the newsroom hands them out itself, and no upload replaces
    another, as in a folder.
    """
    if place is None:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return {
        "BACKEND": "broadsheet.upload_store.UploadStore",
        "OPTIONS": {
            "bucket_name": place.bucket,
            "location": place.prefix,
            "endpoint_url": place.endpoint or None,
            "region_name": place.region or ("us-east-1" if place.endpoint else None),
            "access_key": place.access_key or None,
            "secret_key": place.secret_key or None,
            "security_token": None,
            "default_acl": None,
            "file_overwrite": False,
            "querystring_auth": False,
        },
    }


@lru_cache(maxsize=8)
def store_at(place: Place) -> ObjectStore:
    """Return the one store of this process at ``place``."""
    return ObjectStore(place)


def all_of(do: Callable[[_T], _R], what: Sequence[_T]) -> list[_R]:
    """Return what ``do`` makes of each of ``what``, several at a time, in order."""
    if len(what) <= 1:  # one needs no thread
        return [do(each) for each in what]
    with ThreadPoolExecutor(min(AT_ONCE, len(what))) as pool:
        return list(pool.map(do, what))
