"""Pictures of what stands indoors."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from broadsheet.demo.drawings.canvas import (
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
    shine,
    smooth,
)


def stage() -> Image.Image:
    """Draw the stage of the Old Exchange before the lamp is lit."""
    across, down = grid()
    picture = ramp(down, [(0, "#0a0708"), (0.66, "#1b1110"), (0.67, "#2a1a12"), (1, "#120b08")])
    boards = np.abs((((across - 0.5) / np.clip(down - 0.45, 0.05, None)) * 9) % 1 - 0.5) < 0.03
    picture = mix(picture, colour("#070403"), boards * (down > 0.67) * 0.7)
    spread = 0.03 + 0.3 * np.clip(down - 0.02, 0, None)
    cone = np.exp(-(((across - 0.5) / spread) ** 2) * 1.6) * smooth(0.9, 0.1, down)
    dust = 0.75 + 0.5 * noise(141, (9, 9), 6)
    picture = shine(picture, colour("#ffcf87"), cone * dust * 0.55 * (down < 0.8))
    pool = np.exp(-(((across - 0.5) / 0.24) ** 2) - ((down - 0.77) / 0.075) ** 2)
    picture = shine(picture, colour("#ffc277"), pool * 1.5)

    def table(pen: ImageDraw.ImageDraw, k: float) -> None:
        def box(left: float, top: float, right: float, bottom: float) -> None:
            pen.rectangle((left * k, top * k, right * k, bottom * k), fill=255)

        box(690, 690, 910, 704)
        for leg in (704, 884):
            box(leg, 704, leg + 12, 830)
        for x, back in ((585, 585), (960, 1018)):
            box(x, 742, x + 68, 752)
            box(back, 622, back + 10, 752)
            for leg in (x, x + 58):
                box(leg, 752, leg + 10, 838)
            box(min(x, back), 640, max(x + 68, back + 10), 648)
        pen.polygon(
            [(775 * k, 690 * k), (783 * k, 640 * k), (817 * k, 640 * k), (825 * k, 690 * k)],
            fill=255,
        )
        pen.arc((784 * k, 606 * k, 816 * k, 650 * k), 180, 360, fill=255, width=round(4 * k))

    picture = mix(picture, colour("#080505"), mask(table))
    lamp = glow(across, down, (0.5, 0.622), 0.012)
    picture = shine(
        picture, colour("#ffe3ae"), lamp * 3 + glow(across, down, (0.5, 0.622), 0.09) * 0.8
    )
    folds = 0.5 + 0.5 * np.sin(across * 150 + 2 * np.sin(down * 5))
    curtain = ramp(folds, [(0, "#2a0507"), (1, "#8a1a1d")])
    edge = 0.17 - 0.05 * (1 - down) ** 2
    sides = np.maximum(
        smooth(edge + 0.004, edge - 0.004, across),
        smooth(1 - edge - 0.004, 1 - edge + 0.004, across),
    )
    picture = mix(picture, curtain * (0.45 + 0.55 * (1 - down))[..., None], sides)
    valance = smooth(0.002, -0.002, down - 0.1 - 0.02 * np.abs(np.sin(across * 22)))
    picture = mix(picture, curtain * 0.7, valance)

    def heads(pen: ImageDraw.ImageDraw, k: float) -> None:
        source = np.random.default_rng(142)
        for row, (y, size, count) in enumerate(((985, 30, 24), (1065, 42, 17))):
            for place in range(count):
                x = (place + 0.5 * (row % 2) + float(source.uniform(-0.2, 0.2))) * WIDTH / count
                top = y - size + float(source.uniform(-10, 8))
                pen.ellipse(
                    (
                        (x - size * 0.78) * k,
                        (top - size) * k,
                        (x + size * 0.78) * k,
                        (top + size) * k,
                    ),
                    fill=255,
                )
                pen.ellipse(
                    (
                        (x - size * 1.9) * k,
                        (top + size * 0.75) * k,
                        (x + size * 1.9) * k,
                        (top + size * 4) * k,
                    ),
                    fill=255,
                )

    audience = mask(heads)
    rim = np.clip(blurred(audience, 3) - np.roll(blurred(audience, 3), -5, axis=0), 0, 1)
    picture = mix(picture, colour("#060404"), audience)
    picture = shine(
        picture,
        colour("#ffb86a"),
        np.clip(-rim, 0, 1) + audience * smooth(0.02, 0.2, np.roll(1 - audience, 6, axis=0)) * 0.22,
    )
    return finished(picture, 143, 0.006)


def bottle_organ() -> Image.Image:
    """Draw the bottles of the organ before a window on the sea."""
    across, down = grid()
    picture = ramp(
        down,
        [(0, "#dfe9ea"), (0.46, "#c3d9dd"), (0.47, "#7fa9b4"), (0.72, "#5b8c9b"), (1, "#49737f")],
    )
    picture = mix(
        picture, colour("#ffffff"), smooth(0.55, 0.9, noise(151, (4, 10), 5)) * (down < 0.46) * 0.5
    )
    picture = mix(
        picture,
        colour("#dbe9ea"),
        smooth(0.66, 0.9, noise(152, (24, 120), 4)) * (down > 0.47) * 0.45,
    )
    source = np.random.default_rng(153)
    hues = ["#2f6b4a", "#4c8a5b", "#1e4f45", "#7fae8f", "#8a5a2a", "#3f7d7a", "#a9c9bd", "#5c3a1c"]
    shelf = 0.86
    x = 0.05
    while x < 0.95:
        tall = 0.62 - 0.4 * x + float(source.uniform(-0.05, 0.05))
        body = tall * float(source.uniform(0.14, 0.2)) + 0.012
        tone = np.asarray(colour(hues[int(source.integers(0, len(hues)))]))
        centre = x + body * 0.5
        up = (shelf - down) / tall
        outline = np.interp(
            np.clip(up, 0, 1),
            [0, 0.02, 0.55, 0.66, 0.74, 0.94, 0.945, 0.99, 1.0],
            [0.9, 1.0, 1.0, 0.72, 0.32, 0.27, 0.36, 0.36, 0.3],
        ) * body / 2  # fmt: skip
        aside = (across - centre) / outline
        inside = smooth(1.0, 0.965, np.abs(aside)) * (up > 0) * (up < 1)
        wall = smooth(0.55, 1.0, np.abs(aside))
        glass = np.asarray(picture * (0.34 + 0.66 * tone) * (1 - 0.5 * wall)[..., None])
        glass = mix(glass, tone * 0.45, wall * 0.75)
        level = 0.15 + 0.3 * float(source.random())
        glass = mix(glass, tone * 0.5, (up < level) * 0.35)
        picture = mix(picture, glass, inside * 0.96)
        streak = (
            np.exp(-(((aside + 0.55) / 0.1) ** 2)) * smooth(0.04, 0.1, up) * smooth(0.97, 0.6, up)
        )
        picture = shine(picture, (1, 1, 1), streak * inside * 0.85)
        label = (np.abs(aside) < 0.86) & (np.abs(up - 0.32) < 0.075)
        picture = mix(picture, colour("#efe6d2"), label * 0.88)
        lines = label & (np.abs(((up - 0.25) * 42) % 1 - 0.5) < 0.1) & (np.abs(aside) < 0.6)
        picture = mix(picture, colour("#6c6a66"), lines * 0.7)
        x += body + 0.014
    wood = ramp(noise(154, (3, 60), 6, 0.6), [(0, "#3f2a1c"), (1, "#8a6242")])
    picture = mix(picture, wood, smooth(-0.001, 0.001, down - shelf))
    picture = np.asarray(
        picture * (1 - 0.35 * np.exp(-(((down - shelf - 0.004) / 0.012) ** 2)))[..., None]
    )
    return finished(picture, 155, 0.005)
