"""What scripts say stands in them in every language, so that no page need carry it."""

from __future__ import annotations

import json
import re

import pytest

from broadsheet.letters import script_words
from broadsheet.press import assets


@pytest.mark.parametrize(
    ("name", "messages"),
    [
        ("paper.js", ("Copy link", "Copied")),
        ("letters.js", script_words.SAID["letters.js"]),
    ],
)
def test_a_script_holds_its_words_in_each_language(name: str, messages: tuple[str, ...]) -> None:
    pressed = assets.draw(assets.url(name).removeprefix("/assets/"))
    assert pressed is not None
    script = pressed.decode()
    found = re.search(r"const words = (\{.*\});", script)
    assert found
    words = json.loads(found[1])
    assert words.keys() >= {"de", "fa"}
    for language in ("de", "fa"):
        assert words[language].keys() == set(messages)
        assert all(words[language][message] != message for message in messages)
    # Every message is said, and nothing is said that is not translated.
    assert set(re.findall(r'say\("([^"]+)"\)', script)) == set(messages)
