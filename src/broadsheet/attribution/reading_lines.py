"""Lines of JSON in, lines of JSON out: ``broadsheet attribute --jsonl``.

    for each line:
        read         id, text, time of publication     (or: an error line, with what to do)
        analyse      here, or in one of several processes
    write            one line a line, in the order they came in

However many lines come in, only a few for each process are in memory at a time. A text that
brings its process down costs that one text. Pure: neither Django nor any other room.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from broadsheet import allocator
from broadsheet.attribution import exchange

_AHEAD = 4
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every text that does not say otherwise itself."""

    published: datetime | None = None
    time_zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Job:
    """One text to analyse: the line it stands on (from 1), its id, and its terms."""

    line: int
    id: Any
    text: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no text, or a text that could not be analysed; ``error`` says why."""

    line: int
    id: Any
    error: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a line; ``document`` is what is written for it."""

    line: int
    document: dict[str, Any]
    error: str = ""


def moment(written: str, zone: str) -> datetime:
    """Return a time of ISO 8601 as an aware one; without a zone of its own it is of ``zone``.

    Raises ``ValueError``.
    """
    found = datetime.fromisoformat(written.strip())
    return found if found.tzinfo is not None else found.replace(tzinfo=ZoneInfo(zone))


def read(lines: Iterable[bytes], terms: Terms) -> Iterator[Job | BadLine]:
    """Yield what each line asks for; empty lines are passed over.

    A line is an object with ``text`` and, if it likes, ``id``, ``published`` (ISO 8601),
    ``language`` (BCP 47) and ``time_zone`` (IANA).
    """
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _read(number, line, terms)


def _read(number: int, line: bytes, terms: Terms) -> Job | BadLine:
    name: Any = None
    try:
        found = _record(json.loads(line))
        name = found.get("id")
        return Job(number, name, _text(found), _terms(found, terms))
    except _UnusableError as error:
        return BadLine(number, name, str(error))
    except (ValueError, RecursionError) as error:
        shown = line[:_SHOWN].decode("utf-8", "replace").strip()
        return BadLine(number, name, f"This is no JSON ({error}): {shown}")


class _UnusableError(Exception):
    """A line is JSON and no text to analyse; the message says why."""


def _record(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _UnusableError('This is no JSON object; write {"id": …, "text": …}.')
    return found


def _text(found: dict[str, Any]) -> str:
    text = found.get("text")
    if not isinstance(text, str):
        raise _UnusableError('There is no text; give it as a string named "text".')
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _UnusableError("The text holds halves of characters (lone surrogates).") from error
    return text


def _terms(found: dict[str, Any], terms: Terms) -> Terms:
    zone = str(found.get("time_zone") or terms.time_zone)
    published = found.get("published")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _UnusableError(f"“{zone}” is no IANA time zone, such as Europe/Berlin.") from error
    try:
        when = terms.published if published is None else moment(str(published), zone)
    except ValueError as error:
        raise _UnusableError(f'"published" is no time of ISO 8601: {error}') from error
    return Terms(when, zone, str(found.get("language") or terms.language))


def answer(job: Job) -> Answer:
    """Analyse one text. Whatever goes wrong is said in the answer."""
    from broadsheet.attribution import analyse  # late: it loads the language's pipeline

    terms = job.terms
    try:
        analysis = analyse(
            job.text, terms.published, paper_time_zone=terms.time_zone, language=terms.language
        )
    except Exception as error:  # noqa: BLE001 - one text must not cost the others
        return refused(BadLine(job.line, job.id, f"{type(error).__name__}: {error}"))
    finally:
        # A hundredth more of time for a tenth less of memory.
        allocator.give_back()
    return Answer(job.line, {"id": job.id, **exchange.to_json(analysis)})


def refused(bad: BadLine) -> Answer:
    """Return what is written for a line that holds no text."""
    return Answer(bad.line, {"id": bad.id, "error": bad.error}, bad.error)


def answers(
    jobs: Iterable[Job | BadLine],
    processes: int,
    work: Callable[[Job], Answer] = answer,
) -> Generator[Answer]:
    """Yield an answer for each of ``jobs``, in their order.

    With one process the work is done in this one, and each line is answered before the next is
    read. ``work`` is a function that can be sent to another process.
    """
    if processes <= 1:
        for job in jobs:
            yield refused(job) if isinstance(job, BadLine) else work(job)
        return
    with _Crew(processes, work) as crew:
        waiting: _Waiting = deque()
        for job in jobs:
            if len(waiting) >= processes * _AHEAD:
                yield crew.result(waiting)
            waiting.append((job, None if isinstance(job, BadLine) else crew.submit(job)))
        while waiting:
            yield crew.result(waiting)


_Waiting = deque[tuple[Job | BadLine, Future[Answer] | None]]


class _Crew:
    """A pool of processes that is replaced when one of them dies."""

    def __init__(self, processes: int, work: Callable[[Job], Answer]) -> None:
        self._processes, self._work = processes, work
        self._pool = ProcessPoolExecutor(processes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def submit(self, job: Job) -> Future[Answer]:
        try:
            return self._pool.submit(self._work, job)
        except BrokenProcessPool:
            # Whoever asks for the result finds that out and puts it right.
            broken: Future[Answer] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken

    def result(self, waiting: _Waiting) -> Answer:
        job, future = waiting.popleft()
        if isinstance(job, BadLine):
            return refused(job)
        try:
            return self.submit(job).result() if future is None else future.result()
        except BrokenProcessPool:
            return self._again(job, waiting)

    def _again(self, job: Job, waiting: _Waiting) -> Answer:
        """Work on ``job`` alone, to see whether it was the one, and on the others anew."""
        self._pool.shutdown(cancel_futures=True)
        own = _alone(self._work, job)
        self._pool = ProcessPoolExecutor(self._processes)
        for place, (other, future) in enumerate(waiting):
            if isinstance(other, Job) and future is not None and _died(future):
                waiting[place] = (other, self.submit(other))
        return own


def _died(future: Future[Answer]) -> bool:
    return future.cancelled() or not future.done() or future.exception() is not None


def _alone(work: Callable[[Job], Answer], job: Job) -> Answer:
    with ProcessPoolExecutor(1) as pool:
        try:
            return pool.submit(work, job).result()
        except BrokenProcessPool:
            error = "The analysis of this text brought its process down."
            return refused(BadLine(job.line, job.id, error))
