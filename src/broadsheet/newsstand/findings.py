"""What `broadsheet check` looks at: everything an operator has to set, keep or repair."""

from __future__ import annotations

import gzip
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection

from broadsheet.newsstand import heartbeat, home, nodes, outages, readiness
from broadsheet.object_stores import ASKED, StoreDownError, store_at
from broadsheet.press import shared_store, stored
from broadsheet.press.models import PressedFile, PressOrder
from broadsheet.pressed_paths import file_of, lies_plain

_LITTLE_ROOM = 500 * 2**20
_NO_ROOM = 50 * 2**20
_NAMED_AT_MOST = 5


class Level(StrEnum):
    """How much a finding matters. Only an error makes `check` fail."""

    FINE = "ok"
    NOTE = "note"
    ERROR = "error"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what, how it stands, and what to do where it is not well."""

    subject: str
    level: Level
    sentence: str

    def as_json(self) -> dict[str, str]:
        """Return it as plain values."""
        return asdict(self)


def findings(*, deep: bool) -> Iterator[Finding]:
    """Yield a finding for each thing looked at; ``deep`` compares every pressed file as well."""
    looks: list[Callable[[], Finding]] = [
        _secret, _debug, _hosts, _base_url, _home, _database, _migrations, _room, _folder, _orders,
        _worker, _nodes, _mail,
    ]  # fmt: skip
    if settings.MEDIA_STORE is not None:
        looks.append(_uploads)
    if deep:
        looks.append(_pressed_files)
        if settings.PRESS_STORE is not None:
            looks.append(_stored_files)
    for look in looks:
        try:
            yield look()
        except (DatabaseError, OSError) as error:
            subject = look.__name__.strip("_").replace("_", " ")
            yield Finding(subject, Level.ERROR, f"{type(error).__name__}: {error}")


def _outside_demo(level: Level) -> Level:
    return Level.NOTE if settings.DEMO else level


def _secret() -> Finding:
    if not home.secret():
        return Finding("secret", Level.ERROR, "There is none. Run `broadsheet init`.")
    if home.secret_is_weak():
        return Finding(
            "secret",
            _outside_demo(Level.ERROR),
            "It is short or well known. Set BROADSHEET_SECRET_KEY to 50 random characters.",
        )
    file = Path(settings.SECRET_KEY_FILE)
    if file.is_file() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        return Finding("secret", Level.ERROR, f"Others can read {file}: chmod 600 {file}")
    return Finding("secret", Level.FINE, "is random and kept to yourself.")


def _debug() -> Finding:
    if settings.DEBUG:
        return Finding("debug", _outside_demo(Level.ERROR), "is on. Unset BROADSHEET_DEBUG.")
    if settings.DEMO:
        return Finding("debug", Level.NOTE, "is off, but this is the demo: its login is known.")
    return Finding("debug", Level.FINE, "is off.")


def _hosts() -> Finding:
    hosts = settings.ALLOWED_HOSTS
    if hosts == settings.LOOPBACK_HOSTS:
        return Finding(
            "hosts", Level.NOTE, "This machine only. For the world set BROADSHEET_ALLOWED_HOSTS."
        )
    if "*" in hosts:
        return Finding(
            "hosts",
            Level.ERROR,
            "Any name is believed (*), also a forged one. Name them in BROADSHEET_ALLOWED_HOSTS.",
        )
    return Finding("hosts", Level.FINE, ", ".join(hosts))


def _base_url() -> Finding:
    url = settings.BASE_URL
    if url.startswith("https://"):
        return Finding("base URL", Level.FINE, url)
    return Finding(
        "base URL", Level.NOTE, f"{url} is not https; set BROADSHEET_BASE_URL for a public paper."
    )


def _home() -> Finding:
    folder = Path(settings.HOME)
    if not home.is_initialised():
        return Finding("home", Level.ERROR, f"{folder} is not prepared. Run `broadsheet init`.")
    # What is open of the secret is a finding of its own.
    remedies = [
        f"chmod {mode:o} {path}"
        for path, mode in home.open_to_others()
        if path != Path(settings.SECRET_KEY_FILE)
    ]
    if remedies:
        return Finding("home", Level.ERROR, f"Others can look into it: {'; '.join(remedies)}")
    return Finding("home", Level.FINE, f"{folder} is yours alone.")


def _database() -> Finding:
    if connection.vendor != "postgresql":
        return Finding("database", Level.FINE, "is a file in the home.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('server_encoding'), "
            "inet_server_addr() IS NULL OR inet_server_addr() = inet_client_addr() "
            "OR (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid())"
        )
        version, encoding, safe = cursor.fetchone()
    said = f"{home.database_name()}, PostgreSQL {version}"
    if encoding != "UTF8":
        return Finding("database", Level.ERROR, f"{said}, keeps {encoding} where UTF8 is needed.")
    if not safe:
        return Finding(
            "database",
            Level.NOTE,
            f"{said}, is reached unencrypted. Add ?sslmode=verify-full to DATABASE_URL.",
        )
    return Finding("database", Level.FINE, f"{said}.")


def _migrations() -> Finding:
    missing = readiness.unapplied()
    if missing:
        return Finding(
            "migrations", Level.ERROR, f"{len(missing)} are not applied. Run `broadsheet init`."
        )
    return Finding("migrations", Level.FINE, "are all applied.")


def _room() -> Finding:
    free = shutil.disk_usage(settings.HOME).free
    level = Level.FINE
    if free < _LITTLE_ROOM:
        level = Level.NOTE if free > _NO_ROOM else Level.ERROR
    return Finding("disk", level, f"{free // 2**20:,} MiB are free.")


def _folder() -> Finding:
    check = next(check for check in readiness.checks() if check.name == "pressed_folder")
    if not check.ok:
        return Finding("pressed folder", Level.ERROR, check.reason)
    return Finding("pressed folder", Level.FINE, f"{PressedFile.objects.count():,} files.")


def _orders() -> Finding:
    failed = PressOrder.objects.filter(attempts__gt=0)
    number = failed.count()
    if number:
        first = failed.order_by("ordered_at")[0]
        error = first.last_error.strip().rpartition("\n")[2]
        return Finding(
            "press",
            Level.ERROR,
            f"{number} sheets could not be pressed; the first is {first}: {error}",
        )
    waiting = PressOrder.objects.count()
    if waiting:
        return Finding("press", Level.NOTE, f"{waiting:,} sheets wait to be pressed.")
    return Finding("press", Level.FINE, "Nothing waits.")


def _worker() -> Finding:
    beat = heartbeat.read()
    if beat is None:
        return Finding("worker", Level.NOTE, "does not run; `broadsheet serve` starts one.")
    if not beat.alive:
        return Finding(
            "worker",
            Level.ERROR,
            f"has been silent for {beat.age:.0f} s. Start `broadsheet serve` again.",
        )
    return Finding("worker", Level.FINE, f"runs as process {beat.pid}, {beat.duty} now.")


_WHAT_TO_DO = {
    "store": "Pressed pages wait until it answers; start it again, or look at PRESS_URL.",
    "cache": "The database counts instead; start it again, or look at CACHE_URL.",
    "bell": "Nodes look by themselves; start it again, or look at TASKS_URL.",
    "mirror": "It catches up by itself where its worker runs and the store answers.",
    "node": "Start `broadsheet serve` there again.",
    "workers": "Start `broadsheet serve` again.",
}


def _nodes() -> Finding:
    found = outages.present()
    if found:
        first = found[0]
        name = f"{first.kind} {first.node}".strip()
        more = f" {len(found) - 1} more: see /readyz." if len(found) > 1 else ""
        why = f" ({first.reason})" if first.reason else ""
        said = f"{name} has not been well for {first.seconds:.0f} s{why}."
        return Finding("nodes", Level.ERROR, f"{said} {_WHAT_TO_DO[first.kind]}{more}")
    names = ", ".join(node.name for node in nodes.known() if node.alive)
    return Finding("nodes", Level.FINE, f"All are well: {names or 'none runs'}.")


def _mail() -> Finding:
    if "filebased" in settings.EMAIL_BACKEND:
        return Finding(
            "mail", Level.NOTE, f"goes to {settings.EMAIL_FILE_PATH}. Set BROADSHEET_EMAIL_URL."
        )
    connection = mail.get_connection()
    try:
        connection.open()
        connection.close()
    except OSError as error:  # smtplib's errors are among them
        return Finding("mail", Level.ERROR, f"The server cannot be reached: {error}")
    return Finding("mail", Level.FINE, "The server answers.")


def _pressed_files() -> Finding:
    root = Path(settings.PRESSED_ROOT)
    wrong: list[str] = []
    known: set[str] = set()
    for address, size in PressedFile.objects.values_list("address", "size").iterator():
        file = file_of(address)
        stored = file if lies_plain(address) else f"{file}.gz"
        known.add(stored)
        fault = _fault(root / stored, size)
        if fault:
            wrong.append(f"{address} {fault}")
    for path in root.rglob("*"):
        name = path.relative_to(root).as_posix()
        if path.is_file() and name not in known and not name.endswith(".br"):
            wrong.append(f"{name} is not in the ledger")
    if not wrong:
        return Finding("pressed files", Level.FINE, f"All {len(known):,} agree with the ledger.")
    some = "; ".join(wrong[:_NAMED_AT_MOST])
    remedy = "Run `broadsheet press --all`."
    if settings.PRESS_STORE is not None:
        remedy = "They come from the store when the worker of this node is started again."
    return Finding(
        "pressed files", Level.ERROR, f"{len(wrong):,} disagree with the ledger: {some}. {remedy}"
    )


def _stored_files() -> Finding:
    shared = shared_store.remote()
    if shared is None:
        return Finding("store", Level.FINE, "is the home.")
    try:
        wrong, unknown = stored.differences(shared)
    except StoreDownError as error:
        return Finding("store", Level.ERROR, f"{shared.place} does not answer: {error}")
    named = [row.address for row in wrong] + unknown
    if not named:
        return Finding("store", Level.FINE, f"{shared.place} has what the ledger names.")
    return Finding(
        "store",
        Level.ERROR,
        f"{shared.place} lacks {len(wrong):,} files of the ledger and has {len(unknown):,} that it "
        f"does not know: {'; '.join(named[:_NAMED_AT_MOST])}. Run `broadsheet press --recover`.",
    )


def _uploads() -> Finding:
    try:
        store_at(settings.MEDIA_STORE).has(ASKED)
    except StoreDownError as error:
        return Finding("uploads", Level.ERROR, f"{settings.MEDIA_STORE} does not answer: {error}")
    return Finding("uploads", Level.FINE, f"are in {settings.MEDIA_STORE}.")


def _fault(path: Path, size: int) -> str:
    if not path.is_file():
        return "is not there"
    content = path.read_bytes()
    if len(content) != size:
        return f"has {len(content)} bytes instead of {size}"
    if path.suffix == ".gz":
        try:
            gzip.decompress(content)
        except (OSError, EOFError):
            return "is damaged"
    return ""
