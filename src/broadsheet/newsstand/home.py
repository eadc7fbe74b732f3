"""The home: one folder that holds the whole newspaper. Made here, and locked while it is used."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

# 384 bits; Django asks for 50 characters at least.
_SECRET_BYTES = 48
_SECRET_LETTERS = 50
_FEWEST_DIFFERENT = 5


class HomeInUseError(RuntimeError):
    """Another process of this home does the same already; the message names it."""


def prepare_folders() -> list[str]:
    """Make the folders of the home that are not there and return what was done, a line each.

    The home itself is for its owner only: it holds the secret, drafts and readers' letters.
    nginx, where it serves the pressed folder, gets the right to pass through (see the how-to).
    """
    done = []
    home = Path(settings.HOME)
    if not home.is_dir():
        home.mkdir(parents=True, mode=0o700)
        done.append(f"made {home}")
    for folder, mode in (
        (settings.PRESSED_ROOT, 0o755),
        (settings.MEDIA_ROOT, 0o750),
        (home / "mail", 0o700),
        (settings.RUN_ROOT, 0o700),
    ):
        path = Path(folder)
        if not path.is_dir():
            path.mkdir(mode=mode, parents=True)
            done.append(f"made {path}")
    return done


def prepare_secret() -> list[str]:
    """Write a random secret into the home unless one is there or set; return what was done."""
    file = Path(settings.SECRET_KEY_FILE)
    if secret():
        return []
    fresh = secrets.token_urlsafe(_SECRET_BYTES)
    # Never over a file that is there, and never readable by others, not even for a moment.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(fresh + "\n")
    settings.SECRET_KEY = fresh
    return [f"wrote a random secret to {file}"]


def secret() -> str:
    """Return the paper's secret, or an empty text where there is none yet."""
    try:
        return str(settings.SECRET_KEY)
    except ImproperlyConfigured:  # what Django makes of an empty one
        return ""


def secret_is_weak() -> bool:
    """Tell whether the secret is one that Django ships, too short, or hardly random."""
    known = secret()
    return (
        len(known) < _SECRET_LETTERS
        or len(set(known)) < _FEWEST_DIFFERENT
        or known.startswith("django-insecure-")
    )


def database_file() -> Path:
    """Return the file of the database."""
    return Path(str(settings.DATABASES["default"]["NAME"]))


def is_initialised() -> bool:
    """Tell whether ``broadsheet init`` has run here."""
    return database_file().is_file() and bool(secret())


@contextmanager
def claimed(what: str) -> Generator[None]:
    """Be the only process of this home that is ``what`` ("serve", "worker") for the block.

    The claim is a lock of the kernel: it goes with the process, however that ends. Raises
    :class:`HomeInUseError` where another has it.
    """
    file = Path(settings.RUN_ROOT) / f"{what}.lock"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = file.read_text("ascii", "replace").strip() or "unknown"
            raise HomeInUseError(
                f"`broadsheet {what}` already runs on {settings.HOME} (process {holder})"
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)
