from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest
from django.conf import settings

from broadsheet.newsstand.application import Message, Receive, Scope, Send
from broadsheet.newsstand.intake import Intake, largest_body

MIB = 2**20


class Reader:
    """Stands for Django: reads the whole body, unless the client goes away, and answers."""

    def __init__(self) -> None:
        self.read = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            self.read += len(message.get("body", b""))
            if not message.get("more_body", False):
                break
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"read"})


def ask(
    path: str, chunks: Iterable[bytes], headers: Iterable[tuple[bytes, bytes]] = ()
) -> tuple[list[int], int, int]:
    """Return the statuses sent, how much was read of the client, and how much was let through."""
    behind = Reader()
    sent: list[Message] = []
    waiting = list(chunks)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        body = waiting.pop(0) if waiting else b""
        taken += len(body)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": "http", "method": "POST", "path": path, "headers": list(headers)}
    asyncio.run(Intake(behind)(scope, receive, send))
    return [message["status"] for message in sent if "status" in message], taken, behind.read


@pytest.mark.parametrize("length", [b"131073", b"9" * 5000])
def test_a_body_that_says_it_is_too_large_is_refused_unread(length: bytes) -> None:
    assert ask("/search/", [b"x" * MIB], [(b"content-length", length)]) == ([413], 0, 0)


def test_a_body_of_unknown_length_is_read_no_further_than_it_may_go() -> None:
    statuses, taken, let_through = ask("/letters/7/", [b"x" * 1000] * 100_000)
    assert statuses == [413]
    assert taken <= largest_body("/letters/7/") + 1000
    assert let_through <= largest_body("/letters/7/")


def test_a_body_that_lies_about_its_length_is_counted() -> None:
    chunks = [b"x" * MIB] * 100
    statuses, taken, _ = ask("/newsroom/", chunks, [(b"content-length", b"10")])
    assert statuses == [413]
    assert taken <= largest_body("/newsroom/") + MIB


@pytest.mark.parametrize(
    ("path", "size"), [("/letters/7/", 64 * 1024), ("/newsroom/images/multiple/add/", 31 * MIB)]
)
def test_what_readers_and_the_newsroom_send_passes(path: str, size: int) -> None:
    headers = [(b"content-length", str(size).encode())]
    assert ask(path, [b"x" * size], headers) == ([200], size, size)


def test_the_pictures_of_the_newsroom_fit() -> None:
    assert largest_body("/newsroom/x/") > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE


class Crowd:
    """Requests to an application that answers none before it is told to."""

    def __init__(self, at_once: int) -> None:
        self._intake = Intake(self._answer_late, at_once=at_once)
        self._may_answer = asyncio.Event()
        self._asking: list[asyncio.Task[None]] = []
        self.answers: list[tuple[int, dict[bytes, bytes]]] = []

    async def _answer_late(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] == "http.request" and message.get("more_body"):
            pass
        if message["type"] == "http.request":
            await self._may_answer.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def come(self, sends: asyncio.Event | None = None) -> None:
        """Let one more come, whose body is whole when it ``sends``."""

        async def receive() -> Message:
            if sends is not None:
                await sends.wait()
            return {"type": "http.request", "body": b"x", "more_body": False}

        async def send(message: Message) -> None:
            if "status" in message:
                self.answers.append((message["status"], dict(message["headers"])))

        scope: Scope = {"type": "http", "method": "POST", "path": "/letters/7/", "headers": []}
        self._asking.append(asyncio.create_task(self._intake(scope, receive, send)))
        await asyncio.sleep(0)

    async def leave(self) -> None:
        """Answer all that wait."""
        self._may_answer.set()
        await asyncio.gather(*self._asking)


def test_more_than_can_be_worked_at_are_sent_away_and_told_when_to_come_again() -> None:
    async def story() -> Crowd:
        crowd = Crowd(at_once=2)
        for _ in range(3):
            await crowd.come()
        assert [status for status, _ in crowd.answers] == [503]
        await crowd.leave()
        await crowd.come()
        await crowd.leave()
        return crowd

    crowd = asyncio.run(story())
    assert [status for status, _ in crowd.answers] == [503, 200, 200, 200]
    assert crowd.answers[0][1][b"retry-after"] == b"2"


def test_who_is_still_sending_keeps_nobody_away() -> None:
    async def story() -> Crowd:
        crowd, sends = Crowd(at_once=1), asyncio.Event()
        for _ in range(3):
            await crowd.come(sends)
        await crowd.come()
        assert not crowd.answers
        sends.set()
        await crowd.leave()
        return crowd

    # Whoever was whole first is answered; the three become whole while it is.
    assert sorted(status for status, _ in asyncio.run(story()).answers) == [200, 503, 503, 503]
