"""Pictures of the land and the sky."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import (
    HEIGHT,
    WIDTH,
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


def korrin_peaks() -> Image.Image:
    """Draw the ranges of the highlands, one behind the other, in the morning."""
    across, down = grid()
    picture = ramp(down, [(0, "#86a9cf"), (0.3, "#c9d5e2"), (0.48, "#f6dcc0"), (1, "#f6dcc0")])
    picture = shine(picture, colour("#fff0c9"), glow(across, down, (0.78, 0.36), 0.2) * 0.7)
    ranges = [
        (61, 5, 0.17, 0.34, "#9db2cb", "#dfe0e2"), (62, 4, 0.2, 0.44, "#7f9abb", "#c9d2dc"),
        (63, 5, 0.19, 0.55, "#5f7ea3", "#b4c2d0"), (64, 6, 0.17, 0.66, "#44638a", "#98abbf"),
        (65, 7, 0.15, 0.78, "#2c4769", "#7189a4"), (66, 8, 0.14, 0.92, "#182b45", "#33506f"),
    ]  # fmt: skip
    for number, (seed, bumps, high, foot, near, far) in enumerate(ranges):
        crest = (foot - high * ridge(seed, bumps))[None, :]
        inside = smooth(0, 0.0025, down - crest)
        depth = np.clip((down - crest) / 0.22, 0, 1)
        slope = ramp(depth, [(0, near), (1, far)])
        if number < 2:
            grooves = noise(seed + 10, (60, 22), 5, 0.62)
            snow = smooth(0.5, 0.62, grooves + 0.34 * (1 - depth / 0.55)) * smooth(0.62, 0.1, depth)
            slope = mix(slope, colour("#fbf7f2"), snow * 0.9)
        elif number > 3:
            trees = smooth(0.45, 0.75, noise(seed + 20, (260, 60), 3)) * 0.3
            slope = mix(slope, colour("#0f1e30"), trees * (1 - depth))
        picture = mix(picture, slope, inside)
        mist = noise(seed + 30, (6, 9), 5) * smooth(0.0, 0.9, depth) * inside
        picture = mix(picture, colour("#f1e9e2"), mist * 0.4)
    return finished(picture, 67, 0.008)


def observatory() -> Image.Image:
    """Draw the dome of the Korrin observatory under the Milky Way."""
    across, down = grid()
    picture = ramp(down, [(0, "#050814"), (0.55, "#0f1c38"), (0.78, "#2c3b58"), (0.86, "#6f6470")])
    tilt = (across - 0.5) * 0.82 - (down - 0.42) * 0.62
    along = (across - 0.5) * 0.6 + (down - 0.4) * 0.8
    cloud = noise(71, (8, 6), 7, 0.62)
    band = np.exp(-((tilt / (0.13 + 0.05 * np.cos(along * 3))) ** 2))
    dust = smooth(0.5, 0.72, noise(72, (7, 6), 6, 0.6)) * np.exp(-((tilt / 0.05) ** 2))
    milky = band * (0.3 + 0.9 * cloud) * (1 - 0.75 * dust)
    picture = shine(picture, colour("#a9b6de"), milky * 0.55)
    picture = shine(picture, colour("#e6b79a"), milky * np.exp(-((tilt / 0.06) ** 2)) * 0.35)
    source = np.random.default_rng(73)
    stars = np.zeros((HEIGHT, WIDTH))
    for x, y, power in zip(
        source.integers(0, WIDTH, 5200), source.integers(0, HEIGHT, 5200),
        source.pareto(2.2, 5200), strict=True,
    ):  # fmt: skip
        stars[y, x] = max(stars[y, x], min(1.0, 0.16 + 0.24 * power))
    faint = source.random((HEIGHT, WIDTH)) > 0.988 - 0.03 * milky
    stars = np.maximum(stars, faint * 0.22) * smooth(0.9, 0.6, down)
    picture = shine(picture, colour("#eef2ff"), stars * 2.2 + blurred(stars, 1.3) * 1.8)
    hill = (0.86 - 0.06 * np.exp(-(((np.linspace(0, 1, WIDTH) - 0.66) / 0.25) ** 2)))[None, :]
    hill = hill + 0.012 * ridge(74, 30, 4)[None, :]
    picture = shine(picture, colour("#ff9f58"), glow(across, down, (0.06, 0.92), 0.24) * 0.5)
    picture = mix(picture, colour("#04060b"), smooth(0, 0.003, down - hill))

    def building(pen: ImageDraw.ImageDraw, k: float) -> None:
        x, base, size = 0.66 * WIDTH, 0.815 * HEIGHT, 128
        pen.rectangle(((x - size) * k, (base - 62) * k, (x + size) * k, (base + 40) * k), fill=255)
        pen.pieslice(
            (
                (x - size * 1.04) * k, (base - 62 - size) * k,
                (x + size * 1.04) * k, (base - 62 + size) * k,
            ),
            180, 360, fill=255,
        )  # fmt: skip
        pen.rectangle(
            ((x + size) * k, (base - 26) * k, (x + size + 120) * k, (base + 40) * k), fill=255
        )

    dome = mask(building)
    metal = 0.05 + 0.3 * np.exp(-(((across - 0.615) / 0.028) ** 2)) * smooth(0.75, 0.62, down)
    picture = mix(picture, ramp(metal, [(0, "#05070d"), (1, "#b9c4dd")]), dome)

    def slit(pen: ImageDraw.ImageDraw, k: float) -> None:
        x, base, size = 0.66 * WIDTH, 0.815 * HEIGHT - 62, 128
        points = []
        for step in range(25):
            angle = math.pi / 2 * step / 24 + 0.1
            points.append(((x + 26 - 4 * step / 24) * k, (base - size * math.sin(angle)) * k))
        pen.polygon(
            [(x * k, base * k), *[(x * k, y) for _, y in points], *reversed(points)], fill=255
        )
        pen.rectangle(((x + 165) * k, (base + 50) * k, (x + 177) * k, (base + 64) * k), fill=255)
        pen.rectangle(((x + 190) * k, (base + 50) * k, (x + 202) * k, (base + 64) * k), fill=255)

    light = mask(slit)
    picture = mix(picture, colour("#e0503c"), light * 0.85)
    return finished(shine(picture, colour("#ff5a3c"), blurred(light, 14) * 0.9), 75, 0.006)


def salt_pans() -> Image.Image:
    """Draw the pans of the Lowmarsh as a pilot sees them."""
    across, down = grid()
    source = np.random.default_rng(81)
    turned = 0.22
    u = across * math.cos(turned) + down * math.sin(turned) * HEIGHT / WIDTH
    v = -across * math.sin(turned) + down * math.cos(turned) * HEIGHT / WIDTH
    u = u + 0.012 * (noise(82, (5, 4), 3) - 0.5)
    v = v + 0.02 * (noise(83, (5, 4), 3) - 0.5)
    columns, rows = 13, 10
    first = np.full((HEIGHT, WIDTH), 9.0)
    second = np.full((HEIGHT, WIDTH), 9.0)
    owner = np.zeros((HEIGHT, WIDTH), dtype=int)
    number = 0
    tones = []
    for row in range(-4, rows):
        for column in range(-1, columns + 2):
            x = (column + 0.5 + float(source.uniform(-0.3, 0.3))) / columns
            y = (row + 0.5 + float(source.uniform(-0.26, 0.26))) / rows * 0.75
            # Pans are longer than wide, and their dikes run straight.
            distance = np.maximum(np.abs(u - x), np.abs(v - y) * 1.15) + 0.35 * np.hypot(
                u - x, v - y
            )
            nearer = distance < first
            second = np.where(nearer, first, np.minimum(second, distance))
            owner = np.where(nearer, number, owner)
            first = np.where(nearer, distance, first)
            strength = 0.5 + 0.42 * math.sin(x * 5.1 + 0.6) * math.cos(y * 6.3 - 0.4)
            tones.append(strength + float(source.normal(0, 0.16)))
            number += 1
    brine = np.array(tones)[owner] + 0.06 * (noise(84, (40, 30), 5) - 0.5)
    picture = ramp(
        np.clip(brine, 0, 1),
        [(0, "#3d6f63"), (0.18, "#7a9c7c"), (0.34, "#c9c8a4"), (0.5, "#f3ede2"), (0.64, "#f1c9bd"),
         (0.8, "#d97f6f"), (1, "#9c4037")],
    )  # fmt: skip
    edge = second - first
    crust = smooth(0.022, 0.006, edge) * smooth(0.3, 0.65, noise(85, (70, 50), 4))
    picture = mix(picture, colour("#fffaf4"), crust * 0.8)
    streaks = noise(86, (9, 120), 4)
    picture = mix(picture, colour("#ffffff"), smooth(0.62, 0.95, streaks) * 0.22)
    dike = smooth(0.0075, 0.005, edge)
    picture = mix(picture, ramp(noise(87, (120, 90), 4), [(0, "#6d5a44"), (1, "#b79f7d")]), dike)
    picture = mix(picture, picture * 0.62, smooth(0.011, 0.0075, edge) * (1 - dike) * 0.8)
    centre = 0.62 + 0.06 * np.sin(across * 5) + 0.02 * np.sin(across * 17)
    creek = smooth(0.026, 0.021, np.abs(v - centre * 0.62 + 0.02))
    picture = mix(picture, ramp(noise(88, (30, 20), 5), [(0, "#2c5160"), (1, "#4d7a83")]), creek)
    bank = smooth(0.032, 0.027, np.abs(v - centre * 0.62 + 0.02)) * (1 - creek)
    picture = mix(picture, colour("#8d8a5c"), bank * 0.9)
    light = 0.92 + 0.16 * smooth(1.2, 0, across + down * 0.6)
    return finished(np.asarray(picture * light[..., None]), 89, 0.014)
