"""Maps of the sea and of its bed."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import (
    HEIGHT,
    WIDTH,
    Field,
    colour,
    grid,
    mix,
    noise,
    ramp,
    smooth,
)
from broadsheet.demo.drawings.lettering import INK, font, lettered, spaced


def _as_image(picture: Field) -> Image.Image:
    return Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8), "RGB")


def sonar_relief() -> Image.Image:
    """Draw the drowned valley from the soundings."""
    across, down = grid()
    rough = noise(121, (7, 5), 6, 0.55)
    ground = -38 - 22 * across - 10 * down + 26 * (rough - 0.5)
    course = (
        0.24
        + 0.42 * across
        + 0.125 * np.sin(across * 21 + 0.4) * smooth(0.0, 0.18, across) * smooth(1.0, 0.72, across)
    )
    slope = np.gradient(course[0]) * WIDTH
    aside = (down - course) * HEIGHT / WIDTH / np.sqrt(1 + (slope * HEIGHT / WIDTH) ** 2)[None, :]
    width = 0.02 + 0.01 * across
    carve = np.exp(-((aside / width) ** 4)) * 25 + np.exp(-((aside / (width * 3.2)) ** 2)) * 12
    delta = smooth(0.74, 0.95, across)
    for turn in (-0.55, 0.5):
        arm = course + turn * np.clip(across - 0.76, 0, None)
        off = (down - arm) * HEIGHT / WIDTH
        carve = np.maximum(carve, np.exp(-((off / (width * 0.7)) ** 4)) * 22 * delta)
    for place in (0.34, 0.58):
        middle = float(np.interp(place, across[0], course[0]))
        carve = carve * (
            1 - 0.85 * np.exp(-(((across - place) / 0.016) ** 2) - ((down - middle) / 0.012) ** 2)
        )
    depth = ground - carve + 1.6 * (noise(122, (50, 36), 3, 0.5) - 0.5)
    north, east = np.gradient(depth * 6)
    light = (-east * 0.7 - north * 0.7 + 2.4) / np.sqrt(east**2 + north**2 + 5.8)
    picture = ramp(
        depth,
        [(-105, "#0b1d4a"), (-88, "#153f7d"), (-74, "#1f6fa0"), (-62, "#37a3a7"), (-50, "#8fcf9b"),
         (-40, "#e3e2a0"), (-28, "#e9b872")],
    )  # fmt: skip
    picture = np.asarray(picture * (0.42 + 0.72 * np.clip(light, 0, 1.1))[..., None])
    contour = np.abs(((depth / 10) % 1) - 0.5) > 0.485
    picture = mix(picture, colour("#0a1a30"), contour * 0.16)
    sheet = _as_image(picture)
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((67, 967, 473, 985), fill="#13233d")
    pen.rectangle((70, 970, 470, 982), fill="#ffffff")
    pen.rectangle((270, 970, 470, 982), fill="#13233d")
    for x, text in ((70, "0"), (270, "5"), (470, "10 km")):
        pen.text(
            (x, 946), text, font=font(32), fill="#ffffff", anchor="mm",
            stroke_width=4, stroke_fill="#13233d",
        )  # fmt: skip
    pen.polygon([(1510, 70), (1532, 140), (1510, 124), (1488, 140)], fill="#ffffff")
    pen.text((1510, 168), "N", font=font(34), fill="#ffffff", anchor="mm")
    return sheet


def coast_map() -> Image.Image:
    """Draw the Sallow Sea and the three countries around it."""
    across, down = grid()
    rough = noise(131, (6, 4), 8, 0.57) - 0.5
    sea = np.hypot((across - 0.56) / 0.36, (down - 0.5) / 0.36) - 1
    strait = np.hypot((across - 1.0) / 0.3, (down - 0.28) / 0.16) - 1
    bay = np.hypot((across - 0.42) / 0.17, (down - 0.84) / 0.16) - 1
    height = np.minimum(np.minimum(sea, strait), bay) + 0.62 * rough
    for x, y, size in (
        (0.58, 0.24, 0.022),
        (0.62, 0.21, 0.03),
        (0.655, 0.235, 0.018),
        (0.64, 0.17, 0.013),
    ):
        isle = 1 - np.hypot(across - x, (down - y) * 0.67) / size
        height = np.maximum(height, isle * 0.3 + 0.18 * rough)
    land = smooth(-0.004, 0.004, height)
    soft = np.clip(-height, 0, 1)
    water = ramp(soft, [(0, "#cfe3e6"), (0.12, "#b3d3da"), (0.4, "#8fbccb"), (1, "#6ea3b8")])
    rings = sum(np.exp(-(((soft - at) / 0.0045) ** 2)) for at in (0.03, 0.07, 0.12, 0.18))
    water = mix(water, colour("#5e93a8"), np.asarray(rings) * 0.5)
    peaks = noise(132, (9, 7), 8, 0.58)
    tall = smooth(0.25, 1.1, height) * peaks
    north, east = np.gradient(tall * 70)
    shade = np.clip(0.86 + 0.55 * (-east - north), 0.45, 1.2)
    ground = ramp(
        tall,
        [(0, "#efe6cf"), (0.25, "#dfd2ad"), (0.5, "#c4ad82"), (0.8, "#9f8566"), (1, "#f4efe8")],
    )
    picture = mix(water, np.asarray(ground * shade[..., None]), land)
    picture = mix(picture, colour("#4b5a5e"), np.exp(-((height / 0.007) ** 2)) * 0.85)
    lines = np.minimum(
        np.abs(down - 0.66 + 0.16 * across - 0.014 * np.sin(across * 30)) + (across > 0.5),
        np.abs(across - 0.8 - 0.012 * np.sin(down * 40) - 0.3 * (down - 0.9)) + (down < 0.5),
    )
    dash = np.sin((across + (across > 0.5) * down * 0.7) * 320) > -0.4
    picture = mix(picture, colour("#8a3b30"), smooth(0.0045, 0.0025, lines) * dash * land)
    sheet = _as_image(picture)
    pen = ImageDraw.Draw(sheet)
    spaced(pen, (190, 320), "ARDMERE", 46, fill="#5b4a35", gap=16)
    spaced(pen, (190, 800), "LINDMARK", 46, fill="#5b4a35", gap=14)
    spaced(pen, (1440, 930), "NILRUD", 44, fill="#5b4a35", gap=18)
    for row, text in enumerate(("Sallow", "Sea")):
        spaced(pen, (925, 560 + 62 * row), text, 50, fill="#2f6275", gap=10)
    pen.text((1052, 150), "Gull Isles", font=font(30), fill=INK)
    pen.text((60, 150), "Korrin Highlands", font=font(28), fill="#6b5940")
    coast = height > 0
    towns = [
        (400, "Port Averin", True, True), (225, "Cape Orrin", False, True),
        (640, "Bandar Mahtab", True, False), (900, "Altenbrück", True, True),
    ]  # fmt: skip
    for y, name, capital, western in towns:
        # On the shore, wherever the noise has put it.
        wet = np.flatnonzero(~coast[y])
        x = int(wet[0] if western else wet[-1]) + (-6 if western else 6)
        radius = 10 if capital else 7
        pen.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=INK, outline="#ffffff", width=3
        )
        lettered(pen, (x + 20, y) if western else (x - 20, y), name, 34 if capital else 28, western)
    pen.line((900, 1006, 1100, 1006), fill=INK, width=4)
    pen.text((1000, 980), "100 kilometres", font=font(26), fill=INK, anchor="mm")
    return sheet
