"""Pictures of the sea and the harbour."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import (
    HEIGHT,
    WIDTH,
    Colour,
    Field,
    blurred,
    colour,
    finished,
    glow,
    grid,
    mask,
    mirrored,
    mix,
    noise,
    ramp,
    shine,
    smooth,
)  # fmt: skip


def storm_lighthouse() -> Image.Image:
    """Draw the light at Cape Orrin in a gale."""
    across, down = grid()
    picture = ramp(down, [(0, "#0b1420"), (0.4, "#1d3442"), (0.58, "#3d5a63"), (1, "#0c1a22")])
    clouds = noise(11, (5, 7), 6, 0.6)
    picture = mix(picture, colour("#6d8288"), smooth(0.5, 0.95, clouds) * (1 - down) * 0.75)
    lamp = (0.7, 0.232)
    run, rise = across - lamp[0], (down - lamp[1]) * HEIGHT / WIDTH
    angle = np.arctan2(rise, run)
    reach = np.hypot(run, rise)
    for towards, width, power in ((math.pi - 0.1, 0.055, 1.5), (-0.17, 0.06, 1.0)):
        off = np.abs((angle - towards + math.pi) % (2 * math.pi) - math.pi)
        beam = np.exp(-((off / width) ** 2)) * np.exp(-reach * 1.9) * (0.65 + 0.7 * clouds)
        picture = shine(picture, colour("#ffe9b0"), beam * power)
    horizon = 0.6
    swell = noise(12, (7, 34), 6, 0.62)
    depth = np.clip((down - horizon) / (1 - horizon), 0, 1)
    heave = np.sin((depth**0.55 * 34) + swell * 5.5 + across * 3)
    sea = ramp(heave * 0.5 + 0.5, [(0, "#081319"), (0.55, "#173039"), (1, "#45636a")])
    foam = smooth(0.66, 0.9, swell * 0.62 + heave * 0.26) * smooth(0.02, 0.35, depth)
    sea = mix(sea, colour("#dfe8e6"), foam * 0.75)
    sea = shine(
        sea, colour("#ffdf9a"), np.exp(-(((across - 0.45) / 0.22) ** 2)) * (1 - depth) * 0.3
    )
    picture = mix(picture, sea, smooth(horizon - 0.002, horizon + 0.004, down))
    rough = noise(13, (16, 12), 6, 0.6)
    crest = 0.5 + 0.42 * np.abs(across - 0.74) ** 1.35 + 0.05 * (rough - 0.5)
    land = smooth(0.0, 0.006, down - crest) * smooth(0.43, 0.48, across + 0.12 * (rough - 0.5))
    rock = ramp(rough, [(0, "#05090c"), (0.6, "#101a1e"), (1, "#2c3a3c")])
    picture = mix(picture, rock, land)
    spray_edge = np.exp(-(((across - 0.455 - 0.1 * (down - 0.75)) / 0.05) ** 2))
    spray = spray_edge * smooth(0.45, 0.8, noise(14, (22, 22), 6, 0.66)) * smooth(0.58, 0.72, down)
    picture = mix(picture, colour("#e6eeec"), blurred(spray, 2) * 0.85)

    def tower(pen: ImageDraw.ImageDraw, k: float) -> None:
        x, width, height = 0.7 * WIDTH * k, WIDTH * k, HEIGHT * k
        pen.polygon(
            [(x - 0.021 * width, 0.535 * height), (x - 0.0125 * width, 0.262 * height),
             (x + 0.0125 * width, 0.262 * height), (x + 0.021 * width, 0.535 * height)],
            fill=255,
        )  # fmt: skip
        pen.rectangle(
            (x - 0.017 * width, 0.254 * height, x + 0.017 * width, 0.264 * height), fill=255
        )
        pen.polygon(
            [(x - 0.011 * width, 0.214 * height), (x, 0.19 * height),
             (x + 0.011 * width, 0.214 * height)],
            fill=255,
        )  # fmt: skip
        for bar in (-0.0095, 0, 0.0095):
            pen.line(
                (x + bar * width, 0.21 * height, x + bar * width, 0.256 * height),
                fill=255, width=round(2 * k),
            )  # fmt: skip

    shade = np.clip(1 - np.abs(across - 0.694) / 0.022, 0, 1)
    stone = ramp(shade, [(0, "#2b3134"), (1, "#b9b4a6")])
    bands = (np.floor((down - 0.262) / 0.0546).astype(int) % 2 == 1) & (down > 0.264)
    stone = mix(stone, ramp(shade, [(0, "#2a1211"), (1, "#8a332b")]), bands.astype(float))
    picture = mix(picture, stone, mask(tower))
    picture = shine(picture, colour("#fff0c4"), glow(across, down, lamp, 0.012) * 4)
    picture = shine(picture, colour("#ffd98a"), glow(across, down, lamp, 0.075) * 0.9)
    rain = smooth(0.8, 1.0, noise(15, (420, 16), 2)) * 0.09
    return finished(mix(picture, colour("#c9d6d8"), rain), 16)


def _skyline(pen: ImageDraw.ImageDraw, k: float, seed: int, base: float) -> None:
    source = np.random.default_rng(seed)
    x = -20.0
    while x < WIDTH:
        wide = float(source.uniform(26, 70))
        middle = math.exp(-(((x / WIDTH) - 0.42) ** 2) / 0.05)
        high = float(source.uniform(28, 80)) + 110 * middle * float(source.uniform(0.4, 1))
        top = base - high
        pen.rectangle((x * k, top * k, (x + wide) * k, base * k), fill=255)
        roof = source.random()
        if roof < 0.4:
            pen.polygon(
                [(x * k, top * k), ((x + wide / 2) * k, (top - wide * 0.42) * k),
                 ((x + wide) * k, top * k)],
                fill=255,
            )  # fmt: skip
        elif roof < 0.55:
            spire = x + wide / 2
            pen.polygon(
                [
                    ((spire - 9) * k, top * k),
                    (spire * k, (top - 95) * k),
                    ((spire + 9) * k, top * k),
                ],
                fill=255,
            )
        x += wide + float(source.uniform(-4, 5))


def _windows(seed: int, base: float, buildings: Field, count: int) -> Field:
    source = np.random.default_rng(seed)
    lit = np.zeros((HEIGHT, WIDTH))
    for _ in range(count):
        x = int(source.integers(0, WIDTH - 4))
        y = int(base - source.uniform(4, 165))
        if buildings[y, x] > 0.9 and buildings[max(y - 8, 0), x] > 0.9:
            lit[y : y + 4, x : x + 3] = source.uniform(0.4, 1)
    return lit


def _crane(pen: ImageDraw.ImageDraw, k: float, x: float, base: float, size: float) -> None:
    """A gantry crane for containers, its boom to the right."""

    def line(points: list[tuple[float, float]], width: float) -> None:
        scaled = [((x + px * size) * k, (base - py * size) * k) for px, py in points]
        pen.line(scaled, fill=255, width=max(1, round(width * size * k)), joint="curve")

    for leg in (0.0, 0.34):
        line([(leg, 0), (leg, 0.78)], 0.035)
    line([(0, 0.3), (0.34, 0.3)], 0.025)
    line([(0, 0.3), (0.34, 0.62)], 0.016)
    line([(-0.42, 0.66), (1.1, 0.66)], 0.038)
    line([(0.0, 0.78), (0.17, 1.12), (0.34, 0.78)], 0.028)
    line([(0.17, 1.12), (1.06, 0.67)], 0.014)
    line([(0.17, 1.12), (0.66, 0.67)], 0.014)
    line([(0.17, 1.12), (-0.4, 0.67)], 0.014)
    line([(0.72, 0.66), (0.72, 0.36)], 0.01)
    line([(0.64, 0.36), (0.8, 0.36)], 0.03)
    line([(-0.38, 0.73), (-0.2, 0.73)], 0.08)


def harbour_dusk() -> Image.Image:
    """Draw Port Averin from the water, after sunset."""
    across, down = grid()
    horizon = round(0.6 * HEIGHT)
    sky = [(0, "#15233f"), (0.22, "#3b4a6e"), (0.4, "#9a6d7b"), (0.52, "#e09a6f"), (0.6, "#f6c98a")]
    picture = ramp(down, sky)
    clouds = noise(21, (4, 16), 6, 0.58)
    picture = mix(
        picture, ramp(down, [(0, "#26304c"), (0.35, "#6d4d62"), (0.6, "#c97a5c")]),
        smooth(0.5, 0.8, clouds) * 0.8,
    )  # fmt: skip
    picture = shine(picture, colour("#ffd28a"), glow(across, down, (0.3, 0.6), 0.24) * 0.8)
    hills = 0.545 - 0.06 * noise(22, (4, 2), 5)[300][None, :] * np.ones_like(down)
    picture = mix(picture, colour("#6f5a6d"), smooth(0, 0.004, down - hills) * 0.85)
    back = mask(lambda pen, k: _skyline(pen, k, 23, horizon - 8))
    picture = mix(picture, colour("#4a3f56"), back)
    front = mask(lambda pen, k: _skyline(pen, k, 29, horizon))

    def cranes(pen: ImageDraw.ImageDraw, k: float) -> None:
        for x, size in ((1150, 190), (1262, 205), (1390, 215), (1500, 200)):
            _crane(pen, k, x, horizon, size)

    lights = _windows(24, horizon, front, 1500)
    picture = mix(picture, colour("#1b1c2e"), np.maximum(front, mask(cranes)))
    picture = mix(picture, colour("#ffd98c"), lights)
    picture = shine(picture, colour("#ffb65c"), blurred(lights, 5) * 2.4)
    picture[horizon - 3 : horizon] *= 0.5
    picture = mirrored(picture, horizon, 25)
    water = smooth(0.6, 1.0, down)
    picture = np.asarray(picture * (1 - (0.16 + 0.5 * water) * (down > 0.6))[..., None])
    shimmer = smooth(0.72, 0.95, noise(26, (30, 150), 3)) * (down > 0.605) * (1 - water)
    return finished(shine(picture, colour("#f6c98a"), shimmer * 0.25), 27)


def container_cranes() -> Image.Image:
    """Draw the southern terminal against the setting sun."""
    across, down = grid()
    horizon = round(0.74 * HEIGHT)
    picture = ramp(down, [(0, "#7d3b3a"), (0.3, "#c8583a"), (0.55, "#ef9447"), (0.74, "#fbd07a")])
    haze = noise(31, (3, 20), 5)
    picture = mix(picture, colour("#8e4a43"), smooth(0.55, 0.9, haze) * 0.55)
    picture = shine(picture, colour("#fff0b8"), glow(across, down, (0.33, 0.6), 0.2) * 0.9)
    picture = mix(
        picture, colour("#fff6d2"),
        smooth(0.062, 0.058, np.hypot(across - 0.33, (down - 0.6) * HEIGHT / WIDTH)),
    )  # fmt: skip

    def far(pen: ImageDraw.ImageDraw, k: float) -> None:
        for x in (40, 150, 620, 730):
            _crane(pen, k, x, horizon, 180)
        pen.rectangle((0, (horizon - 22) * k, WIDTH * k, horizon * k), fill=255)

    picture = mix(picture, colour("#a4553f"), mask(far) * 0.8)

    def near(pen: ImageDraw.ImageDraw, k: float) -> None:
        for x, size in ((850, 470), (1075, 500), (1330, 520)):
            _crane(pen, k, x, horizon, size)

    picture = mix(picture, colour("#2a1719"), mask(near))
    source = np.random.default_rng(33)
    hues = ["#5b2420", "#3c2a31", "#7a3a24", "#2d2630", "#8d4f2c", "#47222a"]
    for column in range(17):
        for row in range(int(source.integers(3, 7))):
            left, bottom = 470 + column * 47, horizon - 62 - row * 21
            tone = np.asarray(colour(hues[int(source.integers(0, len(hues)))]))
            picture[bottom - 20 : bottom, left : left + 45] = tone
            picture[bottom - 20 : bottom - 18, left : left + 45] = tone * 1.35

    def hull(pen: ImageDraw.ImageDraw, k: float) -> None:
        deck, water = (horizon - 62) * k, (horizon + 2) * k
        pen.polygon(
            [(380 * k, deck), (1330 * k, deck), (1300 * k, water), (430 * k, water)], fill=255
        )
        pen.polygon(
            [(360 * k, deck - 26 * k), (470 * k, deck - 26 * k), (470 * k, deck), (380 * k, deck)],
            fill=255,
        )
        pen.rectangle((1275 * k, deck - 150 * k, 1318 * k, deck), fill=255)
        pen.rectangle((1262 * k, deck - 168 * k, 1330 * k, deck - 146 * k), fill=255)
        pen.line((1296 * k, deck - 168 * k, 1296 * k, deck - 215 * k), fill=255, width=round(4 * k))

    picture = mix(picture, colour("#1c1013"), mask(hull))
    picture = mirrored(picture, horizon, 34, 10)
    return finished(np.asarray(picture * (1 - 0.3 * (down > 0.74))[..., None]), 35)


def _boat(
    x: float, water: float, size: float, lean: float
) -> tuple[list[list[tuple[float, float]]], ...]:
    """Return hull, mainsail, foresail of a boat, as polygons; sizes in pixels."""

    def at(across: float, up: float) -> tuple[float, float]:
        return x + (across + up * lean) * size, water - up * size

    def curve(
        start: tuple[float, float], end: tuple[float, float], belly: float
    ) -> list[tuple[float, float]]:
        points = []
        for step in range(21):
            share = step / 20
            bulge = belly * math.sin(math.pi * share)
            points.append(
                at(start[0] + (end[0] - start[0]) * share + bulge,
                   start[1] + (end[1] - start[1]) * share)
            )  # fmt: skip
        return points

    hull = [at(-0.3, 0.07), at(0.4, 0.09), at(0.3, -0.015), at(-0.24, -0.015)]
    main = [*curve((-0.01, 1.18), (-0.01, 0.105), 0.0), *curve((-0.34, 0.12), (-0.01, 1.18), -0.07)]
    jib = [*curve((0.02, 1.0), (0.37, 0.1), 0.05), *curve((0.03, 0.12), (0.02, 1.0), 0.06)]
    return [hull], [main], [jib]


def regatta() -> Image.Image:
    """Draw the yachts that escort the regatta."""
    across, down = grid()
    horizon = 0.4
    picture = ramp(down, [(0, "#2f78b7"), (0.25, "#7db4dc"), (horizon, "#d7e8ee"), (1, "#d7e8ee")])
    clouds = smooth(0.52, 0.78, noise(41, (6, 9), 6, 0.6)) * smooth(0.02, 0.3, down)
    picture = mix(picture, colour("#ffffff"), clouds * 0.9)
    picture = mix(picture, colour("#b9c9d6"), blurred(clouds, 6) * smooth(0.2, 0.4, down) * 0.3)
    coast = 0.385 - 0.05 * noise(42, (5, 2), 5)[100][None, :] * smooth(0.35, 1, across)
    picture = mix(
        picture, colour("#7d9aa8"), smooth(0, 0.002, down - coast) * smooth(0.3, 0.45, across)
    )
    depth = np.clip((down - horizon) / (1 - horizon), 0, 1)
    swell = noise(43, (26, 110), 5, 0.6)
    waves = np.sin(depth**0.5 * 120 + swell * 7) * 0.5 + 0.5
    sea = ramp(depth, [(0, "#5f9fc0"), (0.15, "#2f7fae"), (0.6, "#16598c"), (1, "#0e3f6b")])
    sea = mix(sea, colour("#8fc3dc"), waves * 0.26 * (1 - 0.45 * depth))
    sparkle = smooth(0.83, 0.97, swell) * smooth(0.0, 0.1, depth)
    sea = mix(sea, colour("#ffffff"), sparkle * 0.75)
    picture = mix(picture, sea, smooth(horizon - 0.001, horizon + 0.002, down))
    fleet = [
        (130, 0.415, 46, 0.1, "#ffffff"), (300, 0.42, 52, 0.12, "#f4efe2"),
        (520, 0.42, 44, 0.1, "#ffffff"), (760, 0.425, 58, 0.14, "#e9dcc2"),
        (1010, 0.42, 48, 0.1, "#ffffff"), (1240, 0.43, 66, 0.13, "#f6f2ea"),
        (1490, 0.425, 54, 0.12, "#ffffff"), (420, 0.5, 130, 0.14, "#c9462f"),
        (900, 0.485, 112, 0.13, "#fdfbf5"), (1370, 0.53, 170, 0.15, "#e0a53a"),
        (205, 0.62, 250, 0.16, "#fbf8f0"), (1060, 0.72, 360, 0.17, "#fdfaf3"),
        (640, 0.86, 520, 0.17, "#c23f2b"),
    ]  # fmt: skip
    for x, water, size, lean, cloth in fleet:
        picture = _with_boat(picture, (x, water * HEIGHT, size, lean), colour(cloth))
    return finished(picture, 44, 0.008)


def _with_boat(picture: Field, boat: tuple[float, float, float, float], cloth: Colour) -> Field:
    x, water, size, lean = boat
    across, down = grid()
    hull, main, jib = _boat(x, water, size, lean)

    def filled(shapes: list[list[tuple[float, float]]]) -> Field:
        def paint(pen: ImageDraw.ImageDraw, k: float) -> None:
            for shape in shapes:
                pen.polygon([(px * k, py * k) for px, py in shape], fill=255)

        return mask(paint)

    mirror = [
        [(px - 0.15 * (py - water), 2 * water - py * 1.0) for px, py in s] for s in (*main, *jib)
    ]
    wobble = smooth(0.35, 0.6, noise(round(x) + 45, (20, 160), 3))
    picture = mix(picture, cloth, blurred(filled(mirror), 3) * wobble * 0.3)
    place = (across * WIDTH - x) / size
    for shapes, darker in ((main, 0.0), (jib, 0.12)):
        light = np.clip(0.82 - 0.5 * place - darker, 0.5, 1.0)
        picture = mix(picture, np.asarray(cloth) * light[..., None], filled(shapes))
    seams = filled(main) * (np.abs(((water - down * HEIGHT) / size * 7) % 1 - 0.5) < 0.018)
    picture = mix(picture, colour("#6b6558"), seams * 0.25)
    picture = mix(picture, colour("#14202c"), filled(hull))
    foam = np.exp(-(((place - 0.05) / 0.42) ** 4) - ((down * HEIGHT - water) / (0.022 * size)) ** 2)
    return mix(picture, colour("#ffffff"), foam * 0.75)


def wind_farm() -> Image.Image:
    """Draw turbines on the Orrin Bank at sunrise."""
    across, down = grid()
    horizon = round(0.7 * HEIGHT)
    picture = ramp(
        down,
        [(0, "#7397bd"), (0.3, "#b9b9cf"), (0.52, "#f0bfa9"), (0.66, "#fbdc9a"), (0.7, "#fdeab5")],
    )
    clouds = smooth(0.5, 0.85, noise(51, (3, 22), 6, 0.56))
    picture = mix(picture, colour("#d99a9c"), clouds * 0.55 * smooth(0.05, 0.5, down))
    picture = shine(picture, colour("#fff1b5"), glow(across, down, (0.62, 0.68), 0.16) * 1.1)

    def turbines(pen: ImageDraw.ImageDraw, k: float) -> None:
        source = np.random.default_rng(52)
        for place in range(11):
            share = place / 10
            size = 56 + 480 * share**1.9
            x, base = 1490 - 1330 * share**0.92, horizon + 2 + 30 * share**2
            hub = (x * k, (base - size) * k)
            foot = max(1.6, size * 0.016)
            pen.polygon(
                [((x - foot) * k, base * k), ((x + foot) * k, base * k),
                 ((x + foot * 0.5) * k, hub[1]), ((x - foot * 0.5) * k, hub[1])],
                fill=255,
            )  # fmt: skip
            turn = float(source.uniform(0, 2))
            for blade in range(3):
                angle = turn + blade * 2 * math.pi / 3
                tip = (
                    hub[0] + math.cos(angle) * size * 0.6 * k,
                    hub[1] + math.sin(angle) * size * 0.6 * k,
                )
                side = (math.sin(angle) * foot * 0.95 * k, -math.cos(angle) * foot * 0.95 * k)
                near = (hub[0] + (tip[0] - hub[0]) * 0.2, hub[1] + (tip[1] - hub[1]) * 0.2)
                pen.polygon([hub, (near[0] + side[0], near[1] + side[1]), tip], fill=255)
            disc = foot * 1.3 * k
            pen.ellipse((hub[0] - disc, hub[1] - disc, hub[0] + disc, hub[1] + disc), fill=255)

    shapes = mask(turbines)
    picture = mix(
        picture, ramp(across, [(0, "#f7f5f2"), (0.5, "#6d6f86"), (1, "#8d8396")]), shapes * 0.96
    )
    standing = picture.copy()
    picture = mirrored(picture, horizon, 53, 12)
    sea = smooth(0.7, 1, down)
    picture = mix(picture, colour("#3c5c7f"), (0.12 + 0.5 * sea) * (down > 0.7))
    path = np.exp(-(((across - 0.62) / (0.03 + 0.12 * sea)) ** 2)) * smooth(
        0.45, 0.7, noise(54, (30, 160), 3)
    )
    picture = shine(picture, colour("#ffe7a0"), path * (down > 0.702) * 0.9)
    feet = shapes * (down >= 0.7)
    picture = mix(picture, standing, feet)
    return finished(picture, 55, 0.008)
