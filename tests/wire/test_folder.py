"""A watched folder: what has settled is taken once, and put away when it was dealt with."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire.incoming import Incoming, Unreadable
from broadsheet.wire.retrievers import folder
from broadsheet.wire.retrievers.claims import Claim
from broadsheet.wire.retrievers.errors import RetrieveError
from broadsheet.wire.retrievers.retrieved import Retrieval, Retrieved

PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(200)


def _put(path: Path, content: bytes = b"Text", *, age: float = 60.0) -> Path:
    path.write_bytes(content)
    at = time.time() - age
    os.utime(path, (at, at))
    return path


def _day() -> str:
    return datetime.now(UTC).date().isoformat()


def _tree(place: Path) -> list[str]:
    return sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())


def _name(one: Retrieved) -> str:
    return Path(one.incoming.origin).name


def _take(place: Path, state: dict[str, Any] | None = None, **options: Any) -> list[str]:
    """Take everything and call it done; return the names, in their order."""
    names = []
    for one in folder.retrieve(place, state or {}, **options):
        names.append(_name(one))
        one.done()
    return names


def test_files_are_taken_oldest_first_and_put_away(tmp_path: Path) -> None:
    for name, age in (("c.xml", 30), ("b.xml", 20), ("a.xml", 20), ("z.jpg", 90)):
        _put(tmp_path / name, name.encode(), age=age)
    os.utime(tmp_path / "a.xml", ns=(0, (tmp_path / "b.xml").stat().st_mtime_ns))
    taken = []
    for one in folder.retrieve(tmp_path, {}):
        assert isinstance(one.incoming, Incoming)
        assert one.incoming.origin == str(tmp_path / one.incoming.content.decode())
        taken.append(_name(one))
        # It counts as done when it was stored, not when it was read.
        assert not (tmp_path / "done" / _day() / taken[-1]).exists()
        one.done()
        assert (tmp_path / "done" / _day() / taken[-1]).is_file()
    assert taken == ["c.xml", "a.xml", "b.xml", "z.jpg"]
    assert _tree(tmp_path) == [f"done/{_day()}/{name}" for name in sorted(taken)]
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_what_failed_lies_beside_its_reason_and_never_over_another(tmp_path: Path) -> None:
    for content in (b"first", b"second"):
        _put(tmp_path / "a.xml", content)
        for one in folder.retrieve(tmp_path, {}):
            one.failed("The file is not XML.\nSend it again.")
            one.done()
    place = tmp_path / "failed" / _day()
    assert (place / "a.xml").read_bytes() == b"first"
    assert (place / "a-2.xml").read_bytes() == b"second"
    assert (place / "a-2.xml.reason.txt").read_text() == "The file is not XML.\nSend it again.\n"
    assert len(_tree(tmp_path)) == 4


def test_unfinished_and_foreign_things_are_left(tmp_path: Path) -> None:
    outside = _put(tmp_path / "secret")
    place = tmp_path / "in"
    (place / "sub").mkdir(parents=True)
    for name in ("a.xml.tmp", "b.part", ".hidden", "c.FILEPART", "d~", "sub/e.xml"):
        _put(place / name)
    (place / "link.xml").symlink_to(outside)
    os.mkfifo(place / "pipe.xml")
    before = sorted(place.rglob("*"))
    assert _take(place) == []
    assert sorted(place.rglob("*")) == before


def test_a_file_is_taken_once_it_has_settled(tmp_path: Path) -> None:
    state: dict[str, Any] = {}
    file = _put(tmp_path / "a.xml", age=0)
    assert _take(tmp_path) == []
    retrieval = folder.retrieve(tmp_path, state, settled=0.2)
    assert list(retrieval) == []
    state = json.loads(json.dumps(retrieval.state))
    # A clock elsewhere runs ahead: then what counts is that nothing has changed since.
    ahead = time.time() + 9999
    os.utime(file, (ahead, ahead))
    retrieval = folder.retrieve(tmp_path, state, settled=0.2)
    assert list(retrieval) == []
    time.sleep(0.25)
    assert _take(tmp_path, retrieval.state, settled=0.2) == ["a.xml"]
    # Nothing at all is more often the beginning of something.
    _put(tmp_path / "empty.xml", b"", age=30)
    assert _take(tmp_path) == []
    _put(tmp_path / "empty.xml", b"", age=90)
    assert _take(tmp_path) == ["empty.xml"]


def test_a_file_that_is_open_for_writing_is_waited_for(tmp_path: Path) -> None:
    file = _put(tmp_path / "a.xml", age=30)
    with file.open("ab"):
        assert _take(tmp_path) == []
        assert _tree(tmp_path) == ["a.xml"]
        at = time.time() - 3600
        os.utime(file, (at, at))
        assert _take(tmp_path) == ["a.xml"]


def test_a_turn_is_bounded(tmp_path: Path) -> None:
    for number in range(5):
        _put(tmp_path / f"{number}.xml", age=60 - number)
    assert _take(tmp_path, limit=2) == ["0.xml", "1.xml"]
    assert _take(tmp_path, limit=2) == ["2.xml", "3.xml"]


def test_pictures_go_where_their_text_goes(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("own.jpg", "other.jpg", "sub/kept.jpg"):
        _put(tmp_path / name, PICTURE, age=90)
    _put(tmp_path / "text.xml")
    _put(tmp_path / "second.xml", age=30)
    _put(tmp_path.parent / "outside.jpg", PICTURE)
    taken = []
    for one in folder.retrieve(tmp_path, {}):
        taken.append(_name(one))
        if isinstance(one.incoming, Incoming) and taken[-1] == "text.xml":
            assert one.incoming.beside("own.jpg") == PICTURE
            assert one.incoming.beside("sub/kept.jpg") == PICTURE
            assert one.incoming.beside("../outside.jpg") is None
            # Asking for another text takes nothing away from anybody.
            assert one.incoming.beside("second.xml") == b"Text"
        one.done()
        if taken[-1] == "second.xml":
            assert isinstance(one.incoming, Incoming)
            # Which another text has had already.
            assert one.incoming.beside("own.jpg") == PICTURE
    assert taken == ["text.xml", "second.xml", "other.jpg"]
    assert (tmp_path / "done" / _day() / "own.jpg").is_file()
    assert (tmp_path / "sub" / "kept.jpg").is_file()


def test_a_text_waits_for_the_picture_that_it_names(tmp_path: Path) -> None:
    _put(tmp_path / "text.xml", b"<photo href='late.jpg'/>", age=20)
    _put(tmp_path / "other.xml", b"no picture", age=20)
    _put(tmp_path / "late.jpg", PICTURE, age=0)
    assert _take(tmp_path) == ["other.xml"]
    assert (tmp_path / "text.xml").is_file()
    _put(tmp_path / "late.jpg", PICTURE, age=10)
    assert _take(tmp_path) == ["text.xml", "late.jpg"]


def test_a_zip_file_is_put_away_when_all_of_it_was_dealt_with(tmp_path: Path) -> None:
    def pack() -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            for name in ("a.xml", "b.xml"):
                archive.writestr(name, name)
        _put(tmp_path / "all.zip", target.getvalue())

    pack()
    retrieval = iter(folder.retrieve(tmp_path, {}))
    first, second = next(retrieval), next(retrieval)
    assert [_name(first), _name(second)] == ["a.xml", "b.xml"]
    second.done()
    first.failed("It is no XML.")
    assert list(retrieval) == []
    place = tmp_path / "failed" / _day()
    assert (place / "all.zip.reason.txt").read_text() == "a.xml: It is no XML.\n"
    pack()
    assert _take(tmp_path) == ["a.xml", "b.xml"]
    assert (tmp_path / "done" / _day() / "all.zip").is_file()
    _put(tmp_path / "broken.zip", b"PK\x03\x04")
    for one in folder.retrieve(tmp_path, {}):
        assert isinstance(one.incoming, Unreadable)
        one.failed(one.incoming.reason)
    assert "broken" in (place / "broken.zip.reason.txt").read_text()


def test_names_need_not_be_text(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path) + b"/caf\xe9.xml"
    _put(Path(os.fsdecode(raw)))
    for one in folder.retrieve(tmp_path, {}):
        assert one.incoming.origin.endswith("caf\ufffd.xml")
        one.failed("It has no name.")
    assert len(_tree(tmp_path)) == 2


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(RetrieveError, match="cannot be used"):
        list(folder.retrieve(tmp_path / "missing", {}))
    _put(tmp_path / "file")
    with pytest.raises(RetrieveError, match="cannot be used"):
        list(folder.retrieve(tmp_path / "file", {}))
    place = tmp_path / "in"
    place.mkdir()
    (place / "done").symlink_to(tmp_path)
    _put(place / "a.xml")
    with pytest.raises(RetrieveError, match=r"could not be put away.*link"):
        _take(place)
    assert not (tmp_path / _day()).exists()


# --- Several processes -------------------------------------------------------------------------


_WORK = """
import sys, time
from pathlib import Path
from broadsheet.wire.retrievers import folder
place, start = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
for _ in range(4):
    for one in folder.retrieve(place, {}):
        print(Path(one.incoming.origin).name, flush=True)
        one.done()
"""


def test_several_processes_never_take_one_file_twice(tmp_path: Path) -> None:
    place, start = tmp_path / "in", tmp_path / "start"
    place.mkdir()
    names = [f"{number:03}.xml" for number in range(120)]
    for name in names:
        _put(place / name)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORK, str(place), str(start)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    start.touch()
    taken = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0, 0]
    assert sorted(name for mine in taken for name in mine) == names
    assert _tree(place) == [f"done/{_day()}/{name}" for name in names]


_CRASH = """
import os, sys
from pathlib import Path
from broadsheet.wire.retrievers import folder
for one in folder.retrieve(Path(sys.argv[1]), {}):
    print(one.incoming.origin, flush=True)
    os._exit(9)
"""


def _crash(place: Path) -> str:
    run = subprocess.run(
        [sys.executable, "-c", _CRASH, str(place)], capture_output=True, text=True, check=False
    )
    assert run.returncode == 9, run.stderr
    return run.stdout.strip()


def test_what_a_process_left_behind_is_taken_up_again(tmp_path: Path) -> None:
    _put(tmp_path / "a.xml")
    _put(tmp_path / "b.xml", age=30)
    assert _crash(tmp_path) == str(tmp_path / "a.xml")
    assert not (tmp_path / "a.xml").exists()
    # A newer file of the same name has come meanwhile: it has its own turn.
    _put(tmp_path / "a.xml", b"newer", age=20)
    assert _take(tmp_path) == ["a.xml", "b.xml", "a.xml"]
    place = tmp_path / "done" / _day()
    assert (place / "a.xml").read_bytes() == b"Text"
    assert (place / "a-2.xml").read_bytes() == b"newer"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_file_that_ends_the_program_each_time_is_put_aside(tmp_path: Path) -> None:
    _put(tmp_path / "a.xml")
    for _ in range(3):
        _crash(tmp_path)
    (one,) = _each(folder.retrieve(tmp_path, {}))
    assert isinstance(one.incoming, Unreadable)
    assert "ended 3 times" in one.incoming.reason
    assert (tmp_path / "failed" / _day() / "a.xml").is_file()


def _each(retrieval: Retrieval) -> Iterator[Retrieved]:
    for one in retrieval:
        one.failed(one.incoming.reason if isinstance(one.incoming, Unreadable) else "")
        yield one


def test_a_claim_that_is_held_is_nobody_elses(tmp_path: Path) -> None:
    file = _put(tmp_path / "a.xml")
    with Claim.make(tmp_path) as held:
        assert held.take(file)
        assert not held.take(file)
        assert list(Claim.left_behind(tmp_path)) == []
        assert _take(tmp_path) == []
    (taken_up,) = Claim.left_behind(tmp_path)
    with taken_up:
        assert (taken_up.names(), taken_up.times_left) == (["a.xml"], 1)
        taken_up.give_back("a.xml", tmp_path)
    assert _tree(tmp_path) == ["a.xml"]
    # What a process leaves that ends while it makes one is swept up an hour later.
    (tmp_path / ".claiming-1-x").mkdir()
    assert list(Claim.left_behind(tmp_path)) == []
    assert (tmp_path / ".claiming-1-x").is_dir()
    os.utime(tmp_path / ".claiming-1-x", (0, 0))
    assert list(Claim.left_behind(tmp_path)) == []
    assert not (tmp_path / ".claiming-1-x").exists()
