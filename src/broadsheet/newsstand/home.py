"""The home: one folder that holds the whole newspaper. Made here, and locked while it is used."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

# 384 bits; Django asks for 50 characters at least.
_SECRET_BYTES = 48
_SECRET_LETTERS = 50
_FEWEST_DIFFERENT = 5


# Descriptors of the claims of this process.
_claims: set[int] = set()


def _leave_claims() -> None:
    """Let a process that was just forked hold none of its parent's claims.

    A lock of the kernel is held for as long as anybody has the file open.
    """
    for descriptor in _claims:
        os.close(descriptor)
    _claims.clear()


os.register_at_fork(after_in_child=_leave_claims)


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


def open_to_others() -> list[tuple[Path, int]]:
    """Return what of the home others may look into or read, each with the mode it should have.

    To pass through the home and its pressed folder is allowed: nginx does (see the how-to).
    """
    home, database = Path(settings.HOME), database_file()
    # The latest pages of the database lie beside it while it is in use.
    databases = (
        [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
        if database
        else []
    )
    wanted = [
        (home, ~0o066),
        (Path(settings.MEDIA_ROOT), ~0o007),
        (home / "mail", ~0o077),
        (Path(settings.RUN_ROOT), ~0o077),
        (Path(settings.SECRET_KEY_FILE), ~0o077),
        *((path, ~0o077) for path in databases),
    ]
    found = []
    for path, allowed in wanted:
        if path.exists():
            mode = stat.S_IMODE(path.stat().st_mode)
            if mode & allowed != mode:
                found.append((path, mode & allowed))
    return found


def close_to_others() -> list[str]:
    """Take from others what they may not do in the home; return what was done, or is to be done.

    A line each. A folder that holds more than a paper (``/tmp``, somebody's own) is left as it
    is, for others may need it.
    """
    done = []
    for path, mode in open_to_others():
        obstacle = "there is more in it than this paper" if _is_shared(path) else ""
        try:
            if not obstacle:
                path.chmod(mode)
        except OSError as error:
            obstacle = error.strerror or str(error)
        done.append(
            f"others can look into {path}: chmod {mode:o} {path} ({obstacle})"
            if obstacle
            else f"closed {path} to others (chmod {mode:o})"
        )
    return done


def _is_shared(path: Path) -> bool:
    if path != Path(settings.HOME):
        return False
    own = {
        Path(each).name
        for each in (
            settings.PRESSED_ROOT, settings.MEDIA_ROOT, settings.RUN_ROOT,
            settings.SECRET_KEY_FILE, settings.BASE_URL_FILE,
        )
    }  # fmt: skip
    own |= {"mail", "lost+found"}
    database = database_file()
    return any(
        each.name not in own and not (database and each.name.startswith(database.name))
        for each in path.iterdir()
    )


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


def database_file() -> Path | None:
    """Return the file of the database, or nothing where a server keeps it."""
    database = settings.DATABASES["default"]
    return Path(str(database["NAME"])) if "sqlite" in database["ENGINE"] else None


def database_name() -> str:
    """Return what to call the database before an operator: its file, or its name on its server."""
    database = settings.DATABASES["default"]
    if file := database_file():
        return str(file)
    return f"{database['NAME']} on {database['HOST'] or 'this machine'}"


def database_is_there() -> bool:
    """Tell whether the paper has a database already, be it out of date.

    Raises ``django.db.OperationalError`` where its server cannot be reached.
    """
    if file := database_file():
        return file.is_file()
    # The first table that `init` makes.
    return "django_migrations" in connection.introspection.table_names()


def address_pressed_for() -> str:
    """Return the public address that the pages carry, or an empty text where nobody noted it."""
    file = _address_file()
    return file.read_text("utf-8").strip() if file.is_file() else ""


def note_address_pressed_for() -> None:
    """Note that the pages carry the public address of now, or will, where none is pressed yet."""
    _address_file().write_text(settings.BASE_URL + "\n", "utf-8")


def _address_file() -> Path:
    return Path(settings.HOME) / "pressed-for"


def is_initialised() -> bool:
    """Tell whether ``broadsheet init`` has run here.

    Raises ``django.db.OperationalError`` where the database's server cannot be reached.
    """
    # A node of a paper on several machines may have nothing of its own yet.
    prepared = database_file() is not None or Path(settings.PRESSED_ROOT).is_dir()
    return prepared and bool(secret()) and database_is_there()


@contextmanager
def claimed(what: str) -> Generator[None]:
    """Be the only process of this home that is ``what`` ("serve", "worker") for the block.

    The claim is a lock of the kernel: it goes with the process, however that ends. Raises
    :class:`HomeInUseError` where another has it.
    """
    file = Path(settings.RUN_ROOT) / f"{what}.lock"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    _claims.add(descriptor)
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
        if descriptor in _claims:
            _claims.remove(descriptor)
            os.close(descriptor)
