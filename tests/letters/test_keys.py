from __future__ import annotations

import io
import time
import wave
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from captcha.audio import AudioCaptcha
from django.utils import timezone
from PIL import Image

from broadsheet.letters import keys
from broadsheet.letters.keys import Verdict
from broadsheet.letters.models import Letter, SecurityKey
from broadsheet.stories.models import Story

from .conftest import publish

VISITOR = keys.new_visitor()


def letter(story: Story) -> Letter:
    return Letter.objects.create(story=story, name="Ada", text="Yes.")


def wrong(key: SecurityKey) -> str:
    return "".join("2" if digit != "2" else "3" for digit in key.answer)


def test_a_key_is_right_once(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    assert keys.examine(story.pk, VISITOR, key.pk, key.answer).verdict is Verdict.RIGHT
    assert keys.spend(key, letter(story))
    assert not keys.spend(key, letter(story))
    assert keys.examine(story.pk, VISITOR, key.pk, key.answer).verdict is Verdict.USED
    assert keys.examine(story.pk, VISITOR, "", key.answer).verdict is Verdict.USED


def test_persian_and_arabic_digits_and_spaces_are_understood(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    persian = " ".join(key.answer.translate({48 + n: 0x6F0 + n for n in range(10)}))
    assert keys.examine(story.pk, VISITOR, key.pk, persian).verdict is Verdict.RIGHT


def test_the_first_listeners_may_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = AudioCaptcha._load_data

    def read_slowly(captcha: AudioCaptcha, name: str) -> None:
        time.sleep(0.05)
        read(captcha, name)

    monkeypatch.setattr(AudioCaptcha, "_load_data", read_slowly)
    keys._sound.cache_clear()
    sound = keys._sound()
    with ThreadPoolExecutor(2) as listeners:
        first = listeners.submit(sound.generate, "0")
        time.sleep(0.1)  # a few digits would be read by now, the last one not
        second = listeners.submit(sound.generate, "9")
    assert first.result().startswith(b"RIFF")
    assert second.result().startswith(b"RIFF")


def test_a_key_expires(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    SecurityKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert keys.examine(story.pk, VISITOR, key.pk, key.answer).verdict is Verdict.EXPIRED
    assert not keys.spend(key, letter(story))


def test_a_key_is_bound_to_its_story_and_its_visitor(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    other = publish("Another")
    for story_id, visitor in ((other.pk, VISITOR), (story.pk, keys.new_visitor())):
        for name in (key.pk, ""):
            found = keys.examine(story_id, visitor, name, key.answer)
            assert found == keys.Examination(Verdict.UNKNOWN)
    assert keys.examine(story.pk, VISITOR, key.pk, key.answer).verdict is Verdict.RIGHT


def test_a_key_dies_of_wrong_answers(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    for _ in range(keys.MISSES):
        assert keys.examine(story.pk, VISITOR, key.pk, wrong(key)).verdict is Verdict.WRONG
    assert keys.examine(story.pk, VISITOR, key.pk, key.answer).verdict is not Verdict.RIGHT
    assert not keys.spend(key, letter(story))


def test_guesses_sent_at_once_all_count(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.issue(story.pk, VISITOR)
    # Each request has read the key before any other has written.
    fresh = SecurityKey.objects.values().get(pk=key.pk)
    monkeypatch.setattr(keys, "of_visitor", lambda *_: SecurityKey(**fresh))
    for _ in range(keys.MISSES):
        examined = keys.examine(story.pk, VISITOR, key.pk, wrong(key))
    key.refresh_from_db()
    assert key.misses == keys.MISSES
    assert examined.key is not None
    assert not keys.is_good(examined.key)


@pytest.mark.parametrize("answer", ["", "x", "12345", "  "])
def test_no_answer_is_no_key(story: Story, answer: str) -> None:
    key = keys.issue(story.pk, VISITOR)
    assert keys.examine(story.pk, VISITOR, key.pk, answer).verdict is Verdict.WRONG


def test_two_tabs_each_have_a_key_that_works(story: Story) -> None:
    first, second = keys.issue(story.pk, VISITOR), keys.issue(story.pk, VISITOR)
    found = keys.examine(story.pk, VISITOR, "", first.answer)
    assert (found.verdict, found.key) == (Verdict.RIGHT, first)
    assert keys.spend(first, letter(story))
    found = keys.examine(story.pk, VISITOR, "", second.answer)
    assert (found.verdict, found.key) == (Verdict.RIGHT, second)


def test_the_picture_is_small_and_the_sound_can_be_played(story: Story) -> None:
    key = keys.issue(story.pk, VISITOR)
    with Image.open(io.BytesIO(bytes(key.picture))) as picture:
        assert (picture.format, picture.size) == ("PNG", (keys.WIDTH, keys.HEIGHT))
    assert len(key.picture) < 8_000
    sound = keys.sound_of(key)
    with wave.open(io.BytesIO(sound)) as played:
        assert 5 < played.getnframes() / played.getframerate() < 40
    assert keys.sound_of(SecurityKey.objects.get(pk=key.pk)) == sound
    assert set(key.answer) <= set("023456789")
    assert len(key.answer) == keys.LENGTH


def test_no_digit_is_cut_at_the_border() -> None:
    inside = (keys.MARGIN, keys.MARGIN, keys.WIDTH - keys.MARGIN, keys.HEIGHT - keys.MARGIN)
    for number in range(200):
        # Without the noise, which may touch what it likes; 888888 is as wide as it gets.
        answer = "888888" if number % 2 else "049049"
        picture = keys._picture().create_captcha_image(answer, (255, 255, 255), (0, 0, 0))
        assert picture.size == (keys.WIDTH, keys.HEIGHT)
        left, _, right, _ = picture.getbbox() or (0, 0, 0, 0)
        assert right - left > keys.WIDTH / 2, answer
        picture.paste((0, 0, 0), inside)
        assert picture.getbbox() is None, answer
