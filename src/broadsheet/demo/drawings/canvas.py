"""What all drawings share: size, noise, gradients, light, and shapes with soft edges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 1066
# Shapes are drawn this many times larger and scaled down, which smooths their edges.
FINER = 2

Field = NDArray[np.floating[Any]]
"""One number a pixel (rows, columns), or three of them (rows, columns, 3) from 0 to 1."""
Point = tuple[float, float]
Colour = tuple[float, float, float]


def colour(text: str) -> Colour:
    """Return the colour that ``#rrggbb`` names, each part from 0 to 1."""
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def grid() -> tuple[Field, Field]:
    """Return each pixel's place across and down, from 0 to 1."""
    down, across = np.mgrid[0:HEIGHT, 0:WIDTH]
    return across / WIDTH, down / HEIGHT


def noise(seed: int, cells: Point, octaves: int = 5, fade: float = 0.55) -> Field:
    """Return smooth fractal noise from 0 to 1.

    ``cells`` is how many bumps fit across and down in the coarsest octave; each further one is
    twice as fine and ``fade`` as strong.
    """
    source = np.random.default_rng(seed)
    total = np.zeros((HEIGHT, WIDTH))
    strength = 1.0
    across, down = cells
    for _ in range(octaves):
        shape = (max(2, min(HEIGHT, round(down)) + 2), max(2, min(WIDTH, round(across)) + 2))
        layer = Image.fromarray(source.random(shape).astype(np.float32))
        total += strength * np.asarray(
            layer.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC), dtype=np.float64
        )
        strength *= fade
        across, down = across * 2, down * 2
    low, high = total.min(), total.max()
    return np.asarray((total - low) / (high - low), dtype=np.float64)


def ridge(seed: int, bumps: int, octaves: int = 7, fade: float = 0.5) -> Field:
    """Return a mountain line: one height from 0 to 1 for each column."""
    source = np.random.default_rng(seed)
    total = np.zeros(WIDTH)
    strength = 1.0
    places = np.linspace(0, 1, WIDTH)
    for octave in range(octaves):
        count = bumps * 2**octave + 1
        total += strength * np.interp(places, np.linspace(0, 1, count), source.random(count))
        strength *= fade
    return np.asarray((total - total.min()) / (total.max() - total.min()), dtype=np.float64)


def ramp(values: Field, stops: Sequence[tuple[float, str]]) -> Field:
    """Colour ``values``: each stop is a value and the colour that it gets."""
    places = [place for place, _ in stops]
    colours = np.array([colour(text) for _, text in stops])
    return np.stack([np.interp(values, places, colours[:, part]) for part in range(3)], axis=-1)


def mix(below: Field, above: Field | Colour, amount: Field | float) -> Field:
    """Lay ``above`` over ``below``; ``amount`` from 0 (nothing of it) to 1 (nothing else)."""
    share = np.clip(np.asarray(amount, dtype=np.float64), 0, 1)
    if share.ndim == 2:
        share = share[..., None]
    return np.asarray(below * (1 - share) + np.asarray(above) * share)


def shine(below: Field, light: Colour, amount: Field) -> Field:
    """Add light to a picture, as a lamp does: bright places stay within white."""
    added = np.asarray(light) * np.clip(amount, 0, None)[..., None]
    return np.asarray(1 - (1 - below) * np.exp(-added))


def smooth(low: float | Field, high: float | Field, values: Field) -> Field:
    """Rise softly from 0 where ``values`` is ``low`` to 1 where it is ``high``."""
    share = np.clip((values - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def mask(draw: Callable[[ImageDraw.ImageDraw, float], None], blur: float = 0) -> Field:
    """Return what ``draw`` paints in white (255), from 0 to 1 with smooth edges.

    ``draw`` gets the drawing and the factor by which its pixels are finer than the picture's.
    """
    sheet = Image.new("L", (WIDTH * FINER, HEIGHT * FINER))
    draw(ImageDraw.Draw(sheet), FINER)
    sheet = sheet.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    if blur:
        sheet = sheet.filter(ImageFilter.GaussianBlur(blur))
    return np.asarray(sheet, dtype=np.float64) / 255


def blurred(values: Field, radius: float) -> Field:
    """Return ``values`` (one number a pixel, 0 to 1) out of focus."""
    sheet = Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))
    return np.asarray(sheet.filter(ImageFilter.GaussianBlur(radius)), dtype=np.float64) / 255


def glow(across: Field, down: Field, centre: Point, radius: float) -> Field:
    """Return light around ``centre``, 1 there and a third at ``radius`` (parts of the width)."""
    distance = (across - centre[0]) ** 2 + ((down - centre[1]) * HEIGHT / WIDTH) ** 2
    return np.asarray(np.exp(-distance / radius**2))


def mirrored(picture: Field, horizon: int, seed: int, strength: float = 14) -> Field:
    """Mirror what stands above row ``horizon`` in the rows below, broken by small waves."""
    below = HEIGHT - horizon
    rows, columns = np.mgrid[0:below, 0:WIDTH]
    depth = rows / below
    ripple = noise(seed, (14, 90), 4)[:below] - 0.5
    source_row = horizon - 1 - rows * 0.9 - ripple * strength * (1 + 4 * depth)
    source_column = columns + ripple * strength * (0.6 + 2 * depth)
    taken = picture[
        np.clip(source_row, 0, horizon - 1).astype(int),
        np.clip(source_column, 0, WIDTH - 1).astype(int),
    ]
    result = picture.copy()
    result[horizon:] = taken
    return result


def finished(picture: Field, seed: int, grain: float = 0.012) -> Image.Image:
    """Return the picture with a darker rim and a breath of grain, as a Pillow image."""
    across, down = grid()
    rim = 1 - 0.22 * smooth(0.45, 0.85, np.hypot(across - 0.5, down - 0.5))
    speckle = np.random.default_rng(seed).normal(0, grain, (HEIGHT, WIDTH, 1))
    done = np.clip(picture * rim[..., None] + speckle, 0, 1)
    return Image.fromarray((done * 255).astype(np.uint8), "RGB")
