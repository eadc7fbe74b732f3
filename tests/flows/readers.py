"""Readers who write letters, over HTTP, with the security key and the proof of work."""

from __future__ import annotations

import base64
import json
from typing import Any

import altcha
import requests
from requests.adapters import HTTPAdapter

from flows.papers import RunningPaper, ask


class _From(HTTPAdapter):
    """Connects from an address of one's choice; all of 127.0.0.0/8 is this machine."""

    def __init__(self, address: str) -> None:
        self._address = address
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, source_address=(self._address, 0), **kwargs)


class Reader:
    """Somebody with a browser, at an address of their own."""

    def __init__(self, paper: RunningPaper, address: str) -> None:
        self.paper = paper
        self.session = requests.Session()
        self.session.mount("http://", _From(address))

    def write(self, news_id: int, text: str) -> bool:
        """Send a letter as the page's script does, and tell whether it was taken."""
        start = f"{self.paper.url}/letters/keys/{news_id}/new.json"
        asked = self.session.get(start, timeout=60)
        asked.raise_for_status()
        key, challenge = asked.json()["key"], asked.json()["challenge"]
        # Nobody can read the picture but a person, and the one who wrote the digits down.
        ((digits,),) = ask(
            self.paper.home, "SELECT answer FROM letters_securitykey WHERE id = ?", key
        )
        solution = altcha.solve_challenge(altcha.Challenge.from_dict(challenge))
        assert solution is not None
        work = json.dumps({"challenge": challenge, "solution": solution.to_dict()})
        answer = self.session.post(
            f"{self.paper.url}/letters/{news_id}/",
            {
                "name": "Ada",
                "text": text,
                "key": key,
                "answer": digits,
                "work": base64.b64encode(work.encode()).decode(),
            },
            headers={"Origin": self.paper.url},
            timeout=60,
            allow_redirects=False,
        )
        return bool(answer.status_code == requests.codes.see_other)
