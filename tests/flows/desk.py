"""The newsroom as somebody at a desk uses it: the forms as they are served, over HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import requests
from lxml import html

from flows.papers import RunningPaper, ask

LOGIN = "chief"
PASSWORD = "correct horse battery"
_STORIES = "/newsroom/stories/"


class RefusedError(Exception):
    """The newsroom answered, and did not do what it was asked."""


class Desk:
    """Somebody who is logged in."""

    def __init__(self, paper: RunningPaper) -> None:
        self.paper = paper
        self.session = requests.Session()
        login = "/newsroom/login/"
        self._send(login, {**self.form(login), "login": LOGIN, "password": PASSWORD})

    def get(self, path: str) -> requests.Response:
        """Fetch a page of the newsroom, without following redirects."""
        return self.session.get(self.paper.url + path, timeout=60, allow_redirects=False)

    def form(self, path: str) -> dict[str, str]:
        """Return what the form on a page would send as it stands."""
        page = html.fromstring(self.get(path).content)
        # The page's own form; those beside it, to unlock say, have hardly a field.
        form = max(page.forms, key=lambda form: len(form.form_values()))
        return {
            # A browser drops the first line feed of a text area; templates of rows are not sent.
            str(name): (value or "").removeprefix("\n")
            for name, value in form.form_values()
            if "__prefix__" not in str(name)
        }

    def _send(
        self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]] | None = None
    ) -> requests.Response:
        """Send a form; what is acknowledged is answered with a redirect (302)."""
        answer = self.session.post(
            self.paper.url + path,
            fields,
            files=files,
            headers={"Referer": self.paper.url + path},
            timeout=60,
            allow_redirects=False,
        )
        if answer.status_code != requests.codes.found:
            page = html.fromstring(answer.content)
            said = " ".join(page.xpath("//*[contains(@class, 'error')]//text()")).split()
            raise RefusedError(f"{path}: {answer.status_code}: {' '.join(said)[:500]}")
        return answer

    def publish(self, headline: str, **fields: str) -> None:
        """Write a story and publish it, or schedule it where ``fields`` say so."""
        path = f"{_STORIES}add/"
        form = self.form(path)
        ((section,),) = ask(self.paper.home, "SELECT id FROM stories_section WHERE slug = 'world'")
        ((byline,),) = ask(self.paper.home, "SELECT id FROM accounts_byline")
        form |= {
            "headline": headline,
            "section": str(section),
            "topics": "Water",
            "bylines-TOTAL_FORMS": "1",
            "bylines-0-byline": str(byline),
            "bylines-0-ORDER": "1",
            **body(f"Of the story {headline}."),
            **fields,
            "action-publish": "1",
        }
        self._send(path, form)

    def draft(self, headline: str, *paragraphs: str, **fields: str) -> int:
        """Write a story, keep it as a draft, and return its News ID."""
        path = f"{_STORIES}add/"
        form = self.form(path)
        ((section,),) = ask(self.paper.home, "SELECT id FROM stories_section WHERE slug = 'world'")
        form |= {"headline": headline, "section": str(section), **body(*paragraphs), **fields}
        self._send(path, form)
        return self.news_id(headline)

    def republish(self, news_id: int, **fields: str) -> None:
        """Publish a story again with some fields changed, its body made anew."""
        path = f"{_STORIES}edit/{news_id}/"
        words = body("Published again.")
        self._send(path, {**self.form(path), **words, **fields, "action-publish": "1"})

    def unpublish(self, news_id: int) -> None:
        """Take a story away from the readers."""
        path = f"{_STORIES}unpublish/{news_id}/"
        self._send(path, self.form(path))

    def decide(self, action: str, letter: int) -> None:
        """Approve or reject a letter."""
        path = f"/newsroom/bulk/letters/letter/{action}/?next=/newsroom/&id={letter}"
        self._send(path, self.form(path))

    def upload(self, title: str, picture: Path) -> int:
        """Put a picture into the library and return its number."""
        path = "/newsroom/images/add/"
        form = self.form(path) | {"title": title}
        self._send(path, form, {"file": (picture.name, picture.read_bytes())})
        ((number,),) = ask(self.paper.home, "SELECT id FROM stories_picture WHERE title = ?", title)
        return int(number)

    def news_id(self, headline: str) -> int:
        """Return the News ID of the story with that headline."""
        ((number,),) = ask(
            self.paper.home, "SELECT news_id FROM stories_story WHERE headline = ?", headline
        )
        return int(number)


def body(*paragraphs: str) -> dict[str, str]:
    """Return the fields of a body of paragraphs, as the editor sends them."""
    fields = {"body-count": str(len(paragraphs))}
    for number, text in enumerate(paragraphs):
        block = {
            "key": f"k{number}",
            "text": text,
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [],
        }
        fields |= {
            f"body-{number}-deleted": "",
            f"body-{number}-order": str(number),
            f"body-{number}-type": "paragraph",
            f"body-{number}-id": "",
            f"body-{number}-value": json.dumps({"blocks": [block], "entityMap": {}}),
        }
    return fields


def photo(picture: int, caption: str) -> dict[str, str]:
    """Return the fields of a story's first photo."""
    return {
        "photos-TOTAL_FORMS": "1",
        "photos-0-picture": str(picture),
        "photos-0-caption": caption,
        "photos-0-credit": "",
        "photos-0-taken_on": "",
        "photos-0-alt_text": "",
        "photos-0-ORDER": "1",
    }
