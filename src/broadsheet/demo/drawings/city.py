"""Pictures of the city: its bridge, its river at night, its football ground."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import (
    HEIGHT,
    WIDTH,
    Field,
    blurred,
    colour,
    finished,
    glow,
    grid,
    mask,
    mix,
    noise,
    ramp,
    ridge,
    shine,
    smooth,
)


def teyn_bridge() -> Image.Image:
    """Draw the bridge over the Teyn in the morning fog."""
    across, down = grid()
    picture = ramp(down, [(0, "#9fb4c7"), (0.35, "#dcd9d6"), (0.6, "#f3e3cf"), (1, "#b9c2c6")])
    picture = shine(picture, colour("#fff3d3"), glow(across, down, (0.2, 0.4), 0.22) * 0.7)
    for seed, foot, tone in ((91, 0.64, "#b4bfca"), (92, 0.7, "#98a7b5")):
        crest = (foot - 0.13 * ridge(seed, 4))[None, :]
        picture = mix(picture, colour(tone), smooth(0, 0.004, down - crest) * 0.7)
    deck, towers, top = 0.66, (0.285, 0.83), 0.17

    def cable(x: float) -> float:
        left, right = towers
        if x < left:
            share = (left - x) / 0.34
            return float(top + (deck - top) * min(share, 1) ** 1.15)
        if x > right:
            share = (x - right) / 0.34
            return float(top + (deck - top) * min(share, 1) ** 1.15)
        middle = (left + right) / 2
        return float(top + (deck - 0.035 - top) * (1 - ((x - middle) / (right - middle)) ** 2))

    def steel(pen: ImageDraw.ImageDraw, k: float) -> None:
        width, height = WIDTH * k, HEIGHT * k
        for offset in (0, 0.012):
            line = [(x / 200 * width, (cable(x / 200) + offset) * height) for x in range(201)]
            pen.line(line, fill=255 if offset == 0 else 130, width=round(5 * k), joint="curve")
        for step in range(1, 106):
            x = step / 106
            if cable(x) < deck - 0.012:
                pen.line(
                    (x * width, cable(x) * height, x * width, deck * height),
                    fill=190, width=max(1, round(1.3 * k)),
                )  # fmt: skip
        pen.rectangle((0, deck * height, width, (deck + 0.016) * height), fill=255)
        for step in range(81):
            x = step / 80 * width
            pen.line(
                (x, (deck + 0.016) * height, x + width / 80, (deck + 0.045) * height),
                fill=200,
                width=round(2 * k),
            )
            pen.line(
                (x, (deck + 0.045) * height, x + width / 80, (deck + 0.016) * height),
                fill=200,
                width=round(2 * k),
            )
        pen.rectangle((0, (deck + 0.043) * height, width, (deck + 0.05) * height), fill=255)

    def pillars(pen: ImageDraw.ImageDraw, k: float) -> None:
        for centre in towers:
            for side in (-15, 15):
                x = centre * WIDTH + side
                pen.polygon(
                    [((x - 8) * k, HEIGHT * k), ((x + 8) * k, HEIGHT * k),
                     ((x + 5.5) * k, (top - 0.012) * HEIGHT * k),
                     ((x - 5.5) * k, (top - 0.012) * HEIGHT * k)],
                    fill=255,
                )  # fmt: skip
            for beam in (top + 0.01, top + 0.14, top + 0.28, deck - 0.035):
                pen.rectangle(
                    ((centre * WIDTH - 20) * k, beam * HEIGHT * k,
                     (centre * WIDTH + 20) * k, (beam + 0.016) * HEIGHT * k),
                    fill=255,
                )  # fmt: skip

    rust = ramp(down, [(0, "#7d2f28"), (0.6, "#93483c"), (1, "#8d6a62")])
    picture = mix(picture, rust, mask(steel) * 0.95)
    picture = mix(picture, rust, mask(pillars))
    fog = noise(93, (4, 9), 6, 0.55)
    picture = mix(picture, colour("#f1ece6"), smooth(0.56, 0.86, down + 0.22 * (fog - 0.5)) * 0.97)
    wisps = smooth(0.5, 0.85, noise(94, (3, 14), 6, 0.55)) * smooth(0.3, 0.6, down)
    picture = mix(picture, colour("#f7f1e8"), wisps * 0.6)
    veil = np.exp(-(((down - 0.44) / 0.07) ** 2)) * smooth(0.4, 0.8, noise(95, (3, 5), 5))
    picture = mix(picture, colour("#f4ece2"), veil * smooth(0.45, 1, across) * 0.75)
    return finished(picture, 96, 0.006)


def lanterns() -> Image.Image:
    """Draw the lights on the river on Lantern Night."""
    _, down = grid()
    picture = ramp(
        down,
        [(0, "#0a1022"), (0.2, "#1a2038"), (0.3, "#272a45"), (0.31, "#0c1226"), (1, "#060a16")],
    )
    source = np.random.default_rng(101)
    bank = 0.27 - 0.1 * np.repeat(source.random(54), 30)[:WIDTH][None, :] * np.ones((HEIGHT, 1))
    picture = mix(picture, colour("#0a0d1a"), smooth(0, 0.003, down - bank) * (down < 0.31))
    picture = shine(picture, colour("#ff9a4a"), np.exp(-(((down - 0.31) / 0.03) ** 2)) * 0.35)
    far = np.zeros((HEIGHT, WIDTH))
    for _ in range(520):
        far[int(source.uniform(0.2, 0.31) * HEIGHT), int(source.integers(0, WIDTH))] = 1
    picture = shine(picture, colour("#ffc676"), blurred(far, 1.6) * 14)
    ripple = noise(102, (24, 190), 4)
    picture = shine(picture, colour("#3a4a78"), smooth(0.55, 0.9, ripple) * (down > 0.31) * 0.35)
    places = sorted(
        (0.325 + 0.72 * float(source.random()) ** 2.1, float(source.uniform(-0.02, 1.02)))
        for _ in range(300)
    )
    tones = ["#ffb14a", "#ff9336", "#ffc873", "#ff7a5c", "#ffa0a0", "#ffd9a0"]
    for y, x in places:
        share = (y - 0.31) / 0.72
        size = 3 + 74 * share**1.25
        tone = colour(tones[int(source.integers(0, len(tones)))])
        picture = _with_lantern(picture, (x * WIDTH, y * HEIGHT), size, tone, ripple)
    return finished(picture, 103, 0.01)


def _with_lantern(
    picture: Field, foot: tuple[float, float], size: float, tone: tuple[float, float, float],
    ripple: Field,
) -> Field:  # fmt: skip
    """Paint one lantern, its glow and its reflection, touching only the pixels around it."""
    reach = round(size * 5) + 8
    left, right = max(0, round(foot[0]) - reach), min(WIDTH, round(foot[0]) + reach)
    top, bottom = max(0, round(foot[1]) - reach), min(HEIGHT, round(foot[1]) + reach)
    if left >= right or top >= bottom:
        return picture
    y, x = np.mgrid[top:bottom, left:right]
    x, y = (x - foot[0]) / size, (foot[1] - y) / size
    part = picture[top:bottom, left:right]
    part = shine(part, tone, np.exp(-(x**2 + (y - 0.6) ** 2) / 1.5) * 0.5)
    wave = ripple[top:bottom, left:right]
    streak = (
        np.exp(-((x / (0.36 - 0.1 * y)) ** 2)) * np.exp(y / 1.1) * (y < 0) * smooth(0.25, 0.6, wave)
    )
    part = shine(part, tone, streak * 1.5)
    width = 0.5 + 0.1 * y
    body = smooth(1.0, 0.88, np.abs(x) / width) * smooth(-0.02, 0.04, y) * smooth(1.18, 1.12, y)
    flame = np.exp(-(x**2) / 0.1 - ((y - 0.36) ** 2) / 0.16)
    paper = np.asarray(tone) * (0.62 + 0.25 * (1 - np.abs(x)))[..., None]
    paper = shine(paper, (1.0, 0.93, 0.7), flame * 1.5)
    folds = 1 - 0.16 * smooth(0.86, 1.0, np.cos(x / np.maximum(width, 0.1) * 9))
    part = mix(part, np.asarray(paper * folds[..., None]), body)
    rim = smooth(0.05, 0.02, np.abs(y - 1.13)) * (np.abs(x) < width)
    hull = smooth(0.05, 0.0, np.abs(y + 0.02)) * (np.abs(x) < 0.66)
    part = mix(part, (0.16, 0.08, 0.05), np.maximum(rim * 0.6, hull))
    picture[top:bottom, left:right] = part
    return picture


def stadium() -> Image.Image:
    """Draw Ropewalk Park under floodlights, from the upper tier."""
    across, down = grid()
    picture = ramp(down, [(0, "#0a1122"), (0.34, "#1c2a46"), (0.36, "#141a28"), (1, "#0b0f18")])
    source = np.random.default_rng(111)
    rows = np.abs((down * 150) % 1 - 0.5)
    crowd = (
        source.random((HEIGHT // 4 + 1, WIDTH // 4 + 1, 3))
        .repeat(4, 0)
        .repeat(4, 1)[:HEIGHT, :WIDTH]
    )
    shirts = 0.12 + 0.2 * crowd.mean(axis=-1, keepdims=True) + 0.05 * crowd
    home = smooth(0.55, 0.6, noise(112, (9, 4), 3))
    shirts = mix(shirts, colour("#8d2a22"), home * (crowd[..., 0] > 0.35) * 0.75)
    stands = (down > 0.3) & (down < 0.52)
    picture = mix(picture, shirts * (0.6 + 0.5 * (1 - rows))[..., None], stands.astype(float))
    roof = smooth(0, 0.002, down - (0.3 - 0.05 * np.abs(across - 0.5))) * (down < 0.325)
    picture = mix(picture, colour("#2e3950"), roof)
    far, near = 0.5, 1.06
    share = np.clip((down - far) / (near - far), 0, 1)
    # Perspective: equal steps on the grass come closer together towards the far side.
    away = 2.4 * share / (1 + 1.4 * share)
    half = 0.3 + 0.5 * share
    place = (across - 0.5) / half
    pitch = smooth(0.0, 0.003, down - far) * smooth(1.12, 1.115, np.abs(place))
    stripes = np.sign(np.sin((place + 1) * math.pi * 8)) * 0.5 + 0.5
    grass = mix(np.ones((HEIGHT, WIDTH, 3)) * colour("#2f8a3a"), colour("#3da24a"), stripes)
    grass = mix(
        grass, colour("#6fc46a"), smooth(0.75, 0.1, np.hypot(place, (share - 0.45) * 1.4)) * 0.4
    )
    grass = np.asarray(grass * (0.9 + 0.14 * noise(113, (300, 260), 2))[..., None])
    picture = mix(picture, grass, pitch)
    white = np.zeros((HEIGHT, WIDTH))
    thin = 0.0045
    inside = (np.abs(place) < 1) & (away > 0.03) & (away < 0.97)
    white = np.maximum(white, smooth(thin, thin / 2, np.abs(np.abs(place) - 1)) * (away > 0.03))
    white = np.maximum(white, smooth(thin, thin / 2, np.abs(away - 0.035)) * (np.abs(place) < 1))
    white = np.maximum(white, smooth(thin, thin / 2, np.abs(place)) * inside)
    ring = np.hypot(place / 0.19, (away - 0.5) / 0.28)
    white = np.maximum(white, smooth(0.035, 0.018, np.abs(ring - 1)) * inside)
    for side in (-1, 1):
        box = np.maximum(np.abs(place - side) / 0.3, np.abs(away - 0.5) / 0.31)
        white = np.maximum(white, smooth(0.022, 0.011, np.abs(box - 1)) * inside)
        small = np.maximum(np.abs(place - side) / 0.11, np.abs(away - 0.5) / 0.15)
        white = np.maximum(white, smooth(0.045, 0.02, np.abs(small - 1)) * inside)
    picture = mix(picture, colour("#f4fbf4"), white * 0.85)
    boards = smooth(0.0, 0.002, down - 0.5) * smooth(0.522, 0.52, down)
    tone = np.floor(across * 14).astype(int) % 3
    hues = np.array([colour("#d8d2c2"), colour("#25507c"), colour("#a63a2a")])[tone]
    picture = mix(picture, hues, boards * 0.9)
    players = [
        (-0.52, 0.42, 0), (-0.31, 0.6, 1), (-0.1, 0.3, 0), (0.06, 0.52, 1), (0.2, 0.68, 0),
        (0.36, 0.4, 0), (0.44, 0.55, 1), (0.58, 0.34, 1), (0.63, 0.6, 0), (0.72, 0.45, 1),
        (0.8, 0.52, 0), (0.9, 0.5, 1),
    ]  # fmt: skip

    def team(which: int) -> Field:
        def paint(pen: ImageDraw.ImageDraw, k: float) -> None:
            for spot, deep, side in players:
                if side != which:
                    continue
                part = deep / (2.4 - 1.4 * deep)
                x = (0.5 + spot * (0.3 + 0.5 * part)) * WIDTH
                y = (far + part * (near - far)) * HEIGHT
                tall = 15 + 30 * part
                pen.ellipse(
                    (
                        (x - tall * 0.1) * k,
                        (y - tall) * k,
                        (x + tall * 0.1) * k,
                        (y - tall * 0.8) * k,
                    ),
                    fill=255,
                )
                pen.rounded_rectangle(
                    (
                        (x - tall * 0.17) * k,
                        (y - tall * 0.8) * k,
                        (x + tall * 0.17) * k,
                        (y - tall * 0.4) * k,
                    ),
                    tall * 0.1 * k,
                    fill=255,
                )
                pen.line(
                    (x * k, (y - tall * 0.42) * k, (x - tall * 0.16) * k, y * k),
                    fill=255,
                    width=round(tall * 0.11 * k),
                )
                pen.line(
                    (x * k, (y - tall * 0.42) * k, (x + tall * 0.16) * k, y * k),
                    fill=255,
                    width=round(tall * 0.11 * k),
                )

        return mask(paint)

    picture = mix(picture, colour("#b3261c"), team(0))
    picture = mix(picture, colour("#f5f3ea"), team(1))
    for x in (0.1, 0.36, 0.64, 0.9):
        lamp = (x, 0.13 + 0.05 * abs(x - 0.5))

        def bank_of(pen: ImageDraw.ImageDraw, k: float, at: tuple[float, float] = lamp) -> None:
            pen.line(
                (at[0] * WIDTH * k, at[1] * HEIGHT * k, at[0] * WIDTH * k, 0.3 * HEIGHT * k),
                fill=255,
                width=round(7 * k),
            )
            pen.rectangle(
                (
                    (at[0] * WIDTH - 46) * k,
                    (at[1] * HEIGHT - 26) * k,
                    (at[0] * WIDTH + 46) * k,
                    (at[1] * HEIGHT + 26) * k,
                ),
                fill=255,
            )

        picture = mix(picture, colour("#323d52"), mask(bank_of))
        for row in (-14, 0, 14):
            for column in range(-3, 4):
                spot = (x + column * 13 / WIDTH, lamp[1] + row / HEIGHT)
                picture = shine(picture, colour("#fffbe8"), glow(across, down, spot, 0.0042) * 5)
        picture = shine(picture, colour("#dbe8ff"), glow(across, down, lamp, 0.07) * 1.0)
        picture = shine(picture, colour("#c5d8ff"), glow(across, down, lamp, 0.24) * 0.22)
    return finished(picture, 114, 0.012)
