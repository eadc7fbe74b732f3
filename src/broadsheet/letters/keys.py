"""The security key: digits in a picture, or spoken, that a visitor types to send a letter.

A key belongs to one story's form and to one visitor, whom a random cookie names (HttpOnly,
SameSite=Strict, only under this story's letters). It works once, for :data:`LIFETIME`, and
dies after :data:`MISSES` wrong answers. A form that knows which key it shows says so; the form
on a pressed page cannot know, so its answer is tried against the visitor's newest few keys,
which is also what makes several tabs work.

The digits are those the sound can speak and that cannot be mistaken in a turned picture: no 1
beside 7. Digits of any script are understood.
"""

from __future__ import annotations

import io
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from functools import cache

from captcha.audio import AudioCaptcha
from captcha.image import ImageCaptcha
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageChops, ImageOps

from broadsheet.letters import wording
from broadsheet.letters.models import Letter, SecurityKey
from broadsheet.letters.readers import mark

LIFETIME = timedelta(hours=1)
MISSES = 3
LENGTH = 6
WIDTH, HEIGHT = 220, 80  # pixels
MARGIN = 6  # pixels without a digit at each side
_ALPHABET = "023456789"
_NEWEST = 4  # keys an answer without a key's name is tried against
_COLOURS = 16
_Colour = tuple[int, int, int] | tuple[int, int, int, int]  # as the library has it
_TOKEN = re.compile(r"[\w-]{16,64}", re.ASCII)


class Verdict(Enum):
    """What became of an answer."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED = "used"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Examination:
    """A verdict, and the key it was passed on where there is one."""

    verdict: Verdict
    key: SecurityKey | None = None


class _Picture(ImageCaptcha):
    # The library's own 30 degrees turn a 6 into a 9 for many people.
    character_rotate = (-20, 20)
    # Nor may digits run into each other: 0 beside 8 became unreadable.
    word_offset_dx = 0.05
    # The share of digits without a space before them: many spaces make small digits.
    word_space_probability = 0.75

    def create_captcha_image(self, chars: str, color: _Colour, background: _Colour) -> Image.Image:
        """Draw ``chars`` whole: the library cuts the last one where they are wide."""
        drawn = super().create_captcha_image(chars, color, background)
        digits = drawn.crop(ImageChops.difference(drawn, _plain(drawn.size, background)).getbbox())
        digits.thumbnail((WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN))
        room = WIDTH - 2 * MARGIN - digits.width
        image = _plain((WIDTH, HEIGHT), background)
        left = MARGIN + secrets.randbelow(room + 1)
        image.paste(digits, (left, (HEIGHT - digits.height) // 2))
        return image


def _plain(size: tuple[int, int], colour: _Colour) -> Image.Image:
    return Image.new("RGB", size, colour)


@cache
def _picture() -> _Picture:
    # Twice as wide as needed, so that the library neither cuts nor squeezes the digits.
    return _Picture(width=2 * WIDTH, height=HEIGHT, font_sizes=(46, 52, 58))


@cache
def _sound() -> AudioCaptcha:
    sound = AudioCaptcha()
    # Left to itself it reads its voices at the first use, and a second request at that moment
    # finds some of them.
    sound.load()
    return sound


def _drawn(answer: str) -> bytes:
    # The library blends a colour by its own brightness, so that dark digits come out pale. Bright
    # ones on black, inverted, give dark digits on white with full contrast.
    bright = (255 - secrets.randbelow(80), 255 - secrets.randbelow(80), 255 - secrets.randbelow(80))
    image = _picture().generate_image(answer, bg_color=(0, 0, 0), fg_color=bright)
    image = ImageOps.invert(image)
    out = io.BytesIO()
    image.quantize(_COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


def new_visitor() -> str:
    """Return a fresh name for a visitor: 192 random bits, as a cookie can carry them."""
    return secrets.token_urlsafe(24)


def is_visitor(token: str | None) -> bool:
    """Tell whether ``token`` can be a visitor's name; anything else gets a new one."""
    return bool(token and _TOKEN.fullmatch(token))


def issue(story_id: int, visitor: str) -> SecurityKey:
    """Make, store and return a new key for ``visitor`` at this story's form."""
    now = timezone.now()
    answer = "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))
    return SecurityKey.objects.create(
        id=secrets.token_urlsafe(12),
        story_id=story_id,
        visitor_mark=mark("visitor", visitor),
        answer=answer,
        picture=_drawn(answer),
        made_at=now,
        expires_at=now + LIFETIME,
    )


def sound_of(key: SecurityKey) -> bytes:
    """Return the key spoken in English (WAV, some 15 seconds), making it at the first call."""
    if key.sound is None:
        sound = bytes(_sound().generate(key.answer))
        # Whoever stored one first wins, so that every listener hears the same rendering.
        if not SecurityKey.objects.filter(pk=key.pk, sound=None).update(sound=sound):
            key.refresh_from_db()
            return bytes(key.sound or sound)
        key.sound = sound
    return bytes(key.sound)


def of_visitor(story_id: int, visitor: str, key_id: str) -> SecurityKey | None:
    """Return the key ``key_id`` if it was made for this visitor and story, whatever its state."""
    return SecurityKey.objects.filter(
        pk=key_id, story_id=story_id, visitor_mark=mark("visitor", visitor)
    ).first()


def newest(story_id: int, visitor: str) -> SecurityKey | None:
    """Return the visitor's newest key that is still good, or ``None``."""
    return next((key for key in _recent(story_id, visitor) if is_good(key)), None)


def is_good(key: SecurityKey) -> bool:
    """Tell whether ``key`` can still be answered."""
    return key.used_at is None and key.misses < MISSES and key.expires_at > timezone.now()


def _recent(story_id: int, visitor: str) -> list[SecurityKey]:
    keys = SecurityKey.objects.filter(story_id=story_id, visitor_mark=mark("visitor", visitor))
    return list(keys.defer("picture", "sound").order_by("-made_at")[:_NEWEST])


def examine(story_id: int, visitor: str, key_id: str, answer: str) -> Examination:
    """Judge ``answer`` without using the key up; a wrong one counts as a miss.

    ``key_id`` is the key the form showed, or empty where it cannot know.
    """
    if key_id:
        named = of_visitor(story_id, visitor, key_id)
        candidates = [named] if named else []
    else:
        candidates = _recent(story_id, visitor)
    given = wording.digits(answer)
    right = [key for key in candidates if secrets.compare_digest(key.answer, given)]
    for key in right:
        if is_good(key):
            return Examination(Verdict.RIGHT, key)
    for key in right:
        if key.used_at is not None:
            return Examination(Verdict.USED, key)
    good = [key for key in candidates if is_good(key)]
    if good:
        # The database adds: guesses sent at once would each write the same number.
        SecurityKey.objects.filter(pk__in=[key.pk for key in good]).update(misses=F("misses") + 1)
        for key in good:
            key.refresh_from_db(fields=["misses"])
        return Examination(Verdict.WRONG, good[0])
    if not candidates:
        return Examination(Verdict.UNKNOWN)
    used = candidates[0].used_at is not None
    return Examination(Verdict.USED if used else Verdict.EXPIRED, candidates[0])


def spend(key: SecurityKey, letter: Letter) -> bool:
    """Use ``key`` up for ``letter``; ``False`` where another request was faster.

    To be called in the transaction that stores the letter.
    """
    spent = SecurityKey.objects.filter(
        pk=key.pk, used_at=None, misses__lt=MISSES, expires_at__gt=timezone.now()
    ).update(used_at=timezone.now(), letter=letter)
    return spent == 1
